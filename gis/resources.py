"""Stations, units and hospitals of a site out of its CSV tables, each error with its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import Station
from gis.table import Row, read_rows, unique


@dataclass(frozen=True, slots=True)
class Hospital:
    id: str
    name: str
    lat: float
    lon: float
    sample: bool


def read_stations(path: Path, services: Iterable[str]) -> tuple[Station, ...]:
    """Columns id, service, name, lat, lon, sample (yes or no). ``services`` are the codes that the site knows."""
    known = tuple(services)

    def station(row: Row) -> Station:
        lat, lon = row.place()
        return Station(
            id=row.text("id"),
            service=row.one_of("service", known),
            name=row.text("name"),
            lat=lat,
            lon=lon,
            sample=row.yes_no("sample"),
        )

    rows = read_rows(path, ("id", "service", "name", "lat", "lon", "sample"))
    return unique(rows, "id", station)


def read_units(path: Path, stations: Sequence[Station]) -> tuple[Unit, ...]:
    """Columns call_sign, service, station, label, capabilities (a;b), sample. A unit starts where its station is."""
    by_id = {s.id: s for s in stations}

    def unit(row: Row) -> Unit:
        station = by_id[row.one_of("station", by_id)]
        return Unit(
            call_sign=row.text("call_sign"),
            service=row.one_of("service", (station.service,)),  # a station sends units of its own service alone
            station=station.id,
            label=row.text("label"),
            capabilities=tuple(c.strip() for c in row.values["capabilities"].split(";") if c.strip()),
            lat=station.lat,
            lon=station.lon,
            sample=row.yes_no("sample"),
        )

    rows = read_rows(path, ("call_sign", "service", "station", "label", "capabilities", "sample"))
    return unique(rows, "call_sign", unit)


def read_hospitals(path: Path) -> tuple[Hospital, ...]:
    """Columns id, name, lat, lon, sample."""

    def hospital(row: Row) -> Hospital:
        lat, lon = row.place()
        return Hospital(row.text("id"), row.text("name"), lat, lon, row.yes_no("sample"))

    return unique(read_rows(path, ("id", "name", "lat", "lon", "sample")), "id", hospital)
