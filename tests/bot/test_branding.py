"""The operator's branding: what is wrong is said with file and line, and nothing unreadable or foreign is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.branding import load_branding
from bot.settings import Settings
from knowledge.yaml_lines import FileError


def overlay(folder: Path, text: str) -> Path:
    (folder / "branding.yaml").write_text(text, encoding="utf-8")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return folder


def test_a_site_has_its_own_name_colour_and_logo(tmp_path: Path) -> None:
    settings = Settings(overlay=overlay(tmp_path, 'name: Lakeside\nlogo: logo.svg\naccent: "#0B5C7A"\nhome_url: https://lakeside.example.org\n'))
    found = settings.branding
    assert (found.name, found.accent, found.home_url) == ("Lakeside", "#0b5c7a", "https://lakeside.example.org")
    assert found.logo and found.logo.read_text(encoding="utf-8").startswith("<svg")


def test_without_branding_the_name_is_the_settings_one(tmp_path: Path) -> None:
    assert Settings(site_name="Harbour").branding.name == "Harbour"
    assert Settings(site_name="Harbour", overlay=tmp_path).branding.name == "Harbour"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: Lakeside\ncolour: red\n", 2, "unknown key 'colour'"),
        ('name: Lakeside\n\naccent: "#ffee00"\n', 3, "contrast of 1"),
        ("name: Lakeside\naccent: red\n", 2, "must be a colour"),
        ("name: <b>Lakeside</b>\n", 1, "plain words"),
        ("name: Lakeside\nlogo: ../logo.svg\n", 2, "overlay folder"),
        ("name: Lakeside\nlogo: nothing.png\n", 2, "not there"),
        ("home_url: javascript:alert(1)\n", 1, "home_url"),
        ("name: [Lakeside\n", 2, "not YAML"),
        ("just words\n", 1, "name: value"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(FileError, match=words) as raised:
        load_branding(overlay(tmp_path, text))
    assert str(raised.value).startswith(f"branding.yaml:{line}:")
