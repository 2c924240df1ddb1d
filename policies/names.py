"""Finds people's names where a message gives them as such ("I'm Jane Doe", "Dr. Patel", "me llamo Ana"), and nothing else.

Eponyms (Hodgkin, Gleason), institutions and the start of a sentence look like names; `lexicons/names.yaml` says what never is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policies.lexicons import load
from policies.normalise import fold

_NAME = r"[^\W\d_][^\W\d_'’]*(?:[-'’][^\W\d_]+)*\.?"
_RUN = rf"({_NAME}(?: +(?:(?:de la|de los|de|del|van|von|da|dos|bin|al) +)?{_NAME}){{0,3}})"

# After these a name follows in whatever case it is typed.
_STRONG = re.compile(
    r"\b(?:(?:my|his|her|their|our) (?:\w+['’]?s )?(?:full |first |last )?name(?:['’]s| is|:)|name(?: is)?:|full name:?|patient(?:'s)? name(?: is|:)?|(?:guy|man|woman|person|patient|doctor|nurse|friend|boy|girl|husband|wife|son|daughter|mother|father) named|"
    r"me llamo|mi nombre(?: completo)? es|nombre(?: completo| del paciente)?:|mi \w+ se llama(?:ba)?|je m'appelle|ich heiße|mein name ist|meu nome é|mi chiamo) +"
    + _RUN,
    re.IGNORECASE,
)
_SAYS_NAME = re.compile(r"nam|nom|llam|appelle|hei(?:ß|ss)e|chiamo", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:dr|dra|mr|mrs|ms|miss|mx|prof|professor|doctor|doctora|sr|sra|srta|señor|señora|don|doña|nurse)(?:\. ?| +)" + _RUN, re.IGNORECASE)
# After these a name may follow; it must look like one.
_WEAK = re.compile(
    r"\b(?:[Ii]['’]?m|I am|[Tt]his is|[Ii]t['’]s|[Ii]m|[Cc]all me|[Ss]oy|[Yy]o soy|[Aa]quí|[Ss]igned[:,]?|[Hh]abla|[Ss]incerely,?|[Rr]egards,?|[Tt]hanks,|[Pp]atient(?: is|:)?|[Pp]aciente:?)\s+"
    + _RUN
)
_KIN = re.compile(
    r"\b(?:[Mm]y|[Oo]ur|[Mm]i) +(?:mom|mum|mother|dad|father|wife|husband|partner|sister|brother|son|daughter|aunt|uncle|grand(?:ma|pa|mother|father|son|daughter)|friend|cousin|niece|nephew|"
    r"boyfriend|girlfriend|baby|boss|neighbou?r|mamá|papá|madre|padre|esposo|esposa|marido|mujer|hermano|hermana|hijo|hija|abuelo|abuela|tío|tía|amigo|amiga),? +"
    + _RUN
)
# "Jane Doe, 54" or "Jane Doe DOB …" at the head of a message.
_HEAD = re.compile(r"\A\W*" + _RUN + r"\s*(?:,|:|\(|-)?\s*(?:(?:age[d]?\s*)?\d{1,3}\s*(?:y/?o|years? old|yrs?|[fmFM]\b|,)|DOB\b|MRN\b|\[|años\b)")

_PARTICLES = ("de", "la", "los", "del", "van", "von", "da", "dos", "bin", "al")


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    data = load("names")
    given, surnames, never, after_title = (frozenset(fold(data[key]).split()) for key in ("given", "surnames", "never", "after_title"))
    return given, surnames, never, after_title


def _clean(word: str) -> str:
    return re.sub(r"['’]s?$", "", fold(word).rstrip("."))


def _title_case(text: str) -> bool:
    """Whether Nearly Every Word Starts With A Capital, so that a capital says nothing."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return len(words) >= 5 and sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def _take(run: str, known: frozenset[str], *, any_case: bool, at_most: int) -> list[str]:
    """The leading words of a run that can be a name."""
    given, surnames, never, _ = _lists()
    taken: list[str] = []
    for word in run.split():
        bare = _clean(word)
        if bare in _PARTICLES and taken and word.islower():
            taken.append(word)
            continue
        if taken and len(bare) == 1 and word[0].isupper():
            taken.append(word)  # a middle initial; falls off again when no name follows
            continue
        listed = bare in given or bare in surnames
        if not bare or (bare in never and bare not in given) or (bare in known and bare not in given):
            break
        # "i'm jane doe": small letters count only for a name we know.
        if not any_case and not word[0].isupper() and not (listed if taken else bare in given):
            break
        taken.append(word)
        if len(taken) >= at_most or (word.endswith(".") and len(bare) > 1):
            break
    while taken and (_clean(taken[-1]) in _PARTICLES or (len(taken) > 1 and len(_clean(taken[-1])) == 1)):
        taken.pop()
    return taken


