"""What the tags of a street say: its class, who may use it which way, how wide, how fast. Pure.

Vehicles on an emergency go where the public may not (``private``, ``destination``); what is closed to everybody
(``no``) stays closed, unless ``emergency=yes``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gis.travel.classes import NUMBER

CAR_ON, CAR_BACK, BIKE_ON, BIKE_BACK, FOOT = 1, 2, 4, 8, 16
"""Bits of who may pass a piece of street, along its points and back."""

CAR, BIKE = CAR_ON | CAR_BACK, BIKE_ON | BIKE_BACK
EVERYBODY = CAR | BIKE | FOOT

_LINKS = {f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")}
_ROADS = frozenset(
    {
        "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
        "service", "pedestrian", "track", "path", "footway", "steps",
    }
)  # fmt: skip
_LIKE: Final = {
    "cycleway": "path", "bridleway": "path", "road": "unclassified", "busway": "service", "corridor": "footway",
}  # fmt: skip
_NO: Final = frozenset({"no", "agricultural", "forestry", "use_sidepath"})
_ALLEYS: Final = ("hem ", "ngo ", "ngach ", "kiet ")
_OF_FOOT: Final = frozenset({"path", "footway", "steps", "pedestrian"})
_NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(mph|km/h|kmh|m|t)?\s*")
_BY_LAW: Final = {"vn:urban": 50.0, "vn:rural": 80.0, "vn:motorway": 120.0, "vn:living_street": 20.0, "walk": 5.0}


@dataclass(frozen=True, slots=True)
class Street:
    """One way of the map. ``allow``: bits of who may pass; ``enter``: the same without its one-way signs. Metres,
    tonnes, km/h; 0 = not said."""

    road_class: int
    allow: int
    enter: int
    name: str
    kmh: float = 0.0
    width_m: float = 0.0
    height_m: float = 0.0
    weight_t: float = 0.0
    roundabout: bool = False
    bridge: bool = False


def read_street(tags: Mapping[str, str]) -> Street | None:
    """None for what is no street, or not one that any of us could use."""
    name = road_class(tags)
    if not name:
        return None
    enter = _who(tags, name)
    if not enter:
        return None
    return Street(
        road_class=NUMBER[name],
        allow=enter & _ways(tags, name),
        enter=enter,
        name=tags.get("name", "") or tags.get("ref", ""),
        kmh=speed(tags.get("maxspeed", "")),
        width_m=number(tags.get("width", "")) or number(tags.get("est_width", "")),
        height_m=number(tags.get("maxheight", "")),
        weight_t=number(tags.get("maxweight", "")),
        roundabout=tags.get("junction") in ("roundabout", "circular"),
        bridge=tags.get("bridge", "no") != "no",
    )


def road_class(tags: Mapping[str, str]) -> str:
    """Its class, "" for none."""
    if tags.get("route") == "ferry":
        return "ferry"
    highway = tags.get("highway", "")
    name = _LINKS.get(highway) or _LIKE.get(highway, highway)
    if name not in _ROADS or tags.get("area") == "yes":
        return ""
    if name in ("residential", "service", "living_street", "unclassified") and _is_alley(tags):
        return "alley"
    return name


def _is_alley(tags: Mapping[str, str]) -> bool:
    return tags.get("service") == "alley" or folded(tags.get("name", "")).startswith(_ALLEYS)


def folded(text: str) -> str:
    """Without case, marks and the bar of Đ (or of Ð, as some write it)."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _may(tags: Mapping[str, str], *keys: str) -> bool | None:
    """What the most special key says; None where none says anything."""
    for key in keys:
        value = tags.get(key)
        if value is not None:
            return value not in _NO
    return None


def _who(tags: Mapping[str, str], name: str) -> int:
    on_foot = _may(tags, "foot", "access")
    bits = 0 if name in ("motorway", "ferry") or on_foot is False else FOOT
    if on_foot is None and name == "trunk":
        bits = FOOT
    car = _may(tags, "motorcar", "motor_vehicle", "vehicle", "access")
    bike = _may(tags, "motorcycle", "motor_vehicle", "vehicle", "access")
    if name in _OF_FOOT:  # motors only where the map says so, but for what a crew does on its way to somebody
        side = tags.get("footway") in ("sidewalk", "crossing", "traffic_island") or name == "steps"
        car = (car if tags.get("motorcar") or tags.get("motor_vehicle") else None) or name == "pedestrian"
        bike = bike is not False and not side
    if name == "motorway":
        bike = _may(tags, "motorcycle") is True
    if tags.get("emergency") in ("yes", "designated"):
        car = bike = True
    if tags.get("emergency") == "no":
        car = bike = False
    return bits | (CAR if car is not False else 0) | (BIKE if bike is not False else 0)


def _ways(tags: Mapping[str, str], name: str) -> int:
    """The bits that its one-way signs leave."""
    always = tags.get("junction") in ("roundabout", "circular") or name == "motorway"
    general = tags.get("oneway", "yes" if always else "no")
    vehicles = tags.get("oneway:vehicle", tags.get("oneway:motor_vehicle", general))
    car = _direction(tags.get("oneway:motorcar", vehicles), CAR_ON, CAR_BACK)
    bike = _direction(tags.get("oneway:motorcycle", tags.get("oneway:moped", vehicles)), BIKE_ON, BIKE_BACK)
    return car | bike | FOOT


def _direction(value: str, on: int, back: int) -> int:
    if value in ("yes", "true", "1"):
        return on
    if value in ("-1", "reverse"):
        return back
    return on | back


def number(text: str) -> float:
    """Metres or tonnes; 0 where nothing readable is said."""
    found = _NUMBER.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else 0.0


def speed(text: str) -> float:
    """km/h; 0 where nothing readable is said."""
    known = _BY_LAW.get(text.strip().lower())
    if known is not None:
        return known
    found = _NUMBER.fullmatch(text)
    if not found:
        return 0.0
    return float(found[1].replace(",", ".")) * (1.609 if found[2] == "mph" else 1.0)


_SOLID: Final = frozenset({"block", "jersey_barrier", "log", "debris", "wall", "fence", "hedge", "ditch"})
_NARROW: Final = frozenset(
    {"bollard", "cycle_barrier", "motorcycle_barrier", "chain", "planter", "stile", "kissing_gate", "turnstile"}
)
_OPENS: Final = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "toll_booth", "border_control"})


def through_barrier(tags: Mapping[str, str]) -> int:
    """Who gets through a barrier that stands in a street; ``EVERYBODY`` where it stops nobody."""
    kind = tags.get("barrier", "")
    if kind in _OPENS:
        shut = tags.get("locked") == "yes" or _may(tags, "motor_vehicle", "vehicle", "access") is False
        return FOOT if shut and tags.get("emergency") not in ("yes", "designated") else EVERYBODY
    if kind in _SOLID:
        return FOOT
    if kind in _NARROW:
        thin = kind in ("bollard", "planter", "chain") or tags.get("motorcycle") == "yes"
        return FOOT | (BIKE if thin else 0) | (CAR if tags.get("motor_vehicle") == "yes" else 0)
    return EVERYBODY
