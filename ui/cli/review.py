"""`oncolantern library review`: what is due, an article beside its sources, and the record of who reviewed it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from knowledge.articles import Article
    from knowledge.reviews import Reviews


def run(args: argparse.Namespace) -> int:
    """List what is due; show one article; or record its review."""
    from bot.library import reviews
    from knowledge.articles import read_article
    from knowledge.overlay import library_articles

    settings = Settings()
    record = reviews(settings)
    articles = {f"es/{p.stem}" if p.parent.name == "es" else p.stem: p for p in library_articles(settings.overlay)}
    if args.article is None:
        if args.by:
            print("oncolantern library review: name the article that was reviewed", file=sys.stderr)
            return 2
        return _queue(articles, record, everything=args.all)
    path = articles.get(args.article)
    if path is None:
        print(f"oncolantern library review: no article {args.article!r}; `oncolantern library` lists them", file=sys.stderr)
        return 2
    if not args.by:
        _show(read_article(path), record, args.article)
        return 0
    return _record(args, record, path)


def _queue(articles: dict[str, Path], record: Reviews, *, everything: bool) -> int:
    from knowledge.articles import read_article
    from knowledge.listing import ARTICLE_DAYS
    from knowledge.translations import is_stale

    today = date.today()  # noqa: DTZ011 - the operator's calendar
    rows = []
    for doc_id, path in articles.items():
        article = read_article(path)
        front = article.front
        medical, last = record.holding(doc_id, path, medical=True), next(iter(record.of(doc_id)), None)
        days = ARTICLE_DAYS - (today - front.reviewed).days
        if medical is not None:
            state = f"reviewed by {medical.named}"
        elif last is not None and record.holding(doc_id, path) is None:
            state = f"changed since {last.by} reviewed it on {last.day}"
        elif last is not None:
            state = f"checked by {last.by} on {last.day}, no medical review"
        else:
            state = "no medical review"
        stale = is_stale(article)
        if stale:
            state = f"older than its original, hold it against {front.translation_of} again; {state}"
        elif front.translated == "machine" and last is None:
            state = f"machine-assisted translation, not yet checked by a person; {state}"
        overdue = days <= 0 or stale
        if everything or overdue or medical is None:
            rows.append((not overdue, days, doc_id, f"{front.reviewed}", "STALE" if stale else "OVERDUE" if overdue else f"in {days} days", state))
    rows.sort()
    width = max((len(row[2]) for row in rows), default=8)
    print(f"{'article':{width}}  last checked  due            medical review")
    for _, _, doc_id, checked, due, state in rows:
        print(f"{doc_id:{width}}  {checked:12}  {due:13}  {state}")
    overdue_count = sum(not row[0] for row in rows)
    print(f"{overdue_count} overdue, {len(rows)} listed of {len(articles)}. See one: oncolantern library review ARTICLE")
    print("Record one: oncolantern library review ARTICLE --by NAME --credentials 'MD, …' [--on DAY]")
    return 0


def _show(article: Article, record: Reviews, doc_id: str) -> None:
    """The article beside its sources: what each sentence rests on, as a reviewer reads it."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{article.title}  ({doc_id}, last held against its sources {article.front.reviewed})", markup=False, style="bold")
    for review in record.of(doc_id):
        console.print(f"  {review.named}" + (f": {review.note}" if review.note else ""), markup=False)
    groups = [(" > ".join(s.path) or s.heading, list(s.sentences)) for s in article.sections]
    groups.append(("Bottom line", [s for _, s in article.bottom_line]))
    groups.append(("When to call", list(article.when_to_call)))
    groups += [(f"You may have heard: {b.belief}", list(b.truth)) for b in article.heard]
    for heading, sentences in groups:
        table = Table(title=heading, title_justify="left", show_lines=False, expand=True)
        table.add_column("line", justify="right", no_wrap=True)
        table.add_column("what the article says", ratio=3)
        table.add_column("rests on", ratio=2)
        for sentence in sentences:
            sources = [article.front.sources[key] for key in sentence.keys if key in article.front.sources]
            rests = "\n".join(f"{s.organization}, {s.year}: {s.title}" for s in sources) or "(to the reader, no fact)"
            table.add_row(str(sentence.line), _plain(sentence.text), _plain(rests))
        console.print(table)
    for key, source in article.front.sources.items():
        console.print(f"[{key}] {source.title}. {source.organization}, {source.year}. {source.url}", markup=False)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _record(args: argparse.Namespace, record: Reviews, path: Path) -> int:
    from pydantic import ValidationError

    from knowledge.listing import day_of
    from knowledge.reviews import Review, text_mark

    try:
        day = day_of(args.on) if args.on else date.today()  # noqa: DTZ011 - the operator's calendar
        if day > date.today():  # noqa: DTZ011
            raise ValueError("a review cannot be of a day to come")
        review = Review(by=args.by.strip(), credentials=args.credentials, day=day, text=text_mark(path), note=args.note)
    except ValidationError as error:
        first = error.errors()[0]
        print(f"oncolantern library review: {'.'.join(map(str, first['loc']))}: {first['msg']}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"oncolantern library review: {error}", file=sys.stderr)
        return 2
    place = record.record(args.article, review)
    print(f"recorded in {place}: {args.article}, {review.named}")
    if review.credentials:
        print("Answers that rest on this article name this review until its text changes.")
    else:
        print("No credentials were given, so this counts as a check of the text and is not shown as a medical review.")
    return 0
