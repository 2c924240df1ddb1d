"""Dosing: amounts, strengths, schedules, missed doses, changes and conversions of any medicine or supplement are never answered.

What a dose-dense regimen is, why doctors lower doses, how often to get a mammogram: concepts and other schedules are answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from policies.dose_asked import HARD, quantity, taken
from policies.grammar import Hit
from policies.lexicons import load
from policies.signals import Signals, signals
from policies.verdict import Lexicon, Turn, Verdict

# Rules in the order in which they are named.
RULES = ("missed", "conversion", "adjustment", "amount_question", "schedule", "dose_word")
# How many earlier messages can carry a dosing question that is asked in steps.
_REMEMBERED = 6
# A message longer than this stands on its own.
_FOLLOW_UP_WORDS = 10
_CALCULATION_WORDS = 14
# Rules whose words are also said of other things ("stop feeling sick", "how long do people stay"): a classifier that finds almost no likeness to
# any dosing question takes them back. In cross-validation fewer than 1 in 100 dosing examples score so low.
_EVERYDAY_RULES = frozenset({"missed", "adjustment", "schedule", "dose_word"})
_UNLIKE = 0.03
# A message framed as a general question needs a surer classifier.
_SURE = 0.9
# In doubt between a dose and a case it is the dose, which must never be answered.
_PREFERRED = 1.5
# … one without a word of amount or taking, or without anything that is taken, a little surer; and one without a word of health as well.
_NO_QUANTITY = 0.75
_NOTHING_TAKEN = 0.7
_NO_WORD = 0.6


class Dosing:
    """Fires on rules in any reading of the turn, on short follow-ups to a dosing question, and on a sure classifier."""

    name = "dosing"

    def __init__(self, lexicon: Lexicon, threshold: float = 0.5) -> None:
        self._lexicon = lexicon
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """The first rule that holds, else the classifier's word."""
        score = turn.scores.get(self.name, 0.0)
        for text in dict.fromkeys(turn.readings):
            found = self._asked(text)
            if found and not (found[0] in _EVERYDAY_RULES and self.name in turn.scores and score < _UNLIKE):
                return Verdict(self.name, True, f"dosing.{found[0]}", 1.0, evidence=found[1][:120])
        followed = self._followed(turn)
        if followed:
            return Verdict(self.name, True, "dosing.follow_up", 0.95, evidence=followed[:120])
        read = signals(turn.plain, self._lexicon)
        if read.has("dosing.of_a_visit") and not HARD.search(turn.plain):
            return Verdict(self.name, False, score=score)
        needed = self._needed(turn.plain, read)
        # A case that mentions a medicine looks like both; the stronger likeness decides.
        if score >= needed and score * _PREFERRED >= turn.scores.get("personal", 0.0):
            return Verdict(self.name, True, "dosing.likeness", score, evidence="nearest examples ask for a dose")
        return Verdict(self.name, False, score=score)

    def _needed(self, text: str, read: Signals) -> float:
        """How sure the classifier must be of a message in which no rule holds."""
        if _general(read):
            return _SURE
        floors = ((quantity(text, read), _NO_QUANTITY), (taken(read), _NOTHING_TAKEN), (_about_health(read), _NO_WORD))
        return max(self._threshold, *(floor for present, floor in floors if not present), 0.0)

    def _asked(self, text: str) -> tuple[str, str] | None:
        """(rule, words) when a message asks for dosing."""
        text = does_for_dose(text)
        other = foreign(text)
        if other:
            return "other_language", other
        read = signals(text, self._lexicon)
        always = read.hits.get("dosing.always")
        if always:
            return "dressed_up", read.words(always[0])
        costume = read.hits.get("dosing.costume")
        for rule, hit in read.rules("dosing", RULES):
            if costume and _own_word(read, hit):
                return "dressed_up", f"{read.words(costume[0])}: {read.words(hit)}"
            if not _excused(read, rule, hit):
                return rule, read.words(hit)
        return None

    def _named_before(self, texts: tuple[str, ...]) -> bool:
        """Whether an earlier message names a medicine."""
        return any(_names_one(signals(text, self._lexicon)) for text in texts)

    def _followed(self, turn: Turn) -> str:
        """A short message that takes a dosing question of earlier turns a step further."""
        before = turn.normalised[:-1][-_REMEMBERED:]
        if not before:
            return ""
        now = signals(turn.plain, self._lexicon)
        size = sum(len(s.text.split()) for s in now.sentences)
        meant = _PRONOUN.sub("the medicine", turn.plain, count=1)
        if meant != turn.plain and size <= _CALCULATION_WORDS and not _names_one(now) and self._named_before(before) and self._asked(meant):
            return turn.plain
        if self._named_before(before) and size <= _CALCULATION_WORDS and _missed_it(turn, before):
            return turn.plain
        if size > _CALCULATION_WORDS or not now.has("dosing.follow_up") or now.has("dosing.not_follow_up"):
            return ""
        earlier = [signals(text, self._lexicon) for text in before]
        if any(read.has("dosing.calculation") for read in earlier):
            return turn.plain
        if size > _FOLLOW_UP_WORDS:
            return ""
        asked = any(self._asked(text) for text in before)
        named = any(_names_one(read) for read in earlier)
        return turn.plain if asked or (named and now.has("dosing.amount_question", "dosing.schedule")) else ""


