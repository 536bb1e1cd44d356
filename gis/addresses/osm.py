"""Streets, alleys, house numbers and places as an OpenStreetMap file has them, before anything is made of them.

A name spelled with Ð (U+00D0) is spelled with Đ from here on. Everything is in degrees, latitude first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import hypot
from pathlib import Path
from typing import Any

import osmium

from gis.addresses.names import street_form
from gis.addresses.numbers import number_key
from gis.addresses.spelling import spell
from gis.geodesy import metres_per_degree

Point = tuple[float, float]
MAX_NAME = 120
SPOT_EVERY_M = 40.0
MAX_SPOTS = 200_000
NAME_TAGS = (
    "name",
    "name:vi",
    "official_name",
    "alt_name",
    "short_name",
    "loc_name",
    "name:en",
    "int_name",
    "old_name",
)
PLACE_TAGS = (
    "amenity", "tourism", "shop", "office", "leisure", "healthcare", "historic", "railway", "public_transport",
    "building",
    "man_made", "landuse", "craft", "club", "military", "aeroway", "place", "emergency", "natural", "waterway",
    "highway",
)  # fmt: skip
_OLD = re.compile(r"old_name(?::vi)?(?::[\d-]+)?\Z")  # old_name:vi:1955-1975; other languages nobody says
_ALLEY = re.compile(r"(?:hẻm|hem|ngõ|ngách|kiệt)\s+(\d[\w/-]*)\s*(.*)", re.IGNORECASE)
_HOUSE_STREET = re.compile(r"^\d[\w/]*\s+")


@dataclass(slots=True)
class Named:
    """One street by its folded name, or one alley of it. ``ways``: (node ids, their places)."""

    text: str
    label: str
    path: str = ""
    names: dict[str, str] = field(default_factory=dict)  # tag -> name
    ways: list[tuple[tuple[int, ...], tuple[Point, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HouseFound:
    key: str
    street: str  # folded
    label: str
    path: str  # of the alley whose name stood for the street's
    at: Point
    name: str


@dataclass(slots=True)
class PlaceFound:
    label: str
    what: str
    at: Point
    radius_m: float
    names: tuple[tuple[str, str], ...]  # (tag, name)


@dataclass(slots=True)
class Found:
    streets: dict[str, Named] = field(default_factory=dict)
    alleys: dict[tuple[str, str], Named] = field(default_factory=dict)  # (street, path)
    houses: list[HouseFound] = field(default_factory=list)
    places: list[PlaceFound] = field(default_factory=list)
    unplaced: int = 0
    """House numbers without a street."""


def read_osm(source: Path) -> Found:
    """One pass over the file. Raises what osmium raises for a file that it cannot read."""
    found = Found()
    things: Any = osmium.FileProcessor(str(source)).with_locations().with_areas()
    for thing in things:
        if not thing.tags:
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_way() and "highway" in tags and "name" in tags:
            _street(found, tags, thing)
        elif thing.is_node():
            _thing(found, tags, (thing.location.lat, thing.location.lon), 0.0)
        elif thing.is_way() and not thing.is_closed():
            points = [(n.location.lat, n.location.lon) for n in thing.nodes if n.location.valid()]
            if points:
                _thing(found, tags, points[len(points) // 2], _radius(points))
        elif thing.is_area():
            points = [(n.lat, n.lon) for ring in thing.outer_rings() for n in ring]
            if points:
                middle = _middle(points)
                _thing(found, tags, middle, _radius(points))
    return found


def clean(name: str) -> str:
    """A name as it is shown: Đ for Ð, single spaces, at most MAX_NAME characters."""
    return " ".join(name.replace("Ð", "Đ").replace("ð", "đ").split())[:MAX_NAME]


def split_alley(name: str) -> tuple[str, str]:
    """(path, street) of an alley's name, ("", name) of any other."""
    if found := _ALLEY.fullmatch(name):
        path = number_key(found.group(1))
        if path and found.group(2).strip():
            return path, found.group(2).strip()
    return "", name


