"""A name that stands nowhere is told, with the known name that it looks like; ordinary unknown words, slips and known names are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation import Answer
from knowledge import catalogs
from knowledge.asks import load_asked
from knowledge.encoder import OnnxEncoder
from knowledge.search import Searcher
from knowledge.store import Store
from knowledge.strange import nearest, strange_names


@pytest.fixture(scope="module")
def searcher(prepared: Path, encoder: OnnxEncoder) -> Searcher:
    return Searcher(Store(prepared / "store"), encoder, catalogs, load_asked(encoder))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is mavolatinib?", "mavolatinib"),
        ("is the pill drenzuparib used for ovarian cancer", "drenzuparib"),
        ("Does the Ostrander diet cure bladder cancer?", "Ostrander"),
        ("what did the HARVESTMOON-5 trial show for kidney cancer", "HARVESTMOON-5"),
        ("what does the QLM4 gene do in lung cancer", "QLM4"),
        ("What are the side effects of Corvantelix?", "Corvantelix"),
        ("somebody talked about a drug called fimbrosta for melanoma", "fimbrosta"),
        ("¿Qué es el mavolatinib?", "mavolatinib"),
    ],
)
def test_a_name_that_stands_nowhere_has_no_answer(searcher: Searcher, question: str, name: str) -> None:
    found = searcher.search(question)
    assert found.no_answer
    assert found.unknown == (name,)


@pytest.mark.parametrize(
    "question",
    [
        "how does Kytruda work",
        "What is lymfoma?",
        "What Are The Signs Of Laryngeal Cancer?",
        "My friend Tereza has breast cancer. How can I help?",
        "Is it safe to drink Gatorade during chemo?",
        "what does the KRAS G12C mutation mean in lung cancer",
        "IS TAMOXIFEN USED FOR BREAST CANCER",
        "What does stage T2N1M0 mean?",
        "Is Drymoutholine good for dry mouth from radiation?",
        "what is the Whipple procedure",
        "does Wi-Fi cause cancer",
        "did the KEYNOTE-756 trial change breast cancer treatment",
    ],
)
def test_known_names_slips_and_plain_words_are_answered(searcher: Searcher, question: str) -> None:
    found = searcher.search(question)
    assert found.unknown == ()
    assert not found.no_answer


def test_the_reply_names_what_is_unknown_and_what_may_be_meant(ask: Callable[..., Answer]) -> None:
    answer = ask("What is osimertanab?")
    assert answer.action == "no_answer"
    assert "“osimertanab”" in answer.markdown
    assert "osimertinib" in answer.markdown
    assert "{" not in answer.markdown


def test_only_what_is_written_as_a_name_counts() -> None:
    nothing = lambda word: False  # noqa: E731
    assert strange_names("can my fridge hold smoothies", nothing) == ([], [])
    assert strange_names("what is zolvexib", nothing) == (["zolvexib"], [])
    assert strange_names("se puede sobrevivir y para qué va a servir el zolvexivir", nothing)[0] == ["zolvexivir"]
    assert strange_names("what is zolvexib", lambda word: word == "zolvexib") == ([], [])
    # A capital that only begins a sentence names nothing; the one after “Dr.” does.
    assert strange_names("We are home. Grumfat test came back", nothing) == ([], [])
    assert strange_names("we saw Dr. Grumfat test her", nothing) == (["Grumfat"], [])
    assert strange_names("is Sorvexa good for dry skin", nothing) == ([], ["Sorvexa"])
    assert nearest("velatrimab", ["morphine"]) is None
