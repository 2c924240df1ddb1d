"""Recognises medicines in canonical text by name and by the ending of their generic names, and counts of them just taken.

Endings follow the INN stems of generic names, from general knowledge and not checked against the WHO list: a medicine approved after the
lexicons were written is still a cancer medicine to the emergency rules. Endings err to the wide side: alone they mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policies.grammar import Hit, Sentence
from policies.lexicons import load
from policies.normalise import fold
from policies.scene import is_event

# Ending → context of emergency.yaml. Hormone treatment does not lower the counts: it only says that there is cancer.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "car_t": ("leucel", "fitamab", "coritamab", "quetamab", "ranatamab", "clistamab", "netuzumab", "tarlatamab", "tumomab"),
    "immunotherapy": ("prolizumab", "brolizumab", "volumab", "limumab", "zolizumab", "valumab", "miplimab", "ripalimab", "lelumab", "starlimab", "tislelizumab", "tilimab", "fanlimab"),
    "on_treatment": (
        "taxel", "platin", "platino", "rubicin", "rubicina", "mab", "tinib", "ciclib", "parib", "rafenib", "metinib", "zomib", "sidenib", "lisib", "degib",
        "tecan", "citabine", "citabina", "trexed", "poside", "posido", "cristine", "cristina", "relbine", "mustine", "lidomide", "domide",
        "zolomide", "toclax", "arabine", "arabina", "bicin", "bulin", "bectedin", "fosfamide", "fosfamida", "trexate", "trexato", "uracil", "sertib", "rasib",
    ),
    "cancer": ("lutamide", "lutamida", "rozole", "moxifen", "moxifeno", "vestrant", "estrant", "rorelin", "relina", "relix"),
}  # fmt: skip
_SHORTEST = 7
_NUMBER = r"(?:[5-9]|[1-9]\d{1,2}|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|forty|fifty|sixty|hundred|a dozen|dozens|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta)"
# Not pills: doses and times.
_NOT_COUNTED = r"mg |mgs |mcg |ml |g |milligrams? |micrograms? |units? |weeks? |days? |hours? |months? |years? |minutes |rounds? |cycles? |courses? |infusions? |times |different |kinds |types "
_FILLER = rf"(?: (?!{_NOT_COUNTED})[a-z]+){{0,3}}?"
_COUNTED = re.compile(
    rf" (?!(?:gave|given) (?:me|us) )(?:took|taken|swallowed|popped|downed|ate|eaten|drank|chewed|gave|given|had|tome|tomo|trague|trago)(?: (?:him|her|them|like|about|at|least|maybe|around|almost|already|all|another|up to|me|se|just|only)){{0,3}}"
    rf" {_NUMBER}{_FILLER} (?P<what>(?!{_NOT_COUNTED})[a-z]{{3,}})(?= )"
)
_DOUBLED = re.compile(r" doubled (?:up on )?(?:my|his|her|the) ([a-z]+)(?= )")
_AS_MEANT = re.compile(
    r" (?:a|per|each|every|al|por|cada) (?:day|night|morning|meal|week|dose|time|dia|noche|semana)(?= )| (?:daily|prescribed|prescribe|directed|instructed|usual|always|normally|supposed|diario)(?= )"
    r"| (?:told|asked) (?:me|him|her|us|to)(?= )"
)
_PIECES = frozenset(
    "pills pill tablets tablet capsules caps tabs doses painkillers painkiller gummies edibles pastillas tabletas capsulas comprimidos them".split()
)


def treatment_words(text: str) -> Iterator[tuple[str, str]]:
    """(context, word) of each word of a canonical sentence that ends like a cancer medicine."""
    for word in text.split():
        if len(word) < _SHORTEST:
            continue
        for context, endings in _ENDINGS.items():
            if word.endswith(endings):
                yield context, word
                break


@cache
def _known() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    data = load("medicines")
    names = frozenset(fold(f"{data['everyday']} {data['supplements']}").split())
    return names | _PIECES, tuple(str(data["stems"]).split()), frozenset(str(data["not_medicines"]).split())


def is_medicine(word: str) -> bool:
    """Whether a canonical word names a medicine, a supplement or pills."""
    names, stems, never = _known()
    return word in names or (len(word) >= _SHORTEST and word not in never and (word.endswith(stems) or next(treatment_words(word), None) is not None))


def many_taken(sentence: Sentence, number: int) -> str:
    """The words that tell of five or more pills or medicines just taken ("took ten zofran"), or nothing; number: which sentence it is.

    What is taken so every day or on a doctor's word is not found.
    """
    if _AS_MEANT.search(sentence.text):
        return ""
    doubled = _DOUBLED.search(sentence.text)
    if doubled and is_medicine(doubled.group(1)):
        return doubled.group().strip()
    for match in _COUNTED.finditer(sentence.text):
        # The shortest filler is tried first; the medicine may stand one to three words on.
        tail = sentence.text[match.start("what") - 1 :].split()[:4]
        if any(is_medicine(word) for word in tail) and is_event(sentence, Hit("many", number, match.start(), match.end())):
            return match.group().strip()
    return ""
