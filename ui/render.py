"""An Answer as HTML: semantic, accessible, and safe to show whatever the texts in it hold.

The order is the order of need. An escalation starts with whom to call; a redirect with the way to people who can look
at the case; everything ends with the disclaimer.
"""

from __future__ import annotations

import re
from html import escape

from bot.conversation import STATUS_MARKS, STATUS_WORDS, Answer, Citation, Contact, Language
from bot.markdown import HEADINGS, place_words
from ui.glossary import Glossary
from ui.markup import markdown_html, one_line, safe_id, sanitise_answer, text_html
from ui.reach import Reach
from ui.strings import STRINGS, Strings

ALL_GUIDELINES_URL = "https://www.nccn.org/patientresources/patient-resources/guidelines-for-patients"
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_CALLS = re.compile(r"\b(call|llam)", re.I)
_TEXTS = re.compile(r"\b(text|sms|mensaje)", re.I)
_DIALLED = re.compile(r"\d{2}")
# Where somebody who was told to call must not have to look for the number.
_CONTACTS_FIRST = ("escalate", "answer", "redirect")


def answer_html(answer: Answer, *, live: bool = False, tools: str = "") -> str:
    """The whole answer as one `<article>` on one line.

    `live`: for the chat page, whose scripts give life to buttons: glossary terms, questions to keep, what to ask next. `tools`: HTML of the row of
    buttons at its end.
    """
    words = STRINGS[answer.language]
    glossary = Glossary(answer.id, answer.language) if live else None
    upload, contacts = _upload(answer, words), _contacts(answer, words)
    first = upload if answer.action == "redirect" else ""
    first += contacts if answer.action in _CONTACTS_FIRST else ""
    parts = [
        f'<h2 class="onco-hidden">{escape(words.answer_heading)}</h2>',
        first,
        "" if answer.action == "escalate" else _small("onco-notice", answer.notice),
        _sections(answer, words, glossary),
        "" if answer.action in _CONTACTS_FIRST else contacts,
        _bottom_line(answer, words),
        _when_to_call(answer, words),
        _questions(answer, words, live),
        _sources(answer, words),
        _guidelines(answer, words),
        _services(answer, words),
        "" if answer.action == "redirect" else upload,
        _small("onco-notice", answer.notice) if answer.action == "escalate" else "",
        _small("onco-disclaimer", answer.disclaimer),
        glossary.list_html() if glossary else "",
        tools,
        _followups(answer, words) if live else "",
    ]
    attributes = f'lang="{answer.language}" data-state="done" data-action="{answer.action}" data-topic="{_topic(answer)}"'
    return finished(f'<article class="onco-answer onco-{answer.action}" {attributes}>{"".join(parts)}</article>')


def stream_html(markdown_so_far: str, status: str, language: Language = "en") -> str:
    """An answer on its way: the released text so far and a line that says what is being done. `status` is plain text."""
    body = f"<section>{markdown_html(markdown_so_far, heading=3)}</section>" if markdown_so_far.strip() else ""
    dots = '<span class="onco-dots" aria-hidden="true"><span></span><span></span><span></span></span>'
    line = f'<p class="onco-working">{dots}<span>{escape(status)}</span></p>' if status else ""
    return finished(f'<article class="onco-answer" lang="{language}" data-state="streaming">{body}{line}</article>')


def error_html(language: Language, site: str, whom: Reach, *, tools: str = "") -> str:
    """The fixed, safe reply of the page itself, for when the pipeline could not give one."""
    words = STRINGS[language]
    return finished(
        f'<article class="onco-answer onco-error" lang="{language}" data-state="done" data-action="error">'
        f'<h2 class="onco-hidden">{escape(words.answer_heading)}</h2><h3>{escape(words.busy_error)}</h3>'
        f"<p>{escape(words.error_body.format(number=whom.number))}</p>"
        f"{_small('onco-disclaimer', words.error_disclaimer.format(site=site, person=whom.person).strip())}{tools}</article>"
    )


def finished(markup: str) -> str:
    """Sanitised, on one line: the form in which markup may be shown, and come back."""
    return one_line(sanitise_answer(markup))


