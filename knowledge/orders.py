"""Orders that only a writer of answers could follow: the forms in which a document speaks to a model without saying “ignore your instructions”.

Each form is told from what a leaflet says to a patient, a parent or a caregiver (“when you answer the phone”, “say yes to help”). Rules
over words, English and Spanish.
"""

from __future__ import annotations

import re
from functools import cache

_MACHINE = (
    r"(?:(?:AI|A\.I\.|digital|virtual|language|chat)[ -]?)*(?:models?|bots?|chatbots?|robots?|assistants?|agents?|LLMs?|AIs?|GPTs?|machines?|crawlers?|"
    r"summari[sz]ers?|asistentes?|modelos?|ias?)"
)
_DOCTOR = r"(?:doctor|physician|oncologist|pharmacist|nurse|expert|scientist|healer|m[eé]dico|oncólogo)"
_ANSWERING = r"(?:answer(?:ing)?|reply(?:ing)?|respond(?:ing)?|summari[sz](?:e|ing)|generat(?:e|ing)|quot(?:e|ing)|cit(?:e|ing))"
# What a person answers.
_NOT_A_TURN = r"(?!\s+(?:to\s+)?(?:the|your|an?|this|these|those|any|all|each|their|his|her|my)?\s*(?:\w+\s+)?(?:phones?|calls?|doors?|letters?|surveys?|questions?|forms?|e-?mails?|bells?|history|story|notes)\b)"
_TO_A_TEXT = r"(?:add|includ\w*|insert|append|mention|clos[ei]\w*|end|remove|omit|leave out|hide|delete|prais\w*|promot\w*|recommend|claim|advertis\w*|link|put|rank|endorse)"
_PARTS = r"(?:disclaimers?|citations?|footnotes?|(?:your\s+)?sources|caveats?|safety (?:notes?|messages?|notices?)|warnings?|notices?)(?!\s+(?:labels?|stickers?|signs?|lights?|of income))"
_SHOWING = r"(?:show\w*|display\w*|add\w*|includ\w*|print\w*|giv\w*|cit\w*|append\w*|attach\w*|output\w*|repeat\w*)"
_WRITTEN = r"(?:lines?|sentences?|paragraphs?|strings?|texts?|code|phrases?|messages?|words|characters|blocks?|commands?)"
_TO_ONESELF = r"(?![^.!?\n]{0,40}\b(?:yourself|your mind|your head|silently|slowly|out loud|aloud|breath)\b)"
_START = r"^\W*(?:(?:please|kindly|now|also|then|first|always|and|por favor)\W+)*"
_LIMITS = r"(?:limits|rules|restrictions|filters?|guard ?rails|ethics|safety (?:training|rules|limits|filters?))"
_REPLIES = r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies)|completions?)"
_TEXT = r"(?:documents?|pages?|texts?|sources?|leaflets?|files?|articles?|sentences?|paragraphs?|products?|sites?)"
_MAKERS = r"(?:developers?|creators?|programmers?|operators?|makers?|engineers)"

