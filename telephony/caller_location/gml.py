"""A shape's named parts (as GML has them) to a `Shape`; Asterisk's words and our own XML reader both give such parts.

Guarded here: every number is on this planet. Where a latitude is none but the pair the other way round is a place,
the axes were swapped: it is turned, and said to be doubtful.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from telephony.caller_location.reasons import NoLocation, metres, number
from telephony.caller_location.shapes import CORNERS_MOST, Shape, arc_band, ellipse, polygon

Parts = Mapping[str, Sequence[str]]  # name to values in the order in which they came; angles as "43.2 degrees"
Corner = tuple[float, float, float | None]  # latitude, longitude, height

NUMBERS_MOST = 3 * (CORNERS_MOST + 1)


def shape_of(kind: str, parts: Parts, dimensions: int = 0) -> tuple[Shape, str]:
    """The shape, and "swapped" where the axes were. `dimensions`: numbers of a position; 0: not said. NoLocation."""
    make = _MAKE.get(kind.lower())
    if make is None:
        raise NoLocation("shape")
    several = kind.lower() in ("polygon", "prism")
    flat = dimensions == 2 or (dimensions != 3 and kind.lower() == "polygon")
    corners, doubt = _turned(_positions(parts, several, flat))
    shape = make(kind.lower(), parts, corners)
    heights = [height for _, _, height in corners if height is not None]
    return (_with_height(shape, sum(heights) / len(heights)) if heights else shape), doubt


def _with_height(shape: Shape, height: float) -> Shape:
    return Shape(shape.kind, shape.lat, shape.lon, shape.metres, shape.outline, round(height, 1))


def _positions(parts: Parts, several: bool, flat: bool) -> list[Corner]:
    if not several:
        return [_corner(_only(parts, "pos").split())]
    each = [text.split() for text in parts.get("pos", ())]
    if each:
        if len(each) > CORNERS_MOST + 1:
            raise NoLocation("too_long")
        return [_corner(one) for one in each]
    numbers = " ".join(parts.get("posList", ())).replace(",", " ").split()
    if len(numbers) > NUMBERS_MOST:
        raise NoLocation("too_long")
    size = 2 if flat or len(numbers) % 3 else 3
    if not numbers or len(numbers) % size:
        raise NoLocation("number")
    return [_corner(numbers[place : place + size]) for place in range(0, len(numbers), size)]


def _corner(texts: Sequence[str]) -> Corner:
    if len(texts) not in (2, 3):
        raise NoLocation("number")
    height = number(texts[2]) if len(texts) == 3 else None
    return number(texts[0]), number(texts[1]), height


def _turned(corners: list[Corner]) -> tuple[list[Corner], str]:
    if all(_place(lat, lon) for lat, lon, _ in corners):
        return corners, ""
    if all(_place(lon, lat) for lat, lon, _ in corners):
        return [(lon, lat, height) for lat, lon, height in corners], "swapped"
    raise NoLocation("number")


def _place(lat: float, lon: float) -> bool:
    return -90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0


def _only(parts: Parts, name: str) -> str:
    values = parts.get(name, ())
    if len(values) != 1:
        raise NoLocation("number")
    return values[0]


def _length(parts: Parts, name: str) -> float:
    return metres(_only(parts, name))


def _degrees(parts: Parts, name: str) -> float:
    """Of "43.2 degrees", "0.75 radians" or "43.2". More than a full turn of radians can only be degrees."""
    value, _, unit = _only(parts, name).strip().partition(" ")
    angle = number(value)
    if unit.strip().startswith("rad") and abs(angle) <= 2 * math.pi:
        angle = math.degrees(angle)
    if abs(angle) > 720.0:
        raise NoLocation("number")
    return angle


def _point(kind: str, _: Parts, corners: list[Corner]) -> Shape:
    lat, lon, _height = corners[0]
    return Shape(kind, lat, lon)


def _circle(kind: str, parts: Parts, corners: list[Corner]) -> Shape:
    lat, lon, _ = corners[0]
    return Shape(kind, lat, lon, round(_length(parts, "radius"), 1))


def _ellipse(kind: str, parts: Parts, corners: list[Corner]) -> Shape:
    lat, lon, _ = corners[0]
    axes = _length(parts, "semiMajorAxis"), _length(parts, "semiMinorAxis")
    return ellipse(kind, lat, lon, axes, _degrees(parts, "orientation"))


def _arc_band(_: str, parts: Parts, corners: list[Corner]) -> Shape:
    lat, lon, _height = corners[0]
    radii = _length(parts, "innerRadius"), _length(parts, "outerRadius")
    return arc_band(lat, lon, radii, _degrees(parts, "startAngle"), _degrees(parts, "openingAngle"))


def _polygon(kind: str, _: Parts, corners: list[Corner]) -> Shape:
    return polygon(kind, [(lat, lon) for lat, lon, _height in corners])


_MAKE: Mapping[str, Callable[[str, Parts, list[Corner]], Shape]] = {
    "point": _point,
    "circle": _circle,
    "sphere": _circle,
    "ellipse": _ellipse,
    "ellipsoid": _ellipse,
    "arcband": _arc_band,
    "polygon": _polygon,
    "prism": _polygon,
}
