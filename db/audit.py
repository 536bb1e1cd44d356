"""Walks the journal's chain and says which records were altered, deleted, moved or robbed of their personal fields.

Whoever can write to the database can rewrite the whole chain from some point on; against that, keep the printed end
(``Audit.tip``) outside of it and hand it in as ``anchor`` the next time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from db.chain import START, Tip, link, personal_digest
from db.engine import engine, questions
from db.schema import require
from db.tables import commands, erasures, journal, journal_personal, snapshots
from dispatch_core.settings import LOAD_DEADLINE_S

ROWS_AT_ONCE = 2_000
FINDINGS_SHOWN = 20
SUSPECTS_TRACED = 1_000
"""Records of which it is found out where they were before; any more are only said to be altered."""

KINDS: dict[str, tuple[str, str]] = {
    "altered": ("sự kiện {seq} đã bị sửa", "event {seq} was altered"),
    "missing": ("mất các sự kiện từ {seq} đến {until}", "events {seq} to {until} are missing"),
    "moved": ("sự kiện ở vị trí {seq} vốn là số {until}", "the event at {seq} was number {until}"),
    "unlinked": ("sự kiện {seq} không nối với sự kiện trước nó", "event {seq} does not follow the one before it"),
    "unasked": ("lệnh gây ra sự kiện {seq} không còn", "the command behind event {seq} is gone"),
    "personal_altered": ("dữ liệu cá nhân của {seq} đã bị sửa", "the personal fields of event {seq} were altered"),
    "personal_missing": (
        "dữ liệu cá nhân của {seq} đã mất mà không có lệnh xoá",
        "the personal fields of event {seq} are gone, and nobody erased them",
    ),
    "anchor": (
        "sự kiện {seq} không phải là sự kiện đã ghi ở lần kiểm tra trước",
        "event {seq} is not the one that an earlier audit saw",
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: at which record, and what (a key of ``KINDS``)."""

    seq: int
    kind: str
    until: int = 0

    def sentence(self, language: str) -> str:
        vi, en = KINDS[self.kind]
        return (vi if language == "vi" else en).format(seq=self.seq, until=self.until)


@dataclass(frozen=True, slots=True)
class Audit:
    """What a walk over the whole chain found, in order. ``erased`` events lost their personal fields lawfully."""

    events: int
    erased: int
    tip: Tip
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        return not self.findings

    @property
    def sentence_vi(self) -> str:
        if self.intact:
            return f"Nhật ký nguyên vẹn: {self.events} sự kiện, cuối là {self.tip.seq} ({self.tip.hash.hex()})."
        return f"Nhật ký KHÔNG nguyên vẹn, {len(self.findings)} chỗ: {self._listed('vi')}."

    @property
    def sentence_en(self) -> str:
        if self.intact:
            return f"The journal is intact: {self.events} events, the last is {self.tip.seq} ({self.tip.hash.hex()})."
        return f"The journal is NOT intact, {len(self.findings)} findings: {self._listed('en')}."

    def _listed(self, language: str) -> str:
        listed = "; ".join(finding.sentence(language) for finding in self.findings[:FINDINGS_SHOWN])
        return listed + ("; …" if len(self.findings) > FINDINGS_SHOWN else "")


@dataclass(slots=True)
class _Walk:
    """Where the walk is, and what it saw."""

    tip: Tip = START
    events: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)
    suspects: list[Any] = field(default_factory=list)  # records that are not what their hash says

    def find(self, seq: int, kind: str, until: int = 0) -> None:
        self.findings.append(Finding(seq, kind, until))


_ROWS: Select[Any] = (
    select(
        journal,
        journal_personal.c.salt,
        journal_personal.c.fields,
        erasures.c.seq.label("erased"),
        commands.c.command_id.label("asked"),
    )
    .select_from(
        journal.outerjoin(journal_personal, journal.c.seq == journal_personal.c.seq)
        .outerjoin(erasures, journal.c.seq == erasures.c.seq)
        .outerjoin(commands, journal.c.command_id == commands.c.command_id)
    )
    .order_by(journal.c.seq)
)


