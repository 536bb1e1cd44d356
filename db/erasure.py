"""Erasing what is personal about an incident or a call, for good, with the chain still intact.

Guards: only what has left the live state is erased (a running core, Redis and every console still hold the rest and
would bring it back); who erased, when and why is kept; afterwards no table holds the words: not the personal fields
and their salts, not the queryable rows, not the refusals, not a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, func, insert, or_, select, update

from db.engine import engine, questions
from db.errors import ErasureRefused
from db.event_rows import encode_json
from db.schema import require
from db.tables import (
    calls,
    commands,
    erasures,
    incidents,
    journal,
    journal_personal,
    missed,
    recording_holds,
    snapshots,
)
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.settings import LOAD_DEADLINE_S

NOWHERE: dict[str, None] = {
    "location_label": None, "location_source": None, "lat": None, "lon": None, "uncertainty_m": None,
}  # fmt: skip

SHORTEST_TRACE = 5
"""Letters from which on a value is searched for in refusals: shorter ones are in half of them by chance."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many events lost personal fields, of which calls."""

    events: int
    calls: tuple[str, ...]


def erase(dsn: str, *, at: Instant, by: str, reason: str, incident: str = "", call: str = "") -> Erased:
    """Erase an incident with all its calls, or one call alone. Doing it twice changes nothing.

    Raises ErasureRefused (say_one, reason_missing, unknown_incident, unknown_call, still_live, recording_held) and
    DatabaseError.
    """
    if bool(incident) == bool(call):
        raise ErasureRefused("say_one", "Nêu đúng một: vụ việc hoặc cuộc gọi.", "Name exactly one: incident or call.")
    with erasing(dsn, by, reason) as connection:
        archive = _archive_of(connection, incident, call)
        gone_at = max(archive.seq, _gone_with(connection, incident))
        mine = tuple(msgspec.json.decode(archive.payload)["calls"]) if incident else (call,)
        _require_no_hold(connection, incident, mine)
        _require_not_missed(connection, mine)
        handed, ended_at = _handed_over(connection, incident) if incident else ([], 0)
        gone_at = max(gone_at, ended_at)
        rows = connection.execute(_personal_rows(incident, mine, [*_early(connection, mine), *handed])).all()
        traces = {text for row in rows for text in texts(msgspec.json.decode(row.fields))}
        seqs = [row.seq for row in rows]
        forget_fields(connection, seqs, at=at, by=by, reason=reason)
        _empty_rows(connection, incident, mine)
        _empty_refusals(connection, incident, mine, traces)
        connection.execute(delete(snapshots).where(snapshots.c.seq < gone_at))
        return Erased(len(seqs), mine)


@contextmanager
def erasing(dsn: str, by: str, reason: str) -> Iterator[Connection]:
    """The transaction of an erasure. Raises ErasureRefused (reason_missing) and DatabaseError."""
    if not by.strip() or not reason.strip():
        raise ErasureRefused("reason_missing", "Phải ghi ai xoá và lý do.", "Say who erases, and why.")
    long_ms = int(LOAD_DEADLINE_S * 1000)
    with questions(engine(dsn, "dispatch erasure", statement_timeout_ms=long_ms)) as connection:
        require(connection)
        yield connection


def forget_fields(connection: Connection, seqs: list[int], *, at: Instant, by: str, reason: str) -> None:
    """The personal fields of these events and their salts go; that they went is kept."""
    if seqs:
        connection.execute(
            insert(erasures),
            [{"seq": seq, "erased_at": at, "erased_by": by, "reason": reason} for seq in seqs],
        )
        connection.execute(delete(journal_personal).where(journal_personal.c.seq == func.any(seqs)))


def _require_no_hold(connection: Connection, incident: str, mine: tuple[str, ...]) -> None:
    """What is held may be needed in court, and its reason is in the live state. Raises ErasureRefused."""
    about = [*mine, incident] if incident else list(mine)
    wanted = select(recording_holds.c.about).where(recording_holds.c.about == func.any(about))
    held = connection.execute(wanted).scalar()
    if held is not None:
        raise ErasureRefused(
            "recording_held",
            f"“{held}” đang được giữ; trưởng ca thôi giữ rồi mới xoá được.",
            f"“{held}” is on hold; it can be erased only after a supervisor releases it.",
        )


def _require_not_missed(connection: Connection, mine: tuple[str, ...]) -> None:
    """A missed call's number is in the live state until somebody took care of it. Raises ErasureRefused."""
    waiting = select(missed.c.id).where(missed.c.ended == "", missed.c.call_ids.overlap(list(mine)))
    if connection.execute(waiting).first() is not None:
        raise ErasureRefused(
            "still_live",
            "Cuộc gọi còn trong danh sách nhỡ; gọi lại hoặc xoá khỏi danh sách trước.",
            "The call is still on the list of missed calls; call back or take it off the list first.",
        )


def _archive_of(connection: Connection, incident: str, call: str) -> Any:
    """The event with which it left the live state. Raises ErasureRefused."""
    known = journal.c.incident == incident if incident else journal.c.call == call
    if connection.execute(select(journal.c.seq).where(known).limit(1)).first() is None:
        what = incident or call
        raise ErasureRefused(
            "unknown_incident" if incident else "unknown_call",
            f"Nhật ký không có “{what}”.",
            f"The journal has no “{what}”.",
        )
    if call:
        incident = connection.execute(select(calls.c.incident).where(calls.c.id == call)).scalar() or ""
    left = (
        journal.c.incident == incident
        if incident
        else and_(journal.c.incident.is_(None), cast(journal.c.payload, Text).contains(encode_json(call)))
    )
    archived = _archived(connection, left)
    if archived is None:
        raise ErasureRefused(
            "still_live",
            f"“{incident or call}” còn trong hệ thống đang chạy; đóng vụ việc, chờ lưu trữ rồi xoá.",
            f"“{incident or call}” is still in the live system; close it, wait until it is archived, then erase.",
        )
    return archived


