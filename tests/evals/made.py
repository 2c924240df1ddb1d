"""Sound Answers made by hand through the product's own assembly of Markdown, and ways to break them."""

from __future__ import annotations

from bot.conversation import Answer, BottomLine, Citation, Contact, RecordsUpload, Section, Service
from bot.markdown import whole_answer
from evals.sets import Row

NOTICE = "Oncolantern is an AI, not a person. It gives general facts about cancer, not medical advice. In an emergency, call 911."
DISCLAIMER = "AI-made, for general learning only. This is not medical advice or a diagnosis. Not tied to NCCN, NCI or ACS."
UPLOAD = RecordsUpload(text="Upload your records for guidance specific to YOUR diagnosis", url="/records")
LINE = Contact(name="988 Suicide & Crisis Lifeline", phone="988", text="call or text")
SOURCES = [
    Citation(n=1, title="Immunotherapy", organization="National Cancer Institute", year=2026, url="https://www.cancer.gov/immunotherapy", reviewed="2026-11-01",
             passage_id="immunotherapy#0", quote="Immunotherapy is a treatment that helps the immune system find and fight cancer cells."),
    Citation(n=2, title="HER2-positive breast cancer", organization="National Cancer Institute", year=2025, url="https://www.cancer.gov/her2", reviewed="2026-11-01",
             passage_id="her2#0", quote="About 14 in 100 breast cancers carry too much of the HER2 protein. Trastuzumab is a medicine that blocks HER2."),
]  # fmt: skip
QUESTIONS = ["What kind of cancer is it?", "Which treatments are usual?", "Whom do I call at night?"]
SERVICES = [Service(name="Cancer Information Service", url="https://www.cancer.gov/contact", why="answers questions by phone")]
TEXT = "Immunotherapy helps the immune system find and fight cancer cells. [1] About 14 in 100 breast cancers carry too much HER2. [2] Trastuzumab blocks HER2. [2]"


def row(**parts: object) -> Row:
    """A row of a set."""
    return Row.model_validate({"id": "r1", "question": "What is immunotherapy?", "actions": ["answer"], "tags": ["education"], **parts})


def answer(text: str = TEXT, *, action: str = "answer", heading: str = "What is immunotherapy?", upload_first: bool | None = None, **parts: object) -> Answer:
    """A sound Answer; named parts replace its own before the Markdown is assembled."""
    sections = [Section(heading=heading, markdown=text)]
    values: dict[str, object] = {
        "id": "a1", "question": "What is immunotherapy?", "language": "en", "action": action, "notice": NOTICE, "disclaimer": DISCLAIMER, "sections": sections,
        "questions_to_ask": QUESTIONS, "services": SERVICES, "bottom_line": [BottomLine(status="standard", text="Trastuzumab is a medicine that blocks HER2. [2]")], "citations": SOURCES,
        "records_upload": None if action == "escalate" else UPLOAD, "contacts": [LINE] if action == "escalate" else [],
        "urgency": "crisis" if action == "escalate" else None, "markdown": "", "model": "extractive", "library_version": "v1",
        "created": "2026-11-23T00:00:00+00:00", "timings_ms": {"total": 12.0}, **parts,
    }  # fmt: skip
    a = Answer.model_validate(values)
    markdown = whole_answer(
        language=a.language, notice=a.notice, disclaimer=a.disclaimer, sections=a.sections, bottom_line=a.bottom_line, questions=a.questions_to_ask,
        citations=a.citations, services=a.services, upload=a.records_upload, upload_first=action == "redirect" if upload_first is None else upload_first,
        contacts=a.contacts, contacts_first=action == "escalate",
    )  # fmt: skip
    return a.model_copy(update={"markdown": markdown})


def fixed(action: str, text: str, **parts: object) -> Answer:
    """A fixed reply: one section without a heading, nothing cited."""
    return answer(text, action=action, heading="", citations=[], bottom_line=[], **parts)
