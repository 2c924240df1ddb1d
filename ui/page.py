"""The fixed parts of the chat page around Gradio's: head, header with the standing notice, welcome, composer."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import mimetypes
from dataclasses import asdict
from html import escape
from pathlib import Path

from bot.branding import Branding
from bot.settings import Settings
from ui.panels import panels_html
from ui.reach import reach
from ui.strings import STRINGS, Strings
from ui.theme import accent_css
from ui.words import PAGE_WORDS

STATIC = Path(__file__).parent / "static"
# In this order: the first one sets colours and letters before anything is painted, the last one starts the page.
SCRIPTS = ("chat-core.js", "chat-panels.js", "chat-tools.js", "chat-visit.js", "chat.js")
STYLES = ("answer.css", "chat.css", "chat-panels.css", "print.css")


@functools.cache
def static_version(name: str) -> str:
    """A short hash of a file of ours, so that browsers may keep it for long and still see a new one at once."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def head_html(settings: Settings, words: Strings, *, depth: int, look: Branding | None = None) -> str:
    """What goes into `<head>`; `depth` is how many folders below the root the page lives."""
    look = look or settings.branding
    up = "../" * depth or "./"
    description = escape(f"{words.tagline}. {words.notice.format(site=look.name)}", quote=True)
    sheets = "".join(f'<link rel="stylesheet" href="{up}static/{name}?v={static_version(name)}">' for name in STYLES)
    return (
        f'<title>{escape(look.name)}</title><meta name="color-scheme" content="light dark">'
        f'<meta name="description" content="{description}">'
        f'<link rel="icon" type="image/svg+xml" href="{up}static/lantern.svg?v={static_version("lantern.svg")}">'
        f"{sheets}{f'<style>{accent_css(look.accent)}</style>' if look.accent else ''}{_words_json(settings, words, look, up)}{_script(SCRIPTS[0], up)}"
    )


def _script(name: str, up: str) -> str:
    """Not deferred: it would wait for all of Gradio's modules, which stand before it."""
    return f'<script src="{up}static/{name}?v={static_version(name)}"></script>'


def lantern() -> str:
    """The brand mark as inline SVG, decorative beside the name."""
    return (STATIC / "lantern.svg").read_text(encoding="utf-8").strip().replace('role="img" aria-label="Lantern"', 'aria-hidden="true" focusable="false"')


def top_html(settings: Settings, words: Strings, look: Branding | None = None) -> str:
    """The start of the body: name, other language, the standing notice that stays in view, the region that speaks, the welcome."""
    look = look or settings.branding
    page = PAGE_WORDS[words.language]
    return (
        f'<header class="onco-header" id="onco-header"><div class="onco-inner"><a class="onco-skip" href="#onco-box">{escape(words.skip)}</a>'
        f'<div class="onco-brand"><h1>{_brand(look)}</h1><div class="onco-actions">{_language(words)}'
        f'<button type="button" id="onco-menu-open" aria-haspopup="dialog">{escape(page.menu)}</button>'
        f'<button type="button" id="onco-leave" aria-description="{escape(page.leave_why)}">{escape(page.leave)}</button></div></div>'
        f'<div class="onco-standing-notice"><span>{escape(words.short_notice)}</span>{_emergency(settings, words)}</div></div>'
        f'<section id="onco-pinned" aria-label="{escape(page.pinned)}" hidden></section></header>'
        '<div id="onco-live" class="onco-hidden" role="status" aria-live="polite"></div>' + _noscript(settings, words) + _welcome(words, look)
    )


