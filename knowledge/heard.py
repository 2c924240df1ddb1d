"""How people say the false beliefs of *You may have heard* in passing (catalog/heard/*.yaml): article → belief as its bullet quotes it → statements.

A belief is met in a message by any of its statements (policies/stated.py). One without statements is met by its own words only.
heard/sound holds, in the same form, what people say soundly about the same things: what tells a belief from mere talk about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from knowledge.yaml_lines import FileError, Lines

FOLDER = Path(__file__).parent / "catalog" / "heard"
SOUND = FOLDER / "sound"
# Longer ones tell a story; shorter ones say no belief with its conclusion.
LONGEST, LEAST, LEAST_SOUND = 20, 4, 3

Heard = dict[tuple[str, str], tuple[str, ...]]


def read_heard(folder: Path = FOLDER) -> Heard:
    """(article, belief) → statements, of all files. Raises FileError with the line of what is no statement or stands twice."""
    found: Heard = {}
    least = LEAST_SOUND if folder == SOUND else LEAST
    for path in sorted(folder.glob("*.yaml")):
        for article, beliefs in _mapping(path).items():
            if not isinstance(beliefs, dict):
                raise _error(path, f"{article}: must be a mapping of beliefs to lists of statements", article)
            for belief, statements in beliefs.items():
                if not isinstance(statements, list):
                    raise _error(path, f"“{belief}” needs a list of statements", article, belief)
                for place, statement in enumerate(statements):
                    if problem := _wrong(statement, least):
                        raise _error(path, f"{problem}: {statement}", article, belief, place)
                if (article, str(belief)) in found:
                    raise _error(path, f"“{belief}” of {article} stands in another file too", article, belief)
                found[article, str(belief)] = tuple(dict.fromkeys(statements))
    return found


def strangers(beliefs: Iterable[tuple[str, str]], folder: Path = FOLDER) -> list[FileError]:
    """What stands in the files of an article or a belief that the library does not have. beliefs: (article, belief) of all that it has."""
    known = set(beliefs)
    articles = {article for article, _ in known}
    found = []
    for path in sorted(folder.glob("*.yaml")):
        lines = Lines(path)
        for article, own in lines.mapping().items():
            if article not in articles:
                found.append(FileError(path, lines.at(article), f"there is no article {article}"))
                continue
            found += [FileError(path, lines.at(article, b), f"{article} has no bullet “{b}”") for b in own if (article, str(b)) not in known]
    return found


def _mapping(path: Path) -> dict[str, object]:
    """A file as it stands. Where its lines are is only worked out for an error: every start reads these files."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError):
        data = None
    return data if isinstance(data, dict) else Lines(path).mapping()


def _error(path: Path, message: str, *place: object) -> FileError:
    return FileError(path, Lines(path).at(*place), message)


def _wrong(statement: object, least: int) -> str:
    if not isinstance(statement, str):
        return "must be a text (put it in quotes)"
    if "?" in statement:
        return "a question states no belief"
    if not least <= len(statement.split()) <= LONGEST:
        return f"needs {least} to {LONGEST} words"
    return ""
