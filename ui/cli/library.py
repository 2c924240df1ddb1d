"""`oncolantern library`: what is in it and how old it is, what changed, what people asked in vain; its checker and built files."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from typing import Any

from bot.settings import Settings


def show(args: argparse.Namespace) -> int:
    """List collections, documents, passages and age; or versions, what changed between two, what was marked."""
    from knowledge.listing import listing, marked_sentences
    from knowledge.versions import diff, present_version, versions

    store = _prepared()
    if args.diff:
        changes = diff(store, *args.diff)
        if args.json:
            return _json([vars(c) for c in changes])
        for change in changes:
            print(f"{change.kind:8} {change.doc_id}  {change.title}")
            for sign, headings in (("+", change.added), ("-", change.removed), ("~", change.changed)) if change.kind == "changed" else ():
                for heading in headings:
                    print(f"         {sign} {heading or '(beginning)'}")
        print(f"{len(changes)} documents differ" if changes else "no difference")
        return 0
    if args.versions:
        rows = [(v.name, v.collection, v.created, str(v.documents), str(v.passages)) for v in versions(store)]
        return _json([vars(v) for v in versions(store)]) if args.json else _table(("version", "collection", "since (UTC)", "documents", "passages"), rows)
    if args.marked:
        found = marked_sentences(store)
        if args.json:
            return _json([{"collection": c, "doc_id": d, "section": s, "text": t} for c, d, s, t in found])
        for collection, doc_id, section, text in found:
            print(f"{collection}/{doc_id}{f' > {section}' if section else ''}: {_one_line(text)}")
        print(f"{len(found)} sentences speak to a model instead of a reader; none of them is ever quoted or sent to a model")
        return 0
    entries = listing(store, Settings().overlay)
    if args.json:
        return _json([{**vars(e), "due": e.due(_today())} for e in entries])
    for collection in dict.fromkeys(e.collection for e in entries):
        own = [e for e in entries if e.collection == collection]
        passages = sum(e.passages for e in own)
        print(f"{collection}, version {store.state(f'version:{collection}')}: {len(own)} documents, {passages} passages")
        _table(
            ("document", "title", "organisation", "passages", "of", "age (days)", "review by", ""),
            [
                (
                    e.doc_id,
                    e.title[:44],
                    (e.organization or "")[:28],
                    str(e.passages),
                    e.dated or "?",
                    str(e.age_days(_today())),
                    e.review_by or "",
                    e.note(_today()),
                )
                for e in own
            ],
        )
        print()
    due = [e for e in entries if e.due(_today())]
    print(f"Answers name version {present_version(store, ('library', 'documents'))}. {len(due)} of {len(entries)} documents are due for review.")
    return 0


def gaps(args: argparse.Namespace) -> int:
    """Topics that people asked about and got no answer."""
    from knowledge.gaps import Gaps

    counter = Gaps(Settings().data)
    if args.clear:
        counter.clear()
        print("the counter starts over")
        return 0
    found = counter.table()
    if args.json:
        return _json([vars(g) for g in found])
    if not found:
        print("nothing was asked in vain yet (only `serve` and single questions count)")
        return 0
    _table(("topic", "asked", "last in"), [(g.topic, str(g.count), g.last) for g in found])
    return 0


def check(args: argparse.Namespace) -> int:
    """Print problems and the table; exit code 1 when a rule is broken. The overlay is checked with the rest."""
    from knowledge.article_checks import main
    from knowledge.catalogs import catalog, use_overlay
    from knowledge.overlay import library_articles
    from policies.output_dosing import states_dose

    settings = Settings()
    settings.branding  # noqa: B018 - reads and checks branding.yaml
    use_overlay(None)
    use_overlay(settings.overlay)
    paths = args.paths or library_articles(settings.overlay)
    return main(paths, states_dose=states_dose, guidelines={book.id for book in catalog().guidelines}, overlay=settings.overlay, whole=not args.paths)


def vectors(args: argparse.Namespace) -> int:
    """Encode the built-in library and write the table that comes with it."""
    from knowledge.encoder import load_encoder
    from knowledge.shipped import SHIPPED, SHIPPED_ASKS, SHIPPED_HEADINGS, SHIPPED_HEARD, asked_texts, heading_texts, heard_texts, library_texts, write_vectors

    encoder = load_encoder(Settings().data / "encoder")
    for texts, path in ((library_texts(), SHIPPED), (asked_texts(), SHIPPED_ASKS), (heard_texts(), SHIPPED_HEARD), (heading_texts(), SHIPPED_HEADINGS)):
        count = write_vectors(encoder, texts, path)
        print(f"{count} vectors in {path.name} ({path.stat().st_size // 1000} kB)")
    return 0


def train(args: argparse.Namespace) -> int:
    """Train the policies' classifier and write the weights that come with the project."""
    from bot.assembly import lexicon
    from knowledge.encoder import load_encoder
    from knowledge.spanish import told_in_english
    from policies.alarm import SHIPPED as ALARM
    from policies.alarm import Alarm, alarm_examples
    from policies.classifier import EXAMPLES, SHIPPED, fingerprint, read_examples
    from policies.training import train as fit

    encoder = load_encoder(Settings().data / "encoder")
    examples = read_examples(EXAMPLES)
    fit(examples, encoder, lexicon()).ship(fingerprint(examples, encoder))
    print(f"trained on {len(examples)} examples, written to {SHIPPED.name} ({SHIPPED.stat().st_size // 1000} kB)")
    alarming = alarm_examples(EXAMPLES)
    Alarm.train(alarming, encoder, told_in_english).save(Alarm.mark(alarming, encoder, told_in_english))
    print(f"alarm: trained on {len(alarming)} examples, written to {ALARM.name} ({ALARM.stat().st_size // 1000} kB)")
    return 0


def _prepared() -> Any:
    from bot.assembly import prepare
    from ui.cli._show import preparing

    with preparing() as progress:
        return prepare(Settings(), progress).store


def _today() -> date:
    return date.today()  # noqa: DTZ011 - a review is due on the operator's calendar


def _json(value: object) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
    return 0


def _one_line(text: str) -> str:
    """A stranger's text on a terminal: one line, nothing that moves the cursor."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> int:
    """Columns as wide as their widest cell; numbers to the right."""
    rows = [tuple(_one_line(cell) for cell in row) for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    numeric = [all(row[i].replace("-", "").isdigit() or not row[i] for row in rows) and i > 0 for i in range(len(heads))]
    for row in [heads, *rows]:
        line = "  ".join(cell.rjust(w) if n else cell.ljust(w) for cell, w, n in zip(row, widths, numeric, strict=True))
        print(line.rstrip(), file=sys.stdout)
    return 0
