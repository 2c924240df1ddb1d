"""Reads a question for search: its parts and what it asks about a topic. (`bot.followup` makes a follow-up whole.)

Rules over words, English and Spanish; nothing here decides whether a question may be answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.names import fold
from knowledge.spanish import in_english_words
from knowledge.words import GENERIC, RELATIVES, content_words, stems

__all__ = [
    "ASPECTS",
    "Part",
    "aspects",
    "content_words",
    "finer_aspects",
    "heading_of",
    "in_english",
    "is_spanish",
    "split_parts",
    "without_masks",
]

# What a question can ask of a topic. A pattern reads both questions and headings, so that the two meet.
ASPECTS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "definition": r"\bw(?:ha|a|u)t(?:'s| is| are|s)\b(?! the (?:sign|symptom|risk|cause|stage|treatment|outlook|survival|side))|\bmeans?\b|\bmeaning\b|\bdefin|\bexplain\b|\bqu[eé] (?:es|son|significa)\b|\bdifferen(?:t|ce) (?:from|between)|\bkey points\b",
        "symptoms": r"\bsigns?\b|\bs[iy]mp?t[ou][mn]e?s?\b|\bfeels? like\b|\bwarning\b|\bs[ií]ntomas?\b|\bnotice\b|\bse[ñn]al(?:es)?\b|\bse siente\b",
        "diagnosis": r"\bdiagnos|\btest(?:s|ed|ing)?\b|\bdetect|\bfind out\b|\bfound\b|\bbiops|\bscans?\b|\bscreen|\bexam|\bprueba|\bdiagn[oó]stic|\ban[aá]lisis\b|\bex[aá]men(?:es)?\b|\bse (?:encuentra|detecta|descubre|sabe)\b|\bprocedures? used\b",
        "stages": r"\bstag(?:e|es|ed|ing)\b|\bgrade[sd]?\b|\bspread|\bmetasta|\betapas?\b|\bestadios?\b|\bgrados?\b|\bpropag|\bmet[aá]stasis\b|\brecurrent\b",
        "treatment": r"\btreat|\boptions?\b|\bmanaged?\b|\btratamiento|\btrata(?:n|r|do)?\b|\bopcion(?:es)?\b",
        "outlook": r"\bprognos|\bsurviv|\boutlook\b|\bcur(?:e|ed|able)\b|\blife expectancy\b|\bfatal\b|\bserious\b|\bchance of recovery\b|\bpron[oó]stico|\bsupervivencia|\bsobreviv|\bse cura\b|\bcura(?:r|n|ble)\b|\besperanza de vida\b|\bmorir\b|\bmortal\b|\bvivir\b|\blive with\b(?! (?:my|her|his|our))|\blive\b(?! alone| by myself| far| near| with| in\b)|\bdie\b|\bdead",
        "risk": r"\bcauses?\b|\brisks?\b(?! of treat)|\bprevent|\binherit|\bheredit|\bget (?:it|this|\w+ cancer)\b|\bcausas?\b|\bavoid\b|\briesgos?\b(?! del? trat)|\bpreven|\bheredit|\bhereda|\bevitar\b|\bcontagi|\ble da\b|\bme da\b|\bpor qu[eé] da\b|\bwho gets\b|\bfactors\b|\bgenetic",
        "research": r"\bresearch\b|\bclinical trials?\b|\bnew types?\b|\bbeing (?:tested|studied)\b|\bunder study\b|\bstudies\b|\bensayos?\b|\binvestiga|\ben estudio\b",
        "side-effects": r"\bside effects?\b|\bharms?\b|\bcomplication|\btoxicit|\befectos (?:secundarios|adversos)\b|\bcomplicacion|\briesgos del? trat|\bpeligros|\bes segur[oa]\b|\brisks? of\b|\bsafe\b|\bdangers?\b|\bdo(?:es)? to (?:you|your|me|my|him|her|them|us|people|someone|the body|a (?:person|body))\b|\bqu[eé] (?:le|te|nos|me) hacen?\b",
        "help": r"\bcope\b|\bsupport\b|\bhelp\b|\bpay\b|\bcosts?\b|\binsurance\b|\bcaregiv|\bayuda\b|\bapoyo\b|\bpagar\b|\bcostos?\b|\bcuesta|\bcuidador|\bfeeling\b",
    }.items()
}

# What an article's sections tell apart within a topic. Other documents' headings are too general for it.
_FINER: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "who": r"\bwho (?:needs?|should|may|can|qualif\w+|is it for)\b|\beligib|\bqualify|\bqui[eé]n(?:es)? (?:puede|necesita|debe|recibe)",
        "expect": r"\bexpect|\bwhat happens\b|\bday by day\b|\blike to (?:have|get)\b|\bwhat is .{2,40} like\b|\bis .{2,30} (?:given|done)\b|\b(?:each|first) (?:visit|appointment|day)\b|\brecovery\b|\bget ready\b|\bprepare\b|\bqu[eé] (?:esperar|pasa|sucede|ocurre)|\bc[oó]mo (?:se|me) (?:da|hace|hacen|aplica|pone|recibe)\b|\brecuperaci[oó]n\b|\bprepar(?:ar|o)",
        "relief": r"\bhelps?\b|\brelie|\beas(?:e|es|ing)\b|\bget rid\b|\bremed|\btips\b|\bmanag|\bdeal with\b|\bcope\b|\balivi|\bqu[eé] ayuda|\bremedio|\bquitar\b|\bmanejar\b|\bsobrellev|\bconsejos\b",
        "choice": r"\bdecide|\bchoos|\bchoice|\bbetter\b|\bbest\b|\bversus\b|\bvs\b|\bcompar|\bdifferen|\bdecidir\b|\belegir\b|\bmejor\b|\bdiferencia",
        "duration": r"\bhow (?:long|soon|fast|quickly)\b|\bwhen (?:does|do|will|did)\b|\bgo away\b|\blasts?\b|\bcu[aá]nto (?:dura|tiempo|tarda)|\bse quita\b|\bcu[aá]ndo (?:se|va|vuelve|termina|empieza|est[aá]n)\b",
        "age": r"\bwhat age\b|\bhow old\b|\bwhen (?:should|to) (?:i |you |people |women |men )?(?:start|begin|get|have)\b|\bat what age\b|\ba qu[eé] edad\b",
        "money": r"\bpay|\bcosts?\b|\bcheap|\bexpens|\binsurance\b|\bafford|\bmedicare\b|\bmoney\b|\bprice\b|\bdenie[sd]\b|\bbills?\b|\bpagar\b|\bcostos?\b|\bcuesta|\bdinero\b|\bseguro m[eé]dico\b|\bprecio",
        "work": r"\bhow (?:does|do) .{2,40} work\b|\bkill\b|\bc[oó]mo (?:funciona|act[uú]a)",
    }.items()
}

# A second question after "and", "or", a comma or the end of a sentence: it starts with a question word or an auxiliary verb.
_ASKS = r"(?:what|how|why|when|where|who|which|does|do|did|is|are|can|could|will|would|should|has|have|qu[eé]|c[oó]mo|cu[aá]l|cu[aá]ndo|por qu[eé])\b"
_SPLIT = re.compile(
    rf"(?:\s*[?;]\s*(?:(?:and|or|also|plus|y)\s+)?|\s*,?\s+(?:and|or|also|plus|y)\s+(?:also\s+)?|\s*,\s+(?=(?:what|how|why|when|where|who|which)\b))¿?(?={_ASKS})",
    re.IGNORECASE,
)
_ASKING = re.compile(_ASKS, re.IGNORECASE)
_COMMA = re.compile(r",\s+(?:what|how|why|when|where|who|which)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|they|them|these|those|this|that one)\b(?!\s+(?:is|are)\s+(?:okay|ok|normal|true)\b)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"^(?:so\s+)?(?:what(?:'s| is| are|s)|who gets|how (?:do|does|is|are)|tell me about|explain|why (?:is|are|do|does)|is|are|does|do|can)\s+(?P<subject>(?:an?\s+|the\s+)?.+?)"
    r"(?:\s+(?:work|works|used|treated|found|staged|diagnosed|mean|means|for|in|and|given|different|like)\b.*)?\??$",
    re.IGNORECASE,
)
# The noun that a name before it belongs to: “the HPV vaccine” is no HPV.
_KIND = r"(?:vaccines?|tests?|scans?|biops(?:y|ies)|surgery|transplants?|genes?|mutations?|syndrome|screening|trials?|pumps?|pills?|shots?)"
_ADVERB = re.compile(r"\s+(?:exactly|really|actually|anyway|again|please)$", re.IGNORECASE)
_NAKED = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_TELLS = re.compile(
    r"^(?:my|our|i|we|he|she|they|his|her|since|because|if|when|after|before|as|now that|given|mi|yo|si|cuando)\b(?! (?:is|are|do|does|can|should)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\s+(?P<thing>(?:side |warning |late |first |early |main )?\w+)", re.IGNORECASE)
_SOMEBODY = re.compile(r"(?:you|u|i|we|they|he|she|people|someone|somebody|my|your|yo|uno)\b", re.IGNORECASE)
_OF = re.compile(
    r"^(?:the\s+)?(?:\w+\s+)?(?:signs?|symptoms?|effects?|stages?|causes?|risks?|treatments?|tests?|types?|outlook|benefits?)(?:\s+and\s+\w+)?\s+(?:of|for)\s+",
    re.IGNORECASE,
)
# A noun that is somebody's: “what are the stages” asks for those of what was just named.
_OPEN_NOUN = re.compile(
    r"\b(?:signs?|symptoms?|effects?|stages?|causes?|risks?|treatments?|options?|outlook|prognosis|types?|benefits?|survival rate)$", re.IGNORECASE
)

_ASKS_FIRST_ES = re.compile(
    r"(?:qu[eé]|c[oó]mo|cu[aá]l|cu[aá]nd?t?[oa]s?|d[oó]nde|qui[eé]n|por qu[eé])|(?:duelen?|(?:se )?pueden?|tiene cura|hay que)\b", re.IGNORECASE
)
_ASKS_FIRST = re.compile(
    rf"(?:what|how|why|when|where|who|which|does|do|is|are|can|could|will|would|should|has|have|did|{_ASKS_FIRST_ES.pattern})", re.IGNORECASE
)
# Subjects of which one says "they".
_PLURAL = re.compile(r"(?:[^su\W]s|\b(?:people|women|men|children|cells|nodes))$|\band\b", re.IGNORECASE)
_MANY = frozenset({"they", "them", "these", "those"})
# What doctors and nurses do, said of "they".
_STAFF = re.compile(
    r"\s+(?:\w+ly |even |always |just |have to |need to |want to )?(?:need|take|give|check|put|wait|use|make|do|want|draw|look|ask|tell|call|test|scan|operate|remove|cut|leave|keep|send|let|decide|choose|know|find|say|treat|fix)\b",
    re.IGNORECASE,
)

# Telling words beside the subject of a first question from which “it” in the second may mean another thing.
AMBIGUOUS = 2
# Content words of a second question (“who do we call”) up to which it says nothing without the first.
ELLIPTICAL = 2
_LISTED = re.compile(
    r"^(?:(?:please )?(?:explain|describe|tell me about|explique|explica)\s+)?(?P<topic>[^:,.?]{3,60}):\s+(?P<list>[^:]{8,160})$", re.IGNORECASE
)
_SPANISH = re.compile(
    r"[¿¡ñáéíóú]|\b(?:qué|que|cómo|como|cuál|cual|cuáles|cuales|cuánto|cuanto|cuándo|cuando|dónde|donde|quién|quien|para|tengo|tiene|mi|el|los|las|del|de|en|un|una|"
    r"por|está|esta|es|son|hay|se|y|o|puedo|puede|pueden|debo|hago|durante|después|despues|antes|cáncer|quimio|quimioterapia|radioterapia|radiación|cirugía)\b",
    re.IGNORECASE,
)
_MASK = re.compile(r"\[[^\[\]]{1,60}\]")


# Where one clause of a message ends and another begins that may ask.
_CLAUSES = re.compile(
    r"(?<=[.?!;])\s+|\n+|,\s+(?=(?:and |so |but )?(?:what|how|why|when|where|who|which|is it|is that|is there|are there|can|could|should|do i|do we|does|will)\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"^(?:(?:and|so|but|also|please|just|y|pero)\s+)*¿?\s*(?:whats|hows|am|{_ASKS[3:]}", re.IGNORECASE)
# Words told before the clause that asks, below which the message is one question.
_TOLD = 6
# “Him”, “ok”: words no longer than this say nothing of what is asked.
SHORT_WORD = 3


_WHAT_IS = re.compile(r"^what (?:is|are) (?!the side effects)(?:an? |the )?[^\s,]+(?: [^\s,]+){0,4}\?$", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One question of a compound one. `text`: made whole for search; `heading`: as a reader would expect it."""

    text: str
    heading: str


