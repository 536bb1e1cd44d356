"""Which stations, units, hospitals and premise notes are in force: imported lists, else the site's own files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from db.place_store import PlaceStore
from dispatch_core.domain.commands import LoadHospitals, LoadResources
from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import (
    USUAL_PLACE_RULES,
    Hospital,
    PlaceRules,
    PremiseFound,
    Station,
)
from dispatch_core.main.configuration import resources_command
from dispatch_core.main.place_rules import read_place_rules
from dispatch_core.settings import Settings
from gis.lists.gate import read_hospital_list
from gis.lists.where import Where
from gis.resources import read_stations

STATIONS, UNITS, HOSPITALS = "stations", "units", "hospitals"
PREMISES = "premises/"
"""Begins the kind of a list that is a set of premise notes; the rest is the set's name."""

NOTES_MOST = 200_000
"""Notes of all sets together that are kept in memory."""


def place_rules(settings: Settings, services: Sequence[str]) -> PlaceRules:
    if not settings.place_rules:
        return USUAL_PLACE_RULES
    return read_place_rules(settings.path(settings.place_rules), services)


def stations_in_force(settings: Settings) -> tuple[Station, ...]:
    """Of the imported list that serves, else of the site's own file. Blocks. Raises DatabaseError."""
    store = PlaceStore(settings.database)
    serving = store.serving()
    if STATIONS not in serving:
        return read_stations(settings.path(settings.stations))
    return tuple(SiteLists(settings, store, USUAL_PLACE_RULES)._stations(serving).values())


class SiteLists:
    """Reads the store and the site's files. Every method blocks; raises DispatchError for what cannot be used."""

    def __init__(self, settings: Settings, store: PlaceStore, rules: PlaceRules) -> None:
        self._settings, self._store, self._rules = settings, store, rules

    def resources(self, serving: dict[str, int]) -> LoadResources:
        """Stations and units. Units whose station an imported list no longer has are left out: the gate let that in
        only where somebody said so."""
        settings = self._settings
        if STATIONS in serving and UNITS in serving:
            stations, units = self._stations(serving), self._units(serving)
        else:
            own = resources_command(settings.path(settings.stations), settings.path(settings.units))
            stations = self._stations(serving) if STATIONS in serving else own.stations
            units = self._units(serving) if UNITS in serving else own.units
        at_home = []
        for unit in units:
            home = stations.get(unit.station)
            if home is not None and home.service == unit.service:
                at_home.append(msgspec.structs.replace(unit, lat=home.lat, lon=home.lon))
        return LoadResources(stations=stations, units=tuple(at_home))

    def hospitals(self, serving: dict[str, int]) -> LoadHospitals:
        if HOSPITALS in serving:
            found = self._decoded(HOSPITALS, serving, Hospital)
        elif self._settings.hospitals:
            file = self._settings.path(self._settings.hospitals)
            found = read_hospital_list(file, self._rules, Where(anywhere=True))
        else:
            found = ()
        return LoadHospitals(hospitals={it.id: it for it in found})

    def premises(self, serving: dict[str, int]) -> list[PremiseFound]:
        """Of every set, each note named after its set, and those written by hand."""
        notes = list(self._store.notes())
        for kind in sorted(serving):
            if kind.startswith(PREMISES):
                notes += self.premise_set(kind, serving)
        return notes[:NOTES_MOST]

    def premise_set(self, kind: str, serving: dict[str, int]) -> list[PremiseFound]:
        name = kind.removeprefix(PREMISES)
        found = self._decoded(kind, serving, PremiseFound) if kind in serving else ()
        return [msgspec.structs.replace(it, id=f"{name}:{it.id}", by=f"file:{name}") for it in found]

    def _stations(self, serving: dict[str, int]) -> dict[str, Station]:
        return {it.id: it for it in self._decoded(STATIONS, serving, Station)}

    def _units(self, serving: dict[str, int]) -> tuple[Unit, ...]:
        return tuple(self._decoded(UNITS, serving, Unit))

    def _decoded(self, kind: str, serving: dict[str, int], of: type[Any]) -> Sequence[Any]:
        data = self._store.data(kind, serving[kind])
        return [msgspec.convert(entry, of) for entry in msgspec.json.decode(data, type=tuple[dict[str, Any], ...])]
