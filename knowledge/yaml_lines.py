"""Reads YAML that people write by hand, and remembers on which line each entry stands, for errors that say where."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.errors import KnowledgeError

# A file of settings or entries; larger ones are not written by hand (and YAML aliases could make them explode).
MAX_BYTES = 2_000_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Model = TypeVar("Model", bound=BaseModel)


class FileError(KnowledgeError):
    """A file of the operator's that cannot be used: says which file, which line, and what to mend."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


class Lines:
    """A parsed file: `data`, and `at(*place)`, the 1-based line of an entry (or of the nearest thing around it)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if path.stat().st_size > MAX_BYTES:
                raise FileError(path, 1, f"is larger than {MAX_BYTES // 1_000_000} MB")
            text = path.read_text(encoding="utf-8-sig")
            self._root = yaml.compose(text, Loader=_LOADER)
            if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
                raise FileError(path, 1, "uses YAML aliases (*name); write the values out")
            self.data: Any = yaml.load(text, Loader=_LOADER)
        except UnicodeDecodeError as error:
            raise FileError(path, 1, f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
        except OSError as error:
            raise FileError(path, 1, f"cannot be read: {error.strerror}") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise FileError(path, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from error
        except (yaml.YAMLError, ValueError) as error:
            raise FileError(path, 1, f"is not YAML: {error}") from error

    def at(self, *place: object) -> int:
        """The line of `data[place[0]][place[1]]…`; parts that are not there are passed over."""
        node, line = self._root, 1
        for part in place:
            found = None
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if str(key.value) == str(part)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                found = (node.value[part], node.value[part])
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return int(line)

    def mapping(self) -> dict[str, Any]:
        """The file as a mapping; an empty file is an empty one. Raises FileError."""
        if self.data is None:
            return {}
        if not isinstance(self.data, dict):
            raise FileError(self.path, 1, "must be a list of `name: value` lines")
        return {str(key): value for key, value in self.data.items()}

    def model(self, model: type[Model], data: object, *place: object) -> Model:
        """`data`, which stands at `place`, as a checked value. Raises FileError with the line of what is wrong."""
        if not isinstance(data, dict):
            raise FileError(self.path, self.at(*place), "must be a list of `name: value` lines")
        try:
            return model.model_validate(data)
        except ValidationError as error:
            # A slip in a key makes the right one missing as well: the slip is what to mend.
            first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
            where = tuple(first["loc"])
            name = ".".join(str(part) for part in where)
            if first["type"] == "extra_forbidden":
                known = ", ".join(f.alias or n for n, f in model.model_fields.items())
                raise FileError(self.path, self.at(*place, *where), f"unknown key {name!r}; known: {known}") from error
            raise FileError(self.path, self.at(*place, *where), f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