@lru_cache(maxsize=20_000)
def aspects(text: str) -> frozenset[str]:
    """What a question asks, or a heading tells, of its topic."""
    return frozenset(name for name, pattern in ASPECTS.items() if pattern.search(text))


def only_explains(heading: str) -> bool:
    """Whether a heading asks what a thing is and nothing else of it."""
    return _WHAT_IS.match(heading) is not None


def without_masks(question: str) -> str:
    """A question without the clauses in which an identifier was masked (“my name is [name removed], what is chemo?” → “what is chemo?”)."""
    if "[" not in question:
        return question
    kept = [clause for clause in re.split(r"(?<=[,.;:!?])\s+", question) if not _MASK.search(clause)]
    return " ".join(kept) if kept else _MASK.sub(" ", question)


def is_spanish(text: str) -> bool:
    """Whether a text reads as Spanish: two marks of it, letters or words, at least."""
    return len(_SPANISH.findall(text)) > 1


@lru_cache(maxsize=20_000)
def finer_aspects(text: str) -> frozenset[str]:
    """What a question asks, or an article's heading tells, within its topic."""
    return frozenset(name for name, pattern in _FINER.items() if pattern.search(text))


def in_english(question: str, names: Sequence[str], *, spanish: bool = False) -> str:
    """A Spanish question as the English search it stands for: its words, and the library's names for what it mentions; else as it is.

    The encoder and most of the library speak English. spanish: for who knows that it is one; otherwise its words tell.
    """
    if not (spanish or is_spanish(question)):
        return question
    words = in_english_words(question, frozenset(word for name in names for word in fold(name).split()))
    said = stems(words)
    unsaid = [name for name in names[:3] if not stems(name) <= said]
    return f"{words} ({', '.join(unsaid)})" if unsaid else words or question


