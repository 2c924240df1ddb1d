"""The shapes of numbers and addresses that point at one person. Data for identifiers.py, with the reason of each limit."""

from __future__ import annotations

import re
from collections.abc import Callable

from policies.literals import AS_TYPED, Sifted, sifted

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ]\d{{2,4}}|\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? ?(?:of )?\d{{2,4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? {_MONTH}\.?,?(?: de| del)? ?\d{{2,4}}|(?<!\d)\d{{8}}(?!\d))"
)
_BORN = (
    r"(?:d\.? ?o\.? ?b\.?|(?:date of birth|birth ?(?:date|day))|born(?: on)?|f\.? ?(?:de )?nac\.?|(?:fecha de )?nacimiento|nac[ií](?: el)?|nacid[oa](?: el)?)"
)

_STREET = r"(?:street|avenue|ave|road|rd|boulevard|blvd|lane|drive|court|terrace|circle|highway|hwy|parkway|pkwy|square)"
_STREET_SHORT = r"(?:st|dr|ct|ln|way|pl|place|cir|ter)"
_TOWN = r"(?:,? +(?:apt|apartment|unit|suite|ste|#)\.? ?#?\w{1,5})?(?:,? +[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,2},? +[A-Z]{2}(?:,? +\d{5}(?:-\d{4})?)?)?"
_LABELLED = (
    r"(?:(?:medical |health |hospital )?record|accession|specimen|chart|patient|hospital|member(?:ship)?|subscriber|policy|group|plan|insurance|health ?card|case|claim|account|acct|driver'?s? licen[cs]e|"
    r"licen[cs]e|id|customer|tarjeta|p[oó]liza|expediente|afiliad[oa]|afiliaci[oó]n|seguro(?: social)?|cuenta|historia(?: cl[ií]nica)?|paciente|social security|medicare|medicaid|passport|pasaporte)"
)
_CODE = r"(?=[A-Za-z0-9./-]*\d)(?!NCT\d)[A-Za-z0-9](?:[A-Za-z0-9]|[./-](?=[A-Za-z0-9])){4,24}"


