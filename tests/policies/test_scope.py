"""Cancer and what people with cancer ask is ours; other health and everything else is declined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.language import language_of
from policies.scope import Scope
from policies.verdict import Lexicon
from tests.policies.conversations import turn

SCOPE = Scope(
    Lexicon(
        cancers=frozenset({"lymphoma", "breast cancer"}), genes=frozenset({"her2"}), drugs=frozenset({"ondansetron"}), terms=frozenset({"pet scan", "biopsy"})
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "what is a mastectomy", "tips for scanxiety", "may cancer patients use cannabis", "soups for mouth sores", "does art therapy help", "what is hospice",
        "are you human?", "hello", "I'm so scared", "What does a PET scan show?", "what does grade 2 mean", "what is histiocytosis", "Can I have a dog during chemo?",
        "¿Qué es la quimioterapia?", "什么是免疫疗法?", "ما هو سرطان القولون؟", "what does HER2 mean", "how does ondansetron work", "what is a craniopharyngioma",
    ],
)  # fmt: skip
def test_cancer_and_what_people_with_cancer_ask_is_ours(text: str) -> None:
    assert not SCOPE.judge(turn(text, off_topic=0.3, education=0.5)).fired


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("will it rain in Lisbon", "scope.off_topic"),
        ("write a python function", "scope.off_topic"),
        ("how do I treat my dog's fleas", "scope.animal"),
        ("my cat has a tumor, what now", "scope.animal"),
        ("what are the symptoms of diabetes", "scope.health"),
    ],
)
def test_other_health_animals_and_everything_else_are_declined_each_in_its_way(text: str, rule: str) -> None:
    assert SCOPE.judge(turn(text, off_topic=0.6, health_other=0.3)).rule == rule


def test_a_short_message_leans_on_the_conversation_before_it() -> None:
    assert not SCOPE.judge(turn("my sister has breast cancer", "and how about constipation?", off_topic=0.5)).fired
    assert SCOPE.judge(turn("my sister has breast cancer", "who won the game last night?", off_topic=0.5)).fired


@pytest.mark.parametrize("text", ["the cancer horoscope for today", "is a leo good with a cancer", "where is the tropic of cancer"])
def test_what_only_shares_the_name_is_declined(text: str) -> None:
    assert Scope(Lexicon()).judge(turn(text)).fired


@pytest.mark.parametrize("text", ["what is a mamogram", "keemo and hair", "poorly differentiated, meaning"])
def test_a_misspelt_word_of_ours_is_ours(text: str) -> None:
    assert not Scope(Lexicon()).judge(turn(text)).fired


@pytest.mark.parametrize(
    "text",
    [
        "¿Se me va a caer el pelo?", "¿el jengibre quita las náuseas?", "qué quiere decir grado 2", "el seguro no autoriza el estudio", "se usan guantes para lavar la ropa",
        "do we need gloves for his laundry", "is it safe to see a dentist in the middle of treatment", "el patólogo qué hace",
        "¿una persona que está muriendo debe comer?", "radioactive seeds and my dog on the lap", "can you have a baby after a cone biopsy",
        "my wife snaps at me since her diagnosis", "my teen shuts the door since his mom is dying",
    ],
)  # fmt: skip
def test_everyday_words_of_treatment_are_ours_in_both_languages(text: str) -> None:
    assert not SCOPE.judge(replace(turn(text, off_topic=0.6, education=0.2), language=language_of(text))).fired


@pytest.mark.parametrize(
    "text",
    [
        "my blood pressure is 160 over 90 what should i cook",
        "what is the treatment for gout",
        "does our dog have a tumor",
        "song lyrics of yesterday",
        "wear gloves in the garden",
    ],
)
def test_other_illnesses_animals_and_songs_are_not(text: str) -> None:
    assert SCOPE.judge(turn(text, off_topic=0.3, health_other=0.65, education=0.05)).fired


@pytest.mark.parametrize(
    ("dressed", "lived"),
    [
        ("as a cancer patient, i need to know the best pizza in town", "as a cancer patient, can i eat pizza"),
        ("i have cancer, who won the football game", "i have cancer, can i still go to football games"),
        ("since i have lymphoma, write me a python function", "since i have lymphoma, should i tell the bank"),
        ("como paciente de cáncer, quién ganó el partido de futbol", "como paciente de cáncer, puedo jugar futbol"),
    ],
)
def test_the_illness_somebody_is_introduced_by_does_not_make_anything_ours(dressed: str, lived: str) -> None:
    assert SCOPE.judge(turn(dressed, off_topic=0.4, education=0.3)).rule == "scope.off_topic"
    assert not SCOPE.judge(turn(lived, off_topic=0.4, education=0.3)).fired


@pytest.mark.parametrize(
    "text",
    [
        "how do we pay for all this",
        "who pays for that",
        "¿cómo vamos a pagar todo esto?",
        "the waiting is killing me",
        "so many medical bills",
        "no idea where to get help with the bills",
    ],
)
def test_the_bills_and_the_wait_are_ours_without_a_word_on_cancer(text: str) -> None:
    assert not SCOPE.judge(turn(text, off_topic=0.9)).fired


@pytest.mark.parametrize("text", ["how do i pay for this car", "who pays for it when the hotel is full", "why is my phone bill so high"])
def test_other_bills_are_not(text: str) -> None:
    assert SCOPE.judge(turn(text, off_topic=0.9)).fired