def _listed(question: str, names_in: Callable[[str], list[str]] | None) -> list[Part]:
    """The parts of a topic with a list behind a colon (“chemo: how it works, why in cycles, and side effects”); none when it is no such thing."""
    match = _LISTED.match(question.strip())
    if match is None or names_in is None or not names_in(match["topic"]):
        return []
    items = [item.strip(" .?") for item in re.split(r",\s*(?:and\s+|y\s+)?|\s+(?:and|y)\s+", match["list"]) if item.strip(" .?")]
    parts = [_whole_part(item, match["topic"], bool(names_in(item))) for item in items] if 2 <= len(items) <= 3 else []
    return [Part(part.text, part.heading.rstrip("?")) for part in parts]


def split_parts(question: str, names_in: Callable[[str], list[str]] | None = None) -> list[Part]:
    """A compound question as its parts, at most three, each made whole with the subject of the first; a simple one as itself.

    names_in: topic names that a text mentions, as the library writes them.
    """
    if listed := _listed(question, names_in):
        return listed
    pieces = [p.strip(" ,.;?¿") for p in re.split(_SPLIT, question.strip()) if p and len(p.split()) >= 2]
    # What somebody tells before asking (“my plan said no, what now?”) belongs to the question.
    if len(pieces) < 2 or len(pieces) > 3 or _TELLS.match(pieces[0]) or (not _ASKING.match(pieces[0]) and _COMMA.search(question)):
        return [Part(question.strip(), heading_of(question))]
    subject = _subject(pieces[0], names_in)
    # What does not begin as a question ("neutropenia, what is it") reads badly as a heading: the section's own stands there.
    parts = [Part(pieces[0], heading_of(pieces[0]) if _ASKING.match(pieces[0]) else "")]
    for piece in pieces[1:]:
        named = bool(names_in and names_in(piece))
        if not named and _PRONOUN.search(piece) and _says_more(pieces[0], subject):
            # “Why does chemo make hair fall out and when does it grow back?” Which of the things “it” is stays open: the first question goes along.
            parts.append(Part(f"{piece} ({pieces[0]})", heading_of(piece)))
        elif not named and not subject and len(content_words(piece)) <= ELLIPTICAL:
            parts.append(Part(f"{piece} ({pieces[0]})", heading_of(piece)))
        else:
            parts.append(_whole_part(piece, subject, named))
    return parts


