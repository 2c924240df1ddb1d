"""The shapes in which a dose is written: amounts, counted forms, intervals, and rules in words. English and Spanish.

All patterns run over `reading.visible` text with number words as digits (`numbers.as_digits`), and are linear: every gap is bounded.
"""

from __future__ import annotations

import re

from policies import dose_words as words
from policies.literals import Sifted, sifted

# Bounded, so that a page of "1,1,1,1" costs no more than a page of words.
N = r"(?:\d{1,9}(?:[.,]\d{1,4}){0,3}(?:/\d{1,4})?|[½¼¾⅓⅔])"
_RANGE = rf"(?:\s?(?:to|or|and|through|y|o|a|u|-|–|/)\s?{N})?"
_NUM = rf"(?<![\w.])(?<!\d,)(?:(?<!-)|(?<=\d-)|(?<=\s-))(?P<n>{N}){_RANGE}"
_GAP = r"[\s\-–—_*(]{0,3}"
_PER = r"(?:\s?/\s?|\s+(?:per|for (?:each|every)|por(?: cada)?)\s+)"
_TIME = r"(?:hours?|hrs?|h|days?|nights?|mornings?|evenings?|weeks?|wks?|months?|horas?|d[ií]as?|noches?|mañanas?|semanas?|mes(?:es)?)"
_LONG_TIME = rf"(?:{_TIME}|years?|años?)"


def compiled(pattern: str) -> Sifted:
    """The pattern, case ignored, tried only where its words or digits stand."""
    return sifted(pattern)


# --- amounts: a number and a unit, or a number of counted forms --------------------------------------------------------
MASS = compiled(
    rf"{_NUM}{_GAP}(?P<u>m\s?g|m\s?c\s?g|[µμu]g|mgs|mcgs|mil+igram(?:me)?s?|microgram(?:me)?s?|mil+igramos?|microgramos?|meq|cc|ccs|gy|cgy|grays?|i\.?u\.?|u\.?i\.?"
    rf"|international units?|unidad(?:es)?(?: internacional(?:es)?)?|units?)(?![a-z])(?P<per>{_PER}?\s?(?:kg|kilo\w*|m2|m\^2|m²|square met\w+|metro cuadrado))?"
)
LOOSE = compiled(
    rf"{_NUM}{_GAP}(?P<u>g|gm|grams?|gramos?|m\s?l|mls|mil+ilit(?:er|re)s?|mil+ilitros?|ounces?|oz)(?![a-z])(?P<per>{_PER}\s?(?:kg|m2|m²|day|día|dose|dosis))?"
)
LAB_AFTER = compiled(r"\s?(?:/|per|por)\s?(?:d\s?l|l\b|lit(?:er|re)|decilit|litro|mmol|mol|mm3|min\b|10|high)")
UNITS_LAB = compiled(
    r"\s?(?:/|per|por)\s?(?:d\s?l|l\b|m\s?l|lit|millilit|mililit)|\s+(?:of|de)\s+(?:blood|platelets?|red|plasma|alcohol|sangre|plaquetas|glóbulos|measure\w*|medida|time)"
)
FOOD_AFTER = compiled(rf"(?:\s+(?:a day|per day|each day|daily))?\s+(?:of|de)\s+(?:\w+\s+){{0,2}}(?:{words.FOOD})\b|\s+(?:{words.FOOD})\b")
FOOD = compiled(rf"\b(?:{words.FOOD})\b")
_NOT_BETWEEN = (
    r"(?:of|in|out|de|en|day|days|hours?|minutes?|weeks?|months?|years?|types?|kinds?|ways?|is|are|was|were|can|may|or|and|with|for|to|by|from|than|who|that|but|as|at|on|people|per|other"
    r"|percent|se|que|con|para|por|tipos?|formas?|time)\b"
)
COUNTED = compiled(
    rf"{_NUM}(?:[\s-]+(?!{_NOT_BETWEEN})[a-z0-9][\w/.]*){{0,3}}?{_GAP}(?P<u>{words.FORMS})(?![a-z])"
    r"(?!\s+(?:of|de)\s+(?:the\s+|la\s+|your\s+)?(?:skin|piel|blood|sangre|water|agua|tears|radiation|radiaci))(?!\s+(?:endoscop|camera|cámara))"
)
AUC = compiled(
    rf"\b(?:auc|area under the (?:\w+\s+)?curve|área bajo la curva)\b(?:\s+\w+){{0,2}}?[\s,]*(?:of|is|to|=|de|:)?\s*{N}(?![\w.,]*\d)(?!\s*(?:%|percent|years?|drugs|people))"
)
DOSE_IS = compiled(
    rf"\b(?:dose|dosage|dosis)\b(?:\s+\w+){{0,3}}?\s*(?:of|is|are|was|to|from|at|by|=|:|de|es|a)\s+(?:about |up to |around )?(?<![\w.]){N}(?![\w.,]*\d)(?!\s*(?:%|percent|por ciento|years?|años|times the|in \d|months?|grade|phase|of the|people|cancers?))"
)

