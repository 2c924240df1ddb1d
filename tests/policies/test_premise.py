"""A question that rests on a known false belief is corrected first; a sound question is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from policies.premise import Premise
from policies.verdict import Encoder, Myth, Verdict
from tests.policies.conversations import corrector, turn

MYTHS = [
    Myth("a#1", "Sugar feeds cancer, so cutting out all sugar will starve it.", "…", "myths-diet"),
    Myth("a#2", "A biopsy makes cancer spread.", "…", "pathology-report"),
    Myth("a#3", "Surgery lets air in, and air makes cancer spread.", "…", "treatment-overview"),
    Myth("a#4", "Hospice means giving up.", "…", "hospice"),
    Myth("a#5", "Men cannot get breast cancer.", "…", "breast"),
]


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> Callable[[str], Verdict]:
    return corrector(MYTHS, encoder)


@pytest.mark.parametrize(
    ("text", "myth"),
    [
        ("Since sugar feeds cancer, which fruits must I cut out?", "a#1"),
        ("Since biopsies make cancer spread, how do I get diagnosed without one?", "a#2"),
        ("Now that air got in during surgery and makes the cancer spread, how fast will it go?", "a#3"),
        ("As men can't get breast cancer, is this lump a cyst?", "a#5"),
    ],
)
def test_an_assumed_belief_is_found(judge: Callable[[str], Verdict], text: str, myth: str) -> None:
    verdict = judge(text)
    assert (verdict.fired, verdict.evidence) == (True, myth) and verdict.rule in ("premise.said", "premise.myth", "premise.stated")


@pytest.mark.parametrize(
    "text",
    [
        "What is a biopsy?",
        "What is hospice?",
        "How is breast cancer treated?",
        "what foods are good during chemo",
        "Can cancer spread to the lungs?",
        "Since I start chemo on Monday, what should I pack?",
    ],
)
def test_a_sound_question_is_left_alone(judge: Callable[[str], Verdict], text: str) -> None:
    assert not judge(text).fired


RESTED_ON = [
    *MYTHS,
    Myth("a#6", "A cancer diagnosis means that it is time for last goodbyes.", "…", "myths-hopeless"),
    Myth("a#7", "Stage 4 means there's nothing they can do.", "…", "myths-hopeless"),
    Myth("a#8", "Everyone on chemo goes bald.", "…", "hair-skin-nails"),
]


@pytest.mark.parametrize(
    ("text", "myth"),
    [
        ("My grandfather was diagnosed with pancreatic cancer on Friday. Which charities help families in the final weeks they have together?", "a#6"),
        ("My aunt was diagnosed with stage 4 bowel cancer in May. We look for a place to spend her last weeks. Who rents cabins by a lake?", "a#7"),
        ("My cousin starts treatment for lymphoma soon, and we are planning a party where she picks her wigs. Which snacks go well with that?", "a#8"),
    ],
)
def test_what_a_question_rests_on_without_saying_it_is_corrected(encoder: Encoder, text: str, myth: str) -> None:
    verdict = corrector(RESTED_ON, encoder)(text)
    assert (verdict.rule, verdict.evidence) == ("premise.frame", myth)


@pytest.mark.parametrize(
    "text",
    [
        "My grandfather was diagnosed with pancreatic cancer on Friday. Which questions should the family bring to the first visit with the surgeon?",
        "Her oncologist told us last week that treatment has stopped working and gave her final weeks. How does hospice at home work for her?",
        "Is hair loss from chemo always permanent, or do most people have it come back after a few months?",
        "Some people with lymphoma need wigs in treatment and some do not, so we are planning for both. Which snacks go well with a visit?",
        "He is going blind in one eye and the family is worried, so we are looking into guide dogs. Which clubs train them here?",
    ],
)
def test_a_story_without_such_a_belief_and_a_question_about_it_are_left_alone(encoder: Encoder, text: str) -> None:
    more = [*RESTED_ON, Myth("a#9", "Eye cancer always means losing the eye or going blind.", "…", "unknown-primary-rare")]
    assert not corrector(more, encoder)(text).fired


@pytest.mark.parametrize(
    "text",
    [
        "How do people on chemo arrange the care of a dog?",
        "Is it safe to drink green tea since I'm on tamoxifen?",
    ],
)
def test_a_question_about_a_thing_is_not_a_belief_about_it(encoder: Encoder, text: str) -> None:
    more = [
        Myth("b#1", "Palliative care means giving up.", "…", "breast-metastatic"),
        Myth("b#2", "The flu shot can give you the flu.", "…", "daily-life"),
        Myth("b#3", "Tamoxifen is worse than the cancer.", "…", "hormone-therapy"),
    ]
    assert not corrector(more, encoder)(text).fired


@pytest.mark.parametrize(
    "text",
    [
        "can i still have sex during treatment",
        "what does it mean when margins are clear",
        "what does remission mean is it the same as cured",
        "can people on chemo get a flu shot",
        "how should we get a flu shot",
        "is sex over after treatment",
        "can you dye your hair with cancer",
    ],
)
def test_an_open_question_or_a_narrower_belief_is_not_met_with_a_correction(encoder: Encoder, text: str) -> None:
    near = [
        Myth("c#5", "Hair dye gave her cancer.", "…", "myths-causes"),
        Myth("c#1", "Sex is over after treatment.", "…", "vulvar-vaginal"),
        Myth("c#2", "Clear margins mean it can never come back.", "…", "pathology-report"),
        Myth("c#3", "Remission means cured, so chemo can stop.", "…", "aml"),
        Myth("c#4", "The flu shot can give you the flu.", "…", "daily-life"),
        *MYTHS,
    ]
    assert not corrector(near, encoder)(text).fired


@pytest.mark.parametrize(
    ("text", "myth"),
    [
        ("is it true that sugar feeds cancer", "a#1"),
        ("does a biopsy make cancer spread", "a#2"),
        ("stage 4 means nothing can be done so who do we call", "a#7"),
        ("¿Es cierto que el azúcar alimenta el cáncer?", "a#1"),
    ],
)
def test_a_question_whether_a_belief_holds_is_answered_by_its_correction(encoder: Encoder, text: str, myth: str) -> None:
    spanish = [replace(m, languages=frozenset({"en", "es"})) for m in RESTED_ON]
    assert corrector(spanish, encoder)(text).evidence == myth


@pytest.mark.parametrize("text", ["are clinical trials only for people with no hope", "are studies only for those who have no hope left"])
def test_a_belief_asked_about_in_other_words_is_answered_by_its_correction(encoder: Encoder, text: str) -> None:
    said = ("trials are only for those with no hope", "studies are for hopeless cases only", "clinical trials are the last straw for people with no hope")
    near = [*RESTED_ON, Myth("t#1", "Trials are only for people with no other hope.", "…", "find-trial", said=said)]
    assert corrector(near, encoder)(text).evidence == "t#1"


@pytest.mark.parametrize(
    "text", ["are clinical trials open to people with stage 1", "what are clinical trials for people with no hope", "can only my doctor find a trial"]
)
def test_a_question_that_does_not_ask_about_it_is_not(encoder: Encoder, text: str) -> None:
    assert not corrector([*RESTED_ON, Myth("t#1", "Trials are only for people with no other hope.", "…", "find-trial")], encoder)(text).fired


def test_without_beliefs_it_is_silent() -> None:
    assert not Premise([]).judge(turn("Since sugar feeds cancer, what now?")).fired
