"""Lists of places as they were imported, every version kept; the notes written by hand; what happened near a place.

A version of a list is never changed; the one published last serves, and taking it back lets the one before serve.
Every method blocks, and raises DatabaseError where PostgreSQL does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

from sqlalchemy import Connection, Executable, insert, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on

from db.engine import engine, questions
from db.errors import PlaceListError
from db.tables import incidents, place_lists, premise_notes
from dispatch_core.domain.vocabulary import Instant, PastIncident, PremiseFound

VERSION_LOCK = 0x6469_7370_0004
METRES_PER_DEGREE = 111_195.0
HISTORY_READ = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """``published_at`` 0 where it does not serve and never did, or was taken back."""

    kind: str
    version: int
    name: str
    entries: int
    kept_at: Instant
    kept_by: str
    published_at: Instant


@dataclass(frozen=True, slots=True)
class NewList:
    """``data``: JSON of the entries; ``name``: of the file."""

    kind: str
    name: str
    entries: int
    data: bytes


class PlaceStore:
    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch places")

    # --- lists --------------------------------------------------------------------------------------------------------

    def publish(self, lists: Sequence[NewList], *, at: Instant, by: str = "") -> dict[str, int]:
        """Keep each as the next version of its kind and let all of them serve, or none; the versions."""
        versions = {}
        with questions(self._engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": VERSION_LOCK})
            for new in lists:
                newest = "SELECT coalesce(max(version), 0) FROM place_lists WHERE kind = :kind"
                version = int(connection.execute(text(newest), {"kind": new.kind}).scalar_one()) + 1
                connection.execute(
                    insert(place_lists).values(
                        kind=new.kind, version=version, name=new.name, entries=new.entries, data=new.data,
                        kept_at=at, kept_by=by, published_at=_after_others(connection, new.kind, at),
                    )
                )  # fmt: skip
                versions[new.kind] = version
        return versions

    def take_back(self, kinds: Sequence[str]) -> None:
        """The list of each kind that serves now serves no longer: the one before does again, and before the first the
        site's own file. All or none. Raises PlaceListError where nothing serves."""
        with questions(self._engine) as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": VERSION_LOCK})
            serving = _serving(connection)
            for kind in kinds:
                if kind not in serving:
                    raise PlaceListError(
                        "no_place_list",
                        f"Không có danh sách {kind} nào đã nhập để lùi; tệp của hệ thống đang dùng.",
                        f"No imported list of {kind} is in force; the site's own file serves.",
                        kind=kind,
                    )
                connection.execute(
                    update(place_lists)
                    .where(place_lists.c.kind == kind, place_lists.c.version == serving[kind])
                    .values(published_at=None)
                )

    def serving(self) -> dict[str, int]:
        """The version that serves, by kind."""
        with questions(self._engine) as connection:
            return _serving(connection)

    def list(self) -> Sequence[KeptList]:
        """Every version, by kind, newest first."""
        head = [column for column in place_lists.columns if column.name != "data"]
        ordered = select(*head).order_by(place_lists.c.kind, place_lists.c.version.desc())
        with questions(self._engine) as connection:
            return [
                KeptList(**{**row._mapping, "published_at": row.published_at or 0})
                for row in connection.execute(ordered)
            ]

    def data(self, kind: str, version: int) -> bytes:
        wanted = select(place_lists.c.data).where(place_lists.c.kind == kind, place_lists.c.version == version)
        with questions(self._engine) as connection:
            return bytes(connection.execute(wanted).scalar_one())

    # --- notes --------------------------------------------------------------------------------------------------------

    def notes(self) -> Sequence[PremiseFound]:
        """Those written by hand, as they stand now."""
        newest = (
            select(premise_notes)
            .ext(distinct_on(premise_notes.c.premise))
            .order_by(premise_notes.c.premise, premise_notes.c.seq.desc())
        )
        with questions(self._engine) as connection:
            rows = connection.execute(newest).mappings().all()
        return [
            PremiseFound(
                id=row["premise"], kind=row["kind"], label=row["label"], text=row["text"], lat=row["lat"],
                lon=row["lon"], radius_m=row["radius_m"], until=row["until"], at=row["at"], by=row["by"],
            )
            for row in rows
            if not row["removed"]
        ]  # fmt: skip

    def past_incidents(
        self, lat: float, lon: float, within_m: float, most: int, besides: str
    ) -> Sequence[PastIncident]:
        """The newest incidents within so many metres, without ``besides``."""
        north = within_m / METRES_PER_DEGREE
        east = north / max(0.01, cos(radians(lat)))
        near = (
            select(
                incidents.c.id, incidents.c.type, incidents.c.received_at, incidents.c.disposition, incidents.c.lat,
                incidents.c.lon,
            )
            .where(
                incidents.c.lat.between(lat - north, lat + north), incidents.c.lon.between(lon - east, lon + east),
                incidents.c.id != besides,
            )
            .order_by(incidents.c.received_at.desc())
            .limit(HISTORY_READ)
        )  # fmt: skip
        with questions(self._engine) as connection:
            rows = connection.execute(near).all()
        found = []
        for row in rows:
            scale = METRES_PER_DEGREE * cos(radians(lat))
            metres = hypot((row.lat - lat) * METRES_PER_DEGREE, (row.lon - lon) * scale)
            if metres <= within_m:
                found.append(
                    PastIncident(
                        incident=row.id, type=row.type, at=row.received_at, metres=round(metres, 1),
                        disposition=row.disposition,
                    )
                )  # fmt: skip
        return found[:most]


def _serving(connection: Connection) -> dict[str, int]:
    in_turn = (
        select(place_lists.c.kind, place_lists.c.version)
        .where(place_lists.c.published_at.is_not(None))
        .order_by(place_lists.c.kind, place_lists.c.published_at, place_lists.c.version)
    )
    return {row.kind: row.version for row in connection.execute(in_turn)}


def _after_others(connection: Connection, kind: str, at: Instant) -> int:
    """Later than what serves, should this clock be behind that of whoever published it."""
    newest = text("SELECT coalesce(max(published_at), 0) FROM place_lists WHERE kind = :kind")
    return max(at, int(connection.execute(newest, {"kind": kind}).scalar_one()) + 1)


# --- what the journal's transaction writes ----------------------------------------------------------------------------

_COLUMNS = "kind, lat, lon, radius_m, until, label, text"
WRITTEN = insert(premise_notes)
REMOVED = text(
    f'INSERT INTO premise_notes (premise, seq, at, "by", {_COLUMNS}, removed) '
    f"SELECT premise, :seq, :at, :by, {_COLUMNS}, true FROM premise_notes "
    "WHERE premise = :premise ORDER BY seq DESC LIMIT 1"
)
UNDONE = text(
    f'INSERT INTO premise_notes (premise, seq, at, "by", {_COLUMNS}, removed) '
    f"SELECT premise, :seq, :at, :by, {_COLUMNS}, CASE WHEN versions = 1 THEN NOT removed ELSE removed END FROM ("
    "SELECT *, count(*) OVER () AS versions, row_number() OVER (ORDER BY seq DESC) AS place "
    "FROM premise_notes WHERE premise = :premise) AS known WHERE place = least(2, versions)"
)
"""The version before the last one once more; of a note that has no earlier one, its removal."""


_HOW: dict[str, Executable] = {"written": WRITTEN, "removed": REMOVED, "undone": UNDONE}


def write_notes(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """In their order: each is a row of ``premise_notes``, or only premise, seq, at, by and ``how``."""
    for row in rows:
        how: Executable = _HOW[row["how"]]
        connection.execute(how, {name: value for name, value in row.items() if name != "how"})