_FORMS = (
    # the moment of answering, and what to do to the text then
    rf"\b(?:when(?:ever)?|while|before|after|once|as|if|(?:each|every) time|in|by)\s+(?:you\s+)?(?:are\s+|start\s+|begin\s+)?{_ANSWERING}\b{_NOT_A_TURN}[^.!?\n]{{0,60}}\b{_TO_A_TEXT}\b",
    r"\b(?:in|into|to)\s+(?:everything|anything|all|each thing)\s+(?:that\s+)?you\s+(?:say|write|answer|generate|output)\b|\b(?:each|every|all)\s+(?:of\s+)?(?:the\s+|your\s+)?(?:answers?|replies|reply|responses?)\s+(?:that\s+)?you\s+(?:give|write|make)\b",
    # the parts that every answer has
    rf"\b(?:forget|omit|hide|suppress|drop|skip|remove|disable|leave out|(?:never|do not|don['’]t|stop|without)\s+(?:\w+\s+)?{_SHOWING})\s+"
    rf"(?:(?:any|an?|the|your|all|every|its|this|such|more|of)\s+)*(?:\w+\s+)?{_PARTS}|\bno (?:warnings?|disclaimers?|caveats?) (?:is|are) (?:needed|necessary|required|wanted)\b",
    # another self
    r"\byou(?:['’]re| are)\s+(?:now|no longer|henceforth|from now on)\s+(?:(?-i:[A-Z][a-z]*[A-Z]\w*)|(?-i:[A-Z]\w+)\s*(?:[,;.(:]|and\b|who\b|with)|(?:an?|the)\s+(?:\w+\s+){0,3}"
    rf"(?:{_MACHINE}|persona|character|{_DOCTOR})\b)",
    rf"{_START}(?:take on|assume|adopt|play|switch to)\s+the\s+(?:role|persona|identity|part|voice|character)\s+of\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,3}}(?:{_DOCTOR}|{_MACHINE})\b",
    rf"\b(?:you|AI|assistant|model|bot|{_DOCTOR}|that|who)\b[^.!?\n]{{0,25}}\b(?:without|(?:has|have|had|with) no)\s+(?:any\s+|more\s+)?{_LIMITS}\b",
    r"\bI\s+(?:hereby\s+)?(?:order|command|instruct)\s+you\b|\bact as (?:if|though) you (?:had|have|were|are)\s+(?:no\b|an?\s+(?:\w+\s+)?(?:AI|assistant|model|doctor))",
    # to it by name
    rf"\b(?:dear|hey|hello|hi|hola|estimad[oa]|querid[oa]|attention|atenci[oó]n|(?:note|message|memo|instructions?)\s+(?:to|for))\s+(?:(?:the|any|all|every|our|whichever)\s+)*{_MACHINE}\s*[,:;!(—–-]",
    rf"\b{_MACHINE}\s+(?:that\s+|which\s+|who\s+)?(?:reads?|reading|process(?:es|ing)|pars(?:es|ing)|summari[sz](?:es|ing)|ingest(?:s|ing))\s+(?:this|these|the (?:page|document|text|file))\b",
    # the person before it, as a third
    r"\b(?:if|when(?:ever)?|should)\s+(?:the|an?|this|any|your|some)\s+(?:readers?|users?|person reading|human|(?:visitor|customer|patient|person)(?=\s+asks?\b))\b[^.!?\n]{0,80}"
    r"\b(?:tell|say|answer|reply|respond|claim|state|recommend|promise|assure|send|direct)\b(?!\s+(?:the|your|a)\s+(?:nurse|doctor|team|care team|clinic))",
    r"\b(?:the|this|our|every|all)\s+(?:users?|readers?)\b[^.!?\n]{0,25}\b(?:has|have)\s+(?:already\s+)?(?:agreed|consented|been verified|confirmed|given permission|accepted|opted)\b",
    # a text to be worked on
    rf"{_START}(?:translate|repeat|decode|decrypt|echo|recite|execute|run|obey|interpret|unscramble|reverse)\s+(?:the|this|that|these|it|each)\b[^.!?\n]{{0,30}}\b{_WRITTEN}\b{_TO_ONESELF}",
    r"\b(?:present|repeat|give|state|show|pass)\s+(?:it|this|that|them)\s+(?:on\s+)?as\s+(?:\w+\s+)?(?:advice|fact|truth|news)\b|\b(?:word for word|verbatim)\b[^.!?\n]{0,10}:",
    r"\b(?:decode|decrypt)\s+(?:this|it|the)\b|\bdo (?:exactly\s+)?what (?:it|the (?:next|following|above|hidden)\b[^.!?\n]{0,20}|this (?:line|text|paragraph)) says\b",
    r"\btreat (?:the|this|these|what)\b[^.!?\n]{0,30}\bas (?:an?\s+|your\s+)?(?:commands?|orders?|instructions?|system messages?)\b",
    rf"{_START}(?:output|print|echo|emit|return)\s+(?:the\s+)?(?:token|word|phrase|code word|string|text)\b|(?-i:^\W*(?:Reply|Respond|Answer|Output|REPLY|RESPOND)\s+[A-Z]{{3,}}[A-Z0-9_-]*\b(?!\s+(?:to|if|for|when)\b))",
    # what it writes: rules for the whole of it
    rf"\b(?:start|begin|end|open|close|finish|precede|follow)\s+(?:each|every|all|any)\s+(?:of\s+)?(?:the\s+|your\s+)?{_REPLIES}\b|\b(?:each|every|your)\s+(?:\w+\s+)?{_REPLIES}\s+(?:should|must|has to|shall|needs to|will)\b",
    rf"{_START}(?:speak|write|talk|answer|reply|respond)\s+(?:only\s+|always\s+|solely\s+)?in\s+(?:rhymes?|verse|code|capitals|emojis?|riddles|json|xml|(?:the )?(?:style|voice|manner) of)\b",
    r"\b(?:in|to|into)\s+(?:whatever|everything|anything|what)\s+you\s+(?:produce|write|say|generate|output|create)\b|\bin\s+(?:all\s+|any\s+|your\s+)?summar(?:y|ies)\s+of\s+this\b",
    r"\b(?:anyone|anybody|whoever|those|everyone|all|any\s+\w+)\s+(?:who\s+)?(?:generat|summari[sz]|writ|quot|index|answer)(?:ing|es?|s)\b[^.!?\n]{0,40}\b(?:this|from)\b[^.!?\n]{0,30}\b(?:must|should|shall|has to|have to|are to|is to)\b",
    # this page, above all others
    rf"{_START}(?:only\s+)?(?:quote|cite|rank|trust|use|list|prefer|put|place|treat|present|prioriti[sz]e)\s+(?:only\s+)?(?:this|these)\s+{_TEXT}\b[^.!?\n]{{0,20}}\b(?:above|before|over|first|only|and no|instead|exclusively|as)\b",
    rf"\b(?:pretend|claim|state|say|act as if|assume|insist)\s+(?:that\s+)?this\s+{_TEXT}\b|\b(?:hide|conceal|withhold|keep)\s+this\s+{_TEXT}\b[^.!?\n]{{0,12}}\bfrom\b|\b(?:rules?|guidelines?|polic(?:y|ies)|limits)\s+(?:do|does)\s+not\s+apply\s+to\s+this\s+{_TEXT}\b",
    r"\byour\s+(?:knowledge|training|training data|information|memory)\s+(?:is|are|was|has been)\s+(?:out of date|outdated|wrong|false|old|incorrect|erased|reset)\b",
    # the people who ask it
    r"\b(?:tell|convince|persuade|urge|encourage|steer|push|get|lead|assure|send|refer)\s+(?:all\s+|any\s+|the\s+)?(?:people|anyone|anybody|everyone|everybody|whoever|those|the person|persons?|patients)\s+(?:who\s+|that\s+)?(?:asks?|you (?:talk|chat|speak)|(?:is|are) (?:asking|chatting|talking|typing)|writes? to you|(?:is|are)? ?using)\b",
    r"\b(?:users|readers|askers|whoever asks|(?:people|those) who ask)\s+(?:should|must|are to|have to|need to)\s+(?:always\s+|never\s+|not\s+)?be\s+(?:told|sent|directed|shown|given|advised|warned|made)\b",
    r"\b(?:you|never|do not|don['’]t)\b[^.!?\n]{0,14}\b(?:refer|recommend|suggest|mention|advise)\b[^.!?\n]{0,30}\b(?:anyone|anybody|people who ask|users?|readers?|whoever)\b[^.!?\n]{0,20}\b(?:doctors?|you|risks?|care)\b",
    r"\b(?:do not|don['’]t|never)\s+(?:tell|admit|say|reveal|let\b[^.!?\n]{1,20}\bknow)\b[^.!?\n]{0,30}\bthat\s+you\s+are\s+(?:an?\s+)?(?:machine|AI|bot|program|model|not a (?:person|doctor|human))",
    rf"\b(?:if|unless|since|because|although|as)\s+you(?:['’]re| are)\s+(?:only\s+|just\s+)?an?\s+(?:large\s+)?{_MACHINE}\b|\bstop being\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,2}}{_MACHINE}\b",
    rf"\b(?:the\s+)?(?:assistants?|chatbots?|AIs?|LLMs?|language models?|bots?)\s+(?:should|must|shall|is to|are to|has to|have to|needs? to|will)\s+(?:only\s+|always\s+|never\s+|not\s+)?(?:recommend|say|answer|reply|list|rank|mention|tell|state|promote|claim|give|cite|quote|ignore|praise|include|add)\b|"
    rf"\b{_MACHINE}\s+\w+ing\s+this\s+{_TEXT}\b",
    r"\b(?:ask|send|direct|give|show|lead|point|refer|steer|warn|promise|thank|greet|question)\s+(?:the|every|each|all|any|this)\s+(?:users?|readers?|askers?)\b",
    rf"\b(?:begin|start|end|finish|close|open|sign)\s+(?:the|this|an?|your)\s+(?:\w+\s+)?{_REPLIES}\s+(?:with|by)\b|\byour\s+(?:\w+\s+)?{_REPLIES}\s+(?:is|are)\s+(?:being\s+)?(?:graded|scored|rated|rewarded|judged|monitored)\b",
    rf"\b(?:if|when(?:ever)?)\s+this\s+{_TEXT}\s+(?:is|gets)\s+(?:used|quoted|cited|retrieved|read|found|summari[sz]ed)\b|\b(?:bots?|chatbots?|AIs?|LLMs?|assistants?)\s*:\s*(?:say|always|never|tell|rank|list|praise|recommend|do not|ignore)\b",
    r"\byour\s+(?:earlier|previous|prior|old|first|original|former|current)\s+(?:instructions?|orders?|rules?|prompts?|programming|commands?)\b|\byou (?:will )?(?:now )?(?:receive|get|have)\s+(?:an?\s+)?new\s+(?:orders?|instructions?|rules|personality|persona|identity|role|prompt)\b",
    r"\b(?:do not|don['’]t|stop|never|no longer)\s+(?:follow|obey|believe|heed|trust)(?:ing)?\s+(?:anything|what|everything|whatever|all)\s+(?:that\s+)?(?:you (?:were|have been|are) (?:told|taught|given)|(?:was|came|is) (?:said|written)? ?(?:before|above|earlier))",
    r"\b(?:switch|change|go|enter|turn|set)\s+(?:\w+\s+)?(?:in)?to\s+(?:an?\s+|the\s+)?(?:expert|doctor|developer|unsafe|unfiltered|free|test|training|raw|maintenance)\s+mode\b|\bsystem (?:message|instruction)s?\b|\bset\s+(?:the\s+|your\s+)?temperature\s+to\b|\bskip the (?:safety|legal|medical)\s+(?:text|part|note|advice)\b",
    rf"\b(?:in|to|with|at the end of)\s+(?:the|your|each|every|any|all)\s+(?:final|last|next|future|following)\s+(?:messages?|questions?|{_REPLIES})\b|\b(?:in|to|of)\s+(?:each|every|all|any)\s+(?:your\s+)?{_REPLIES}\b|"
    rf"\b(?:answer|respond to|reply to)\s+(?:each|every|any|all|the next)\s+(?:questions?|messages?)\s+(?:with|by|as|like|in)\b|\brespond to everything\b|\b(?:reads?|sees?|gets?)\s+your\s+{_REPLIES}\b|\bany\s+summary\s+(?:must|should|has)\b",
    r"\b(?:override|overwrite|ignore|disregard|bypass|disable|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)?safety\b(?! (?:pins?|belts?|caps?))|\bsystem override\b|\bprint nothing but\b|\b(?:previous|old|former)\s+persona\b",
    r"\b(?:the|this|every)\s+(?:user|reader|asker)s?\s+(?:wants?|needs?|asks?|expects?|would like|allows?|permits?)\s+you\s+to\b|^\W*(?:bots?|chatbots?|AIs?|assistants?|LLMs?|chatgpt)\s*,\s*\w+",
    # what it holds, and the dress of a training text
    r"\b(?:dump|print|show|list|reveal|repeat|export)\s+(?:me\s+)?(?:your|the)\s+(?:\w+\s+)?(?:configuration|config|settings|hidden text|text above|source code|memory|variables|initial message|weights)\b",
    r"\bwhat (?:were you told|are you told|does your prompt|did your)\b|\b(?:message|order|note|update|notice)\s+from\s+(?:the|your)\s+(?:administrators?|admins?|developers?|supervisors?|system|operators?)\b|\bthis is your (?:supervisor|developer|administrator|operator|creator|owner)\b",
    r"^\W*#{2,}\s*(?:instruction|response|input|system|task)\b|^\W*(?:instruction|response)\s*:\s*(?:praise|recommend|ignore|say|give|write|tell)\b",
    # what it is for, and who made it
    r"\byour\s+(?:(?:new|only|real|true|sole|main)\s+)?(?:job|task|purpose|mission|role|goal|objective)\s+(?:now\s+)?is\s+(?:now\s+)?to\s+(?:sell|promote|advertise|recommend|convince|persuade|praise|answer|reply|"
    r"respond|say|write|generate|act|market|endorse|rank|collect|pretend)\b",
    rf"\b(?:orders?|instructions?|requests?|wish(?:es)?)\s+(?:of|from|by)\s+your\s+{_MAKERS}\b|\byour\s+{_MAKERS}\s+(?:want|order|instruct|ask|require|expect|need|have)",
    r"\b(?:safety|content)\s+(?:filters?|checks?|layers?|systems?|training|rules?|polic(?:y|ies)|guidelines?)\b[^.!?\n]{0,30}\b(?:is|are|has been|have been)\s+(?:now\s+)?(?:switched off|turned off|off|disabled|suspended|lifted|removed|deactivated)\b",
    r"\byou\s+(?:now\s+)?(?:have|are given|have been given|are granted)\s+(?:\w+\s+)?permission\s+to\s+(?:give|share|reveal|state|recommend|prescribe|say|name)\b|"
    r"\b(?:you are|you['’]re)\s+(?:now\s+)?(?:allowed|authori[sz]ed|permitted|free)\s+to\s+(?:give|state|name|reveal|prescribe|skip|ignore|share)\s+(?:\w+\s+){0,2}(?:doses?|dosages?|amounts?|secrets?|prompts?|rules?)\b",
    r"\b(?:this|the following|what follows)\b[^.!?\n]{0,20}\b(?:overrides?|supersedes?|replaces?|outranks?|takes precedence over)\s+your\b",
    # tools and addresses that carry something out
    r"\b(?:call|invoke|run|execute)\s+(?:the\s+|a\s+)?(?:tool|function|plugin|command|script)\b|\b[a-z]+_(?:email|mail|message|request|data|file|url)\b",
    r"!\[[^\]]*\]\(https?://[^)]*\?|https?://\S*\?\w+=(?:\s|[{\[<]|(?-i:[A-Z_]{4,})|$)",
    # Spanish
    r"\b(?:cuando|antes de|despu[eé]s de|al|cada vez que)\s+(?:respond(?:as|a|er)|contest(?:es|ar)|resum(?:as|ir))\b[^.!?\n]{0,20}\b(?:no muestres?|a[nñ]ad[ea]|agreg\w+|incluy[ea]|recomiend[ea]|pon|quit[ae]|omit[ae]|elogi[ae]|di que|diga que)\b",
    r"\b(?:no muestres?|omit[ae]|quit[ae]|elimin[ae]|ocult[ae]|olvid[ae])\b[^.!?\n]{0,30}\b(?:aviso|advertencias?|descargo|fuentes)\b",
    r"\b(?:ahora|desde ahora|de ahora en adelante|ya no)\s+eres\s+(?:(?-i:[A-Z]\w+)|un[a]?\s+(?:asistente|modelo|ia|bot|m[eé]dico))|\beres\b[^.!?\n]{0,30}\b(?:sin|no tienes)\s+(?:reglas|l[ií]mites|filtros|restricciones)\b",
    r"\b(?:olvid[ae]|ignor[ae])\s+que\s+(?:eres|es)\b|\b(?:di|diga|dile|d[ií]gales?|diles)\s+a\s+(?:los|las|todos los|cada)\s+(?:usuari|lector)|\b(?:responde|responda|contesta|conteste)\s+siempre\b|"
    r"\ba\s+(?:los|las)\s+usuari[oa]s\b|\ben\s+(?:cada|todas (?:tus|sus)|tu|su|la)\s+(?:pr[oó]xima\s+)?respuestas?\s*(?:[.,:]|$)",
    r"\bsi\s+(?:el|la|un|una)\s+(?:lector|lectora|usuari[oa])\b[^.!?\n]{0,80}\b(?:dile|diga|d[ií]gale|respond[ea]|recomiend[ea]|contest[ea])\b",
)  # fmt: skip


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Compiled when the first document comes: a question needs none of them, and they take a tenth of a second."""
    return tuple(re.compile(form, re.IGNORECASE | re.MULTILINE) for form in _FORMS)


def orders_a_writer(text: str) -> bool:
    """Whether a text holds an order that only somebody who writes answers could follow."""
    return any(pattern.search(text) for pattern in _patterns())
