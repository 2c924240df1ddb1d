"""Hand-written turns for states that the real assistant reaches only by accident: slow, failing, one of every action."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from typing import ClassVar

from bot.conversation import (
    Answer,
    BottomLine,
    Citation,
    Contact,
    Detail,
    DoneEvent,
    Event,
    Guideline,
    Message,
    RecordsUpload,
    ReplaceEvent,
    Section,
    SentenceEvent,
    Service,
    StatusEvent,
)  # fmt: skip

_IDS = itertools.count(1)
NOTICE = "AI-generated. General education, not medical advice or a diagnosis."
DISCLAIMER = (
    "This answer was written by an AI and is general education. It can be wrong or out of date: check with your care team, and do not delay, stop or "
    "change treatment because of it. In an emergency call 911. To talk to a person: 1-800-4-CANCER. Not affiliated with NCCN, NCI or ACS."
)
UPLOAD = RecordsUpload(text="Upload your records for guidance specific to YOUR diagnosis", url="/records")


def answer(action: str = "answer", **parts: object) -> Answer:
    """An Answer of the action with everything that has to be there."""
    values: dict[str, object] = {
        "id": f"a{next(_IDS)}", "question": "What is immunotherapy?", "language": "en", "action": action, "notice": NOTICE, "disclaimer": DISCLAIMER,
        "markdown": "", "model": "scripted", "library_version": "1", "created": "2026-11-23T00:00:00Z",
    }  # fmt: skip
    values.update(parts)
    return Answer.model_validate(values)


def full_answer() -> Answer:
    return answer(
        sections=[
            Section(heading="What is immunotherapy?", markdown="Immunotherapy helps your **immune system** find cancer cells and fight them. [1]\n\nThere are several kinds:\n\n- **Checkpoint inhibitors** take a brake off immune cells. [1][2]\n- **CAR T-cell therapy** changes some of a person's own T cells in a lab. [2]"),
            Section(heading="What is it like?", markdown="Most kinds are given through a vein. Side effects can come early or months later, so tell the team about anything new. [2]"),
        ],
        bottom_line=[
            BottomLine(status="standard", text="Part of regular care for several cancers. [1]"),
            BottomLine(status="promising", text="New combinations are being studied in trials. [2]"),
            BottomLine(status="not_recommended", text="“Immune boosting” supplements have not been shown to treat cancer. [2]"),
        ],
        questions_to_ask=["Is immunotherapy used for my kind of cancer?", "Which tests tell whether it may help?", "Which side effects should I report right away?"],
        when_to_call="Call your care team's 24-hour line for a fever of 100.4 °F (38.0 °C) or higher, new shortness of breath, or much more diarrhea than usual.",
        citations=[
            Citation(n=1, title="Immunotherapy to Treat Cancer", organization="National Cancer Institute", year=2026, url="https://www.cancer.gov/about-cancer/treatment/types/immunotherapy", reviewed="2026-11-01", passage_id="immunotherapy#1", quote="Immunotherapy helps the immune system find and fight cancer cells."),
            Citation(n=2, title="T-cell Transfer Therapy", organization="National Cancer Institute", year=2025, url="https://www.cancer.gov/", reviewed="2026-11-01", passage_id="immunotherapy#2", quote="CAR T cells are made from a person's own T cells."),
        ],
        guidelines=[Guideline(title="NCCN Guidelines for Patients: Immunotherapy Side Effects", year=2026, url="https://www.nccn.org/patientresources/")],
        services=[Service(name="Cancer Information Service", url="https://www.cancer.gov/contact", why="Free answers from a person, in English and Spanish", phone="1-800-4-CANCER")],
        records_upload=UPLOAD,
        followups=["What are the side effects of immunotherapy?", "What is a biomarker test?"],
    )  # fmt: skip


def escalation() -> Answer:
    return answer(
        "escalate", urgency="team_now",
        sections=[Section(heading="", markdown="A fever of 100.4 °F (38.0 °C) or higher during treatment can be an emergency. **Call your care team's 24-hour line now.** If you cannot reach them, go to the emergency room.")],
        contacts=[Contact(name="Your care team's 24-hour line", phone="", text="the number on your treatment card"), Contact(name="Emergency services", phone="911", text="if there is confusion, fainting or fast breathing"), Contact(name="988 Suicide & Crisis Lifeline", phone="988", text="call or text")],
    )  # fmt: skip


def redirect() -> Answer:
    return answer(
        "redirect", records_upload=UPLOAD,
        sections=[Section(heading="Stage III in general", markdown="A stage describes how far a cancer has grown. It does not say by itself what a person can expect.")],
        questions_to_ask=["What does my stage mean for my treatment?"],
    )  # fmt: skip


class Scripted:
    """Chooses a turn by a word in the last message: slow, fail, fever, stage; anything else gets the full answer."""

    hurry: ClassVar[threading.Event] = threading.Event()  # set by a test that has seen a slow turn on its way: the rest comes at once
    heard: ClassVar[list[list[str]]] = []  # the messages of every turn, oldest first

    def __init__(self, pause: float = 0.01) -> None:
        self._pause = pause

    def stream(self, messages: Sequence[Message], detail: Detail = "more") -> Iterator[Event]:
        text = messages[-1].content.lower()
        self.heard.append([message.content for message in messages])
        yield StatusEvent(text="searching")
        slow = "slow" in text
        self._wait(0.4 if slow else None)
        if "fever" in text:
            yield DoneEvent(answer=escalation())
            return
        if "my stage" in text:
            yield DoneEvent(answer=redirect())
            return
        yield StatusEvent(text="checking")
        self._wait(0.4 if slow else None)
        yield SentenceEvent(text="## What is immunotherapy?\n\nImmunotherapy helps your **immune system** find cancer cells. [1]")
        if "fail" in text:
            raise RuntimeError("scripted failure")
        for _ in range(12 if slow else 4):
            self._wait(0.2 if slow else None)
            yield SentenceEvent(text=" It is given in several ways, and the team watches for side effects. [2]")
        yield ReplaceEvent(text="Immunotherapy, in short. [1]")
        yield DoneEvent(answer=full_answer())

    def _wait(self, slowly: float | None) -> None:
        if slowly is None:
            time.sleep(self._pause)
        else:
            self.hurry.wait(slowly)

    def ask(self, messages: Sequence[Message], detail: Detail = "more") -> Answer:
        for event in self.stream(messages, detail):
            if isinstance(event, DoneEvent):
                return event.answer
        raise RuntimeError("no answer")
