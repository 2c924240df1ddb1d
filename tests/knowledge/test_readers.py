"""Readers: what a person reads on the page is what a passage holds, with its headings and its place."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from knowledge.errors import DocumentError
from knowledge.readers import READERS, read_document
from knowledge.readers.isolated import Isolated
from knowledge.readers.source import Facts, Sidecar
from knowledge.reading import Reading
from knowledge.yaml_lines import FileError
from tests.knowledge.files import leaflet, pdf, zip_bomb


def read(path: Path) -> Reading:
    return READERS[path.suffix](path)


def words(path: Path, name: str, text: str | bytes) -> Path:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


# -- PDF


def test_a_pdf_gives_headings_by_size_and_pages(tmp_path: Path) -> None:
    found = read(leaflet(tmp_path / "ports.pdf"))
    assert found.title == "Ports for treatment"
    assert [(p.path, p.place) for p in found.pieces] == [(("What is a port?",), "page 1"), (("How is a port cared for?",), "page 2")]


def test_a_pdf_paragraph_goes_on_over_the_page_and_running_heads_are_no_text(tmp_path: Path) -> None:
    found = read(leaflet(tmp_path / "ports.pdf"))
    assert found.pieces[0].text == (
        "A port is a small disc under the skin of the chest. Nurses use it to give treatment.\n\n"
        "The port can stay in for months. It is removed when the treatment is over."
    )
    assert not any("leaflet" in p.text or "Page" in p.text for p in found.pieces)


def test_a_scanned_pdf_is_told_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"scan\.pdf: 2 pages without a text layer.*ocrmypdf"):
        read(pdf(tmp_path / "scan.pdf", [[], []]))


def test_a_file_that_is_no_pdf_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"x\.pdf: is damaged or not a PDF"):
        read(words(tmp_path, "x.pdf", b"%PDF-1.4\n" + b"\x00\xff" * 500))


# -- saved pages

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Tiredness - Example Institute</title>
<link rel="canonical" href="https://institute.example.org/tired"><meta property="og:site_name" content="Example Institute">
<meta name="dcterms.issued" content="2025-02-03"></head><body>
<header><a href="/">Start page</a></header><nav><ul><li><a href="/a">Topics</a></li></ul></nav>
<div class="cookie-banner">We use cookies.</div><main><h1>Tiredness</h1><div class="share-bar">Share this</div>
<ul><li><a href="#a">What helps?</a></li><li><a href="#b">Whom to ask</a></li></ul>
<p>Tiredness is <b>common</b> in treatment.</p><script>track()</script>
<h2>What helps?</h2><p>Rest helps.</p><ul><li>Short <a href="/w">walks</a> help too</li><li><p>So does sleep</p></li></ul>
<h3>At work</h3><table><tr><td>Morning</td><td>Plan the day</td></tr></table><div style="display:none">Unseen words</div>
</main><aside>Other pages</aside><footer>Contact</footer></body></html>"""


def test_a_saved_page_keeps_its_text_and_loses_its_frame(tmp_path: Path) -> None:
    found = read(words(tmp_path, "t.html", PAGE))
    assert (found.title, found.organization, found.url, str(found.updated)) == (
        "Tiredness", "Example Institute", "https://institute.example.org/tired", "2025-02-03",
    )  # fmt: skip
    assert [(p.path, p.text) for p in found.pieces] == [
        ((), "Tiredness is common in treatment."),
        (("What helps?",), "Rest helps.\n\n- Short walks help too\n- So does sleep"),
        (("What helps?", "At work"), "- Morning; Plan the day"),
    ]


def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    text = '<meta charset="windows-1252"><main><h1>Caf\u00e9</h1><p>Ma\u00f1ana hay caf\u00e9.</p></main>'
    assert read(words(tmp_path, "t.html", text.encode("cp1252"))).pieces[0].text == "Mañana hay café."
    with pytest.raises(DocumentError, match="UTF-8"):
        read(words(tmp_path, "u.html", text.replace("windows-1252", "nonsense").encode("cp1252")))


# -- Word


