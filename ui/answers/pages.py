"""One answer as a page of its own, and the index of them: semantic HTML, schema.org data, neat in print, no script."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from bot.conversation import STATUS_WORDS, Answer
from bot.settings import Settings
from ui.answers.manifest import Entry, Manifest
from ui.page import STATIC
from ui.render import answer_html
from ui.strings import STRINGS

ASSETS: tuple[Path, ...] = (STATIC / "answer.css", STATIC / "answer-page.css", STATIC / "lantern.svg")
# What the index calls the kinds of articles, in the order people look for them.
TOPICS = {
    "cancer": "Types of cancer", "treatment": "Treatments", "test": "Tests and results", "side-effect": "Side effects", "care": "Care and support",
    "screening": "Screening and prevention", "navigation": "Finding your way", "myths": "Myths and facts", "other": "More questions",
}  # fmt: skip
_CITED = re.compile(r"\[(\d{1,3})\]")
_SENTENCE = re.compile(r"(?<=\])\s+(?=[^\[\s])|\n+")
_MARKS = re.compile(r"[*_`#|]+|^\s*[-+]\s+", re.M)


def answer_page(entry: Entry, settings: Settings) -> str:
    """The page of one entry: a draft says that it is one and lists what its reviewer must check."""
    answer = entry.answer
    return _template("answer-page.html").render(
        entry=entry, answer=answer, words=STRINGS[answer.language], site=settings.site_name, upload=_upload(answer, settings),
        body=Markup(answer_html(_absolute(answer, settings))),
        data=Markup(_structured(entry, settings)),
        date=answer.created[:10], checks=[] if entry.approval else claims(answer),
    )  # fmt: skip


def index_page(manifest: Manifest, settings: Settings) -> str:
    """All pages by topic, then by question."""
    groups = [
        (heading, sorted((entry for entry in manifest.entries if entry.topic == topic), key=lambda entry: entry.question.lower()))
        for topic, heading in TOPICS.items()
    ]
    first = manifest.entries[0].answer if manifest.entries else None
    return _template("answer-index.html").render(
        groups=[group for group in groups if group[1]], site=settings.site_name, words=STRINGS["en"],
        notice=first.notice if first else STRINGS["en"].notice.format(site=settings.site_name), disclaimer=first.disclaimer if first else "",
        versions=sorted({entry.answer.library_version for entry in manifest.entries}), drafts=sum(entry.approval is None for entry in manifest.entries),
    )  # fmt: skip


def claims(answer: Answer) -> list[dict[str, Any]]:
    """Every statement of an answer beside the sources it rests on: what a reviewer holds against each other."""
    sources = {citation.n: citation for citation in answer.citations}
    texts = [(part.heading, part.markdown) for part in answer.sections]
    texts += [(STATUS_WORDS[answer.language][line.status], line.text) for line in answer.bottom_line]
    texts += [("", answer.when_to_call)] if answer.when_to_call else []
    found = []
    for heading, text in texts:
        for sentence in _SENTENCE.split(text):
            numbers = [int(n) for n in _CITED.findall(sentence)]
            plain = _MARKS.sub("", _CITED.sub("", sentence)).strip()
            if plain and any(n in sources for n in numbers):
                found.append({"heading": heading, "text": plain, "sources": [sources[n] for n in dict.fromkeys(numbers) if n in sources]})
    return found


def _absolute(answer: Answer, settings: Settings) -> Answer:
    """The pages may lie on another server: an upload address of our own needs the public one in front."""
    upload = answer.records_upload
    if upload is None or not upload.url.startswith("/") or not settings.public_url:
        return answer
    return answer.model_copy(update={"records_upload": upload.model_copy(update={"url": settings.public_url.rstrip("/") + upload.url})})


def _upload(answer: Answer, settings: Settings) -> bool:
    """Whether the upload address leads anywhere from another server."""
    return answer.records_upload is None or not answer.records_upload.url.startswith("/") or bool(settings.public_url)


def _structured(entry: Entry, settings: Settings) -> str:
    """schema.org: a page about health for patients, with a question, its answer, its sources, and a reviewer only when there is one."""
    answer = entry.answer
    data: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "MedicalWebPage", "name": entry.question, "inLanguage": answer.language,
        "datePublished": answer.created[:10], "audience": {"@type": "Patient"}, "publisher": {"@type": "Organization", "name": settings.site_name},
        "isAccessibleForFree": True, "disambiguatingDescription": answer.notice,
        "mainEntity": {
            "@type": "Question", "name": entry.question,
            "acceptedAnswer": {"@type": "Answer", "text": " ".join(claim["text"] for claim in claims(answer)), "dateCreated": answer.created[:10]},
        },
        "citation": [
            {"@type": "CreativeWork", "name": c.title, "publisher": {"@type": "Organization", "name": c.organization}, **({"url": c.url} if c.url else {})}
            for c in answer.citations
        ],
    }  # fmt: skip
    if entry.approval:
        data |= {"lastReviewed": entry.approval.on, "reviewedBy": {"@type": "Person", "name": entry.approval.by}}
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _template(name: str) -> Any:
    return _environment().get_template(name)


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("ui", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
