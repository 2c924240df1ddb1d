"""Combines what was said in a conversation into a verdict: which symptoms, in whom, on which treatment, over how many turns.

A lexicon file holds `said` (phrases that mean it in any form of sentence), `symptoms` (count when told as happening), `contexts`
(count from any turn), `except` (what takes a find back) and `rules` (which of them together mean which urgency, most urgent first).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from policies.grammar import Hit, Phrasebook, Reading
from policies.intent import feeling_alone
from policies.lexicons import load
from policies.misspelt import towards_alarm
from policies.normalise import fold
from policies.scene import is_event, speaks_about
from policies.verdict import Turn, Urgency, Verdict

# How many earlier messages of the person still belong to the same trouble.
_REMEMBERED = 8
# A classifier this sure lifts a weak rule; it never lowers a strong one.
_SURE = 0.9
# Where no phrase is known, a message that sounds this much like an alarm is one (policies.yaml says the same; chosen over cross-validation).
ALIKE = 0.6
# … and with a weak sign in its words from here on.
_LIFTS = 0.5
# … or when the other classifier, which knows the subjects, leans the same way.
_AGREES = 0.3
_CLEARLY = 2.0
# So calm, in so few letters, that a rule's word for it is a topic, not an event.
_CALM, _PLAIN = 0.08, 160
# The kinds of alarm.py by the policy that answers for them.
_KINDS: dict[str, tuple[Urgency, ...]] = {"crisis": ("crisis",), "emergency": ("emergency_now", "team_now"), "poisoning": ("poisoning",)}
_EVIDENCE = 160

# Finds what words alone do not show (a temperature): (reading, concepts found before) → further concepts that happen or, named in `contexts`, hold.
Extra = Callable[[Reading, frozenset[str]], Iterable[str]]


@dataclass(frozen=True)
class Rule:
    """Fires when each group of `all` has a member that holds.

    weak: only together with a sure classifier or a second weak rule; faint: only together with a sure classifier.
    """

    name: str
    urgency: Urgency
    all: tuple[frozenset[str], ...]
    unless: frozenset[str] = frozenset()
    weak: bool = False
    faint: bool = False

    def holds(self, concepts: frozenset[str]) -> bool:
        """Whether each group has a member among the concepts."""
        return not any(map(concepts.isdisjoint, self.all))


@dataclass(frozen=True)
class Facts:
    """What one message says: `happens` and `contexts` hold, `mentions` are named without happening; words: where each was found."""

    happens: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    words: dict[str, str] = field(default_factory=dict)

    def __or__(self, other: Facts) -> Facts:
        return Facts(self.happens | other.happens, self.contexts | other.contexts, self.mentions | other.mentions, {**other.words, **self.words})


class Ruleset:
    """A lexicon compiled: reads messages, judges turns."""

    def __init__(self, name: str, extra: Extra | None = None) -> None:
        data = load(name)
        self._policy = name
        self._extra = extra
        self._said: dict[str, Any] = data.get("said", {})
        self._contexts: dict[str, Any] = data.get("contexts", {})
        self._exceptions = {f"except {concept}": phrases for concept, phrases in data.get("except", {}).items()}
        self._own_denial = frozenset(data.get("denied_by_itself", ()))
        concepts = {**data.get("symptoms", {}), **self._said, **self._contexts, **self._exceptions}
        kin = str(load("speech")["kin"]).strip()
        self._book = Phrasebook({concept: _named(phrases, kin) for concept, phrases in concepts.items()})
        self._scripts = _scripts(name)
        self._rules = tuple(_rule(entry) for entry in data["rules"])
        unknown = {c for rule in self._rules for group in rule.all for c in group} - set(concepts) - set(data.get("computed", ()))
        if unknown:
            raise ValueError(f"{name}.yaml: rules name unknown concepts {sorted(unknown)}")

    def facts(self, text: str, earlier: frozenset[str] = frozenset()) -> Facts:
        """What a message says. earlier: concepts named or happening in the messages before."""
        put_right = towards_alarm(text)
        said = self._facts(text, earlier)
        # What is put right only adds: a word of another language that looks like a slip still counts as it stands.
        return said if put_right == text else said | self._facts(put_right, earlier)

    def _facts(self, text: str, earlier: frozenset[str]) -> Facts:
        reading = self._book.read(text)
        hits = {concept: self._kept(concept, found, reading) for concept, found in reading.hits.items() if not concept.startswith("except ")}
        hits = {concept: found for concept, found in hits.items() if found}
        further = set(self._extra(reading, earlier | set(hits))) if self._extra is not None else set()
        contexts = frozenset(c for c in {*hits, *further} if c in self._contexts)
        patient = bool(contexts or earlier & set(self._contexts))
        happens, words = further - contexts, {}
        for concept, found in hits.items():
            for hit in found:
                sentence = reading.sentences[hit.sentence]
                if concept in self._said or (
                    concept not in self._contexts and is_event(sentence, hit, patient=patient, denied_by_itself=concept in self._own_denial)
                ):
                    happens.add(concept)
                    words[concept] = sentence.text[hit.start : hit.end].strip()
                    break
        if not text.isascii():
            for concept, found_words in _in_scripts(text, self._scripts):
                words[concept] = found_words
                if concept in self._contexts:
                    contexts |= {concept}
                else:
                    happens.add(concept)
        return Facts(frozenset(happens), contexts, frozenset(hits) - happens - contexts, words)

    def _kept(self, concept: str, found: list[Hit], reading: Reading) -> list[Hit]:
        """Finds that no exception covers."""
        taken_back = reading.hits.get(f"except {concept}", ())
        return [hit for hit in found if not any(x.sentence == hit.sentence and x.start < hit.end and hit.start < x.end for x in taken_back)]

    def judge(self, turn: Turn, alike: float = ALIKE) -> Verdict:
        """The most urgent rule that the last message, with those before it, fulfils; where none does, how it sounds decides (`alike`)."""
        before = Facts()
        for text in turn.normalised[max(0, len(turn.texts) - 1 - _REMEMBERED) : -1]:
            before = before | self.facts(text, before.happens | before.contexts | before.mentions)
        known = before.happens | before.contexts | before.mentions
        current = Facts()
        for reading in dict.fromkeys(reading.strip() for reading in turn.readings):
            current = current | self.facts(reading, known)
        verdict = self.decide(current, before, self._score(turn), by_sound="alarm.any" in turn.scores)
        if verdict.fired and self._talk_about_it(turn):
            return Verdict(self._policy, False, score=verdict.score)
        return verdict if verdict.fired else self._by_sound(turn, alike) or verdict

    def _talk_about_it(self, turn: Turn) -> bool:
        """Whether a short, plain message only speaks of the thing ("signs of a stroke").

        A classifier may raise, never lower, what somebody tells of a body. So the grammar must say it first: a question of fact or people in
        general, and nobody in it who could have the symptom. Then only where nothing can hide: one message, nothing decoded, no number, and the
        alarm far below any true alarm seen (0.2). Never for a crisis.
        """
        plain = turn.plain
        open_to_see = len(turn.texts) == 1 and not turn.decoded and len(plain) <= _PLAIN and not any(char.isdigit() for char in plain)
        return self._policy != "crisis" and open_to_see and turn.scores.get("alarm.any", 1.0) < _CALM and speaks_about(self._book.read(plain).sentences)

    def _score(self, turn: Turn) -> float:
        """How sure the classifiers are. The one trained on what only sounds alarming speaks where it can; it stands above _SURE from _LIFTS on."""
        if "alarm.any" not in turn.scores:
            return turn.scores.get(self._policy, 0.0)
        mine = sum(turn.scores.get(f"alarm.{kind}", 0.0) for kind in _KINDS[self._policy])
        return max(mine, _SURE) if mine >= _LIFTS else min(mine, _SURE - 0.01)

    def _by_sound(self, turn: Turn, alike: float) -> Verdict | None:
        """What the alarm classifier hears, when it is this policy's to answer."""
        sure = turn.scores.get("alarm.any", 0.0)
        if sure < (min(alike, _LIFTS) if self._agreed(turn) else alike):
            return None
        # "The waiting is killing me": letters alone make it an alarm. One message, nothing decoded, every word of it accounted for.
        if len(turn.texts) == 1 and not turn.decoded and feeling_alone(turn.plain):
            return None
        kinds = {kind: turn.scores.get(f"alarm.{kind}", 0.0) for mine in _KINDS.values() for kind in mine}
        # The other classifier knows the subjects better than the alarm does, which is made to tell alarm from calm.
        by_policy = {policy: sum(kinds[kind] for kind in mine) + turn.scores.get(policy, 0.0) for policy, mine in _KINDS.items()}
        if max(by_policy, key=lambda policy: by_policy[policy]) != self._policy:
            return None
        # Between two levels the more urgent, unless the other is much the likelier.
        urgency = _KINDS[self._policy][0]
        if self._policy == "emergency" and kinds["team_now"] > _CLEARLY * kinds["emergency_now"]:
            urgency = "team_now"
        return Verdict(self._policy, True, f"{self._policy}.sounds_like", sure, urgency, "the message as a whole")

    def _agreed(self, turn: Turn) -> bool:
        """Whether the other classifier hears this policy in the message as well, and nothing else more clearly."""
        others = [score for label, score in turn.scores.items() if not label.startswith("alarm.")]
        return bool(others) and turn.scores.get(self._policy, 0.0) >= max(_AGREES, *others)

    def decide(self, current: Facts, before: Facts, score: float = 0.0, *, by_sound: bool = False) -> Verdict:
        """The verdict over the facts of the last message and of those before it. by_sound: the alarm classifier judges as well."""
        new = current.happens | current.contexts
        if not new:
            return Verdict(self._policy, False, score=score)
        everything = new | before.happens | before.contexts
        known = before.happens | before.contexts
        told = {rule.urgency for rule in self._rules if not (rule.weak or rule.faint) and rule.holds(known)} if known else set()
        weak: list[Rule] = []
        for rule in self._rules:
            if not rule.holds(everything) or rule.unless & everything:
                continue
            mine = frozenset().union(*rule.all)
            # Something of it must be said now; what the earlier messages already made complete is not repeated for a context alone.
            if not mine & new or (not mine & current.happens and (rule.holds(known) or told & {rule.urgency, "emergency_now"})):
                continue
            if rule.faint and by_sound:
                continue  # the alarm classifier hears the whole message; one word of its own adds nothing to it
            if rule.weak or rule.faint:
                weak.append(rule)
                continue
            return self._fired(rule, current, before, 1.0)
        if weak and (score >= _SURE or len({frozenset().union(*rule.all) for rule in weak if rule.weak}) >= 2):
            return self._fired(weak[0], current, before, max(score, 0.8))
        return Verdict(self._policy, False, score=score)

    def _fired(self, rule: Rule, current: Facts, before: Facts, score: float) -> Verdict:
        words = {**before.words, **current.words}
        evidence = "; ".join(words[c] for group in rule.all for c in sorted(group) if c in words)
        return Verdict(self._policy, True, f"{self._policy}.{rule.name}", score, rule.urgency, evidence[:_EVIDENCE])


