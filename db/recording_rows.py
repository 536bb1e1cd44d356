"""The rows of recordings and holds that a batch makes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from db.event_rows import encode_json
from dispatch_core.domain.events import (
    HoldPlaced,
    HoldReleased,
    Recorded,
    RecordingFaulty,
    RecordingKept,
    RecordingRemoved,
    RecordingStarted,
)
from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.recorded import RecordedFile
from dispatch_core.domain.state import State

Row = dict[str, Any]
FILE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class RecordingRows:
    """To insert where new (begun), upsert (summed, held), update (removed), delete (released)."""

    begun: list[Row] = field(default_factory=list)
    summed: list[Row] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    released: list[Row] = field(default_factory=list)


def recording_rows(story: Sequence[Recorded], after: State) -> RecordingRows:
    rows = RecordingRows()
    summed: dict[tuple[str, str], Row] = {}
    holds: dict[str, Row | None] = {}  # what each is at the end of the batch
    for recorded in story:
        match recorded.event:
            case RecordingStarted(call=call, file=file):
                rows.begun.append(_row(call, RecordedFile(file=file), "running", recorded.at, after))
            case RecordingKept(call=call, files=files):
                summed |= {(call, _name(it.file)): _summed(call, it, (), recorded.at, after) for it in files}
            case RecordingFaulty(call=call, files=files, faults=faults):
                for it in files or (RecordedFile(file="", found=False),):
                    summed[call, _name(it.file)] = _summed(call, it, faults, recorded.at, after)
            case RecordingRemoved(call=call, file=file):
                rows.removed.append({"of_call": call, "of_file": _name(file), "at": recorded.at})
            case HoldPlaced(incident=incident, call=call, reason=reason):
                holds[incident or call] = {
                    "about": incident or call, "incident": incident, "call": call, "held_at": recorded.at,
                    "held_by": recorded.by, "reason": reason,
                }  # fmt: skip
            case HoldReleased(incident=incident, call=call):
                holds[incident or call] = None
            case _:
                pass
    rows.summed.extend(summed.values())
    rows.held.extend(row for row in holds.values() if row is not None)
    rows.released.extend({"of": about} for about, row in holds.items() if row is None)
    return rows


def _summed(call: str, file: RecordedFile, faults: tuple[str, ...], at: int, after: State) -> Row:
    return {
        **_row(call, file, "faulty" if faults else "kept", at, after),
        "faults": list(faults),
        "checked_at": at,
    }


def _row(call: str, file: RecordedFile, state: str, at: int, after: State) -> Row:
    known = after.calls.get(call)
    return {
        "call": call, "file": _name(file.file), "node": known.node if known is not None else call.rpartition("-")[0],
        "state": state, "began_at": at, "bytes": file.bytes, "ms": file.ms, "sha256": file.sha256,
        "silences": encode_json(file.silences), "faults": [], "checked_at": None, "removed_at": None,
    }  # fmt: skip


def _name(file: str) -> str:
    """The file's own name: in which folder a node keeps it is a matter of the settings."""
    return one_line(file.rpartition("/")[2], FILE_LIMIT)
