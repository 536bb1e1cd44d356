"""What of OpenStreetMap is on the map: from an object's tags to a layer, its kind and the zoom from which it is there.

Without input or output. What has no place here is not in the tiles at all: a map that shows everything is read slowly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

FROM_ZOOM, TO_ZOOM = 10, 16
"""The zooms that are built; nearer ones are drawn from the last, which loses nothing but a metre's detail."""

NAME_MOST = 120

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an object goes: the layer, its attributes, and the zooms between which it is there."""

    layer: str
    properties: dict[str, str | int]
    from_zoom: int
    to_zoom: int = TO_ZOOM


ROADS = {
    "motorway": ("motorway", 10), "trunk": ("trunk", 10), "primary": ("primary", 10),
    "secondary": ("secondary", 11), "tertiary": ("tertiary", 12),
    "unclassified": ("street", 13), "residential": ("street", 13), "living_street": ("street", 13),
    "road": ("street", 13), "busway": ("street", 13),
    "service": ("alley", 14), "track": ("alley", 14),
    "pedestrian": ("path", 14), "footway": ("path", 15), "path": ("path", 15), "steps": ("path", 15),
    "cycleway": ("path", 15), "bridleway": ("path", 15),
}  # fmt: skip
"""OpenStreetMap's highway: the class on the map, and the first zoom."""

ROADS |= {f"{name}_link": (name, ROADS[name][1] + 1) for name in ROADS if ROADS[name][0] == name}

RAILS = {"rail": 11, "light_rail": 11, "subway": 12, "monorail": 12, "tram": 13}
WATERWAYS = {"river": 11, "canal": 12, "stream": 14, "ditch": 15, "drain": 15}

WATER = {("natural", "water"), ("waterway", "riverbank"), ("waterway", "dock"), ("landuse", "reservoir"),
         ("landuse", "basin"), ("landuse", "salt_pond"), ("landuse", "aquaculture")}  # fmt: skip
GREEN = {("leisure", "park"), ("leisure", "garden"), ("leisure", "golf_course"), ("leisure", "nature_reserve"),
         ("leisure", "pitch"), ("leisure", "stadium"), ("landuse", "grass"), ("landuse", "forest"),
         ("landuse", "cemetery"), ("landuse", "recreation_ground"), ("landuse", "orchard"), ("landuse", "farmland"),
         ("landuse", "meadow"), ("natural", "wood"), ("natural", "wetland"), ("natural", "scrub"),
         ("natural", "grassland")}  # fmt: skip
GROUNDS = {("amenity", "hospital"): "hospital", ("amenity", "school"): "school", ("amenity", "university"): "school",
           ("amenity", "college"): "school", ("aeroway", "aerodrome"): "airport", ("landuse", "military"): "military",
           ("landuse", "industrial"): "industrial", ("landuse", "port"): "industrial"}  # fmt: skip

PLACES = {"city": 10, "town": 10, "borough": 11, "suburb": 12, "island": 11, "village": 12, "quarter": 13,
          "neighbourhood": 14, "hamlet": 14}  # fmt: skip

POIS = {
    ("amenity", "hospital"): ("hospital", 13), ("healthcare", "hospital"): ("hospital", 13),
    ("amenity", "clinic"): ("clinic", 15), ("healthcare", "clinic"): ("clinic", 15),
    ("amenity", "fire_station"): ("fire_station", 13), ("amenity", "police"): ("police", 14),
    ("railway", "station"): ("station", 13), ("railway", "halt"): ("station", 14),
    ("amenity", "bus_station"): ("station", 14), ("amenity", "ferry_terminal"): ("station", 14),
    ("aeroway", "aerodrome"): ("airport", 11), ("aeroway", "terminal"): ("airport", 14),
    ("amenity", "marketplace"): ("market", 14), ("amenity", "university"): ("school", 14),
    ("amenity", "college"): ("school", 15), ("amenity", "school"): ("school", 15),
    ("amenity", "townhall"): ("office", 14), ("office", "government"): ("office", 15),
    ("amenity", "courthouse"): ("office", 15), ("amenity", "embassy"): ("office", 15),
    ("office", "diplomatic"): ("office", 15), ("shop", "mall"): ("mall", 14),
    ("shop", "department_store"): ("mall", 15),
    ("shop", "supermarket"): ("mall", 16), ("leisure", "stadium"): ("landmark", 14),
    ("leisure", "park"): ("park", 14), ("tourism", "museum"): ("landmark", 15),
    ("tourism", "attraction"): ("landmark", 15), ("historic", "monument"): ("landmark", 15),
    ("tourism", "hotel"): ("hotel", 16), ("amenity", "place_of_worship"): ("worship", 15),
    ("amenity", "theatre"): ("landmark", 15), ("amenity", "fuel"): ("fuel", 15),
    ("emergency", "fire_hydrant"): ("hydrant", 15), ("amenity", "kindergarten"): ("school", 16),
}  # fmt: skip