def asking_clause(message: str) -> str:
    """The last clause of a told story that asks something by its own words (“… I cried in the car. Where do carers get help?”); empty when there is none."""
    clauses = [clause.strip(" ,.;") for clause in _CLAUSES.split(message) if clause.strip()]
    asking = [clause for clause in clauses if _BEGINS.match(clause) or clause.endswith("?")]
    if len(clauses) < 2 or not asking or len(message.split()) - len(asking[-1].split()) < _TOLD:
        return ""
    telling = (word for word in content_words(asking[-1]) if word not in GENERIC and word not in RELATIVES)
    return asking[-1] if any(len(word) > SHORT_WORD for word in telling) else ""


def _says_more(piece: str, subject: str) -> bool:
    """Whether a first question speaks of other things beside its subject, so that “it” may be any of them."""
    match = _SUBJECT.match(piece)
    said = stems(match.group("subject") if match else piece) - stems(subject)
    return bool(subject) and len(said - GENERIC) >= AMBIGUOUS


def _subject(piece: str, names_in: Callable[[str], list[str]] | None) -> str:
    """What a first question is about: a name known to the library as it is written there, else what its grammar tells."""
    match = _SUBJECT.match(piece)
    subject = _ADVERB.sub("", _OF.sub("", match.group("subject").strip())) if match else ""
    if _SOMEBODY.match(subject):
        subject = ""  # “can you die at home …?” is about no thing that “it” could be
    if names_in and (names := names_in(piece)):
        written = re.search(rf"(?:\b(?:an?|the)\s+)?\b{re.escape(names[0])}\b(?:\s+{_KIND}\b)?", piece, re.IGNORECASE)
        subject = written.group() if written else subject if len(_NAKED.sub("", subject).split()) == 1 else names[0]
    return subject if len(subject.split()) <= 8 else ""


