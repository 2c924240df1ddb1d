"""Where sealed files rest: a folder of this machine, or any address that fsspec knows (s3://…, gs://…, abfs://…). Sealed bytes only.

An upload is always sealed onto the local disk first; a remote store gets the finished files before the submission is acknowledged.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol, cast

from ui.records.errors import StoreProblem
from ui.records.keys import sync_folder

SUFFIX = ".onc"


_MARK = "ledger.id"


class FileStore(Protocol):
    """What the vault needs of a store. A reference is a folder; a file id names a sealed file in it. local: files rest where they are sealed.

    mark: which ledger the files belong to; None for a new store. Every method raises StoreProblem when the store cannot be reached.
    """

    local: bool

    def keep(self, reference: str, folder: Path, file_ids: list[str]) -> None: ...

    def open(self, reference: str, file_id: str) -> IO[bytes]: ...

    def remove(self, reference: str) -> None: ...

    def references(self) -> set[str]: ...

    def mark(self) -> str | None: ...

    def set_mark(self, mark: str) -> None: ...


class LocalFiles:
    """`files/<reference>/<id>.onc` in the records' folder."""

    local = True

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, reference: str, folder: Path, file_ids: list[str]) -> None:
        """Makes the finished files last; moves them when they were sealed in another folder."""
        home = self._root / reference
        home.mkdir(mode=0o700, exist_ok=True)
        if folder != home:
            for file_id in file_ids:
                (folder / f"{file_id}{SUFFIX}").rename(home / f"{file_id}{SUFFIX}")
        sync_folder(home)
        sync_folder(self._root)

    def open(self, reference: str, file_id: str) -> IO[bytes]:
        """A sealed file. Raises FileNotFoundError."""
        return (self._root / reference / f"{file_id}{SUFFIX}").open("rb")

    def remove(self, reference: str) -> None:
        """Removes a submission's files."""
        shutil.rmtree(self._root / reference, ignore_errors=True)
        sync_folder(self._root)

    def references(self) -> set[str]:
        """Whose files are there."""
        return {folder.name for folder in self._root.iterdir()}

    def mark(self) -> str | None:
        """Which ledger they belong to. Beside the files, as the folder holds submissions only."""
        path = self._root.parent / _MARK
        return path.read_text(encoding="ascii").strip() if path.exists() else None

    def set_mark(self, mark: str) -> None:
        """Says which ledger they belong to."""
        path = self._root.parent / _MARK
        path.touch(mode=0o600)
        path.write_text(f"{mark}\n", encoding="ascii")


class RemoteFiles:
    """The same layout below an fsspec address. What each file system raises in its own way comes out as StoreProblem."""

    local = False

    def __init__(self, address: str) -> None:
        """Raises StoreProblem for an address that no installed file system serves."""
        import fsspec

        self._name = address.split("://")[0]
        with self._told():
            self._system, root = fsspec.core.url_to_fs(address)
        self._root = str(root).rstrip("/")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:
            # Addresses and answers of a store can hold names and keys: the log gets the kind of fault alone.
            raise StoreProblem(f"the store of sealed files ({self._name}://…, ONCOLANTERN_RECORDS_STORE) cannot be used: {type(error).__name__}") from error

    def _path(self, *names: str) -> str:
        return "/".join((self._root, *names))

    def keep(self, reference: str, folder: Path, file_ids: list[str]) -> None:
        """Puts the finished files there. What got there of a put that failed is removed again."""
        try:
            with self._told():
                self._system.makedirs(self._path(reference), exist_ok=True)
                for file_id in file_ids:
                    self._system.put_file(str(folder / f"{file_id}{SUFFIX}"), self._path(reference, f"{file_id}{SUFFIX}"))
        except StoreProblem:
            for file_id in file_ids:
                with suppress(Exception):
                    self._system.rm_file(self._path(reference, f"{file_id}{SUFFIX}"))
            raise

    def open(self, reference: str, file_id: str) -> IO[bytes]:
        """A sealed file, read in blocks. Raises FileNotFoundError."""
        with self._told():
            return cast("IO[bytes]", self._system.open(self._path(reference, f"{file_id}{SUFFIX}"), "rb"))

    def remove(self, reference: str) -> None:
        """Removes a submission's files; one that was never there is fine."""
        with self._told(), suppress(FileNotFoundError):
            self._system.rm(self._path(reference), recursive=True)

    def references(self) -> set[str]:
        """Whose files are there."""
        self._system.invalidate_cache()
        try:
            with self._told():
                return {str(path).rstrip("/").rsplit("/", 1)[-1] for path in self._system.ls(self._root, detail=False)} - {_MARK}
        except FileNotFoundError:
            return set()

    def mark(self) -> str | None:
        """Which ledger they belong to."""
        try:
            with self._told():
                return bytes(self._system.cat_file(self._path(_MARK))).decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None

    def set_mark(self, mark: str) -> None:
        """Says which ledger they belong to."""
        with self._told():
            self._system.makedirs(self._root, exist_ok=True)
            self._system.pipe_file(self._path(_MARK), mark.encode())


def file_store(root: Path, address: str | None) -> FileStore:
    """The store of an installation: local without an address."""
    return RemoteFiles(address) if address else LocalFiles(root)
