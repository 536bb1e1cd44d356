"""Where a house is: its own point where the map has it, else the alley it lies in, else between its neighbours along
the street, else the street; each with how far off that may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gis.addresses.numbers import alley_paths, main_number, span
from gis.addresses.osm import metres
from gis.addresses.reading import Reading
from gis.addresses.street_index import House, StreetIndex, Thing

HOUSE_M = 20.0
BESIDE_M = 40.0
BORDER_M = 60.0  # a border runs along a street: across it stands the next ward's house, of this part all the same
MOUTH_M = 150.0  # how deep an alley that the map has not may go
METRES_A_NUMBER = 6.0  # from one number to the next on the same side, where it must be guessed
NEIGHBOURS = 60  # numbers apart; beyond that a neighbour tells nothing
STREET_MOST_M = 20_000.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """``kind``: house, alley, house_between, house_unknown, street, crossing, place; ``cost``: points out of 100."""

    kind: str
    label: str
    lat: float
    lon: float
    uncertainty_m: float
    cost: float
    name: str = ""  # of the street or place, without the number


def place_house(
    index: StreetIndex, street: Thing, reading: Reading, points: Sequence[Point], said: Callable[[Point], bool] | None
) -> Spot:
    """The house or alley ``reading.house`` of a street. ``said``: whether a place lies in the ward or district that was
    said, and ``points`` the part of the street there; None: that says nothing, and they are all of it."""
    key = reading.house
    houses = index.houses(street.id)
    if said is not None:
        houses = tuple(it for it in houses if said((it.lat, it.lon)) or _near((it.lat, it.lon), points, BORDER_M))
    word = "Hẻm " if reading.alley else ""
    label = f"{word}{key.upper()} {street.label}"
    if not reading.alley and (same := [it for it in houses if it.key == key]):
        return _at_house(same, label, points, HOUSE_M, "house", 0.0)
    paths = [key, *alley_paths(key)]
    known = index.alleys(street.id, paths)
    for depth, path in enumerate(paths):
        if path in known:
            alley = index.thing(known[path])
            at = (alley.lat, alley.lon)
            if said is not None:
                there = [it for it in index.spots(alley.id) if said(it)]
                if not there:
                    continue
                at = _middle(there)
            cost = 0.0 if depth == 0 and reading.alley else 0.3 if depth <= 1 else 1.0 + depth
            return Spot("alley", label, *at, max(40.0, alley.radius_m + 20.0), cost)
    main = main_number(key)
    low, high = span(key)
    if inside := [
        it for it in houses if "/" not in it.key and it.low <= low and high <= it.high and it.low % 2 == main % 2
    ]:
        deep = "/" in key or reading.alley
        return _at_house(
            inside, label, points, MOUTH_M if deep else BESIDE_M, "house_between" if deep else "house", 0.6
        )
    if in_alley := [it for it in houses if "/" in it.key and it.key.split("/")[:-1] == key.split("/")[:-1]]:
        return _at_house(in_alley[:1], label, points, MOUTH_M, "house_between", 1.0)
    between = _between(houses, main, points)
    if between is not None:
        at, uncertainty = between
        if said is not None and not said(at):
            at = min(points, key=lambda it: metres(it, at))
        return Spot("house_between", label, *at, uncertainty + (MOUTH_M if "/" in key or reading.alley else 0.0), 2.0)
    middle = _middle(points)
    reach = max(metres(middle, it) for it in points)
    return Spot("house_unknown", label, *middle, min(STREET_MOST_M, max(100.0, reach)), 4.0)


def _near(at: Point, points: Sequence[Point], within_m: float) -> bool:
    return any(metres(at, it) <= within_m for it in points)


def _at_house(
    houses: Sequence[House], label: str, points: Sequence[Point], metres_off: float, kind: str, cost: float
) -> Spot:
    """Of several with one number, the one nearest to the part of the street that was said."""
    best = min(houses, key=lambda it: min(metres((it.lat, it.lon), p) for p in points))
    return Spot(kind, label, best.lat, best.lon, metres_off, cost)


def _between(houses: Sequence[House], number: int, street: Sequence[Point]) -> tuple[Point, float] | None:
    """Along the street between the nearest numbers of the same side."""
    side = [it for it in houses if it.low % 2 == number % 2 and "/" not in it.key]
    below = max((it for it in side if it.low < number), key=lambda it: it.low, default=None)
    above = min((it for it in side if it.low > number), key=lambda it: it.low, default=None)
    if below is not None and above is not None and above.low - below.low <= 4 * NEIGHBOURS:
        share = (number - below.low) / (above.low - below.low)
        at = (below.lat + (above.lat - below.lat) * share, below.lon + (above.lon - below.lon) * share)
        length = metres((below.lat, below.lon), (above.lat, above.lon))
        return _on_street(at, street), max(30.0, 0.3 * length)
    one = below if above is None or (below is not None and number - below.low <= above.low - number) else above
    if one is None or abs(one.low - number) > NEIGHBOURS:
        return None
    return (one.lat, one.lon), BESIDE_M + METRES_A_NUMBER / 2 * abs(one.low - number)


def _on_street(at: Point, street: Sequence[Point]) -> Point:
    nearest = min(street, key=lambda it: metres(it, at))
    return nearest if metres(nearest, at) <= BESIDE_M * 2 else at


def _middle(points: Sequence[Point]) -> Point:
    lat = sum(p[0] for p in points) / len(points)
    lon = sum(p[1] for p in points) / len(points)
    return min(points, key=lambda it: metres(it, (lat, lon)))
