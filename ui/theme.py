"""An operator's colour, made readable: the nearest shade that has enough contrast on our light and on our dark paper."""

from __future__ import annotations

import re

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
# The papers and cards of static/answer.css; what stands on both must be read on both.
LIGHT = ("#fbf7f0", "#ffffff", "#fff3d6")
DARK = ("#1a1714", "#25211d", "#3a2f1c")
# WCAG 2.1 AA for text, 1.4.3, with a little over for rounding.
CONTRAST = 4.6
_STEPS = 100


def read_colour(text: str) -> tuple[int, int, int]:
    """(red, green, blue), each 0 to 255, of `#rgb` or `#rrggbb`. Raises ValueError for anything else."""
    match = _HEX.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a colour such as #17605c")
    digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.1: 1 to 21."""
    bright, dark = sorted((_luminance(read_colour(one)), _luminance(read_colour(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def readable(colour: str, papers: tuple[str, ...]) -> str:
    """The colour, darkened or lightened by as little as it takes for text of it to be read on each of the papers."""
    start = read_colour(colour)
    goal = (0, 0, 0) if _luminance(read_colour(papers[0])) > 0.18 else (255, 255, 255)
    for step in range(_STEPS + 1):
        mixed = _hex(tuple(round(part + (end - part) * step / _STEPS) for part, end in zip(start, goal, strict=True)))
        if all(contrast(mixed, paper) >= CONTRAST for paper in papers):
            return mixed
    return _hex(goal)


def accent_css(colour: str) -> str:
    """The custom properties of the page in an operator's colour, for light and dark."""

    def properties(papers: tuple[str, ...]) -> str:
        shade = readable(colour, papers)
        ink = "#ffffff" if contrast(shade, "#ffffff") >= contrast(shade, "#111111") else "#111111"
        return f"--onco-link: {shade}; --onco-button: {shade}; --onco-accent: {shade}; --onco-on-button: {ink};"

    light, dark = properties(LIGHT), properties(DARK)
    return f":root {{ {light} }} @media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }} :root[data-theme=dark] {{ {dark} }}"


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
