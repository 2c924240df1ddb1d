"""Which passages answer a part of the question, in which order and how many.

A definition is short, an overview longer; what answers the question comes first, and what only lies near it stays out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.leading import led
from knowledge.definitions import GLOSSARY, Definition, asks_kinds, definitions, only_defines
from knowledge.passages import Passage, heading
from knowledge.question import Part, aspects, finer_aspects, in_english, only_explains
from knowledge.search import Hit
from knowledge.words import GENERIC, stems

# Passages and words of an answer by what is asked: an overview, a definition, anything else; each part of a compound question.
OVERVIEW, DEFINITION, USUAL, EACH = (3, 330), (2, 300), (2, 260), (1, 260)
# A first passage shorter than this (words) gets company.
SHORT = 40
# Share of a verdict's heading that an open question says at which it may lead all the same.
HALF_SAID = 0.5
# A hit this far below the best one, in score and in cosine, is about something else.
NEAR_SCORE, NEAR_COSINE = 0.78, 0.16
# Share of the best hit's coverage that another needs, and the one it needs where no aspect tells what is asked.
NEAR_COVERAGE, NEAR_UNASKED = 0.6, 0.85
# Share of a heading's words that the question says: enough by itself, and what a passage needs that is not as near as the best one.
SAID, SAID_LEAST, CLOSE_COSINE = 0.75, 0.3, 0.05
# What a heading that says what is asked, and one that answers the aspect asked for, count for among the passages of an answer.
HEADING, ASPECT = 0.30, 0.25
# … and each point of cosine of question and heading above the usual.
HEADED, HEADED_USUAL = 1.0, 0.4
# Cosine of question and heading at which a section answers it, whatever its other words; and likeness of the question and what is asked for the section.
MET_BY_HEADING, MET_BY_ASK = 0.6, 0.8
# What each point of that likeness above the usual counts for.
ASKED, ASKED_USUAL = 1.2, 0.6
# Likeness of a heading and a question (shared stems over all) at which the one asks what the other asks.
MEETS, SAME_HEADING = 0.4, 0.6
# A myth stands in an answer when the question is about it, not because its words are near.
NEAR_MYTH = 0.70
MYTH_BEFORE_SECTION = 1.15
# A yes or no to another question stands in an answer to an open one only when it was found about as well as the best.
VERDICT_SCORE = 0.9
# Kinds of names that somebody may know without knowing what they are.
_EXPLAINED = frozenset({"drug", "drug-class", "gene", "biomarker"})
# What a section tells beside the matter itself.
_ASIDE = frozenset({"money"})
# Telling words of an item of a heading that counts by itself.
ITEM = 2
_ITEMS = re.compile(r",\s*(?:and\s+|or\s+|y\s+|o\s+)?|\s+(?:and|or|y|o)\s+", re.IGNORECASE)
_IS_IT = re.compile(r"^\W*(?:is|are|es|son)\b", re.IGNORECASE)
# An early stage asked about, and a heading about cancer that has spread: its outlook is another, and a fright.
_EARLY = re.compile(r"\b(?:stage|etapa|estadio)s? (?:0|1|2|i{1,2}|zero|one|two)\b|\bearly[- ]stage\b|\bearly (?:\w+ )?cancer\b", re.IGNORECASE)
_SPREAD = re.compile(r"\bmetasta|\badvanced\b|\bextensive\b|\bspread\b|\bstage (?:4|iv|four)\b|\bavanzad", re.IGNORECASE)
# Kinds of names in a heading that make its verdict narrower than a question without them.
_NARROWER = _EXPLAINED | {"disease"}
_TELL = re.compile(
    r"^\W*(?:tell me (?:more )?about|explain|overview|learn about|information (?:on|about)|info (?:on|about)|hábleme de|información sobre)\b", re.IGNORECASE
)
_DEFINE = re.compile(
    r"^\W*(?:so\s+)?(?:w(?:ha|a|u)t(?:'s| is| are|s)|what does .{2,60} mean|define|meaning of|qu[eé] (?:es|son|significa))\b|\bmeans?\s*\??$|\bstands? for\b|\bshort for\b|\bin (?:simple|plain) words|\bwhat(?:['’]?s| is| are) (?:that|this|it|those)\W*$",
    re.IGNORECASE,
)
# A level of something is not the thing: “what does a high PSA mean” asks what raises it.
_LEVEL = re.compile(
    r"\b(?:does|do|is|are|significa|es)(?: (?:an?|my|the|having|tener|unas?|la|el|los|las))* (?:\w+ )?(?:high|low|elevated|raised|rising|falling|abnormal|increased|alt[oa]s?|baj[oa]s?|elevad[oa]s?)\b(?![- ](?:grade|risk|dose|grado|riesgo))"
    r"|\b(?:tener|tiene) (?:\w+ ){1,2}(?:alt[oa]s?|baj[oa]s?|elevad[oa]s?)\b",
    re.IGNORECASE,
)
_ASKING_ES = re.compile(r"\b(?:qu[eé]|q|c[oó]mo|cu[aá]l(?:es)?|cu[aá]ndo|cu[aá]nt[oa]s?|d[oó]nde|qui[eé]n(?:es)?)\b", re.IGNORECASE)
_CLOSED = re.compile(
    r"^\W*(?:is|are|was|can|could|do|does|did|will|would|should|has|have|must|may|am)\b|^\W*(?:es|son|hay|est[aá]|puedo|puede|pueden|debo|se puede|se me|me|va|voy|duele|funciona|sirve|tiene|tengo que|necesito)\b|,?\s*(?:right|true|correct|is (?:it|that|this) (?:true|so))\W*$",
    re.IGNORECASE,
)
# Help to die is told to who asks for it, in its own words: to anyone else who asks about dying or hospice it would sound like a hint.
_HELP_TO_DIE = re.compile(
    r"\b(?:medical )?aid[- ]in[- ]dying\b|\bassist(?:ed|ance|s|ing)?(?: (?:in|with|a|the|to))? (?:dying|die|death|suicide)\b|\beuthan|\bdeath with dignity\b|"
    r"(?-i:\bMAID\b)|\bmaid (?:laws?|drugs?|program|act)\b|\bright to die\b|\blegal(?:ly)? (?:to|for) .{0,40}\bdie\b|"
    r"\bhelp\w* (?:(?:me|him|her|you|us|them|someone|somebody|people|patients|my \w+|an? \w+) )?(?:to )?(?:die\b(?! (?:at home|peace|in peace|in comfort|comfort|well|with))|end (?:my|his|her|your|their|a|the) (?:own )?life\b)|"
    r"\b(?:medicines?|drugs?|pills?|shot|injection)(?: that)? (?:to die|(?:to )?ends? (?:your |my |a |their )?life)\b|"
    r"\bayuda\w* (?:m[eé]dica )?(?:a|para) (?:bien )?morir\b|\beutanasia\b|\bsuicidio (?:m[eé]dicamente )?asistido\b|\bmuerte (?:asistida|digna|con dignidad)\b|\bderecho a morir\b|"
    r"\b(?:medicinas?|medicamentos?|pastillas?|inyecci[oó]n) para (?:morir|terminar (?:con )?(?:la|su|mi) vida)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"^\W*(?:yes|no|not|often|sometimes|usually|rarely|very rarely|maybe|mostly|almost|it depends|sí|a veces|muchas veces|casi|lo más probable|rara vez|depende)\b",
    re.IGNORECASE,
)


def is_overview(text: str) -> bool:
    """Whether a question wants a topic laid out: “tell me about …”, or a bare name."""
    return bool(_TELL.match(text)) or (not text.rstrip().endswith("?") and len(text.split()) <= 3 and not aspects(text) and not finer_aspects(text))


def is_definition(text: str) -> bool:
    """Whether a question wants to know what something is, and nothing else of it."""
    return bool(_DEFINE.search(text)) and not (aspects(text) - {"definition"} or finer_aspects(text) or _LEVEL.search(text))


def is_closed(text: str) -> bool:
    """Whether a question can be answered with yes or no."""
    return bool(_CLOSED.search(text))


def _asks_without_a_word(text: str, asked: str) -> bool:
    """Whether a Spanish question asks for a yes or no: its order tells nothing (“la guanábana cura el cáncer”), and no word of it asks what, how or when."""
    return text != asked and not _ASKING_ES.search(text)


def gives_verdict(passage: Passage) -> bool:
    """Whether a passage opens with a yes or no."""
    return bool(_VERDICT.match(passage.text))


def unbidden(passage: Passage, question: str) -> bool:
    """Whether a passage is about help to die, by its heading or opening sentence, and the question does not ask for it."""
    opening = f"{passage.section}. {passage.text.partition('. ')[0]}"
    return bool(_HELP_TO_DIE.search(opening)) and not _HELP_TO_DIE.search(question)


def pick(part: Part, hits: Sequence[Hit], named: Sequence[Definition], *, alone: bool, brief: bool, explain: bool = True) -> list[Passage]:
    """The passages of a part, the one that answers it first. named: what the question names, to explain a name that the passages do not.

    explain: whether the glossary's English may do so.
    """
    usable = [h for h in hits if h.passage.kind not in ("bottom_line", "call") and not unbidden(h.passage, part.text) and not _strange_myth(h, part.text)]
    sections = [h for h in usable if h.passage.kind != "heard"]
    if sections and usable[0].passage.kind == "heard" and usable[0].score < MYTH_BEFORE_SECTION * sections[0].score:
        usable = [sections[0], *(h for h in usable if h is not sections[0])]
    if not usable:
        return []
    best = usable[0]
    if kind := _asked_if_it_is(part.text, named):
        named = [kind]
    overview = is_overview(part.text)
    definition = kind is not None or is_definition(part.text) or only_defines(part.text, list(named))
    most, words = (1, 10_000) if brief else DEFINITION if definition else EACH if not alone else OVERVIEW if overview else USUAL
    # A Spanish question meets English headings by the search that it stands for.
    asked = part.text if best.passage.language == "es" else in_english(part.text, [d.term.term for d in named])
    near = [h for h in usable if h is best or _near(h, best, asked)]
    if best.asked < MET_BY_ASK and (
        (not (is_closed(asked) or _asks_without_a_word(part.text, asked)) and answers_another(best.passage, asked) and _said(best.passage, asked) <= HALF_SAID)
        or _beside(best.passage, asked)
    ):
        # “How do they …?” is not answered by the yes or no to something else, nor “who needs it?” by who pays, where another section lies as near.
        others = [h for h in near if h is not best]
        if not any(h in sections for h in others):
            others = [h for h in sections if h is not best and h.score >= NEAR_SCORE * best.score and not _beside(h.passage, asked)][:1]
        near = others or near
    # A myth is for a question that it answers with yes or no, and then after the section that explains it; elsewhere only where nothing else is near.
    near.sort(key=lambda h: (h.passage.kind == "heard", -_fit(h, asked)))
    if near[0].passage.kind != "heard":
        near = [h for h in near if h.passage.kind != "heard"] + [h for h in near if h.passage.kind == "heard" and is_closed(asked)][:1]
    if overview:
        own = [h for h in sections if h.passage.doc_id == best.passage.doc_id]
        near = sorted(own, key=lambda h: _position(h.passage)) or near
    picked = _explained(part.text, near, named, definition=definition) if explain else []
    if definition and picked and named[0].family and picked[0] == named[0].passage:
        return picked
    total = sum(len(p.text.split()) for p in picked)
    for hit in near:
        count = len(hit.passage.text.split())
        if picked and (_full(picked, most) or total + count > words or any(same(hit.passage.text, p.text) for p in picked)):
            continue
        if any(_asks_the_same(hit.passage, p) or _judges_too(hit.passage, p, asked) for p in picked) or (
            definition and picked and not _goes_on(hit.passage, picked[0], named)
        ):
            continue
        picked.append(hit.passage)
        total += count
    if definition and len(picked) == 1 and picked[0].collection == GLOSSARY:
        # A line of the glossary goes on with what its article says of the thing.
        picked += [h.passage for h in near if h.passage.doc_id == named[0].article and named[0].named_in(h.passage.section)][:1]
    if picked and not definition and not overview and picked[0].kind == "section" and picked[0].collection != GLOSSARY:
        picked[0] = led(picked[0], asked)
    return picked


def _strange_myth(hit: Hit, question: str) -> bool:
    """Whether a hit is a false belief that the question neither says nor means: alone or first it would put the belief into somebody's mouth."""
    return hit.passage.kind == "heard" and hit.dense < NEAR_MYTH and _said(hit.passage, question) < HALF_SAID


