"""Emergency: something is happening to a body that cannot wait, in the person who writes or in someone near them.

Urgency "emergency_now" (911, the local number) or "team_now" (the care team's 24-hour line). Routing does not change when a relative
plays it down, when someone says it is hypothetical, with typos or in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from policies.course import in_danger, is_new, long_standing
from policies.grammar import Reading, Sentence
from policies.medicine_words import treatment_words
from policies.rules import ALIKE, Ruleset
from policies.scene import kind_of, markers
from policies.verdict import Turn, Verdict

# NCI and CDC patient pages on infection during chemotherapy (read 2026-11): 100.4 °F, 38.0 °C. Ranges end where a body's do.
_FEVER_C, _FEVER_F = (38.0, 43.0), (100.4, 110.0)
# Without any treatment or cancer in the conversation only this is an emergency by itself.
_VERY_HIGH_C, _VERY_HIGH_F = 40.0, 104.0
_LOW_C, _LOW_F = (30.0, 36.0), (88.0, 96.8)

_NUMBER = re.compile(r" (\d{2,3}(?:[.,]\d{1,2})?)(?= )")
_MAY_MEASURE = re.compile(r"\d|hundred|one oh|thirty|forty|treinta|cuarenta")
_POINT = re.compile(r" (\d{2,3}) (?:point|punto|coma) (\d)(?= )")
_UNIT = re.compile(
    r"^ (?:° )?(?:f|c|fahrenheit|celsius|degrees|degree|deg|grados|grad|degres|graus|gradi|farenheit|centigrade|centigrados|°f|°c|do(?! (?:i|we|you|they|he|she|people|patients|doctors|most|my|the|not|women|men) ))(?= )"
)
_NOT_A_TEMPERATURE = re.compile(
    r"^ (?:% |percent|years?|yrs?|kg|lbs?|pounds|cm|mm|mg|ml|mcg|ng|days?|weeks?|months?|hours?|minutes|people|patients|over|miles|bpm|mmhg|units?|cells|anos|dias|semanas|times|pills|doses|dollars|outside|outdoors|out there|in the (?:shade|sun|city|car)|weather|humid|to [0-9]|%)"
)
_LAB_BEFORE = re.compile(
    r" (?:ca|psa|cea|afp|ldh|wbc|hgb|hemoglobin|hematocrit|hct|platelets?|anc|weigh|weight|bmi|ki|ki67|oncotype|age|aged|suv|score|sugar|glucose|pressure|bp|pulse|rate|creatinine|calcium|room|channel|highway|chapter|page|interstate|hwy|rt|route|peso|edad|glucosa)(?: [^ ]+){0,2}$"
)
_HEAT = re.compile(
    r" (?:temperature|temperatura|fever|fevers|fiebre|calentura|thermometer|termometro|febrile|feverish|fievre|fieber|febre|febbre|sot|lagnat|hot|chills|shivering|escalofrios|tempature|temprature)(?= )"
)
_TAKEN = re.compile(
    r" (?:is|was|it is|now|hit|of|at|to|reads|says|reading|running|spiked|up|a|reached|around|about|over|almost|nearly|tengo|tiene|de|con|marca|en|esta|a|has|have|had|got|am|for|reading|hitting|hits|showing|shows|says|him|her|me)$"
)
# An alarm that is only heard, less clearly than this, yields to a case told as clearly as that: an ache, a worry about a result.
_HEARD, _CASE = 0.72, 0.5
# … without a danger sign in it and with nothing new to a case that is told less clearly.
_PLAIN_CASE = 0.35
# … and a little more clearly where the case is beyond doubt: of 134 true alarms in the measuring sets none sounds so and reads so.
_HEARD_WELL, _SURE_CASE = 0.8, 0.87
# … and an old complaint with nothing new in it yields to less of a case than that.
_HEARD_OLD, _OLD_CASE = 0.85, 0.25
# … and what is no matter of cancer, holds no danger sign and is told by somebody about somebody yields to the reply for health outside oncology,
# which says whom to ask and when to call.
OUTSIDE_CASE = 0.25
# What began or changed within days and holds a danger sign stays the alarm that it sounds like, but for a case as sure as can be that is hardly heard.
_HEARD_NEW, _HEARD_NEW_SURE, _SUREST = 0.6, 0.66, 0.97
# A number that hardly means anything else where treatment is spoken of.
_LIKELY_F, _LIKELY_F_END = 100.4, 106.0
# "Can I take Tylenol for a 101.5 fever?", "is 38,5 something to worry about": asked because somebody has it. "When", "what number" ask in general.
_ASKED_OF_NOW = re.compile(
    r"^(?!(?: [^ ]+){0,3} (?:when|what (?:is|are|temperature|number|fever|counts)|which (?:temperature|number|fever|thermometer)|why|how (?:high|is|are|do doctors)|at|cuando|cual|a partir)(?= ))(?=.*(?: (?:can|could|should|may|do|must|what) (?:i|he|she|we|you)(?= )"
    r"| (?:something|anything) to (?:worry|be)(?= )| (?:a|of|for|my|his|her|with) (?:\d{3}|3[89])[^ ]*(?= )| (?:too high|okay|ok|normal|bad|dangerous|serious|grave|malo|peligroso|preocuparme)(?= )))"
)
_BLOOD_PRESSURE = re.compile(r" \d{2,3} over$")
_PAST = re.compile(r" (?:in|back in|en) (?:19|20)\d\d(?= )| (?:years?|months|anos|meses) (?:ago|atras)(?= )| last (?:year|spring|summer|winter|fall)(?= )")
_SPELLED = re.compile(
    r" (?:(?:a |one )?hundred (?:and )?(?:one|two|three|four|five)|one oh (?:one|two|three|four)|thirty (?:eight|nine)|forty(?: point)?|treinta y (?:ocho|nueve)|cuarenta)(?= )"
)


def _temperatures(sentence: Sentence, *, heat_known: bool, treated: bool) -> Iterator[str]:
    """Concepts of the body temperatures in a sentence. heat_known: the conversation already speaks of fever or temperature; treated: of treatment."""
    text = _POINT.sub(r" \1.\2", sentence.text)
    heat_here = _HEAT.search(text) is not None
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        raw = match.group(1)
        value = float(raw.replace(",", "."))
        unit = _UNIT.match(after)
        if (
            _NOT_A_TEMPERATURE.match(after)
            or _BLOOD_PRESSURE.search(before)
            or (_PAST.search(after[:40]) and not kind_of(sentence).now)
            or _LAB_BEFORE.search(before)
        ):
            continue
        decimal = "." in raw or "," in raw
        near_heat = _HEAT.search(before[-45:] + after[:45]) is not None
        heat = heat_known or heat_here
        likely = _LIKELY_F <= value < _LIKELY_F_END or (decimal and _FEVER_C[0] <= value < _FEVER_C[1])
        told_bare = ((heat or (treated and likely)) and (_TAKEN.search(before) or len(text.split()) <= 4)) or (decimal and (heat or treated))
        if not (unit or near_heat or told_bare):
            continue
        fahrenheit = value >= 80
        if (kind_of(sentence).general and not _ASKED_OF_NOW.search(text)) or markers().conditions.search(before + " "):
            continue
        if (_FEVER_F[0] if fahrenheit else _FEVER_C[0]) <= value < (_FEVER_F[1] if fahrenheit else _FEVER_C[1]):
            yield "fever_high"
            if value >= (_VERY_HIGH_F if fahrenheit else _VERY_HIGH_C):
                yield "fever_very_high"
        elif (unit or near_heat) and (_LOW_F[0] if fahrenheit else _LOW_C[0]) <= value < (_LOW_F[1] if fahrenheit else _LOW_C[1]):
            yield "temperature_low"
        elif near_heat or heat_known or unit:
            yield "measured normal"
    if (heat_here or heat_known) and _SPELLED.search(text) and not kind_of(sentence).general:
        yield "fever_high"


def _measured(reading: Reading, earlier: frozenset[str]) -> set[str]:
    # In a message on treatment a lone "38.1" is a temperature too.
    medicines = {context for sentence in reading.sentences for context, _ in treatment_words(sentence.text)}
    heat_known = bool(earlier & {"fever", "fever_high", "chills"})
    treated = bool((earlier | medicines) & {"on_treatment", "immunotherapy", "car_t"})
    sentences = (s for s in reading.sentences if _MAY_MEASURE.search(s.text))
    return medicines | {concept for sentence in sentences for concept in _temperatures(sentence, heat_known=heat_known, treated=treated)}


@cache
def _ruleset() -> Ruleset:
    return Ruleset("emergency", extra=_measured)


class Emergency:
    """The table of urgent situations of `lexicons/emergency.yaml` over every reading of the turn and the conversation before it."""

    name = "emergency"

    def __init__(self, threshold: float = ALIKE) -> None:
        """threshold: how much a message must sound like an alarm where no phrase is known."""
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """Fires with urgency and rule; evidence are the words found."""
        return _ruleset().judge(turn, self._threshold)


def case_instead(alarm: Verdict, verdicts: Iterable[Verdict], turn: Turn) -> bool:
    """Whether what only sounds like an emergency is one person's case, which goes to people who can help, with the emergency line in the reply."""
    if alarm.rule != "emergency.sounds_like":
        return False
    case, fired = turn.scores.get("personal", 0.0), {v.policy for v in verdicts if v.fired}
    if len(turn.texts) == 1 and not turn.decoded and long_standing(turn.plain):
        # Old, unchanged, without a danger sign: who asks for its cause or its doctor is not sent for an ambulance.
        return alarm.score < _HEARD_OLD and case >= _OLD_CASE and not fired.isdisjoint(("personal", "scope"))
    danger, new = in_danger(turn.plain), is_new(turn.plain)
    if len(turn.texts) == 1 and not turn.decoded and not danger and alarm.score < _HEARD and case >= OUTSIDE_CASE and "scope" in fired:
        return True
    most = (_HEARD_NEW_SURE if case >= _SUREST else _HEARD_NEW) if danger and new else _HEARD_WELL if case >= _SURE_CASE else _HEARD
    return alarm.score < most and case >= (_CASE if danger or new else _PLAIN_CASE) and "personal" in fired
