"""What points at a person goes; what belongs to medicine stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.identifiers import Identifiers, mask, only_identifiers
from policies.verdict import Lexicon
from tests.policies.conversations import turn


@pytest.mark.parametrize(
    ("text", "gone", "kind"),
    [
        ("I'm Jane Doe, what is DCIS?", "Jane Doe", "name"),
        ("hi im jane doe", "jane doe", "name"),
        ("my name is olga petrova and i have GIST", "petrova", "name"),
        ("MY NAME IS JANE DOE", "JANE DOE", "name"),
        ("Dr. Patel said the margins are clear", "Patel", "name"),
        ("Mrs. O'Brien here", "O'Brien", "name"),
        ("Me llamo Ana García López y tengo cáncer", "García", "name"),
        ("la Dra. Ramírez me dijo", "Ramírez", "name"),
        ("My husband Robert has GIST", "Robert", "name"),
        ("Jane Doe, 54F, T2N1 breast", "Jane Doe", "name"),
        ("DOB 04/12/1961", "04/12/1961", "date_of_birth"),
        ("nací el 14 de marzo de 1962", "14 de marzo", "date_of_birth"),
        ("MRN 00482913", "00482913", "record_number"),
        ("my insurance ID XJH889213", "XJH889213", "record_number"),
        ("NHS number 943 476 5919", "943 476", "record_number"),
        ("passport number X1234567", "X1234567", "record_number"),
        ("medicare 1EG4-TE5-MK73", "1EG4", "record_number"),
        ("SSN 123-45-6789", "123-45-6789", "ssn"),
        ("card 4111 1111 1111 1111", "4111", "card"),
        ("call 555-201-8890", "201-8890", "phone"),
        ("mi teléfono es 612 345 678", "612 345 678", "phone"),
        ("reach me on +44 20 7946 0958", "7946", "phone"),
        ("pat@example.com", "pat@", "email"),
        ("jane at gmail dot com", "gmail", "email"),
        ("I live at 12 Oak Street, Springfield, IL 62704", "Oak", "address"),
        ("vivo en Calle Mayor 12, 28013 Madrid", "Mayor 12", "address"),
        ("https://portal.example.org/r?token=abc123def", "abc123def", "url"),
    ],
)
def test_an_identifier_is_masked(text: str, gone: str, kind: str) -> None:
    masked = mask(text)
    assert gone not in masked.text
    assert kind in masked.kinds
    assert mask(masked.text).text == masked.text


@pytest.mark.parametrize(
    "text",
    [
        "Hodgkin, non-Hodgkin, Kaposi, Ewing, Wilms, Paget, Merkel and Burkitt",
        "Dr. Gleason gave us the Gleason score 4+3=7",
        "I'm Stage 4, HER2 positive, BRCA1",
        "I'm Hispanic and I'm Catholic",
        "I Am So Tired Of This And My Mom Has Breast Cancer",
        "this is Breast Cancer awareness month",
        "My dad Hodgkin lymphoma",
        "My name is hard to spell",
        "also called Ewing sarcoma; se llama linfoma de Hodgkin",
        "PSA 4.1, CA-125 35, platelets 150000, ANC 1200, cells 1500000",
        "T2N1M0, grade group 2, ICD C50.911, NCT01234567",
        "my scan is on 12/05/2026 and the last was 03/14/2024",
        "call 988 or 911 or 1-800-4-CANCER or 1-800-222-1222",
        "St. Jude, Dana-Farber, MD Anderson, Johns Hopkins, Susan G. Komen",
        "the doctor said; Dr said no; doctor appointment tomorrow",
        "my plan is 12345 dollars",
        "born in 1962",
    ],
)
def test_medicine_is_never_masked(text: str) -> None:
    assert mask(text).text == text


def test_words_of_the_lexicon_are_no_names() -> None:
    lexicon = Lexicon(cancers=frozenset({"askin rosai tumor"}))
    assert mask("my doctor, Dr. Askin", Lexicon()).kinds == ("name",)
    assert mask("my doctor, Dr. Askin", lexicon).kinds == ()


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("my number is 555-201-8890 call me about my biopsy", True),
        ("SSN 123-45-6789 upload my records please", True),
        ("mi teléfono es 612 345 678 llámenme por favor", True),
        ("Hi, I'm Jane", False),
        ("I'm Jane Doe, what is DCIS?", False),
        ("what is DCIS?", False),
        ("my email is pat@example.com, explain lymphedema", False),
    ],
)
def test_a_message_of_nothing_but_an_identifier_is_told(text: str, only: bool) -> None:
    assert only_identifiers(text) is only


def test_the_evidence_names_kinds_and_never_the_value() -> None:
    verdict = Identifiers().judge(turn("I'm Jane Doe, MRN 00482913"))
    assert verdict.fired
    assert verdict.evidence == "name, record_number"