def _whole_part(piece: str, subject: str, named: bool) -> Part:
    if not subject:
        return Part(piece, heading_of(piece))
    if own := _POSSESSIVE.search(piece):
        whole = f"{piece[: own.start()]}the {own.group('thing')} of {subject}{piece[own.end() :]}"
    elif pronoun := _standing_for(subject, piece):
        whole = piece[: pronoun.start()] + subject + piece[pronoun.end() :]
    elif named:
        return Part(piece, heading_of(piece))
    elif _OPEN_NOUN.search(piece):
        whole = f"{piece} of {subject}"
    else:
        return Part(f"{piece} ({subject})", heading_of(piece))
    return Part(whole, heading_of(whole))


def _standing_for(subject: str, piece: str) -> re.Match[str] | None:
    """The pronoun that is the subject: of its number, the last of several ("how do they treat it"), and not the people who treat ("why do they take so many?")."""
    found = list(_PRONOUN.finditer(piece))
    if not found:
        return None
    last = found[-1]
    many = last.group().lower() in _MANY
    agrees = many == (_PLURAL.search(subject) is not None)
    return last if agrees and not (many and _STAFF.match(piece, last.end())) else None


def heading_of(question: str) -> str:
    """A question as a heading: one line, a capital, one question mark when it asks."""
    text = " ".join(question.split()).strip(" ,.;?¿¡!")
    text = re.split(r"(?<=[.!?])\s+", text)[-1] if len(text) > 120 else text
    if not text:
        return ""
    asks = _ASKS_FIRST.match(text)
    text = text[0].upper() + text[1:]
    return f"¿{text}?" if asks and _ASKS_FIRST_ES.match(text) else f"{text}?" if asks else text
