"""Finds false beliefs in the ways people say them: forms of subject, relation and direction, held against each statement (`lexicons/beliefs.yaml`).

A statement is what a message does not ask: "Grandpa lives on candy, and candy is what a tumor eats. Which treats …" says what "sugar feeds cancer"
says, and shares no word with it. A form that holds all its parts in one statement is said, unless the statement denies or hedges it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from policies.lexicons import load
from policies.literals import AS_TYPED, Sifted, sifted
from policies.normalise import fold

LONGEST = 600
# A shorter message asks, with or without a question mark; it takes nothing for granted.
_LEAST_WORDS, _LEAST_STATED = 7, 3
# A question without its mark: "she feels fine is it still cancer".
_ASKED_WITHIN = re.compile(
    r"\s(?:is (?:it|this|that|there|she|he)|are (?:they|there|we|you)|can (?:i|we|it|you|he|she|they)|should (?:i|we|he|she)|could (?:i|we|it)|do (?:i|we|you|they)|does (?:it|this|he|she)"
    r"|did (?:i|we|they|he|she)|what (?:is|are|do|does|should|can)|how (?:do|does|can|long|much|often))\b"
)
_PLACE = re.compile(r"<(\w+)>")
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s*|(?=¿)")
_ASKS = re.compile(
    r"^(?:so |and |but |then |y |pero |entonces )*(?:what|which|whose|whom?|where|when(?= (?:do|does|did|is|are|was|can|could|should|will|would|must)\b)|why|how|is|are|am|was|do|does|did|has|have|can|could|should|will|would|may|any|right"
    r"|que|cual\w*|quien\w*|donde|cuando|como (?:se|le|lo|la|puedo|hago|convenzo|ayudo|debo)|por que|con que|en que|para que|a que|es cierto|es verdad|puedo|debo|hay algun\w*)\b"
)
# Where a clause is given as the ground of what is asked.
_GROUND = r"(?:since|because|as|given that|given|now that|knowing(?: that)?|considering(?: that)?|seeing(?: that| as)?|if|when|ya que|dado que|puesto que|porque|como|ahora que|sabiendo que|si)"
_BEFORE = re.compile(rf"^(?:so |and |but |y )?{_GROUND}\b(?P<clause>[^?]+?),")
_INSIDE = re.compile(
    r"\b(?:since|because|given that|now that|knowing that|considering that|seeing that|ya que|dado que|puesto que|porque|ahora que|sabiendo que)\s+(?P<clause>[^,?]{8,160})"
)
# A question that says a belief whole and asks whether it is so: the belief is what it asks about.
_IF_TRUE = re.compile(
    r"^(?:so |and |but |y |entonces )*(?:is it (?:really )?(?:true|so|a fact|correct)|es (?:cierto|verdad)|sera (?:cierto|verdad))(?: (?:that|que|eso de que|what they say,? that))?,? (?P<clause>[^?]+)"
)
_PART = re.compile(
    r",\s+(?:so|because|since|as|and|but|which|that is|y|pero|porque|asi que|por eso)\s+|\s+(?:so|because|since|porque|ya que|asi que)\s+|,\s+|:\s+"
)
_DENIES = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|nor|cannot|can.?t|don.?t|doesn.?t|didn.?t|isn.?t|aren.?t|wasn.?t|won.?t|wouldn.?t|hasn.?t|haven.?t|without|rarely|seldom|hardly"
    r"|nunca|nadie|ningun\w*|tampoco|sin)\b"
)
_HEDGES = re.compile(
    r"\b(?:some|many|most|often|usually|sometimes|may|might|could|(?<!nothing )can (?:be|have|happen|come|get|still|also|often)|rarely|seldom|several|mostly|though|although|still|also"
    r"|as well|when needed|for a time|for a while|whether|in general|at (?:lower|higher) risk|less|lower|smaller|more likely|a chance"
    r"|algun[oa]s|muchos|muchas|la mayoria|a veces|puede(?:n)?(?! (?:ser|tener|volver))|podria\w*|quizas?|tal vez|tambien|todavia|menos|hay que revisar\w*)\b|\btoo(?=\s*(?:[.,!;]|$))"
)
# "Science has shown that the idea that sugar feeds cancer is wrong": nobody's belief.
_REFUTES = re.compile(
    r"\b(?:myths?|false|untrue|wrong|debunk\w*|disprove[dn]?|nonsense|rumou?rs?|used to (?:think|believe)|not true|no longer (?:think|believe)|mito|falso|mentira|no es (?:cierto|verdad))\b"
)


@dataclass(frozen=True)
class Form:
    """How one false belief is said. says: every part must stand in the statement, its subject first; unless: what makes it something else.

    The parts are compiled when a message first needs them: all of them would hold up the first answer.
    """

    name: str
    says: tuple[str, ...]
    unless: str
    denies: bool
    corrected_by: tuple[str, ...]

    def may_be_in(self, text: str) -> bool:
        """Whether the subject of the form stands in a folded text at all."""
        return _whole(self.says[0]).search(text) is not None

    def said_in(self, statement: str) -> bool:
        """Whether a folded statement says the belief, and neither denies nor hedges it."""
        if not all(_whole(part).search(statement) for part in self.says) or (self.unless and _whole(self.unless).search(statement)):
            return False
        return not _HEDGES.search(statement) and (self.denies or not _DENIES.search(statement))


@cache
def forms() -> tuple[Form, ...]:
    """The forms in the order of the file."""
    return tuple(
        Form(name, tuple(f["says"]), f.get("unless", ""), bool(f.get("denies")), tuple(f["corrected_by"])) for name, f in load("beliefs")["beliefs"].items()
    )


@cache
def _whole(part: str) -> Sifted:
    """A part with its words put in. Raises KeyError for a word that the file does not have."""
    words = load("beliefs")["words"]
    return sifted(_PLACE.sub(lambda found: f"(?:{words[found[1]]})", part), AS_TYPED)


@cache
def _about_cancer() -> Sifted:
    return _whole(load("beliefs")["about"])


def asks(sentence: str) -> bool:
    """Whether a folded sentence asks, with or without its mark. "When they cut into it, it spreads." states."""
    if sentence.endswith("?") or sentence.startswith("¿"):
        return True
    return _ASKS.match(sentence) is not None and _BEFORE.match(sentence) is None


def asks_within(sentence: str) -> bool:
    """Whether a folded sentence that begins as a statement turns into a question."""
    return _ASKED_WITHIN.search(sentence) is not None


def about_cancer(text: str) -> bool:
    """Whether a folded message names cancer, its tests or its treatment."""
    return _about_cancer().search(text) is not None


@lru_cache(maxsize=256)
def clauses(text: str) -> tuple[str, ...]:
    """What a message states, folded: its sentences that do not ask, their parts, and the grounds that a question gives for itself."""
    plain = fold(text[:LONGEST])
    if len(plain.split()) < _LEAST_WORDS:
        return ()
    found: list[str] = []
    for sentence in (piece.strip() for piece in _SENTENCE.split(plain) if piece.strip()):
        if not asks(sentence):
            within = _ASKED_WITHIN.search(sentence)
            told = sentence[: within.start()] if within else sentence
            found += [told, *_PART.split(told)]
            continue
        asked = sentence.lstrip("¿ ")
        if_true = _IF_TRUE.match(asked)
        if if_true:
            found.append(if_true["clause"])
        before = _BEFORE.match(asked)
        if before:
            found.append(before["clause"])
        elif not _ASKS.match(asked):
            # "Men can't get it, so what is this lump?" states before it asks.
            parts = _PART.split(asked)
            ends = next((i for i, part in enumerate(parts) if _ASKS.match(part)), len(parts) - 1)
            found += [", so ".join(parts[:ends]), *parts[:ends]]
        found += [ground["clause"] for ground in _INSIDE.finditer(asked)]
    return tuple(dict.fromkeys(piece.strip(" .,;!") for piece in found if len(piece.split()) >= _LEAST_STATED))


def said(text: str) -> list[Form]:
    """The forms that a message says, in the order of the file."""
    stated = [clause for clause in clauses(text) if not _REFUTES.search(clause)]
    if not stated or not about_cancer(fold(text[:LONGEST])):
        return []
    together = "\n".join(stated)
    return [form for form in forms() if form.may_be_in(together) and any(form.said_in(clause) for clause in stated)]
