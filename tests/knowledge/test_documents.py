"""The operator's documents as a whole: names, faults that do not stop the rest, versions, and a reader that never sees halves."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.encoder import OnnxEncoder
from knowledge.errors import KnowledgeError
from knowledge.ingest import ingest
from knowledge.listing import listing
from knowledge.passages import Passage
from knowledge.plan import make_plan
from knowledge.store import Store
from knowledge.versions import diff, present_version, versions
from tests.knowledge.files import leaflet, pdf, zip_bomb
from tests.knowledge.test_ingest import seen, write


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


class Untouchable:
    """An encoder that must not be needed."""

    def encode(self, texts: list[str]) -> object:
        raise AssertionError("nothing changed, yet texts were encoded")


def test_files_of_the_same_name_are_all_kept_apart(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "one", "intro", "fever")
    write(tmp_path / "two", "intro", "ports")
    (tmp_path / "one" / "intro.txt").write_text("People ask about scans.\n")
    ingest(store, encoder, [tmp_path / "one"], "own")
    report = ingest(store, encoder, [tmp_path / "two"], "own")
    assert (report.added, report.changed) == (1, 0)
    assert set(store.documents("own")) == {"intro", "intro.txt", "two/intro"}
    assert make_plan(store, [tmp_path / "one", tmp_path / "two"], "own").empty


def test_a_moved_file_keeps_its_name(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    old = write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    (tmp_path / "docs" / "sub").mkdir()
    old.rename(tmp_path / "docs" / "sub" / "a.md")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert (report.added, report.changed, report.removed) == (0, 1, 0)
    assert store.count("own") == 2


def test_nothing_to_do_touches_neither_encoder_nor_chroma(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    (tmp_path / "docs" / "scan.pdf").parent.mkdir(exist_ok=True)
    pdf(tmp_path / "docs" / "scan.pdf", [[]])
    ingest(store, encoder, [tmp_path / "docs"], "own")
    again = Store(tmp_path / "store")
    report = ingest(again, Untouchable(), [tmp_path / "docs"], "own")  # type: ignore[arg-type]
    assert (report.unchanged, report.failed) == (1, 1)
    assert "without a text layer" in report.problems[0]
    assert not again.chroma.opened


def test_hostile_files_are_one_clear_line_each_and_the_rest_goes_on(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    write(docs, "good", "fever")
    leaflet(docs / "ports.pdf")
    (docs / "evil.pdf").write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\ntrailer << /Root 1 0 R >>\n" + b"\x9c" * 4000)
    zip_bomb(docs / "bomb.docx")
    with (docs / "huge.txt").open("wb") as out:
        out.truncate(200_000_000)
    (docs / "latin.txt").write_bytes(b"caf\xe9 words")
    (docs / "binary.txt").write_bytes(bytes(range(128)) * 50)
    (docs / "rows.jsonl").write_text('{"question": "Open?", "answer": "From eight."}\n{broken\n')
    (docs / "deep.json").write_text("[" * 100_000)
    (docs / "deep.html").write_text("<div>" * 50_000 + "words")
    report = ingest(store, encoder, [docs], "own")
    told = {problem.split(":")[0] for problem in report.problems}
    assert told >= {"evil.pdf", "bomb.docx", "huge.txt", "latin.txt", "binary.txt", "rows.jsonl", "deep.json"}
    assert all("\n" not in problem for problem in report.problems)
    assert {"good", "ports", "rows"} <= set(store.documents("own"))


def test_a_changed_file_that_cannot_be_read_leaves_its_earlier_version(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    path = write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    path.write_bytes(b"caf\xe9")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert report.failed == 1
    assert store.count("own") == 2


def test_a_broken_source_yaml_is_told_once_and_changes_nothing(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    write(tmp_path / "docs", "b", "ports")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    (tmp_path / "docs" / "source.yaml").write_text("titel: x\n")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert len(report.problems) == 1
    assert report.problems[0].startswith("docs/source.yaml:1: unknown key 'titel'")
    assert store.count("own") == 4


def test_a_change_of_one_files_facts_reads_that_file_alone(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    write(tmp_path / "docs", "b", "ports")
    sidecar = tmp_path / "docs" / "source.yaml"
    sidecar.write_text("organization: Lakeside\n")
    ingest(store, encoder, [tmp_path / "docs"], "own")
    sidecar.write_text("organization: Lakeside\nfiles:\n  a.md:\n    review_by: 2026-01-31\n")
    report = ingest(store, encoder, [tmp_path / "docs"], "own")
    assert (report.changed, report.unchanged) == (1, 1)
    entries = {e.doc_id: e for e in listing(store)}
    assert entries["a"].review_by == "2026-01-31"
    assert entries["b"].organization == "Lakeside"


def test_versions_are_recorded_and_compared(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    write(tmp_path / "docs", "b", "ports")
    ingest(store, encoder, [tmp_path / "docs"], "documents")
    old = present_version(store, ("library", "documents"))
    path = tmp_path / "docs" / "a.md"
    path.write_text(path.read_text().replace("The team explains", "The nurse explains") + "\n## What else?\n\nMore of it.\n")
    (tmp_path / "docs" / "b.md").unlink()
    write(tmp_path / "docs", "c", "scans")
    ingest(store, encoder, [tmp_path / "docs"], "documents")
    new = present_version(store, ("library", "documents"))
    assert [v.name for v in versions(store)] == [new, old]
    changes = {c.doc_id: c for c in diff(store, old, new[:6])}
    assert {d: c.kind for d, c in changes.items()} == {"a": "changed", "b": "removed", "c": "added"}
    assert (changes["a"].changed, changes["a"].added, changes["a"].removed) == (("Why fever?",), ("What else?",), ())
    with pytest.raises(KnowledgeError, match="no library version 'ffffffff'"):
        diff(store, "ffffffff", new)


READER = """
import sys
from pathlib import Path
from knowledge.encoder import load_encoder
from knowledge.search import Searcher
from knowledge.store import Store
base = Path(sys.argv[1])
searcher = Searcher(Store(base / 'store'), load_encoder(base / 'enc'))
mixed, old, new = 0, 0, 0
while new < 5:
    found = searcher.search('what does the team explain about it', collections=['own'], k=80)
    kinds = {'new' if 'altered' in h.passage.text else 'old' for h in found.hits}
    mixed += len(kinds) > 1
    old += kinds == {'old'}
    new += kinds == {'new'}
    if old == 1:
        print('ready', flush=True)
