"""Tells the care team that something came in: a signed webhook, an e-mail, or both. Counts only, nothing of what was sent.

A thread of the server takes messages out of the outbox and sends them, so that no upload waits for it; what fails is tried again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from bot.settings import Settings
from ui.records import outbox
from ui.records.outbox import Message
from ui.records.vault import Vault
from ui.records.words import size_words

log = logging.getLogger("oncolantern.records")
_SECONDS = 20.0
_LOOK_SECONDS = 5.0
_EVENTS = {"arrived": "records.arrived", "added": "records.added", "test": "records.test"}
_LINES = {
    "arrived": "Somebody sent records.", "added": "Somebody added files to records that they sent before.", "test": "This is a test: nothing has come in.",
}  # fmt: skip


class NotTaken(Exception):
    """The other side did not take a message. The text is for the log, without addresses that could hold a secret."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """What the receiver computes too: `sha256=` and the HMAC-SHA256, in hex, of `<timestamp>.<body>`."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send_webhook(settings: Settings, message: Message) -> None:
    """Posts the message; anything but a 2xx is a failure. Raises NotTaken."""
    import httpx

    assert settings.records_webhook and settings.records_webhook_secret
    facts = {
        "id": message.id, "event": _EVENTS[message.what], "reference": message.shown, "received": message.at, "files": message.files, "bytes": message.bytes,
    }  # fmt: skip
    body, moment = json.dumps(facts).encode(), int(time.time())
    headers = {
        "Content-Type": "application/json", "User-Agent": "Oncolantern", "Oncolantern-Delivery": message.id, "Oncolantern-Timestamp": str(moment),
        "Oncolantern-Signature": signature(settings.records_webhook_secret.get_secret_value(), moment, body),
    }  # fmt: skip
    try:
        # Never along a redirect: the signature is for the address that was set.
        answer = httpx.post(settings.records_webhook, content=body, headers=headers, timeout=_SECONDS, follow_redirects=False)
    except httpx.HTTPError as error:
        raise NotTaken(f"{urlsplit(settings.records_webhook).hostname} could not be reached ({type(error).__name__})") from error
    if not answer.is_success:
        raise NotTaken(f"{urlsplit(settings.records_webhook).hostname} answered {answer.status_code}")


def send_mail(settings: Settings, message: Message) -> None:
    """Hands a short mail to the SMTP server. Raises NotTaken."""
    assert settings.records_smtp_host and settings.records_mail_from
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.records_mail_from, ", ".join(settings.records_mail_to)
    mail["Subject"] = f"{settings.site_name}: test" if message.what == "test" else f"{settings.site_name}: records {message.shown}"
    mail["Date"] = format_datetime(datetime.fromisoformat(message.at))
    # The same each time it is tried, so that a mail that came twice is shown once.
    mail["Message-ID"] = f"<{message.id}@{settings.records_mail_from.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_mail_text(settings, message))
    port = settings.records_smtp_port or {"starttls": 587, "tls": 465, "none": 25}[settings.records_smtp_security]
    try:
        with _connected(settings, settings.records_smtp_host, port) as server:
            if settings.records_smtp_user:
                password = settings.records_smtp_password
                server.login(settings.records_smtp_user, password.get_secret_value() if password else "")
            refused = server.send_message(mail)
    except (smtplib.SMTPException, OSError) as error:
        code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
        raise NotTaken(f"{settings.records_smtp_host} did not take the mail ({type(error).__name__}{code})") from error
    if refused:
        # Some got it: sending it to all of them again would not reach the others either.
        log.warning("%s took the mail for %s, but not for %d of the addresses", settings.records_smtp_host, message.shown, len(refused))


def _connected(settings: Settings, host: str, port: int) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if settings.records_smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=safe)
    server = smtplib.SMTP(host, port, timeout=_SECONDS)
    if settings.records_smtp_security == "starttls":
        try:
            server.starttls(context=safe)
        except BaseException:
            server.close()
            raise
    return server


def _mail_text(settings: Settings, message: Message) -> str:
    lines = [_LINES[message.what], ""]
    if message.what != "test":
        lines += [f"Reference: {message.shown}", f"When: {message.at[:16].replace('T', ' ')} UTC", f"Files: {message.files} ({size_words(message.bytes)})", ""]
    if settings.public_url:
        lines += [f"The queue: {settings.public_url.rstrip('/')}/team", ""]
    return "\n".join([*lines, "This mail holds nothing of what was sent. Please do not answer it.", ""])


Send = Callable[[Settings, Message], None]


def channels(settings: Settings) -> dict[str, Send]:
    """The ways that are set to tell the team."""
    found: dict[str, Send] = {}
    if settings.records_webhook:
        found["webhook"] = send_webhook
    if settings.records_mail_to:
        found["mail"] = send_mail
    return found


class Courier:
    """Carries messages out of the outbox of a vault, in a thread of its own."""

    def __init__(self, settings: Settings, vault_now: Callable[[], Vault | None]) -> None:
        self._settings, self._vault_now, self._channels = settings, vault_now, channels(settings)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="records-courier", daemon=True)

    def start(self) -> None:
        """Begins, when there is a way to tell anybody."""
        if self._channels:
            self._thread.start()

    def stop(self) -> None:
        """Ends after the message that is on its way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def round(self) -> int:
        """Sends what is due now; gives how many were taken."""
        vault = self._vault_now()
        if vault is None:
            return 0
        taken = 0
        while not self._stopped.is_set() and (message := outbox.claim(vault.ledger, list(self._channels))):
            taken += self._send(vault, message)
        return taken

    def _send(self, vault: Vault, message: Message) -> bool:
        try:
            self._channels[message.channel](self._settings, message)
        except Exception as error:
            again = outbox.failed(vault.ledger, message)
            why = error if isinstance(error, NotTaken) else type(error).__name__
            if again is None:
                log.error("the team was not told of %s by %s, and it is not tried any more: %s", message.shown, message.channel, why)
            else:
                log.warning("the team was not told of %s by %s yet (next try %s): %s", message.shown, message.channel, f"{again:%H:%M:%S} UTC", why)
            return False
        outbox.delivered(vault.ledger, message)
        return True

    def _work(self) -> None:
        trouble = ""
        while not self._stopped.wait(_LOOK_SECONDS):
            try:
                self.round()
                trouble = ""
            except Exception as error:
                # A database that is away for an hour is said once, not seven hundred times.
                if type(error).__name__ != trouble:
                    log.exception("the outbox could not be read")
                trouble = type(error).__name__
