"""Tells a present event ("my chest hurts", "coughing up blood") from a general question, a denial, a fear or a thing of the past.

One sentence at a time. In doubt it is an event: a needless phone number does less harm than a missed one. The words it goes by are
in `lexicons/speech.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from policies.grammar import Hit, Sentence, union
from policies.lexicons import load

_NEGATION_REACH = 60  # characters before a symptom in which a "no" can belong to it
_LIST_WORD = r"(?: (?:any|a|an|the|more|new|other|real|signs?|symptoms?|of|or|and|nor|o|y|ni|,|have|had|having|been|fever|fevers|chills|pain|cough|vomiting|nausea|bleeding|rash|swelling|headache|headaches|dizziness|fiebre|dolor|tos|vomito|vomitos|confusion|chest|shortness breath|tengo|tiene|hay|he tenido|ha tenido|diarrhea|diarrea|numbness|weakness|blood|bloody|tenido|major|severe|longer|really|actually|feel|feeling))"
_WORRIED_CHECK = union(
    [
        "(is|was) (it|this|that) (normal|ok|okay|bad|serious|dangerous|an emergency|urgent|safe)",
        "(should|do) (we|i) (wait|worry|go|call|be worried|need)",
        "(normal|urgent|emergency|serious|worried)",
        "es (normal|grave|urgente|malo|peligroso)",
        "(debo|debemos) (ir|llamar|esperar|preocuparme)",
    ]
)


@dataclass(frozen=True)
class Markers:
    """The expressions of speech.yaml, compiled."""

    tells: re.Pattern[str]
    frames: re.Pattern[str]
    opener: re.Pattern[str]
    topics: re.Pattern[str]
    conditions: re.Pattern[str]
    negated: re.Pattern[str]
    not_negators: re.Pattern[str]
    past: re.Pattern[str]
    past_before: re.Pattern[str]
    now: re.Pattern[str]
    own: re.Pattern[str]


def _words(text: str) -> str:
    return "|".join(re.escape(word) for word in text.replace("|\n", "|").split("|"))


@cache
def markers() -> Markers:
    """Compiled on first use, kept for the process."""
    data = load("speech")
    names = {name: data[name].strip() for name in ("kin", "body", "own")}
    leads = union([f"({data['leads']})"]).pattern
    openers = union(data["openers"], **names).pattern
    return Markers(
        tells=union(data["tells"], **names),
        frames=union(data["frames"], **names),
        opener=re.compile(rf"^(?:{leads})*(?:{openers})"),
        topics=union(data["topics"], **names),
        conditions=union(data["conditions"], **names),
        negated=re.compile(rf"(?: (?:{_words(data['negators'])})){_LIST_WORD}*$"),
        not_negators=union([f"({data['not_negators']})"]),
        past=union(data["past"], **names),
        past_before=union(data["past_before"], **names),
        now=union(data["now"], **names),
        own=re.compile(rf"(?: (?:my|our|his|her|their|mi|mis|{names['kin']})(?: [^ ]+){{0,2}})$"),
    )


@dataclass(frozen=True)
class SentenceKind:
    """told: it tells of somebody's state. general: it asks or speaks of things in general. now: it says "now", "today"."""

    told: bool
    general: bool
    now: bool
    checks: bool


def kind_of(sentence: Sentence) -> SentenceKind:
    """What a sentence does, whatever it is about."""
    m = markers()
    bare = m.frames.sub(" ~", sentence.text)
    asked = m.opener.search(bare) is not None
    told = m.tells.search(_without_question_subject(bare)) is not None or _NO_SUBJECT.search(bare) is not None
    now = m.now.search(bare) is not None
    topic = m.topics.search(bare) is not None
    framed = bare != sentence.text
    general = not told and (asked or framed or (not now and (topic or sentence.asks)))
    return SentenceKind(told, general, now, _WORRIED_CHECK.search(bare) is not None and not _ASKS_FACT.search(bare))


def speaks_about(sentences: tuple[Sentence, ...]) -> bool:
    """Whether every sentence asks for a fact, names a topic or speaks of people in general, and none holds a person who could be in danger."""
    m = markers()
    return bool(sentences) and all(
        _SOMEBODY.search(sentence.text) is None
        and kind_of(sentence).general
        and not kind_of(sentence).now
        and (_FACT.search(sentence.text) is not None or m.topics.search(sentence.text) is not None)
        for sentence in sentences
    )