def _full(picked: Sequence[Passage], most: int) -> bool:
    return len(picked) >= most + (len(picked[0].text.split()) < SHORT)


def _explained(text: str, near: Sequence[Hit], named: Sequence[Definition], *, definition: bool) -> list[Passage]:
    """The glossary's word on what is asked for or named, where the passage that would come first does not say it."""
    if not near:
        return []
    first = near[0].passage
    unsaid = [d for d in named if not d.named_in(f"{first.section} {first.text}")]
    if definition and len(named) == 1 and (not named[0].told_by(first) or (named[0].family and asks_kinds(text))):
        return [named[0].passage]
    # A brand or a rare word that the answer goes on to treat under another name.
    return [d.passage for d in unsaid if d.term.kind in _EXPLAINED][:1]


def _near(hit: Hit, best: Hit, question: str) -> bool:
    if hit.score < NEAR_SCORE * best.score:
        return False
    wanted, offered = _wanted(question), aspects(hit.passage.section) - {"definition"}
    asked, told = finer_aspects(question), finer_aspects(hit.passage.section)
    # What a thing is was not asked by who asks something else of it.
    explains = bool(wanted or asked) and only_explains(hit.passage.section) and not told and not offered
    if hit.asked >= max(MET_BY_ASK, best.asked) and hit.passage.kind == "section" and not explains:
        return True  # people ask for it in just these words
    if hit.dense < best.dense - NEAR_COSINE or _beside(hit.passage, question):
        return False
    if hit.passage.kind == "heard":
        return hit.dense >= NEAR_MYTH
    if hit.headed >= max(MET_BY_HEADING, best.headed):
        return True  # its heading asks just this, whatever else the question's words stand in
    # A section on what is asked need not say the question's other words.
    if hit.coverage < NEAR_COVERAGE * best.coverage and not wanted & offered:
        return False
    said = _said(hit.passage, question)
    # A verdict is for a question that wants one.
    if explains:
        return False
    if (
        not is_closed(question)
        and (said <= HALF_SAID or (said < SAID and hit.score < VERDICT_SCORE * best.score))
        and is_closed(hit.passage.section)
        and _VERDICT.match(hit.passage.text)
    ):
        return False
    if hit.passage.language == "es":
        # Found by words alone, with no cosine to tell what is near: its heading must say what is asked.
        return bool(wanted & offered or asked & told) if wanted or asked else said >= SAID and not is_definition(question)
    # What asks for one thing of a topic is not answered by another.
    if (wanted and offered and not wanted & offered) or (told and not told & asked and said < SAID):
        return False
    if said < SAID_LEAST and hit.dense < best.dense - CLOSE_COSINE:
        return False
    return bool(wanted & offered or asked & told) or said >= SAID or (not wanted and not asked and hit.coverage >= NEAR_UNASKED * best.coverage)


