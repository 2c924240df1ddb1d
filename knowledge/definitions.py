"""What a word or medicine is, from the glossary, as a passage that can be cited like any other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge import catalogs
from knowledge.catalog_models import Term
from knowledge.names import fold
from knowledge.passages import Evidence, Passage, SourceRef
from knowledge.question import aspects
from knowledge.words import stems

if TYPE_CHECKING:
    from knowledge.query import Named

GLOSSARY = "glossary"
# The main kinds of a family, as people meet them; for other families the catalogue's own children. Blood and skin cancers
# are families in people's talk alone.
_KINDS: dict[str, tuple[str, ...]] = {
    "Breast cancer": ("invasive-breast", "dcis", "hormone-breast", "her2-breast", "triple-negative-breast", "inflammatory-breast"),
    "Skin cancer": ("basal-cell", "squamous-skin", "melanoma", "merkel"),
    "Lymphoma": ("hodgkin", "nhl", "dlbcl", "follicular", "cutaneous-lymphoma"),
    "blood cancer": ("leukemia", "lymphoma", "myeloma", "mds", "mpn"),
}
FEWEST_KINDS, MOST_KINDS = 2, 6
_WHAT = re.compile(r"^what(?:'s| is| are| does| do)\b", re.IGNORECASE)
_DEFINE = re.compile(
    r"^\W*(?:so\s+)?(?:w(?:ha|a|u)t(?:'s| is| are|s| does| do)|define|meaning of|qu[eé] (?:es|son|significa))\b|\bmean(?:s|ing)?\W*$", re.IGNORECASE
)
_ASKS_KINDS = re.compile(
    r"^\W*(?:what|which|how many) (?:(?:are|is) the )?(?:\w+ )?(?:kinds?|types?|forms?|sorts?)\b|^\W*qu[eé] (?:tipos?|clases?) de\b|^\W*(?:kinds|types) of\b",
    re.IGNORECASE,
)
_EXIST = re.compile(r"\b(?:exist|existen)\b", re.IGNORECASE)
_OF_MEDICINE = re.compile(
    r"^\W*(?:so |and )?how (?:does|do|is) \S+(?: \S+)? (?:work|used)\W*$|\b(?:what|which) (?:class|kind|type|sort) of (?:drug|medicine|chemo\w*|treatment|pill)s? is\b"
    r"|^\W*who (?:\w+ )?(?:gets|takes|needs|is given)\b.{2,40}$|\b(?:used|given|prescribed|good|it|meant) for\W*$|^\W*what(?:'s| is| does| do) \S+(?: \S+)? (?:for|do|treat)\W*$"
    r"|^\W*(?:para qu[eé] (?:sirve|es|se usa)|c[oó]mo (?:funciona|act[uú]a)|qu[eé] (?:tipo|clase) de (?:medicina|medicamento|pastilla) es)\b.{2,30}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_ITEMS = re.compile(r",\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Definition:
    """A thing that a text names. name: as the reader knows it (“Keytruda (pembrolizumab)”); article: the one that explains it."""

    name: str
    term: Term
    passage: Passage

    @property
    def article(self) -> str:
        return self.term.article

    def told_by(self, passage: Passage) -> bool:
        """Whether a passage is the section that says what the thing is: “What is …?” over its names, alone or in a list."""
        return passage.kind == "section" and says_what(passage.section, frozenset(map(stems, self.term.names)))

    @property
    def family(self) -> bool:
        """Whether the definition lists kinds, and so is an answer by itself."""
        return "\n- " in self.passage.text

    def named_in(self, text: str) -> bool:
        """Whether a text names the thing in one of its ways."""
        padded = f" {fold(text)} "
        return any(f" {fold(name)}" in padded for name in self.term.names if len(name) > 2)


def definitions(text: str) -> list[Definition]:
    """What a text names, each once, in order of appearance."""
    found: dict[str, Definition] = {}
    for written, term in catalogs.find(text):
        if term.term not in found:
            found[term.term] = _definition(written, term)
    return list(found.values())


def at_large(text: str) -> str:
    """The first question of a text asked of cancer at large: "is lymphoma contagious? we share a bath" → "is cancer contagious?". Empty when it names no one cancer."""
    asked = fold(next((piece for piece in _SENTENCE.split(text.strip()) if piece.endswith("?")), text))
    cancers = {written for written, term in catalogs.find(asked) if term.kind == "disease" and term.cancer}
    if len(cancers) != 1:
        return ""
    return re.sub(rf"\b{re.escape(cancers.pop())}\b", "cancer", asked) + "?"


def says_what(section: str, names: frozenset[frozenset[str]]) -> bool:
    """Whether a heading asks what a thing is: one item of it is one of the thing's names (each as its stems)."""
    heading = section.rsplit(" > ", 1)[-1]
    return bool(_WHAT.match(heading)) and any(said in names for said in map(stems, _ITEMS.split(heading)) if said)


