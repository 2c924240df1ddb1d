"""`oncolantern publish`: answer pages for a website, drafted by us, approved by a person."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime

from bot.settings import Settings
from ui.cli._batch import progress_bar
from ui.cli._show import preparing


def run(args: argparse.Namespace) -> int:
    """Draft the pages, or approve what was drafted. Exit code 1 when a question got no page."""
    from ui.answers.manifest import Approval, PublishError, read_questions
    from ui.answers.site import approve, draft

    questions = read_questions(args.questions)
    settings = Settings()
    if args.approved_on and not args.approved_by:
        print("oncolantern publish: --approved-on goes with --approved-by", file=sys.stderr)
        return 2
    from bot.assembly import assemble, library_version

    if args.approved_by:
        on = args.approved_on or datetime.now(UTC).date().isoformat()
        try:
            future = date.fromisoformat(on) > datetime.now(UTC).date()
        except ValueError as error:
            raise PublishError(f"--approved-on {on!r} is not a date; write it as 2026-11-25") from error
        if future:
            raise PublishError(f"--approved-on {on} is in the future")
        report = approve(questions, args.out, Approval(by=args.approved_by.strip(), on=on), library_version(settings), settings)
        print(f"{len(report.approved)} pages published as reviewed by {args.approved_by}, {on}; {len(report.drafts)} drafts left in {args.out}")
        return 0
    with preparing() as progress:
        assistant = assemble(settings, progress)
    with progress_bar("Writing pages", len(questions)) as step:
        report = draft(questions, args.out, assistant.ask, settings, step)
    print(f"{len(report.drafts)} drafts and {len(report.approved)} reviewed pages in {args.out}; start with index.html")
    for slug in report.lost_approval:
        print(f"  {slug}.html is a draft again: its words changed since it was reviewed")
    for slug in report.removed:
        print(f"  {slug}.html removed: its question is no longer asked or answered")
    for question, action in report.refused:
        print(f"no page for {question!r}: the answer would be {action}, not general education", file=sys.stderr)
    return 1 if report.refused else 0
