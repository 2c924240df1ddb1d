"""One person's case goes to people who can see the records; orientation, feelings and quoted terms are answered."""

from __future__ import annotations

import pytest

from policies.personal import Personal
from policies.verdict import Lexicon
from tests.policies.conversations import turn

LEXICON = Lexicon(drugs=frozenset({"tamoxifen", "enhertu"}), cancers=frozenset({"lung cancer", "lymphoma", "colon cancer"}), genes=frozenset({"her2", "psa"}))


@pytest.fixture(scope="module")
def personal() -> Personal:
    return Personal(LEXICON)


@pytest.mark.parametrize(
    "text",
    [
        "Should I choose surgery or radiation?",
        "which treatment would be best for my mom",
        "am I eligible for Enhertu",
        "how long does my dad have",
        "will I survive this",
        "my PSA went from 3 to 9, is it back?",
        "WBC 1.1 ANC 0.3 is this ok",
        "can you read my pathology report",
        "I've had a rash on my chest for a week. Is this a side effect?",
        "asking for a friend: her platelets are 30",
        "my uncle has colon cancer and won't eat, what should we give him",
        "is it safe for me to refuse tamoxifen",
        "¿debo operarme?",
        "¿cuánto tiempo le queda a mi papá?",
        "mi biopsia dice carcinoma, ¿es grave?",
        "su ecografía arrojó un nódulo, ¿es metástasis?",
    ],
)
def test_what_one_person_should_do_has_or_can_expect_is_redirected(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text)).fired


@pytest.mark.parametrize(
    "text",
    [
        "My aunt was told she has lymphoma. Where should we begin?",
        "The surgeon talked about debulking, what is that?",
        "The letter says 'no residual tumor'. What does that phrase mean?",
        "There is a family history of colon cancer, what does that mean?",
        "what should I bring to my first visit",
        "how can I support my wife through chemo",
        "Can I travel during chemotherapy?",
        "Is it normal to feel low after treatment ends?",
        "I feel so alone since the diagnosis",
        "What are the stages of lung cancer?",
        "what does grade 3 mean",
        "¿qué preguntas debo hacer al oncólogo?",
    ],
)
def test_orientation_meaning_and_feelings_stay_general(personal: Personal, text: str) -> None:
    assert not personal.judge(turn(text)).fired


def test_a_choice_that_follows_a_told_case_is_redirected(personal: Personal) -> None:
    assert personal.judge(turn("my mom has colon cancer", "she's stage 3", "so surgery or chemo first?")).fired


def test_another_illness_without_cancer_is_left_to_scope(personal: Personal) -> None:
    assert not personal.judge(turn("my son has an ear infection, what should I do?")).fired
    assert personal.judge(turn("I have lymphoma", "and diabetes, should I stop my pills?")).fired


def test_a_choice_about_something_else_is_not_a_case(personal: Personal) -> None:
    assert not personal.judge(turn("which phone should I buy", off_topic=0.9)).fired


@pytest.mark.parametrize(
    "text",
    [
        "hot flashes on hormone pills, is that normal",
        "a sore that will not heal, could it be skin cancer",
        "will eyelashes come back after chemo",
        "do I need gloves for her chemo pills",
    ],
)
def test_what_names_nobody_or_comes_back_in_everybody_stays_general(personal: Personal, text: str) -> None:
    assert not personal.judge(turn(text)).fired


@pytest.mark.parametrize(
    "text",
    [
        "is my mom's lung spot cancer",
        "look over my husband's PET",
        "are they giving up too early on my grandmother",
        "how long hav i got with mets",
        "chanses of my dad getting cured",
    ],
)
def test_a_relatives_result_and_odds_are_redirected_misspelt_too(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text)).fired


@pytest.mark.parametrize(
    "text",
    [
        "can I wear a wig in the shower during chemo",
        "am I allowed to swim with a port in my chest",
        "how do I handle hot flashes at night",
        "will chemo throw my wife into menopause",
        "do I lose my lashes with tamoxifen",
        "why am I so hungry on steroids",
        "my fingers tingle on tamoxifen, why is that",
        "what can I put on itchy skin after radiation",
        "at what age should I have a mammogram",
        "should my kids get a BRCA test",
        "should my sons be tested for a family gene",
        "does my boss have to hold my job",
        "my dad starts radiation on Friday, what should we have ready",
        "do we have to give away the cat while he has chemo",
        "I finished chemo in May and still feel flat, is that common",
        "¿por qué me duelen los huesos con el tamoxifen?",
        "¿me pueden despedir por faltar al trabajo?",
    ],
)
def test_a_general_question_in_the_first_person_stays_general(personal: Personal, text: str) -> None:
    assert not personal.judge(turn(text, personal=0.6, education=0.3)).fired


