"""Word lists that safety reviewers read and edit, one YAML file per policy; loaded on first use, kept for the process."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from policies.kept import kept


@cache
def load(name: str) -> dict[str, Any]:
    """The content of `policies/lexicons/<name>.yaml`.

    Raises FileNotFoundError for an unknown name and ValueError when the file is not a mapping.
    """
    data = kept(f"lexicon {name}", lambda: _read(name))
    if not isinstance(data, dict):
        raise ValueError(f"lexicon {name}.yaml is not a mapping")
    return data


def names() -> list[str]:
    """Every file there is."""
    return sorted(entry.name.removesuffix(".yaml") for entry in resources.files(__package__).iterdir() if entry.name.endswith(".yaml"))


def _read(name: str) -> Any:
    import yaml

    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
