"""Reads saved web pages: the page's own text by its headings; menus, banners, forms and lists of links are left out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentError
from knowledge.readers.encoding import decode
from knowledge.reading import Piece, Reading

_DROPPED = frozenset(
    "script style noscript template nav header footer aside form button select option iframe object embed svg canvas video audio dialog menu map title meta link base".split()
)
_DROPPED_ROLES = frozenset("navigation banner contentinfo search complementary dialog alert menu menubar toolbar tablist".split())
# Whole words of class names and ids that say: not the page's text.
_DROPPED_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav(?:bar|igation)?|breadcrumbs?|menu|sidebar|footer|cookies?|share|sharing|social|related|promo|advert\w*|banner|"
    r"skip(?:nav|link|-to)?|pagination|toolbar|subscribe|newsletter|feedback|survey|modal|popup|sr-only|visually-?hidden|on-this-page|page-options)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "p div section article main ul ol li dl dt dd table tr blockquote pre h1 h2 h3 h4 h5 h6 figure figcaption details summary body html address hr tbody thead".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# A list in which this share of the words stands in links is a menu.
LINK_SHARE = 0.85


def read_html(path: Path) -> Reading:
    """Sections of the page's main part. What the page says of itself (title, site, address, date) comes along."""
    from lxml import etree, html

    data = path.read_bytes()
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]+)", data[:4096])
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, path.name, declared.group(1).decode("ascii") if declared else None))
    try:
        root = html.document_fromstring(
            (text or "<p></p>").encode(), parser=html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"{path.name}: holds no page that can be read ({' '.join(str(error).split())[:80]})") from error
    facts = _facts(root)
    for element in list(root.iter()):
        if element.getparent() is not None and _is_dropped(element):
            _drop(element)
    main = _main(root)
    for listing in list(main.iter("ul", "ol")):
        if listing.getparent() is not None and _is_menu(listing):
            _drop(listing)
    walk = _Walk()
    walk.read(main)
    # A page without an own title takes the browser's, without the site's name behind it.
    title = walk.title or re.split(r"\s+[|–—-]\s+", facts.get("title", ""))[0].strip() or None
    return Reading(
        title, walk.pieces, organization=facts.get("site"), url=facts.get("url"), updated=_date(facts.get("date")), language=facts.get("language"),
    )  # fmt: skip


def _is_dropped(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _DROPPED:
        # A header inside an article holds its title.
        return not (element.tag == "header" and element.find(".//h1") is not None)
    if element.get("role") in _DROPPED_ROLES or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", element.get("style") or "", re.IGNORECASE):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in ("html", "body", "main", "article") and bool(_DROPPED_NAMES.search(names)) and element.find(".//h1") is None


def _drop(element: Any) -> None:
    """Take an element out and leave the text behind it in place."""
    parent, tail = element.getparent(), element.tail
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _main(root: Any) -> Any:
    """The page's main part: as marked, else the one article, else the whole body."""
    for query in (".//main", ".//*[@role='main']", ".//*[@id='main-content' or @id='main' or @id='content']"):
        found = root.xpath(query)
        if len(found) == 1:
            return found[0]
    articles = root.findall(".//article")
    if len(articles) == 1:
        return articles[0]
    body = root.find("body")
    return body if body is not None else root


def _is_menu(listing: Any) -> bool:
    words = len("".join(listing.itertext()).split())
    linked = sum(len("".join(a.itertext()).split()) for a in listing.iter("a"))
    return len(listing) >= 2 and words > 0 and linked >= LINK_SHARE * words


def _facts(root: Any) -> dict[str, str]:
    """What the page says of itself in its head."""
    found: dict[str, str] = {}
    title = root.find(".//title")
    if title is not None:
        found["title"] = " ".join("".join(title.itertext()).split())
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and re.match(r"https?://[^\s\"<>]+$", link.get("href") or ""):
            found["url"] = link.get("href")
    names = {
        "og:site_name": "site", "og:url": "url", "article:modified_time": "date", "og:updated_time": "date", "dcterms.modified": "date",
        "dcterms.issued": "date", "last-modified": "date", "datemodified": "date",
    }  # fmt: skip
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("http-equiv") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        key = names.get(name)
        if key and content and key not in found and (key != "url" or re.match(r"https?://[^\s\"<>]+$", content)):
            found[key] = content
    if (language := (root.get("lang") or "")[:2].lower()) in ("en", "es"):
        found["language"] = language
    return found


def _date(text: str | None) -> date | None:
    match = re.search(r"(\d{4})-(\d{2})-(\d{2})", text or "")
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


class _Walk:
    """Goes through the main part in order and collects sections; list items and table rows keep lines of their own."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.pieces: list[Piece] = []
        self._path: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._words: list[str] = []
        self._bullet = False

    def read(self, main: Any) -> None:
        from lxml import etree

        for event, element in etree.iterwalk(main, events=("start", "end")):
            tag = element.tag
            if event == "start":
                if tag in _BLOCKS or tag == "br":
                    self._flush()
                if tag == "li" or tag == "tr":
                    self._bullet = True
                self._words.append(element.text or "")
                continue
            if tag in _HEADINGS:
                self._heading(_HEADINGS[tag])
            elif tag in ("td", "th"):
                self._words.append("; " if element.getnext() is not None else " ")
            elif tag in _BLOCKS:
                self._flush()
            if element is not main:
                self._words.append(element.tail or "")
        self._flush()
        self._close()

    def _flush(self) -> None:
        text = " ".join("".join(self._words).split()).strip("; ")
        self._words.clear()
        if text:
            self._lines += [f"- {text}"] if self._bullet else [text, ""]
            self._bullet = False

    def _heading(self, level: int) -> None:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if not text:
            return
        self._close()
        if level == 1 and self.title is None:
            self.title = text
            self._path.clear()
        else:
            self._path = [*((n, h) for n, h in self._path if n < level), (level, text)]

    def _close(self) -> None:
        if body := "\n".join(self._lines).strip():
            self.pieces.append(Piece(tuple(h for _, h in self._path), body))
        self._lines.clear()