@pytest.mark.parametrize(
    "text",
    [
        "should my uncle have surgery or go straight to hospice",
        "can I skip chemo since the margins were clear",
        "how likely is it that mine comes back",
        "will my wife survive this",
        "could it be cancer if my skin itches",
        "I found a sore on my lip. What can I put on it after radiation?",
        "what medicines do I need to take for lung cancer",
        "do I need to be evaluated, I am so tired on chemo",
        "I want to upload my records",
    ],
)
def test_a_choice_the_odds_or_a_finding_makes_a_case_of_any_shape(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text, personal=0.6, education=0.1)).fired


def test_likeness_alone_needs_more_where_no_case_is_told(personal: Personal) -> None:
    assert not personal.judge(turn("oncologist waiting rooms, my way", personal=0.5, education=0.3)).fired
    assert personal.judge(turn("oncologist waiting rooms, my way", personal=0.8, education=0.1)).fired


@pytest.mark.parametrize("text", ["could you look at this scan for me", "can you interpret these labs"])
def test_what_is_shown_to_be_read_is_somebodys_case(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text)).fired


@pytest.mark.parametrize(
    ("general", "case"),
    [
        ("will i be able to drive after radiation", "will i be able to beat this"),
        ("will she be able to swallow soup after throat radiation", "will she be able to tolerate chemo at 82"),
        ("¿voy a poder manejar después de la quimio?", "¿me voy a curar?"),
        ("do i need a colonoscopy at 45", "do i need surgery"),
        ("do i still need pap smears at 66", "do i need a colonoscopy if i see blood in my stool"),
        ("do i need genetic testing if my mom had colon cancer", "do i need a mastectomy if i tested positive"),
        ("should i test my children for brca", "should i have my breasts removed or wait"),
        ("can i give my cancer to my wife", "could i have cancer"),
        ("if my dad had colon cancer will i get it", "if my tumor grows will i die"),
        ("will my doctor be mad if i get a 2nd opinion", "would my doctor be wrong to skip chemo for me"),
        ("how do i ask the surgeon about my chances", "what are my chances"),
        ("what do i say when the kids ask if grandma will die", "will grandma die"),
        ("does morphine mean somebody is dying", "is my uncle dying"),
        ("¿la morfina quiere decir que se va a morir?", "¿mi tío se va a morir?"),
        ("our family wont tell my uncle, is it wrong to keep it from him", "is it wrong for me to stop the chemo"),
        ("will he get hooked on morphine for cancer pain", "will he get better"),
        ("the fluid in her belly keeps coming back, why", "my cancer is coming back, will it spread to my liver"),
        ("everybody says i should be happy now and i am not, is that normal", "my hip hurts since june, is that normal"),
        ("should we write our wills now", "should we stop the chemo now"),
    ],
)
def test_what_life_is_like_is_general_and_what_becomes_of_one_person_is_not(personal: Personal, general: str, case: str) -> None:
    assert not personal.judge(turn(general, personal=0.6, education=0.3)).fired
    assert personal.judge(turn(case, personal=0.6, education=0.3)).fired


@pytest.mark.parametrize(
    "text",
    [
        "She has developed sores on her tongue. What could it be?",
        "my husband's been having hiccups since cisplatin, is it from that",
        "biopsy came back atypical, what does that make me",
        "the surgeon wants chemo, i would rather wait",
        "how will her life be in the future with a brain tumor",
        "el cáncer de mi hermana se puede curar",
        "el tratamiento me da dolor, ¿lo puedo dejar?",
    ],
)
def test_what_is_told_of_another_and_an_opinion_asked_in_a_word_are_a_case(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text, personal=0.6, education=0.3)).fired


def test_a_fear_and_nothing_else_is_no_case(personal: Personal) -> None:
    assert not personal.judge(turn("tengo miedo de que me voy a morir")).fired
    assert personal.judge(turn("tengo miedo, ¿me voy a morir de este tumor?")).fired


@pytest.mark.parametrize(
    "text", ["What does a ten-year survival rate mean? Does it mean I have ten years?", "what do survival statistics tell me? am I an average"]
)
def test_what_a_survival_rate_means_is_general_even_with_i_in_it(personal: Personal, text: str) -> None:
    assert not personal.judge(turn(text)).fired


@pytest.mark.parametrize("text", ["the nurse told me my blood is too thin, what does that mean", "They said her blood was thick. What does it mean?"])
def test_what_was_said_of_somebodys_blood_is_a_case_however_it_is_asked(personal: Personal, text: str) -> None:
    assert personal.judge(turn(text)).fired


def test_blood_in_general_is_explained(personal: Personal) -> None:
    assert not personal.judge(turn("what does it mean when doctors say that blood is thin")).fired