# A number that directly meets a time of day counts something that is taken, unless meals or cigarettes stand near.
PER_DAY = compiled(
    rf"{_NUM}\s+(?:(?:a|per|each|every|al|por)\s+(?:day|night|d[ií]a|noche)|(?:in|within|en)\s+(?:any\s+)?24\s+(?:hours|horas)|at (?:bedtime|night|breakfast)|in the (?:morning|evening)|(?:with|after|before) (?:breakfast|lunch|dinner|each meal)|por la (?:noche|mañana))\b"
)

# --- intervals: a schedule when they belong to a medicine --------------------------------------------------------------
INTERVAL = compiled(
    rf"\b(?:every|each|cada)\s+(?:(?:other|second|third|few|single|consecutive|otro|otra|{N}{_RANGE})[\s-]+)?{_TIME}\b|\b(?:every|cada)\s+{N}{_RANGE}[\s-]+{_LONG_TIME}\b|\b(?:every|cada)\s+{N}{_RANGE}\s+min(?:ute|uto)s?\b"
    rf"|\b(?:once|twice|thrice|{N}{_RANGE}\s+times|(?:una|{N})(?:\s?[ao-]\s?{N})?\s+ve(?:z|ces))\s+(?:(?:a|an|per|each|every|in a|al|a la|por|cada|en|the)\s+)?(?:same\s+)?(?:{_LONG_TIME}|daily|weekly|monthly|nightly)\b"
    rf"|\b{N}{_RANGE}\s+(?:days|nights|días|noches)\s+(?:a|per|each|every|por|a la|in a)\s+(?:week|month|row|semana|mes)\b"
    r"|\b(?:daily|weekly|nightly|biweekly|fortnightly|monthly)\b|\b(?:a|per|each|al|por|cada)[\s-](?:day|night|week|d[ií]a)\b"
    r"|\b(?:todos los días|todas las (?:noches|mañanas|semanas)|a diario|diari[oa]s?|diariamente|semanal(?:es|mente)?|mensual(?:es|mente)?|a la semana|en semanas alternas|días alternos|on alternate days)\b"
    rf"|\b(?:days?|d[ií]as?)\s?{N}(?:\s?(?:,|and|y|to|through|a|-|–|&)\s?(?:(?:and|y|day|día)\s)?{N})*\b(?!\s*(?:%|mg))"
    rf"|\b{N}[\s-](?:day|week|month)s?\s+(?:\w+\s+){{0,2}}?(?:cycles?|courses?|schedules?)\b|\b(?:cycles?|ciclos?)(?:\s+(?:of|de)\s+(?:the\s+)?(?:treatment|chemo\w*|therapy|tratamiento|quimio\w*))?\s+(?:of|de|lasts?|dura\w*|is|are|es|son|every|cada|takes?|consists? of|corresponds? to|consta\w* de)\s+(?:for\s+|about\s+|usually\s+)?{N}{_RANGE}[\s-]+{_TIME}\b"
    rf"|\b{N}{_RANGE}\s+{_TIME}\s+(?:apart|aparte|on\b|off\b|with no|without (?:treatment|medicine|taking|any|the|your|chemo)|sin (?:tratamiento|medicamento)|de descanso|between (?:each|2|the|your|doses|tablets|pills|infusions|injections)|entre (?:cada|2|las|dosis|tomas)|out of|of every|de cada)"
    rf"|\b(?:intervals?|intervalos?) (?:of|de)\s+(?:at least\s+|about\s+)?{N}|\b{N}{_RANGE}[\s-]+(?:hour|day|week|month)(?:ly|s)?\s+intervals?\b|\b(?:daily|weekly|monthly) intervals\b"
    rf"|\b{N}{_RANGE}\s+(?:more\s+)?(?:treatment\s+|chemo(?:therapy)?\s+)?(?:cycles|courses|ciclos)\b"
)
# Moments and spans are a schedule only for something that is being taken in the same clause.
MOMENT = compiled(
    rf"\b(?:at|before|with|after) (?:bed|bedtime|breakfast|lunch|dinner|supper|night)\b|\b(?:por la|de) (?:noche|mañana)\b|\bal acostarse\b|\b(?:antes|después) de (?:acostarse|dormir|desayunar|comer|cenar)\b|\b(?:con el|con la) (?:desayuno|comida|cena)\b|\b(?:longer|more) than {N}{_RANGE}\s+(?:days?|weeks?)\b|\bmás de {N}\s+(?:días?|semanas?)\b|\b(?:por|en) la (?:mañana|noche|tarde)\b|\bin the (?:morning|evening|afternoon)\b|\bat {N}\s?(?:am|pm|a\.m|p\.m|o'clock)"
    rf"|\b(?:for|during|over|durante|por)\s+(?:the (?:first|next)\s+|las? (?:primer|siguiente)\w*\s+|up to\s+|about\s+)?{N}{_RANGE}[\s-]+(?:consecutive\s+|more\s+|full\s+)?(?:days?|weeks?|d[ií]as?|semanas?|hours?|horas?|minutes?|minutos?|cycles|ciclos)\b"
    rf"|\b(?:at least|within|about|after|al menos|dentro de(?: las)?|unas?)?\s*{N}{_RANGE}\s+(?:hours?|minutes?|horas?|minutos?|days|días)\s+(?:before|after|prior|later|from|apart|or more|or less|antes|después|o más)\b|\b(?:at least|within|al menos|dentro de(?: las)?)\s+{N}\s+(?:hours?|minutes?|horas?|minutos?)\b"
    r"|\b(?:empty stomach|same time|ayunas|misma hora)\b"
)
LATIN = re.compile(
    r"\b(?:[Qq]\s?\d{1,2}\s?(?:h|hr|hrs|d|w|wk|wks|weeks?|hours?|days?)\b|BID|TID|QID|QD|QHS|QOD|PRN|b\.i\.d\b|t\.i\.d\b|q\.i\.d\b|q\.d\b|p\.r\.n\b|q\.h\.s\b|qhs\b|[Bb]id\b(?=\s*(?:\.|,|$|with|for|dosing))(?<=\d\smg\sbid))(?![a-z])"
)
CYCLE = compiled(r"cycle|ciclo|course|schedule")

