"""The geography behind ``dispatch_core.ports.Locator``: routes by the zone sets in force, distances, address search.

Called from worker threads. A published set replaces another in one assignment, so that a question is answered wholly
by the old one or wholly by the new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

import msgspec
import numpy as np

from dispatch_core.domain.vocabulary import AskedPlace, Suggestion, ZoneAnswer
from dispatch_core.ports import WardThere
from gis.addresses.entries import all_entries
from gis.addresses.gazetteer import Gazetteer
from gis.addresses.geocode import Geocoder
from gis.addresses.search import MapSearch
from gis.addresses.street_index import StreetIndex
from gis.addresses.together import AddressSearch
from gis.addresses.told import NEAR_ENOUGH
from gis.addresses.units import units
from gis.addresses.wards import former_names, present_wards
from gis.errors import PlaceError
from gis.geodesy import check_place, metres_per_degree
from gis.travel.straight import metres_between
from gis.zones.geojson import write_for_map
from gis.zones.zone_set import ZoneSet

# The site's geocoder is asked only where the gazetteer has nothing as good as this.
GOOD_ENOUGH = 80.0


@dataclass(frozen=True, slots=True)
class _InForce:
    zone_set: ZoneSet
    lock: Lock = field(default_factory=Lock)
    drawn: list[bytes] = field(default_factory=list)  # made at the first question


class Locator:
    """Holds one zone set a service, none at first. ``geocoder`` is the site's own, if it has one."""

    def __init__(self, gazetteer: Gazetteer | None = None, geocoder: Geocoder | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer(all_entries())
        units()  # the table of wards is read now, not with the first call
        self._index: StreetIndex | None = None
        self._search = AddressSearch(self._gazetteer)
        self._geocoder = geocoder
        self._ward_names = {w.code: w.name for w in present_wards()}
        self._sets: dict[str, _InForce] = {}

    def use(self, zone_set: ZoneSet) -> None:
        """From now on this set answers for its service."""
        self._sets = {**self._sets, zone_set.service: _InForce(zone_set)}
        self._renew()

    def use_streets(self, index: StreetIndex | None) -> None:
        """From now on this map's addresses are known; None: only the embedded names."""
        self._index = index
        self._renew()

    def _renew(self) -> None:
        """What a street's wards are depends on the outlines in force: both make the search."""
        if self._index is None:
            self._search = AddressSearch(self._gazetteer)
            return
        of_wards = self._outlines()
        if of_wards is None:
            self._search = AddressSearch(self._gazetteer, MapSearch(self._index, nearest_ward, approximate=True))
            return

        def ward_at(lat: float, lon: float) -> str:
            zone = of_wards.zone_at(lat, lon)
            return zone.code if zone is not None else ""

        self._search = AddressSearch(self._gazetteer, MapSearch(self._index, ward_at, of_wards.approximate))

    def _outlines(self) -> ZoneSet | None:
        """A set in force whose zones are the wards, an exact one before an approximate one."""
        sets = [self._sets[service].zone_set for service in sorted(self._sets)]
        of_wards = [it for it in sets if all(zone.code in self._ward_names for zone in it.zones)]
        return min(of_wards, key=lambda it: it.approximate, default=None)

    def zone_set(self, service: str) -> ZoneSet | None:
        """The set in force, None where the service has none."""
        held = self._sets.get(service)
        return held.zone_set if held else None

    def route(self, place: AskedPlace, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        """The zone of each service that has a set. Raises ``PlaceError`` for a coordinate that is no place."""
        check_place(place.lat, place.lon)
        sets = self._sets
        return {
            service: sets[service].zone_set.answer(place.lat, place.lon, place.uncertainty_m, place.outline)
            for service in services
            if service in sets
        }

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        """Address search; best first, at most ``limit``. Raises ``PlaceError`` for a bad ``near``, and where nothing is
        found for a text that names a ward which does not exist."""
        if near is not None:
            check_place(*near)
        unknown: PlaceError | None = None
        try:
            found = self._search.suggest(text, near, limit)
        except PlaceError as problem:
            found, unknown = [], problem
        if self._geocoder is not None and len(text.strip()) >= 3 and (not found or found[0].score < GOOD_ENOUGH):
            found = [*found, *self._geocoder.suggest(text, near, limit)]
            found.sort(key=lambda s: -s.score)
        if unknown is not None and not found:
            raise unknown
        told = [self._with_ward(s) for s in found[:limit]]
        if near is None or not told:
            return told
        away = metres_between(*near, [(it.lat, it.lon) for it in told])
        return [msgspec.structs.replace(it, away_m=float(round(m))) for it, m in zip(told, away, strict=True)]

    def ward_at(self, lat: float, lon: float) -> WardThere:
        """The ward there, "" where no set in force has it; ``approximate`` where its outline is. Raises
        ``PlaceError``."""
        check_place(lat, lon)
        of_wards = self._outlines()
        zone = of_wards.zone_at(lat, lon) if of_wards is not None else None
        if of_wards is None or zone is None:
            return WardThere()
        return WardThere(self._ward_names[zone.code], former_names(zone.code), of_wards.approximate)

    def zones_geojson(self, service: str) -> bytes:
        """The set in force for the console's map, thinned for drawing; an empty collection where none is."""
        held = self._sets.get(service)
        if held is None:
            return write_for_map(())
        with held.lock:
            if not held.drawn:
                held.drawn.append(write_for_map(held.zone_set.zones, approximate=held.zone_set.approximate))
        return held.drawn[0]

    def _with_ward(self, suggestion: Suggestion) -> Suggestion:
        """Name the ward of a place, where a set whose zones are the wards is in force."""
        if suggestion.ward or suggestion.kind == "former_district":
            return suggestion
        for service in sorted(self._sets):
            zone_set = self._sets[service].zone_set
            zone = zone_set.zone_at(suggestion.lat, suggestion.lon)
            if zone is not None and zone.code in self._ward_names:
                name = self._ward_names[zone.code]
                ward = NEAR_ENOUGH + name if zone_set.approximate else name
                return msgspec.structs.replace(suggestion, ward=ward)
        return suggestion


def nearest_ward(lat: float, lon: float) -> str:
    """The ward whose centre is nearest in its own radii: a guess for want of outlines."""
    codes, places, radii = _centres()
    away = np.hypot(*((places - (lat, lon)) * metres_per_degree(lat)).T) / radii
    return codes[int(away.argmin())]


@lru_cache(maxsize=1)
def _centres() -> tuple[tuple[str, ...], Any, Any]:
    wards = present_wards()
    places = np.asarray([(it.lat, it.lon) for it in wards])
    return tuple(it.code for it in wards), places, np.asarray([it.radius_m for it in wards])
