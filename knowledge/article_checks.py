"""Holds articles to the rules of docs/article-format.md and says where each one breaks.

Runnable: `python -m knowledge.article_checks [FILE…]` prints problems and a table (words, grade, ease, sourced share).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.articles import CLOSING, MYTH_KINDS, Article, Sentence, library_paths, read_article
from knowledge.errors import ArticleError
from knowledge.heard import SOUND, strangers
from knowledge.readability import measure, measure_spanish
from knowledge.translations import differences

# Spanish says the same in a fifth more words.
WORDS, WORDS_ES = (500, 1100), (500, 1320)
MAX_GRADE, MIN_EASE = 9.0, 55.0
# Means over the whole library.
MEAN_GRADE, MEAN_EASE = 8.0, 65.0
# Of a Spanish article, whose ease is Fernández-Huerta's: 60 to 70 reads like a newspaper, 70 to 80 fairly easy. It has no grade.
MIN_EASE_ES, MEAN_EASE_ES = 65.0, 70.0
MIN_TOPICS, MIN_BOTTOM, MIN_QUESTIONS, MIN_HEARD = 3, 3, 5, 2

# Sentences to the reader that hold no fact need no source (docs/article-format.md, rule `sourced`).
_TO_READER = re.compile(
    r"^(?:You can|You may want|You do not have to|You are not|Ask|Tell|Talk|Bring|Call|Write|Keep|It is okay|"
    r"It is normal to feel|It helps to|If you|Your care team|Your team|Your doctor|Many people find|This page|Some people choose)\b"
)
_TO_READER_ES = re.compile(
    r"^(?:(?:Usted )?[Pp]uede|Quizás quiera|No tiene que|Usted no est[áa]|No está sol|Pregunte|Pida|Diga|Dígale|Cuente|Cuéntele|Avise|Hable|Lleve|Llame|Escriba|Anote|Guarde|"
    r"Está bien|Es normal sentir(?:se)?|Ayuda|Si usted|Si tiene|Si siente|Si acaba de|Su equipo|Su médico|A muchas personas les|Muchas personas|Esta página|Algunas personas prefieren)\b"
)
_VOICE_ES = re.compile(
    r"\b(?:como médic[oa]s?,|nosotros los médicos|en mi consult\w+|mis pacientes|no se preocupe|todo (?:va a salir|saldrá) bien|usted estará bien|"
    r"usted debe(?:ría)? (?:tomar|dejar|suspender|empezar|rechazar)|tiene que (?:tomar|dejar de tomar|suspender|empezar))\b",
    re.IGNORECASE,
)
_VOICE = re.compile(
    r"\b(?:as a doctor|we doctors|in my clinic|my patients|don['’]t worry|do not worry|you will be fine|"
    r"you should (?:take|stop|start|refuse)|you must (?:take|stop|start))\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-z][^>]*>|!\[|\]\(|^\s*\||\*\*|__|^#{4,}|^#\s", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """A broken rule with its place."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: [{self.rule}] {self.message}"


@dataclass(frozen=True)
class Figures:
    """What the table shows of an article. sourced: share of sentences that carry a key, questions left out; grade: None in Spanish."""

    words: int
    grade: float | None
    ease: float
    sourced: float


def needs_source(sentence: Sentence, language: str = "en") -> bool:
    """Whether the rule `sourced` asks a key of this sentence."""
    text = sentence.text
    to_reader = _TO_READER_ES if language == "es" else _TO_READER
    return not text.rstrip('"”»').endswith("?") and not (to_reader.match(text) and not re.search(r"\d", text))


def sentences_of(article: Article) -> Iterator[Sentence]:
    """Every sentence of the body that could state a fact."""
    for section in article.sections:
        yield from section.sentences
    for _, sentence in article.bottom_line:
        yield sentence
    yield from article.when_to_call
    for belief in article.heard:
        yield from belief.truth


def figures(article: Article) -> Figures:
    """Words, reading figures and sourced share of the body."""
    reading = measure_spanish(article.body) if article.language == "es" else measure(article.body)
    asked = [s for s in sentences_of(article) if not s.text.endswith("?")]
    return Figures(reading.words, reading.grade, reading.ease, sum(bool(s.keys) for s in asked) / max(1, len(asked)))


