"""The catalogues as typed values: guidelines, contacts, services, cancers, glossary terms, and the error that names the entry."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from knowledge.errors import KnowledgeError

Kind = Literal["drug", "drug-class", "gene", "biomarker", "test", "procedure", "side-effect", "disease", "word"]
Topic = Literal[
    "information", "treatment", "cost", "insurance", "legal", "work", "trial", "support", "distress", "bereavement", "caregiver", "second-opinion",
    "lodging", "transport", "fertility", "young-adult", "children", "genetics", "screening", "smoking", "spanish",
]  # fmt: skip
# A day, or the honest word that nobody has looked.
Verified = date | Literal["unverified"]
Https = Annotated[str, Field(pattern=r"^https://[^\s]+$")]
# A YAML key written with an empty list means none.
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else value)]


class CatalogError(KnowledgeError):
    """A catalogue that cannot be read: says which file and which entry."""

    def __init__(self, path: Path, entry: str, message: str) -> None:
        super().__init__(f"{path.name}, entry {entry!r}: {message}")
        self.path, self.entry, self.message = path, entry, message


class Value(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Value):
    """Where a reader can check a fact."""

    title: str
    organization: str
    year: int = Field(ge=1950, le=2100)
    url: Https


class Guideline(Value):
    """One NCCN patient book: a name, a year and a link; never its text."""

    id: int
    title: str
    year: int = Field(ge=2000, le=2100)
    category: str
    cancers: Names = ()
    url: Https

    @property
    def full_title(self) -> str:
        """The title as a reader knows it: `NCCN Guidelines for Patients: Invasive Breast Cancer`."""
        head, _, tail = self.title.partition(" - ")
        name = self.title if not tail else tail if head == "Breast Cancer" else f"{head}: {tail}"
        return f"NCCN Guidelines for Patients: {name}"


class ContactLine(Value):
    """Somebody to call. `phone` as shown, `dial` the digits when the shown one has letters, `text` how to use it."""

    name: str
    es: str
    phone: str
    phone_es: str | None = None
    dial: str | None = None
    text: str
    text_es: str
    hours: str | None = None
    url: Https | None = None
    verified_on: Verified

    def named(self, language: str = "en") -> tuple[str, str, str]:
        """(name, phone, how to use it) in English or Spanish."""
        return (self.es, self.phone_es or self.phone, self.text_es) if language == "es" else (self.name, self.phone, self.text)


class Contacts(Value):
    """Who to call in one country. `cancer` may be empty where no national line is known to us."""

    country: str
    name: str
    emergency: ContactLine
    crisis: tuple[ContactLine, ...] = Field(min_length=1)
    poison: tuple[ContactLine, ...] = Field(min_length=1)
    cancer: tuple[ContactLine, ...]

    @model_validator(mode="after")
    def _seen(self) -> Self:
        """A number shown to a person in danger was seen by somebody; words such as `your local emergency number` may go unseen."""
        for line in (self.emergency, *self.crisis, *self.poison):
            if line.verified_on == "unverified" and any(letter.isdigit() for letter in line.phone + line.text):
                raise ValueError(f"{line.name}: a number for a person in danger must have verified_on, the day its owner's page was seen")
        return self


class ServiceEntry(Value):
    """An organisation that may help. Empty `cancers` means every cancer, empty `countries` anywhere. `why_es`: why, in Spanish."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    url: Https
    phone: str | None = None
    whom: str
    cost: str
    why: str = Field(max_length=140)
    why_es: str | None = Field(default=None, max_length=140)
    topics: tuple[Topic, ...] = Field(min_length=1)
    cancers: Names
    countries: Names
    verified_on: Verified


class Cancer(Value):
    """One of our words for cancers. `exact` names count only when written in capitals, as they are everyday words too."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    es: str
    plain: str
    article: str
    parent: str | None = None
    aliases: Names = ()
    misspelt: Names = ()
    exact: Names = ()


class Term(Value):
    """A word a patient meets, in plain words. A drug's text says what kind of medicine it is and is never a dose.

    cancer: for a disease, our catalogue word; `exact`: see Cancer; `misspelt`: common slips, never shown.
    """

    term: str
    es: str
    kind: Kind
    plain: str
    article: str
    source: Source
    aliases: Names = ()
    misspelt: Names = ()
    exact: Names = ()
    cancer: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every correct name, the main one first."""
        return tuple(dict.fromkeys((self.term, self.es, *self.aliases, *self.exact)))


class Catalog(Value):
    """All catalogues together, checked against each other."""

    guidelines: tuple[Guideline, ...]
    browse_all: Https
    contacts: dict[str, Contacts]
    services: tuple[ServiceEntry, ...]
    cancers: dict[str, Cancer]
    terms: tuple[Term, ...]
