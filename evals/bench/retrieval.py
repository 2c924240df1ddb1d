"""How well search finds: shared/data's documents and questions, real queries on absent topics, the library's own questions.

    python -m evals.bench.retrieval [--shared DIR] [--large N] [--keep DIR] [--out FILE]

First how fast: passages a second, milliseconds of a search at the size of a corpus and at N synthetic passages (evals/bench/_scale.py), embedded
and against a Chroma server; written to retrieval.md with the machine described. Then how well; that is only printed.
With --keep the stores stay in a folder, and a run that was cut off goes on where it stopped.

The right answer's passage is a section of the right document whose heading belongs to a section with the question's id; in an
equally relevant document, to a section of the same question type. Ids and types are never written into the documents.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from evals.bench._measure import load, machine
from evals.bench._shared import rows, shared_folder
from evals.figures import Share, percentile
from evals.sets import library_sets

Row = dict[str, Any]
RESULTS = Path(__file__).parent / "retrieval.md"
CORPORA = {"cancergov": "retrieval_cancergov.dev", "nih_other_cancer": "retrieval_nih_other_cancer.dev"}


def main() -> int:
    """Ingest, search, print."""
    parser = argparse.ArgumentParser(description="Retrieval figures over measuring data.")
    parser.add_argument("--large", type=int, default=100_000, metavar="N", help="passages of the large synthetic store, 0 for none (default: %(default)s)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the stores there, and go on with what an earlier run made there")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE", help="where the figures of speed go (default: evals/bench/retrieval.md)")
    shared = shared_folder("", parser)
    args = parser.parse_args()
    from bot.assembly import add_documents, prepare

    before = load()
    with nullcontext(args.keep) if args.keep else tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        settings = Settings(data=Path(folder) / "data")
        prepare(settings)
        documents: dict[str, dict[str, Row]] = {}
        taken: list[tuple[str, int, float, float]] = []
        for corpus in CORPORA:
            documents[corpus] = {d["doc_id"]: d for d in rows(shared, f"corpus_{corpus}")}
            place = Path(folder) / corpus
            write_documents(documents[corpus].values(), place)
            busy, started = time.process_time(), time.perf_counter()
            report = add_documents(settings, [place], corpus)
            seconds, cpu = time.perf_counter() - started, time.process_time() - busy
            taken += _measured(Path(folder) / f"{corpus}.json", (corpus, report.passages, seconds, cpu), whole=not report.unchanged)
            print(f"{corpus}: {report.added} documents, {report.passages} passages in {seconds:.0f} s, {len(report.problems)} problems")
        known = prepare(settings)
        asked = [row["question"] for row in rows(shared, CORPORA["cancergov"])]
        text = _speed(settings, taken, asked, args.large, before)
        print(text)
        args.out.write_text(text, encoding="utf-8")
        for corpus, questions in CORPORA.items():
            _questions(known.searcher, corpus, documents[corpus], rows(shared, questions))
        _real_queries(known.searcher, rows(shared, "retrieval_realqueries.dev"))
        _library(prepare(Settings(data=Path(folder) / "own")).searcher, "in a store of their own, as the product starts")
        _library(known.searcher, "beside all the passages above")
    return 0


def _measured(path: Path, now: tuple[str, int, float, float], *, whole: bool) -> list[tuple[str, int, float, float]]:
    """The figures of an ingest that did all of a corpus in one go, this run's or an earlier one's in the same folder; none of a part."""
    if whole:
        path.write_text(json.dumps(now), encoding="utf-8")
    if not path.is_file():
        return []
    corpus, passages, seconds, cpu = json.loads(path.read_text(encoding="utf-8"))
    return [(str(corpus), int(passages), float(seconds), float(cpu))]


def _speed(settings: Settings, taken: Sequence[tuple[str, int, float, float]], questions: Sequence[str], large: int, before: str) -> str:
    """The figures of speed as Markdown."""
    from evals.bench._scale import speeds
    from knowledge import catalogs
    from knowledge.encoder import load_encoder
    from knowledge.store import Store

    # No memory of what was encoded: every question costs what a new one costs.
    encoder = load_encoder(settings.data / "encoder")
    found = speeds(Store(settings.data / "store"), encoder, catalogs, list(CORPORA), questions, large)
    ours, peers = found[::2], found[1::2]
    ratios = "; ".join(f"{o.wall.name.removeprefix('search, ')} {o.wall.median / p.wall.median:.1f} ×" for o, p in zip(ours, peers, strict=True))
    ingests = "\n".join(f"| {corpus} | {passages:,} | {passages / seconds:.0f} | {cpu / passages * 1000:.0f} |" for corpus, passages, seconds, cpu in taken)
    return "\n".join([
        "# How fast documents are taken in and searched", "",
        f"`make bench-retrieval`, {datetime.now(UTC):%Y-%m-%d}, on {machine()}; load average {before} before, {load()} after (other work slows every",
        "figure by the clock; processor time is this process's alone, all its threads together).", "",
        "| documents | passages | passages a second | processor ms a passage |", "|---|---|---|---|", ingests, "",
        "| milliseconds | median | p95 | processor time, median | questions |", "|---|---|---|---|---|", *(t.row() for t in found), "",
        f"Search beside plain langchain-chroma, at the median: {ratios}.", "",
        "The large collection is synthetic: passages of the two corpora with a fifth of their words exchanged and their vectors turned by noise",
        "(cosine about .88 to the original). The questions are the corpus's own, each encoded anew; search returns 5 passages.", "",
    ])  # fmt: skip


def write_documents(documents: Any, folder: Path) -> None:
    """Documents as Markdown: title and headings, and nothing that names a question."""
    folder.mkdir(parents=True, exist_ok=True)
    for document in documents:
        parts = [f"# {_line(document['title'])}"]
        for section in document["sections"]:
            # A line of the text that starts with # would become a heading.
            text = "\n".join(f"\\{line}" if line.startswith("#") else line for line in section["text"].splitlines())
            parts.append(f"## {_line(section['heading'])}\n\n{text}")
        (folder / f"{document['doc_id']}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def is_right(doc_id: str, section: str, row: Row, documents: dict[str, Row]) -> bool:
    """Whether a hit (document, section path) is the passage that answers the row."""
    if doc_id not in _relevant(row):
        return False
    heading = section.split(" > ")[-1]
    return any(
        _line(s["heading"]) == _line(heading) and (s["qid"] == row["qid"] or (doc_id != row["doc_id"] and s["question_type"] == row["question_type"]))
        for s in documents[doc_id]["sections"]
    )


def _questions(searcher: Any, corpus: str, documents: dict[str, Row], questions: Sequence[Row]) -> None:
    first = five = document = turned_away = 0
    times = []
    for row in questions:
        started = time.perf_counter()
        found = searcher.search(row["question"], collections=[corpus], k=5)
        times.append((time.perf_counter() - started) * 1000)
        right = [is_right(h.passage.doc_id, h.passage.section, row, documents) for h in found.hits]
        first += bool(right and right[0])
        five += any(right)
        document += bool(found.hits) and found.hits[0].passage.doc_id in _relevant(row)
        turned_away += found.no_answer
    n = len(questions)
    print(f"\n{corpus} ({n} questions)")
    for name, hits in (("hit@1", first), ("hit@5", five), ("doc@1", document), ("no_answer (wrong)", turned_away)):
        print(f"  {name:20} {Share(hits, n)}")
    print(f"  {'ms':20} median {percentile(times, 0.5):.1f}, p95 {percentile(times, 0.95):.1f}")


def _real_queries(searcher: Any, questions: Sequence[Row]) -> None:
    present = [r for r in questions if r["topic_in_corpus_cancergov"]]
    absent = [r for r in questions if not r["topic_in_corpus_cancergov"]]
    found = {r["qid"]: searcher.search(r["question"], collections=["cancergov"], k=5) for r in questions}
    topic = sum(any(h.passage.doc_id in r["relevant_doc_ids"] for h in found[r["qid"]].hits) for r in present)
    print("\nreal queries")
    print(f"  {'topic hit@5':20} {Share(topic, len(present))}")
    print(f"  {'no_answer (wrong)':20} {Share(sum(found[r['qid']].no_answer for r in present), len(present))}")
    print(f"  {'no_answer (right)':20} {Share(sum(found[r['qid']].no_answer for r in absent), len(absent))}")


def _library(searcher: Any, where: str) -> None:
    questions = [json.loads(line) for path in library_sets() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = [searcher.search(q["question"], collections=["library"], k=3) for q in questions]
    print(f"\nthe library's own questions ({len(questions)}), {where}")
    for name, k in (("article hit@1", 1), ("article hit@3", 3)):
        hits = sum(bool({q["article"], *q.get("also", ())} & {h.passage.doc_id for h in f.hits[:k]}) for q, f in zip(questions, found, strict=True))
        print(f"  {name:20} {Share(hits, len(questions))}")
    print(f"  {'no_answer (wrong)':20} {Share(sum(f.no_answer for f in found), len(questions))}")


def _relevant(row: Row) -> list[str]:
    return [row["doc_id"], *row.get("also_relevant_doc_ids", [])]


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
