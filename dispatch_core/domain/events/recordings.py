"""What happened to recordings. None of these names a caller: who called is found by the call."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.recorded import RecordedFile


class CallSounded(Happened, frozen=True, tag=True):
    call: str
    heard_ms: int
    played_ms: int


class RecordingKept(Happened, frozen=True, tag=True):
    call: str
    incident: str
    files: tuple[RecordedFile, ...]


class RecordingFaulty(Happened, frozen=True, tag=True):
    call: str
    incident: str
    files: tuple[RecordedFile, ...]
    faults: tuple[str, ...]


class RecordingHeard(Happened, frozen=True, tag=True):
    """The audit of listening: who is ``by`` of the record."""

    call: str
    incident: str
    file: str
    last_s: int


class HoldPlaced(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    call: str
    reason: str = ""


class HoldReleased(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    call: str
    reason: str = ""


class RecordingRemoved(Happened, frozen=True, tag=True):
    """An intent: the file is deleted only after this is committed."""

    call: str
    incident: str
    file: str


class EvidenceExported(Happened, frozen=True, tag=True):
    call: str
    calls: int
    sha256: str
