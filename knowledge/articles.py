"""Reads the article format into values: front matter, sections, sentences with the source each rests on.

The format is written down in docs/article-format.md; `knowledge.article_checks` holds it to its rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, field_validator

from knowledge.errors import ArticleError

LIBRARY = Path(__file__).parent / "library"

Kind = Literal["cancer", "treatment", "test", "side-effect", "care", "screening", "myths", "navigation"]
BottomStatus = Literal["standard", "promising", "not_recommended"]

Language = Literal["en", "es"]

CLOSING = ("Bottom line", "Questions to ask", "When to call", "You may have heard")
# The closing sections and the statuses as a Spanish article names them. Both names are read in a Spanish article.
CLOSING_ES = dict(zip(("En resumen", "Preguntas para hacer", "Cuándo llamar", "Quizás ha oído"), CLOSING, strict=True))
STATUS_ES = {"estándar": "standard", "prometedor": "promising", "no recomendado": "not recommended"}
MYTH_KINDS = frozenset("only-standard-treatment no-treatment inevitable-side-effect causal-misattribution underestimated-risk no-symptoms other".split())

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = re.compile(r"(?:\s*\[[a-z0-9][a-z0-9-]*(?:\s*,\s*[a-z0-9-]+)*\])+")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_MYTH = re.compile(r"^[\"“«](?P<belief>.+?)[\"”»]\s*\((?P<kind>[a-z-]+)\)\s*(?P<truth>.+)$", re.DOTALL)
_BOTTOM = re.compile(r"^(?P<status>standard|promising|not recommended|estándar|prometedor|no recomendado):\s*(?P<text>.+)$", re.DOTALL)
# A sentence ends at . ! ? (with closing quotes or brackets), before a space and a capital, digit or quote, or at its keys.
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|St|vs|No|approx|U\.S|U\.K)\.|\b[A-Z]\.)$")


class Source(BaseModel):
    """Where a fact comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    organization: str
    year: int = Field(ge=1950, le=2100)
    url: HttpUrl


