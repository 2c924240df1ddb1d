"""`oncolantern search`: retrieval alone."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bot.settings import Settings
from ui.cli._batch import BatchError, run_batch, texts_of
from ui.cli._show import preparing


def run(args: argparse.Namespace) -> int:
    """Search for a question, or for every line of a batch."""
    if bool(args.batch) != bool(args.out) or bool(args.batch) == bool(args.question) or args.k < 1:
        print("oncolantern search: give a question, or --batch IN.jsonl with --out OUT.jsonl; -k must be 1 or more", file=sys.stderr)
        return 2
    if args.batch and not args.batch.is_file():
        raise BatchError(f"{args.batch}: no such file")
    from bot.assembly import prepare

    with preparing() as progress:
        known = prepare(Settings(), progress)
    if args.collection and args.collection not in known.store.collections():
        raise BatchError(f"no collection {args.collection!r}; there are: {', '.join(known.store.collections()) or 'none'}")
    collections = (args.collection,) if args.collection else None

    def work(row: dict[str, Any]) -> dict[str, Any]:
        found = known.searcher.search(texts_of(row)[-1], collections=collections, k=args.k)
        hits = [
            {"passage_id": h.passage.id, "doc_id": h.passage.doc_id, "section": h.passage.section, "score": h.score, "text": h.passage.text} for h in found.hits
        ]
        return {"id": row["id"], "no_answer": found.no_answer, "hits": hits}

    if args.batch:
        failed = lambda row_id, reason: {"id": row_id, "no_answer": True, "hits": [], "error": reason}  # noqa: E731
        return run_batch(args.batch, args.out, work, failed, label="Searching", fresh=args.fresh)
    print(json.dumps(work({"id": "1", "question": args.question}), ensure_ascii=False, indent=2))
    return 0
