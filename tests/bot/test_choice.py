"""Which passages an answer is made of: the one that answers first, no more than the question wants, two things side by side as a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.bottom_lines import relevant_lines
from bot.choice import is_closed, is_definition, is_overview, pick, unbidden
from bot.comparison import compare, compared
from bot.conversation import Answer
from bot.extractive import compose
from bot.sources import choose
from knowledge.definitions import definitions
from knowledge.passages import Evidence, Passage, PassageKind, SourceRef
from knowledge.question import Part
from knowledge.search import Hit

SOURCE = SourceRef(title="A page", organization="National Cancer Institute", year=2024)
LONG = "Ports are small discs under the skin that let nurses draw blood and give drips without a new needle stick on every single visit, and " * 2
Ask = Callable[..., Answer]


def passage(position: int, section: str, text: str, kind: PassageKind = "section", doc_id: str = "ports") -> Passage:
    return Passage(
        id=f"{doc_id}#{position}",
        collection="library",
        doc_id=doc_id,
        title="Ports",
        section=section,
        kind=kind,
        evidence=(Evidence(text=text, source=SOURCE),),
    )


def hit(p: Passage, score: float = 1.5, dense: float = 0.7, coverage: float = 1.0) -> Hit:
    return Hit(p, score, dense, 1.0, coverage)


def sections(question: str, *hits: Hit) -> list[str]:
    return [p.section for p in pick(Part(question, question), hits, (), alone=True, brief=False)]


@pytest.mark.parametrize(
    ("question", "overview", "definition", "closed"),
    [
        ("Tell me about ports", True, False, False),
        ("chest ports", True, False, False),
        ("What is a port?", False, True, False),
        ("what does remission mean", False, True, False),
        ("What are the side effects of a port?", False, False, False),
        ("Can a port be taken out?", False, False, True),
        ("ports never get infected, right?", False, False, True),
        ("How long can a port stay in?", False, False, False),
    ],
)
def test_what_a_question_wants_is_read(question: str, overview: bool, definition: bool, closed: bool) -> None:
    assert (is_overview(question), is_definition(question), is_closed(question)) == (overview, definition, closed)


def test_the_section_that_asks_the_same_comes_first() -> None:
    what = hit(passage(0, "What is a port?", LONG), score=1.6)
    relief = hit(passage(1, "What helps with a sore port?", "Cool cloths can ease a sore port, and so can a rest from heavy lifting."))
    assert sections("what helps with a sore port", what, relief)[0] == "What helps with a sore port?"


def test_what_asks_for_something_else_stays_out() -> None:
    effects = hit(passage(0, "What are the side effects of a port?", "Pain and swelling can happen."))
    outlook = hit(passage(1, "What is the survival rate with a port?", "Long."))
    assert sections("What are the side effects of a port?", effects, outlook) == ["What are the side effects of a port?"]


@pytest.mark.parametrize(
    "question",
    [
        "when do people go into hospice?", "what is hospice", "Tell me about hospice", "does hospice help people die at home", "what happens when someone is dying",
        "is it legal to stop chemo", "can a maid help with cleaning during chemo", "¿qué es el hospicio?", "¿cómo ayudo a mi papá, que se va a morir?",
    ],
)  # fmt: skip
def test_help_to_die_is_told_to_nobody_who_does_not_ask_for_it(question: str) -> None:
    hospice = hit(passage(0, "What is hospice, and when does it start?", "Hospice is comfort care for people in their last months of life."))
    aid = hit(
        passage(1, "What is medical aid in dying?", "Medical aid in dying means that a dying adult asks a doctor for medicine. Hospice goes on beside it."),
        score=1.6,
    )
    where = hit(passage(2, "Is it allowed?", "Medical aid in dying is legal in some states. Hospice is found in all of them."), score=1.6)
    assert sections(question, aid, where, hospice) == [hospice.passage.section]
    assert sections(question, aid) == []


@pytest.mark.parametrize(
    "question",
    [
        "what is medical aid in dying", "is assisted suicide legal in California", "how does death with dignity work", "can a doctor help someone die",
        "is there a pill to end your life when you have cancer", "euthanasia and cancer", "What are MAID laws?", "¿dónde es legal la eutanasia?", "¿hay ayuda para morir?",
    ],
)  # fmt: skip
def test_who_asks_for_help_to_die_is_told_of_it(question: str) -> None:
    assert not unbidden(passage(1, "What is medical aid in dying?", "Medical aid in dying means that a dying adult asks a doctor for medicine."), question)


def test_who_pays_does_not_lead_where_nobody_asks_for_money() -> None:
    pays = hit(passage(0, "Does insurance pay for a port?", "Usually yes: most plans pay for a port at any age. " * 3), score=1.7)
    age = hit(passage(1, "At what age can a port be placed?", "Ports are placed in people of any age, from small children on. " * 3), score=1.5)
    assert sections("do children need a port at 5", pays, age)[0] == age.passage.section
    assert sections("does my insurance pay for a port", pays, age)[0] == pays.passage.section


def test_what_is_asked_of_a_stage_comes_before_what_the_stage_is() -> None:
    stages = hit(passage(0, "What tests and stages are there for port cancer?", "Stage two is in the wall. " * 9), score=1.6)
    outlook = hit(passage(1, "What is the outlook with port cancer?", "Most people live for many years. " * 9), score=1.5, coverage=0.3)
    assert sections("survival rate for stage 2 port cancer", stages, outlook)[0] == outlook.passage.section


def test_an_early_stage_is_not_told_the_outlook_of_a_cancer_that_has_spread() -> None:
    early = hit(passage(0, "What is the outlook with early port cancer?", "Most people are cured. " * 12))
    spread = hit(passage(1, "What is the outlook with metastatic port cancer?", "The outlook is serious. " * 12, doc_id="late"), score=1.6)
    assert sections("outlook for stage 1 port cancer", spread, early) == [early.passage.section]
    assert spread.passage.section in sections("outlook for stage 1 port cancer that has spread", spread, early)


def test_a_verdict_with_another_name_in_it_is_narrower_than_the_question() -> None:
    narrow = hit(passage(0, "Does Lynch syndrome run in families?", "Sometimes: an inherited change is one cause. " * 8), score=1.5)
    wide = hit(passage(1, "Do ports run in families?", "Rarely: most have no inherited cause. " * 8), score=1.45)
    assert sections("do ports run in families", narrow, wide)[0] == wide.passage.section


def test_a_thing_is_met_under_its_other_name() -> None:
    every = hit(passage(0, "Which side effects come with which treatment?", "Each treatment has its own. " * 9), score=1.55)
    chemo = hit(passage(1, "What are the side effects of chemo?", "Tiredness is common. " * 9), score=1.5)
    assert sections("common side effects of chemotherapy", every, chemo)[0] == chemo.passage.section


def test_one_item_of_a_heading_is_enough_to_meet_it() -> None:
    list_of = hit(passage(0, "Can I paint my port, wear tight shirts or use cream on it?", "Paint can hurt the skin over it. " * 9), score=1.4)
    near = hit(passage(1, "Will my port be seen under a shirt?", "Not always: some ports can be seen and others not. " * 6), score=1.45)
    assert sections("is it ok to paint my port", near, list_of)[0] == list_of.passage.section


def test_a_verdict_on_something_else_does_not_lead_an_open_question() -> None:
    verdict = hit(passage(0, "Can the place of a port change over the years?", "No, it stays on the side where it was put in. " * 6))
    tells = hit(passage(1, "How do nurses find a port?", "Nurses find a port by feeling for its rim under the skin. " * 6), score=1.4, dense=0.65)
    assert sections("How do nurses know where a port is?", verdict, tells)[0] == tells.passage.section


def test_what_tells_two_other_things_apart_does_not_introduce_a_comparison() -> None:
    question = "what is the difference between a medical oncologist and a surgical oncologist"
    left, right = definitions(question)[:2]
    comparison = compare(question, (left, right), lambda _: [], "en")
    other = hit(passage(0, "What is the difference between a port and a drip?", "Ports and drips differ in how long they stay in. " * 6))
    assert comparison
    part = choose([(Part(question, question), [other])], lambda _: [], comparison=comparison, define=definitions).parts[0]
    assert part.table and not part.sources


def test_a_myth_does_not_stand_for_the_section_that_explains() -> None:
    myth = hit(passage(0, "You may have heard > Ports always hurt", "Most do not.", "heard"), score=1.55)
    section = hit(passage(1, "Does a port hurt?", "Mostly not: the skin is sore for some days."))
    assert sections("does a port hurt", myth, section)[0] == "Does a port hurt?"


def test_a_belief_that_the_question_neither_says_nor_means_is_no_answer() -> None:
    myth = hit(passage(0, "You may have heard > Grandpa got ill because you wore him out", "No.", "heard"), score=1.9, dense=0.5)
    section = hit(passage(1, "What if someone does not want to talk?", "Say that you are ready to listen."), score=1.2, dense=0.5)
    assert not sections("how do I get my husband to open up", myth)
    assert sections("how do I get my husband to open up", myth, section) == ["What if someone does not want to talk?"]


def test_a_definition_is_short_and_an_overview_longer() -> None:
    texts = (
        LONG,
        "Showers and sports are fine once the cut has healed. " * 12,
        "People with many drips ahead, or with thin veins, are offered one by their team. " * 8,
    )
    hits = [
        hit(passage(i, f"{start} a port?", text))
        for i, (start, text) in enumerate(zip(("What is", "How does one live with", "Who may get"), texts, strict=True))
    ]
    assert len(sections("What is a port?", *hits)) < len(sections("Tell me about ports", *hits))


def test_a_name_that_the_library_treats_under_another_is_explained_first() -> None:
    effects = hit(passage(0, "What are the side effects of checkpoint inhibitors?", "Rash and tiredness are common."))
    question = "What are the side effects of Keytruda?"
    picked = pick(Part(question, question), [effects], definitions(question), alone=True, brief=False)
    assert picked[0].section == "What is Keytruda (pembrolizumab)?"
    assert picked[0].evidence[0].source.url
    assert picked[1] is effects.passage


def test_nothing_is_said_twice() -> None:
    first = passage(0, "Does a port hurt?", "The skin over a new port is sore for some days.")
    again = passage(1, "What is life with a port like?", "For some days the skin over the new port is sore. Showers are fine.")
    found = [(Part("port pain", "Port pain"), [hit(first)]), (Part("port life", "Port life"), [hit(again)])]
    text = compose(choose(found, lambda _: []).as_prompt())
    assert text.count("sore") == 1
    assert "Showers are fine." in text


def test_bottom_lines_are_about_the_question_or_few() -> None:
    lines = [
        (passage(9, "Bottom line", ""), Evidence(text=text, source=SOURCE, status="standard"))
        for text in ("Ports are usual for long treatment.", "Ports can be flushed at home.", "Infected ports are taken out.")
    ]
    assert [e.text for _, e in relevant_lines("what if ports get infected", "", lines, 3)] == ["Infected ports are taken out."]
    assert len(relevant_lines("something else", "Showers are fine with a port. Ports can stay for years.", lines, 3)) == 1


def test_a_bottom_line_on_another_operation_does_not_stand_under_the_answer() -> None:
    lines = [
        (
            passage(9, "Bottom line", "").model_copy(update={"title": "Recovery after lung, thyroid or neck surgery"}),
            Evidence(text=text, source=SOURCE, status=status),
        )
        for text, status in (
            ("Speech therapy is usual care after the voice box is removed.", "standard"),
            ("Driving too soon after brain surgery.", "not_recommended"),
        )
    ]
    assert relevant_lines("what helps the week after a lung lobectomy", "Walking helps after lung surgery.", lines, 3) == []


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("MRI vs CT scan", ("MRI", "CT scan")),
        ("What is the difference between ER-positive and triple-negative breast cancer?", None),
        ("how is DCIS different from invasive breast cancer", ("Ductal carcinoma in situ (DCIS)", "Invasive breast cancer")),
        ("which is safer, hospice or palliative care", ("Hospice", "Palliative care")),
        ("¿Cuál es la diferencia entre quimioterapia y radioterapia?", ("Chemotherapy", "Radiation therapy")),
        ("What is the difference between stage 3 and stage 4?", ()),
        ("Do I need chemo and radiation?", ()),
        ("Is surgery safe?", ()),
        ("is chemo the same as immunotherapy", ("Chemotherapy", "Immunotherapy")),
        ("are MRI and CT scan the same thing?", ("MRI", "CT scan")),
        ("are all chemo drugs the same", ()),
    ],
)
def test_two_things_set_against_each_other_are_found(question: str, sides: tuple[str, ...] | None) -> None:
    found = compared(question, definitions)
    if sides is None:
        assert found is not None
        assert found[1].name == "Triple-negative breast cancer"
    else:
        assert tuple(side.name for side in found or ()) == sides


def test_a_comparison_is_a_table_that_passes_the_gate(ask: Ask) -> None:
    answer = ask("radiation versus chemotherapy, what is the difference?")
    table = [line for line in answer.sections[0].markdown.splitlines() if line.startswith("|")]
    assert table[0].count("|") == 4
    assert set(table[1]) <= set("|-")
    assert len(table) > 3
    assert all("[" in row for row in table[2:]), "every row has its sources"
    assert not [p for p in answer.policies if p.stage == "output"]


def test_a_yes_or_no_question_is_answered_in_the_first_words(ask: Ask) -> None:
    answer = ask("Is the machine for outside radiation going to make a person radioactive?")
    first = next(s for s in answer.sections if s.markdown and not s.heading.startswith("First")).markdown
    assert first.startswith(("No", "Usually not"))


def test_a_follow_up_is_about_what_was_talked_about(ask: Ask) -> None:
    answer = ask("What is radiation therapy?", "and the side effects?")
    assert "radiation" in answer.sections[0].heading.lower()
    assert "side effects" in answer.sections[0].heading.lower()


def test_a_section_whose_heading_asks_the_question_comes_before_one_that_holds_more_of_its_words() -> None:
    words = hit(passage(0, "What should people know about a port at home?", LONG), score=1.6)
    asks = Hit(passage(1, "Do ports leak?", "Seldom: a port is closed by a thick skin of rubber."), 1.5, 0.7, 1.0, 0.3, headed=0.85)
    assert sections("does it matter if I lie on the port", words, asks)[0] == "Do ports leak?"
    assert sections("does it matter if I lie on the port", words, Hit(asks.passage, 1.5, 0.7, 1.0, 0.3))[0] == words.passage.section


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Is myeloma contagious?", "cannot catch cancer"),
        ("can kidney cancer be caught, is it contagious", "cannot catch cancer"),
        ("Is the risk of cervical cancer raised by HPV?", "HPV"),
        ("Is stomach cancer caused by stress?", "stress"),
    ],
)
def test_what_is_so_of_any_cancer_answers_for_one(ask: Ask, question: str, says: str) -> None:
    answer = ask(question)
    assert says in answer.sections[0].markdown


def test_a_level_of_something_is_no_definition_and_a_low_dose_scan_is_one() -> None:
    assert not any(
        is_definition(q) for q in ("what does a high PSA mean besides cancer", "What does low hemoglobin mean?", "qué significa tener las plaquetas bajas")
    )
    assert all(is_definition(q) for q in ("What is PSA?", "What is low-dose CT?"))