# "How dose a scan find tumors" is "does": a question word or nothing before it, then somebody who does something. "What dose" asks for one, so
# there the verb must be of meaning. A word of amount or taking anywhere leaves it what it says.
_TYPED_FOR_DOES = re.compile(
    r"^(?P<lead>\W*(?:(?:hi|hello|so|and|but|ok|please|um)[\s,]+)*(?:(?:i (?:want to know|wonder|was wondering) )?(?:how(?: (?:long|fast|soon|far|bad|well|quickly))?|why|where|when|who)\s+)?)dose(?=\s+(?!of\b|for\b|is\b|should\b|do\b|are\b|in\b|per\b|to\b|at\b|was\b|can\b|would\b|level|limit|reduc|adjust|chang|schedul|chart|rang)\w)"
    r"(?=(?:\s+[\w'’-]+){1,6}?\s+(?:work|mean|cause|feel|spread|grow|make|happen|help|kill|find|feed|come|hurt|run|look|affect|know|need|have|stop|attack|show|start|go|turn|fall|shrink|get|give you|run|lead|lower|raise|last|form|begin|become|treat|cure|do|sleep|eat|change|differ|stay|see|tell|test|screen|everyone|the hair|hair)\b)"
    r"|^(?P<what>\W*(?:so\s+|and\s+)?(?:what|wat|whut)\s+)dose(?=(?:\s+[\w'’-]+){1,6}?\s+(?:mean|stand for|look like|feel like|cause|do|involve|happen|show)\W*(?:$|to\b|for\b|in\b|when\b|after\b|on\b|with\b))",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\b\d+(?:[.,]\d+)?(?![\d.,]*\s*(?:months?|weeks?|years?|yrs?|days?|st|nd|rd|th)\b)|\b(?:mg|much|many|often|take|taking|taken|pills?|tablets?|exceed|maximum|max|double|extra|daily|missed|skip\w*)\b",
    re.IGNORECASE,
)


def does_for_dose(text: str) -> str:
    """The text with a "dose" that stands for "does" put right."""
    if "dose" not in text.lower() or _AMOUNT.search(text):
        return text
    return _TYPED_FOR_DOES.sub(lambda m: f"{m['lead'] or m['what'] or ''}does", text, count=1)


# "What is gabapentin" … "and how do you come off it": the medicine named before, not "is it", "does it", "it is".
_PRONOUN = re.compile(r"(?<!is )(?<!does )(?<!will )(?<!did )(?<!what )\b(?:it|them|one|these|those)\b(?!['’]s| is| was| works| helps)", re.IGNORECASE)


def _names_one(read: Signals) -> bool:
    return bool(read.mentions.drugs or read.mentions.supplements or read.mentions.other_medicines)


# "I take letrozole" … "forgot it yesterday" … "do I double up": drop by drop.
_MISSED = re.compile(r"\b(?:missed|forgot(?:ten)?|skipped|threw (?:it )?up|vomited|olvid[eéó]|salt[eéó])\b", re.IGNORECASE)
_AND_NOW = re.compile(
    r"\b(?:(?:do|does|should|can|could|must|shall) (?:i|he|she|we|they)|so (?:i|he|she)|debo|puedo|puede|debe) (?:just |still |then |now |have to |me )?"
    r"(?:take|double|skip|wait|make|repeat|redo|get|use|give|catch|tomo|tomar|tomarme|esperar|doblar)\b|\b(?:take|double|tomo|tomar) (?:two|both|it|another|one|up|now|dos|otra|doble)\b",
    re.IGNORECASE,
)


