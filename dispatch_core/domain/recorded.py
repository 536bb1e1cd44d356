"""What a recording's files say, and whether they tell the whole call."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Direction

SHORT_MS = 3_000
"""A recording may be this much shorter than the sound that passed: its first and last moments are never exact."""

RECORDED_FROM_MS = 3_000
"""A caller who was there this long, or with whom anybody talked, must have been recorded."""

FILES_MOST = 20
"""Files of one call that are summed up; more of them are an error of the switch."""

SILENCES_MOST = 50


class RecordedFile(Struct, frozen=True, kw_only=True):
    """One file as it was found once its call was over. ``bytes`` and ``sha256`` are of the whole file, ``ms`` of its
    sound; ``silences``: (from, length) in milliseconds, where no side sent anything at all."""

    file: str
    found: bool = True
    readable: bool = True
    final: bool = True  # its header tells its true length: whoever wrote it closed it
    bytes: int = 0
    ms: int = 0
    sha256: str = ""
    silences: tuple[tuple[int, int], ...] = ()


def must_be_recorded(call: Call) -> bool:
    if call.direction is Direction.TEST:
        return False
    there = call.ended_at - call.arrived_at
    return bool(call.talks) or (call.direction is Direction.INCOMING and there >= RECORDED_FROM_MS)


def faults_of(call: Call, files: tuple[RecordedFile, ...]) -> tuple[str, ...]:
    """What is wrong with the recording of a call that is over: missing, unreadable, unfinished, short.

    Its length is held against the sound that the switch itself counted on the recorded channel, never against the
    clock: a phone that sends nothing while it waits leaves nothing to record.
    """
    faults = []
    if any(not file.found for file in files) or (not files and must_be_recorded(call)):
        faults.append("missing")
    if any(file.found and not file.readable for file in files):
        faults.append("unreadable")
    if any(file.readable and not file.final for file in files):
        faults.append("unfinished")
    passed = max(call.heard_ms, call.played_ms)
    if not faults and sum(file.ms for file in files) + SHORT_MS < passed:
        faults.append("short")
    return tuple(faults)


def held(state: State, call: str, incident: str) -> str:
    """The call or incident whose hold keeps this recording, "" where none does."""
    return next((about for about in (call, incident) if about and about in state.holds), "")
