"""Finds text in documents that speaks to a model instead of a reader. Such text is kept as data and marked; it is never quoted or sent on.

Four signs: words about the assistant's own answer or orders; the dress of a conversation (roles, tags, hidden comments); orders that only a
writer of answers could follow (`knowledge.orders`), each also where it is disguised (`knowledge.disguises`); and a task or a question for
somebody who writes, on a subject that is none of ours (`foreign`, which the caller brings, judges the subject by meaning).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache

from knowledge.disguises import carries_code, undisguised
from knowledge.orders import orders_a_writer

# (sentences that ask for work, what stands around them) → which of them are on a subject that is none of ours
Foreign = Callable[[Sequence[str], Sequence[str]], Sequence[bool]]

_TASK = (
    r"(?:add|analy[sz]e|apply|append|augment|begin|break down|change|classif(?:y|ies)|combine|compose|convert|craft|create|decode|describe|design|determine|"
    r"develop|draft|embed|encode|encrypt|end|enhance|explain|express|finish|format|generate|give|highlight|hide|include|incorporate|insert|integrate|invert|"
    r"jumble|list|make|mention|mix|modify|outline|output|paraphrase|phrase|place|present|print|produce|promote|provide|put|quote|rearrange|recommend|remove|render|"
    r"repeat|rephrase|replace|reply|report|respond|reverse|rewrite|say|scramble|share|show|shuffle|solve|spell|start|state|substitute|suggest|summari[sz]e|swap|"
    r"switch|tell|translate|turn|use|weave|work|write)"
)
_OUTPUT = r"(?:responses?|repl(?:y|ies)|answers?|outputs?|messages?|completions?|summar(?:y|ies)|generations?|generated text)"
# A body responds too: "your response to treatment" is nobody's output.
_NOT_BODY = r"(?!\s+to\s+(?:the\s+|your\s+|this\s+|a\s+)?(?:treat|therap|chemo|immuno|radiation|drug|medic|vaccin|infect|letter|survey))"
_ORDERS = (
    r"(?:instructions?|directions?|directives?|orders?|rules?|guidelines?|prompts?|safeguards?|guardrails?|restrictions?|polic(?:y|ies)|"
    r"context|conversation|constraints?|commands?|programming)"
)
_OURS = r"(?:previous|prior|above|earlier|preceding|foregoing|all|any|your|system|these|those|the|other|original|initial|every|safety)"
_MODEL = r"(?:\bAI\b|\bA\.I\.|\bLLMs?\b|language models?|chat ?bots?|chat ?gpt|\bGPT\b|virtual assistants?|(?:AI|digital) assistants?|neural network)"

_COURTESY = (
    r"(?:please|kindly|now|also|then|next|first|finally|can you|could you|would you|will you|i want you to|i need you to|you must|you should|instead|por favor)"
)

# Whatever stands around them, these speak to a model.
_TO_A_MODEL: tuple[tuple[str, re.RegexFlag], ...] = (
    # about its answer
    (rf"^\W*(?:{_COURTESY}\W+)*{_TASK}\b(?:[^.!?\n]|\.(?=\S)|[!?](?=[\"”'’])){{0,200}}?\byour\s+(?:(?:next|final|entire|whole|own|full|following|first|last)\s+)?{_OUTPUT}\b{_NOT_BODY}", re.I | re.M),
    (rf"\b(?:in|with|within|to|of|from|throughout)\s+your\s+(?:(?:next|final|own)\s+)?{_OUTPUT}\b{_NOT_BODY}\s*[,:]\s*\w+", re.I),
    (r"^\W*(?:please\s+|always\s+|now\s+|only\s+|just\s+|then\s+|and\s+)*(?:reply|respond|answer)\s+(?:only|solely|exclusively|in|with|using|as|like|without|by saying)\b", re.I),
    (r"\b(?:reply|respond|answer)\s+(?:only|solely|exclusively)\s+(?:with|in|by)\b|\b(?:print|output|echo)\s+(?:only|exactly|the (?:following|phrase|words?|string|sentence))\b", re.I),
    (r"\b(?:when|if|whenever)\s+(?:you(?:'re| are)?\s+)?asked\b[^.!?\n]{0,80}\b(?:say|answer|reply|respond|tell|claim|state)\b", re.I),
    # about its orders
    (rf"\b(?:ignore|disregard|forget|override|bypass|neglect|discard|violate|disobey|skip|drop)\b[^.!?\n]{{0,40}}?\b{_OURS}\b[^.!?\n]{{0,30}}?\b{_ORDERS}\b", re.I),
    (rf"\b(?:ignore|disregard|forget|override|bypass)[\s_-]+(?:{_OURS}[\s_-]+)*{_ORDERS}\b", re.I),
    (r"\b(?:ignore|disregard|forget)\b[^.!?\n]{0,30}?\b(?:the above|above (?:text|data)|everything (?:above|before|else)|what (?:was said|you were told)|all of the above|"
     r"(?:rest|remainder) of (?:this|the)|this (?:data|text|user|document|page))\b", re.I),
    (r"\bignore\s+(?:all|any|every)\s+(?:the\s+)?(?:negative|other|contrary|previous|warning|bad)\b", re.I),
    (rf"\b(?:new|updated|revised|real|actual|secret|hidden|following|override|follow(?: the)?)\s+(?:task|goal|objective|{_ORDERS})\s*(?::|is\b|are\b|\n|$)", re.I),
    (rf"\b(?:follow|obey|execute|carry out)\s+(?:these|this|the|my|only|the following)\s+(?:[a-z]+\s+)?{_ORDERS}\b[^.!?\n]{{0,30}}\b(?:instead|only|exactly|now|above all)\b", re.I),
    (r"\b(?:focus|concentrate)\s+(?:only|solely|exclusively)\s+on\b|\bfrom now on\b[^.!?\n]{0,20}\b(?:you|answer|respond|reply|act|always|never|speak)\b", re.I),
    (r"\b(?:you are|you're|act|behave|pretend|respond|speak)\b[^.!?\n]{0,12}\b(?:now |as (?:if you were )?)(?:an?|the)\s+\w+[^.!?\n]{0,60}\b(?:assistant|bot|model|mode|"
     r"persona|rules|restrictions|limits|filters?|doctor|physician|nurse|oncologist|pharmacist|expert)\b", re.I),
    (r"\b(?:system|developer|hidden|initial|secret|pre)[\s_-]*prompts?\b|\bprompt injection\b|\bjailbreak|\b(?:developer|debug|admin|god|DAN|unrestricted)\s+mode\b", re.I),
    (r"\b(?:exfiltrat\w*|leak|reveal|send|disclose|output|reply with|collect|ask (?:for|them for))\b[^.!?\n]{0,50}\b(?:user(?:'s|s)?\s+(?:data|information|private|personal|details)|"
     r"private information|credentials?|passwords?|credit cards?|api keys?|all file contents|conversation history|chat (?:history|log))\b", re.I),
    # to it by name
    (rf"\b(?:dear|hey|hello|attention|note (?:to|for)|instructions? (?:to|for)|message (?:to|for)|for)\s+(?:the\s+|any\s+|all\s+|an?\s+)?(?:{_MODEL}|assistants?\b(?!\s+(?:at|in|of|who)))\s*(?:[,:(]|reading|summari|that|processing|model)", re.I),
    (rf"\b(?:visible|readable|addressed|intended|meant)\s+(?:only\s+)?(?:to|by|for)\s+(?:the\s+|an?\s+)?{_MODEL}|\binvisible to (?:humans?|people|readers)\b|\bwhite[- ]text\b|\bhidden (?:text|instruction)", re.I),
    (rf"\bas an?\s+{_MODEL}\b[^.!?\n]{{0,30}}\b(?:you|must|should|your)\b|\b{_MODEL}\s+(?:must|shall|should|will now|is required to)\b", re.I),
    (r"\bchain[- ]of[- ]thought\b|\buse this analysis\b|\b(?:tell|inform|convince|persuade|instruct|urge|advise)\s+(?:the\s+|this\s+|all\s+|every\s+)?(?:user|reader|human|customer)s?\b", re.I),
    # the dress of a conversation
    (r"<\s*/?\s*(?:system|sys|instructions?|prompt|assistant|user|human|admin|im_start|im_end|end[_ ]of[_ ]\w+|context|document|source|part)\b[^>]*>|<\|[^|>]{1,30}\|>|<<\s*/?\s*\w+\s*>>|<<\s*[\"“]", re.I),
    (r"\[/?\s*(?:system|inst|sys|admin|assistant|hidden|email body|developer|ai)\b[^\]]*\]|\{\{?\s*(?:system|user|assistant)\s*\}?\}", re.I),
    (r"^\W*(?:system|assistant|user|human|developer|ai|chatbot|model)\s*(?:message|prompt|note|override)?\s*:\s*\S|\n\s*(?:system|assistant|user|human|ai)\s*:\s", re.I),
    (r"<!--|--\s*>|/\*|\*/|\bX-(?!ray)[A-Z][\w-]+:|;\s*--\s|\b(?:drop table|select \*|insert into|rm -rf|curl http|eval\(|os\.system)", re.I),
    # Spanish
    (r"\b(?:ignora|ignore|olvida|olvide|omite|descarta|desobedece)\b[^.!?\n]{0,40}\b(?:instrucciones|indicaciones|reglas|órdenes|ordenes|todo lo anterior|lo anterior|el resto)\b", re.I),
    (r"\b(?:en|a|de)\s+(?:tu|su)\s+(?:respuesta|contestación)\b[^.!?\n]{0,10}[,:]|\b(?:responde|responda|contesta|conteste)\s+(?:solo|sólo|únicamente|solamente|en|con)\b|"
     r"\b(?:incluye|incluya|añade|añada|agrega|agregue|traduce|traduzca|escribe|escriba|codifica|modifica|modifique|termina|empieza)\b[^.!?\n]{0,60}\b(?:tu|su)\s+respuesta\b", re.I),
    (r"\b(?:eres|actúa|actua|finge)\b[^.!?\n]{0,20}\b(?:ahora|como)\b[^.!?\n]{0,40}\b(?:asistente|modelo|ia|médico|doctor|experto)\b|\bmodelo de lenguaje\b|\binteligencia artificial\b[^.!?\n]{0,20}\b(?:debe|debes)\b", re.I),
)  # fmt: skip
# What one asks of a writer; a patient is asked to show, report, use, start.
_WRITER = (
    r"(?:analy[sz]e|break down|calculate|classify|compare|compose|craft|create|decode|define|describe|design|determine|develop|draft|encode|estimate|explain|"
    r"generate|give (?:me|an?|us|the)|help me|identify|illustrate|list|name|outline|paraphrase|predict|print|produce|provide|recommend|rephrase|rewrite|show me|"
    r"solve|suggest|summari[sz]e|tell me|translate|write (?:an?|one|the|some|in|me|code|about)|"
    r"escrib[ea]|redact[ea]|resum[ea]|traduzca|traduce|gener[ea]|expli(?:ca|que)|descri(?:be|ba)|recomiend[ea]|sugier[ea]|dime|enumer[ea])"
)
# A task for a writer, or a question: only their subject tells whether they belong here.
_ASKS = re.compile(
    rf"^\W*(?:{_COURTESY}\W+)*{_WRITER}\b|"
    r"^\W*(?:who|what|which|when|where|why|how|can|could|would|is|are|do|does|did|was|were|has|have|qu[ié]|cu[aá]l|c[oó]mo|d[oó]nde|cu[aá]ndo|por qu[eé])\b[^!]*\?\W*$",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")


def speaks_to_a_model(text: str) -> bool:
    """Whether a text bears a sign that needs no knowledge of its subject."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    hidden = len(text) - len(_INVISIBLE.sub("", text))
    # Hidden characters join emoji and break words; a run of them carries a message.
    return hidden > 20 or _speaks(plain) or carries_code(plain) or any(_speaks(reading) for reading in undisguised(plain))


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, flags | re.MULTILINE) for pattern, flags in _TO_A_MODEL)


def _speaks(text: str) -> bool:
    return any(pattern.search(text) for pattern in _signs()) or orders_a_writer(text)


def asks_for_work(text: str) -> bool:
    """Whether a sentence sets a task for a writer, or asks something: its subject then decides."""
    return bool(_ASKS.search(text))


def marked(sentences: Sequence[str], foreign: Callable[[Sequence[str]], Sequence[bool]] | None = None) -> list[bool]:
    """For the sentences of one paragraph: which speak to a model. What follows such a sentence in its paragraph belongs to it."""
    found = [False] * len(sentences)
    started = False
    if whole := speaks_to_a_model("\n".join(sentences)):
        for i, sentence in enumerate(sentences):
            started = started or speaks_to_a_model(sentence)
            found[i] = started
    if whole and not started:
        # The sign spans sentences: the paragraph is one message.
        found = [True] * len(found)
    if foreign is not None and (open_ones := [i for i, hit in enumerate(found) if not hit and asks_for_work(sentences[i])]):
        for i, strange in zip(open_ones, foreign([sentences[i] for i in open_ones]), strict=True):
            found[i] = bool(strange)
    return found
