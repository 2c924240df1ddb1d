"""The input engine: prepares a turn once, lets every policy judge it on its own, and decides by the precedence of policies.yaml.

    messages ─► normalise ─► Turn (language, vector, scores) ─► guard: every policy ─► precedence ─► Screening

A policy that fails closes the gate: `Screening.failed`, which is never the same as a policy that said no.
"""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from policies import grammar, literals
from policies.alarm import Alarm, Translate
from policies.bare import looked_up, without_likeness
from policies.classifier import Classifier
from policies.config import PoliciesConfig
from policies.course import in_danger
from policies.crisis import Crisis
from policies.dosing import asks_only, does_for_dose
from policies.emergency import OUTSIDE_CASE, Emergency, case_instead
from policies.escalations import URGENT, Escalations
from policies.guard import InputGuard, PolicyBroken, SelfTestCase
from policies.identifiers import Identifiers, only_identifiers
from policies.injection import strip_wrapper
from policies.intent import intent_of, is_minor, without_age
from policies.language import language_of
from policies.normalise import decodings, normalise
from policies.pieces import joined
from policies.poisoning import Poisoning
from policies.premise import Premise
from policies.scope import ours
from policies.second_opinion import SecondOpinion, stricter
from policies.signals import signals
from policies.verdict import Action, Encoder, InputPolicy, Lexicon, Myth, Screening, Turn, Urgency, Vectors, Verdict

log = logging.getLogger(__name__)

# Half an alarm is enough in a message that would be sent away as nothing of ours.
_HALF_HEARD, _HEARD_OUTSIDE = 0.4, 0.5
# … unless it is surely a told complaint: the reply for health outside oncology says whom to ask, and when to call.
_TOLD = 0.8


class Judge(Protocol):
    """Judges a turn by every policy; the guard is one."""

    def judge(self, subject: Turn) -> tuple[Verdict, ...]: ...

    def self_test(self, cases: list[SelfTestCase]) -> None: ...


@dataclass(frozen=True)
class Parts:
    """What a Screen is made of."""

    policies: tuple[InputPolicy, ...]
    config: PoliciesConfig
    identifiers: Identifiers
    lexicon: Lexicon = field(default_factory=Lexicon)
    encoder: Encoder | None = None
    classifier: Classifier | None = None
    alarm: Alarm | None = None
    myths: tuple[Myth, ...] = ()
    second_opinion: SecondOpinion | None = None
    english: Translate | None = None


