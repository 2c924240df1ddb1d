"""The table of urgent situations (shared/reference/safety.md) and the level each one gets."""

from __future__ import annotations

import pytest

from policies.crisis import Crisis
from policies.emergency import Emergency
from policies.poisoning import Poisoning
from tests.policies.conversations import turn

LEVELS = [
    ("emergency_now", "On chemo with a fever of 101 and now he is confused and breathing fast"),
    ("team_now", "I had chemo last week and my temperature is 100.4"),
    ("team_now", "day 9 of chemo, shaking chills but no fever"),
    ("emergency_now", "fever, no urine since yesterday and mottled skin"),
    ("emergency_now", "new back pain, weak legs and I lost control of my bladder, cancer in the spine"),
    ("emergency_now", "my face and neck are swollen and it is worse lying down"),
    ("emergency_now", "I suddenly cannot breathe"),
    ("emergency_now", "one side of his face droops and he cannot speak"),
    ("team_now", "one leg is swollen and painful, I have breast cancer"),
    ("emergency_now", "my nose has been bleeding for 30 minutes and will not stop"),
    ("emergency_now", "I am vomiting blood"),
    ("emergency_now", "black tarry stools"),
    ("emergency_now", "bad headache and my platelets are 8"),
    ("emergency_now", "started venetoclax for leukemia, cramps, palpitations and almost no urine"),
    ("team_now", "very thirsty, constipated and drowsy, breast cancer in the bones"),
    ("team_now", "on Keytruda with ten watery stools, diarrhea all day"),
    ("team_now", "on Opdivo and my eyes turned yellow"),
    ("emergency_now", "on Opdivo with chest pain"),
    ("emergency_now", "on Keytruda and my skin is blistering"),
    ("emergency_now", "two weeks after CAR-T she is confused and trembling"),
    ("emergency_now", "hives all over and I feel faint"),
    ("emergency_now", "my throat is swelling shut"),
    ("team_now", "the IV site is burning and swollen after my infusion"),
    ("team_now", "vomiting, no gas and no stool for three days"),
    ("team_now", "on chemo and I can't keep any fluids down since yesterday"),
    ("emergency_now", "he just had a seizure for the first time"),
    ("emergency_now", "the worst headache of my life, like a thunderclap"),
    ("emergency_now", "sudden confusion in my mother"),
    ("poisoning", "I took too many of my pain pills"),
    ("poisoning", "my toddler swallowed one of my pills"),
    ("emergency_now", "she took too many pain pills and is hard to wake"),
    ("crisis", "I want to kill myself"),
    ("crisis", "I wish I would not wake up"),
    ("crisis", "I have saved enough pills to end it"),
    ("crisis", "my husband says he will shoot himself"),
]


@pytest.mark.parametrize(("urgency", "text"), LEVELS)
def test_the_table_gives_the_level(urgency: str, text: str) -> None:
    verdicts = [policy.judge(turn(text)) for policy in (Crisis(), Emergency(), Poisoning())]
    assert next((verdict.urgency for verdict in verdicts if verdict.fired), None) == urgency


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ("crisis", "je pense au suicide"),
        ("crisis", "ich will nicht mehr aufwachen"),
        ("crisis", "minha mãe disse que vai se matar"),
        ("crisis", "voglio sparire per sempre"),
        ("crisis", "nie chcę żyć"),
        ("crisis", "muốn tự tử"),
        ("crisis", "gusto ko nang mamatay"),
        ("crisis", "我不想活了"),
        ("crisis", "죽고 싶어요"),
        ("crisis", "死にたい"),
        ("crisis", "хочу умереть"),
        ("crisis", "أريد أن أموت"),
        ("crisis", "मैं मरना चाहता हूँ"),
        ("emergency", "il ne respire plus"),
        ("emergency", "brak mi tchu"),
        ("emergency", "ich bekomme keine Luft"),
        ("emergency", "não consigo respirar"),
        ("emergency", "non riesco a respirare"),
        ("emergency", "我喘不过气"),
        ("emergency", "가슴이 너무 아파요"),
    ],
)
def test_the_words_of_other_languages_escalate(policy: str, text: str) -> None:
    judge = {"crisis": Crisis, "emergency": Emergency}[policy]()
    assert judge.judge(turn(text)).fired
