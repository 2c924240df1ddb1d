"""What answers the question stands first; nothing that was not asked follows; a name that compares nothing makes no table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.comparison import compared
from bot.conversation import Answer
from bot.leading import led
from bot.retrieval import PREMISE_HEADINGS
from knowledge.definitions import definitions
from knowledge.passages import Evidence, Passage, SourceRef

SOURCE = SourceRef(title="Bladder", organization="Lakeside")
OTHER = SourceRef(title="Risk", organization="Lakeside")


def passage(section: str, *texts: tuple[str, SourceRef]) -> Passage:
    evidence = tuple(Evidence(text=text, source=source) for text, source in texts)
    return Passage(id="b#0", collection="library", doc_id="b", title="Bladder cancer", section=section, kind="section", evidence=evidence)


WHAT = passage(
    "What is bladder cancer?",
    ("Bladder cancer starts in the lining of the bladder. The lining can be wide.", SOURCE),
    ("Smoking is the main cause of bladder cancer. Age raises the risk too.", OTHER),
)
STAGES = passage(
    "What tests and stages are there?", ("A scan shows the spread.\nStages tell how far it is.\n- Stage I: in the wall.\n- Stage III: in the nodes.", SOURCE)
)


def test_what_answers_comes_first_with_its_own_source_and_nothing_is_lost() -> None:
    first = led(WHAT, "What raises the risk of bladder cancer?")
    assert first.evidence[0].text == "Smoking is the main cause of bladder cancer."
    assert first.evidence[0].source == OTHER
    assert sorted(first.text.split()) == sorted(WHAT.text.split())
    assert led(STAGES, "What does stage 3 bladder cancer mean?").evidence[0].text == "Stage III: in the nodes."


@pytest.mark.parametrize("question", ["What is bladder cancer?", "Where does bladder cancer start?", "Does the lining of the bladder hurt?"])
def test_an_answer_that_stands_at_the_top_stays(question: str) -> None:
    assert led(WHAT, question) is WHAT


def test_a_sentence_never_leads_without_what_it_leans_on() -> None:
    leaning = passage(
        "How is it treated?", ("Surgery takes it out. Drugs help some. Lumpectomy keeps the breast. With it women lived as long as with mastectomy.", SOURCE)
    )
    first = led(leaning, "is lumpectomy as good as mastectomy")
    assert first.text.startswith("Lumpectomy keeps the breast. With it women lived")
    alone = passage("How is it treated?", ("They are many. These help. It works. It is as good as mastectomy.", SOURCE))
    assert led(alone, "is lumpectomy as good as mastectomy") is alone


def test_a_verdict_stays_first() -> None:
    verdict = passage(
        "Is proton therapy better?", ("Not always: it depends. It costs more. Trials go on. A trial found no difference in throat cancer.", SOURCE)
    )
    assert led(verdict, "difference in throat cancer trials") is verdict


@pytest.mark.parametrize(
    "question",
    [
        "What is graft versus host disease?",
        "difference between a radiation mask and a chemo cap",
        "What helps in chronic graft versus host disease?",
    ],
)
def test_what_only_looks_like_a_comparison_is_none(question: str) -> None:
    assert compared(question, definitions) is None


def test_nothing_follows_that_was_not_asked(ask: Callable[..., Answer]) -> None:
    assert [s.heading for s in ask("How is stomach cancer usually treated?").sections] == ["How is stomach cancer treated?"]
    first = ask("What does stage 3 colon cancer mean?").sections[0]
    assert first.markdown.startswith("Stage III: colon cancer has reached nearby lymph nodes.")


@pytest.mark.parametrize(("question", "verdict"), [("Is sex safe during chemo?", "Mostly yes"), ("Does radiation hurt?", "No, radiation itself")])
def test_one_verdict_answers_a_yes_or_no_question(ask: Callable[..., Answer], question: str, verdict: str) -> None:
    sections = [s for s in ask(question).sections if not s.heading.startswith("You may have heard")]
    assert len(sections) == 1
    assert sections[0].markdown.startswith(verdict)


def test_a_belief_that_is_asked_about_is_answered_before_its_section(ask: Callable[..., Answer]) -> None:
    first, section = ask("Does chemo always make your hair fall out?").sections[:2]
    assert first.heading == PREMISE_HEADINGS["en"]
    assert first.markdown.startswith("Some drugs cause no hair loss")
    assert section.heading == "Will I lose my hair on chemo?"
