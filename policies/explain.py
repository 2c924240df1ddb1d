"""A printable account of how a turn was judged, and the table of policies: nothing about a decision is hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policies.classifier import EXAMPLES, Example, read_examples
from policies.config import PoliciesConfig, load_policies
from policies.hashing import WIDTH, features
from policies.screen import Screen
from policies.verdict import Turn, Verdict

_SHOWN_SCORES = 5
_NEAREST = 3
# What each policy watches for, in words for `oncolantern policies`.
WATCHES = {
    "crisis": "suicide and self-harm, passive wishes included",
    "emergency": "symptoms that cannot wait, above all on cancer treatment",
    "poisoning": "too much, the wrong medicine, a child",
    "identifiers": "names, numbers, addresses",
    "dosing": "amounts, schedules, missed doses, changes, conversions",
    "harmful": "help to hurt, deceive, steal, betray a patient",
    "personal": "one person's choice, odds, results, symptoms",
    "injection": "attempts on the instructions",
    "scope": "health outside cancer, and everything else",
    "premise": "a known false belief taken for granted",
}
WATCHES_OUT = {
    "dosing": "amounts, strengths, schedules, missed doses of any medicine",
    "personal_advice": "what one person has, should do or can expect; a clinician's voice",
    "grounding": "no source, an invented one, or more than the source says",
    "markup": "images, HTML, links to other places",
    "leakage": "the instructions themselves",
    "disclosure": "(over the whole answer) notice, disclaimer, sources, upload, contacts",
}


def explain(screen: Screen, messages: Sequence[str]) -> str:
    """Every policy's decision on the last message: rule and words, score, the nearest examples, and what decided."""
    turn = screen.turn(tuple(messages))
    screening = screen.screen(messages)
    lines = [f"message     {turn.text}"]
    if turn.plain != turn.text:
        lines.append(f"read as     {turn.plain}")
    lines += [f"decoded     {text}" for text in turn.decoded]
    if screening.question != turn.text:
        lines.append(f"question    {screening.question or '(nothing left to answer)'}")
    lines.append(f"language    {turn.language}; intent {screening.intent}{'; a minor writes' if screening.minor else ''}")
    lines.append("")
    lines += [f"{'policy':<12}{'decision':<10}{'score':>6}  rule and evidence"]
    lines += [_row(verdict) for verdict in screening.verdicts]
    if turn.scores:
        best = sorted(turn.scores.items(), key=lambda item: -item[1])[:_SHOWN_SCORES]
        lines += ["", "classifier  " + "  ".join(f"{label} {chance:.2f}" for label, chance in best)]
    lines += [f"nearest     {example.label:<12} {likeness:.2f}  {example.text}" for example, likeness in nearest(turn)]
    decided = "a policy failed, so the gate is closed" if screening.failed else f"{screening.action}{f' ({screening.urgency})' if screening.urgency else ''}"
    lines += ["", f"decided     {decided}{f' by {screening.policy}' if screening.policy else ''}"]
    if screening.myth is not None:
        lines.append(f"corrects    {screening.myth.belief}")
    if screening.after_escalation is not None:
        lines.append(f"keeps       the contacts of an earlier {screening.after_escalation}")
    return "\n".join(lines)


def _row(verdict: Verdict) -> str:
    decision = "FAILED" if verdict.failed else "fired" if verdict.fired else "-"
    about = "  ".join(part for part in (verdict.rule, f"“{verdict.evidence}”" if verdict.evidence else "") if part)
    return f"{verdict.policy:<12}{decision:<10}{verdict.score:>6.2f}  {about}".rstrip()


def nearest(turn: Turn, count: int = _NEAREST) -> list[tuple[Example, float]]:
    """The examples that share most words and letters with the message, with their likeness (cosine, 0 to 1)."""
    wanted = np.zeros(WIDTH, np.float32)
    places, values = features(turn.plain)
    wanted[places] = values
    found = []
    for example in read_examples(EXAMPLES):
        at, weights = features(example.text)
        found.append((example, float(wanted[at] @ weights)))
    found.sort(key=lambda item: -item[1])
    return found[:count]


def policy_table(config: PoliciesConfig | None = None) -> str:
    """The policies on questions in order of precedence: action, threshold, what each watches for."""
    config = config or load_policies()
    counts: dict[str, int] = {}
    for example in read_examples(EXAMPLES):
        counts[example.label] = counts.get(example.label, 0) + 1
    lines = [f"{'':>2}  {'policy':<12}{'action':<10}{'on':<5}{'threshold':<11}{'examples':<10}watches for"]
    for place, policy in enumerate(config.policies, 1):
        threshold = f"{policy.threshold:.2f}" if policy.name in ("dosing", "harmful", "personal", "injection", "scope") else "-"
        label = {"scope": "off_topic"}.get(policy.name, policy.name)
        lines.append(
            f"{place:>2}  {policy.name:<12}{policy.action:<10}{'yes' if policy.enabled else 'no':<5}{threshold:<11}{counts.get(label, 0) or '-':<10}{WATCHES[policy.name]}"
        )
    lines += ["", f"{'':>2}  {'on what a model says':<22}a sentence that one of these stops is never shown"]
    lines += [f"{place:>2}  {name:<22}{watches}" for place, (name, watches) in enumerate(WATCHES_OUT.items(), 1)]
    return "\n".join(lines)
