"""Zone sets as they were imported, and which version serves from when.

A version is never changed, and is stored once it passed the gate. Publications are lines that are added: of those whose
moment has come, the one that began last serves, so that a planned set comes into force by itself and an earlier one
may be put back. The GeoJSON is kept to the byte, with the report of the gate that let it in. Every method blocks, and
raises DatabaseError where PostgreSQL does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, text, update

from db.engine import engine, questions
from db.errors import ZoneStoreError
from db.tables import zone_publications, zone_sets
from dispatch_core.domain.vocabulary import Instant

VERSION_LOCK = 0x6469_7370_0003
EMBEDDED = 0
"""The version of the approximate set that needs no import; it may be published like any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredZoneSet:
    """What is known of one version without its polygons."""

    service: str
    version: int
    name: str
    zones: int
    approximate: bool
    note_vi: str
    note_en: str
    report: str
    kept_at: Instant
    kept_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedZoneSet(StoredZoneSet):
    """One version with its polygons: ``geojson`` is a FeatureCollection in UTF-8."""

    geojson: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version serves from ``valid_from`` on. ``withdrawn_at`` is 0 unless it was taken back before that."""

    id: int
    service: str
    version: int
    valid_from: Instant
    published_at: Instant
    published_by: str
    rollback: bool = False
    withdrawn_at: Instant = 0
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewZoneSet:
    """``report``: of the gate that let it in."""

    service: str
    name: str
    geojson: bytes
    zones: int
    report: str


def served(publications: Sequence[Publication], at: Instant) -> list[Publication]:
    """Of one service: what came into force by then, in that order; the last one serves."""
    began = [it for it in publications if not it.withdrawn_at and it.valid_from <= at]
    return sorted(began, key=lambda it: (it.valid_from, it.id))


def before(publications: Sequence[Publication], at: Instant) -> int | None:
    """The version to go back to from the one that serves: the one before it, and after going back, the one before that.
    None where there is none."""
    way: list[int] = []
    for it in served(publications, at):
        way = way[: way.index(it.version) + 1] if it.version in way else [*way, it.version]
    return way[-2] if len(way) > 1 else None


_HEAD: tuple[ColumnElement[Any], ...] = tuple(column for column in zone_sets.columns if column.name != "geojson")


class ZoneStore:
    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch zones")

    def keep(
        self,
        *,
        service: str,
        name: str,
        geojson: bytes,
        zones: int,
        report: str,
        at: Instant,
        by: str = "",
        approximate: bool = False,
        note_vi: str = "",
        note_en: str = "",
    ) -> int:
        """Store a set as the next version of its service, not yet serving; the version, from 1."""
        with questions(self._engine) as connection:
            return _keep(
                connection, service=service, name=name, zones=zones, approximate=approximate, note_vi=note_vi,
                note_en=note_en, geojson=geojson, report=report, kept_at=at, kept_by=by,
            )  # fmt: skip

    def take(
        self, sets: Sequence[NewZoneSet], *, at: Instant, by: str = "", publish: bool = True,
        valid_from: Instant | None = None,
    ) -> dict[str, int]:  # fmt: skip
        """Store each as the next version of its service and let it serve as ``publish`` does: all of them or none. The
        versions by service."""
        if publish and valid_from is not None and valid_from < at:
            raise _past()
        versions = {}
        with questions(self._engine) as connection:
            for it in sets:
                version = _keep(
                    connection, service=it.service, name=it.name, zones=it.zones, approximate=False, note_vi="",
                    note_en="", geojson=it.geojson, report=it.report, kept_at=at, kept_by=by,
                )  # fmt: skip
                if publish:
                    _publish(connection, it.service, version, at=at, by=by, valid_from=valid_from, rollback=False)
                versions[it.service] = version
        return versions

    def publish(
        self, service: str, version: int, *, at: Instant, by: str = "", valid_from: Instant | None = None,
        rollback: bool = False,
    ) -> None:  # fmt: skip
        """Let this version serve from ``valid_from`` on (default: ``at``, now). ZoneStoreError where it is not there or
        the moment is past."""
        if valid_from is not None and valid_from < at:
            raise _past()
        with questions(self._engine) as connection:
            if version != EMBEDDED and not _known(connection, service, version):
                raise _unknown(service, version)
            _publish(connection, service, version, at=at, by=by, valid_from=valid_from, rollback=rollback)

    def withdraw(self, service: str, version: int, *, at: Instant, by: str = "") -> int:
        """Take back every publication of this version whose moment has not come; how many. ZoneStoreError for none."""
        with questions(self._engine) as connection:
            done = connection.execute(
                update(zone_publications)
                .where(
                    zone_publications.c.service == service, zone_publications.c.version == version,
                    zone_publications.c.valid_from > at, zone_publications.c.withdrawn_at.is_(None),
                )
                .values(withdrawn_at=at, withdrawn_by=by)
            )  # fmt: skip
        if done.rowcount == 0:
            raise ZoneStoreError(
                "nothing_planned",
                f"Bộ địa bàn {service} v{version} không có lịch áp dụng nào chưa tới; xem “dispatch zones list”.",
                f"Zone set {service} v{version} is not planned for any moment to come; see “dispatch zones list”.",
                service=service,
                version=version,
            )
        return int(done.rowcount)

    def publications(self, service: str = "") -> Sequence[Publication]:
        """Every one (of one service), in the order in which they come into force."""
        ordered = select(zone_publications).order_by(
            zone_publications.c.service, zone_publications.c.valid_from, zone_publications.c.id
        )
        if service:
            ordered = ordered.where(zone_publications.c.service == service)
        with questions(self._engine) as connection:
            rows = [dict(row._mapping) for row in connection.execute(ordered)]
        return [Publication(**{**row, "withdrawn_at": row["withdrawn_at"] or 0}) for row in rows]

    def in_force(self, at: Instant) -> dict[str, tuple[int, ...]]:
        """By service the version that serves at that moment, and behind it those that served before, the latest first:
        where the first cannot be read, the next one is still good. A service that never had one is not in it."""
        by_service: dict[str, list[Publication]] = {}
        for it in self.publications():
            by_service.setdefault(it.service, []).append(it)
        found = {}
        for service, publications in by_service.items():
            versions = tuple(dict.fromkeys(it.version for it in reversed(served(publications, at))))
            if versions:
                found[service] = versions
        return found

    def list(self) -> Sequence[StoredZoneSet]:
        """Every version, by service, newest first."""
        ordered = select(*_HEAD).order_by(zone_sets.c.service, zone_sets.c.version.desc())
        with questions(self._engine) as connection:
            return [StoredZoneSet(**dict(row._mapping)) for row in connection.execute(ordered)]

    def load(self, service: str, version: int) -> LoadedZoneSet:
        """One version with its polygons. Raises ZoneStoreError."""
        wanted = select(*_HEAD, zone_sets.c.geojson).where(
            zone_sets.c.service == service, zone_sets.c.version == version
        )
        with questions(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None:
            raise _unknown(service, version)
        return LoadedZoneSet(**{**dict(row._mapping), "geojson": bytes(row.geojson)})


def _keep(connection: Connection, *, service: str, **values: Any) -> int:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": VERSION_LOCK})
    newest = select(func.coalesce(func.max(zone_sets.c.version), 0)).where(zone_sets.c.service == service)
    version = int(connection.execute(newest).scalar_one()) + 1
    connection.execute(insert(zone_sets).values(service=service, version=version, **values))
    return version


def _publish(
    connection: Connection, service: str, version: int, *, at: Instant, by: str, valid_from: Instant | None,
    rollback: bool,
) -> None:  # fmt: skip
    connection.execute(
        insert(zone_publications).values(
            service=service, version=version, valid_from=at if valid_from is None else valid_from, published_at=at,
            published_by=by, rollback=rollback, withdrawn_by="",
        )
    )  # fmt: skip


def _known(connection: Connection, service: str, version: int) -> bool:
    wanted = select(zone_sets.c.version).where(zone_sets.c.service == service, zone_sets.c.version == version)
    return connection.execute(wanted).first() is not None


def _unknown(service: str, version: int) -> ZoneStoreError:
    return ZoneStoreError(
        "unknown_zone_set",
        f"Không có bộ địa bàn {service} phiên bản {version}; xem “dispatch zones list”.",
        f"There is no zone set {service} version {version}; see “dispatch zones list”.",
        service=service,
        version=version,
    )


def _past() -> ZoneStoreError:
    return ZoneStoreError(
        "zones_in_the_past",
        "Không thể áp dụng địa bàn từ một thời điểm đã qua; bỏ --from để áp dụng ngay.",
        "Zones cannot come into force at a moment that is past; leave --from out for at once.",
    )