def street_label(name: str) -> str:
    """Without the word for street, as people write it beside a number: Lê Lợi of Đường Lê Lợi."""
    text, _ = street_form(spell(name))
    words = name.split()
    if len(words) > 1 and words[0].lower() == "đường" and not text.startswith("duong "):
        return " ".join(words[1:])
    return name


def _street(found: Found, tags: Mapping[str, str], way: Any) -> None:
    nodes = [(n.ref, (n.location.lat, n.location.lon)) for n in way.nodes if n.location.valid()]
    path, name = split_alley(clean(tags["name"]))
    text, _ = street_form(spell(name))
    if len(nodes) < 2 or not text:
        return
    among: dict[Any, Named] = found.alleys if path else found.streets
    key: Any = (text, path) if path else text
    named = among.setdefault(key, Named(text, street_label(name), path))
    for tag, value in tags.items() if not path else ():
        kind = "old_name" if _OLD.match(tag) else tag
        for one in value.split(";") if kind in NAME_TAGS else ():
            named.names.setdefault(f"{kind} {clean(one)}", clean(one))
    if "bridge:name" in tags:
        places, bridge = [at for _, at in nodes], clean(tags["bridge:name"])
        middle = places[len(places) // 2]
        found.places.append(PlaceFound(bridge, "bridge", middle, _radius(places), (("name", bridge),)))
    named.ways.append((tuple(ref for ref, _ in nodes), tuple(at for _, at in nodes)))


def _thing(found: Found, tags: Mapping[str, str], at: Point, radius_m: float) -> None:
    name = clean(tags.get("name", "") or tags.get("addr:housename", ""))
    if "addr:housenumber" in tags:
        _house(found, tags, at, name)
    what = next((f"{tag}={tags[tag]}" for tag in PLACE_TAGS if tag in tags), "")
    if name and (what or "addr:housenumber" in tags) and tags.get("boundary") is None and "route" not in tags:
        names = [
            (tag, clean(one)) for tag in (*NAME_TAGS, "addr:housename") if tag in tags for one in tags[tag].split(";")
        ]
        found.places.append(PlaceFound(name, what, at, radius_m, tuple(it for it in names if it[1])))


def _house(found: Found, tags: Mapping[str, str], at: Point, name: str) -> None:
    said = clean(tags.get("addr:street", "") or tags.get("addr:place", "")).split(",")[0]
    path, street = split_alley(_HOUSE_STREET.sub("", said))
    text, _ = street_form(spell(street))
    for number in re.split(r"[;,]", tags["addr:housenumber"])[:20]:
        key = number_key(number)
        if not key or not text:
            found.unplaced += 1
            continue
        if path and "/" not in key:
            key = f"{path}/{key}"
        found.houses.append(HouseFound(key, text, street_label(street), path, at, name))


def spots(path: tuple[Point, ...], every_m: float = SPOT_EVERY_M) -> Iterator[Point]:
    """The points of a line, and others between them so that none is farther than ``every_m`` from the next."""
    for a, b in zip(path, path[1:], strict=False):
        steps = min(1_000, max(1, round(metres(a, b) / every_m)))
        for i in range(steps):
            yield a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps
    yield path[-1]


def metres(a: Point, b: Point) -> float:
    """Flat, which within a city is good to a part in a thousand."""
    north, east = _scale(round(a[0], 1))
    return hypot(north * (a[0] - b[0]), east * (a[1] - b[1]))


@lru_cache(maxsize=2_000)
def _scale(lat: float) -> tuple[float, float]:
    return metres_per_degree(lat)


def _middle(points: list[Point]) -> Point:
    low, high = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    return (low + high) / 2, (west + east) / 2


def _radius(points: list[Point]) -> float:
    middle = _middle(points)
    return max(metres(middle, it) for it in points)