def _archived(connection: Connection, left: ColumnElement[bool]) -> Any:
    wanted = select(journal.c.seq, journal.c.payload).where(left, journal.c.type == "IncidentArchived")
    return connection.execute(wanted).first()


def _gone_with(connection: Connection, incident: str) -> int:
    """The event with which the incident left that it was folded into, which shows its notes too; 0 = it was not.
    Raises ErasureRefused."""
    last = connection.execute(
        select(journal.c.type, journal.c.payload)
        .where(journal.c.incident == incident, journal.c.type.in_(("IncidentFolded", "IncidentUnfolded")))
        .order_by(journal.c.seq.desc())
        .limit(1)
    ).first()
    if last is None or last.type == "IncidentUnfolded":
        return 0
    into = msgspec.json.decode(last.payload)["into"]
    archived = _archived(connection, journal.c.incident == into)
    if archived is None:
        raise ErasureRefused(
            "still_live",
            f"“{incident}” đã gộp vào {into}, còn trong hệ thống đang chạy và giữ ghi chú của nó; chờ lưu trữ rồi xoá.",
            f"“{incident}” is part of {into}, which is still live and has its notes; wait until it is archived.",
        )
    return int(archived.seq)


def _handed_over(connection: Connection, incident: str) -> tuple[list[int], int]:
    """The hand-overs of shifts that named the incident, whose words may be about it, and the event with which the last
    of them left the live state. Raises ErasureRefused."""
    kinds = select(journal.c.seq, journal.c.type, journal.c.payload).where(
        or_(
            and_(journal.c.type == "ShiftHanded", cast(journal.c.payload, Text).contains(incident, autoescape=True)),
            journal.c.type == "ShiftEnded",
        )
    )
    open_ones: dict[str, int] = {}
    found, ended_at = [], 0
    for row in connection.execute(kinds.order_by(journal.c.seq)):
        told = msgspec.json.decode(row.payload)
        if row.type == "ShiftHanded":
            if incident in told["incidents"] or any(it.partition("/")[0] == incident for it in told.get("legs", ())):
                open_ones[told["user"]] = row.seq
        elif told["user"] in open_ones:
            found.append(open_ones.pop(told["user"]))
            ended_at = row.seq
    if open_ones:
        user = next(iter(open_ones))
        raise ErasureRefused(
            "still_live",
            f"“{incident}” còn trong bàn giao ca của {user}; nhận hoặc rút bàn giao rồi mới xoá được.",
            f"“{incident}” is part of a hand-over of {user} that nobody has taken; take it or drop it, then erase.",
        )
    return found, ended_at


def _early(connection: Connection, mine: tuple[str, ...]) -> list[int]:
    """Locations that came before these calls and went to them; and those that no call ever claimed, for which nobody
    will ever ask."""
    kinds = select(journal.c.seq, journal.c.type, journal.c.payload, journal.c.call).where(
        journal.c.type.in_(("LocationKept", "LocationDropped"))
    )
    kept: dict[str, int] = {}
    found = []
    for row in connection.execute(kinds.order_by(journal.c.seq)):
        ident = msgspec.json.decode(row.payload)["ident"]
        if row.type == "LocationKept":
            kept[ident] = row.seq
        elif ident in kept and (not row.call or row.call in mine):
            found.append(kept.pop(ident))
    return found


def _personal_rows(incident: str, mine: tuple[str, ...], early: list[int]) -> Any:
    of_it = [journal.c.call == func.any(list(mine)), journal.c.seq == func.any(early)]
    if incident:
        of_it.append(journal.c.incident == incident)
    return (
        select(journal_personal.c.seq, journal_personal.c.fields)
        .select_from(journal_personal.join(journal, journal.c.seq == journal_personal.c.seq))
        .where(or_(*of_it))
    )


def texts(value: object) -> list[str]:
    """Every text in personal fields that is long enough to recognise."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    return [value] if isinstance(value, str) and len(value) >= SHORTEST_TRACE else []


def _empty_rows(connection: Connection, incident: str, mine: tuple[str, ...]) -> None:
    connection.execute(
        update(calls).where(calls.c.id == func.any(list(mine))).values(number="", name="", **NOWHERE)
    )
    connection.execute(
        update(calls)
        .where(calls.c.id == func.any(list(mine)), calls.c.direction == "outgoing")
        .values(dialled="")
    )
    if incident:
        connection.execute(update(incidents).where(incidents.c.id == incident).values(**NOWHERE))


def _empty_refusals(connection: Connection, incident: str, mine: tuple[str, ...], traces: set[str]) -> None:
    """A refusal names numbers and places in its sentence: of this incident's commands, and wherever they were said."""
    of_it: list[ColumnElement[bool]] = [commands.c.call == func.any(list(mine))]
    if incident:
        of_it.append(commands.c.incident == incident)
    forget_refusals(connection, of_it, traces)


def forget_refusals(connection: Connection, of_it: list[ColumnElement[bool]], traces: set[str]) -> None:
    """What the sentences of refusals name: of these commands, and of any that says one of ``traces``."""
    details = cast(commands.c.refusal_details, Text)
    said = [details.contains(encode_json(trace)[1:-1], autoescape=True) for trace in sorted(traces)]
    if of_it or said:
        which = or_(*of_it, *said)
        connection.execute(
            update(commands).where(commands.c.refusal_details.is_not(None), which).values(refusal_details="{}")
        )