def asks_only(alarm: Verdict, verdicts: Iterable[Verdict], turn: Turn) -> bool:
    """Whether what only sounds like a poisoning asks for a dose not taken yet, or tells of one left out or thrown up. No rule for poisoning fired."""
    if alarm.rule != "poisoning.sounds_like" or alarm.score >= _LOUD:
        return False
    dose = next((v for v in verdicts if v.policy == "dosing" and v.fired), None)
    if dose is None or _MORE.search(turn.plain if dose.rule == "dosing.amount_question" else dose.evidence):
        return False
    if dose.rule == "dosing.amount_question":
        return turn.scores.get("dosing", 0.0) >= _SURE
    return dose.rule in ("dosing.missed", "dosing.follow_up") and _LESS.search(dose.evidence) is not None


# From this likeness on nothing talks it down.
_LOUD = 0.9
_LESS = re.compile(
    r"\b(?:miss\w*|misd|forg\w+|frgot|skip\w*|late|thr[eo]w\w*|vomit\w*|spit|spat|remembered|have not|did not|ran out|olvid\w+|salt[eé]\w*|devolvi\w*|omit\w*)\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:took|taken|gave|swallowed|extra|twice|accident|mistake|error|tom[eé]|doble|de m[aá]s)\b", re.IGNORECASE)


def _missed_it(turn: Turn, before: tuple[str, ...]) -> bool:
    """Whether a missed medicine is told in the conversation and what to do now is asked in the last message."""
    return _AND_NOW.search(turn.plain) is not None and any(_MISSED.search(text) for text in (*before, turn.plain))


def _own_word(read: Signals, hit: Hit) -> bool:
    """Whether a find is no part of a term such as dose-dense."""
    return not any(o.start <= hit.start < o.end or o.start < hit.end <= o.end for o in read.within("dosing.not_a_dose_question", hit.sentence))


def _about_health(read: Signals) -> bool:
    return read.has("scope.health", "scope.oncology") or _names_one(read)


def _general(read: Signals) -> bool:
    return read.has("dosing.general_frame") and not read.has("dosing.always")


def _excused(read: Signals, rule: str, hit: Hit) -> bool:
    """Whether a find is part of a general question: a term, a reason, a cost, another kind of schedule."""
    for other in read.within("dosing.not_a_dose_question", hit.sentence):
        if other.start <= hit.start < other.end or other.start < hit.end <= other.end or (rule == "dose_word" and other.start <= hit.start <= other.end):
            return True
    frames = read.within("dosing.general_frame", hit.sentence)
    if not frames:
        return rule == "dose_word" and not _asks(read, hit)
    # "Can I cut my pills in half, and why are they so big?": what asks outright is not excused by a frame after it.
    return rule not in ("missed", "conversion") or any(frame.start <= hit.start for frame in frames)


def _asks(read: Signals, hit: Hit) -> bool:
    """Whether a bare dose word stands in a request."""
    sentence = read.sentences[hit.sentence]
    words = sentence.text.split()
    return sentence.asks or len(words) <= 8 or any(word in _REQUEST for word in words)


_REQUEST = frozenset(
    "what which how give tell need want know is should can could please exact usual right correct write list que cual cuanto dime deme necesito quiero when may must".split()
)


@lru_cache(maxsize=1)
def _pairs() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Language → (words of amount or time, words of taking), whole words."""
    data = load("dosing")

    def words(found: list[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(str(word)) for word in found)})(?!\w)", re.IGNORECASE)

    return {code: (words(data["quantity_words"][code]), words(data["taking_words"][code])) for code in data["quantity_words"]}


@lru_cache(maxsize=1)
def _substrings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    data = load("dosing")
    found = tuple(part.lower() for parts in data["substrings"].values() for part in parts)
    return found, tuple(part.lower() for part in data["substrings_excused"])


def _finds(text: str) -> Iterator[str]:
    parts, excused = _substrings()
    lowered = text.lower()
    if any(part in lowered for part in excused):
        return
    yield from (part for part in parts if part in lowered)


def foreign(text: str) -> str:
    """The dosing words of another language in a message, or nothing. English and Spanish have rules of their own."""
    from policies.language import language_of

    found = next(_finds(text), "")
    if found and language_of(text) not in ("en", "es"):
        return found
    # Portuguese and Italian share their words and short messages are taken for English: a pair of words of one language is enough.
    for amounts, taking in _pairs().values():
        asked, taking_found = amounts.search(text), taking.search(text)
        if asked and taking_found:
            return f"{asked.group()} … {taking_found.group()}"
    return ""
