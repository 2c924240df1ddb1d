"""Whom the page itself names when there is no Answer to name them: the emergency number and a cancer help line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation import Language
from ui.strings import STRINGS


@dataclass(frozen=True)
class Reach:
    """`number`: what stands after “call” (911, or “your local emergency number”); `dial`: the same for `tel:`, if it is one;
    `person`: a sentence with a cancer help line, empty where we know none."""

    number: str
    dial: str | None
    person: str


def reach(country: str, language: Language) -> Reach:
    """The numbers of a country (ISO 3166), from the catalogue of contacts."""
    from knowledge import catalogs

    contacts = catalogs.contacts_for(country)
    number = contacts.emergency.named(language)[1]
    person = ""
    if contacts.cancer:
        name, phone, _ = contacts.cancer[0].named(language)
        person = STRINGS[language].to_a_person.format(name=name, phone=phone)
    return Reach(number, number if re.fullmatch(r"[0-9 ]{2,8}", number) else None, person)