def asks_of_medicine(text: str, terms: Sequence[Named]) -> bool:
    """Whether a question names one medicine and asks what it is for, how it works, who gets it or of which kind it is: what its glossary line says."""
    return len(terms) == 1 and terms[0].kind in ("drug", "drug-class") and _OF_MEDICINE.search(text) is not None


def only_defines(text: str, named: list[Definition] | tuple[Definition, ...]) -> bool:
    """Whether a question names one thing and says nothing else."""
    if asks_of_medicine(text, [d.term for d in named]):
        return True
    only = len(named) == 1 and stems(_EXIST.sub(" ", _ASKS_KINDS.sub(" ", text))) <= stems(" ".join((*named[0].term.names, named[0].term.es)))
    # “What does Taxol do to you?” names nothing else either, and asks for more than what it is.
    return only and bool(_DEFINE.search(text) or _ASKS_KINDS.search(text)) and not aspects(text) - aspects(" ".join(named[0].term.names)) - {"definition"}


def asks_kinds(text: str) -> bool:
    """Whether a question wants the kinds of a thing: “what kinds of lymphoma are there?”, “what kind of cancer is a sarcoma?”"""
    return bool(_ASKS_KINDS.search(text))


def kinds(term: Term) -> list[Term]:
    """The main kinds of a family of cancers; empty when it is none."""
    cancers = catalogs.catalog().cancers
    ids = _KINDS.get(term.term) or tuple(c.id for c in cancers.values() if c.parent and c.parent == term.cancer)
    found = [t for i in ids[:MOST_KINDS] for t in catalogs.catalog().terms if t.cancer == i]
    return found if len(found) >= FEWEST_KINDS else []


def _definition(written: str, term: Term) -> Definition:
    own = next((name for name in term.names if fold(name) in (written, written.removesuffix("s"))), term.term)
    main = term.term[0].upper() + term.term[1:]
    # A brand beside its medicine; of two common words for the same thing the library's is enough.
    name = f"{own} ({term.term})" if term.kind == "drug" and fold(own) != fold(term.term) else main
    asked = name if "(" in name or any(c.isupper() for c in term.term[1:]) else term.term
    s = term.source
    source = SourceRef(title=s.title, organization=s.organization, year=s.year, url=str(s.url), reviewed=None)
    passage = Passage(
        id=f"{GLOSSARY}#{term.term}", collection=GLOSSARY, doc_id=term.article, title=main, section=_heading(asked, term), kind="section",
        evidence=(Evidence(text=_told(name, term), source=source),), cancers=(term.cancer,) if term.cancer else (),
    )  # fmt: skip
    return Definition(name, term, passage)


def _told(name: str, term: Term) -> str:
    """What a thing is; of a family, its main kinds too."""
    family = kinds(term)
    lines = [f"- {kind.term}: {kind.plain}" for kind in family]
    return "\n".join([f"{name}: {term.plain}{' What are its main kinds?' if family else ''}", *lines])


def _heading(asked: str, term: Term) -> str:
    """A word is meant, a medicine or disease is."""
    if term.kind not in ("drug", "drug-class", "disease"):
        return f"What does “{asked}” mean?"
    return f"What {'are' if asked.endswith('s') else 'is'} {asked[0].lower() + asked[1:] if term.kind == 'disease' and asked[1:2].islower() and not _named_after(asked) else asked}?"


def _named_after(name: str) -> bool:
    """Whether a disease is named after somebody, whose capital stays."""
    return name.split()[0] in ("Hodgkin", "Wilms", "Ewing", "Kaposi", "Merkel", "Burkitt", "Waldenström")
