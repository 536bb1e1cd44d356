"""Zone sets as they were imported: every version of every service is kept, the one published last serves.

A version is never changed. The GeoJSON is kept to the byte, with the report of the gate that let it in. Every method
blocks, and raises DatabaseError where PostgreSQL does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, text, update

from db.engine import engine, questions
from db.errors import ZoneStoreError
from db.tables import zone_sets
from dispatch_core.domain.vocabulary import Instant

VERSION_LOCK = 0x6469_7370_0003


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredZoneSet:
    """What is known of one version without its polygons. ``published_at`` is 0 where it never served."""

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
    published_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedZoneSet(StoredZoneSet):
    """One version with its polygons: ``geojson`` is a FeatureCollection in UTF-8."""

    geojson: bytes


_HEAD: tuple[ColumnElement[Any], ...] = tuple(
    column for column in zone_sets.columns if column.name not in ("geojson", "published_by")
)


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
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": VERSION_LOCK})
            newest = select(func.coalesce(func.max(zone_sets.c.version), 0)).where(zone_sets.c.service == service)
            version = int(connection.execute(newest).scalar_one()) + 1
            connection.execute(
                insert(zone_sets).values(
                    service=service, version=version, name=name, zones=zones, approximate=approximate,
                    note_vi=note_vi, note_en=note_en, geojson=geojson, report=report, kept_at=at, kept_by=by,
                )
            )  # fmt: skip
        return version

    def mark_published(self, service: str, version: int, *, at: Instant, by: str = "") -> None:
        """Let this version serve from now on; an older one may be published again. Raises ZoneStoreError."""
        with questions(self._engine) as connection:
            done = connection.execute(
                update(zone_sets)
                .where(zone_sets.c.service == service, zone_sets.c.version == version)
                .values(published_at=at, published_by=by)
            )
        if done.rowcount == 0:
            raise _unknown(service, version)

    def publish(
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
        """Keep and publish; the version. Interrupted in between, the set is kept and does not serve."""
        version = self.keep(
            service=service, name=name, geojson=geojson, zones=zones, report=report, at=at, by=by,
            approximate=approximate, note_vi=note_vi, note_en=note_en,
        )  # fmt: skip
        self.mark_published(service, version, at=at, by=by)
        return version

    def newest_versions(self) -> dict[str, int]:
        """The version that serves, by service; a service without a published set is not in it."""
        in_turn = (
            select(zone_sets.c.service, zone_sets.c.version)
            .where(zone_sets.c.published_at.is_not(None))
            .order_by(zone_sets.c.service, zone_sets.c.published_at, zone_sets.c.version)
        )
        with questions(self._engine) as connection:
            return {row.service: row.version for row in connection.execute(in_turn)}

    def list(self) -> Sequence[StoredZoneSet]:
        """Every version, by service, newest first."""
        ordered = select(*_HEAD).order_by(zone_sets.c.service, zone_sets.c.version.desc())
        with questions(self._engine) as connection:
            return [StoredZoneSet(**_values(dict(row._mapping))) for row in connection.execute(ordered)]

    def load(self, service: str, version: int) -> LoadedZoneSet:
        """One version with its polygons. Raises ZoneStoreError."""
        wanted = select(*_HEAD, zone_sets.c.geojson).where(
            zone_sets.c.service == service, zone_sets.c.version == version
        )
        with questions(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None:
            raise _unknown(service, version)
        values = _values(dict(row._mapping))
        return LoadedZoneSet(**{**values, "geojson": bytes(row.geojson)})

    def load_newest(self, service: str) -> LoadedZoneSet | None:
        """The set that serves, None where none was published."""
        version = self.newest_versions().get(service)
        return None if version is None else self.load(service, version)


def _values(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "published_at": values["published_at"] or 0}


def _unknown(service: str, version: int) -> ZoneStoreError:
    return ZoneStoreError(
        "unknown_zone_set",
        f"Không có bộ địa bàn {service} phiên bản {version}; xem “dispatch zones list”.",
        f"There is no zone set {service} version {version}; see “dispatch zones list”.",
        service=service,
        version=version,
    )