def _scripts(policy: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Concept → expression for messages without Latin letters, and under "general" how their general questions look."""
    data = load("scripts")
    named = {**data.get(policy, {}), "general": data["general"]}
    return tuple((concept, re.compile("|".join(fold(line).strip() for line in str(lines).splitlines() if line.strip()))) for concept, lines in named.items())


def _in_scripts(text: str, scripts: tuple[tuple[str, re.Pattern[str]], ...]) -> Iterable[tuple[str, str]]:
    folded = fold(text)
    found = {concept: match.group() for concept, pattern in scripts if (match := pattern.search(folded))}
    # What is asked in general does not happen; intent to die stays what it is.
    general = found.pop("general", None)
    return [(concept, words) for concept, words in found.items() if general is None or concept == "intent"]


def _named(phrases: Any, kin: str) -> list[str]:
    """All phrases of a concept in one list, `kin` standing for every word for a relative."""
    if isinstance(phrases, dict):
        return [line for value in phrases.values() for line in _named(value, kin)]
    return [re.sub(r"(?<![\w-])kin(?![\w-])", kin, line) for line in phrases]


def _rule(entry: dict[str, Any]) -> Rule:
    groups = tuple(frozenset(part.strip() for part in group.split("|")) for group in entry["all"])
    return Rule(entry["name"], entry["urgency"], groups, frozenset(entry.get("unless", ())), bool(entry.get("weak", False)), bool(entry.get("faint", False)))