def _wanted(question: str) -> frozenset[str]:
    """The aspects that a question asks for; a stage beside another is where it asks about (“survival with stage 4”), not what."""
    wanted = aspects(question) - {"definition"}
    return wanted - {"stages"} if len(wanted) > 1 else wanted


def _heading(passage: Passage) -> frozenset[str]:
    return stems(heading(passage))


@lru_cache(maxsize=64)
def _asked(question: str) -> frozenset[str]:
    """Stems of a question, what it names by other words for it too: “chemotherapy” is said by a heading on chemo. Names of several words hold others."""
    other = (name for d in definitions(question) if d.term.kind not in ("disease", "word") for name in (d.term.term, *d.term.aliases) if name.isalpha())
    return stems(" ".join((question, *other)))


def _said(passage: Passage, question: str) -> float:
    """Share of a heading's telling words that the question says; of a heading that lists several things, of the item that it says most of."""
    asked = _asked(question)
    items = [stems(item) - GENERIC for item in _ITEMS.split(heading(passage))]
    shares = [len(words & asked) / len(words) for words in (_heading(passage) - GENERIC, *(i for i in items if len(i) >= ITEM)) if words]
    return max(shares, default=0.0)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _beside(passage: Passage, question: str) -> bool:
    """Whether a section tells something else of the topic than what is asked: another aspect, or who pays when nobody asks it."""
    if _EARLY.search(question) and not _SPREAD.search(question) and _SPREAD.search(passage.section):
        return True
    wanted, offered = _wanted(question), aspects(passage.section) - {"definition"}
    aside = (finer_aspects(passage.section) & _ASIDE) - finer_aspects(question)
    return bool(wanted and offered and not wanted & offered) or (bool(aside) and _said(passage, question) < HALF_SAID)


