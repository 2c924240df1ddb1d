"""How much the upload takes, how often, and for how long it keeps it. Tests hand in smaller ones."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes, counts and seconds. A chest CT as a DICOM zip is some 100 to 300 MB; a phone photo 3 to 8 MB."""

    files: int = 30
    file_bytes: int = 500 * MB
    total_bytes: int = 1000 * MB
    # What the form's fields and part headers may add to the files.
    overhead_bytes: int = 1 * MB
    contact_chars: int = 200
    note_chars: int = 2_000
    question_chars: int = 2_000
    # Room that must stay free on the disk, for the database and everybody else.
    spare_disk_bytes: int = 200 * MB
    # A phone on a weak line may pause; a client that only holds the line may not.
    idle_seconds: float = 60.0
    upload_seconds: float = 3 * 3600.0
    uploads_at_once: int = 8
    uploads_per_hour: int = 12
    # Per address, and per reference: a PIN has a million values.
    pin_tries_per_quarter: int = 10
    pin_failures: int = 5
    # The first lock; each further one is twice as long, up to the longest. The right PIN, once it may be tried again, ends that.
    pin_lock_seconds: int = 15 * 60
    pin_lock_most_seconds: int = 24 * 3600
    keep_days: int = 90
    # How long an upload that was cut off can be taken up again.
    draft_hours: int = 24

    # How often a desk that could not open (the database was not up yet) tries again.
    reopen_seconds: float = 15.0

    @property
    def body_bytes(self) -> int:
        """The largest request."""
        return self.total_bytes + self.overhead_bytes
