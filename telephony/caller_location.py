"""The location that came with a call (RFC 6442, PIDF-LO) as our dialplan tells it, to a `Location`.

Asterisk reads the XML and gives a shape of RFC 5491 or a civic address of RFC 5139 as `key="value",...`; here the
text becomes a place or the reason why it is none. Nothing of it is trusted: numbers must be on this planet, and
what cannot be read is "unknown", never an error that could keep a call from being shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from dispatch_core.domain.vocabulary import Location, LocationSource

INFO_LIMIT = 4_000
POINTS_LIMIT = 200
LABEL_LIMIT = 200
METRES_PER_DEGREE = 111_320.0

_PAIR = re.compile(r'\s*([A-Za-z0-9_]+)="((?:[^"\\]|\\.)*)"\s*(?:,|$)')

# The parts of a civic address in the order in which a Vietnamese address is said.
HOUSE = ("HNO", "HNS")
STREET = ("PRD", "RD", "A6", "STS", "POD")
AREAS = ("LMK", "LOC", "NAM", "A5", "A4", "A3", "A2", "A1")


class NoLocation(ValueError):
    """Why there is no place: a code that is kept with the call."""


def read_location(told: Mapping[str, str], at: int) -> tuple[Location | None, str]:
    """The place and "", or None and why: empty, too_long, syntax, shape, number, by_reference."""
    try:
        return _read(told, at), ""
    except NoLocation as why:
        return None, str(why)


def _read(told: Mapping[str, str], at: int) -> Location:
    form = told.get("Format", "")
    if form.lower() == "uri":
        raise NoLocation("by_reference")  # a location by reference is never fetched
    fields = _fields(told.get("Effective") or told.get("Info", ""))
    confidence = _confidence(told.get("Confidence", ""))
    if form.lower().startswith("civic"):
        label = _civic(fields)
        return Location(label=label, source=LocationSource.PIDF_LO, confidence=confidence, at=at)
    lat, lon, metres = _shape(fields)
    around = f" ± {metres:.0f} m" if metres else ""
    return Location(
        label=f"{lat:.5f}, {lon:.5f}{around}",
        source=LocationSource.PIDF_LO,
        lat=lat,
        lon=lon,
        uncertainty_m=metres,
        confidence=confidence,
        at=at,
    )


def _fields(info: str) -> dict[str, str]:
    if not info.strip():
        raise NoLocation("empty")
    if len(info) > INFO_LIMIT:
        raise NoLocation("too_long")
    fields: dict[str, str] = {}
    place = 0
    while place < len(info):
        found = _PAIR.match(info, place)
        if found is None:
            raise NoLocation("syntax")
        value = re.sub(r"\\(.)", r"\1", found[2])
        before = fields.get(found[1])  # a polygon has a `pos` for each corner
        fields[found[1]] = value if before is None else f"{before} {value}"
        place = found.end()
    return fields


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise NoLocation("number") from None
    if not math.isfinite(value):
        raise NoLocation("number")
    return value


def _confidence(text: str) -> int:
    """Percent; `95` or `95,normal` or `value="95",pdf="normal"`; 0 where it was not said."""
    found = re.search(r"\d{1,3}(?:\.\d+)?", text)
    return min(100, round(float(found[0]))) if found else 0


def _point(text: str) -> tuple[float, float]:
    """Latitude and longitude of "21.0285 105.8542"; a height after them is passed over."""
    parts = text.split()
    if len(parts) not in (2, 3):
        raise NoLocation("number")
    lat, lon = _number(parts[0]), _number(parts[1])
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise NoLocation("number")
    return lat, lon


def _metres(fields: Mapping[str, str], name: str) -> float:
    value = _number(fields.get(name, ""))
    if not 0.0 <= value <= 20_000_000.0:
        raise NoLocation("number")
    return value


def _shape(fields: Mapping[str, str]) -> tuple[float, float, float]:
    """Centre and radius in metres of the circle that holds the shape."""
    kind = fields.get("shape", "").lower()
    if kind == "polygon":
        return _around(fields.get("posList") or fields.get("pos", ""))
    lat, lon = _point(fields.get("pos", ""))
    if kind == "point":
        return lat, lon, 0.0
    if kind in ("circle", "sphere"):
        return lat, lon, _metres(fields, "radius")
    if kind in ("ellipse", "ellipsoid"):
        return lat, lon, _metres(fields, "semiMajorAxis")
    if kind == "arcband":
        return lat, lon, _metres(fields, "outerRadius")
    raise NoLocation("shape")


def _around(text: str) -> tuple[float, float, float]:
    """The mean of a polygon's corners and the distance to the farthest."""
    numbers = text.replace(",", " ").split()
    if not 6 <= len(numbers) <= 2 * POINTS_LIMIT or len(numbers) % 2:
        raise NoLocation("number")
    corners = [_point(f"{lat} {lon}") for lat, lon in zip(numbers[::2], numbers[1::2], strict=True)]
    if corners[0] == corners[-1]:
        corners.pop()
    lat = sum(corner[0] for corner in corners) / len(corners)
    lon = sum(corner[1] for corner in corners) / len(corners)
    squeeze = math.cos(math.radians(lat))
    farthest = max(math.hypot(corner[0] - lat, (corner[1] - lon) * squeeze) for corner in corners)
    return lat, lon, round(farthest * METRES_PER_DEGREE, 1)


def _civic(fields: Mapping[str, str]) -> str:
    """"12 Tràng Tiền, Hoàn Kiếm, Hà Nội"."""
    house = " ".join(fields[name] for name in HOUSE if fields.get(name))
    street = " ".join(fields[name] for name in STREET if fields.get(name))
    parts = [f"{house} {street}".strip(), *(fields.get(name, "") for name in AREAS)]
    label = ", ".join(part.strip() for part in parts if part.strip())[:LABEL_LIMIT]
    if not label:
        raise NoLocation("empty")
    return label