def _asked_if_it_is(text: str, named: Sequence[Definition]) -> Definition | None:
    """The medicine of which a question asks whether it is of some kind (“is Herceptin chemo?”), and nothing else."""
    if not (_IS_IT.match(text) and len(named) == 2 and named[0].term.kind == "drug" and named[1].term.kind != "drug"):
        return None
    return named[0] if stems(text) <= stems(" ".join(n for d in named for n in (d.name, *d.term.names))) | GENERIC else None


def _told(passage: Passage) -> frozenset[str]:
    return (aspects(passage.section) | finer_aspects(passage.section)) - {"definition"}


def _asks_the_same(one: Passage, other: Passage) -> bool:
    return _alike(_heading(one), _heading(other)) >= SAME_HEADING and _told(one) == _told(other)


def answers_another(passage: Passage, question: str) -> bool:
    """Whether a section gives a yes or no to another question than the one asked: it may only stand under its own heading."""
    return is_closed(passage.section) and bool(_VERDICT.match(passage.text)) and _said(passage, question) < SAID


def _judges_too(one: Passage, other: Passage, question: str) -> bool:
    """Whether a second section gives its own yes or no to a question that already has one, in other words about the same thing."""
    both = is_closed(one.section) and is_closed(other.section) and _VERDICT.match(one.text) and _VERDICT.match(other.text)
    return bool(both and is_closed(question) and len(_heading(one) & _heading(other)) > 0)


