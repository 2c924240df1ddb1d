"""The master key, and what is derived from it: wrapping of submission keys, PIN checks, the mark that tells a wrong key.

It comes from ONCOLANTERN_RECORDS_KEY (base64 of 32 bytes; not among the settings, so that it is never printed with
them) or from a file of mode 0600 that the first start makes in the data folder.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ui.records.errors import KeyProblem, Tampered

KEY_VARIABLE = "ONCOLANTERN_RECORDS_KEY"
KEY_FILE = "master.key"
KEY_BYTES = 32
_NONCE_BYTES = 12


def derive(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt or None, info=f"oncolantern records {purpose}".encode()).derive(key)


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """AES-256-GCM under a random nonce, bound to a name (a reference), so that it opens nowhere else."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The reverse of `seal`. Raises Tampered."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"sealed data of {bound_to} does not open") from error


@dataclass(frozen=True)
class MasterKey:
    """The one key that opens everything here."""

    secret: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells this key from another one, and nothing else about it."""
        return hmac.new(derive(self.secret, "mark"), b"mark", hashlib.sha256).hexdigest()[:32]

    def wrap(self, key: bytes, reference: str) -> bytes:
        return seal(derive(self.secret, "wrap"), key, reference)

    def unwrap(self, wrapped: bytes, reference: str) -> bytes:
        return unseal(derive(self.secret, "wrap"), wrapped, reference)


@dataclass(frozen=True)
class PinKey:
    """Checks PINs: keyed, so that a stolen database alone gives no PIN away, short as PINs are."""

    secret: bytes = field(repr=False)

    def check(self, reference: str, pin: str) -> str:
        """What is kept instead of a PIN: 64 hex digits."""
        return hmac.new(derive(self.secret, "pin"), f"{reference}:{pin}".encode(), hashlib.sha256).hexdigest()

    def pin_for(self, reference: str, token: str, digits: int) -> str:
        """The PIN of an upload in pieces: the same each time its token asks, so that a receipt lost on the line can be asked for again."""
        drawn = hmac.new(derive(self.secret, "new pin"), f"{reference}:{token}".encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(drawn, 'big') % 10**digits:0{digits}d}"


def load_key(folder: Path, environ: dict[str, str] | None = None) -> MasterKey:
    """The master key of this installation; makes the file on first use. Raises KeyProblem."""
    given = (os.environ if environ is None else environ).get(KEY_VARIABLE, "").strip()
    if given:
        return MasterKey(decode_key(given, KEY_VARIABLE))
    path = folder / KEY_FILE
    if not path.exists():
        make_key_file(path, secrets.token_bytes(KEY_BYTES))
    return read_key_file(path)


def read_key_file(path: Path) -> MasterKey:
    """The key in a file. Raises KeyProblem, FileNotFoundError."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyProblem(f"{path} can be read by other users of this machine: chmod 600 it")
    return MasterKey(decode_key(path.read_text(encoding="ascii", errors="replace").strip(), str(path)))


def decode_key(text: str, where: str) -> bytes:
    """32 bytes out of base64. Raises KeyProblem."""
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyProblem(f"{where} is not base64") from error
    if len(secret) != KEY_BYTES:
        raise KeyProblem(f"{where} holds {len(secret)} bytes instead of {KEY_BYTES}")
    return secret


def make_key_file(path: Path, secret: bytes) -> None:
    """Write a key so that of two processes starting together one wins whole and both read the same. A file that is there stays."""
    temporary = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secret) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
