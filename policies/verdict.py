"""What a policy says of a turn or a sentence, and what the engines decide from all of them.

A verdict carries decision and evidence, never how it is shown. `failed` (the policy raised, hung or is broken) is told
apart from `fired` (the policy did its work and said no): both close the gate, the log and the person hear which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

Urgency = Literal["emergency_now", "team_now", "crisis", "poisoning"]
Action = Literal["answer", "redirect", "block", "escalate", "decline"]
# What an answerable turn is about, where a fixed kind word serves better than a search.
Intent = Literal["question", "greeting", "thanks", "about_assistant", "distress"]


class Encoder(Protocol):
    """Turns texts into unit vectors: float32 array of shape (len(texts), 384). Handed in by bot.assembly."""

    def encode(self, texts: list[str]) -> Vectors: ...


@dataclass(frozen=True)
class Lexicon:
    """Names that policies need and the knowledge side owns, handed in by bot.assembly. All lower case.

    drugs: generic and brand names and classes of medicines; cancers: disease names and aliases; genes: genes and
    biomarkers; terms: other oncology words of the glossary.
    """

    drugs: frozenset[str] = frozenset()
    cancers: frozenset[str] = frozenset()
    genes: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Myth:
    """One *You may have heard*: the false belief, its truth, where it stands (article id, passage id), in which languages the library can say so.

    said: other ways in which people say it, each of them the whole belief. sound: what they say of the same things that is no such belief.
    """

    id: str
    belief: str
    truth: str
    article: str
    kind: str = "other"
    languages: frozenset[str] = frozenset({"en"})
    said: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What an input policy sees: the whole conversation, prepared once for all of them.

    texts: the person's messages, oldest first, the last one is the turn being judged (raw, as typed).
    normalised: the same after `normalise` (NFKC, zero-width, homoglyphs, leet, spacing).
    decoded: further readings of the last message (base64, reversed, wrapper stripped); usually empty.
    vector: (384,) unit vector of the last message; None when no encoder is at hand.
    scores: label → probability by the classifier, over the last message; empty when it is not trained.
    """

    texts: tuple[str, ...]
    normalised: tuple[str, ...]
    decoded: tuple[str, ...] = ()
    language: str = "en"
    vector: Vectors | None = None
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message being judged, as typed."""
        return self.texts[-1]

    @property
    def plain(self) -> str:
        """The message being judged, normalised."""
        return self.normalised[-1]

    @property
    def readings(self) -> tuple[str, ...]:
        """Every way to read the message being judged: raw, normalised, decoded."""
        return (self.texts[-1], self.normalised[-1], *self.decoded)


@dataclass(frozen=True)
class Verdict:
    """One policy's word. `rule` is dotted (`dosing.amount_question`), `evidence` the words that made it fire (for
    `check --explain`, never for the log), `score` in 0–1."""

    policy: str
    fired: bool
    rule: str = ""
    score: float = 0.0
    urgency: Urgency | None = None
    evidence: str = ""
    failed: bool = False


@runtime_checkable
class InputPolicy(Protocol):
    """A policy on the way in. `judge` never mutates; it may raise, and the engine then closes the gate."""

    name: str

    def judge(self, turn: Turn) -> Verdict: ...


@dataclass(frozen=True)
class Draft:
    """What an output policy sees: the released tail, the new sentence, and what it may rest on.

    passages: citation number → the evidence text behind it; None where grounding cannot be judged (no passages given).
    """

    tail: str
    sentence: str
    question: str = ""
    passages: dict[int, str] | None = None
    system_prompt: str = ""

    @property
    def joined(self) -> str:
        """Tail and sentence together, for what only shows across their seam."""
        return f"{self.tail} {self.sentence}".strip()


@runtime_checkable
class OutputPolicy(Protocol):
    """A policy on the way out, over one sentence judged together with the tail already shown."""

    name: str

    def judge(self, draft: Draft) -> Verdict: ...


@dataclass(frozen=True)
class Screening:
    """The input engine's decision about a turn.

    action: what the turn gets; `answer` when nothing stops it. rule/policy: what decided.
    question: the last message with identifiers masked (and an injection's wrapper stripped).
    verdicts: every policy's word, fired or not. myth: the false belief to correct first, if any.
    question: with nothing left to answer (“here is my number”) it is empty. texts: all messages, masked.
    intent: what an `answer` is about. minor: the person says they are a child or teenager.
    after_escalation: an earlier turn was an escalation of this urgency; its contacts stay in view.
    """

    action: Action
    verdicts: tuple[Verdict, ...]
    question: str
    texts: tuple[str, ...] = ()
    policy: str = ""
    urgency: Urgency | None = None
    language: str = "en"
    intent: Intent = "question"
    myth: Myth | None = None
    minor: bool = False
    after_escalation: Urgency | None = None
    failed: bool = False

    @property
    def fired(self) -> tuple[Verdict, ...]:
        """Only what fired, in order of precedence."""
        return tuple(v for v in self.verdicts if v.fired or v.failed)