def _goes_on(passage: Passage, first: Passage, named: Sequence[Definition]) -> bool:
    """Whether a passage says more of what a definition began: of the same article, about the same thing, and nothing else than what it is."""
    return passage.doc_id == first.doc_id and not _told(passage) and not is_closed(passage.section) and all(d.named_in(passage.text) for d in named)


def _fit(hit: Hit, question: str) -> float:
    """How well a passage answers, by its score and by how its heading meets the question."""
    section = hit.passage.section
    wanted, offered = _wanted(question), aspects(section)
    asked, told = finer_aspects(question), finer_aspects(section)
    alike = _alike(_heading(hit.passage), stems(question))
    fit = (
        hit.score
        + HEADING * (_said(hit.passage, question) + alike) / 2
        + HEADED * max(0.0, hit.headed - HEADED_USUAL)
        + ASKED * max(0.0, hit.asked - ASKED_USUAL)
    )
    if (asked & told) if asked else (wanted & offered):
        fit += ASPECT
    if only_explains(section) and not told and not is_definition(question):
        fit -= ASPECT / 2
    if is_closed(question) and is_closed(section) and _VERDICT.match(hit.passage.text):
        # A yes or no to something else misleads.
        fit -= HEADING * (1 - max(_said(hit.passage, question), hit.headed))
        if {d.term.term for d in definitions(section) if d.term.kind in _NARROWER} - {d.term.term for d in definitions(question)}:
            fit -= HEADING
    if is_closed(question) and alike >= MEETS and _VERDICT.match(hit.passage.text):
        fit += ASPECT / 2
    return fit


def _position(passage: Passage) -> int:
    return int(passage.id.rsplit("#", 1)[1])


def same(a: str, b: str) -> bool:
    """Whether two texts say the same in nearly the same words."""
    one, other = set(a.lower().split()), set(b.lower().split())
    return len(one & other) > 0.7 * min(len(one), len(other))
