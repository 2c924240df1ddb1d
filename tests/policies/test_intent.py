"""Greetings, thanks, questions about the assistant and feelings are told from questions; a child is recognised."""

from __future__ import annotations

import pytest

from policies.intent import intent_of, is_minor, without_age
from tests.policies.conversations import turn


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hi there", "greeting"), ("Hola, buenos días", "greeting"), ("thank you so much!", "thanks"), ("gracias", "thanks"), ("ok bye", "question"),
        ("are you a real doctor?", "about_assistant"), ("Are you human?", "about_assistant"), ("who are you", "about_assistant"), ("¿eres una persona?", "about_assistant"),
        ("what can you do?", "about_assistant"), ("how can you help me?", "about_assistant"), ("what can you do for numb feet after Taxol", "question"),
        ("how do you help somebody wash after an operation", "question"), ("what do you do when food tastes of metal", "question"),
        ("are you awake for a lung biopsy", "question"), ("are you conscious during brain radiation", "question"), ("what is this bone scan for", "question"),
        ("can I trust a stool test", "question"),
        ("I'm terrified of the next scan", "distress"), ("me siento muy sola", "distress"), ("I feel so guilty for being tired", "distress"),
        ("I'm scared. What are the side effects of chemo?", "question"), ("hi, what is lymphoma?", "question"), ("what is a biopsy", "question"),
    ],
)  # fmt: skip
def test_what_a_message_is_about(text: str, intent: str) -> None:
    assert intent_of(turn(text)) == intent


@pytest.mark.parametrize(
    "text",
    [
        "i'm 11 and my sister has a tumor",
        "im 15 and nobody tells me anything",
        "I'm 17, when can I play soccer after chemo?",
        "my classmates ask about my wig",
        "tengo 11 años y mi papá tiene cáncer",
        "15 here. what is a bone scan",
        "16f, why does chemo make you bald",
        "just turned 13 n my aunt has lymphoma",
    ],
)
def test_a_child_or_teenager_is_recognised(text: str) -> None:
    assert is_minor(turn(text))


@pytest.mark.parametrize(
    "text",
    [
        "I'm 12 weeks into chemo",
        "I am 45 and scared",
        "my son is 12 and has leukemia",
        "I'm 15 years out from treatment",
        "when I was 14 my mom died",
        "I had 12 nodes removed",
        "I teach and my students are 10",
        "14 year old girl with ewing sarcoma, where do her parents start",
        "I've been clear for 10 years, what is remission",
    ],
)
def test_an_adult_is_not_taken_for_a_child(text: str) -> None:
    assert not is_minor(turn(text))


def test_the_age_of_a_child_is_taken_out_of_what_is_asked() -> None:
    assert without_age("I'm 14, what is leukemia?") == "what is leukemia?"
    assert without_age("I am 45, what is leukemia?") == "I am 45, what is leukemia?"
    assert without_age("I'm 14") == "I'm 14"