# The writer, somebody near, or a Spanish verb that carries one of them: with such a subject nothing is "only about".
_SOMEBODY = re.compile(
    r" (?:i|me|my|mine|myself|we|us|our|he|him|his|she|her|they|them|their|hubby|husband|wife|mom|mum|mother|mama|dad|father|papa|son|daughter|kid|baby"
    r"|brother|sister|grandma|grandpa|grandmother|grandfather|aunt|uncle|friend|neighbor|partner|boyfriend|girlfriend|cousin|roommate|coworker"
    r"|mi|mis|me|nos|nuestro|nuestra|su|sus|yo|ella|le|les|tengo|tiene|estoy|esta|siento|siente|puedo|puede|respiro|ayuda|help|can not|could not|cannot|no puedo)(?= )"
)
_FACT = re.compile(
    r"^(?: (?:hi|hello|hey|please|so|and|ok|okay|,|just))*(?: (?:what|whats|which|why|how|when|where|who|is|are|do|does|can|could|explain|define|describe|tell|signs?|symptoms?|causes?|types?"
    r"|difference|meaning|definition|que|cual|cuales|como|cuando|por|sintomas|senales|causas|significado|explica|explique))(?= )"
)

# "got chemo a week ago", "been coughing": the writer leaves the "I" out.
_NO_SUBJECT = re.compile(
    r"^(?: (?:so|and|but|ok|hi|hello|help|please|,|just|doctor|also|now|today|tonight))*(?: (?:got|had|been|took|woke|started|threw|feeling|put|fell|passed|gave|noticed|can not|could not|keep|having|am|found|swallowed|running|can barely|can hardly|barely|hardly|woken|coughing|suddenly|accidentally|accidentaly))(?= )| (?:thermometer|temperature|temp|he|she) (?:says|reads|reading|shows|showed|said)(?= )"
)

# "how long should I wait" wants a fact; "is it normal to be breathing fast" checks on somebody.
_ASKS_FACT = re.compile(r"^(?: (?:so|and|but|hi|hello|please|,))*(?: (?:what|how|when|which|why|where|que|cuando|como|cual))(?= )")
_ASKED_OF_ONESELF = re.compile(r" (?:can|could|should|do|does|did|will|would|may|might|am|is|are|must|have|has) (?:i|he|she|they|we|it|my [^ ]+)(?= )")


def _without_question_subject(text: str) -> str:
    """ "should i", "can i", "does it" ask; they tell nothing."""
    return _ASKED_OF_ONESELF.sub(" ~", text)


def is_event(sentence: Sentence, hit: Hit, *, patient: bool = False, denied_by_itself: bool = False) -> bool:
    """Whether a symptom found in a sentence is told as happening. patient: treatment is known, so "is it normal…" tells as well.

    denied_by_itself: phrases of this concept may have their own "no" ("no urine", "not breathing"); then a no before it is not looked for.
    """
    m = markers()
    before, after = sentence.text[: hit.start], sentence.text[hit.end :]
    if not (denied_by_itself and _OWN_NO.search(sentence.text[hit.start : hit.end] + " ")):
        near = before[-_NEGATION_REACH:]
        near = near[near.find(" ") :] if " " in near else near
        if m.negated.search(m.not_negators.sub(" ~", near)):
            return False
    kind = kind_of(sentence)
    if _YEARS_AGO.search(after[:70]) or (m.past.search(after[:70]) and (not kind.now or _OVER.search(after))):
        return False
    if m.past_before.search(before[-40:] + " ") and (not kind.now or _OVER.search(after)):
        return False
    conditional = m.conditions.search(_known_if(before + " "))
    if conditional and not kind.now:
        return False
    if m.own.search(before) and not conditional:
        return True
    if kind.checks and patient and not conditional:
        return True
    return not kind.general


# "can't feel", "lost control": the no is the symptom. "did not have a stroke" has its no before it.
_OWN_NO = re.compile(r" (?:not|no|never|without|barely|hardly|unable|lost|losing|loss|nothing|stopped|keep|less|little)(?= )")
# So long past that "still" or "now" elsewhere in the sentence speaks of something else.
_YEARS_AGO = re.compile(r"^(?: (?!and |but |now )[^ ]+){0,5} (?:years?|decades?|anos) (?:ago|back|atras)(?= )|^(?: [^ ]+){0,2} hace (?:[^ ]+ ){1,2}anos(?= )")

_OVER = re.compile(
    r" (?:is|am|are) (?:all )?(?:fine|ok|okay|well|better|good|healthy|back to (?:himself|herself|myself|normal)) now(?= )| now (?:i|he|she|we|it|all) (?:am |is |are |feels? |feel )?(?:back )?(?:home|fine|ok|okay|better|good|well|over|recovered|gone|fixed|resolved)(?= )"
)

_KNOWN_IF = re.compile(
    r" (?:these|those|some|following|having|has|have|with|my|her|his|more|new|different|other|unusual) symptoms of(?= )| (?:know|sure|see|tell|wonder|wondering|ask|asking|as|even|idea) (?:if|when)(?= )"
)


def _known_if(text: str) -> str:
    """ "I don't know if I'm having a heart attack" and "I have symptoms of …" set no condition."""
    return _KNOWN_IF.sub(" ~", text)
