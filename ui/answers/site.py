"""Writes the site: asks every question, keeps what was approved, puts pages and index into the folder.

questions ─► draft (each answer, its slug, its topic) ─► pages + index + answers.json
approve: the drafts as they were read ─► the same pages, now with a name and a date
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.conversation import Answer, Message
from bot.settings import Settings
from ui.answers.manifest import Approval, Entry, Manifest, PublishError, read_manifest, slug_of, write_manifest, write_whole
from ui.answers.pages import ASSETS, answer_page, index_page

Ask = Callable[[Sequence[Message]], Answer]
OTHER = "other"


@dataclass
class Report:
    """What became of the questions. `refused`: question and the action that was taken instead of an answer."""

    drafts: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    lost_approval: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def draft(questions: Iterable[str], folder: Path, ask: Ask, settings: Settings, step: Callable[[int], None] = lambda _: None) -> Report:
    """Asks and writes every page. An approved page whose words are still the same keeps its approval.

    Only an `answer` is published: what the policies stop, send on or cannot answer is in the report and gets no page.
    """
    before = read_manifest(folder)
    report = Report()
    entries: list[Entry] = []
    taken: set[str] = set()
    for question in questions:
        answer = ask([Message(content=question)])
        step(1)
        if answer.action != "answer" or not answer.sections:
            report.refused.append((question, answer.action))
            continue
        slug = slug_of(question)
        if slug in taken:
            raise PublishError(f"two questions would share the page {slug}.html; word one of them differently: {question!r}")
        taken.add(slug)
        entry = Entry(slug=slug, question=question, topic=topic_of(answer), answer=answer)
        known = before.of(slug)
        if known is not None and known.approval is not None:
            if known.digest == entry.digest:
                entry = known
            else:
                report.lost_approval.append(slug)
        entries.append(entry)
        (report.approved if entry.approval else report.drafts).append(slug)
    report.removed = [entry.slug for entry in before.entries if entry.slug not in taken]
    _write(folder, Manifest(entries=tuple(entries)), settings, report.removed)
    return report


def approve(questions: Iterable[str], folder: Path, approval: Approval, library_version: str, settings: Settings) -> Report:
    """Publishes the drafts of these questions, as they were read, with the reviewer's name and date.

    Raises PublishError when a question has no draft, or its draft is of another library version: then nothing is changed.
    """
    manifest = read_manifest(folder)
    wanted = {slug_of(question): question for question in questions}
    for slug, question in wanted.items():
        entry = manifest.of(slug)
        if entry is None:
            raise PublishError(f"no draft of {question!r} in {folder}; run publish without --approved-by first, and let the reviewer read the page")
        if entry.answer.library_version != library_version:
            raise PublishError(
                f"the library changed since {slug}.html was drafted; run publish again without --approved-by, and let the reviewer read it again"
            )
    report = Report()
    entries = []
    for entry in manifest.entries:
        if entry.slug in wanted:
            entry = entry.model_copy(update={"approval": approval})
            report.approved.append(entry.slug)
        elif entry.approval is None:
            report.drafts.append(entry.slug)
        entries.append(entry)
    _write(folder, Manifest(entries=tuple(entries)), settings, [])
    return report


def topic_of(answer: Answer) -> str:
    """The kind of article an answer rests on first: what the index groups by."""
    first = answer.citations[0].passage_id.split("#")[0].split("/")[-1] if answer.citations else ""
    return _kinds().get(first, OTHER)


@cache
def _kinds() -> dict[str, str]:
    import yaml

    from knowledge.articles import library_paths

    kinds = {}
    for path in library_paths():
        front = path.read_text(encoding="utf-8").split("---", 2)[1]
        kinds[path.stem] = str(yaml.safe_load(front)["kind"])
    return kinds


def _write(folder: Path, manifest: Manifest, settings: Settings, removed: Sequence[str]) -> None:
    """Pages first and the index last, so that the index never leads to a page that is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in ASSETS:
        shutil.copyfile(source, folder / source.name)
    for entry in manifest.entries:
        write_whole(folder / f"{entry.slug}.html", answer_page(entry, settings))
    write_whole(folder / "index.html", index_page(manifest, settings))
    write_manifest(folder, manifest)
    for slug in removed:
        (folder / f"{slug}.html").unlink(missing_ok=True)
