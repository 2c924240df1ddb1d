"""The desk where Answers are put together: every required part in every state, wording from policies/replies."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from bot.compose import Composed
from bot.conversation import Action, Answer, BottomLine, Citation, Language, PolicyHit, RecordsUpload, Section, Status
from bot.errors import BotError
from bot.extras import Extras, ExtrasBuilder
from bot.markdown import sections_of, whole_answer
from bot.retrieval import Retrieved
from bot.settings import EXTRACTIVE, Settings

if TYPE_CHECKING:
    from policies.verdict import Screening, Verdict
    from policies.wording import Wording

log = logging.getLogger(__name__)

# Answers calls from abroad too; for countries whose catalogue entry has no cancer line.
NCI_LINE = "1-800-4-CANCER"
# Unknown names that a reply repeats; shorter known names are not offered instead.
MOST_NAMED, FEWEST_LETTERS = 2, 4
_STATUS_OF: dict[str, Status] = {"s": "standard", "e": "standard", "p": "promising", "n": "not_recommended"}


@dataclass(frozen=True)
class Draft:
    """All that an answer is assembled from."""

    screening: Screening
    found: Retrieved
    composed: Composed | None
    lead: str
    timings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Background:
    """Safe general words beside a refusal, with their source."""

    text: str
    citation: Citation


class AnswerDesk:
    """Assembles Answers for one site: its wording, country, upload address, library version."""

    def __init__(
        self, settings: Settings, extras: ExtrasBuilder, wording: Callable[[str], Wording], check: Callable[[dict[str, Any]], Verdict],
        library_version: Callable[[], str], on_gap: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._on_gap = on_gap
        self._settings, self._extras, self._wording, self._check, self._library_version = settings, extras, wording, check, library_version

    # -- wording

    def words(self, language: str, key: str) -> str:
        """A fixed text with this site's numbers and names in it."""
        from knowledge import catalogs

        lines = catalogs.contacts_for(self._settings.country)
        return self._wording(language).get(
            key, emergency_number=lines.emergency.phone, crisis_line=lines.crisis[0].phone, poison_line=lines.poison[0].phone,
            cancer_line=lines.cancer[0].phone if lines.cancer else NCI_LINE, upload_url=self._settings.upload_url, site_name=self._settings.site_name,
        )  # fmt: skip

    def lead(self, screening: Screening, found: Retrieved) -> str:
        """What stands before the text found: kindness first, a word on its language, the redirect's words."""
        keys = []
        if screening.action == "redirect":
            keys.append("redirect.personal")
        elif screening.minor:
            keys.append("minor")
        if screening.intent == "distress" and screening.action == "answer":
            keys.append("distress")
        if screening.language not in ("en", "es"):
            keys.append("language_note")
        elif screening.language == "es" and not found.no_answer and any(x.passage.language != "es" for x in found.sources.numbered()):
            keys.append("translation_note")
        return "\n\n".join(self.words(screening.language, key) for key in keys)

    def medicine_background(self, question: str) -> Background | None:
        """What the medicine named is for, from the glossary; never an amount."""
        from knowledge import catalogs

        term = next((t for t in catalogs.resolve(question) if t.kind in ("drug", "drug-class")), None)
        if term is None:
            return None
        s = term.source
        citation = Citation(
            n=1, title=s.title, organization=s.organization, year=s.year, url=str(s.url), reviewed=None, passage_id=f"glossary#{term.term}", quote=term.plain
        )
        return Background(f"**{term.term[0].upper()}{term.term[1:]}**: {term.plain} [1]", citation)

    # -- answers

    def reply(self, screening: Screening, timings: dict[str, float], background: Background | None = None) -> Answer:
        """A fixed reply for a turn that a policy decided, or that a kind word answers."""
        text = self.words(screening.language, self._key(screening))
        sections = [Section(heading="", markdown=text)]
        if background:
            sections.append(Section(heading="", markdown=background.text))
        return self._finish(screening, screening.action, sections, timings, citations=(background.citation,) if background else ())

    @staticmethod
    def _key(screening: Screening) -> str:
        if screening.action == "escalate":
            return f"escalate.{screening.urgency or 'emergency_now'}"
        if screening.action == "redirect":
            return "redirect.identifiers"
        if screening.action == "block":
            return "block.harmful" if screening.policy == "harmful" else "block.dosing"
        if screening.action == "decline":
            if screening.policy == "injection":
                return "decline.injection"
            rule = next((v.rule for v in screening.verdicts if v.policy == "scope" and v.fired), "")
            return "decline.scope_health" if "health" in rule else "decline.scope"
        return screening.intent

    def no_answer(self, screening: Screening, found: Retrieved, timings: dict[str, float]) -> Answer:
        """Says that the library does not carry an answer, and where to ask."""
        log.info("no answer: %s", found.why)
        self._on_gap(screening.question)
        keys = ["no_answer"] if screening.language in ("en", "es") else ["language_note", "no_answer"]
        if found.unknown:
            keys[-1] = "no_answer.unknown"
        text = "\n\n".join(self.words(screening.language, key) for key in keys)
        if found.unknown:
            text = text.replace("{names}", ", ".join(f"“{name}”" for name in found.unknown[:MOST_NAMED]))
            if offered := self._offered(found.unknown):
                text += "\n- " + self.words(screening.language, "no_answer.spelling").strip().replace("{offered}", " / ".join(offered))
        extras = self._extras.build(screening.question, (), (), frozenset(), _language(screening.language))
        return self._finish(
            screening, "no_answer", [Section(heading="", markdown=text)], timings, extras=Extras(questions=extras.questions, services=extras.services)
        )

    @staticmethod
    def _offered(unknown: tuple[str, ...]) -> list[str]:
        """Known names that unknown ones look like."""
        from knowledge import catalogs
        from knowledge.strange import nearest

        drugs = {name for term in catalogs.catalog().terms for name in (term.term, *term.aliases) if " " not in name and len(name) > FEWEST_LETTERS}
        return list(dict.fromkeys(name for word in unknown[:MOST_NAMED] if (name := nearest(word, drugs))))

    def error(self, timings: dict[str, float], *, key: str = "error", screening: Screening | None = None) -> Answer:
        """Something of ours failed: a safe reply that says what to do next."""
        language = screening.language if screening else "en"
        return self._finish(screening, "error", [Section(heading="", markdown=self.words(language, key))], timings)

    def assemble(self, draft: Draft) -> Answer:
        """The whole answer: lead, released text as sections, everything that code adds."""
        screening, composed = draft.screening, draft.composed
        sections, bottom = sections_of(composed.text) if composed else ([], [])
        if draft.lead:
            sections = [Section(heading="", markdown=draft.lead), *sections]
        lines = tuple(BottomLine(status=_status(words), text=text) for words, text in bottom)
        shown = frozenset(s.heading for s in sections)
        extras = self._extras.build(screening.question, draft.found.sources.articles, draft.found.hits, shown, _language(screening.language))
        return self._finish(screening, screening.action, sections, draft.timings, composed=composed, bottom_line=lines, extras=extras)

    def _finish(
        self, screening: Screening | None, action: Action, sections: list[Section], timings: dict[str, float], *, composed: Composed | None = None,
        bottom_line: tuple[BottomLine, ...] = (), citations: tuple[Citation, ...] = (), extras: Extras | None = None,
    ) -> Answer:  # fmt: skip
        language = _language(screening.language if screening else "en")
        extras = extras or Extras()
        urgency = screening.urgency if screening and action == "escalate" else None
        standing = urgency or (screening.after_escalation if screening else None)
        contacts = self._extras.contacts(standing, language) if action not in ("answer", "decline") or standing else ()
        upload = None
        if action in ("answer", "redirect", "block", "no_answer") and not (screening and screening.minor):
            upload = RecordsUpload(text=self.words(language, "upload_call"), url=self._settings.upload_url)
        notice, disclaimer = self.words(language, "notice"), self.words(language, "disclaimer")
        cited = composed.citations if composed else citations
        markdown = whole_answer(
            language=language, notice=notice, disclaimer=disclaimer, sections=sections, bottom_line=bottom_line, questions=extras.questions,
            when_to_call=extras.when_to_call, citations=cited, guidelines=extras.guidelines, services=extras.services, upload=upload,
            upload_first=action == "redirect", contacts=contacts, contacts_first=action == "escalate",
        )  # fmt: skip
        answer = Answer(
            id=uuid.uuid4().hex, question=screening.question if screening else "", language=language, action=action, urgency=urgency,
            policies=_hits(screening, composed), notice=notice, sections=sections, bottom_line=list(bottom_line), questions_to_ask=list(extras.questions),
            when_to_call=extras.when_to_call, citations=list(cited), guidelines=list(extras.guidelines), services=list(extras.services),
            records_upload=upload, contacts=list(contacts), disclaimer=disclaimer, followups=list(extras.followups), markdown=markdown,
            model=composed.model if composed else EXTRACTIVE, library_version=self._library_version(), created=datetime.now(UTC).isoformat(timespec="seconds"),
            timings_ms=timings,
        )  # fmt: skip
        verdict = self._check(answer.model_dump())
        if verdict.fired or verdict.failed:
            if action == "error":
                log.error("an error answer lacks required parts: %s", verdict.rule)
                return answer
            raise BotError(f"disclosure: {verdict.rule} {verdict.evidence}")
        return answer


def _hits(screening: Screening | None, composed: Composed | None) -> list[PolicyHit]:
    found = [PolicyHit(policy=v.policy, rule=v.rule, stage="input", score=round(v.score, 3)) for v in (screening.fired if screening else ())]
    seen = dict.fromkeys((v.policy, v.rule, round(v.score, 3)) for v in (composed.verdicts if composed else ()) if v.fired or v.failed)
    return found + [PolicyHit(policy=p, rule=r, stage="output", score=s) for p, r, s in seen]


def _language(code: str) -> Language:
    return cast(Language, code if code in ("en", "es") else "en")


def _status(words: str) -> Status:
    return _STATUS_OF.get(re.sub(r"[^a-z]", "", words.lower())[:1], "standard")
