"""A follow-up is made whole with what the talk is about; a change of subject stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation import Answer, Message
from bot.followup import made_whole
from bot.turn import Assistant


@pytest.mark.parametrize(
    ("earlier", "last", "whole"),
    [
        # asks for what is always something's, though it has a word of its own
        (["Questions about breast cancer."], "What is the survival rate?", "What is the survival rate for breast cancer"),
        (["What is melanoma?"], "what are the stages", "what are the stages of melanoma"),
        (["What is Keytruda?"], "what are the side effects?", "what are the side effects of Keytruda"),
        (["Questions about breast cancer."], "and the side effects?", "the side effects of breast cancer treatment"),
        (["Questions about breast cancer."], "what about for men?", "breast cancer for men"),
        # points back
        (["Questions about breast cancer."], "is it hereditary?", "is breast cancer hereditary"),
        (["What is Keytruda?"], "who pays for it?", "who pays for Keytruda"),
        (["What is Keytruda?"], "does it work for melanoma?", "does Keytruda work for melanoma"),
        (["What is melanoma?"], "its curable?", "is melanoma curable"),
        # swaps the subject
        (["How is ovarian cancer treated?"], "what about cervical cancer?", "How is cervical cancer treated?"),
        (["How is liver cancer treated?"], "and pancreatic?", "How is pancreatic cancer treated?"),
        (["How is liver cancer treated?"], "and immunotherapy?", "immunotherapy for liver cancer"),
        (["How is stomach cancer treated?"], "does chemo help?", "does chemo help for stomach cancer"),
        # over several turns, each thing asked of what it belongs to
        (["What is breast cancer?", "What is melanoma?"], "how is it treated?", "how is melanoma treated"),
        (["What is breast cancer?", "what is a mastectomy?"], "how long is the recovery?", "how long is the recovery for a mastectomy"),
        (["What is breast cancer?", "what is a mastectomy?"], "what is the survival rate?", "what is the survival rate for breast cancer"),
        # Spanish
        (["¿Qué es el cáncer de mama?"], "¿es hereditario?", "es hereditario el cáncer de mama"),
        (["¿Qué es la quimioterapia?"], "¿y los efectos secundarios?", "los efectos secundarios de la quimioterapia"),
        (["¿Cómo se trata el cáncer de colon?"], "¿y el de próstata?", "¿Cómo se trata cáncer de próstata?"),
    ],
)
def test_what_leans_is_made_whole(earlier: list[str], last: str, whole: str) -> None:
    assert made_whole([*earlier, last]) == whole


@pytest.mark.parametrize(
    ("earlier", "last"),
    [
        ("What is breast cancer?", "ok and what is melanoma?"),
        ("What is breast cancer?", "What is chemotherapy?"),
        ("What is Keytruda?", "does sugar feed cancer?"),
        ("What is melanoma?", "How do I talk to my kids about cancer?"),
        ("Tell me about lung cancer", "who can help me pay for treatment?"),
        ("What is lung cancer?", "is it okay to cry?"),
        ("What is breast cancer?", "I feel so alone"),
        ("What is hodgkin lymphoma", "ok thanks. and what is a port?"),
        ("¿Qué es el cáncer de mama?", "¿Qué es la radioterapia?"),
        ("hello", "What is a port?"),
    ],
)
def test_a_change_of_subject_stands_alone(earlier: str, last: str) -> None:
    assert made_whole([earlier, last]) == last


def test_a_question_that_is_nobodys_alone_is_judged_made_whole(assistant: Assistant, ask: Callable[..., Answer]) -> None:
    assert ask("how is it given?").action == "decline"
    answer = assistant.ask([Message(content="What is chemotherapy?"), Message(content="how is it given?")])
    assert answer.action == "answer"
    assert "vein" in answer.markdown
    blocked = assistant.ask([Message(content="What is a good pizza?"), Message(content="how is it given?")])
    assert blocked.action == "decline"
