"""The receipt to keep: what was sent, when, and what was agreed to, as plain text. The PIN is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ui.records.limits import Limits
from ui.records.sniff import KINDS
from ui.records.submission import Details, Status
from ui.records.words import CONSENTS, count_words, size_words

_LINE = "-" * 60


def kept_until(status: Status, limits: Limits) -> str:
    """The day on which a submission goes at the latest: ISO 8601."""
    return (datetime.fromisoformat(status.received) + timedelta(days=limits.keep_days)).date().isoformat()


def receipt_text(status: Status, details: Details, words: Mapping[str, str], limits: Limits, site: str) -> str:
    """Reference, times, each file with its kind, size and SHA-256, and the words of consent. Lines end as every system reads them."""
    lines = [
        site, words["receipt_title"], _LINE, f"{words['reference']}: {status.shown}", f"{words['status_received']}: {_time(status.received)}",
        words["status_until"].format(date=kept_until(status, limits)), "", words["status_count"].format(files=count_words(words, status.files), bytes=size_words(status.bytes)), "",
    ]  # fmt: skip
    for number, file in enumerate(details.files, start=1):
        sent = words["file_added"].format(date=_time(file.added or status.received))
        lines += [f"{number}. {file.name}", f"   {KINDS[file.kind]}, {file.size:,} bytes, {sent}", f"   SHA-256: {file.sha256}", ""]
    consent = CONSENTS.get(details.consent, {}).get(details.language, "")
    lines += [words["receipt_sha"], "", f"{words['receipt_consent']} ({details.consent}):", consent.format(days=limits.keep_days), _LINE, words["receipt_pin"]]
    return "\r\n".join([*lines, ""])


def _time(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC"