def _luhn(digits: str) -> bool:
    total = sum(int(d) if i % 2 == 0 else sum(divmod(int(d) * 2, 10)) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0


def _is_card(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return 13 <= len(digits) <= 19 and _luhn(digits)


# Toll-free lines belong to services, never to a person.
_TOLL_FREE = re.compile(r"(?:\+?1)?(?:800|833|844|855|866|877|888|900)\d{7}$")


def _is_private_phone(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return 7 <= len(digits) <= 15 and not _TOLL_FREE.match(digits)


_PHONE_WORDS = (
    r"(?:phone|cell|mobile|tel(?:[eé]fono)?|m[oó]vil|celular|whats ?app|call|text|reach|contact|ring|number|n[uú]mero|ll[aá]m(?:e|a|en|ar)(?:me)?|fax)"
)
_CONTACT = rf"\b{_PHONE_WORDS}\b(?: +(?:me|us|him|her|number|no\.?|is|es|at|on|al|back|please|my|mi|cell|phone|home|work|:|#)){{0,6}}[\s:.#=-]{{0,4}}"

# kind, pattern (group "v" is what goes, else the whole match), and what else must hold of it. Labelled numbers come first.
RULES: tuple[tuple[str, Sifted, Callable[[str], bool] | None], ...] = (
    ("email", sifted(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,4}", AS_TYPED), None),
    ("email", sifted(r"\b[\w.+-]{1,64} ?(?:\(at\)|\[at\]| at | arroba ) ?[\w-]{1,63} ?(?:\(dot\)|\[dot\]| dot | punto ) ?(?:com|org|net|edu|es|mx)\b"), None),
    ("url", sifted(r"\bhttps?://(?:[^\s/@]{1,80}@\S{1,400}|[^\s?#]{1,200}[?#]\S{0,400}?(?:token|key|auth|sig|signature|session|sid|code|pass|pwd|password|patient|mrn|id|jwt)=\S{1,800})"), None),
    ("date_of_birth", sifted(rf"\b{_BORN}[\s:=,-]*(?:is |es |the |el |on |era )?(?P<v>{_DATE})"), None),
    ("ssn", sifted(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])", AS_TYPED), None),
    ("ssn", sifted(r"\b(?:ssn|social security(?: number| no\.?| #)?|social)[\s:#]*(?:number |is )?(?P<v>\d{9}|\d{3}[ -]\d{2}[ -]\d{4}|(?:ending in |last four )\d{4})\b"), None),
    ("record_number", sifted(r"\b(?:mrn|m\.r\.n\.|nhs|nss|nuss|curp|dni|nie|hc)\b(?: number| no\.?| num\.?)?[\s:#=.-]*(?:is |es |was )?(?P<v>(?:\d{3}[ -]\d{3}[ -]\d{4})|" + _CODE + r")(?![\w%])"), None),
    ("record_number", sifted(rf"\b{_LABELLED}(?: card| policy| member| record| account)?(?:[ '’]s)?(?: ?(?:number|no\.|no|num\.?|n[uú]mero|id|#|n[º°o]\.?)[\s:#=.]{{0,4}}(?:is |es |was )?|[:#=] ?)(?P<v>" + _CODE + r")(?![\w%])"), None),
    ("record_number", sifted(r"\b(?:expediente|afiliad[oa]|subscriber|member|chart|accession|specimen|p[oó]liza)(?: is | es | )(?P<v>(?=[\w-]*\d{5})" + _CODE + r")(?![\w%])"), None),
    ("record_number", sifted(r"\b(?:id|member|policy|insurance|group)\b ?#?:? ?(?:is )?(?P<v>[A-Z]{2,4}(?: \d{3}){2,4})(?![\w%])", AS_TYPED), None),
    ("record_number", sifted(r"\bID ?#?:? ?(?P<v>[A-Z]{2,4}(?: \d{3}){2,4})(?![\w%])", AS_TYPED), None),
    ("record_number", sifted(r"\b(?:medicare|medicaid|passport|pasaporte|driver'?s? licen[cs]e|id)(?: is | es | )(?P<v>(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])" + _CODE + r")(?![\w%])"), None),
    ("record_number", sifted(r"(?<![\w-])(?:\d{8}[A-HJ-NP-TV-Z]|[XYZ]\d{7}[A-Z]|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d|[1-9][ACDEFGHJKMNPQRTUVWXY][ACDEFGHJKMNPQRTUVWXY\d]\d-?[ACDEFGHJKMNPQRTUVWXY][ACDEFGHJKMNPQRTUVWXY\d]\d-?[ACDEFGHJKMNPQRTUVWXY]{2}\d{2})(?![\w-])", AS_TYPED), None),
    ("card", sifted(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-])", AS_TYPED), _is_card),
    ("phone", sifted(_CONTACT + r"(?P<v>\+?\d(?:[\s().-]{0,2}\d){6,13})(?![\d%]|[.,]\d| ?(?:mg|ml|mcg|cells|k/))"), _is_private_phone),
    ("phone", sifted(r"(?<![\w.+-])(?:\+?1[\s.-]?)?(?:\(\d{3}\) ?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?![\w-])", AS_TYPED), _is_private_phone),
    ("phone", sifted(r"(?<![\w.])\+\d{1,3}(?:[\s.()-]{0,2}\d){7,12}(?![\w-])", AS_TYPED), _is_private_phone),
    ("address", sifted(rf"\b\d{{1,6}}[A-Za-z]? +(?:[NSEW]\.? +)?(?:(?:[A-Z][\w'’.-]*|\d{{1,3}}(?:st|nd|rd|th)) +){{1,4}}(?:(?i:{_STREET})\b\.?|(?i:{_STREET_SHORT})\b\.?(?=\s*(?:[,;.\n#]|$|\b(?:apt|unit|in|and)\b|[A-Z])))" + _TOWN, AS_TYPED), None),
    ("address", sifted(rf"\b(?:(?:i |we )?(?:live|reside|living|staying) (?:at|on)|(?:home |my |our )?address(?: is|:)|mail (?:it|them) to|send (?:it|them) to)\s+(?P<v>\d{{1,6}}[^\S\n]+[^\n?!;]{{3,60}}?\b(?:{_STREET}|{_STREET_SHORT})\b\.?{_TOWN})"), None),
    ("address", sifted(r"\b(?i:calle|avenida|avda\.?|av\.|carrera|plaza|paseo|colonia|c/) ?(?:[^\W\d_][\w.]*,? +){1,5}?(?:n[º°o.]* ?|#|núm(?:ero)?\.? )?\d{1,5}\b(?:,? \d{5}(?: [A-Z][^\W\d_]+)?)?", AS_TYPED), None),
    ("address", sifted(r"\b(?i:p\.? ?o\.? ?box) \d{1,6}\b|\b(?i:zip(?: ?code)?|postcode|código postal|c\.p\.)[\s:]*(?:is |es )?(?P<v>\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", AS_TYPED), None),
)  # fmt: skip