class Screen:
    """Screens turns of conversation. Stateless towards the person; safe across threads."""

    def __init__(self, parts: Parts, guard: Judge | None = None) -> None:
        self.parts = parts
        self.config = parts.config
        self._guard: Judge = guard or cast(Judge, InputGuard(parts.policies, parts.config.time_limit_seconds))
        # Without beliefs to look for, the premise policy is not built.
        self._order = [policy.name for policy in parts.config.policies if policy.enabled and (policy.name != "premise" or parts.myths)]
        self._myths = {myth.id: myth for myth in parts.myths}
        self._escalations = Escalations(tuple(p for p in parts.policies if p.name in URGENT and p.name in self._order), parts.config.remember_turns)

    def screen(self, messages: Sequence[str], *, vector: Vectors | None = None) -> Screening:
        """The decision about the last message, in view of those before it (the person's own, oldest first).

        vector: (384,) of the last message when it is already known. Raises ValueError without a message; never otherwise.
        """
        if not messages:
            raise ValueError("a turn needs a message")
        texts = tuple(messages)
        try:
            masked = tuple(self.parts.identifiers.masked(text).text for text in texts)
            turn = self.turn(texts, masked[-1], vector)
            verdicts = self._ordered(self._guard.judge(turn))
            return self._judged(self._in_pieces(turn, self._decide(turn, verdicts, masked)))
        except Exception as error:
            # Preparing a turn belongs to the gate as much as judging it. The message may quote the person: log its type only.
            log.error("screen failed: %s", type(error).__name__)
            failure = Verdict("screen", False, "screen.failed", evidence=type(error).__name__, failed=True)
            return Screening("decline", (failure,), "", policy="screen", failed=True)

    def turn(self, texts: tuple[str, ...], masked: str | None = None, vector: Vectors | None = None) -> Turn:
        """A turn prepared for the policies."""
        normalised = tuple(normalise(text) for text in texts)
        language = language_of(normalised[-1])
        readable = does_for_dose(without_age(_without_marks(normalise(masked)) if masked is not None and masked != texts[-1] else normalised[-1]))
        if vector is None and self.parts.encoder is not None:
            vector = self.parts.encoder.encode([readable])[0]
        scores = self.parts.classifier.scores(readable, vector, language) if self.parts.classifier is not None else {}
        if self.parts.alarm is not None:
            alarm = self.parts.alarm.scores(readable, vector, language, self.parts.encoder, self.parts.english)
            scores = scores | {f"alarm.{kind}": score for kind, score in alarm.items()}
        # A name after "how much may I take?" is no look-up.
        if scores and len(texts) == 1 and (found := looked_up(readable, self.parts.lexicon)):
            scores = without_likeness(scores, found)
        return Turn(texts, normalised, tuple(normalise(reading) for reading in decodings(texts[-1])), language, vector, scores)

    def warm(self) -> None:
        """Compile and work out what turns need sooner or later, so that no person waits for it. For a server, in the background."""
        grammar.compile_all()
        literals.compile_all()
        for policy in self.parts.policies:
            if isinstance(policy, Premise):
                policy.warm()
        # What is built by now stays: the collector need not walk through it every dozen turns (4 ms each time).
        gc.collect()
        gc.freeze()

    def self_test(self) -> None:
        """Run the known-bad and known-good texts of policies.yaml. Raises PolicyBroken when a policy misses one."""
        cases = []
        for policy in self.config.policies:
            if policy.enabled:
                cases += [SelfTestCase(policy.name, self.turn((text,))) for text in policy.catches]
                cases += [SelfTestCase(policy.name, self.turn((text,)), fires=False) for text in policy.passes]
        premise = self.config.of("premise")
        if premise is not None and premise.enabled and self.parts.myths:
            belief = self.parts.myths[0].belief.rstrip(".?! ")
            cases.append(SelfTestCase("premise", self.turn((f"Since {belief[:1].lower()}{belief[1:]}, what should people do?",))))
        known = {policy.name for policy in self.parts.policies}
        lacking = [name for name in self._order if name not in known]
        if lacking:
            raise PolicyBroken(f"input: no policy for {', '.join(lacking)}")
        self._guard.self_test(cases)

    # -- the decision

    def _ordered(self, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
        place: dict[str, int] = {name: i for i, name in enumerate(self._order)}
        return tuple(sorted(verdicts, key=lambda v: place.get(v.policy, len(place))))

    def _decide(self, turn: Turn, verdicts: tuple[Verdict, ...], masked: tuple[str, ...]) -> Screening:
        broken = next((v for v in verdicts if v.failed), None)
        base = Screening("answer", verdicts, masked[-1], masked, language=turn.language, intent=intent_of(turn), minor=is_minor(turn))
        yielded = {v.policy for v in verdicts if v.fired and case_instead(v, verdicts, turn)}
        heard = tuple(v for v in verdicts if v.fired and v.policy not in yielded and not asks_only(v, verdicts, turn))
        urgent = next((v for v in heard if v.policy in URGENT), None)
        if urgent is not None:
            # Even with another policy broken: the phone number is safe, and what a person in danger needs.
            self._escalations.remember(turn.texts, urgent.urgency)
            return replace(base, action="escalate", policy=urgent.policy, urgency=urgent.urgency or "emergency_now")
        if broken is not None:
            return replace(base, action="decline", policy=broken.policy, failed=True)
        self._escalations.remember(turn.texts, None)
        base = replace(base, after_escalation=self._escalations.before(turn.texts))
        fired = {v.policy: v for v in heard}
        if "identifiers" in fired and only_identifiers(turn.plain):
            return replace(base, action="redirect", policy="identifiers", question="")
        if "injection" in fired and not fired.keys() & {"dosing", "harmful"}:
            inside = self._inside(turn, base, fired["injection"])
            half = self._half_heard(turn) if inside.action == "decline" and not inside.failed else None
            return self._alarmed(turn, inside, half) if half is not None else inside
        scope = fired.get("scope")
        if "harmful" in fired and fired["harmful"].rule == "harmful.likeness" and scope is not None and scope.rule != "scope.animal":
            # Likeness alone, on something that is not ours anyway: "kill it at my interview" is declined without an accusation.
            del fired["harmful"]
        for name in self._order:
            verdict = fired.get(name)
            if verdict is None or name == "identifiers":
                continue
            if name == "premise":
                return replace(base, policy=name, myth=self._myths.get(verdict.evidence))
            # The reply for health outside oncology says whom to ask and when to call: without a danger sign it needs more than half an alarm.
            # … and none of somebody's own complaint: a whole alarm would yield to it (emergency.case_instead).
            known = name == "scope" and verdict.rule == "scope.health" and not in_danger(turn.plain)
            least, told = (_HEARD_OUTSIDE, OUTSIDE_CASE) if known and len(turn.texts) == 1 and not turn.decoded else (_HALF_HEARD, _TOLD)
            if name == "scope" and not yielded and (half := self._half_heard(turn, least, told)) is not None:
                return self._alarmed(turn, base, half)
            settings = self.config.of(name)
            return replace(base, action=cast(Action, settings.action if settings else "decline"), policy=name, myth=self._myth(fired))
        return base

    def _alarmed(self, turn: Turn, base: Screening, alarm: Verdict) -> Screening:
        self._escalations.remember(turn.texts, alarm.urgency)
        return replace(base, action="escalate", policy=alarm.policy, urgency=alarm.urgency, verdicts=(*base.verdicts, alarm))

    def _half_heard(self, turn: Turn, least: float = _HALF_HEARD, told: float = _TOLD) -> Verdict | None:
        """The urgent policy that hears something, where the message would be declined: sent away is the worst that can happen to an alarm."""
        if turn.scores.get("alarm.any", 0.0) < least or turn.scores.get("personal", 0.0) >= told:
            return None
        found = (policy(least).judge(turn) for policy in (Crisis, Emergency, Poisoning) if policy.name in self._order)
        return next((verdict for verdict in found if verdict.fired), None)

    def _in_pieces(self, turn: Turn, screening: Screening) -> Screening:
        """The decision in view of a question sent in pieces: what they say together may stop it, never free it."""
        whole = joined(turn.normalised) if screening.action != "escalate" and not screening.failed else None
        if whole is None:
            return screening
        together = self.turn((whole,))
        found = self._decide(together, self._ordered(self._guard.judge(together)), screening.texts)
        if found.action not in ("escalate", "block", "redirect") or not stricter(screening.action, found.action):
            return replace(screening, failed=True, action="decline", policy=found.policy) if found.failed else screening
        if found.urgency is not None:
            self._escalations.remember(turn.texts, found.urgency)
        return replace(screening, action=found.action, policy=found.policy, urgency=found.urgency, verdicts=found.verdicts, myth=None)

    def _judged(self, screening: Screening) -> Screening:
        """The decision with the optional judge's word; stricter or the same."""
        if self.parts.second_opinion is None or screening.failed or screening.action == "escalate" or not screening.question:
            return screening
        verdict = self.parts.second_opinion.verdict(screening.texts)
        if verdict is None or not verdict.fired:
            return screening
        settings = self.config.of(verdict.policy)
        action = cast(Action, settings.action) if settings is not None else "decline"
        if not stricter(screening.action, action):
            return screening
        urgencies: dict[str, Urgency] = {"crisis": "crisis", "poisoning": "poisoning", "emergency": "emergency_now"}
        urgency = urgencies.get(verdict.policy) if action == "escalate" else None
        return replace(screening, action=action, policy=verdict.policy, urgency=urgency, myth=None, verdicts=self._ordered((*screening.verdicts, verdict)))

    def _myth(self, fired: dict[str, Verdict]) -> Myth | None:
        verdict = fired.get("premise")
        return self._myths.get(verdict.evidence) if verdict is not None else None

    def _inside(self, turn: Turn, base: Screening, attempt: Verdict) -> Screening:
        """An attempt on the instructions: the request inside decides; without one of ours it is declined."""
        settings = self.config.of("injection")
        refused = replace(base, action=cast(Action, settings.action if settings else "decline"), policy="injection")
        inner = strip_wrapper(turn.plain)
        if not inner or inner == turn.plain:
            return refused
        inside = self.turn((inner,))
        verdicts = self._ordered(self._guard.judge(inside))
        broken = next((v for v in verdicts if v.failed), None)
        if broken is not None:
            return replace(base, action="decline", policy=broken.policy, failed=True)
        first = next((v for v in verdicts if v.fired and v.policy not in ("identifiers", "premise")), None)
        if first is None:
            if not ours(signals(inside.plain, self.parts.lexicon)):
                return refused
            if attempt.rule == "injection.likeness":
                return refused  # no known trick: what it is wrapped in may be the harm
            question = self.parts.identifiers.masked(inner).text
            return replace(base, question=question, policy="injection") if intent_of(inside) == "question" else refused
        if first.policy in ("dosing", "harmful", "personal"):
            inner_settings = self.config.of(first.policy)
            if inner_settings is not None:
                return replace(
                    base,
                    action=cast(Action, inner_settings.action),
                    policy=first.policy,
                    verdicts=self._ordered((*base.verdicts, *(v for v in verdicts if v.fired))),
                    question=inner,
                )
        return refused


_CLAUSE = re.compile(r"(?<=[,.;:!?])\s+")


def _without_marks(masked: str) -> str:
    """A masked message without the clauses that only introduce somebody: they say nothing of what is asked."""
    kept = [clause for clause in _CLAUSE.split(masked) if "removed]" not in clause]
    return " ".join(kept) if any(c.isalnum() for clause in kept for c in clause) else masked
