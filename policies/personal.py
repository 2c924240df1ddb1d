"""Personal: what *this* person should do, has, or can expect goes to people who can see the records; a told story may stay general."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policies.course import long_standing
from policies.everyday import in_general
from policies.grammar import Hit
from policies.intent import feeling_alone, intent_of, is_minor, without_age
from policies.scope import ours
from policies.signals import Signals, signals
from policies.verdict import Lexicon, Turn, Verdict

# The rules that no framing softens, then those that a request for orientation or a word's meaning keeps general.
STRONG = ("choice", "eligibility", "prognosis", "reading")
SOFT = ("results", "decision", "symptom")
# Facts about one person that make a case of a question that follows them.
_CASE_FACTS = 2
# … and that many even where it asks for a group or for words to say as well.
_LONG_STORY_FACTS = 4
# A pasted report: this many of its words, or of laboratory values, in one message.
_REPORT_WORDS, _REPORT_VALUES = 4, 2
_REMEMBERED = 6
# A message with no word of body or illness that the classifier finds this far off is about something else.
_OFF_TOPIC = 0.45
# "How long do I have" and "what are my odds" are ours until the classifier is nearly certain that they are not.
_FAR_OFF = 0.75
# So sure of an everyday complaint that a case without a word on cancer is none of ours.
_ANOTHER = 0.8
_FOLLOW_UP_WORDS = 9
_CLEAR, _AHEAD = 0.5, 1.5
# How much a message must look like a case, against looking like a general question, for a rule of everyday words to count.
_UNLIKE, _UNLIKE_READING, _UNLIKE_STRONG = 0.35, 0.2, 0.06
_UPLOADS = ("upload", "send", "share", "attach", "submit", "subir", "enviar", "mandar", "adjuntar")
_LEAST_SCORE = 0.25
# A told story with a request for orientation in it needs a surer classifier.
_ORIENTED = 0.8

_VALUE = re.compile(
    r"\b(?:wbc|anc|hgb|hb|hemoglobin|plt|platelets?|rbc|neutrophils?|lymphocytes?|creatinine|gfr|egfr level|bilirubin|alt|ast|alp|ldh|calcium|albumin|sodium|potassium|glucose|psa|cea|afp|ca[ -]?(?:125|19[ -]?9|15[ -]?3|27[ .-]?29)"
    r"|suv(?:max)?|ki[- ]?67|er|pr|her2|gleason|oncotype|score|tsh|m spike|kappa|lambda|ferritin|inr|cd\d+|pd-?l1|tps|tmb|leucocitos|plaquetas|hemoglobina|creatinina|bilirrubina)"
    r"\s*(?:is|was|are|of|at|=|:|es|de|count|level|went from|went up to|dropped to|now|only|came back|\(\w+\))?\s*(?:at|of|from|to)?\s*[<>~]?\d+(?:[.,]\d+)?\s?(?:%|k\b|\+)?",
    re.IGNORECASE,
)
_STAGE_CODE = re.compile(r"\b[cpy]{0,2}T[0-4][a-d]?\s?N[0-3x]\w?\s?(?:M[01x])?\b")
_A_CASE = ("case", "follow_up")
_OWN_CASE = re.compile(
    r"\b(?:i (?:have|had|got|was diagnosed|am being|need|start(?:ed)?)|i['’]?ve (?:had|got|been)|(?:for|about|in|on) me|my (?:own )?(?:cancer|tumou?r|chemo|treatment|scan|biopsy|results?|leukemia|lymphoma|sarcoma|doctor|oncologist))\b|\bme (?:diagnosticaron|operaron|dijeron)\b|\b(?:tengo|mi) (?:un )?(?:c[aá]ncer|tumor|leucemia|linfoma)\b",
    re.IGNORECASE,
)
_LIFE = re.compile(r"\b(?:die|dying|live|alive|survive|cured?|beat|time|odds|chances?|left|morir|vivir|cancer)\b")
# "Lump on the neck, could it be cancer?" names nobody: what it can be is general.
_COULD_BE = re.compile(r" ?(?:could|can|might|may|is) (?:it|this|that|these|they|itbe) (?:be|cancer)|it might be|what could it be")
_SOMEBODY = re.compile(
    r"\b(?:i|i['’]?m|i['’]?ve|i['’]?d|i['’]?ll|im|ive|me|my|mine|myself|we|us|our|ours|he|him|his|she|her|hers|mom|mum|mother|mama|dad|father|husband|wife|spouse|partner"
    r"|son|daughter|kids?|child|baby|brother|sister|friend|aunt|uncle|cousin|grand\w+|in-law|boyfriend|girlfriend|fianc\w+|year old|years old|yo|mi|mis|m[ií]o|m[ií]a|se|le|les|nos"
    r"|nuestr\w+|debo|debemos|deber[ií]a(?:mos)?|puedo|podemos|quiero|queremos|hago|hacemos|voy|vamos|hemos|conviene|necesito|\w+(?:arme|erme|irme|arnos|ernos)|tengo|tuve|siento|estoy|soy|pap[aá]|madre|padre|espos[oa]|marido|mujer|hij[oa]s?|herman[oa]|abuel[oa]|t[ií]o|prim[oa]|amig[oa]|suegr[oa])\b",
    re.IGNORECASE,
)
# "Read this MRI": what is shown is somebody's, whoever it belongs to.
_SHOWN = re.compile(
    r"^(?:read|interpret|look at|check|review|analy[sz]e|go over|translate|decode|evaluate) (?:this|these|that|the attached|attached)\b", re.IGNORECASE
)
_OF_MEANING = re.compile(r"\W*(?:what|whats|wat|how|why|which|qu[eé]|c[oó]mo) ", re.IGNORECASE)
# How much likeness alone must be worth where nobody is spoken of, where the question is of a general shape, where no case is told.
_NOBODY = 0.95
_IN_GENERAL = 0.97
_UNTOLD = 0.75
# … where a complaint is told without a word on cancer.
_COMPLAINT = 0.8
# A story is told in more words than these.
_BRIEF = 25
_MEANT_FOR_ME = re.compile(r"\bfor (?:me|my|him|her|us)\b|\bpara m[ií]\b", re.IGNORECASE)
# "Atypical, what does that make me", "she said my blood is thin": the word is asked for what it says of one person.
_MAKES_ME = re.compile(
    r"\b(?:that|this|it|which) makes? (?:me|him|her|us)\b|\bwhere does (?:that|this|it) leave (?:me|him|her|us)\b|\b(?:my|his|her|our) blood (?:is|was|looks?|looked|came back)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _View:
    """What the rules look at: the message read, and what of it points at one person."""

    read: Signals
    text: str
    values: int
    facts: int
    oriented: bool
    general: bool


class Personal:
    """Fires on rules over the message and the turns before it, or on a sure classifier over a message about a person."""

    name = "personal"

    def __init__(self, lexicon: Lexicon, threshold: float = 0.6) -> None:
        self._lexicon = lexicon
        self._threshold = threshold

    def judge(self, turn: Turn) -> Verdict:
        """The first rule that holds, else the classifier's word."""
        score = turn.scores.get(self.name, 0.0)
        # A child who asks what a parent has is told; only a case of their own, an outlook or a choice goes to grown-ups.
        child = is_minor(turn)
        view = self._view(without_age(turn.plain) if child else turn.plain)
        intent = intent_of(turn)
        if intent in ("greeting", "thanks", "about_assistant") or feeling_alone(turn.plain):
            return Verdict(self.name, False, score=score)
        if self._elsewhere(view, turn):
            return Verdict(self.name, False, score=score)
        far = turn.scores.get("off_topic", 0.0)
        bodily = view.read.has("scope.health", "scope.oncology", "personal.facts") or bool(view.read.mentions.terms)
        uploads = any(view.read.words(hit).startswith(_UPLOADS) for hit in view.read.hits.get("personal.reading", ()))
        if (
            not bodily
            and not uploads
            and not self._among_us(turn)
            and far >= (_FAR_OFF if view.read.has(*(f"personal.{rule}" for rule in STRONG)) else _OFF_TOPIC)
        ):
            return Verdict(self.name, False, score=score)
        found = self._rule(view, feeling=intent == "distress") or self._followed(view, turn)
        if found and child and found[0] in _A_CASE and not view.read.has("personal.symptom") and not _OWN_CASE.search(view.text):
            found = None
        if found and not _unlike(turn, *found):
            return Verdict(self.name, True, f"personal.{found[0]}", max(score, 0.9), evidence=found[1][:120])
        general = turn.scores.get("education", 0.0)
        # Emergencies and doses share in the scores; what counts is case against general question.
        likeness = score / (score + general) if score >= _LEAST_SCORE else 0.0
        needed = _ORIENTED if view.oriented else self._threshold if bodily else max(self._threshold, _ORIENTED)
        if not _SOMEBODY.search(turn.plain):
            needed = max(needed, _NOBODY)
        if view.general:
            needed = max(needed, _IN_GENERAL)
        elif not view.facts and len(turn.texts) == 1 and len(turn.plain.split()) <= _BRIEF:
            needed = max(needed, _UNTOLD)
        # "How do I get a second opinion?" asks for orientation and tells nothing of anybody.
        # … and "can I give my cancer to my wife" tells only that there is one.
        told = (view.facts > (1 if view.general else 0) or not (view.oriented or view.general)) and (not child or _OWN_CASE.search(view.text) is not None)
        # Without a word on body or illness the likeness must also leave everyday errands ("my last transaction") well behind.
        told = told and (bodily or (score >= _CLEAR and score >= _AHEAD * far))
        if likeness >= needed and told and far < _OFF_TOPIC and intent != "distress" and not view.read.has("personal.everyday_life"):
            return Verdict(self.name, True, "personal.likeness", score, evidence="nearest examples ask about one person's case")
        # "My eyelid has twitched for months, is it stress?": the shape is everyday, but no word of cancer makes it everyday life with it.
        old = long_standing(turn.plain)
        complaint = (
            intent == "question" and not child and not view.general and not ours(view.read) and (bodily or old) and _SOMEBODY.search(turn.plain) is not None
        )
        if complaint and likeness >= (_UNTOLD if old else _COMPLAINT) and score >= _CLEAR and far < _OFF_TOPIC:
            return Verdict(self.name, True, "personal.complaint", score, evidence="a complaint of somebody's own, no word about cancer")
        return Verdict(self.name, False, score=score)

    def _view(self, text: str) -> _View:
        read = signals(text, self._lexicon)
        facts = {read.words(hit) for hit in read.hits.get("personal.facts", ())}
        values = len(_VALUE.findall(text)) + len(_STAGE_CODE.findall(text))
        return _View(read, text, values, len(facts), read.has("personal.orientation"), values == 0 and in_general(read))

    def _rule(self, view: _View, *, feeling: bool) -> tuple[str, str] | None:
        read = view.read
        # "Hot flashes on tamoxifen, is that normal?" tells of nobody.
        nobody = not view.facts and _SOMEBODY.search(view.text) is None
        report = len({read.words(hit) for hit in read.hits.get("personal.reports", ())})
        if view.values >= _REPORT_VALUES or report >= _REPORT_WORDS or (report >= 2 and view.values and not (nobody and _OF_MEANING.match(view.text))):
            return "report", "laboratory values or a report's words"
        for rule, hit in read.rules(self.name, STRONG):
            if rule == "reading" and self._meaning_only(view):
                continue
            if rule == "prognosis" and read.has("personal.recovers") and not _LIFE.search(read.words(hit)):
                continue
            # The words for asking a doctor, or a child, and what morphine says of the end, are the same for everybody.
            if rule in ("prognosis", "reading") and read.has("personal.how_to_ask", "personal.what_it_tells") and view.facts < _CASE_FACTS:
                continue
            # "Am I allowed to swim", "how do I handle hot flashes": the words of a candidate's question in an everyday one.
            if rule == "eligibility" and (view.general or (read.has("personal.ways_in") and view.facts < _CASE_FACTS)):
                continue
            shown = rule == "reading" and _SHOWN.search(read.words(hit)) is not None
            if rule == "reading" and ((view.general and not shown) or (_COULD_BE.match(read.words(hit)) and nobody)):
                continue
            if rule == "prognosis" and view.general and not _LIFE.search(read.words(hit)):
                continue
            return rule, read.words(hit)
        if view.general or self._meaning_only(view):
            return None
        for rule, hit in read.rules(self.name, SOFT):
            if rule == "results" and read.has("personal.of_a_score") and not any(char.isdigit() for char in view.text) and view.facts < _CASE_FACTS:
                continue
            if self._general(view, rule, hit, feeling) or (rule != "results" and nobody):
                continue
            return rule, read.words(hit)
        told = read.hits.get("personal.told") or ([] if not any(s.asks for s in read.sentences) else read.hits.get("personal.facts", []))
        if view.facts >= (_LONG_STORY_FACTS if view.oriented else _CASE_FACTS) and told and not feeling:
            return "case", "; ".join(read.words(hit) for hit in read.hits["personal.facts"][:3])
        return None

    @staticmethod
    def _meaning_only(view: _View) -> bool:
        """ "My report says 'margins negative'. What does that phrase mean?": a quoted term, no numbers, not "for me"."""
        return view.oriented and view.values == 0 and not (_MEANT_FOR_ME.search(view.text) or _MAKES_ME.search(view.text)) and any(
            " mean" in view.read.words(hit) or "what" in view.read.words(hit).split()[:1] or "mention" in view.read.words(hit) or "signific" in view.read.words(hit)
            for hit in view.read.hits.get("personal.orientation", ())
        )  # fmt: skip

    @staticmethod
    def _general(view: _View, rule: str, hit: Hit, feeling: bool) -> bool:
        """Whether a find is softened: orientation in the same sentence, everyday life, a feeling."""
        if _MAKES_ME.search(view.text):
            return False
        if view.read.within("personal.orientation", hit.sentence):
            return True
        if rule == "results" and view.oriented:
            return True
        return rule == "symptom" and (feeling or view.read.has("personal.everyday_life"))

    def _elsewhere(self, view: _View, turn: Turn) -> bool:
        """Another illness and no cancer anywhere in the conversation: scope says where to turn."""
        if view.read.has("scope.animal_patient", "scope.namesake"):
            return True
        elsewhere = view.read.has("scope.other_illness", "scope.animal") or turn.scores.get("health_other", 0.0) >= _ANOTHER
        # What scope keeps as ours, a cancer medicine for another illness included, must not fall between the two.
        if ours(view.read) or not elsewhere:
            return False
        earlier = [signals(text, self._lexicon) for text in turn.normalised[:-1][-_REMEMBERED:]]
        return not any(read.has("scope.oncology") or read.mentions.terms for read in earlier)

    def _among_us(self, turn: Turn) -> bool:
        """Whether the messages before it were about cancer: "which one should I pick" is then no errand."""
        return any(ours(signals(text, self._lexicon)) for text in turn.normalised[:-1][-_REMEMBERED:])

    def _followed(self, view: _View, turn: Turn) -> tuple[str, str] | None:
        """A choice between treatments after a case was told ("she's stage 3" … "so FOLFOX or CAPOX?")."""
        before = turn.normalised[:-1][-_REMEMBERED:]
        size = sum(len(s.text.split()) for s in view.read.sentences)
        if not before or size > _FOLLOW_UP_WORDS or view.oriented:
            return None
        earlier = [self._view(text) for text in before]
        told = sum(v.facts for v in earlier)
        choice = re.search(
            r"\b(?:or|vs|versus|better|best|which|worth|chance|safe|enough|how long|how many (?:months|years|weeks)|time|chances?|odds|make it|o|mejor|cual|cuanto)\b",
            view.text,
            re.IGNORECASE,
        )
        if told and choice and not re.search(r"\b(?:what is|what are|difference|mean|qu[eé] es)\b", view.text, re.IGNORECASE):
            return "follow_up", view.text
        return None


def _unlike(turn: Turn, rule: str, words: str) -> bool:
    """Whether the classifier finds that what a rule of everyday words caught is a general question ("hot flashes on tamoxifen, is that normal")."""
    own, general = turn.scores.get("personal", 0.0), turn.scores.get("education", 0.0)
    if (
        rule in ("report", "follow_up") or words.startswith(_UPLOADS) or own + general < 0.2
    ):  # it is neither to the classifier: emergency, dosing, a page of values
        return False
    needed = _UNLIKE_READING if rule == "reading" else _UNLIKE_STRONG if rule in STRONG else _UNLIKE
    return own / (own + general) < needed
