"""Forms of false beliefs: what a message states, who denies or hedges it, and which belief of the library answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.assembly import myths, prepare
from bot.settings import Settings
from policies.corrections import Corrections
from policies.normalise import fold
from policies.premise import Premise
from policies.presupposition import frames
from policies.spoken import clauses, forms, said
from policies.verdict import Myth, Turn


def names(text: str) -> list[str]:
    return [form.name for form in said(text)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dad has a sweet tooth, and the sugar feeds his tumor. Which cake could we bake for him?", "sugar"),
        ("As every kind of chemo makes the hair fall out for everybody, where are good hats sold?", "hair"),
        ("My husband found a lump, but a man cannot have breast cancer. What is it then?", "men_breast"),
        ("When the needle goes into the tumor in a biopsy it spreads the cells. What else is there?", "biopsy"),
        ("How do I keep his cup apart now that he has cancer and I don't want to catch it?", "fear_of_catching"),
        ("El azúcar alimenta el tumor de mi tía. ¿Qué postre le llevo el domingo?", "sugar"),
        ("Como el cáncer se contagia, ¿lavo los platos de mi suegro por separado?", "contagion"),
    ],
)
def test_a_belief_is_known_by_subject_relation_and_direction(text: str, form: str) -> None:
    assert form in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dad has a sweet tooth, and sugar does not feed his tumor. Which cake could we bake for him?",  # denied
        "Some kinds of chemo make the hair fall out, so where are good hats sold in this town?",  # hedged
        "It is a myth that sugar feeds a tumor. Which cake could we bake for my dad with cancer?",  # refuted
        "Does sugar feed a tumor, and should my dad leave out his cake on Sundays?",  # asked
        "El azúcar no alimenta el tumor de mi tía. ¿Qué postre le llevo el domingo?",
        "¿El cáncer se contagia por usar los mismos platos que otra persona?",
        "Our cat tries to catch the laser pointer, and it always gets away. Which toys are better?",  # not about cancer
        "my sister has leukemia and she is so tired is it catching",
    ],
)
def test_what_is_denied_hedged_refuted_or_asked_is_not_said(text: str) -> None:
    assert names(text) == []


def test_a_question_states_its_grounds_and_what_stands_before_it() -> None:
    assert clauses("Since sugar feeds cancer, which fruits must go from our kitchen?") == ("sugar feeds cancer",)
    assert "men can't have it" in clauses("Men can't have it, so what is this lump in his chest?")
    assert clauses("What are the side effects of radiation to the chest wall?") == ()


LIBRARY = [
    Myth("k#1", "Chemo is the only real treatment.", "…", "kidney"),
    Myth("t#1", "Chemo is the only real treatment for cancer.", "…", "treatment-overview", languages=frozenset({"en", "es"})),
    Myth("l#1", "Chemo is the only real option.", "…", "lung-nsclc-metastatic"),
]
ONLY_CHEMO = ("^(?:kidney|lung-nsclc-metastatic): chemo is the only", "^treatment-overview: chemo is the only")


@pytest.mark.parametrize(
    ("plain", "language", "index"),
    [
        ("my aunt has lung cancer", "en", 2),  # its own cancer first
        ("my aunt has bladder cancer", "en", 1),  # never another cancer's
        ("mi tia tiene cancer de pulmon", "es", 1),  # in Spanish what has a translation
    ],
)
def test_a_correction_is_of_this_cancer_and_this_language(plain: str, language: str, index: int) -> None:
    assert Corrections(LIBRARY).best(ONLY_CHEMO, plain, language) == index


def test_without_a_fitting_correction_there_is_none() -> None:
    assert Corrections(LIBRARY[:1]).best(ONLY_CHEMO, "my aunt has bladder cancer", "en") == -1


@pytest.fixture(scope="module")
def library(prepared: Path) -> list[Myth]:
    return myths(prepare(Settings(data=prepared)).store)


def test_every_form_and_frame_has_a_belief_of_the_library(library: list[Myth]) -> None:
    titles = [f"{myth.article}: {fold(myth.belief)}" for myth in library]
    patterns = {pattern for thing in (*forms(), *frames()) for pattern in thing.corrected_by}
    assert [p for p in patterns if not any(re.search(p, title) for title in titles)] == []


def test_a_spanish_question_is_corrected_with_what_stands_in_spanish(library: list[Myth]) -> None:
    verdict = Premise(library).judge(Turn(("t",), ("Como a todos se les cae el pelo con la quimio, ¿dónde compro una peluca?",), language="es"))
    assert verdict.fired and "es" in next(myth for myth in library if myth.id == verdict.evidence).languages
