"""Which commands there are and what they take. Nothing heavy is imported here; commands are loaded when they run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

VERSION = "0.1.0"


def _later(module: str, function: str = "run") -> Callable[[argparse.Namespace], int]:
    """The command's function, imported when it is called."""

    def run(args: argparse.Namespace) -> int:
        from importlib import import_module

        call: Callable[[argparse.Namespace], int] = getattr(import_module(f"ui.cli.{module}"), function)
        return call(args)

    return run


def build_parser() -> argparse.ArgumentParser:
    """The parser of the console script."""
    parser = argparse.ArgumentParser(
        prog="oncolantern",
        description="Explains cancer in plain words from a library it can cite. Never doses; always says what it is.",
        epilog="State lives in ONCOLANTERN_DATA. With OPENAI_API_KEY (and OPENAI_BASE_URL, ONCOLANTERN_MODEL) another model answers.",
    )
    parser.add_argument("--version", action="version", version=f"oncolantern {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    serve = commands.add_parser("serve", help="the chat page, /embed, /records and the API")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=7860, help="port to listen on (default: %(default)s)")
    serve.set_defaults(run=_later("serve"))

    ask = commands.add_parser("ask", help="one answer in the terminal, or a batch of them")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--json", action="store_true", help="print the Answer as JSON")
    ask.add_argument("--collection", help="answer from this collection alone")
    _batch(ask)
    ask.set_defaults(run=_later("ask"))

    check = commands.add_parser("check", help="the policies alone, over a text or a batch")
    check.add_argument("text", nargs="?", help="a text to judge")
    check.add_argument("--side", choices=("input", "output"), default="input", help="what a person asks, or what a model says (default: %(default)s)")
    check.add_argument("--explain", action="store_true", help="show every policy's score, rule or nearest example, and the decision")
    _batch(check)
    check.set_defaults(run=_later("check"))

    policies = commands.add_parser("policies", help="the table of policies: order, thresholds, actions")
    policies.set_defaults(run=_later("check", "table"))
    of_policies = policies.add_subparsers(title="actions", metavar="ACTION")
    train = of_policies.add_parser("train", help="train the classifier on policies/examples and write the weights that come with the project")
    train.set_defaults(run=_later("library", "train"))
    tune = of_policies.add_parser("tune", help="show what each threshold catches and needlessly stops, cross-validated over the examples")
    tune.add_argument("--write", action="store_true", help="put the chosen thresholds into policies.yaml")
    tune.set_defaults(run=_later("check", "tune"))

    search = commands.add_parser("search", help="retrieval alone, for a question or a batch")
    search.add_argument("question", nargs="?", help="a question to search for")
    search.add_argument("--collection", help="search this collection alone")
    search.add_argument("-k", type=int, default=8, help="hits for each question (default: %(default)s)")
    _batch(search)
    search.set_defaults(run=_later("search"))

    ingest = commands.add_parser("ingest", help="add documents of your own, incrementally")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    ingest.add_argument("--collection", default="documents", help="collection to bring in line with them (default: %(default)s)")
    ingest.set_defaults(run=_later("ingest"))

    publish = commands.add_parser("publish", help="answer pages for a website: drafts first, published once a person approved them")
    publish.add_argument("questions", type=Path, metavar="QUESTIONS.txt", help="one question a line; # starts a comment")
    publish.add_argument("--out", type=Path, required=True, metavar="SITE", help="the folder to write")
    publish.add_argument("--approved-by", metavar="NAME", help="publish the drafts of these questions as reviewed by this person")
    publish.add_argument("--approved-on", metavar="DATE", help="when it was reviewed, as 2026-11-25 (default: today)")
    publish.set_defaults(run=_later("publish"))

    library = commands.add_parser("library", help="what is in the library, how old it is, what changed; its checker, reviews and gaps")
    library.add_argument("--versions", action="store_true", help="list the recorded versions")
    library.add_argument("--diff", nargs=2, metavar=("OLD", "NEW"), help="what changed from one version to another (names as answers carry them)")
    library.add_argument("--marked", action="store_true", help="sentences of documents that speak to a model and are never quoted")
    library.add_argument("--json", action="store_true", help="print JSON")
    library.set_defaults(run=_later("library", "show"))
    actions = library.add_subparsers(title="actions", metavar="ACTION")
    checker = actions.add_parser("check", help="hold every article to the rules of the format, an overlay's too")
    checker.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="articles (default: the whole library with the overlay)")
    checker.set_defaults(run=_later("library", "check"))
    review = actions.add_parser("review", help="what is due for review; an article beside its sources; record who reviewed it")
    review.add_argument("article", nargs="?", metavar="ARTICLE", help="show this article beside its sources")
    review.add_argument("--by", metavar="NAME", help="record that NAME reviewed the article")
    review.add_argument("--credentials", metavar="TEXT", help="what makes it a medical review, for example 'MD, medical oncologist'")
    review.add_argument("--on", metavar="DAY", help="the day of the review, 2026-11-20 (default: today)")
    review.add_argument("--note", metavar="TEXT", help="a remark for the record")
    review.add_argument("--all", action="store_true", help="list articles that need nothing, too")
    review.set_defaults(run=_later("review"))
    gaps = actions.add_parser("gaps", help="topics that people asked about and got no answer (topics and counts only)")
    gaps.add_argument("--json", action="store_true", help="print JSON")
    gaps.add_argument("--clear", action="store_true", help="start counting anew")
    gaps.set_defaults(run=_later("library", "gaps"))

    vectors = actions.add_parser("vectors", help="write the vectors that come with the library, after an article changed")
    vectors.set_defaults(run=_later("library", "vectors"))

    evaluate = commands.add_parser("eval", help="evaluation tasks and reports")
    evaluate.add_argument("rest", nargs=argparse.REMAINDER, help="list | run | report; see oncolantern eval --help")
    evaluate.set_defaults(run=_later("evaluate"))

    feedback = commands.add_parser("feedback", help="what people thought of the answers")
    feedback.add_argument("--json", action="store_true", help="print everything as JSON")
    feedback.set_defaults(run=_later("feedback"))

    records = commands.add_parser("records", help="the care team's side of the records upload")
    records.add_argument("rest", nargs=argparse.REMAINDER, help="list | show | reply | token | rotate-key | …; see oncolantern records --help")
    records.set_defaults(run=_later("records"))
    for passes_on in (evaluate, records):
        passes_on.prefix_chars = "\0"  # everything behind the name, --help too, belongs to the command's own parser
    return parser


def _batch(parser: Any) -> None:
    parser.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one JSON object a line in")
    parser.add_argument("--out", type=Path, metavar="OUT.jsonl", help="one JSON object a line out, in order; resumes where it stopped")
    parser.add_argument("--fresh", action="store_true", help="start OUT over instead of resuming")