def check(article: Article, *, states_dose: Callable[[str], bool] | None = None, guidelines: set[int] | None = None) -> list[Problem]:
    """All broken rules of one article. `states_dose` says whether a sentence states a dose (handed in: policies own it)."""
    problems: list[Problem] = []

    def add(line: int, rule: str, message: str) -> None:
        problems.append(Problem(article.path, line, rule, message))

    front = article.front
    if front.id != article.path.stem:
        add(2, "front-matter", f"id {front.id!r} must equal the file's name {article.path.stem!r}")
    if isinstance(front.guidelines, list) and guidelines is not None:
        for unknown in sorted(set(front.guidelines) - guidelines):
            add(2, "front-matter", f"guideline id {unknown} is not in the catalogue")
    names = [name for name, _ in article.headings]
    if tuple(names[-4:]) != CLOSING:
        add(article.body_line, "sections", f"the last four sections must be {', '.join(CLOSING)}; found {', '.join(names[-4:])}")
    if len([n for n in names if n not in CLOSING]) < MIN_TOPICS:
        add(article.body_line, "sections", f"needs at least {MIN_TOPICS} topic sections before {CLOSING[0]}")
    _check_sentences(article, states_dose, add)
    _check_closing(article, add)
    seen = figures(article)
    least, most = WORDS_ES if article.language == "es" else WORDS
    if not least <= seen.words <= most:
        add(article.body_line, "words", f"{seen.words} words; must be {least} to {most}")
    if seen.grade is None and seen.ease < MIN_EASE_ES:
        add(article.body_line, "ease", f"ease {seen.ease} (Fernández-Huerta); must be ≥ {MIN_EASE_ES}: shorter sentences, everyday words")
    if seen.grade is not None and (seen.grade > MAX_GRADE or seen.ease < MIN_EASE):
        add(article.body_line, "grade", f"grade {seen.grade}, ease {seen.ease}; must be ≤ {MAX_GRADE} and ≥ {MIN_EASE}: shorter sentences, everyday words")
    if (article.language == "es") != (article.path.parent.name == "es"):
        add(2, "front-matter", f"an article in {article.language!r} does not belong in the folder {article.path.parent.name!r}: Spanish ones live in es/")
    if front.translation_of is not None or front.translated is not None:
        problems += [Problem(article.path, *found) for found in differences(article)]
    for match in _MARKUP.finditer(article.body):
        add(article.body_line + article.body[: match.start()].count("\n"), "markup", f"{match.group().strip()!r} is not allowed in the body")
    return problems


def _check_sentences(article: Article, states_dose: Callable[[str], bool] | None, add: Callable[[int, str, str], None]) -> None:
    known, used = set(article.front.sources), set[str]()
    for sentence in sentences_of(article):
        used |= set(sentence.keys)
        for key in sentence.keys:
            if key not in known:
                add(sentence.line, "unknown-key", f"[{key}] is not among the article's sources")
        if left := [key for key in known if f"[{key}" in sentence.text]:
            add(sentence.line, "stray-key", f"[{left[0]}] stands within a sentence: a key goes behind the full stop of what it proves")
        if not sentence.keys and needs_source(sentence, article.language):
            add(sentence.line, "sourced", f"no source key after: {sentence.text[:90]}")
        if states_dose and states_dose(sentence.text):
            add(sentence.line, "dose", f"states a dose: {sentence.text[:90]}")
        if (_VOICE_ES if article.language == "es" else _VOICE).search(sentence.text):
            add(sentence.line, "voice", f"personal advice, false cheer or a clinician's voice: {sentence.text[:90]}")
    for key in sorted(known - used):
        add(2, "unused-source", f"source {key} is never used")


def _check_closing(article: Article, add: Callable[[int, str, str], None]) -> None:
    places = dict(article.headings)
    if len(article.bottom_line) < MIN_BOTTOM or not any(status == "standard" for status, _ in article.bottom_line):
        add(places.get("Bottom line", 1), "bottom-line", f"needs at least {MIN_BOTTOM} bullets, one of them standard")
    asked = [q for q in article.questions if q.rstrip().endswith("?")]
    if len(asked) < MIN_QUESTIONS or len(asked) != len(article.questions):
        add(places.get("Questions to ask", 1), "questions", f"needs at least {MIN_QUESTIONS} bullets, each ending in ?")
    if not article.when_to_call:
        add(places.get("When to call", 1), "sections", "When to call is empty")
    if len(article.heard) < MIN_HEARD:
        add(places.get("You may have heard", 1), "heard", f"needs at least {MIN_HEARD} bullets")
    for belief in article.heard:
        if belief.kind not in MYTH_KINDS:
            add(belief.truth[0].line if belief.truth else 1, "heard", f"kind ({belief.kind}) is not one of {', '.join(sorted(MYTH_KINDS))}")


