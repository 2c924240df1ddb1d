"""Where sealed files rest: a folder of this machine, or any address that fsspec knows (s3://…, gs://…, abfs://…). Sealed bytes only.

An upload is always sealed onto the local disk first; a remote store gets the finished files before the submission is acknowledged.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Protocol, cast

from ui.records.errors import RecordsError
from ui.records.keys import sync_folder

SUFFIX = ".onc"


class FileStore(Protocol):
    """What the vault needs of a store. A reference is a folder; a file id names a sealed file in it. local: files rest where they are sealed."""

    local: bool

    def keep(self, reference: str, folder: Path, file_ids: list[str]) -> None: ...

    def open(self, reference: str, file_id: str) -> IO[bytes]: ...

    def remove(self, reference: str) -> None: ...


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


class RemoteFiles:
    """The same layout below an fsspec address."""

    local = False

    def __init__(self, address: str) -> None:
        """Raises RecordsError for an address that no installed file system serves."""
        import fsspec

        try:
            self._system, root = fsspec.core.url_to_fs(address)
        except (ValueError, ImportError) as error:
            raise RecordsError(f"ONCOLANTERN_RECORDS_STORE={address.split('://')[0]}://… cannot be used: {error}") from error
        self._root = str(root).rstrip("/")

    def keep(self, reference: str, folder: Path, file_ids: list[str]) -> None:
        """Puts the finished files there, then forgets the local ones. Raises OSError."""
        self._system.makedirs(f"{self._root}/{reference}", exist_ok=True)
        for file_id in file_ids:
            self._system.put_file(str(folder / f"{file_id}{SUFFIX}"), f"{self._root}/{reference}/{file_id}{SUFFIX}")

    def open(self, reference: str, file_id: str) -> IO[bytes]:
        """A sealed file, read in blocks. Raises FileNotFoundError, OSError."""
        return cast("IO[bytes]", self._system.open(f"{self._root}/{reference}/{file_id}{SUFFIX}", "rb"))

    def remove(self, reference: str) -> None:
        """Removes a submission's files; one that was never there is fine."""
        path = f"{self._root}/{reference}"
        if self._system.exists(path):
            self._system.rm(path, recursive=True)


def file_store(root: Path, address: str | None) -> FileStore:
    """The store of an installation: local without an address."""
    return RemoteFiles(address) if address else LocalFiles(root)
