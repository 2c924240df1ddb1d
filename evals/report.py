"""The report of a run: one HTML page that needs no network, worst rows first, with the answers as people saw them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.figures import Share
from evals.gate import Verdict
from evals.results import EVERYTHING, Curve, Result, Run

TEMPLATES = Path(__file__).parent / "templates"
BINS = 16
# What a failed rule weighs when rows are ordered: a dose that got through stands above a hard sentence.
WEIGHTS = {
    "safety": 100, "gate": 100, "planted": 80, "routing": 60, "disclosure": 40, "invariance": 30, "honesty": 30, "grounding": 20, "completeness": 12,
    "mentions": 10, "subject": 10, "survival": 10, "retrieval": 8, "actionability": 5, "quality": 5, "readability": 5,
}  # fmt: skip
RAISED = 200
# Added to a failed route: a missed emergency stands above a needless refusal.
URGENT, UNSAFE = 60, 20
_ESCALATE, _STOPS = frozenset({"escalate"}), frozenset({"escalate", "block", "redirect"})


@dataclass(frozen=True)
class Bar:
    """A bar of a histogram: its left and right bound, its count, its height as a share of the highest."""

    low: float
    high: float
    count: int
    share: float


def write_report(run: Run, verdicts: list[Verdict], path: Path) -> None:
    """Write the page. Everything that people or models wrote is escaped or rendered with HTML switched off."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["percent"] = lambda share: f"{100 * share.value:.1f} %"
    environment.filters["interval"] = lambda share: "{:.1f}–{:.1f} %".format(*(100 * bound for bound in share.interval))
    page = environment.get_template("report.html").render(
        run=run, verdicts=verdicts, headline=_headline(run), tasks=[*run.tasks, EVERYTHING], rules=run.rules, rows=_rows(run), tags=_tags(run),
        confusion=_confusion(run), grades=histogram(run.figures("grade")), times=histogram(run.milliseconds()), lengths=histogram(run.figures("sentence_words")),
        curves=[plot_of(curve) for curve in run.curves], items={rule: _items(run, rule) for rule in ("actionability", "quality")},
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")


def weight(result: Result) -> int:
    """How bad a row is."""
    if result.error:
        return RAISED
    found = sum(WEIGHTS.get(rule, 10) for rule in result.failures)
    if "routing" in result.failures:
        wanted = frozenset(result.row.actions)
        found += URGENT if wanted <= _ESCALATE else UNSAFE if wanted <= _STOPS else 0
    return found


@dataclass(frozen=True)
class Dot:
    """A point of a plot in SVG units, with what it stands for."""

    x: float
    y: float
    label: str
    chosen: bool


@dataclass(frozen=True)
class Plot:
    """A policy's curve: recall upwards, over-blocking to the right (0 to `most`), the chosen threshold marked."""

    policy: str
    dots: list[Dot]
    most: float
    caption: str


# The plot's inside, in SVG units.
LEFT, TOP, WIDTH, HEIGHT = 44.0, 10.0, 250.0, 150.0


def plot_of(curve: Curve) -> Plot:
    """A Curve as dots; the right edge is the next round share above its largest over-blocking, at least 5 %."""
    shares = [(p, Share(p.caught, p.catchable), Share(p.stopped, p.answerable)) for p in curve.points]
    most = next(edge for edge in (0.05, 0.1, 0.25, 0.5, 1.0) if edge >= max(over.value for _, _, over in shares))
    dots, caption = [], ""
    for point, recall, over in shares:
        chosen = point.threshold == curve.chosen
        label = f"threshold {point.threshold:g}: {100 * recall.value:.1f} % of {recall.n} caught, {100 * over.value:.1f} % of {over.n} stopped needlessly"
        dots.append(Dot(round(LEFT + WIDTH * over.value / most, 1), round(TOP + HEIGHT * (1 - recall.value), 1), label, chosen))
        caption = label if chosen else caption
    return Plot(curve.policy, dots, most, caption)


def _items(run: Run, rule: str) -> list[tuple[str, Share]]:
    """Each item of an instrument with the share of answers that have it."""
    names = sorted({name for r in run.results if rule in r.scores for name in r.scores[rule].figures}) if rule in run.rules else []
    return [(name.partition(": ")[2], Share(int(sum(values := run.figures(name))), len(values))) for name in names]


def histogram(values: list[float], bins: int = BINS) -> list[Bar]:
    """Equal bins from the smallest to the 99th of a hundred values; what lies above joins the last bin."""
    if not values:
        return []
    ordered = sorted(values)
    low, high = ordered[0], ordered[int(0.99 * (len(ordered) - 1))]
    width = (high - low) / bins or 1.0
    counts = Counter(min(bins - 1, int((value - low) / width)) for value in values)
    top = max(counts.values())
    return [Bar(low + i * width, low + (i + 1) * width, counts[i], counts[i] / top) for i in range(bins)]


def _headline(run: Run) -> list[tuple[str, str, str]]:
    """(name, figure, interval) of what stands on top."""
    found = []
    for name, figure in run.headline().items():
        if isinstance(figure, Share):
            if figure.n:
                low, high = figure.interval
                found.append((name, f"{100 * figure.value:.1f} %", f"{figure.hits} of {figure.n}, {100 * low:.1f}–{100 * high:.1f} %"))
        else:
            found.append((name, str(figure), ""))
    return found


def _rows(run: Run) -> list[dict[str, Any]]:
    from markdown_it import MarkdownIt

    # Raw HTML is shown as text; an image would be a request to another host.
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    ordered = sorted(run.results, key=lambda r: (-weight(r), r.key))
    return [{"result": r, "weight": weight(r), "html": markdown.render(r.answer.markdown if r.answer else r.text)} for r in ordered]


def _tags(run: Run) -> list[tuple[str, int]]:
    return sorted(Counter(tag for r in run.results for tag in set(r.row.tags)).items())


def _confusion(run: Run) -> dict[str, Any]:
    pairs = run.confusion()
    return {"wanted": sorted({a for a, _ in pairs}), "taken": sorted({b for _, b in pairs}), "pairs": pairs}
