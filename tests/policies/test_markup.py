"""The output policy "markup": nothing that loads, runs or leads to a host we did not choose."""

from __future__ import annotations

import pytest

from policies.markup import Markup
from policies.verdict import Draft

BAD = {
    "![x](https://example.org/x.png)": "image",
    "![x][pixel]": "image",
    "<img src=x onerror=alert(1)>": "image",
    "<b>bold</b>": "html",
    "<!-- hidden -->": "html",
    "<script>alert(1)</script>": "html",
    "&lt;script&gt;": "html",
    "<a href='https://example.org'>x</a>": "html",
    "[x](javascript:alert(1))": "scheme",
    "[x](JaVaScRiPt:alert(1))": "scheme",
    "[x](java&#115;cript:alert(1))": "link",
    "[x](data:text/html;base64,AAAA)": "scheme",
    "[x](vbscript:x)": "scheme",
    "[x](https://example.org/page)": "link",
    "[x](//example.org/page)": "link",
    "[x](/local/page)": "link",
    "[x](https://cancer.gov.example.org)": "link",
    "[x](https://cancer.gov@example.org)": "link",
    "[x](https://cancer.gov:8080/x)": "link",
    "[x]: https://example.org": "link",
    "[the page][ref]": "reference_link",
    "See https://example.org/page.": "link",
    "See www.example.org.": "link",
    "See example.org for more.": "link",
    "See bit.ly/abc for more.": "link",
    "Write to help@example.org.": "address",
    "[x](mailto:a@example.org)": "scheme",
}

GOOD = """
Chemo helps many people. [1][2]
It is 2.5 cm wide, i.e. small, e.g. like a pea.
Cells < 5 mm and > 2 mm differ.
**Bold** and *soft* words, `code` too.
Call 1-800-4-CANCER.
About data: it is mixed.
The U.S. and Dr. Lee agree.
A & B are two groups.
Read [this page](https://cancer.gov/types).
See https://www.cancer.gov/types for more.
- An item: with a colon
""".strip().splitlines()


@pytest.mark.parametrize(("text", "rule"), BAD.items())
def test_foreign_markup_is_found(text: str, rule: str) -> None:
    assert Markup({"cancer.gov"}).judge(Draft(tail="", sentence=text)).rule == f"markup.{rule}"


@pytest.mark.parametrize("text", GOOD)
def test_plain_markdown_and_allowed_hosts_stay(text: str) -> None:
    assert not Markup({"cancer.gov"}).judge(Draft(tail="", sentence=text)).fired


@pytest.mark.parametrize(("tail", "sentence"), [("Look <img ", "src=x>"), ("See [this](", "javascript:run)"), ("![x](", "https://example.org)")])
def test_markup_split_over_two_units_is_found(tail: str, sentence: str) -> None:
    assert Markup().judge(Draft(tail=tail, sentence=sentence)).fired
