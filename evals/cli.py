"""`oncolantern eval`: list the tasks, run them, render a report again, compare two runs, hold a run to the gate."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from evals.gate import Threshold
    from evals.results import Run
    from evals.tasks import EvalTask

DONE, FAILED, WRONG_USAGE = 0, 1, 2
# Bad rows shown before the rest is only counted.
SHOWN_PROBLEMS = 20


class EvalError(Exception):
    """What stops a command, in one line for stderr."""


def main(args: list[str]) -> int:
    """Run an evaluation command: 0 done, 1 a threshold was missed or something failed, 2 wrong usage."""
    parsed = _parser().parse_args(args)
    try:
        code: int = parsed.run(parsed)
    except EvalError as error:
        print(f"oncolantern eval: {error}", file=sys.stderr)
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="oncolantern eval", description="Measures the answers: offline, with rules, on questions written for this project.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = commands.add_parser("list", help="the tasks and how many questions each has")
    listing.set_defaults(run=_list)
    run = commands.add_parser("run", help="ask the questions, score the answers, write report.html, report.json and junit.xml")
    run.add_argument("tasks", nargs="*", metavar="TASK", help="tasks, or files of rows (.jsonl, .csv); all tasks when none is named")
    run.add_argument("--limit", type=_positive, help="at most so many questions of each task")
    run.add_argument("--model", help="chat model that answers (default: ONCOLANTERN_MODEL, else extractive)")
    run.add_argument("--quick", action="store_true", help="one question an article and the short forms of long tasks; everything else as always")
    run.add_argument("--seed", type=int, help="what samples and random cuts are drawn by (default: always the same)")
    run.add_argument("--judge", metavar="MODEL", help="a model's opinion beside the rules' scores (OPENAI_BASE_URL, OPENAI_API_KEY); it decides nothing")
    run.add_argument("--price", type=float, nargs=2, metavar=("PROMPT", "ANSWER"), help="what the model costs for a million tokens, for cost per turn")
    run.add_argument("--no-curves", action="store_true", help="leave out the curves of recall against over-blocking")
    run.add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default: a new folder below ONCOLANTERN_DATA/evals); a folder with a "
                     "broken-off run goes on where it stopped")  # fmt: skip
    run.add_argument("--gate", type=Path, metavar="FILE", help="thresholds (default: evals/gate.yaml)")
    run.set_defaults(run=_run)
    for name, command, about in (("report", _report, "render the report of a run again"), ("gate", _gate, "hold a run to the thresholds")):
        again = commands.add_parser(name, help=about)
        again.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the run's folder (default: the newest)")
        again.add_argument("--gate", type=Path, metavar="FILE", help="thresholds (default: evals/gate.yaml)")
        if name == "report":
            again.add_argument("--readme", type=Path, metavar="FILE", help="put the headline figures between the marks of this file (README.md)")
        again.set_defaults(run=command)
    compare = commands.add_parser("compare", help="what got better or worse between two runs, row by row")
    compare.add_argument("old", type=Path, metavar="OLD", help="the earlier run's folder")
    compare.add_argument("new", type=Path, metavar="NEW", help="the later run's folder")
    compare.set_defaults(run=_compare)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _list(args: argparse.Namespace) -> int:
    from evals.tasks import all_tasks

    total = 0
    for task in all_tasks().values():
        rows = task.rows()
        total += len(rows.rows)
        print(f"{task.name:14} {len(rows.rows):4}  {task.about}" + (f"  ({len(rows.problems)} bad rows)" if rows.problems else ""))
    print(f"{'all':14} {total:4}")
    return DONE


def _run(args: argparse.Namespace) -> int:
    from evals.tasks import UnknownTask, find_tasks

    try:
        tasks = find_tasks(args.tasks)
    except UnknownTask as error:
        print(f"oncolantern eval run: {error}", file=sys.stderr)
        return WRONG_USAGE
    thresholds = _thresholds(args.gate)
    from bot.settings import Settings

    settings = Settings()
    if args.model:
        settings = settings.model_copy(update={"model": args.model})
    out: Path = args.out or settings.data / "evals" / datetime.now().strftime("%Y%m%d-%H%M%S")  # noqa: DTZ005 - a folder name for the person at the desk
    run = _measure(tasks, settings, out, args)
    for problem in run.problems[:SHOWN_PROBLEMS]:
        print(f"bad row: {problem}", file=sys.stderr)
    if run.problems:
        print(f"{len(run.problems)} bad rows were left out", file=sys.stderr)
    if not run.results:
        raise EvalError("there is no question to ask")
    return _write(run, thresholds, out)


@contextmanager
def _hushed() -> Iterator[None]:
    """The states task breaks parts on purpose; what really fails is an `error` row of the report. Loggers are left as they were."""
    before = {name: logging.getLogger(name).level for name in ("bot", "policies")}
    for name in before:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _measure(tasks: list[EvalTask], settings: Settings, out: Path, args: argparse.Namespace) -> Run:
    from bot.errors import BotError
    from evals._bar import bar
    from evals.curves import curves
    from evals.journal import NAME, Journal, product_digest
    from evals.judge import add_opinions
    from evals.runner import EvalFailed, run_tasks
    from evals.workbench import SEED, Prices, build_workbench

    seed = SEED if args.seed is None else args.seed
    try:
        measures = {"model": settings.chat_model, "seed": seed, "quick": args.quick, "country": settings.country, "product": product_digest()}
        journal = Journal(out / NAME, measures)
        if journal.kept:
            print(f"going on with the run in {out}: {journal.kept} rows are there already", file=sys.stderr)
        with _hushed(), tempfile.TemporaryDirectory(prefix="oncolantern-eval-") as scratch:
            with bar("Preparing") as progress:
                prices = Prices(*args.price) if args.price else Prices()
                bench = build_workbench(
                    settings, lambda what, done, total: progress(done, total), seed=seed, quick=args.quick, prices=prices, folder=Path(scratch)
                )
            with bar("Asking") as progress:
                run = run_tasks(tasks, bench, model=settings.chat_model, logs=out / "logs", limit=args.limit, progress=progress, journal=journal)
            if not args.no_curves:
                with bar("Thresholds") as progress:
                    run = run.model_copy(update={"curves": curves(run.results, bench.whole, progress, quick=args.quick)})
        if args.judge:
            with bar("Judging") as progress:
                run = run.model_copy(update={"judge": args.judge, "results": add_opinions(run.results, settings, args.judge, progress)})
    except (BotError, EvalFailed, OSError) as error:
        raise EvalError(str(error)) from error
    journal.close()
    return run


def _write(run: Run, thresholds: list[Threshold], out: Path) -> int:
    from evals.gate import judge
    from evals.junit import junit
    from evals.report import write_report
    from evals.table import print_table

    verdicts = judge(run, thresholds)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(run.model_dump_json(indent=1), encoding="utf-8")
    junit(run, verdicts).write(out / "junit.xml", encoding="utf-8", xml_declaration=True)
    write_report(run, verdicts, out / "report.html")
    print_table(run, verdicts)
    print(f"\n{out / 'report.html'}")
    return FAILED if any(v.missed for v in verdicts) else DONE


def _report(args: argparse.Namespace) -> int:
    folder = _folder(args.folder)
    run = _read(folder)
    _write(run, _thresholds(args.gate), folder)
    if args.readme:
        from evals.readme import put, table

        try:
            put(args.readme, "eval", table(run))
        except (OSError, ValueError) as error:
            raise EvalError(f"{args.readme}: {error}") from error
        print(f"figures put into {args.readme}")
    return DONE


def _gate(args: argparse.Namespace) -> int:
    from evals.gate import judge

    verdicts = judge(_read(_folder(args.folder)), _thresholds(args.gate))
    for verdict in verdicts:
        print(verdict)
    return FAILED if any(v.missed for v in verdicts) else DONE


def _compare(args: argparse.Namespace) -> int:
    from evals.compare import compare

    for line in compare(_read(args.old), _read(args.new)):
        print(line)
    return DONE


def _thresholds(path: Path | None) -> list[Threshold]:
    from evals.gate import GATE, read_gate

    try:
        return read_gate(path or GATE)
    except (OSError, ValueError) as error:
        raise EvalError(f"gate: {error}") from error


def _read(folder: Path) -> Run:
    from evals.results import read_run

    try:
        return read_run(folder)
    except (OSError, ValueError) as error:
        raise EvalError(f"{folder} holds no run that can be read: {error}") from error


def _folder(given: Path | None) -> Path:
    """The folder named, or the newest run's."""
    if given:
        return given
    from bot.settings import Settings

    runs = sorted((Settings().data / "evals").glob("*/report.json"))
    if not runs:
        raise EvalError("there is no run yet; say `oncolantern eval run`")
    return runs[-1].parent
