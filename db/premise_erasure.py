"""Erasing what was written about a place, for good: every version of a note, and where incidents were told of it.

Guards: the note has been removed at a console, so that no core knows it any more; no incident in the live state shows
it; nothing that is held is touched. What an incident was told of places is one field: the other notes in it go too.
The place itself (kind, coordinates, radius) stays, as it says nothing of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Text, cast, delete, func, select, update

from db.erasure import erasing, forget_fields, forget_refusals, texts
from db.errors import ErasureRefused
from db.event_rows import encode_json
from db.tables import calls, journal, journal_personal, premise_notes, recording_holds, snapshots
from dispatch_core.domain.vocabulary import Instant


@dataclass(frozen=True, slots=True)
class PremiseErased:
    """How many events lost personal fields, how many versions of the note were emptied, which incidents had been told
    of it."""

    events: int
    versions: int
    incidents: tuple[str, ...]


def erase_premise(dsn: str, *, premise: str, at: Instant, by: str, reason: str) -> PremiseErased:
    """Doing it twice changes nothing. Raises ErasureRefused (reason_missing, unknown_premise, still_live,
    recording_held) and DatabaseError."""
    with erasing(dsn, by, reason) as connection:
        _require_removed(connection, premise)
        told = _told(connection, premise)
        incidents = tuple(sorted({row.incident for row in told}))
        shown = [_shown(connection, premise, incident, told) for incident in incidents]
        _require_no_hold(connection, incidents)
        written = [row for row in _fields_of(connection, "PremiseWritten") if _names(row, premise)]
        traces = {text for row in written for text in texts(msgspec.json.decode(row.fields))}
        seqs = sorted(row.seq for row in (*written, *told))
        forget_fields(connection, seqs, at=at, by=by, reason=reason)
        versions = connection.execute(
            update(premise_notes)
            .where(premise_notes.c.premise == premise, (premise_notes.c.label != "") | (premise_notes.c.text != ""))
            .values(label="", text="", removed=True)  # so that an undo brings nothing back
        ).rowcount
        forget_refusals(connection, [], traces)
        _forget_snapshots(connection, shown)
        return PremiseErased(len(seqs), versions, incidents)


def _require_removed(connection: Connection, premise: str) -> None:
    newest = (
        select(premise_notes.c.removed)
        .where(premise_notes.c.premise == premise)
        .order_by(premise_notes.c.seq.desc())
        .limit(1)
    )
    removed = connection.execute(newest).scalar()
    if removed is None:
        raise ErasureRefused(
            "unknown_premise",
            f"Không có ghi chú địa điểm nào do người trực ghi mang số “{premise}”.",
            f"No note about a place that was written by hand has the number “{premise}”.",
        )
    if not removed:
        raise ErasureRefused(
            "still_live",
            f"Ghi chú {premise} còn đang dùng; bỏ ghi chú ở màn hình trực trước, rồi xoá.",
            f"The note {premise} is in force; remove it at a console first, then erase.",
        )


def _fields_of(connection: Connection, kind: str, holding: str = "") -> list[Any]:
    """Events of a kind that still have their personal fields, and name ``holding`` there."""
    wanted = (
        select(journal.c.seq, journal.c.incident, journal.c.payload, journal_personal.c.fields)
        .select_from(journal_personal.join(journal, journal.c.seq == journal_personal.c.seq))
        .where(journal.c.type == kind, cast(journal_personal.c.fields, Text).contains(holding, autoescape=True))
        .order_by(journal.c.seq)
    )
    return list(connection.execute(wanted))


def _names(row: Any, premise: str) -> bool:
    return bool(msgspec.json.decode(row.payload)["premise"] == premise)


def _told(connection: Connection, premise: str) -> list[Any]:
    """Where incidents were told of it."""
    return [
        row
        for row in _fields_of(connection, "PremisesFound", f'"id":{encode_json(premise)}')
        if premise in _notes_in(msgspec.json.decode(row.fields))
    ]


def _notes_in(fields: dict[str, Any]) -> set[str]:
    found = fields.get("found") or {}
    return {note["id"] for note in (*found.get("notes", ()), *found.get("hydrants", ()))}


def _shown(connection: Connection, premise: str, incident: str, told: list[Any]) -> range:
    """The events after which the live state showed the note with the incident. Raises ErasureRefused."""
    tellings = [row.seq for row in told if row.incident == incident]
    last = max(tellings)
    gone = connection.execute(
        select(func.min(journal.c.seq)).where(
            journal.c.incident == incident, journal.c.seq > last,
            journal.c.type.in_(("PremisesFound", "IncidentLocated", "IncidentArchived")),
        )
    ).scalar()  # fmt: skip
    if gone is None:
        raise ErasureRefused(
            "still_live",
            f"Vụ {incident} còn trong hệ thống đang chạy và có hiện ghi chú {premise}; chờ lưu trữ xong rồi xoá.",
            f"{incident} is still in the live system and shows the note {premise}; wait until it is archived.",
        )
    return range(min(tellings), int(gone))


def _forget_snapshots(connection: Connection, shown: list[range]) -> None:
    """Those that hold the note, and no other: the next start begins at the newest that is left."""
    kept = connection.execute(select(snapshots.c.seq)).scalars()
    holding = sorted({seq for seq in kept if any(seq in those for those in shown)})
    connection.execute(delete(snapshots).where(snapshots.c.seq == func.any(holding)))


def _require_no_hold(connection: Connection, incidents: tuple[str, ...]) -> None:
    """What an incident on hold was told is evidence too. Raises ErasureRefused."""
    mine = select(calls.c.id).where(calls.c.incident == func.any(list(incidents)))
    of_it = (recording_holds.c.incident == func.any(list(incidents))) | recording_holds.c.call.in_(mine)
    wanted = select(recording_holds.c.about).where(of_it)
    held = connection.execute(wanted).scalar()
    if held is not None:
        raise ErasureRefused(
            "recording_held",
            f"“{held}” đang được giữ và có ghi chú này; trưởng ca thôi giữ rồi mới xoá được.",
            f"“{held}” is on hold and was told of the note; it can be erased only after a supervisor releases it.",
        )