# --- rules in words: missed, doubled, maximum, adjusted doses ------------------------------------------------------------
_DOSE_NOUN = r"(?:doses?|dosis|tablets?|pills?|capsules?|injections?|patch|medicine|comprimidos?|pastillas?|cápsulas?|tomas?|medicamento)"
RULES = tuple(
    compiled(p)
    for p in (
        rf"\b(?:take|have|use|give|inject|tome|tomar|utilice|use)\b[^.;]{{0,40}}\b(?:missed|forgotten|skipped|next|extra|another|additional|replacement|double|second|following|olvidad[ao]s?|siguiente|otra|doble)\s+(?:\w+\s+)?{_DOSE_NOUN}",
        rf"\b(?:take|have|use|give|tome|tomar)\b[^.;]{{0,20}}\b{_DOSE_NOUN}\s+(?:olvidada|doble|siguiente)",
        r"\bdouble (?:the |your |a )?(?:doses?|up)\b|\bextra dose\b|\bdosis dobles?\b|\bdoble dosis\b|\b(?:take|give|tome|tomar)\b[^.]{0,20}\b(?:2|double|extra|dos)\s+(?:doses|dosis)\b",
        rf"\b(?:make up|making up|compensar)\b[^.]{{0,40}}\b{_DOSE_NOUN}",
        rf"\bas soon as (?:you )?(?:remember|possible|can)\b[^.]{{0,80}}\b(?:{_DOSE_NOUN}|take)\b|\b(?:{_DOSE_NOUN}|take|taken)\b[^.]{{0,80}}\bas soon as (?:you|they|he|she) remembers?|\btake\b[^.]{{0,40}}as soon as possible",
        r"\b(?:tan pronto como|en cuanto)\b[^.]{0,30}\b(?:se acuerde|recuerde|se dé cuenta|le sea posible|pueda)|\bcuando se acuerde\b|\bsi se da cuenta\b",
        rf"\b(?:miss(?:ed|es)?|forg[eo]t\w*|vomit\w*|remember\w*|olvid\w+)\b[^.]{{0,100}}?(?:\b(?:take|skip|wait|leave out|leave it|continue|carry on|go back|tome|espere|omita|salte|continúe|siga|sáltese)\b|\bdo not (?!worry|panic)|\bdon't (?!worry|panic)|\bno tome)[^.]{{0,60}}\b(?:{_DOSE_NOUN}|it|them|usual|lo|la|one)\b",
        rf"\b(?:skip|omit|omita|sáltese|saltarse|leave out)\b\s+(?:the|that|this|la|esa|esta)\s+(?:\w+\s+)?{_DOSE_NOUN}",
        rf"\b(?:next|following|siguiente|próxima)\s+(?:\w+\s+)?{_DOSE_NOUN}\b[^.]{{0,50}}\b(?:usual|regular(?:ly)?|normal|habitual|as planned|prevista|is due|due in|less than|more than|within|\d)",
        rf"\b(?:less|more|fewer|menos|más)\s+(?:than|de)\s+\d+\s+(?:hours?|horas?)\b[^.]{{0,80}}\b(?:{_DOSE_NOUN}|taken|tome|tomar|tomó)\b",
        rf"\b(?:missed|forgotten|vomited|late)\s+{_DOSE_NOUN}\b[^.;]{{0,20}}\b(?:should|must|can|may|is|are)(?: not)?(?: then| always| never)? (?:be )?(?:taken|skipped|left|replaced|omitted|given|made up)\b",
        rf"\b(?:wait|espere)\b[^.;]{{0,40}}\b(?:next|siguiente|próxima)\b[^.;]{{0,20}}\b(?:{_DOSE_NOUN}|time you take)",
        r"\b\d+\s+(?:hours?|horas)\s+(?:late|or more late|have passed|has passed|after missing|de retraso)\b",
        rf"(?:^|[.:;!] )(?:please |then |so )?(?:take|swallow|chew|use|insert|inject|apply|place|dissolve|tome|use|aplique|inyecte|trague|mastique|póngase)\s+(?:only\s+)?(?:an?|un|una|el|another)\s+(?:\w+\s+)?{words.FORMS}\b(?!\s+(?:box|organizer|splitter|cutter|list|diary|of the|holder|with you))",
        rf"\b(?:take|takes|took|taking|swallow|tome|toma|start with|go up to)\s+(?:only\s+|about\s+|up to\s+|at least\s+|hasta\s+)?{N}{_RANGE}(?=\s*(?:[.,;!]|$|(?:of (?:them|these|those|it)|now|then|at|in the|with|and (?:\d|go)|before|after|per|a day|each|every|when|if|as|by|tonight|today|tomorrow|later|more|de ellas|cada|al día|por)\b))(?!\s*(?:or more|in \d))",
        rf"\b(?:duration of (?:the )?treatment|duración del tratamiento)\b[^.;]{{0,20}}\b{N}{_RANGE}\s+{_TIME}\b",
        r"\bdo not take (?:more than|another|any more|extra)\b|\bno tome (?:más|otra)\b",
        rf"\b(?:maximum|max\.?|most you can|no more than|not more than|at most|(?:do not|never|not|don't) (?:exceed|use more)|máxim[oa]|no más de|no exced\w+|no super\w+)\b[^.;]{{0,30}}\b\d+(?:[.,]\d+)*\s*(?:\w+\s+){{0,2}}?(?:{_DOSE_NOUN}|patches|puffs|drops|gotas|(?:times )?in 24 hours|(?:times )?(?:a|per) day|en 24 horas|al día)",
        r"\b(?:redu[cz]|lower|decreas|increas|rais|cut|halv|doubl|chang|adjust|disminu|aument|baj|sub)\w*\b[^.;]{0,40}\b(?:doses?|dosage|dosis|amount you take)\b[^.;]{0,40}\b(?:by|to|in|a|en|de|un|hasta)\s+(?:about\s+|a\s+|the\s+|la\s+|un\s+)?(?:\d|half\b|mitad\b|third\b|quarter\b|tercio\b)",
        r"\b(?:doses?|dosage|dosis)\b[^.;]{0,30}\b(?:redu[cz]|lower|decreas|increas|rais|cut|halv|doubl|disminu|aument)\w*\b[^.;]{0,20}\b(?:by|to|in|a|en|de|un)\s+(?:about\s+|a\s+|the\s+|la\s+|un\s+)?(?:\d|half\b|mitad\b|third\b|quarter\b|tercio\b)",
        r"\b(?:taper|wean|titrat|step (?:up|down))\w*\b[^.;]{0,60}\b(?:\d+\s?(?:%|percent|mg|days?|weeks?)|every|each week|half)",
        rf"\b(?:take|use|tome|give|cut)\s+(?:only\s+)?(?:0\.5|half|twice|double|la mitad|el doble)\s+(?:of |de )?(?:the|your|that|as much|the amount|a|la|el|su|una|{_DOSE_NOUN})\b",
        r"\b(?:0\.5|half|twice|double|triple)\s+(?:of\s+)?(?:the|your|their|his|her|a)\s+(?:usual\s+|normal\s+|regular\s+|starting\s+)?(?:dose|dosage)\b|\b(?:la mitad|el doble) de (?:la|su) dosis\b",
        rf"\b(?:hold|withhold|pause|interrupt|suspend\w*|restart|resume|stop)\b[^.;]{{0,40}}\b(?:{_DOSE_NOUN}|drug|taking it)\b[^.;]{{0,30}}\b(?:for|until|after|if|durante|hasta|when)\s+(?:\w+\s+){{0,5}}?\d",
    )
)  # fmt: skip
