"""`oncolantern feedback`: what people thought of the answers; counts by topic and action, reasons, and words given with consent."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys

from bot.settings import Settings
from ui.feedback import Feedback, library_topics


def run(args: argparse.Namespace) -> int:
    """Print the counts, or all as JSON."""
    feedback = Feedback(Settings().data, library_topics())
    try:
        totals, reasons, comments = feedback.totals(), feedback.reasons(), feedback.comments()
    except sqlite3.Error as error:
        print(f"oncolantern: cannot read the counts ({error}); is ONCOLANTERN_DATA the server's data folder?", file=sys.stderr)
        return 1
    keys = ("topic", "action", "helpful", "reason")
    if args.json:
        counted = [dict(zip(keys, (*key, ""), strict=False)) | {"times": times} for key, times in sorted(totals.items())]
        why = [dict(zip(keys, key, strict=True)) | {"times": times} for key, times in sorted(reasons.items())]
        print(json.dumps({"counts": counted, "reasons": why, "comments": comments}, ensure_ascii=False, indent=1))
        return 0
    if not totals:
        print("Nobody has said anything yet.")
        return 0
    print(f"{'topic':<34}{'action':<12}{'helpful':>8}{'not':>6}")
    for topic, action in sorted({key[:2] for key in totals}):
        print(f"{topic:<34}{action:<12}{totals.get((topic, action, True), 0):>8}{totals.get((topic, action, False), 0):>6}")
    for (topic, action, helpful, reason), times in sorted(reasons.items(), key=lambda item: -item[1]):
        print(f"{times:>4} × {reason} ({'helpful' if helpful else 'not helpful'}; {topic}, {action})")
    for comment in comments:
        print(f"{comment['day']}  {'helpful' if comment['helpful'] else 'not helpful'}; {comment['topic']}, {comment['action']}: {comment['text']}")
    return 0
