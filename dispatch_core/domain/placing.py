"""Which of a caller's locations is the best one, and whose they are: pure rules without state.

Latitude comes first in argument lists; outlines have the longitude first, as GeoJSON has.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dispatch_core.domain.plain_text import LABEL_LIMIT, one_line
from dispatch_core.domain.vocabulary import Area, Location, LocationSource

FARTHEST_M = 20_040_000.0
"""Half of the way round the earth: nothing is less sure than that."""

OUTLINE_POINTS = 64
KEPT = 8
"""Locations that a call keeps, the best among them."""

UNSAID_M = 1_000
"""A location that does not say how sure it is counts as one that is sure to a cell of a mobile network."""

AGE_M_PER_S = 3
"""What a second of age takes from a location: somebody who runs. Both figures together order any two locations, so
that it does not matter in which order they came."""

SHORT = 40
DOUBTS = ("outside", "swapped", "old", "cut")
_SOURCES = {LocationSource.AML: 0, LocationSource.APP: 1, LocationSource.PIDF_LO: 2}
_DIGITS = frozenset("0123456789")
_NATIONAL_DIGITS = 8


def on_earth(place: Location) -> bool:
    """Whether it has no coordinates, or two that are on the earth with an uncertainty that fits on it, and an outline
    that can be drawn."""
    lat, lon = place.lat, place.lon
    if not 0 <= place.uncertainty_m <= FARTHEST_M:
        return False
    if len(place.outline) > OUTLINE_POINTS or not all(_point(y, x) for x, y in place.outline):
        return False
    if lat is None or lon is None:
        return lat is lon and not place.outline
    return _point(lat, lon)


def _point(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180


def fit(place: Location, area: Area | None) -> Location | None:
    """The location as it is kept: its words short and on one line, what is to be doubted said; None: not on earth."""
    if not on_earth(place):
        return None
    doubt = place.doubt if place.doubt in DOUBTS else ""
    if area is not None and place.lat is not None and place.lon is not None and not area.holds(place.lat, place.lon):
        doubt = "outside"
    altitude = place.altitude_m
    return replace(
        place,
        label=one_line(place.label, LABEL_LIMIT),
        shape=one_line(place.shape, SHORT),
        floor=one_line(place.floor, SHORT),
        method=one_line(place.method, SHORT),
        altitude_m=altitude if altitude is not None and -FARTHEST_M <= altitude <= FARTHEST_M else None,
        confidence=min(100, max(0, place.confidence)),
        doubt=doubt,
    )


def _rank(place: Location) -> tuple[bool, bool, int, int, str]:
    """Smaller is better: first whether it can be found on a map and believed, then how sure and how new."""
    sure = round((place.uncertainty_m or UNSAID_M) * 1000) - AGE_M_PER_S * place.at
    return place.lat is None, bool(place.doubt), sure, _SOURCES.get(place.source, 9), repr(place)


def best_first(places: Iterable[Location]) -> tuple[Location, ...]:
    """Each once, the best first, at most ``KEPT``."""
    return tuple(sorted(set(places), key=_rank)[:KEPT])


def plain_number(number: str, country_code: str) -> str:
    """A number as it is dialled in the country: "+84 903…", "0084903…" and "84903…" are "0903…"; "" has no digits."""
    digits = "".join(mark for mark in number if mark in _DIGITS)
    abroad = number.strip().startswith("+")
    if digits.startswith("00"):
        digits, abroad = digits[2:], True
    if country_code and digits.startswith(country_code):
        rest = digits[len(country_code) :]
        if abroad or len(rest) > _NATIONAL_DIGITS:
            return "0" + rest.lstrip("0")
    return "+" + digits if abroad and digits else digits