def one_name(text: str) -> str:
    """A name as it is written here: composed letters, Đ for the Icelandic Ð that looks the same, one line."""
    composed = unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")
    shown = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in composed)
    return " ".join(shown.split())[:NAME_MOST]


def name_in(tags: Tags) -> str:
    return one_name(tags.get("name:vi") or tags.get("name") or "")


def line_of(tags: Tags) -> Kept | None:
    """A road, a railway or a waterway."""
    if (highway := tags.get("highway")) in ROADS and tags.get("area") != "yes":
        return _road(tags, *ROADS[highway])
    if (railway := tags.get("railway")) in RAILS:
        return Kept("rail", _named(tags, {"kind": "tunnel" if _yes(tags, "tunnel") else "rail"}), RAILS[railway])
    if (waterway := tags.get("waterway")) in WATERWAYS:
        return Kept("waterway", _named(tags, {"kind": waterway}), WATERWAYS[waterway])
    return None


def _road(tags: Tags, kind: str, zoom: int) -> Kept:
    if tags.get("highway") == "service" and tags.get("service") in ("parking_aisle", "driveway"):
        zoom = 15
    properties = _named(tags, {"kind": kind})
    if way := one_way(tags):
        properties["oneway"] = way
    if tags.get("highway", "").endswith("_link"):
        properties["link"] = 1
    for name in ("bridge", "tunnel"):
        if _yes(tags, name):
            properties[name] = 1
    return Kept("road", properties, zoom)


def one_way(tags: Tags) -> int:
    """1 along the line, -1 against it, 0 both ways."""
    told = tags.get("oneway", "")
    if told in ("-1", "reverse"):
        return -1
    if told in ("yes", "true", "1"):
        return 1
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return 1 if implied and told != "no" else 0


def area_of(tags: Tags) -> Kept | None:
    """Water, green, grounds or a building."""
    pairs = set(tags.items()) if len(tags) < 60 else set(list(tags.items())[:60])
    if not WATER.isdisjoint(pairs):
        return Kept("water", _named(tags, {}), 10)
    if tags.get("building", "no") != "no":
        return Kept("building", {}, 15)
    for pair, kind in GROUNDS.items():
        if pair in pairs:
            return Kept("ground", {"kind": kind}, 12)
    if not GREEN.isdisjoint(pairs):
        return Kept("green", {}, 11)
    if tags.get("highway") in ("pedestrian", "footway") or tags.get("place") == "square":
        return Kept("ground", {"kind": "square"}, 14)
    return None


def points_of(tags: Tags) -> list[Kept]:
    """What stands at a point, or in the middle of an area: a place, something to go to, a house's number."""
    found = []
    name = name_in(tags)
    if name and (place := tags.get("place", "")) in PLACES:
        found.append(Kept("place", {"kind": place, "name": name}, PLACES[place]))
    for (key, value), (kind, zoom) in POIS.items():
        if tags.get(key) == value and (name or kind == "hydrant"):
            found.append(Kept("poi", {"kind": kind, "name": name} if name else {"kind": kind}, zoom))
            break
    if number := one_name(tags.get("addr:housenumber", ""))[:16]:
        found.append(Kept("house", {"number": number}, TO_ZOOM))
    return found


def _named(tags: Tags, properties: dict[str, str | int]) -> dict[str, str | int]:
    name = name_in(tags)
    return {**properties, "name": name} if name else properties


def _yes(tags: Tags, name: str) -> bool:
    return tags.get(name, "no") not in ("no", "false", "0")
