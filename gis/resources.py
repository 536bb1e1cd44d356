"""Stations and units of a site out of its CSV tables, each error with its file, line and column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch_core.domain.vocabulary import Station
from gis.table import Row, read_rows, unique


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as its table says it; where it stands is its station's place until it reports another."""

    call_sign: str
    service: str
    station: str
    label: str
    capabilities: tuple[str, ...]
    sample: bool
    vehicle: str = ""


def read_stations(path: Path, services: Collection[str] | None = None) -> tuple[Station, ...]:
    """Columns id, service, name, lat, lon, sample (yes or no). With ``services`` other service codes are refused."""

    def station(row: Row) -> Station:
        lat, lon = row.place()
        return Station(
            id=row.text("id"),
            service=row.text("service") if services is None else row.one_of("service", services),
            name=row.text("name"),
            lat=lat,
            lon=lon,
            sample=row.yes_no("sample"),
        )

    return unique(read_rows(path, ("id", "service", "name", "lat", "lon", "sample")), "id", station)


def read_units(path: Path, stations: Sequence[Station] | None = None) -> tuple[UnitRow, ...]:
    """Columns call_sign, service, station, label, capabilities (a;b), sample; vehicle (travel profile) may be missing.

    With ``stations`` a unit's station must be one of them, and of the unit's own service.
    """
    service_of = {s.id: s.service for s in stations or ()}

    def unit(row: Row) -> UnitRow:
        station = row.text("station") if stations is None else row.one_of("station", service_of)
        service = row.text("service") if stations is None else row.one_of("service", (service_of[station],))
        capabilities = tuple(c.strip() for c in row.values["capabilities"].split(";") if c.strip())
        return UnitRow(
            row.text("call_sign"), service, station, row.text("label"), capabilities, row.yes_no("sample"),
            row.text("vehicle") if row.values["vehicle"] else "",
        )  # fmt: skip

    columns = ("call_sign", "service", "station", "label", "capabilities", "sample")
    return unique(read_rows(path, columns, ("vehicle",)), "call_sign", unit)

