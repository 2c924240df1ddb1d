"""Markdown of ours, or of a model, into HTML that cannot do anything but be read.

Raw HTML and images never survive: the parser treats tags as text, and the sanitiser passes an allow-list only.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Collection
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

CITATION = re.compile(r"\[(\d{1,3})\]")
_TAGS = {"p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "h6",
         "table", "thead", "tbody", "tr", "th", "td", "sup", "span"}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "class", "target", "rel"}, "span": {"class"}, "sup": {"class"}, "ol": {"start"}, "td": {"data-label"}}
# What our own answers are made of besides; the chat component gets them back from the browser, where they can be changed.
_OUR_TAGS = _TAGS | {"article", "section", "div", "h2", "details", "summary", "time", "button"}
_OUR_ATTRIBUTES = {
    "*": {"class", "id", "lang", "role", "aria-hidden", "data-state", "data-action", "data-topic"},
    "a": {"href", "target", "rel"}, "button": {"type", "data-do", "aria-describedby", "aria-pressed"}, "div": {"hidden"}, "ol": {"start"},
    "td": {"data-label"},
}  # fmt: skip
_SCHEMES = {"http", "https", "tel", "sms", "mailto"}


@functools.cache
def _parser() -> MarkdownIt:
    # `[1]: …` would let a text redefine what our citations lead to.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["reference", "html_block", "html_inline"])


def safe_id(text: str) -> str:
    """Letters, digits, `-` and `_` of a text, for use in an id attribute."""
    return re.sub(r"[^A-Za-z0-9_-]", "", text)


def markdown_html(text: str, *, answer_id: str = "", citations: Collection[int] = (), source_word: str = "Source", heading: int = 4) -> str:
    """Sanitised HTML of a Markdown text, on one line.

    `[n]` with n in `citations` becomes a link to `#src-<answer_id>-<n>`; any other `[n]` stays as it is. The highest
    heading in the text becomes `<h{heading}>`. One line, because a blank line would end an HTML block in the Markdown
    of the chat component.
    """
    tokens = _parser().parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = heading - min(levels) if levels else 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
        elif token.type == "inline" and token.children:
            token.children = _with_citations(token.children, answer_id, citations, source_word)
    _label_cells(tokens)
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return one_line(sanitise(rendered))


def _label_cells(tokens: list[Token]) -> None:
    """Writes the name of its column into each cell of a table, so that a narrow screen can show the rows as cards."""
    names: list[str] = []
    column, in_head = 0, False
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "thead_open":
            names, in_head = [], True
        elif token.type == "thead_close":
            in_head = False
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open" and in_head and after is not None:
            names.append(re.sub(r"[*_`]+|\[\d{1,3}\]", "", after.content).strip())
        elif token.type == "td_open":
            token.attrSet("data-label", names[column] if column < len(names) else "")
            column += 1


def one_line(markup: str) -> str:
    """The same markup without line ends; inside `<pre>` they become character references."""
    parts = re.split(r"(<pre>.*?</pre>)", markup, flags=re.S)
    return "".join(part.replace("\n", "&#10;") if part.startswith("<pre>") else part.replace("\n", " ") for part in parts).strip()


def sanitise(markup: str) -> str:
    """`markup` reduced to the allow-list: no scripts, styles, forms, images, frames or event handlers."""
    return nh3.clean(markup, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, clean_content_tags={"script", "style"})


def sanitise_answer(markup: str) -> str:
    """An answer of `ui.render` reduced to what such answers are made of. What it made itself stays as it is."""
    return nh3.clean(markup, tags=_OUR_TAGS, attributes=_OUR_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, clean_content_tags={"script", "style"})


def text_html(text: str) -> str:
    """Plain text as somebody typed it: nothing in it is Markdown, and its line ends stay."""
    return html.escape(text).replace("\r", "").replace("\n", "<br>")


def _with_citations(children: list[Token], answer_id: str, citations: Collection[int], source_word: str) -> list[Token]:
    out: list[Token] = []
    in_link = 0
    for token in children:
        if token.type == "image":
            # A remote image is a request to another host: its words stay, the picture goes.
            token = Token("text", "", 0, content=token.content)
        if token.type == "link_open":
            in_link += 1
            _mark_outside(token)
        elif token.type == "link_close":
            in_link -= 1
        if token.type != "text" or in_link:
            out.append(token)
            continue
        out.extend(_split_citations(token.content, answer_id, citations, source_word))
    return out


def _split_citations(text: str, answer_id: str, citations: Collection[int], source_word: str) -> list[Token]:
    out: list[Token] = []
    position = 0
    for match in CITATION.finditer(text):
        number = int(match[1])
        if citations and number not in citations:
            continue
        out.append(Token("text", "", 0, content=text[position : match.start()].rstrip(" ") if citations else text[position : match.start()]))
        out.append(Token("html_inline", "", 0, content=_citation(number, answer_id, bool(citations), source_word)))
        position = match.end()
    out.append(Token("text", "", 0, content=text[position:]))
    return out


def _citation(number: int, answer_id: str, linked: bool, source_word: str) -> str:
    if not linked:
        return f'<span class="onco-cite">{number}</span>'
    word = f'<span class="onco-hidden">{html.escape(source_word)} </span>'
    return f'<a class="onco-cite" href="#src-{safe_id(answer_id)}-{number}">{word}{number}</a>'


def _mark_outside(token: Token) -> None:
    href = str(token.attrs.get("href", ""))
    if href.startswith(("http://", "https://")):
        attributes: dict[str, Any] = {"target": "_blank", "rel": "noopener noreferrer"}
        token.attrs.update(attributes)
