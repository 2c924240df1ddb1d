"""Makes a follow-up whole from the conversation: “and the side effects?” after “What is Keytruda?”; a change of subject is left alone.

A turn leans on what came before when it names nothing and asks for something that is always something's (“what is the survival rate?”),
when it points back (“is it hereditary?”), or when it only swaps the subject (“and for kidney cancer?”). English and Spanish, by rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.definitions import Definition, definitions
from knowledge.question import is_spanish

# Turns looked back on, and words above which a turn tells enough by itself.
TURNS, LONGEST = 8, 18
_LEAD = re.compile(
    r"^\W*(?:(?:(?:ok(?:ay)?|thanks?(?: you)?|thx|gracias|and|but|so|then|also|plus|well|y|pero|entonces|tambi[eé]n|what about|how about|qu[eé] tal)\b|&)[\s,.!:?¿]*)+",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\b(?:it['’]?s?|its|they|them|their|theirs|these|those|this|that)\b", re.IGNORECASE)
# “It” that points at nothing before it: “is it normal to cry”, “it hurts”, “is it true that …”.
_EMPTY_IT = re.compile(
    r"\b(?:is|was|would|will|does|can)\s+(?:it|this|that)\s+(?:be\s+)?(?:\w+\s+)?(?:normal|ok(?:ay)?|true|bad|good|wrong|possible|safe|worth|too late|common|best|better|hard|hurt|help)?\s*(?:to|that|if|when|for\s+\w+\s+to)\b|"
    r"^it\s+(?:hurts?|feels?|burns?|seems?|looks?|is|was|keeps?)\b|\bis it too late\b|"
    r"\b(?:this|that|these|those)\s+(?:year|week|time|way|kind of thing|site|page)\b|\b(?:that|which)\s+(?:is|are|was|means?|can|do|does|will)\b|\bso that\b",
    re.IGNORECASE,
)
# What is always something's, of a disease or of whatever was spoken of. A question for it that says of what, or of whom, stands alone.
_OF_A_DISEASE = re.compile(
    r"\b(?:treatment options?|options for treatment|(?:how|can|is|are|does|do)\b.*\b(?:treat(?:ed|able)?|cur(?:ed?|able))|treatments?|surviv\w*|outlook|prognosis|life expectancy|stag(?:es?|ed|ing)|"
    r"symptoms?|signs?|hereditary|inherit\w*|runs? in (?:the )?famil\w+|genetic|causes?|risk factors?|diagnos\w*|found|detected|spread\w*|com(?:es?|ing) back|recur\w*|return|subtypes?|how (?:common|rare|serious|deadly|fast)|"
    r"deadly|fatal|terminal|prevent\w*|screen\w*|"
    r"tratamientos?|se trata|se cura|supervivencia|pron[oó]stico|etapas?|estadios?|s[ií]ntomas?|hereditari[oa]|causas?|factores de riesgo|se diagnostica|se detecta|se extiende|contagi\w+)\b",
    re.IGNORECASE,
)
_OF_ANYTHING = re.compile(
    r"\b(?:side effects?|effects|risks?|benefits?|complications?|dangers?|results?|recovery|types?|kinds?|how (?:long|much|often|is|does|do|will)|who (?:pays|needs|gets|can get|should|qualifies)|"
    r"does (?:insurance|medicare)|alternatives?|pros and cons|success rate|chances?|efectos|riesgos?|beneficios?|tipos|cu[aá]nto (?:dura|cuesta|tiempo)|qui[eé]n (?:paga|puede))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:cancers?|chemo|tumou?rs?|patients|people with|in general|general|c[aá]ncer|quimio)\b|\b(?:of|for|from|during|after|with|to|my|your|our|de la|del|para)\s+(?!(?:men|women|children|kids|teens|adults|older|younger|males?|"
    r"females?|hombres|mujeres|ni[nñ]os|it|them|stage|people|treatment|surgery|long|good|sure|a while|everyone|everybody)\b)\w{3,}",
    re.IGNORECASE,
)
_GO_ON = re.compile(
    r"^\W*(?:why|how so|really|tell me more|more|more please|go on|explain(?: more)?|what else|anything else|por qu[eé]|m[aá]s|cu[eé]nteme m[aá]s)\W*$",
    re.IGNORECASE,
)
# A question about a treatment that asks it of a disease: “does chemo help?”, “is surgery needed?”.
_USED = re.compile(
    r"^\W*(?:does|do|is|are|can|could|will|would|should|when|how|why)\b.*\b(?:work|works|help|helps|used|needed|necessary|an option|possible|enough|cure|cures|recommended|required|better|done|given|tried)\W*$",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:i|i['’]?m|me|my|we|us|yo|estoy|tengo|mi|gracias|thanks?|hello|hi|hola|bye)\b", re.IGNORECASE)
# Help that is the same whatever the cancer is.
_LIFE = re.compile(
    r"\b(?:pay|costs?|afford|insurance|work|job|kids|children|food|eat|sex|money|bills?|rides?|pagar|seguro|trabajo|dinero|comer)\b", re.IGNORECASE
)
_DEFINES = re.compile(r"^\W*(?:what(?:['’]s| is| are|s)|tell me about|explain|define|qu[eé] (?:es|son))\b", re.IGNORECASE)
_ADJECTIVE = re.compile(
    r"^(?:hereditary|genetic|curable|treatable|contagious|serious|fatal|deadly|painful|safe|common|rare|dangerous|preventable)\W*$", re.IGNORECASE
)
_SWAP = re.compile(r"^\W*(?:for|in|of|with|to|against|el|la|los|las|de|del|para|en|con|the|an?)?\s*(?:(?:el|la|los|las|de|del|the|an?)\s+)*", re.IGNORECASE)
_PREPOSITION = re.compile(r"^(?:for|in|after|during|with|when|if|at|before|on|para|en|despu[eé]s|durante|con|si)\b", re.IGNORECASE)
_WITH = re.compile(r"\b(?:live|living|lives|cope|work|travel|eat|vivir)\W*$", re.IGNORECASE)
_OF = re.compile(
    r"\b(?:effects?|symptoms?|signs?|causes?|stages?|types?|kinds?|risks?|benefits?|complications?|efectos(?: secundarios)?|s[ií]ntomas|causas|etapas|tipos|riesgos)\W*$",
    re.IGNORECASE,
)
_SPANISH_WORDS = re.compile(r"\b(?:es|efectos|s[ií]ntomas|se|el|los|las|cu[aá]l|cu[aá]nto|qui[eé]n|pron[oó]stico)\b", re.IGNORECASE)
_VERB_FIRST = re.compile(r"(?:\b(?:es|son|se)\b\s+\w+|\b(?:cuesta|dura|funciona|paga|duele))\W*$", re.IGNORECASE)
_SIDE_EFFECTS = re.compile(r"\bside effects?\W*$|\befectos secundarios\W*$", re.IGNORECASE)
_ARTICLE = r"(?:(?:an?|the|el|la|los|las)\s+)?"
# “And kidney?”, “¿y el de próstata?”: a place in the body stands for its cancer.
_PLACE = re.compile(r"^(?:(?:for|in|of|el de|la de|el|la|de)\s+)?(?P<place>[^\W\d_]{4,}(?:\s[^\W\d_]+)?)\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class _Topic:
    """What the talk is about. disease, other: as the person named them; latest: which was named last; question: the last whole question."""

    disease: str = ""
    other: str = ""
    latest: str = ""
    question: str = ""
    names: tuple[tuple[str, str], ...] = ()  # (as written in the question, kind)


def made_whole(texts: Sequence[str], define: Callable[[str], Sequence[Definition]] = definitions) -> str:
    """The last message with what it leans on put in; itself when it stands alone."""
    topic, whole = _Topic(), ""
    for text in texts[-TURNS:]:
        whole, topic = _step(text.strip(), topic, define)
    return whole


def _step(text: str, topic: _Topic, define: Callable[[str], Sequence[Definition]]) -> tuple[str, _Topic]:
    named = [d for d in define(text) if d.term.kind != "word"]
    whole = text
    if (topic.disease or topic.other) and len(text.split()) <= LONGEST:
        led = _LEAD.match(text)
        base = (text[led.end() :] if led else text).strip(" ?¿!.")
        if led and not named and (place := _PLACE.match(base)):
            spanish = is_spanish(topic.question) or is_spanish(text)
            meant = f"cáncer de {place.group('place')}" if spanish else f"{place.group('place')} cancer"
            found = [d for d in define(meant) if d.term.kind == "disease"]
            named, base = (found, meant) if found else (named, base)
        whole = (_naming(text, base, named, topic, bool(led)) if named else _leaning(text, base, topic, bool(led))) or text
    if not named:
        return whole, replace(topic, question=whole) if whole != text else topic
    return whole, _turned(whole, [d for d in define(whole) if d.term.kind != "word"] or named, topic)


def _turned(whole: str, named: Sequence[Definition], topic: _Topic) -> _Topic:
    written = tuple((_written(whole, d, _ARTICLE), d.term.kind) for d in named)
    disease = next((name for name, kind in written if kind == "disease"), "")
    other = next((name for name, kind in written if kind != "disease"), "")
    return _Topic(disease or topic.disease, other or ("" if disease else topic.other), other or disease, whole, written)


def _bare(name: str) -> str:
    return re.sub(rf"^{_ARTICLE}", "", name, count=1, flags=re.IGNORECASE)


def _written(text: str, found: Definition, before: str = "") -> str:
    """A name as it stands in a text, so that a person meets their own word again."""
    ways = sorted({found.name, *found.term.names}, key=len, reverse=True)
    match = next((m for way in ways if len(way) > 2 and (m := re.search(rf"(?<!\w){before}{re.escape(way)}s?(?!\w)", text, re.IGNORECASE))), None)
    return match.group() if match else found.name


def _leaning(text: str, base: str, topic: _Topic, led: bool) -> str:
    """A turn that names nothing, made whole; empty when it does not lean."""
    of_disease, of_anything = _OF_A_DISEASE.search(base), _OF_ANYTHING.search(base)
    subject = topic.disease if topic.disease and (of_disease and not of_anything) else topic.latest
    if _GO_ON.match(base or text):
        return f"tell me more about {subject}" if not is_spanish(text) else f"información sobre {subject}"
    points = _POINTS.search(base) if not _EMPTY_IT.search(base) else None
    if points:
        return _pointed(base, points, subject)
    asks = bool(of_disease or of_anything)
    # What has an owner of its own, what is the same for everybody, and what a word means stand alone.
    if not base or _ELSEWHERE.search(base) or _EMPTY_IT.search(base) or (_LIFE.search(base) and not led) or (_DEFINES.match(base) and not asks):
        return ""
    if not (led or asks or (len(base.split()) <= 4 and not _SELF.search(base))):
        return ""
    if subject == topic.disease and _SIDE_EFFECTS.search(base):
        return f"{base} {'del tratamiento del' if is_spanish(base) else 'of'} {_bare(subject)}{'' if is_spanish(base) else ' treatment'}"
    return _joined(base, subject)


def _pointed(base: str, points: re.Match[str], subject: str) -> str:
    before, word, after = base[: points.start()], points.group().lower(), base[points.end() :]
    if word == "its" and _ADJECTIVE.match(after.strip()):
        return f"is {subject}{after}"
    if word in ("its", "their", "theirs") and (thing := re.match(r"\s+((?:side |warning |late |early |main |survival )?\w+)", after)):
        return f"{before}the {thing.group(1)} of {subject}{after[thing.end() :]}"
    return f"{before}{subject}{' is' if word in ('it’s', chr(39).join(('it', 's'))) else ''}{after}"


def _joined(base: str, subject: str) -> str:
    if _ADJECTIVE.match(base):
        return f"is {subject} {base}"
    if _PREPOSITION.match(base):
        return f"{subject} {base}"
    if is_spanish(base) or _SPANISH_WORDS.search(base):
        link = "de " if _OF.search(base) else "con " if _WITH.search(base) else "" if _VERB_FIRST.search(base) else "para "
        return re.sub(r"\bde el\b", "del", f"{base} {link}{subject}")
    return f"{base} {'of' if _OF.search(base) else 'with' if _WITH.search(base) else 'for'} {subject}"


def _naming(text: str, base: str, named: Sequence[Definition], topic: _Topic, led: bool) -> str:
    """A turn that names something of its own: it may swap the subject, or ask it of what was spoken of; empty when it stands alone."""
    first = named[0]
    name = _written(base, first)
    rest = _SWAP.sub("", base, count=1)
    kind = first.term.kind
    if len(named) == 1 and rest.lower() == name.lower() and (led or len(base.split()) <= 4):
        return _swapped(base, name, kind, topic)
    if led and re.match(rf"^{re.escape(name)}\s+(?:cancer|lymphoma)?$", rest, re.IGNORECASE):
        return _swapped(base, name, kind, topic)
    diseases = any(d.term.kind == "disease" for d in named)
    subject = topic.other if diseases else topic.disease or topic.other
    points = None if _EMPTY_IT.search(base) or _DEFINES.match(base) else re.search(r"\b(?:it|this|them|they)\b", base, re.IGNORECASE)
    if points and subject:
        return base[: points.start()] + subject + base[points.end() :]
    if topic.disease and not diseases and _USED.match(base) and not _DEFINES.match(base) and not _ELSEWHERE.search(base.replace(name, "")):
        return f"{base} for {topic.disease}"
    return ""


def _swapped(base: str, name: str, kind: str, topic: _Topic) -> str:
    """“and for kidney cancer?”: the last question with its subject of the same kind exchanged; else both together."""
    same = {"disease": ("disease",)}.get(kind, ("drug", "drug-class", "procedure", "test", "gene", "biomarker"))
    old = next((written for written, of in topic.names if of in same), "")
    if old and old.lower() in topic.question.lower():
        return re.sub(re.escape(old), name, topic.question, count=1, flags=re.IGNORECASE)
    if kind == "disease":
        return f"{topic.other} for {name}" if topic.other else ""
    return f"{name} for {topic.disease}" if topic.disease else ""