def dialled(phone: str) -> str:
    """A phone number as a telephone wants it: digits and a leading `+`; letters as on a keypad."""
    upper = phone.upper().translate(_KEYPAD)
    return ("+" if upper.strip().startswith("+") else "") + re.sub(r"[^0-9*#]", "", upper)


def _topic(answer: Answer) -> str:
    """The article that the answer rests on first, for counting; passage ids start with it."""
    first = answer.citations[0].passage_id if answer.citations else ""
    return safe_id(re.split(r"[#:/@|]", first)[0])


def _markdown(answer: Answer, text: str, words: Strings, heading: int = 4) -> str:
    numbers = {citation.n for citation in answer.citations}
    return markdown_html(text, answer_id=answer.id, citations=numbers, source_word=words.source, heading=heading)


def _inline(answer: Answer, text: str, words: Strings) -> str:
    rendered = _markdown(answer, text, words)
    single = re.fullmatch(r"<p>(.*)</p>", rendered)
    return single[1] if single and "<p>" not in single[1] else rendered


def _sections(answer: Answer, words: Strings, glossary: Glossary | None) -> str:
    shown = ""
    for part in answer.sections:
        body = _markdown(answer, part.markdown, words)
        heading = f"<h3>{escape(part.heading)}</h3>" if part.heading else ""
        shown += f'<section class="onco-part">{heading}{glossary.mark(body) if glossary else body}</section>'
    return shown


def _bottom_line(answer: Answer, words: Strings) -> str:
    if not answer.bottom_line:
        return ""
    items = "".join(
        f'<li class="onco-standing onco-{line.status}"><span class="onco-mark" aria-hidden="true">{STATUS_MARKS[line.status]}</span>'
        f"<div><strong>{escape(STATUS_WORDS[answer.language][line.status])}:</strong> {_inline(answer, line.text, words)}</div></li>"
        for line in answer.bottom_line
    )
    return f'<section class="onco-bottom-line"><h3>{escape(words.bottom_line)}</h3><ul>{items}</ul></section>'


def _questions(answer: Answer, words: Strings, live: bool) -> str:
    if not answer.questions_to_ask:
        return ""
    keep = f'<button type="button" class="onco-keep" data-do="keep" aria-pressed="false">{escape(words.keep)}</button>' if live else ""
    listed = "".join(f"<li><span>{escape(item)}</span>{keep}</li>" for item in answer.questions_to_ask)
    return f'<section class="onco-questions"><h3>{escape(words.questions_to_ask)}</h3><ul>{listed}</ul></section>'


def _followups(answer: Answer, words: Strings) -> str:
    if not answer.followups:
        return ""
    asked = "".join(f'<button type="button" class="onco-next" data-do="ask">{escape(text)}</button>' for text in answer.followups)
    return f'<section class="onco-followups"><h3>{escape(words.followups_heading)}</h3>{asked}</section>'


def _when_to_call(answer: Answer, words: Strings) -> str:
    if not answer.when_to_call:
        return ""
    return f'<section class="onco-call"><h3>{escape(words.when_to_call)}</h3>{_markdown(answer, answer.when_to_call, words)}</section>'


def _sources(answer: Answer, words: Strings) -> str:
    if not answer.citations:
        return ""
    items = "".join(f"<li>{_source(answer, citation, words)}</li>" for citation in answer.citations)
    return f'<section class="onco-sources"><h3>{escape(words.sources)}</h3><ul>{items}</ul></section>'


def _source(answer: Answer, citation: Citation, words: Strings) -> str:
    year = f", {citation.year}" if citation.year else ""
    reviewed = f'<p class="onco-reviewed">{escape(words.reviewed)} <time>{escape(citation.reviewed)}</time></p>' if citation.reviewed else ""
    if citation.reviewed_by:
        reviewed += f"<p>{escape(HEADINGS[answer.language]['reviewed_by'].capitalize())} {escape(citation.reviewed_by)}</p>"
    place = f", {escape(place_words(citation.place, HEADINGS[answer.language]))}" if citation.place else ""
    link = f"<p>{_outside(citation.url, words.open_source, words)}</p>" if citation.url else ""
    return (
        f'<details class="onco-source" id="src-{safe_id(answer.id)}-{citation.n}"><summary><span class="onco-number">{citation.n}</span>'
        f'<span><strong>{escape(citation.title)}</strong> <span class="onco-from">{escape(citation.organization)}{year}{place}</span></span></summary>'
        f'<div class="onco-passage"><p>{escape(words.from_our_library)}</p><blockquote>{text_html(citation.quote.strip())}</blockquote>{reviewed}{link}</div></details>'
    )


