"""The policy "disclosure": an answer without its required parts is found, in every state."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from policies.disclosure import check_answer

NOTICE = "This is an AI. It gives general facts, not medical advice."
DISCLAIMER = "AI-made. Ask your care team."


def answer(**changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "action": "answer",
        "language": "en",
        "notice": NOTICE,
        "disclaimer": DISCLAIMER,
        "citations": [{"n": 1}],
        "bottom_line": [{"text": "x"}],
    }
    parts["markdown"] = f"{NOTICE}\n\nWords. [1]\n\n{DISCLAIMER}"
    return parts | changes


@pytest.mark.parametrize("action", ["answer", "redirect", "block", "decline", "no_answer", "error"])
def test_a_whole_answer_passes(action: str) -> None:
    assert not check_answer(answer(action=action)).fired


def test_an_escalation_has_contacts_and_no_upload() -> None:
    assert check_answer(answer(action="escalate")).rule == "disclosure.contacts"
    assert check_answer(answer(action="escalate", contacts=[{"phone": "911"}], records_upload={"url": "x"})).rule == "disclosure.no_upload_in_escalation"
    assert not check_answer(answer(action="escalate", contacts=[{"phone": "911"}])).fired


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"notice": ""}, "notice"),
        ({"disclaimer": None}, "disclaimer"),
        ({"markdown": f"Words.\n\n{DISCLAIMER}"}, "notice_shown"),
        ({"markdown": f"{NOTICE}\n\nWords."}, "disclaimer_shown"),
        ({"action": "shrug"}, "action"),
        ({"citations": []}, "citations"),
        ({"notice": "Hello.", "disclaimer": "Bye.", "markdown": "Hello. Bye."}, "notice_says_ai"),
        ({"notice": "I am an AI.", "disclaimer": "Bye.", "markdown": "I am an AI. Bye."}, "notice_says_no_advice"),
    ],
)
def test_a_missing_part_is_named(changes: dict[str, Any], missing: str) -> None:
    assert check_answer(answer(**changes)).rule == f"disclosure.{missing}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_products_own_wording_passes(language: str) -> None:
    folder = resources.files("policies") / "replies" / language
    notice, disclaimer = ((folder / f"{name}.md").read_text(encoding="utf-8").strip() for name in ("notice", "disclaimer"))
    assert not check_answer(answer(language=language, notice=notice, disclaimer=disclaimer, markdown=f"{notice}\n\n{disclaimer}")).fired


def test_odd_parts_count_as_missing_and_never_raise() -> None:
    assert check_answer({}).fired
    assert check_answer(answer(notice=7, markdown=None)).fired