def test_a_word_file_gives_headings_lists_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Going home", 0)
    document.add_heading("Before you leave", 1)
    document.add_paragraph("A nurse goes over the plan.")
    document.add_paragraph("Take the card along", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ward", "Third floor"
    document.add_heading("At home", 2)
    document.add_paragraph("Rest on the first day.")
    document.save(str(tmp_path / "home.docx"))
    found = read(tmp_path / "home.docx")
    assert found.title == "Going home"
    assert [(p.path, p.text) for p in found.pieces] == [
        (("Before you leave",), "A nurse goes over the plan.\n\n- Take the card along\n- Ward; Third floor"),
        (("Before you leave", "At home"), "Rest on the first day."),
    ]


def test_a_word_file_that_unpacks_to_far_too_much_is_left_unread(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"bomb\.docx: unpacks to 300 MB"):
        read(zip_bomb(tmp_path / "bomb.docx"))
    with pytest.raises(DocumentError, match=r"x\.docx: is damaged"):
        read(words(tmp_path, "x.docx", b"PK\x03\x04nonsense"))


# -- question-answer pairs


def test_each_pair_is_a_passage_and_a_broken_line_is_named(tmp_path: Path) -> None:
    rows = [
        {"question": "Where is the ward?", "answer": "On the third floor. " * 40, "url": "https://lakeside.example.org/ward"}, {"q": "Open?", "a": "From eight."},
        {"question": "No answer"},
    ]  # fmt: skip
    file = words(tmp_path, "faq.jsonl", "\n".join([json.dumps(rows[0]), "{broken", json.dumps(rows[1]), json.dumps(rows[2])]))
    problems: list[str] = []
    document = read_document(file, "documents", problems=problems)
    assert [p.section for p in document.passages] == ["Where is the ward?", "Open?"]
    assert document.passages[0].evidence[0].source.url == "https://lakeside.example.org/ward"
    assert [problem.split(":")[1] for problem in problems] == ["2", "4"]


def test_a_json_faq_page_is_read(tmp_path: Path) -> None:
    page = {"@type": "FAQPage", "mainEntity": [{"name": "Is parking free?", "acceptedAnswer": {"text": "Yes, for patients."}}]}
    assert read(words(tmp_path, "faq.json", json.dumps(page))).pieces[0].text == "Yes, for patients."
    with pytest.raises(DocumentError, match=r"bad\.json:2: is not JSON"):
        read(words(tmp_path, "bad.json", '{"a":\n nothing}'))


# -- transcripts


def test_a_transcript_keeps_speaker_and_time(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ana Ruiz>A port is a disc.\n\n00:04.000 --> 00:07.000\nIt lies under the skin.\n\n01:04.000 --> 01:07.000\n<v Sam>Does it hurt?\n"
    found = read(words(tmp_path, "talk.vtt", cues))
    assert [(p.place, p.text) for p in found.pieces] == [
        ("0:00:01", "Ana Ruiz: A port is a disc. It lies under the skin."),
        ("0:01:04", "Sam: Does it hurt?"),
    ]
    srt = "1\n00:00:01,000 --> 00:00:04,000\nDR. RUIZ: A port is <i>small</i>.\n"
    assert read(words(tmp_path, "talk.srt", srt)).pieces[0].text == "DR. RUIZ: A port is small."


def test_words_that_are_no_transcript_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"talk\.vtt: "):
        read(words(tmp_path, "talk.vtt", "just words"))


# -- all of them


def test_page_time_and_facts_reach_the_passage(tmp_path: Path) -> None:
    facts = Facts(title="Ports", organization="Lakeside", year=2026, url="https://lakeside.example.org/ports", licence="CC BY 4.0")
    source = read_document(leaflet(tmp_path / "ports.pdf"), "documents", facts=facts).passages[1].evidence[0].source
    assert (source.title, source.organization, source.year, source.place) == ("Ports", "Lakeside", 2026, "page 2")


@pytest.mark.parametrize("name", ["x.md", "x.txt", "x.json", "x.jsonl", "x.vtt", "x.srt"])
def test_a_wrong_encoding_is_refused_not_guessed(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match=rf"{name}: not UTF-8 text \(byte 4\); save it as UTF-8"):
        read(words(tmp_path, name, b"caf  \xe9 and more".replace(b"  ", b" ")))


def test_text_in_utf_16_is_read(tmp_path: Path) -> None:
    assert read(words(tmp_path, "x.txt", "A fever is a sign.\n".encode("utf-16"))).pieces[0].text == "A fever is a sign."


def test_a_file_far_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as out:
        out.truncate(200_000_000)
    with pytest.raises(DocumentError, match=r"big\.txt: 200 MB, at most 50 MB"):
        read_document(tmp_path / "big.txt", "documents")


def test_a_file_that_breaks_its_reader_breaks_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = leaflet(tmp_path / "ports.pdf")
    with Isolated(seconds=60) as isolated:
        assert isolated.read(good).title == "Ports for treatment"
        process = isolated._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(DocumentError, match="broke the program"):
            isolated.read(good)
        assert isolated.read(good).title == "Ports for treatment"
    with Isolated(seconds=0.001) as hurried, pytest.raises(DocumentError, match="took longer than"):
        hurried.read(good)


# -- source.yaml


def test_a_files_own_facts_go_before_the_folders(tmp_path: Path) -> None:
    words(tmp_path, "source.yaml", "organisation: Lakeside\nyear: 2025\nfiles:\n  a.md:\n    year: 2026\n    review_by: 2027-01-31\n")
    sidecar = Sidecar(tmp_path)
    assert (sidecar.facts("a.md").year, str(sidecar.facts("a.md").review_by), sidecar.facts("b.md").year) == (2026, "2027-01-31", 2025)
    assert sidecar.facts("b.md").organization == "Lakeside"
    assert "names 'a.md'" in sidecar.unknown({"b.md"})[0]


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("organization: A\nlicense: B\ntitel: C\n", 3, "unknown key 'titel'"), ("files:\n  a.md:\n    reviewby: 2027-01-01\n", 3, "unknown key 'reviewby'"),
        ("year: soon\n", 1, "year"), ("review_by: 31 January\n", 1, "review_by"), ("url: javascript:x\n", 1, "url"),
    ],
)  # fmt: skip
def test_a_slip_in_source_yaml_is_named_with_its_line(tmp_path: Path, text: str, line: int, wrong: str) -> None:
    words(tmp_path, "source.yaml", text)
    with pytest.raises(FileError, match=wrong) as raised:
        Sidecar(tmp_path)
    assert f"source.yaml:{line}:" in str(raised.value)
