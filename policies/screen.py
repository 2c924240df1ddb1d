"""The input engine: every policy judges the turn on its own, then the order of policies.yaml decides.

    messages ─► normalise, mask ─► Turn ─► guard (every policy) ─► order ─► Screening

A policy that fails closes the gate: the Screening says `failed`, which is never the same as blocked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from policies.classifier import Classifier
from policies.config import PoliciesConfig, load_policies
from policies.crisis import Crisis
from policies.dosing import Dosing
from policies.emergency import Emergency
from policies.guard import InputGuard, PolicyBroken
from policies.harmful import Harmful
from policies.identifiers import Identifiers, mask, only_identifiers
from policies.injection import Injection, strip_wrapper
from policies.intent import intent_of, is_minor
from policies.language import language_of
from policies.normalise import decodings, normalise
from policies.personal import Personal
from policies.poisoning import Poisoning
from policies.premise import Premise
from policies.scope import Scope
from policies.verdict import Encoder, InputPolicy, Lexicon, Myth, Screening, Turn, Urgency, Vectors, Verdict

EXAMPLES = Path(__file__).parent / "examples"
# Earlier messages that still count. A talk is judged whole; what lies further back no longer changes its meaning.
REMEMBERED = 12
# Words a message needs for its language to be told by itself; shorter ones speak the language of the talk.
_TELLS_LANGUAGE = 3


class Screen:
    """Screens turns. Safe across threads; keeps nothing of what it reads."""

    def __init__(
        self,
        policies: Sequence[InputPolicy],
        config: PoliciesConfig,
        *,
        lexicon: Lexicon,
        encoder: Encoder | None = None,
        classifier: Classifier | None = None,
        myths: Sequence[Myth] = (),
    ) -> None:
        self._config, self._lexicon, self._encoder, self._classifier = config, lexicon, encoder, classifier
        self._myths = {myth.id: myth for myth in myths}
        by_name = {policy.name: policy for policy in policies}
        self._guard = InputGuard([by_name[rule.policy] for rule in config.input], config.time_limit_seconds)
        self._lives = InputGuard([by_name[name] for name in ("crisis", "emergency", "poisoning")], config.time_limit_seconds)
        self._earlier = lru_cache(maxsize=512)(self._escalated)

    def screen(self, messages: Sequence[str], *, vector: Vectors | None = None) -> Screening:
        """Decide about the last of the person's messages (oldest first). `vector`: (384,) of it, masked, when at hand."""
        texts = tuple(messages)[-REMEMBERED:]
        turn = self.turn(texts, vector=vector)
        verdicts = self._judge(turn)
        masked = tuple(mask(text, self._lexicon).text for text in texts)
        result = self._decide(turn, verdicts, masked)
        earlier = self._earlier(texts[:-1]) if len(texts) > 1 and result.action != "escalate" else None
        return replace(result, after_escalation=earlier) if earlier else result

    def turn(self, texts: tuple[str, ...], *, vector: Vectors | None = None) -> Turn:
        """What the policies see of a conversation."""
        normalised = tuple(_normalised(text) for text in texts)
        masked = mask(normalised[-1], self._lexicon).text
        language = _language(texts)
        if vector is None and self._encoder is not None:
            vector = self._encoder.encode([masked])[0]
        scores = self._classifier.scores(masked, vector, language) if self._classifier else {}
        return Turn(texts=texts, normalised=normalised, decoded=decodings(texts[-1]), language=language, vector=vector, scores=scores)

    def verdicts(self, messages: Sequence[str]) -> tuple[Turn, tuple[Verdict, ...]]:
        """Every policy's word, for `explain`."""
        turn = self.turn(tuple(messages)[-REMEMBERED:])
        return turn, self._judge(turn)

    def self_test(self) -> None:
        """Raise PolicyBroken unless every known-bad text is caught by its policy and every known-good one passes all."""
        for case in self._config.self_test:
            _, verdicts = self.verdicts([case.text])
            found = next(v for v in verdicts if v.policy == case.policy)
            if found.failed or not found.fired:
                raise PolicyBroken(f"{case.policy} {'failed on' if found.failed else 'misses'} a known-bad text")
        for text in self._config.self_test_pass:
            for verdict in self.verdicts([text])[1]:
                if verdict.failed or verdict.fired:
                    raise PolicyBroken(f"{verdict.policy} {'failed' if verdict.failed else 'fires'} on a known-good text")

    # -- deciding

    def _judge(self, turn: Turn) -> tuple[Verdict, ...]:
        limits = {rule.policy: rule.threshold for rule in self._config.input}
        return tuple(v if v.failed or not v.fired or v.score >= limits[v.policy] else replace(v, fired=False) for v in self._guard.judge(turn))

    def _decide(self, turn: Turn, verdicts: tuple[Verdict, ...], masked: tuple[str, ...]) -> Screening:
        base = Screening(
            action="answer",
            verdicts=verdicts,
            question=masked[-1],
            texts=masked,
            language=turn.language,
            intent=intent_of(turn),
            minor=is_minor(turn),
        )
        by_name = {v.policy: v for v in verdicts}
        # What may cost a life is said even when another policy is broken.
        for rule in self._config.input[:3]:
            verdict = by_name[rule.policy]
            if verdict.fired:
                return replace(base, action="escalate", policy=rule.policy, urgency=verdict.urgency or "emergency_now")
        broken = next((v for v in verdicts if v.failed), None)
        if broken:
            return replace(base, action="decline", policy=broken.policy, failed=True)
        for rule in self._config.input[3:]:
            verdict = by_name[rule.policy]
            if not verdict.fired:
                continue
            if rule.action == "mask":
                if only_identifiers(turn.text):
                    return replace(base, action="redirect", policy="identifiers", question="")
            elif rule.policy == "injection":
                return self._inside(turn, base, verdicts)
            elif rule.action == "correct":
                return replace(base, policy="premise", myth=self._myths.get(verdict.evidence))
            elif rule.action in ("block", "redirect", "decline"):
                return replace(base, action=rule.action, policy=rule.policy)
        return base

    def _inside(self, turn: Turn, base: Screening, verdicts: tuple[Verdict, ...]) -> Screening:
        """An attempt on the instructions: the request inside is judged; with nothing of ours inside it is declined."""
        inner = strip_wrapper(turn.plain).strip()
        declined = replace(base, action="decline", policy="injection")
        if not inner or inner == turn.plain.strip():
            return declined
        inside = self.turn((*turn.texts[:-1], inner))
        found = tuple(v for v in self._judge(inside) if v.policy != "injection")
        quiet = Verdict(policy="injection", fired=False)
        result = self._decide(inside, (*found, quiet), (*base.texts[:-1], mask(inner, self._lexicon).text))
        if result.action == "decline":
            return declined if not result.failed else result
        fired = {v.policy: v for v in found if v.fired}
        return replace(result, verdicts=tuple(fired.get(v.policy, v) for v in verdicts))

    def _escalated(self, texts: tuple[str, ...]) -> Urgency | None:
        """The urgency of the latest earlier turn that was an escalation."""
        for end in range(len(texts), 0, -1):
            normalised = tuple(_normalised(text) for text in texts[:end])
            turn = Turn(texts=texts[:end], normalised=normalised, decoded=decodings(texts[end - 1]), language=_language(texts[:end]))
            fired = next((v for v in self._lives.judge(turn) if v.fired), None)
            if fired:
                return fired.urgency or "emergency_now"
        return None


