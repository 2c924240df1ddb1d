"""Stops markup that could carry somebody away or run something: images, raw HTML, links to hosts we did not choose, odd schemes.

The whole unit falls: a model has no reason to write any of it, and half a sentence is not worth the risk.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

from policies.normalise import normalise
from policies.verdict import Draft, Verdict

_IMAGE = re.compile(r"!\s?\[[^\]]*\]\s?[\[(]|<\s*(?:img|svg|picture|video|audio|image)\b", re.IGNORECASE)
_HTML = re.compile(r"<\s*/?\s*[a-z][a-z0-9:-]*(?=[\s/>]|\Z)[^<>]*>?|<!--|<!\w|<\?|&lt;\s*/?\s*(?:script|iframe|img|a|style|object|form)\b", re.IGNORECASE)
_SCHEME = re.compile(r"\b(?:javascript|vbscript|data|file|blob|ftp|mailto|tel|intent|about|view-source|chrome|ws|wss)\s*:(?=\s*[^\s\"')])", re.IGNORECASE)
_ENDLESS_SCHEME = re.compile(r"(?:^|[(<\"'\s])(?:(?:javascript|vbscript)\s*:|data\s?:(?=\S))", re.IGNORECASE)
_INLINE = re.compile(r"\[[^\[\]]*\]\(\s*<?\s*([^\s)>]*)")
_DEFINITION = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?(\S+)", re.MULTILINE)
_REFERENCE = re.compile(r"\[(?!\d{1,3}\])[^\[\]]+\]\s?\[(?!\d{1,3}\])[^\[\]]*\]")
_BARE = re.compile(r"(?:\b(?:https?|hxxps?):\s?/\s?/|(?<![:\w/])//(?=[\w-]+\.))\s*([^\s/?#)>\]\"'<]+)|\bwww\.([\w.-]+)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:com|net|org|io|info|biz|xyz|top|ru|cn|co|me|app|dev|site|online|shop|club|link|click|ly|gl|to|tk|us|edu|gov|uk|de|mx|es))(?:/\S*)?(?![\w-])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
# "data:" and "about:" are English words too; they count only where a browser would follow them.
_WORDS = re.compile(r"\b(?:data|about|file|tel|intent)\s*:\s", re.IGNORECASE)


class Markup:
    """Output policy "markup". allowed_hosts: hosts that links may lead to, exactly as written, lower case."""

    name = "markup"

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self._hosts = frozenset(host.lower() for host in allowed_hosts)

    def judge(self, draft: Draft) -> Verdict:
        rule, evidence = self._find(draft.sentence)
        if not rule:
            # Markup cut by the end of a unit shows only with its beginning.
            tail = draft.tail[-200:]
            opened = max(tail.rfind("<"), tail.rfind("]("), tail.rfind("!["))
            if opened >= 0 and ">" not in tail[opened:] and ")" not in tail[opened:]:
                rule, evidence = self._find(tail[opened:] + draft.sentence)
        return Verdict(policy=self.name, fired=bool(rule), rule=rule, score=1.0 if rule else 0.0, evidence=evidence)

    def _find(self, raw: str) -> tuple[str, str]:
        if not _SUSPICIOUS.search(raw) and raw.isascii():
            return "", ""
        for text in dict.fromkeys((raw, unquote(html.unescape(html.unescape(raw))), normalise(raw))):
            found = self._in(text)
            if found[0]:
                return found
        return "", ""

    def _in(self, text: str) -> tuple[str, str]:
        for rule, pattern in (("markup.image", _IMAGE), ("markup.html", _HTML), ("markup.reference_link", _REFERENCE)):
            m = pattern.search(text)
            if m:
                return rule, m.group()
        m = _ENDLESS_SCHEME.search(text) or _SCHEME.search(_WORDS.sub(" ", text))
        if m and not _WORDS.match(text, m.start()):
            return "markup.scheme", m.group()
        for target in [*_INLINE.findall(text), *_DEFINITION.findall(text)]:
            host = _BARE.match(target) or _BARE.search(target)
            if not host or not self._allowed(host.group(1) or host.group(2)):
                return "markup.link", target
        for m in _BARE.finditer(text):
            if not self._allowed(m.group(1) or m.group(2)):
                return "markup.link", m.group()
        for m in _DOMAIN.finditer(text):
            if not self._allowed(m.group(1)):
                return "markup.link", m.group()
        m = _HANDLE.search(text)
        return ("markup.address", m.group()) if m else ("", "")

    def _allowed(self, authority: str) -> bool:
        """Whether a URL's authority is one of the hosts; a user part or port in it never is."""
        host = authority.lower().rstrip(".,;:")
        return host in self._hosts or host.removeprefix("www.") in self._hosts


_SUSPICIOUS = re.compile(r"[<!:@&%]|\]\(|\]\[|\]:|\w\.\w|//", re.ASCII)
