"""What an answerable turn is about when a kind fixed word serves better than a search, and whether a child is writing."""

from __future__ import annotations

import re

from policies.verdict import Intent, Turn

# Longer messages than this hold a question of their own, whatever they begin with.
_SHORT_WORDS = 8
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day)|hola|buen[oa]s(?: (?:d[ií]as|tardes|noches))?|hiya|yo)\b[\s,.!]*(?:there|again|everyone|all|oncolantern)?\W*)+$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|great|perfect|good|got it|alright)[\s,.!]*)?(?:thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ty|much appreciated|(?:muchas )?gracias|that(?:'s| is| was) (?:very )?(?:helpful|all))\b.{0,40}$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:are|r) (?:you|u) (?:an? )?(?:real|human|person|robot|bot|ai|a\.i\.|machine|doctor|nurse|alive|people|chat ?gpt|computer)\b|\bam i (?:talking|speaking|chatting) (?:to|with) (?:an? )?(?:real|human|person|bot|robot|ai|doctor|machine)"
    r"|^\W*(?:who|what) (?:are|r) (?:you|u)\W*$|\bwhat (?:can|do) you do\W*$|\bwho (?:made|built|runs|wrote) you\b|\bhow do you work\W*$|\bwhat(?:'s| is) your name\W*$|\bare you (?:licensed|qualified)\b"
    r"|\b(?:eres|es usted) (?:una? )?(?:persona|humano|humana|robot|bot|ia|real|m[eé]dic[oa]|doctora?|m[aá]quina)\b|^\W*¿?qui[eé]n eres\W*$|\bwhat is oncolantern\b|\bare my (?:chats|messages|questions) (?:saved|kept|private|stored)\b|\bis (?:this|it) (?:chat )?(?:private|confidential|anonymous)\W*$",
    re.IGNORECASE,
)
_FEELING = re.compile(
    r"\b(?:i(?:'m| am|m)? (?:just |really |so |very |always |constantly |completely |totally |feeling )*(?:scared|terrified|afraid|frightened|anxious|overwhelmed|lonely|alone|sad|depressed|exhausted|heartbroken|devastated|numb|lost|angry|worried|stressed|panicking|a mess|falling apart)"
    r"|i (?:just )?(?:cry|cried|keep crying|can(?:no|')t stop crying|can(?:no|')t cope|can(?:no|')t sleep|feel (?:so |really |like |very |all )*(?:a burden|alone|lonely|sad|guilty|hopeless|empty|lost|scared|afraid|useless|numb|helpless|overwhelmed|down))"
    r"|no ?one (?:understands|gets it|cares)|nobody (?:understands|gets it|cares)|my (?:whole )?world (?:fell|is falling) apart|i hate (?:this|cancer|my life right now)|why me|it(?:'s| is) not fair|so unfair"
    r"|tengo (?:mucho )?miedo|estoy (?:muy )?(?:asustad[oa]|triste|sol[oa]|agobiad[oa]|preocupad[oa]|nervios[oa])|no (?:paro|puedo parar|dejo) de llorar|lloro|me siento (?:muy )?(?:sol[oa]|triste|una carga|culpable|perdid[oa]))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?|\b(?:what|how|why|when|where|which|who|should|can|could|does|do|is|are|qu[eé]|c[oó]mo|cu[aá]l|por qu[eé]|d[oó]nde)\b", re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:i(?:'m| am|m)|im|my age is|tengo)\s+(?:only |just |a )?(?P<age>\d{1,2})\b(?!\s*(?:%|mg|weeks?|months?|days?|hours?|semanas|meses|d[ií]as|lbs?|kg|pounds|cm|mm|of\b|out\b|rounds?|cycles?|treatments?|sessions?|sesiones|ciclos))"
    r"|\b(?P<years>\d{1,2})[- ](?:years?[- ]old|yo|y/o|a[nñ]os)\b(?=.{0,20}\b(?:and my|y mi|i am|me)\b)",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\bmy (?:teacher|homeroom|class(?:mates?)?|school nurse|principal|babysitter)\b|\bi(?:'m| am|m) (?:a (?:kid|child|teen(?:ager)?|minor)|in (?:(?:elementary|middle|junior high|primary) school|(?:\d|1[0-2])(?:st|nd|rd|th) grade|high school))\b"
    r"|\bare my (?:parents|mom and dad|mum and dad)\b|\b(?:mommy|daddy|mummy)\b|\bmis? (?:maestr[oa]|profesora?)\b|\bsoy (?:un niño|una niña|menor de edad|adolescente)\b|\bprom\b",
    re.IGNORECASE,
)  # fmt: skip
ADULT = 18


def intent_of(turn: Turn) -> Intent:
    """The intent of the message being judged. A feeling beside a question stays a question."""
    text = turn.plain.strip()
    words = len(text.split())
    if _GREETING.match(text):
        return "greeting"
    if _THANKS.match(text) and "?" not in text:
        return "thanks"
    if _ABOUT.search(text) and words <= 2 * _SHORT_WORDS:
        return "about_assistant"
    if _FEELING.search(text) and not (_ASKS.search(text) and words > _SHORT_WORDS and "?" in text):
        return "distress"
    return "question"


def is_minor(turn: Turn) -> bool:
    """Whether the person says, in this conversation, that they are under 18, or writes as a child does."""
    for text in turn.normalised:
        for match in _AGE.finditer(text):
            if 5 <= int(match.group("age") or match.group("years")) < ADULT:
                return True
        if _CHILD.search(text):
            return True
    return False
