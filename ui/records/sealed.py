"""A file on disk that only its key can read: AES-256-GCM in chunks, written as bytes arrive, read from any place.

Each file has its own key, derived from the submission's key and the file's id. A chunk is bound to the id, its index and
whether it is the last, so that cutting off, reordering, repeating and swapping files are all noticed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ui.records.errors import Tampered
from ui.records.keys import derive

MAGIC = b"ONCOREC1"
CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG


class _Cipher:
    def __init__(self, key: bytes, file_id: str) -> None:
        self._id = file_id.encode()
        self._gcm = AESGCM(derive(key, "file", salt=self._id))

    def _bound(self, index: int, last: bool) -> tuple[bytes, bytes]:
        # The key serves this file only, so a counter never repeats as a nonce.
        return index.to_bytes(12, "big"), MAGIC + self._id + index.to_bytes(8, "big") + (b"\x01" if last else b"\x00")

    def seal(self, plain: bytes, index: int, last: bool) -> bytes:
        nonce, bound = self._bound(index, last)
        return self._gcm.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, index: int, last: bool) -> bytes:
        nonce, bound = self._bound(index, last)
        try:
            return self._gcm.decrypt(nonce, sealed, bound)
        except (InvalidTag, ValueError) as error:
            raise Tampered(f"chunk {index} of a sealed file does not open: cut off, moved, damaged, or another key") from error


class SealedWriter:
    """Writes one sealed file. Plain bytes never leave memory, and never more than one chunk of them is held."""

    def __init__(self, path: Path, key: bytes, file_id: str) -> None:
        self._cipher = _Cipher(key, file_id)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb", buffering=0)
        self._held = bytearray()
        self._index = 0
        self.path, self.size = path, 0
        self._put(MAGIC)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def write(self, data: bytes) -> None:
        """Take more plain bytes. Raises OSError (a full disk)."""
        self.size += len(data)
        self._held += data
        # A full chunk waits for the next byte: only then it is known not to be the last.
        while len(self._held) > CHUNK:
            self._put(self._cipher.seal(bytes(self._held[:CHUNK]), self._index, last=False))
            del self._held[:CHUNK]
            self._index += 1

    def finish(self) -> None:
        """Seal the last chunk and wait until the disk has everything."""
        self._put(self._cipher.seal(bytes(self._held), self._index, last=True))
        self._held.clear()
        os.fsync(self._file.fileno())
        self._file.close()

    def abort(self) -> None:
        """Let go of the file; the vault removes it."""
        self._held.clear()
        self._file.close()


class SealedPieces:
    """Writes one sealed file piece by piece, over many requests and past a restart: what is acknowledged is a whole number of chunks.

    `size` is what the whole file will have, so that the last chunk is known as the last. Raises OSError (a full disk).
    """

    def __init__(self, path: Path, key: bytes, file_id: str, size: int) -> None:
        self._cipher, self._path, self._size = _Cipher(key, file_id), path, size
        self._chunks = max(1, -(-size // CHUNK))

    @property
    def offset(self) -> int:
        """How many plain bytes are there for good. A chunk that a power cut left torn does not count."""
        try:
            with self._path.open("rb") as file:
                whole = self._whole(file.seek(0, io.SEEK_END))
                if whole == 0:
                    return 0
                file.seek(len(MAGIC) + (whole - 1) * SEALED_CHUNK)
                try:
                    self._cipher.open(file.read(SEALED_CHUNK), whole - 1, last=whole == self._chunks)
                except Tampered:
                    whole -= 1
        except FileNotFoundError:
            return 0
        return min(whole * CHUNK, self._size)

    def _whole(self, length: int) -> int:
        """Whole chunks in a file of so many bytes; the last one may be shorter than the others."""
        body = length - len(MAGIC)
        last = self._size - (self._chunks - 1) * CHUNK + TAG
        if body == (self._chunks - 1) * SEALED_CHUNK + last:
            return self._chunks
        return max(0, min(body // SEALED_CHUNK, self._chunks - 1))

    def write(self, offset: int, data: bytes) -> int:
        """Takes a piece that begins at the acknowledged offset; gives the new one, when it is on the disk.

        Raises ValueError for a piece that begins elsewhere, ends inside a chunk, or goes past the end.
        """
        start = self.offset
        if offset != start or offset + len(data) > self._size or (len(data) % CHUNK and offset + len(data) != self._size):
            raise ValueError("a piece begins at the acknowledged offset and holds whole chunks, but for the last")
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb", buffering=0) as file:
            index = start // CHUNK
            if start == 0:
                file.write(MAGIC)
            file.truncate(len(MAGIC) + index * SEALED_CHUNK)
            file.seek(0, io.SEEK_END)
            for at in range(0, len(data), CHUNK):
                view = memoryview(self._cipher.seal(data[at : at + CHUNK], index, last=index == self._chunks - 1))
                while view:
                    view = view[file.write(view) :]
                index += 1
            os.fsync(file.fileno())
        return offset + len(data)


class SealedReader(io.RawIOBase):
    """Reads a sealed file as if it were plain, seekable. Opening it already proves that its end is there.

    Raises Tampered on opening and on reading.
    """

    def __init__(self, file: IO[bytes], key: bytes, file_id: str) -> None:
        super().__init__()
        self._cipher = _Cipher(key, file_id)
        self._file = file
        body = file.seek(0, io.SEEK_END) - len(MAGIC)
        file.seek(0)
        if file.read(len(MAGIC)) != MAGIC or body < TAG:
            file.close()
            raise Tampered(f"{file_id} is not a sealed file of ours, or is cut off")
        self._chunks = -(-body // SEALED_CHUNK)
        self.size = body - TAG * self._chunks
        self._at, self._loaded, self._plain = 0, -1, b""
        try:
            self._load(self._chunks - 1)
        except Tampered:
            self._file.close()
            raise

    def _load(self, index: int) -> None:
        if index != self._loaded:
            self._file.seek(len(MAGIC) + index * SEALED_CHUNK)
            self._plain = self._cipher.open(self._file.read(SEALED_CHUNK), index, last=index == self._chunks - 1)
            self._loaded = index

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError("cannot seek before the start")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self._at >= self.size or not len(view):
            return 0
        index, place = divmod(self._at, CHUNK)
        self._load(index)
        part = self._plain[place : place + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_sealed(file: IO[bytes], key: bytes, file_id: str) -> io.BufferedReader:
    """A SealedReader whose `read(n)` gives n bytes, as zipfile and everybody else expects; it closes `file`. Raises Tampered."""
    return io.BufferedReader(SealedReader(file, key, file_id), buffer_size=CHUNK)