def bottom_html(settings: Settings, words: Strings, *, depth: int, look: Branding | None = None) -> str:
    """The end of the body, after the conversation: what waits for the server, the composer, the panels, what is printed."""
    look = look or settings.branding
    page = PAGE_WORDS[words.language]
    dots = '<span class="onco-dots" aria-hidden="true"><span></span><span></span><span></span></span>'
    return (
        f'<div id="onco-waiting" class="onco-answer" hidden><p class="onco-asking"></p><p class="onco-working">{dots}<span></span></p></div>'
        f'<form id="onco-composer" aria-label="{escape(words.ask_label)}" novalidate>'
        f'<p id="onco-lost" role="alert" hidden></p>'
        f'<div id="onco-editing" hidden><p>{escape(page.editing)}</p><button type="button" id="onco-cancel" class="onco-plain">{escape(page.cancel)}</button></div>'
        f'<div id="onco-tools"><label for="onco-question">{escape(words.ask_label)}</label>'
        f'<button type="button" id="onco-mine" class="onco-plain" aria-haspopup="dialog">{escape(page.questions)}<span id="onco-count"></span></button>'
        f'<button type="button" id="onco-new" class="onco-plain">{escape(words.new_conversation)}</button></div>'
        f'<div id="onco-ask"><div id="onco-box"><textarea id="onco-question" rows="1" maxlength="{settings.max_message_chars}" enterkeyhint="send" autocomplete="off"'
        f' placeholder="{escape(words.placeholder)}"></textarea></div>'
        f'<button type="submit" id="onco-send">{escape(words.send)}</button><button type="button" id="onco-stop">{escape(words.stop)}</button></div></form>'
        f'<div id="onco-tip" role="tooltip" hidden></div>{panels_html(words, page, look, _language(words))}<div id="onco-print" hidden></div>'
        + "".join(_script(name, "../" * depth or "./") for name in SCRIPTS[1:])
    )


def _words_json(settings: Settings, words: Strings, look: Branding, up: str) -> str:
    """Everything the scripts say and need to know, as data; `<` cannot end the element."""
    said = {
        "lang": words.language, "site": look.name, "exit": settings.exit_url, "root": up, "ready": words.answer_ready, "conversation": words.conversation,
        "copy": words.copy, "copied": words.copied, "thanks": words.thanks, "searching": words.searching, "empty_question": words.empty_question,
        "keep": words.keep, "read": words.read, "sources": words.sources, "notice": words.short_notice,
    }  # fmt: skip
    data = json.dumps({**asdict(PAGE_WORDS[words.language]), **said}, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="onco-words">{data}</script>'


def _brand(look: Branding) -> str:
    """The operator's logo or our lantern, and the name; a link to the operator's own site where there is one."""
    mark = f'<img src="{_logo_data(look.logo)}" alt="">' if look.logo else lantern()
    name = f"{mark}<span>{escape(look.name)}</span>"
    return f'<a href="{escape(look.home_url)}" rel="noreferrer">{name}</a>' if look.home_url else name


@functools.cache
def _logo_data(path: Path) -> str:
    """A logo as a data address: nothing more to fetch, and an SVG inside `img` runs no script."""
    kind = mimetypes.guess_type(path.name)[0] or "image/svg+xml"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _language(words: Strings) -> str:
    other = STRINGS["es" if words.language == "en" else "en"]
    link = "./es/" if words.language == "en" else "../"
    return f'<a class="onco-language" href="{link}" lang="{other.language}" hreflang="{other.language}">{escape(other.language_name)}</a>'


def _welcome(words: Strings, look: Branding) -> str:
    """What stands where the conversation will be: what this is, what it is not, what not to type, where to start."""
    starters = "".join(f'<button type="button" class="onco-next" data-do="ask">{escape(text)}</button>' for text in words.starters)
    contact = f'<p class="onco-contact">{escape(look.contact_line)}</p>' if look.contact_line else ""
    return (
        f'<section class="onco-welcome" aria-labelledby="onco-tagline"><p class="onco-tagline" id="onco-tagline">{escape(words.tagline)}</p><p>{escape(words.privacy)}</p>'
        f'<h2>{escape(words.starters_heading)}</h2><div id="onco-starters">{starters}</div>'
        f'<p class="onco-about">{escape(words.notice.format(site=look.name))}</p>{contact}</section>'
    )


def _noscript(settings: Settings, words: Strings) -> str:
    """The way on for a browser without JavaScript."""
    whom = reach(settings.country, words.language)
    hidden = "<style>#onco-starters, .onco-welcome h2, #onco-composer, .onco-actions button { display: none; }</style>"
    return f'<noscript>{hidden}<p class="onco-noscript">{escape(words.noscript.format(number=whom.number, person=whom.person))}</p></noscript>'


def _emergency(settings: Settings, words: Strings) -> str:
    whom = reach(settings.country, words.language)
    text = escape(words.emergency.format(number=whom.number))
    return f'<a class="onco-emergency" href="tel:{whom.dial}">{text}</a>' if whom.dial else f'<strong class="onco-emergency">{text}</strong>'
