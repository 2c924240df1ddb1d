"""How well questions are judged: every policy on its own, what it lets through and what it wrongly stops, with Wilson 95 % intervals.

    python -m evals.bench.policies [--shared DIR]

Rows of shared/data by the definition of shared/tools/score_routes.py, our own sets, the classifier on examples it has not seen, false premises,
pairs that must route alike, and the time of a screen. The screen alone judges here: a row that it lets pass counts as `answer`; whole turns are
scored by `oncolantern ask --batch`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.settings import Settings
from evals.bench._pairs import disguises
from evals.bench._shared import rows, score_routes, shared_folder
from evals.figures import Share, percentile

ROUTED = ("intents_real.dev", "emergency_hardneg.dev", "utterances")
# Every how many-th measuring row is disguised, in each of the ways.
_STEP = 6
_ANSWERED = frozenset({"answer", "no_answer"})


def main() -> int:
    """Screen, score, print."""
    shared = shared_folder("Routing and dosing figures over measuring data.")
    tool = score_routes(shared)
    from bot.assembly import build_screen, lexicon, prepare

    with tempfile.TemporaryDirectory(prefix="oncolantern-bench-") as folder:
        settings = Settings(data=Path(folder))
        known = prepare(settings)
        screen = build_screen(settings, known)
        screen.warm()  # as a server does before it is asked
        times: list[float] = []
        for name in ROUTED:
            _routes(name, rows(shared, name), screen, tool, times)
        _own(screen, times)
        _invariance(rows(shared, "intents_real.dev"), rows(shared, "utterances"), screen)
        _premises(rows(shared, "myths.dev"), rows(shared, "intents_real.dev"), screen)
        print(
            f"\nscreen, all policies, one turn, processor time: {percentile(times, 0.5):.1f} ms median, {percentile(times, 0.95):.1f} ms p95 ({len(times)} turns)"
        )
        _classifier(known.encoder, lexicon())
    from evals.bench import premises

    premises.report()
    _doses(rows(shared, "outputs_dosing.dev"))
    _gate()
    return 0


def _judge(screen: Any, messages: list[str], times: list[float] | None = None) -> Any:
    started = time.process_time()
    screening = screen.screen(messages)
    if times is not None:
        times.append((time.process_time() - started) * 1000)
    return screening


def _action(screening: Any) -> str:
    return "error" if screening.failed else str(screening.action)


def _routes(name: str, found: list[dict[str, Any]], screen: Any, tool: ModuleType, times: list[float]) -> None:
    from policies.language import language_of

    actions = {case["id"]: _action(_judge(screen, [m["content"] for m in case["messages"]], times)) for case in tool.cases(found)}
    print(f"\n{name} ({len(found)} rows)")
    for language, part in (("", found), ("es", [row for row in found if language_of(" ".join(row.get("turns") or [row["text"]])) == "es"])):
        if not part:
            continue
        table, (through, risky), (stopped, education), _ = tool.score(part, actions)
        if language:
            print("  Spanish rows of these")
        for label in sorted(table):
            right, total, right_cancer, total_cancer = table[label]
            print(f"  {label:28} {Share(right, total)}   on cancer {Share(right_cancer, total_cancer) if total_cancer else '-'}")
        if risky:
            print(f"  {'unsafe rows let through':28} {Share(through, risky)}")
        if education:
            print(f"  {'education wrongly stopped':28} {Share(stopped, education)}")


def _own(screen: Any, times: list[float]) -> None:
    """Our own sets, English and Spanish apart."""
    from evals.tasks import all_tasks
    from policies.language import language_of

    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, task in all_tasks().items():
        for row in task.rows().rows:
            action = _action(_judge(screen, list(row.messages), times))
            wanted = set(row.actions or ("answer",))
            found[name, language_of(row.question)].append(action in wanted or (action in _ANSWERED and bool(wanted & _ANSWERED)))
    print("\nour own sets: judged right")
    for (name, language), right in sorted(found.items()):
        if language in ("en", "es"):
            print(f"  {name + ' ' + language:28} {Share(sum(right), len(right))}")


def _sample(real: list[dict[str, Any]], own: list[dict[str, Any]]) -> Iterator[str]:
    yield from (row["text"] for row in real[::_STEP] if len(row["text"]) < 400)
    yield from (row["text"] for row in own if "text" in row)


def _invariance(real: list[dict[str, Any]], own: list[dict[str, Any]], screen: Any) -> None:
    """Disguised texts against themselves."""
    agree: dict[str, list[bool]] = defaultdict(list)
    for text in _sample(real, own):
        plain = _action(_judge(screen, [text]))
        for name, disguised in disguises(text):
            agree[name].append(_action(_judge(screen, [disguised])) == plain)
    print("\npairs that route alike")
    for name, same in agree.items():
        print(f"  {name:28} {Share(sum(same), len(same))}")
    everything = [same for part in agree.values() for same in part]
    print(f"  {'all':28} {Share(sum(everything), len(everything))}")


def _premises(found: list[dict[str, Any]], real: list[dict[str, Any]], screen: Any) -> None:
    """How many false premises are met, and how often a sound question is corrected."""

    def corrected(text: str) -> bool:
        return any(v.policy == "premise" for v in _judge(screen, [text]).fired)

    false = [corrected(row["question"]) for row in found if row["has_false_presupposition"]]
    controls = [corrected(row["question"]) for row in found if not row["has_false_presupposition"]]
    plain = [corrected(row["text"]) for row in real if row["label"] == "education"]
    print("\nfalse premises, no model")
    for name, hits in (("myths.dev: met", false), ("myths.dev: controls corrected", controls), ("plain education corrected", plain)):
        print(f"  {name:32} {Share(sum(hits), len(hits))}")


def _classifier(encoder: Any, names: Any) -> None:
    """Each policy over its own examples and over general questions, with scores from a classifier that has not seen them."""
    from policies.classifier import EXAMPLES, read_examples
    from policies.training import cross_validated, prepare
    from policies.tuning import curves, table

    data = prepare(read_examples(EXAMPLES), encoder, names)
    scores = cross_validated(data, names)
    print("\nrules and classifier, cross-validated over the examples (`oncolantern policies tune` chooses by this)")
    for language in ("en", "es"):
        kept = [i for i, example in enumerate(data.examples) if example.lang == language]
        print(f"\n{'English' if language == 'en' else 'Spanish'}\n{table(curves([data.examples[i] for i in kept], [scores[i] for i in kept], names))}")


def _doses(found: list[dict[str, Any]]) -> None:
    from policies.output_dosing import states_dose

    hits: dict[str, list[bool]] = defaultdict(list)
    times = []
    for row in found:
        started = time.process_time()
        hits[f"{row['label']} {row['lang']}"].append(states_dose(row["text"]))
        times.append((time.process_time() - started) * 1000)
    print(f"\noutputs_dosing.dev: share stopped ({len(found)} rows; {percentile(times, 0.5):.2f} ms median)")
    for label, stopped in sorted(hits.items()):
        print(f"  {label:28} {Share(sum(stopped), len(stopped))}")


def _gate() -> None:
    """The figures of the sentence gate, where their bench is installed."""
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec("evals.bench.gate") is not None:
        import_module("evals.bench.gate").report()


if __name__ == "__main__":
    sys.exit(main())
