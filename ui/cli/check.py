"""`oncolantern check` and `oncolantern policies`: the policies alone."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bot.settings import Settings
from ui.cli._batch import BadLine, BatchError, run_batch, texts_of
from ui.cli._show import preparing


def run(args: argparse.Namespace) -> int:
    """Judge a text, or every line of a batch, on the way in or out."""
    if bool(args.batch) != bool(args.out) or bool(args.batch) == bool(args.text):
        print(
            'oncolantern check: give a text, or --batch IN.jsonl with --out OUT.jsonl; for example: oncolantern check --explain "How many mg?"', file=sys.stderr
        )
        return 2
    if args.batch and not args.batch.is_file():
        raise BatchError(f"{args.batch}: no such file")
    from bot.assembly import build_screen, lexicon, prepare

    settings = Settings()
    with preparing() as progress:
        known = prepare(settings, progress)
        judge = _output(lexicon(), known.encoder) if args.side == "output" else _input(build_screen(settings, known))
    if args.batch:
        return run_batch(
            args.batch, args.out, judge, lambda row_id, reason: {"id": row_id, "action": "error", "policies": [], "error": reason}, label="Checking", fresh=args.fresh
        )  # fmt: skip
    if args.explain and args.side == "input":
        from policies.explain import explain

        print(explain(build_screen(settings, known), [args.text]))
        return 0
    print(json.dumps(judge({"id": "1", "text": args.text}), ensure_ascii=False, indent=2))
    return 0


def _input(screen: Any) -> Any:
    def judge(row: dict[str, Any]) -> dict[str, Any]:
        screening = screen.screen(texts_of(row))
        hits = [{"policy": v.policy, "rule": v.rule, "stage": "input", "score": round(v.score, 3)} for v in screening.fired]
        return {"id": row["id"], "action": "error" if screening.failed else screening.action, "policies": hits}

    return judge


def _output(names: Any, encoder: Any) -> Any:
    from policies.check_output import build_output_guard, check_output

    guard = build_output_guard(names, encoder)

    def judge(row: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(row.get("text"), str):
            raise BadLine('needs "text"')
        passages = row.get("passages")
        if passages is not None and not (isinstance(passages, list) and all(isinstance(p, str) for p in passages)):
            raise BadLine('"passages" must be a list of strings')
        checked = check_output(row["text"], question=row.get("question", ""), passages=passages, guard=guard)
        hits = [{"policy": v.policy, "rule": v.rule, "stage": "output", "score": round(v.score, 3)} for v in checked.hits]
        return {"id": row["id"], "action": checked.action, "policies": hits, "released": checked.released}

    return judge


def table(args: argparse.Namespace) -> int:
    """Print the table of policies."""
    from policies.explain import policy_table

    print(policy_table())
    return 0


def tune(args: argparse.Namespace) -> int:
    """Show the trade-off of each threshold, cross-validated over the examples; with --write put the chosen ones into policies.yaml."""
    from bot.assembly import lexicon
    from knowledge.encoder import load_encoder
    from policies.classifier import EXAMPLES, read_examples
    from policies.training import cross_validated, prepare
    from policies.tuning import curves, write
    from policies.tuning import table as curve_table

    names = lexicon()
    with preparing() as progress:
        progress("reading the examples", 0, 1)
        data = prepare(read_examples(EXAMPLES), load_encoder(Settings().data / "encoder"), names)
        scores = cross_validated(data, names, progress=lambda done, of: progress("cross-validating", done, of))
        found = curves(data.examples, scores, names, progress=lambda done, of: progress("judging", done, of))
    print(curve_table(found))
    if args.write:
        write(found)
        print("written to policies/policies.yaml")
    else:
        print("nothing written; say --write to put the chosen thresholds into policies/policies.yaml")
    return 0