class FrontMatter(BaseModel):
    """What an article says of itself. translation_of: the article it translates; translated: by whom, a machine until a person checked it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    kind: Kind
    aliases: list[str]
    cancers: list[str]
    guidelines: list[int] | Literal["all"]
    reviewed: date
    sources: dict[str, Source]
    language: Language | None = None
    translation_of: str | None = None
    translated: Literal["machine", "person"] | None = None
    reviewer: str | None = None

    @field_validator("sources")
    @classmethod
    def _keys(cls, sources: dict[str, Source]) -> dict[str, Source]:
        for key in sources:
            if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", key):
                raise ValueError(f"source key {key!r} is not lower case letters, digits and hyphens")
        return sources


@dataclass(frozen=True)
class Sentence:
    """A sentence of ours, the keys of the sources it rests on, its line in the file, and whether it is a bullet."""

    text: str
    keys: tuple[str, ...]
    line: int
    bullet: bool = False


@dataclass(frozen=True)
class ArticleSection:
    """A `##` section: heading, its sentences in order, its line. `###` headings are kept as `path`."""

    heading: str
    sentences: tuple[Sentence, ...]
    line: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Belief:
    """One *You may have heard*: the false belief, its kind, the sentences of its truth."""

    belief: str
    kind: str
    truth: tuple[Sentence, ...]


@dataclass(frozen=True)
class Article:
    """A parsed article."""

    path: Path
    front: FrontMatter
    sections: tuple[ArticleSection, ...]
    bottom_line: tuple[tuple[BottomStatus, Sentence], ...]
    questions: tuple[str, ...]
    when_to_call: tuple[Sentence, ...]
    heard: tuple[Belief, ...]
    headings: tuple[tuple[str, int], ...]
    body: str
    body_line: int
    language: Language = "en"

    @property
    def id(self) -> str:
        return self.front.id

    @property
    def title(self) -> str:
        return self.front.title


def split_sentences(text: str, line: int = 0, *, bullet: bool = False) -> list[Sentence]:
    """Split a paragraph into sentences with their keys. `[a] [b]`, `[a][b]` and `[a, b]` after a sentence belong to it."""
    found: list[Sentence] = []
    start = 0
    for end in _sentence_ends(text):
        chunk = text[start:end].strip()
        start = end
        if not chunk:
            continue
        keys: list[str] = []
        while match := re.search(r"\s*\[([a-z0-9][a-z0-9, -]*)\]([.!?]?)$", chunk):
            keys[:0] = _KEY.findall(match.group(1))
            chunk = (chunk[: match.start()] + match.group(2)).strip()
        found.append(Sentence(" ".join(chunk.split()), tuple(keys), line, bullet))
    return found


def _sentence_ends(text: str) -> Iterator[int]:
    for match in re.finditer(r"[.!?][\"”’')]*", text):
        end = match.end()
        keys = _KEYS.match(text, end)
        # A sentence that ends in an abbreviation ("CBT-I.") is one where its keys follow.
        if not keys and match.group().startswith(".") and _ABBREVIATION.search(text[: match.start() + 1]):
            continue
        if keys:
            end = keys.end()
        rest = text[end:]
        if not rest or (rest[0].isspace() and (keys or re.match(r"\s+[\"“‘'(]?[A-Z0-9¿¡ÁÉÍÓÚÑ]", rest))):
            yield end
    yield len(text)


def read_article(path: Path) -> Article:
    """Read one article file. Raises ArticleError with file, line and what to mend."""
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(path, 1, f"cannot be read: {error}") from error
    match = re.match(r"---\n(.*?)\n---\n", raw, re.DOTALL)
    if not match:
        raise ArticleError(path, 1, "has no front matter: the first line must be --- and a second --- must close it")
    try:
        front = FrontMatter.model_validate(yaml.load(match.group(1), Loader=_LOADER))
    except yaml.YAMLError as error:
        raise ArticleError(path, 2, f"front matter is not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ArticleError(path, 2, f"front matter, {where}: {first['msg']}") from error
    body_line = raw[: match.end()].count("\n") + 1
    return _parse(path, front, raw[match.end() :], body_line)


def _blocks(body: str, first_line: int) -> Iterator[tuple[int, str, str]]:
    """(line, kind, text) with kind one of h2, h3, bullet, text; wrapped lines are joined."""
    pending: list[str] = []
    kind, line = "", first_line
    for number, row in enumerate(body.splitlines(), start=first_line):
        heading = re.match(r"(#{2,3})\s+(.*)", row)
        bullet = re.match(r"[-*]\s+(.*)", row)
        if heading or bullet or not row.strip():
            if pending:
                yield line, kind, " ".join(pending)
            pending = []
            if heading:
                yield number, "h2" if len(heading.group(1)) == 2 else "h3", heading.group(2).strip()
            elif bullet:
                pending, kind, line = [bullet.group(1).strip()], "bullet", number
        elif pending:
            pending.append(row.strip())
        else:
            pending, kind, line = [row.strip()], "text", number
    if pending:
        yield line, kind, " ".join(pending)


def _parse(path: Path, front: FrontMatter, body: str, body_line: int) -> Article:
    language: Language = front.language or ("es" if path.parent.name == "es" else "en")
    sections: list[ArticleSection] = []
    headings: list[tuple[str, int]] = []
    bottom: list[tuple[BottomStatus, Sentence]] = []
    questions: list[str] = []
    calls: list[Sentence] = []
    heard: list[Belief] = []
    current, current_line = "", body_line
    current_path: tuple[str, ...] = ()
    sentences: list[Sentence] = []

    def close() -> None:
        if sentences:
            sections.append(ArticleSection(current, tuple(sentences), current_line, current_path))
            sentences.clear()

    for line, kind, text in _blocks(body, body_line):
        if kind == "h2":
            close()
            text = CLOSING_ES.get(text, text) if language == "es" else text
            current, current_path, current_line = text, (text,), line
            headings.append((text, line))
        elif kind == "h3":
            close()
            current_path, current_line = (current_path[0] if current_path else "", text), line
        elif current == "Bottom line":
            match = _BOTTOM.match(text)
            if not match:
                raise ArticleError(path, line, "bottom line bullet must start with standard:, promising: or not recommended:")
            status: Any = STATUS_ES.get(match.group("status"), match.group("status")).replace(" ", "_")
            bottom += [(status, s) for s in split_sentences(match.group("text"), line, bullet=True)]
        elif current == "Questions to ask":
            questions.append(text)
        elif current == "When to call":
            calls += split_sentences(text, line, bullet=kind == "bullet")
        elif current == "You may have heard":
            match = _MYTH.match(text)
            if not match:
                raise ArticleError(path, line, 'a bullet here must read: "False belief." (kind) Truth. [key]')
            heard.append(Belief(match.group("belief").strip(), match.group("kind"), tuple(split_sentences(match.group("truth"), line))))
        else:
            sentences += split_sentences(text, line, bullet=kind == "bullet")
    close()
    return Article(
        path=path, front=front, sections=tuple(sections), bottom_line=tuple(bottom), questions=tuple(questions),
        when_to_call=tuple(calls), heard=tuple(heard), headings=tuple(headings), body=body, body_line=body_line, language=language,
    )  # fmt: skip


def library_paths(folder: Path = LIBRARY) -> list[Path]:
    """Article files under a folder, sorted; README files are not articles."""
    return sorted(p for p in folder.rglob("*.md") if p.name.lower() != "readme.md")
