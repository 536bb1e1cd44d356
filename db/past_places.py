"""Where past incidents were and how their legs were routed then: for a replay on other zones. Read-only; blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_

from db.engine import engine, questions
from db.tables import incidents, legs
from dispatch_core.domain.vocabulary import Instant

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class RoutedPlace:
    incident: str
    received_at: Instant
    label: str
    lat: float
    lon: float
    zone: str
    zone_name: str
    station: str
    zone_set: str


class PastPlaces:
    """Legs of one service in incidents that have a place, ``since <= received < until``, the oldest first."""

    def __init__(self, dsn: str, service: str, since: Instant, until: Instant) -> None:
        self._engine = engine(dsn, "dispatch zones")
        self._where = (
            legs.c.service == service, incidents.c.received_at >= since, incidents.c.received_at < until,
            incidents.c.lat.is_not(None), incidents.c.lon.is_not(None),
        )  # fmt: skip

    def count(self) -> int:
        wanted = select(func.count()).select_from(incidents.join(legs)).where(*self._where)
        with questions(self._engine) as connection:
            return int(connection.execute(wanted).scalar_one())

    def pages(self) -> Iterator[list[RoutedPlace]]:
        """Page by page, each a short question of its own: the core writes to these tables meanwhile."""
        wanted = (
            select(
                incidents.c.id, incidents.c.received_at, incidents.c.location_label, incidents.c.lat, incidents.c.lon,
                legs.c.zone, legs.c.zone_name, legs.c.station, legs.c.zone_set,
            )
            .select_from(incidents.join(legs))
            .where(*self._where)
            .order_by(incidents.c.received_at, incidents.c.id)
            .limit(PAGE)
        )  # fmt: skip
        after: tuple[Instant, str] | None = None
        while True:
            page = wanted
            if after is not None:
                page = wanted.where(tuple_(incidents.c.received_at, incidents.c.id) > tuple_(*after))
            with questions(self._engine) as connection:
                rows = connection.execute(page).all()
            if not rows:
                return
            yield [
                RoutedPlace(
                    incident=row.id, received_at=row.received_at, label=row.location_label or "", lat=row.lat,
                    lon=row.lon, zone=row.zone, zone_name=row.zone_name, station=row.station, zone_set=row.zone_set,
                )
                for row in rows
            ]  # fmt: skip
            after = (rows[-1].received_at, rows[-1].id)
