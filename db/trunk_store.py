"""The history of the trunk in PostgreSQL. See ``ports.trunk_history``; every method blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, delete, func, insert, select, update

from db.engine import engine, questions
from db.tables import trunk_changes
from dispatch_core.ports.trunk_history import DONE, OPEN, Change, ChangedFile

KEPT = 200
"""Versions; with texts of 256 KiB and diffs of half a MiB at most, a full history is some 150 MB."""

_t = trunk_changes.c
_files = msgspec.json.Decoder(tuple[ChangedFile, ...])


class TrunkStore:
    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch trunk")

    def begin(self, change: Change) -> int:
        with questions(self._engine) as connection:
            newest = connection.execute(select(func.coalesce(func.max(_t.version), 0))).scalar_one()
            version = int(newest) + 1
            connection.execute(
                insert(trunk_changes).values(
                    version=version, at=change.at, by=change.by, kind=change.kind, why=change.why,
                    outcome=change.outcome, reason_vi=change.vi, reason_en=change.en, text=change.text,
                    site_diff=change.site_diff, files=msgspec.json.encode(change.files).decode(), secret=change.secret,
                )
            )  # fmt: skip
            in_force = select(func.max(_t.version)).where(_t.outcome == DONE).scalar_subquery()
            connection.execute(
                delete(trunk_changes).where(
                    _t.version <= version - KEPT, _t.version != func.coalesce(in_force, 0), _t.outcome.not_in(OPEN)
                )
            )
            return version

    def mark(self, version: int, outcome: str, vi: str = "", en: str = "") -> bool:
        with questions(self._engine) as connection:
            done = connection.execute(
                update(trunk_changes)
                .where(_t.version == version, _t.outcome.in_(OPEN))
                .values(outcome=outcome, reason_vi=vi, reason_en=en)
            )
            return done.rowcount == 1

    def listed(self) -> Sequence[Change]:
        wanted = select(_t.version, _t.at, _t.by, _t.kind, _t.why, _t.outcome, _t.reason_vi, _t.reason_en, _t.secret)
        with questions(self._engine) as connection:
            rows = connection.execute(wanted.order_by(_t.version.desc()).limit(KEPT + 1)).all()
        return [
            Change(
                version=row.version, at=row.at, by=row.by, kind=row.kind, why=row.why, outcome=row.outcome, text="",
                vi=row.reason_vi, en=row.reason_en, secret=row.secret,
            )
            for row in rows
        ]  # fmt: skip

    def one(self, version: int) -> Change | None:
        return self._first(select(trunk_changes).where(_t.version == version))

    def in_force(self) -> Change | None:
        return self._first(select(trunk_changes).where(_t.outcome == DONE).order_by(_t.version.desc()).limit(1))

    def unfinished(self) -> Sequence[Change]:
        return self._all(select(trunk_changes).where(_t.outcome.in_(OPEN)).order_by(_t.version.desc()))

    def knows(self, text: str) -> int:
        wanted = select(func.coalesce(func.max(_t.version), 0)).where(_t.text == text, _t.outcome == DONE)
        with questions(self._engine) as connection:
            return int(connection.execute(wanted).scalar_one())

    def _first(self, wanted: Select[Any]) -> Change | None:
        found = self._all(wanted)
        return found[0] if found else None

    def _all(self, wanted: Select[Any]) -> list[Change]:
        with questions(self._engine) as connection:
            return [_read(row) for row in connection.execute(wanted)]


def _read(row: Any) -> Change:
    return Change(
        version=row.version, at=row.at, by=row.by, kind=row.kind, why=row.why, outcome=row.outcome, text=row.text,
        vi=row.reason_vi, en=row.reason_en, site_diff=row.site_diff, files=_files.decode(row.files), secret=row.secret,
    )  # fmt: skip
