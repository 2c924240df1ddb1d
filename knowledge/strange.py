"""Names in a question that stand nowhere: an invented or unknown medicine, test, trial or disease is said to be unknown, never answered with its neighbour.

A word counts when the index, the glossary and what people ask hold it in no form, when no known word is one slip away, and when it is written as a
name: a code (NCT number, study with a number), a medicine by its ending, a capitalised word before what it names (“the … test”), or the one thing
whose meaning is asked. Other unknown words are only words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import fuzz, process

# Likeness (0–100) at which a known name is offered instead of an unknown one.
OFFERED = 72
_TOKEN = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_CODE = re.compile(r"^(?=.*[A-Za-z]{2})(?P<letters>[A-Za-z]{2,})-?\d+[A-Za-z]?$")
_LETTER_CODE = re.compile(r"^(?:[A-Z]-\d{2,}|NCT\d{5,})$")
# Endings of medicines' names (WHO's stems), of the kinds that cancer care meets. Spanish verbs (sobrevivir, servir) end like an antiviral.
_MEDICINE = re.compile(
    r"[a-z]{2,}(?:mab|nib|ciclib|parib|lisib|platin|taxel|rubicin|lutamide|degib|clax|zomib|leucel|limus|stim|relin|(?<!vi)(?<!er)vir|mycin|tecan|vedotin|citabine|trexate|dronate)$"
)
# What a name stands before. The first go with a name in small letters too.
_THING = (
    r"syndrome|protein|genes?|mutation|serum|protocol|trial|antibody|inhibitor|drug|medicine|pill|vaccine|carcinoma|lymphoma|sarcoma|leukemia|tumou?r|disease"
)
_PLACE = r"test|study|therapy|treatment|diet|method|cure|score|scan|procedure|pump|device|clinic|hospital|center|centre|institute|technique|cancer|extract|supplement"
_BEFORE_THING = re.compile(rf"^(?:\W+[^\W_]+)?\W+(?:{_THING})\b", re.IGNORECASE)
_RIGHT_BEFORE_THING = re.compile(rf"^\W+(?:{_THING})\b", re.IGNORECASE)
_BEFORE_ANY = re.compile(
    rf"^(?:['’]s)?(?:\W+(?!(?:has|had|have|got|gets|is|was|were|with|needs?|causes?|cures?|treats?|helps?|kills?|prevents?|and|or|in|on|for|to|from|after|before|during|of)\b)[^\W_]+)?\W+(?:{_THING}|{_PLACE})\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:^\W*(?:so\s+)?(?:what(?:'s|’s| is| are|s)|what do(?:es)?|define|tell me about|explain|how (?:do(?:es)?|is)|qu[eé] (?:es|son|significa))\s+(?:an?\s+|the\s+|el\s+|la\s+)?"
    r")$",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\b(?:called|llamad[oa])\s+[\"“]?$", re.IGNORECASE)
_SUBJECT = re.compile(r"^\W*(?:does|is|can|will|did|has)\s+$|\b(?:effects?|benefits?|risks?|results?|costs?|price) of\s+$", re.IGNORECASE)
_ASKED_REST = re.compile(r"^(?:\W*$|\s+(?:mean|work|used|do|treat|cause)\b)", re.IGNORECASE)
_DOCTOR = re.compile(r"\b(?:Dr|Doctor|Prof|Professor)\.?\s+(?:[A-Z]\w+\s+)?$")
# “Dr.” ends no sentence.
_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bProf)[.!?]\s*$")
# Endings of ordinary adjectives and verb forms, which a small library need not hold.
_ORDINARY = re.compile(r"(?:al|ic|ive|ous|ful|less|able|ible|ed|ing|ary|ly|ers?|ors?|ness|ment|tion|ity)$")
# Endings of what a cancer is named after in the body (“laryngeal”, “thymic”), which doctors write with a capital.
_ANATOMY = re.compile(r"(?:al|ic|oid|ous|ar|ile|ine)$")
LENGTH = 5


def strange_names(question: str, known: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """(names, what may be one) of a question that are not known, as written, in order. known: whether a lower-case word stands anywhere, slips included.

    What may be a name has a capital and stands where a medicine or product would (“is Sorvenda …”): only where nothing meets the question is it one.
    """
    tokens = list(_TOKEN.finditer(question))
    shouting = _all_capitals(question, tokens)
    sure: list[str] = []
    maybe: list[str] = []
    for match in tokens:
        word = re.sub(r"['’]s$", "", match.group())
        if len(word) < 4 or word.isdigit():
            continue
        names = sure if _reads_as_name(question, match, word, shouting) else maybe if _may_be_name(question, match, word, shouting) else None
        if names is not None and word not in names and not _is_known(word, known):
            names.append(word)
    return sure, maybe


def _all_capitals(question: str, tokens: list[re.Match[str]]) -> bool:
    """Whether capitals tell nothing: the question shouts, or is written as a title."""
    long = [m.group() for m in tokens[1:] if len(m.group()) > 3]
    return question.isupper() or (len(long) > 1 and all(word[0].isupper() for word in long))


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The known name that an unknown one looks most like, when it looks like one."""
    best = process.extractOne(word.lower(), list(names), scorer=fuzz.ratio, score_cutoff=OFFERED)
    return best[0] if best else None


def _is_known(word: str, known: Callable[[str], bool]) -> bool:
    lower = word.lower()
    if _LETTER_CODE.match(word):
        return known(lower)
    code = _CODE.match(word)
    return (
        known(lower)
        or (code is not None and known(code.group("letters").lower()))
        or (code is None and "-" in lower and all(known(p) for p in lower.split("-")))
    )


def _reads_as_name(question: str, match: re.Match[str], word: str, shouting: bool) -> bool:
    before, after, lower = question[: match.start()], question[match.end() :], word.lower()
    if _LETTER_CODE.match(word) or (_CODE.match(word) and not shouting and (word[:2].isupper() or _BEFORE_THING.match(after))):
        return True
    parts = lower.split("-")
    if any(len(part) >= LENGTH + 1 and _MEDICINE.match(part) for part in parts):
        return True
    if len(lower) < LENGTH:
        return False
    if (_ASKED.search(before) and _ASKED_REST.match(after)) or _CALLED.search(before):
        return True
    if _capital(before, word, shouting) and not _ANATOMY.search(lower) and (_BEFORE_ANY.match(after) or _DOCTOR.search(before)):
        return True
    return not _ORDINARY.search(lower) and bool(_RIGHT_BEFORE_THING.match(after)) and lower.isalpha() and len(lower) > LENGTH


def _may_be_name(question: str, match: re.Match[str], word: str, shouting: bool) -> bool:
    before = question[: match.start()]
    return len(word) >= LENGTH and _capital(before, word, shouting) and not _ANATOMY.search(word.lower()) and bool(_SUBJECT.search(before))


def _capital(before: str, word: str, shouting: bool) -> bool:
    """Whether a word's capital says that it is a name: within a sentence, and other words have none."""
    return word[0].isupper() and not shouting and before.strip() != "" and not _SENTENCE_END.search(before)
