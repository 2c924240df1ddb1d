"""How a site calls itself and looks: `branding.yaml` in the operator's overlay folder, read once and checked.

```yaml
name: Lakeside Cancer Centre         # instead of Oncolantern in titles and texts
logo: logo.svg                       # a picture beside this file: SVG, PNG, JPEG or WebP, at most 256 kB
accent: "#0b5c7a"                    # buttons and links; white text must be readable on it
contact_line: Questions? Our help desk is at 555-0100.
home_url: https://lakeside.example.org
```
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.yaml_lines import FileError, Lines

FILE = "branding.yaml"
LOGO_ENDINGS = (".svg", ".png", ".jpg", ".jpeg", ".webp")
MAX_LOGO_BYTES = 256_000
# WCAG 2.2, success criterion 1.4.3: the contrast of text to what it stands on.
MIN_CONTRAST = 4.5


class Branding(BaseModel):
    """A site's name and looks. `logo` is a whole path once loaded; None means ours, and so on for the rest."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(default="Oncolantern", min_length=1, max_length=60)
    logo: Path | None = None
    accent: str | None = None
    contact_line: str | None = Field(default=None, max_length=200)
    home_url: str | None = Field(default=None, pattern=r"^https?://[^\s\"'<>]+$")

    @field_validator("name", "contact_line")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is not None and (re.search(r"[<>\x00-\x1f]", value) or not value.strip()):
            raise ValueError("must be one line of plain words")
        return value.strip() if value else value

    @field_validator("accent")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError('must be a colour like "#0b5c7a", in quotes')
        if (contrast := _contrast_to_white(value)) < MIN_CONTRAST:
            raise ValueError(f"white text on {value} has a contrast of {contrast:.1f}, {MIN_CONTRAST} is the least that can be read: choose a darker colour")
        return value.lower()


@lru_cache(maxsize=8)
def load_branding(overlay: Path | None, name: str = "Oncolantern") -> Branding:
    """The overlay's branding, or the plain one under `name`. Raises FileError with file and line."""
    path = overlay / FILE if overlay else None
    if path is None or not path.exists():
        return Branding(name=name)
    lines = Lines(path)
    found = lines.model(Branding, {"name": name, **lines.mapping()})
    if found.logo is None:
        return found
    logo = (path.parent / found.logo).resolve()
    problem = ""
    if not logo.is_relative_to(path.parent.resolve()):
        problem = "must lie in the overlay folder"
    elif logo.suffix.lower() not in LOGO_ENDINGS:
        problem = f"must end in one of {', '.join(LOGO_ENDINGS)}"
    elif not logo.is_file():
        problem = "is not there"
    elif logo.stat().st_size > MAX_LOGO_BYTES:
        problem = f"is larger than {MAX_LOGO_BYTES // 1000} kB"
    if problem:
        raise FileError(path, lines.at("logo"), f"logo {found.logo}: {problem}")
    return found.model_copy(update={"logo": logo})


def _contrast_to_white(colour: str) -> float:
    """WCAG's contrast ratio (1 to 21) between an sRGB colour `#rrggbb` and white."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
