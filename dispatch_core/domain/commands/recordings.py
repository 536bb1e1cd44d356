"""Recordings: what the switch counted, what the files say, who listens, what is kept longer and what is removed."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.recorded import RecordedFile


class SoundCounted(Body, frozen=True, tag=True):
    """How much sound the recorded channel received and was sent, as the switch counted it at the channel's end."""

    call: str
    heard_ms: int
    played_ms: int


class RecordingSummed(Body, frozen=True, tag=True):
    """The files of a call that is over, read to the end."""

    call: str
    files: tuple[RecordedFile, ...]


class HearRecording(Body, frozen=True, tag=True):
    """Somebody is about to listen; ``last_s`` 0 = from the beginning. Sound is sent only after the commit."""

    call: str
    file: str
    incident: str = ""
    last_s: int = 0


class HoldRecording(Body, frozen=True, tag=True):
    """Keep the recordings of an incident, or of one call, until the hold is released. Exactly one is named."""

    reason: str
    incident: str = ""
    call: str = ""


class ReleaseHold(Body, frozen=True, tag=True):
    reason: str
    incident: str = ""
    call: str = ""


class RemoveRecording(Body, frozen=True, tag=True):
    """A recording is past its time: its file goes once this is committed."""

    call: str
    file: str
    incident: str = ""


class ExportEvidence(Body, frozen=True, tag=True):
    """Somebody takes the evidence of a number out; ``call`` is its newest call, which tells the number."""

    call: str
    calls: int
    sha256: str
