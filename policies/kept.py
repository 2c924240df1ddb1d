"""What takes long to work out from the policies' own files, kept between starts: word lists as data, phrases as expressions, what expressions need.

Everything is kept in one file under a digest of every file of this package and of Python's version. When any of them changes, or the file
is not exactly what was written, all of it is worked out anew: nothing kept is ever older than what it came from. Without a folder
(`keep_in` was not called) everything is simply worked out.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any

log = logging.getLogger(__name__)

_PACKAGE = Path(__file__).parent
_READ = (".py", ".yaml", ".jsonl")
_FILE = "worked-out.json"
_BEGAN = time.time()

_lock = Lock()
_folder: Path | None = None
_values: dict[str, Any] = {}
_new = False
_held = ""


def _files() -> list[Path]:
    return sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _READ)


@cache
def digest() -> str:
    """Of the content of every file that the policies are made of, and of Python's version."""
    found = blake2b(sys.version.encode(), digest_size=16)
    for path in _files():
        content = path.read_bytes()
        found.update(f"\n{path.relative_to(_PACKAGE)} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def keep_in(folder: Path) -> None:
    """Read what an earlier process kept there; `save` writes there. A file that is missing, old or damaged is as good as none."""
    global _folder, _held, _new
    digest()
    with _lock:
        _folder, (_held, found) = folder, _read(folder / _FILE)
        # What this process has worked out already is new to another folder.
        _new = not _values.keys() <= found.keys()
        _values.update({name: value for name, value in found.items() if name not in _values})


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        if head.decode() != _seal(body):
            return "", {}
        found = json.loads(body)
    except (OSError, ValueError):
        return "", {}
    return (head.decode(), found) if isinstance(found, dict) else ("", {})


def _seal(body: bytes) -> str:
    """What tells a whole file of these very policies from any other."""
    return f"{digest()} {blake2b(body, digest_size=16).hexdigest()}"


def kept(name: str, work_out: Callable[[], Any]) -> Any:
    """The value of a name, worked out when no earlier process kept it. What JSON would change is never kept."""
    global _new
    with _lock:
        if name in _values:
            return _values[name]
    value = work_out()
    with _lock:
        if _folder is not None and name not in _values and _unchanged_by_json(value):
            _values[name] = value
            _new = True
    return value


def _unchanged_by_json(value: Any) -> bool:
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError):
        return False


def is_new() -> bool:
    """Whether something was worked out that is not in the folder yet."""
    with _lock:
        return _folder is not None and _new


def save() -> None:
    """Write what is new, whole or not at all. A folder that cannot be written to only costs the next start its time."""
    global _held, _new
    with _lock:
        if _folder is None or not _new:
            return
        if any(path.stat().st_mtime > _BEGAN for path in _files()):
            return  # edited since: what was worked out may come of the files before
        body = json.dumps(_values, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = _seal(body)
        part = _folder / f"{_FILE}.{os.getpid()}.part"
        try:
            _folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(sealed.encode() + b"\n" + body)
            part.replace(_folder / _FILE)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            log.warning("what the policies worked out was not kept: %s", type(error).__name__)
            return
        _held, _new = sealed, False


def seal() -> str:
    """What tells the content of the file that `keep_in` read or `save` wrote from any other; empty when there is none."""
    with _lock:
        return _held