def _end(run: str, taken: list[str]) -> int:
    """Length of the taken words in the run, a closing full stop left outside."""
    position = 0
    for word in taken:
        position = run.index(word, position) + len(word)
    last = taken[-1]
    return position - 1 if last.endswith(".") and len(last) > 2 else position


def find_names(text: str, known: frozenset[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """Spans (start, end) of names in a message. known: further words, in lower case, that are never names."""
    given, surnames, _, after_title = _lists()
    shouting = text.isupper()
    capitals_speak = not shouting and not _title_case(text)
    for pattern, at_most in ((_STRONG, 3), (_TITLE, 3), (_WEAK, 3), (_KIN, 2), (_HEAD, 3)):
        if pattern is _STRONG and not _SAYS_NAME.search(text):
            continue
        fruitless: set[str] = set()  # a repeated "the doctor said" is looked at once
        for match in pattern.finditer(text):
            run, start = match.group(1), match.start(1)
            if match.group() in fruitless:
                continue
            fruitless.add(match.group())
            if pattern is _STRONG:
                taken = _take(run, known, any_case=not any(w[0].isupper() for w in run.split()[:1]) or shouting, at_most=at_most)
                if taken and taken[0].islower():
                    # In small letters nothing shows where the name ends: a known first name, or all that is left of the clause.
                    whole = len(run.split()) <= 2
                    if not whole and _clean(taken[0]) not in given:
                        continue
                    taken = taken[:1] + [w for w in taken[1:2] if whole or _clean(w) not in after_title]
            elif pattern is _TITLE:
                first = run.split()[0]
                if _clean(first) in after_title:
                    continue
                if first[0].isupper() and _clean(first) in _eponyms() and not _THING.match(run[len(first) :]):
                    yield start, start + len(first.rstrip("."))  # "Dr. Lynch removed it" is a person, Lynch syndrome is not
                    continue
                taken = _take(run, known, any_case=first.islower() or shouting, at_most=1 if first.islower() or shouting else at_most)
                if taken and taken[0].islower() and _clean(taken[0]) not in surnames and _clean(taken[0]) not in given and match.group()[:2].lower() != "dr":
                    continue
            else:
                taken = _take(run, known, any_case=shouting, at_most=at_most)
                if pattern is _KIN and len(taken) == 1 and capitals_speak and _stands_out(taken[0], text[start + len(taken[0]) :]):
                    yield start, start + len(taken[0].rstrip("."))
                    continue
                if not _convincing(taken, given, surnames, capitals_speak=capitals_speak, pair_needed=pattern in (_HEAD,)):
                    continue
            if taken:
                fruitless.discard(match.group())
                yield start, start + _end(run, taken)


# What follows an eponym when it names a thing.
_THING = re.compile(
    r"['’]?s? *(?:syndrome|disease|lymphoma|sarcoma|tumou?r|cells?|score|procedure|surgery|line|test|scale|grade|hospital|cent(?:er|re)|clinic)\b",
    re.IGNORECASE,
)
# What follows a person's name in a sentence on them: a verb of being or having, or a comma.
_GOES_ON = re.compile(
    r"(?:,| (?:is|was|has|had|will|got|gets|started|starts|needs|wants|feels|takes|went|lives|tiene|está|esta|es|tuvo|empezó|necesita|quiere|de \d)\b)"
)


@cache
def _eponyms() -> frozenset[str]:
    return frozenset(fold(load("names")["eponyms"]).split())


@cache
def _plain() -> frozenset[str]:
    return frozenset(word for line in load("languages").values() for word in fold(str(line)).split())


def _stands_out(word: str, after: str) -> bool:
    """Whether a single capitalised word behind "my daughter" can only be her name."""
    return len(word) > 2 and word[0].isupper() and not word.isupper() and _clean(word) not in _plain() and _GOES_ON.match(after) is not None


def _convincing(taken: list[str], given: frozenset[str], surnames: frozenset[str], *, capitals_speak: bool, pair_needed: bool) -> bool:
    """A known first name, or two capitalised words where capitals mean something."""
    if not taken:
        return False
    first = _clean(taken[0])
    if pair_needed and len(taken) < 2:
        return False
    if first in given:
        return True
    if _clean(taken[-1]) in surnames and len(taken) > 1:
        return True
    return len(taken) >= 2 and capitals_speak and all(word[0].isupper() and not word.isupper() for word in taken)