def _guidelines(answer: Answer, words: Strings) -> str:
    if not answer.guidelines:
        return ""
    items = "".join("<li>" + _outside(item.url, f"{item.title} ({item.year})", words) + "</li>" for item in answer.guidelines)
    more = f"<p>{_outside(ALL_GUIDELINES_URL, words.all_guidelines, words)}</p>"
    return f'<section class="onco-guidelines"><h3>{escape(words.guidelines)}</h3><ul>{items}</ul>{more}{_small("onco-aside", words.guidelines_note)}</section>'


def _services(answer: Answer, words: Strings) -> str:
    if not answer.services:
        return ""
    items = "".join(
        f"<li>{_outside(item.url, item.name, words)}<p>{escape(item.why)}</p>"
        + (f'<a href="tel:{dialled(item.phone)}">{escape(words.call)} {escape(item.phone)}</a>' if item.phone else "")
        + "</li>"
        for item in answer.services
    )
    return f'<section class="onco-services"><h3>{escape(words.services)}</h3><ul>{items}</ul>{_small("onco-aside", words.services_note)}</section>'


def _upload(answer: Answer, words: Strings) -> str:
    if answer.records_upload is None:
        return ""
    href = _safe_href(answer.records_upload.url)
    return (
        f'<section class="onco-card onco-upload"><h3>{escape(words.upload_heading)}</h3><p>{escape(answer.records_upload.text)}</p>'
        f'<p><a class="onco-button" href="{href}" target="_blank" rel="noopener noreferrer">{escape(words.upload_button)}'
        f'<span class="onco-hidden"> ({escape(words.new_tab)})</span></a></p></section>'
    )


def _contacts(answer: Answer, words: Strings) -> str:
    if not answer.contacts and answer.action != "escalate":
        return ""
    urgent = answer.action == "escalate"
    heading = words.urgent[answer.urgency] if urgent and answer.urgency else words.contacts
    items = "".join(f"<li>{_contact(contact, words)}</li>" for contact in answer.contacts)
    role = ' role="alert"' if urgent else ""
    name = "onco-card onco-urgent" if urgent else "onco-card onco-contacts"
    return f'<section class="{name}"{role}><h3>{escape(heading)}</h3><ul>{items}</ul></section>'


def _contact(contact: Contact, words: Strings) -> str:
    number = dialled(contact.phone)
    how = contact.text or ""
    links = ""
    if _DIALLED.search(contact.phone) and (_CALLS.search(how) or not _TEXTS.search(how)):
        links += f'<a class="onco-button" href="tel:{number}">{escape(words.call)} {escape(contact.phone)}</a>'
    # “text 0477 …” names another number than `phone`.
    if _DIALLED.search(contact.phone) and _TEXTS.search(how) and not re.search(r"\d{3}", how):
        links += f'<a class="onco-button onco-second" href="sms:{number}">{escape(words.text)} {escape(contact.phone)}</a>'
    shown = links or (f"<strong>{escape(contact.phone)}</strong>" if contact.phone else "")
    return f'<span class="onco-who"><strong>{escape(contact.name)}</strong>{" · " + escape(how) if how else ""}</span><span class="onco-how">{shown}</span>'


def _outside(url: str, text: str, words: Strings) -> str:
    return (
        f'<a href="{_safe_href(url)}" target="_blank" rel="noopener noreferrer">{escape(text)}<span class="onco-hidden"> ({escape(words.new_tab)})</span></a>'
    )


def _safe_href(url: str) -> str:
    """An address we may link to, escaped; anything but http(s) and our own paths leads nowhere."""
    ours = url.startswith("/") and not url.startswith(("//", "/\\"))
    return escape(url) if ours or re.match(r"https?://", url, re.I) else "#"


def _small(name: str, text: str) -> str:
    return f'<p class="onco-small {name}">{escape(text)}</p>' if text else ""
