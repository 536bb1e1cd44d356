"""The geography behind ``dispatch_core.ports.Locator``: routes by the zone sets in force, distances, address search.

Called from worker threads. A published set replaces another in one assignment, so that a question is answered wholly
by the old one or wholly by the new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import msgspec

from dispatch_core.domain.vocabulary import AskedPlace, Suggestion, ZoneAnswer
from gis.addresses.entries import all_entries
from gis.addresses.gazetteer import Gazetteer
from gis.addresses.geocode import Geocoder
from gis.addresses.wards import present_wards
from gis.geodesy import check_place
from gis.zones.geojson import write_for_map
from gis.zones.zone_set import ZoneSet

# The site's geocoder is asked only where the gazetteer has nothing as good as this.
GOOD_ENOUGH = 80.0
NEAR_ENOUGH = "≈ "  # before a ward that an approximate set guessed


@dataclass(frozen=True, slots=True)
class _InForce:
    zone_set: ZoneSet
    lock: Lock = field(default_factory=Lock)
    drawn: list[bytes] = field(default_factory=list)  # made at the first question


class Locator:
    """Holds one zone set a service, none at first. ``geocoder`` is the site's own, if it has one."""

    def __init__(self, gazetteer: Gazetteer | None = None, geocoder: Geocoder | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer(all_entries())
        self._geocoder = geocoder
        self._ward_names = {w.code: w.name for w in present_wards()}
        self._sets: dict[str, _InForce] = {}

    def use(self, zone_set: ZoneSet) -> None:
        """From now on this set answers for its service."""
        self._sets = {**self._sets, zone_set.service: _InForce(zone_set)}

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
        """Address search; best first, at most ``limit``. Raises ``PlaceError`` for a bad ``near``."""
        if near is not None:
            check_place(*near)
        found = self._gazetteer.suggest(text, near, limit)
        if self._geocoder is not None and len(text.strip()) >= 3 and (not found or found[0].score < GOOD_ENOUGH):
            found = [*found, *self._geocoder.suggest(text, near, limit)]
            found.sort(key=lambda s: -s.score)
        return [self._with_ward(s) for s in found[:limit]]

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