def verify(dsn: str, anchor: Tip | None = None) -> Audit:
    """Walk the whole chain. ``anchor`` is the end of an earlier one. DatabaseError, SchemaError.

    One moment of the database is looked at: a core that writes meanwhile is not disturbed and does not disturb.
    """
    audited = engine(dsn, "dispatch audit", statement_timeout_ms=int(LOAD_DEADLINE_S * 1000))
    with questions(audited.execution_options(isolation_level="REPEATABLE READ")) as connection:
        require(connection)
        return walk(connection, anchor)


def walk(connection: Connection, anchor: Tip | None = None) -> Audit:
    """``verify`` on a connection that is there."""
    seen = _Walk()
    anchored = anchor is None or anchor == START
    for row in connection.execute(_ROWS, execution_options={"yield_per": ROWS_AT_ONCE}):
        _look(seen, row)
        if anchor is not None and row.seq == anchor.seq:
            anchored = bytes(row.hash) == anchor.hash
    promised = _promised(connection)
    if promised > seen.tip.seq:
        seen.find(seen.tip.seq + 1, "missing", promised)
    origins = _origins(connection, seen.suspects[:SUSPECTS_TRACED], max(0, promised - seen.tip.seq))
    for row in seen.suspects:
        origin = origins.get(bytes(row.hash))
        seen.find(row.seq, "altered" if origin is None else "moved", origin or 0)
    if anchor is not None and not anchored:
        seen.find(anchor.seq, "anchor")
    return Audit(seen.events, seen.erased, seen.tip, tuple(sorted(set(seen.findings))))


def _look(seen: _Walk, row: Any) -> None:
    """One record: its number, its link, its own hash, what repeats its payload, and its personal fields."""
    seen.events += 1
    here = bytes(row.hash)
    if row.seq != seen.tip.seq + 1:
        seen.find(seen.tip.seq + 1, "missing", row.seq - 1)
    elif bytes(row.prev_hash) != seen.tip.hash:
        seen.find(row.seq, "unlinked")
    if _own_hash(row, row.seq) != here:
        seen.suspects.append(row)
    elif not _repeats_payload(row):
        seen.find(row.seq, "altered")
    if row.asked is None:
        seen.find(row.seq, "unasked")
    if row.fields is not None:
        digest = personal_digest(row.salt, row.fields)
        if row.personal_digest is None or digest != bytes(row.personal_digest):
            seen.find(row.seq, "personal_altered")
    elif row.personal_digest is not None:
        if row.erased is None:
            seen.find(row.seq, "personal_missing")
        else:
            seen.erased += 1
    seen.tip = Tip(row.seq, here)


def _own_hash(row: Any, seq: int) -> bytes:
    digest = bytes(row.personal_digest) if row.personal_digest is not None else None
    return link(
        bytes(row.prev_hash), seq, row.epoch, row.at, row.actor, row.command_id, row.type, row.version, row.payload,
        digest,
    )  # fmt: skip


def _repeats_payload(row: Any) -> bool:
    said = msgspec.json.decode(row.payload)
    return (row.incident, row.call) == (said.get("incident") or None, said.get("call") or None)


def _origins(connection: Connection, suspects: list[Any], missing: int) -> dict[bytes, int]:
    """By hash, the number that a record had, where its content is whole and only its number is not.

    It followed the record that it names; where that one is gone, so many numbers were closed up as are ``missing``.
    """
    named = [bytes(row.prev_hash) for row in suspects]
    found = connection.execute(select(journal.c.seq, journal.c.hash).where(journal.c.hash == func.any(named)))
    places = {bytes(row.hash): row.seq for row in found}
    moved = {bytes(row.hash) for row in suspects}
    origins: dict[bytes, int] = {}
    waiting, before = suspects, None
    while waiting and len(waiting) != before:
        before, unknown = len(waiting), []
        for row in waiting:
            previous = bytes(row.prev_hash)
            if previous in moved:
                guess = origins[previous] + 1 if previous in origins else 0
            else:
                guess = places[previous] + 1 if previous in places else row.seq + missing
            if guess and guess != row.seq and _own_hash(row, guess) == bytes(row.hash):
                origins[bytes(row.hash)] = guess
            else:
                unknown.append(row)
        waiting = unknown
    return origins


def _promised(connection: Connection) -> int:
    """The highest event that anything else speaks of: a journal cut off at its end shows by it."""
    ends = (connection.execute(select(func.max(column))).scalar() for column in (commands.c.seq, snapshots.c.seq))
    return max(end or 0 for end in ends)