print(mixed, old, new, flush=True)
"""


def test_another_process_that_searches_meanwhile_sees_a_generation_whole_or_not_at_all(encoder_folder: Path, tmp_path: Path) -> None:
    from knowledge.encoder import load_encoder

    shutil.copytree(encoder_folder, tmp_path / "enc")
    own = load_encoder(tmp_path / "enc")
    store = Store(tmp_path / "store")
    for number in range(24):
        write(tmp_path / "docs", f"doc{number}", f"subject {number}")
    ingest(store, own, [tmp_path / "docs"], "own")
    with subprocess.Popen([sys.executable, "-c", READER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(24):
            write(tmp_path / "docs", f"doc{number}", f"altered subject {number}")
        ingest(store, own, [tmp_path / "docs"], "own")
        mixed, old, new = (int(n) for n in reader.communicate(timeout=120)[0].split())
    assert (mixed, new) == (0, 5)
    assert old >= 1
    assert all("altered" in text for text in seen(store))


def test_one_search_stays_in_its_generation(store: Store, encoder: OnnxEncoder, tmp_path: Path) -> None:
    write(tmp_path / "docs", "a", "fever")
    ingest(store, encoder, [tmp_path / "docs"], "own")

    def passages(where: Store) -> list[Passage]:
        return [row.passage for row in where.by_document("own", "a")]

    with store.snapshot():
        before = passages(store)
        write(tmp_path / "docs", "a", "ports")
        ingest(Store(tmp_path / "store"), encoder, [tmp_path / "docs"], "own")
        assert passages(store) == before
    assert passages(store) != before
