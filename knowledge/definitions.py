"""What a word or medicine is, from the glossary, as a passage that can be cited like any other."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge import catalogs
from knowledge.catalog_models import Term
from knowledge.names import fold
from knowledge.passages import Evidence, Passage, SourceRef

GLOSSARY = "glossary"


@dataclass(frozen=True)
class Definition:
    """A thing that a text names. name: as the reader knows it (“Keytruda (pembrolizumab)”); article: the one that explains it."""

    name: str
    term: Term
    passage: Passage

    @property
    def article(self) -> str:
        return self.term.article

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


def _definition(written: str, term: Term) -> Definition:
    own = next((name for name in term.names if fold(name) in (written, written.removesuffix("s"))), term.term)
    main = term.term[0].upper() + term.term[1:]
    # A brand beside its medicine; of two common words for the same thing the library's is enough.
    name = f"{own} ({term.term})" if term.kind == "drug" and fold(own) != fold(term.term) else main
    asked = name if "(" in name or any(c.isupper() for c in term.term[1:]) else term.term
    s = term.source
    source = SourceRef(title=s.title, organization=s.organization, year=s.year, url=str(s.url), reviewed=None)
    passage = Passage(
        id=f"{GLOSSARY}#{term.term}", collection=GLOSSARY, doc_id=term.article, title=main, section=f"What {'are' if asked.endswith('s') and term.kind == 'drug-class' else 'is'} {asked}?", kind="section",
        evidence=(Evidence(text=f"{name}: {term.plain}", source=source),), cancers=(term.cancer,) if term.cancer else (),
    )  # fmt: skip
    return Definition(name, term, passage)
