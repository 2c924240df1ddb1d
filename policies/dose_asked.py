"""The words by which a message that only sounds like a dosing question is held to ask for one: of amount or taking, and of what is taken."""

from __future__ import annotations

import re

from policies.signals import Signals

# Words without which a message that is only alike asks for no dose: how much, how often, when to take, to leave out, to change.
_QUANTITY = re.compile(
    r"\d\s*(?:mg|mcg|ml|g|iu|units?|cc|drops?|%)\b|\b(?:how (?:much|many|often|frequent\w*)|what (?:time|strength|amount)|tak(?:e|es|en|ing)(?! (?:out|off|away|care|place|part|it out|them out))|took|tkae"
    r"|use|using|swallow|inject\w*|skip\w*|miss(?:ed|ing)?|forg[eo]t\w*|double\w*|twice|half|halve|split|crush|dos(?:e|es|age|ing|ed)|doseage|pills?|tablets?|capsules?|drops|patch(?:es)?|puffs?|spoon\w*|mg|mcg"
    r"|milligrams?|micrograms?|units?|max\w*|minimum|limit|safe amount|daily|a day|per day|each day|every (?:day|\w+ hours?|other)|hours? apart|apart|times a|schedule|taper\w*|wean\w*|cut (?:back|down|out)|lower\w*"
    r"|most (?=\w+ (?:i|he|she|we|you|they|\w+ can|that|one))|at most|(?:highest|largest|biggest|strongest|safest|lowest|smallest)|rais(?:e|ing)|increas\w+|reduc\w+|convert\w*|equivalent|equals?|instead of|come off|stop(?!ping)\w*|hold|cu[aá]nt[oa]s?|cada|veces|dosis|pastillas?|tabletas?|gotas|miligramos|tomar\w*|tomo|toma|doble|mitad|saltar\w*"
    r"|olvid\w+|bajar|subir|suspender|dejar|amt|amounts?|cap|ceiling|strong(?:er|est)?|strengths?|how (?:concentrated|thick|fast|far|close|high)|another|additional|extra|lockout|bolus|rate|gap|spaced"
    r"|grams?|tsp|scoops?|\w*spoons?|(?:weeks?|days?) (?:on|off|early|late|apart)|start(?:ing)? (?:at|point|on)|otr[oa]|tope|m[aá]ximo|tantit\w+|poquit\w+|pizca|toca|seguido|part(?:o|irl[ao]s?)|machac\w+"
    r"|brinc\w+|empiez\w+|quit(?:o|ando)|medi[ao])\b",
    re.IGNORECASE,
)
# … or a number beside the name of a medicine. In text with names as tags.
_NUMBERED = re.compile(r"\d (?:of |de )?(?:the |my |her |his |la )?z(?:drug|supp)\b|\bz(?:drug|supp) (?:at |of |is |says |de )?\d|\b(?:or|o) \d")

# What a dose is of, in text with names as tags.
_TAKEN = re.compile(
    r"\bz(?:drug|supp|amount)\b|\b(?:pills?|tab(?:let)?s?|capsules?|caps|patch(?:es)?|dos(?:e|es|age|ing)|medicines?|medications?|meds?|drugs?|injections?|shots?|infusions?|pumps?|drops|creams?|gel|puffs?"
    r"|inhalers?|gumm(?:y|ies)|mg|mcg|ml|tsp|label|bottle|script|syringe|\w*spoons?|enemas?|mouthwash|swish|tubes?|feeds?|feeding|oxygen|gr[ae]ys?|gy|chemo|pastillas?|tabletas?|capsulas?|comprimidos?|parches?"
    r"|dosis|medicinas?|medicamentos?|inyeccion(?:es)?|gotas|jarabe|bomba|cucharad\w+|sonda|oxigeno|quimio)\b"
)

# Words of a dose itself, which no question about a visit or about living with an effect needs.
HARD = re.compile(
    r"\d\s*(?:mg|mcg|ml|g|iu|units?|cc|drops?)\b|\b(?:how (?:much|often)|how many (?!hours|minutes|days|weeks|months)|dos(?:e|es|age|ing)|doubl\w+|twice|extra|half|another|max\w*|mg|taper\w*|wean\w*|miss(?:ed)?|forg[eo]t\w*|skip\w*|dosis|doble|cu[aá]ntas?|mitad)\b",
    re.IGNORECASE,
)


def quantity(text: str, read: Signals) -> bool:
    """Whether a message has a word of amount or taking, as typed or with its slips put right ("hw mch")."""
    return _QUANTITY.search(text) is not None or any(_QUANTITY.search(s.text) or _NUMBERED.search(s.text) for s in read.sentences)


def taken(read: Signals) -> bool:
    """Whether a message names anything that is taken in doses."""
    return any(_TAKEN.search(sentence.text) for sentence in read.sentences)