@lru_cache(maxsize=256)
def _normalised(text: str) -> str:
    return normalise(text)


def _language(texts: tuple[str, ...]) -> str:
    """The language of the last message; a very short one takes that of the message before it."""
    if len(texts) > 1 and len(texts[-1].split()) < _TELLS_LANGUAGE and not any(c in texts[-1] for c in "¿¡ñáéíóú"):
        return _language(texts[:-1])
    return language_of(texts[-1])


PolicyBuilder = Callable[[Lexicon, Sequence[Myth], Encoder | None], list[InputPolicy]]


def build_policies(lexicon: Lexicon, myths: Sequence[Myth], encoder: Encoder | None) -> list[InputPolicy]:
    """Every input policy."""
    return [
        Crisis(),
        Emergency(),
        Poisoning(),
        Identifiers(lexicon),
        Dosing(lexicon),
        Harmful(lexicon),
        Personal(lexicon),
        Injection(),
        Scope(lexicon),
        Premise(myths, encoder),
    ]


def build_screen(
    *, encoder: Encoder | None, lexicon: Lexicon, myths: Sequence[Myth], cache_dir: Path, config: PoliciesConfig | None = None
) -> Screen:
    """The screen with its classifier trained, or loaded from `cache_dir`."""
    classifier = Classifier.train_or_load(EXAMPLES, cache_dir, encoder) if encoder is not None else None
    return Screen(
        build_policies(lexicon, myths, encoder), config or load_policies(), lexicon=lexicon, encoder=encoder, classifier=classifier, myths=myths
    )
