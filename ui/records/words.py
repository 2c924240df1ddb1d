"""The words of the upload pages by language, sizes as people say them, and the sentence for each refusal."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation import Language
from ui.records.limits import MB
from ui.records.words_en import EN
from ui.records.words_es import ES

WORDS: dict[Language, dict[str, str]] = {"en": EN, "es": ES}
# What people agreed to, by version and language. A change of these words is a new version; the old ones stay, for the receipts that name them.
CONSENT_VERSION = "2026-11"
CONSENTS: dict[str, dict[str, str]] = {CONSENT_VERSION: {str(language): words["consent"] for language, words in WORDS.items()}}


def size_words(size: int) -> str:
    """`3 MB`, `1 GB`, `12 KB`."""
    if size >= 1000 * MB:
        return f"{size / (1000 * MB):.3g} GB"
    return f"{size / MB:.3g} MB" if size >= MB else f"{max(1, round(size / 1024))} KB"


def count_words(words: Mapping[str, str], files: int) -> str:
    """`1 file`, `3 files`."""
    return words["files_1"] if files == 1 else words["files_n"].format(n=files)


def refusal_words(words: Mapping[str, str], code: str, facts: Mapping[str, object]) -> str:
    """The sentence for a refusal; an unknown code says only that something failed."""
    shown = dict(facts)
    if "most" in shown and code in ("file-size", "total-size"):
        shown["most"] = size_words(int(str(shown["most"])))
    shown["looks"] = words["e_looks"].format(looks=shown["looks"]) if shown.get("looks") else ""
    return words.get(f"e_{code}", words["e_broken"]).format_map({"name": "", "most": "", **shown})
