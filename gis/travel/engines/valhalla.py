"""Valhalla: travel times (matrix), a way with its turns in our own words, the reachable area; closures are given
with each question.

API: valhalla.github.io/valhalla/api. Latitude and longitude are named there; polygons and shapes have longitude first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import shape

from dispatch_core.domain.vocabulary import Closure, Instant, Measured, Reach
from dispatch_core.ports import Mover, Point, Reachable, Route
from gis.geodesy import check_place, from_metric, to_metric
from gis.travel.engines.asking import Asking, Unanswered
from gis.travel.engines.course import route_of

SOURCES_AT_ONCE = 50
"""Places in one question: what a stock Valhalla answers for every kind of vehicle."""

PLACES_AT_ONCE = 10
LINE_WIDTH_M = 4.0
"""A closure drawn as a line is given as an area so wide to each side: Valhalla knows only areas."""

VEHICLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fire_engine": ("truck", {"height": 3.4, "width": 2.5, "length": 8.5, "weight": 16.0}),
    "ambulance": ("auto", {"height": 2.7, "width": 2.1}),
    "motorbike": ("motor_scooter", {}),
}
"""Our travel profile to Valhalla's costing and its options; every other one drives like a car."""


class Valhalla:
    """``TravelTimes`` and ``Roads`` by the engine at ``url``; every method raises Unanswered where it gives none."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        check_place(lat, lon)
        found: list[Reach] = []
        until = self._asking.until()
        kinds = {it.vehicle: None for it in movers}
        for vehicle in kinds:
            of_kind = [it for it in movers if it.vehicle == vehicle]
            for first in range(0, len(of_kind), SOURCES_AT_ONCE):
                found += self._matrix(lat, lon, of_kind[first : first + SOURCES_AT_ONCE], vehicle, closures, until)
        return sorted(found, key=lambda it: (it.seconds, it.unit))

    def _matrix(
        self, lat: float, lon: float, movers: Sequence[Mover], vehicle: str, closures: Sequence[Closure],
        until: float,
    ) -> list[Reach]:
        question = {
            "sources": [_place(it.lat, it.lon) for it in movers],
            "targets": [_place(lat, lon)],
            **_driven(vehicle, closures),
        }
        rows = _of(self._asking.ask("/sources_to_targets", question, until=until), "sources_to_targets")
        reaches = []
        for mover, row in zip(movers, rows, strict=True):
            seconds, kilometres = row[0]["time"], row[0]["distance"]
            if seconds is not None:
                reaches.append(
                    Reach(
                        unit=mover.unit, seconds=seconds, metres=round(1000.0 * kilometres, 1), measured=Measured.ROAD,
                        age_ms=mover.age_ms,
                    )
                )  # fmt: skip
        return reaches

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        question = {
            "locations": [_place(*start), _place(*end)],
            "format": "osrm",  # the one form in which Valhalla tells a course as GeoJSON
            "shape_format": "geojson",
            **_driven(vehicle, closures),
        }
        return route_of(_of(self._asking.ask("/route", question), "routes"), end)

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        if len(places) > PLACES_AT_ONCE:
            raise Unanswered(f"more than {PLACES_AT_ONCE} places")
        areas, until = [], self._asking.until()
        for lat, lon in places:
            question = {
                "locations": [_place(lat, lon)],
                "contours": [{"time": seconds / 60.0}],
                "polygons": True,
                **_driven(vehicle, closures),
            }
            features = _of(self._asking.ask("/isochrone", question, until=until), "features")
            areas += [shapely.make_valid(shape(it["geometry"])) for it in features]
        if not areas:
            raise Unanswered("no area at all")
        whole = shapely.union_all(areas)
        polygons = tuple(
            tuple(tuple((x, y) for x, y in ring.coords) for ring in (part.exterior, *part.interiors))
            for part in shapely.get_parts(whole)
            if part.geom_type == "Polygon"
        )
        return Reachable(polygons=polygons, measured=Measured.ROAD)


def _of(answer: Any, key: str) -> Any:
    if not isinstance(answer, dict) or key not in answer:
        raise Unanswered(f"an answer without {key}: {str(answer)[:200]}")
    return answer[key]


def _place(lat: float, lon: float) -> dict[str, float]:
    check_place(lat, lon)
    return {"lat": lat, "lon": lon}


def _driven(vehicle: str, closures: Sequence[Closure]) -> dict[str, object]:
    """The part of every question that says what drives, and where it cannot."""
    costing, options = VEHICLES.get(vehicle, ("auto", {}))
    said: dict[str, object] = {"costing": costing, "costing_options": {costing: dict(options)}}
    areas = [ring for it in closures if not it.vehicles or vehicle in it.vehicles for ring in _areas(it)]
    if areas:
        said["exclude_polygons"] = areas
    return said


def _areas(closure: Closure) -> list[list[tuple[float, float]]]:
    outline = closure.outline
    if len(outline) >= 4 and outline[0] == outline[-1]:
        return [list(outline)]
    line = shapely.LineString(outline) if len(outline) > 1 else shapely.Point(outline[0])
    wide = from_metric(to_metric(line).buffer(LINE_WIDTH_M))
    return [[(x, y) for x, y in part.exterior.coords] for part in shapely.get_parts(wide)]
