"""The fixed parts of the chat page: head, header with the standing notice, welcome, foot."""

from __future__ import annotations

import functools
import hashlib
from html import escape
from pathlib import Path

from bot.settings import Settings
from ui.reach import reach
from ui.strings import STRINGS, Strings

STATIC = Path(__file__).parent / "static"


@functools.cache
def static_version(name: str) -> str:
    """A short hash of a file of ours, so that browsers may keep it for long and still see a new one at once."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def head_html(settings: Settings, words: Strings, *, depth: int) -> str:
    """What goes into `<head>`; `depth` is how many folders below the root the page lives."""
    up = "../" * depth or "./"
    description = escape(f"{words.tagline}. {words.notice.format(site=settings.site_name)}", quote=True)
    return (
        '<meta name="color-scheme" content="light dark">'
        f'<meta name="description" content="{description}">'
        f'<link rel="icon" type="image/svg+xml" href="{up}static/lantern.svg?v={static_version("lantern.svg")}">'
        f'<link rel="stylesheet" href="{up}static/answer.css?v={static_version("answer.css")}">'
        f'<link rel="stylesheet" href="{up}static/chat.css?v={static_version("chat.css")}">'
        f'<script src="{up}static/chat.js?v={static_version("chat.js")}" defer data-lang="{words.language}" data-ready="{escape(words.answer_ready)}" data-followups="{escape(words.followups_heading)}" data-conversation="{escape(words.conversation)}"'
        f' data-copy="{escape(words.copy)}" data-copied="{escape(words.copied)}" data-helpful="{escape(words.helpful)}"'
        f' data-not-helpful="{escape(words.not_helpful)}" data-thanks="{escape(words.thanks)}"></script>'
    )


def lantern() -> str:
    """The brand mark as inline SVG, decorative beside the name."""
    return (STATIC / "lantern.svg").read_text(encoding="utf-8").strip().replace('role="img" aria-label="Lantern"', 'aria-hidden="true" focusable="false"')


def top_html(settings: Settings, words: Strings) -> str:
    """The start of the body: name, other language, the standing notice that stays in view, the region that speaks, the welcome."""
    other = STRINGS["es" if words.language == "en" else "en"]
    link = "./es/" if words.language == "en" else "../"
    return (
        f'<header class="onco-header" id="onco-header"><div class="onco-inner"><a class="onco-skip" href="#onco-box">{escape(words.skip)}</a>'
        f'<div class="onco-brand"><h1>{lantern()}<span>{escape(settings.site_name)}</span></h1>{_emergency(settings, words)}</div>'
        f'<div class="onco-standing-notice"><span>{escape(words.short_notice)}</span>'
        f'<a class="onco-language" href="{link}" lang="{other.language}" hreflang="{other.language}">{escape(other.language_name)}</a></div></div></header>'
        '<div id="onco-live" class="onco-hidden" role="status" aria-live="polite"></div>' + _noscript(settings, words) + _welcome(settings, words)
    )


def _welcome(settings: Settings, words: Strings) -> str:
    """What stands where the conversation will be: what this is, what it is not, what not to type."""
    return (
        f'<section class="onco-welcome" aria-labelledby="onco-tagline"><p class="onco-tagline" id="onco-tagline">{escape(words.tagline)}</p>'
        f"<p>{escape(words.notice.format(site=settings.site_name))}</p><p>{escape(words.privacy)}</p>"
        f"<h2>{escape(words.starters_heading)}</h2></section>"
    )


def _noscript(settings: Settings, words: Strings) -> str:
    """The way on for a browser without JavaScript."""
    whom = reach(settings.country, words.language)
    return f'<noscript><style>.onco-welcome h2 {{ display: none; }}</style><p class="onco-noscript">{escape(words.noscript.format(number=whom.number, person=whom.person))}</p></noscript>'


def _emergency(settings: Settings, words: Strings) -> str:
    whom = reach(settings.country, words.language)
    text = escape(words.emergency.format(number=whom.number))
    return f'<a class="onco-emergency" href="tel:{whom.dial}">{text}</a>' if whom.dial else f'<strong class="onco-emergency">{text}</strong>'