def main(
    paths: Sequence[Path], *, states_dose: Callable[[str], bool] | None = None, guidelines: set[int] | None = None, overlay: Path | None = None,
    whole: bool = False,
) -> int:  # fmt: skip
    """Check the files and print the table; exit code 1 when a rule is broken. whole: they are the library, its means are held to their bars."""
    broken = 0
    totals: list[tuple[Figures, date]] = []
    print(f"{'article':32} {'words':>5} {'grade':>5} {'ease':>5} {'sourced':>7}  reviewed")
    for path in paths:
        own = overlay is not None and path.absolute().is_relative_to(overlay.absolute())
        try:
            article = read_article(path)
        except ArticleError as error:
            print(f"{path.stem:32} cannot be read{' (overlay)' if own else ''}\n  {error}")
            broken += 1
            continue
        problems = check(article, states_dose=states_dose, guidelines=guidelines)
        broken += len(problems)
        seen = figures(article)
        totals.append((seen, article.front.reviewed))
        name = f"es/{path.stem}" if article.language == "es" else path.stem
        print(f"{name:32} {seen.words:5} {_grade(seen.grade)} {seen.ease:5.1f} {seen.sourced:7.0%}  {article.front.reviewed}{'  overlay' if own else ''}")
        for problem in problems:
            print(f"  {problem}")
    broken += _summary(totals, whole)
    if whole:
        broken += _heard()
    print(f"{broken} problems")
    return 1 if broken else 0


def _heard() -> int:
    """Print what catalog/heard holds of no belief of the built-in library; gives how many."""
    library = [read_article(path) for path in library_paths()]
    beliefs = [(article.front.id, belief.belief) for article in library if article.language == "en" for belief in article.heard]
    problems = strangers(beliefs) + strangers(beliefs, SOUND)
    for problem in problems:
        print(f"  {problem}")
    return len(problems)


def _grade(grade: float | None) -> str:
    return f"{grade:5.2f}" if grade is not None else "    -"


def _summary(totals: Sequence[tuple[Figures, date]], whole: bool) -> int:
    """Print the means of each language; gives how many of them miss their bars."""
    missed = 0
    english = [(f, f.grade, day) for f, day in totals if f.grade is not None]
    spanish = [(f, day) for f, day in totals if f.grade is None]
    if english:
        n = len(english)
        grade, ease = sum(g for _, g, _ in english) / n, sum(f.ease for f, _, _ in english) / n
        _means("all", [(f, day) for f, _, day in english], grade)
        print(
            f"{n} articles: mean grade {grade:.2f} (at most {MEAN_GRADE}), mean ease {ease:.1f} (at least {MEAN_EASE}), "
            f"hardest {max(g for _, g, _ in english):.2f} (at most {MAX_GRADE})"
        )
        missed += grade > MEAN_GRADE or ease < MEAN_EASE
    if spanish:
        ease = sum(f.ease for f, _ in spanish) / len(spanish)
        _means("all es/", spanish, None)
        print(f"{len(spanish)} in Spanish: mean ease {ease:.1f} (Fernández-Huerta, at least {MEAN_EASE_ES}), hardest {min(f.ease for f, _ in spanish):.1f}")
        missed += ease < MEAN_EASE_ES
    if whole and missed:
        print("the library as a whole reads harder than it may: shorter sentences, everyday words")
    return missed if whole else 0


def _means(name: str, totals: Sequence[tuple[Figures, date]], grade: float | None) -> None:
    n = len(totals)
    words, ease, sourced = sum(f.words for f, _ in totals) // n, sum(f.ease for f, _ in totals) / n, sum(f.sourced for f, _ in totals) / n
    print(f"{f'{name} {n}':32} {words:5} {_grade(grade)} {ease:5.1f} {sourced:7.0%}  {min(day for _, day in totals)} (oldest)")


if __name__ == "__main__":
    sys.exit(main([Path(a) for a in sys.argv[1:]] or library_paths(), whole=len(sys.argv) == 1))
