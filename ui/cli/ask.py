"""`oncolantern ask`: one answer in the terminal, streamed; or a batch of them."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bot.settings import Settings
from ui.cli._batch import BatchError, run_batch, texts_of
from ui.cli._show import preparing, print_markdown


def run(args: argparse.Namespace) -> int:
    """Answer a question, or every line of a batch."""
    if bool(args.batch) != bool(args.out) or bool(args.batch) == bool(args.question):
        print(
            'oncolantern ask: give a question, or --batch IN.jsonl with --out OUT.jsonl; for example: oncolantern ask "What is immunotherapy?"', file=sys.stderr
        )
        return 2
    from bot.assembly import assemble
    from bot.conversation import DoneEvent, Message, ReplaceEvent, SentenceEvent

    if args.batch and not args.batch.is_file():
        raise BatchError(f"{args.batch}: no such file")
    with preparing() as progress:
        assistant = assemble(Settings(), progress, collections=(args.collection,) if args.collection else None, count_gaps=not args.batch)
    if args.batch:

        def work(row: dict[str, Any]) -> dict[str, Any]:
            answer = assistant.ask([Message(content=text) for text in texts_of(row)])
            return {**answer.model_dump(mode="json"), "id": row["id"]}

        def failed(row_id: str, _: str) -> dict[str, Any]:
            return {**assistant.ask([]).model_dump(mode="json"), "id": row_id}

        return run_batch(args.batch, args.out, work, failed, label="Answering", fresh=args.fresh)

    streaming = sys.stdout.isatty() and not args.json
    for event in assistant.stream([Message(content=args.question)]):
        if isinstance(event, SentenceEvent) and streaming:
            sys.stdout.write(event.text)
            sys.stdout.flush()
        elif isinstance(event, ReplaceEvent) and streaming:
            sys.stdout.write("\n\n— The text above is withdrawn; this stands in its place: —\n\n")
        elif isinstance(event, DoneEvent):
            answer = event.answer
            if args.json:
                print(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False, indent=2))
            else:
                if streaming:
                    sys.stdout.write("\n\n" + "─" * 40 + "\n\n")
                print_markdown(answer.markdown)
            return 1 if answer.action == "error" else 0
    return 1
