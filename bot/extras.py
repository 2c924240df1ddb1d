"""The parts of an answer that code adds from the library and the catalogues: questions, when to call, links, services."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation import Contact, Guideline, Language, Service
from knowledge.articles import Article, read_article
from knowledge.errors import ArticleError

if TYPE_CHECKING:
    from knowledge.catalog_models import ContactLine
    from knowledge.search import Hit
    from policies.verdict import Urgency

MIN_QUESTIONS, MAX_QUESTIONS = 5, 7
MAX_GUIDELINES, MAX_SERVICES, MAX_FOLLOWUPS = 3, 3, 3
# Questions that fit any cancer talk, for when the articles at hand give too few.
GENERAL_QUESTIONS: dict[Language, tuple[str, ...]] = {
    "en": (
        "What are my options, and what is the goal of each one?",
        "What are the benefits and risks of each option?",
        "How will this affect my daily life?",
        "Which signs should make me call you right away?",
        "Is there a clinical trial that I could look at?",
    ),
    "es": (
        "¿Qué opciones tengo y cuál es la meta de cada una?",
        "¿Cuáles son los beneficios y los riesgos de cada opción?",
        "¿Cómo afectará mi vida diaria?",
        "¿Con qué señales debo llamarlos de inmediato?",
        "¿Hay un ensayo clínico que podría considerar?",
    ),
}


# Whom to call first when it is the team that must know; the number is the person's own.
CARE_TEAM: dict[Language, Contact] = {
    "en": Contact(name="Your care team's 24-hour line", phone="", text="the number on your treatment card or papers"),
    "es": Contact(name="La línea de 24 horas de su equipo médico", phone="", text="el número de su tarjeta o papeles de tratamiento"),
}


@dataclass(frozen=True)
class Extras:
    """Everything beside the text itself."""

    questions: tuple[str, ...] = ()
    when_to_call: str | None = None
    guidelines: tuple[Guideline, ...] = ()
    services: tuple[Service, ...] = ()
    followups: tuple[str, ...] = ()


class Shelf:
    """Library articles by id, read when they are needed."""

    def __init__(self, path_of: Callable[[str], str | None]) -> None:
        self._path_of = path_of
        self._read = lru_cache(maxsize=256)(self._article)

    def article(self, doc_id: str) -> Article | None:
        """The article, or None for a document that is not one (an operator's)."""
        path = self._path_of(doc_id)
        return self._read(path) if path else None

    @staticmethod
    def _article(path: str) -> Article | None:
        try:
            return read_article(Path(path))
        except ArticleError:
            return None


class ExtrasBuilder:
    """Builds the extras of an answer for one country."""

    def __init__(self, shelf: Shelf, country: str) -> None:
        self._shelf, self._country = shelf, country

    def build(self, question: str, doc_ids: Sequence[str], hits: Sequence[Hit], shown: frozenset[str], language: Language) -> Extras:
        """doc_ids: articles the answer rests on, the main one first. shown: headings already answered."""
        from knowledge import catalogs

        articles = [a for a in (self._shelf.article(d) for d in doc_ids[:3]) if a]
        named = catalogs.cancers_in(question)
        cancers = frozenset(named) or frozenset(c for a in articles[:2] for c in a.front.cancers)
        return Extras(
            questions=_questions(articles, language),
            when_to_call=_when_to_call(articles),
            guidelines=self.guidelines(articles, cancers),
            services=self.services(cancers, topics_in(question), language),
            followups=_followups(hits, shown),
        )

    def guidelines(self, articles: Sequence[Article], cancers: frozenset[str]) -> tuple[Guideline, ...]:
        """Books of the articles, those on a named cancer first."""
        from knowledge import catalogs

        ids = [i for a in articles[:2] if isinstance(a.front.guidelines, list) for i in a.front.guidelines]
        books = catalogs.guidelines_for(list(dict.fromkeys(ids)))
        if not books and cancers:
            books = catalogs.guidelines_for_cancers(cancers)
        family = {relative for word in cancers for relative in catalogs.cancer_family(word)}
        books = sorted(books, key=lambda b: not (family & set(b.cancers)))
        return tuple(Guideline(title=b.full_title, year=b.year, url=str(b.url)) for b in books[:MAX_GUIDELINES])

    def services(self, cancers: frozenset[str], topics: frozenset[str], language: Language = "en") -> tuple[Service, ...]:
        """Services for the cancers and needs named."""
        from knowledge import catalogs

        found = catalogs.services_for(cancers, topics, self._country, MAX_SERVICES)
        return tuple(Service(name=s.name, url=str(s.url), why=(s.why_es if language == "es" else None) or s.why, phone=s.phone) for s in found)

    def contacts(self, urgency: Urgency | None, language: Language) -> tuple[Contact, ...]:
        """Who to call for an urgency, in the order in which to call."""
        from knowledge import catalogs

        found = catalogs.contacts_for(self._country)
        lines: list[ContactLine] = []
        if urgency == "crisis":
            lines += found.crisis
        elif urgency == "poisoning":
            lines += found.poison
        lines += [found.emergency] if urgency else found.cancer[:1]
        named = tuple(Contact(name=name, phone=phone, text=how) for name, phone, how in (line.named(language) for line in lines))
        return (CARE_TEAM[language], *named) if urgency == "team_now" else named


# What a question needs help with, in the services catalogue's words.
_TOPICS = {
    "cost": r"\bpay\b|\bcosts?\b|\bafford|\bmoney\b|\bbills?\b|\bexpens|\bpagar\b|\bdinero\b|\bcopay",
    "insurance": r"\binsur|\bdenied\b|\bappeal|\bseguro\b|\bmedicare\b|\bmedicaid\b|\bcover(?:ed|age)\b",
    "work": r"\bwork\b|\bjob\b|\bemploy|\btrabajo\b",
    "trial": r"\btrials?\b|\bensayos?\b",
    "second-opinion": r"\bsecond opinion|\bsegunda opini",
    "lodging": r"\blodging\b|\bstay near\b|\bhotel|\bplace to stay",
    "transport": r"\brides?\b|\btransport|\bget to (?:chemo|treatment|radiation)",
    "fertility": r"\bfertil|\bhave (?:children|kids|a baby)\b|\bpregnan",
    "young-adult": r"\bteen|\byoung adult",
    "children": r"\bmy (?:kids|children|child)\b|\btell(?:ing)? (?:my|the|our) (?:kids|children)",
    "genetics": r"\bbrca|\bgenetic|\binherit|\blynch\b",
    "caregiver": r"\bcaregiv|\btaking care of\b|\bcaring for\b|\bcuidador",
    "distress": r"\bscared\b|\bafraid\b|\banxi|\bdepress|\bcry\b|\blonely\b|\balone\b|\bburden\b|\bscanxiety|\bmiedo\b|\boverwhelm",
    "bereavement": r"\bgrie[fv]|\bpassed away\b|\bdied\b",
    "smoking": r"\bsmok|\btobacco\b|\bfumar\b",
    "screening": r"\bscreening\b|\bmammogram|\bcolonoscop",
}


def topics_in(question: str) -> frozenset[str]:
    """Kinds of help that a question touches."""
    return frozenset(topic for topic, pattern in _TOPICS.items() if re.search(pattern, question, re.IGNORECASE))


def _questions(articles: Sequence[Article], language: Language) -> tuple[str, ...]:
    """Take turns between the articles, so that both halves of a compound question are served."""
    own = [a for a in articles if a.language == language][:2]
    rows = [q for group in zip(*(a.questions for a in own), strict=False) for q in group] if own else []
    rows += [q for a in own for q in a.questions]
    found = list(dict.fromkeys(rows))[:MAX_QUESTIONS]
    if len(found) < MIN_QUESTIONS:
        found += [q for q in GENERAL_QUESTIONS[language] if q not in found][: MIN_QUESTIONS - len(found)]
    return tuple(found)


def _when_to_call(articles: Sequence[Article]) -> str | None:
    for article in articles[:1]:
        lines = dict.fromkeys(s.text for s in article.when_to_call)
        return "\n".join(f"- {text}" for text in lines) or None
    return None


def _followups(hits: Sequence[Hit], shown: frozenset[str]) -> tuple[str, ...]:
    """Headings found but not shown, which the library surely answers."""
    headings = (h.passage.section.rsplit(" > ", 1)[-1] for h in hits if h.passage.kind == "section")
    return tuple(dict.fromkeys(h for h in headings if h.endswith("?") and h not in shown))[:MAX_FOLLOWUPS]
