"""The page's panels as HTML: menu, one source, My questions. Native dialogs, filled and opened by static/chat-panels.js."""

from __future__ import annotations

from html import escape

from bot.branding import Branding
from ui.strings import Strings
from ui.words import PageWords


def panels_html(words: Strings, page: PageWords, look: Branding, language_link: str) -> str:
    """All panels, closed."""
    return (
        _panel("menu", page.menu_title, _menu(page, look, language_link), page)
        + _panel("source", "", "", page)
        + _panel("visit", page.questions, _visit(page), page)
    )


def _panel(name: str, title: str, body: str, page: PageWords) -> str:
    return (
        f'<dialog class="onco-panel" id="onco-{name}" aria-labelledby="onco-{name}-title"><div class="onco-panel-top"><h2 id="onco-{name}-title" tabindex="-1">{escape(title)}</h2>'
        f'<button type="button" class="onco-close" data-do="close">{escape(page.close)}</button></div><div class="onco-panel-body">{body}</div></dialog>'
    )


def _choice(name: str, legend: str, choices: tuple[tuple[str, str], ...], note: str = "") -> str:
    options = "".join(f'<label><input type="radio" name="{name}" value="{value}"><span>{escape(label)}</span></label>' for value, label in choices)
    about = f'<p class="onco-aside">{escape(note)}</p>' if note else ""
    return f'<fieldset><legend>{escape(legend)}</legend><div class="onco-choice">{options}</div>{about}</fieldset>'


def _menu(page: PageWords, look: Branding, language_link: str) -> str:
    contact = f'<p class="onco-contact">{escape(look.contact_line)}</p>' if look.contact_line else ""
    return (
        _choice("level", page.level, (("more", page.level_more), ("plain", page.level_plain)), page.level_note)
        + _choice("text", page.text_size, (("normal", page.text_normal), ("large", page.text_large)))
        + _choice("theme", page.colours, (("auto", page.colours_auto), ("light", page.colours_light), ("dark", page.colours_dark)))
        + f"<section><h3>{escape(page.language)}</h3><p>{language_link}</p></section>"
        + f"<section><h3>{escape(page.keeping)}</h3>"
        f'<label class="onco-check"><input type="checkbox" id="onco-keep-here"><span>{escape(page.keep_here)}</span></label><p class="onco-aside">{escape(page.keep_note)}</p>'
        f'<div class="onco-row"><button type="button" class="onco-second" data-do="print-all">{escape(page.print_conversation)}</button>'
        f'<button type="button" class="onco-second" data-do="forget">{escape(page.forget)}</button></div></section>' + contact
    )


def _visit(page: PageWords) -> str:
    return (
        f'<p class="onco-aside">{escape(page.questions_intro)}</p><p id="onco-visit-none">{escape(page.questions_none)}</p><ul id="onco-visit-list"></ul>'
        f'<form id="onco-visit-form" novalidate><label for="onco-visit-new">{escape(page.add_label)}</label><div class="onco-row">'
        f'<input id="onco-visit-new" maxlength="300" autocomplete="off"><button type="submit" class="onco-second">{escape(page.add)}</button></div></form>'
        f'<fieldset id="onco-visit-learned" hidden><legend>{escape(page.learned)}</legend><p class="onco-aside">{escape(page.learned_note)}</p><div></div></fieldset>'
        f'<div class="onco-row onco-foot"><button type="button" class="onco-first" data-do="sheet-print">{escape(page.sheet_print)}</button>'
        f'<button type="button" class="onco-second" data-do="sheet-save">{escape(page.sheet_save)}</button>'
        f'<button type="button" class="onco-second" data-do="sheet-clear">{escape(page.clear_questions)}</button></div>'
    )
