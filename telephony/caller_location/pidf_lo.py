"""A PIDF-LO document (RFC 4119, 5491, 5139, 7459) to the locations in it.

Read here and not by Asterisk: its reader copies an angle's text onto its stack, and an INVITE of 7 kB whose entities
make that text half a megabyte long ends the whole switch with every call on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.gml import shape_of
from telephony.caller_location.places import Measured, of_civic, of_shape
from telephony.caller_location.reasons import NoLocation, percent
from telephony.caller_location.xml_tree import Element, read_xml

PLACES_MOST = 4
"""Locations that are read out of one document."""

_UNITS = {"": "", "9001": "", "9101": " radians", "9102": " degrees"}
_FLAT, _HIGH = "4326", "4979"


def read_pidf(data: bytes, came: int) -> tuple[tuple[Location, ...], str]:
    """The places and "", or none and why. `came`: when, in ms."""
    try:
        root = read_xml(data)
    except NoLocation as why:
        return (), str(why)
    places: list[Location] = []
    reason = "empty"
    for info, told in _infos(root, came):
        try:
            places += _places(info, told)
        except NoLocation as why:
            reason = str(why)
        if len(places) >= PLACES_MOST:
            break
    return tuple(places[:PLACES_MOST]), "" if places else reason


def _infos(root: Element, came: int) -> Iterator[tuple[Element, Measured]]:
    """Each location-info with what is said around it."""
    for holder in root.children:
        for info in holder.below("location-info"):
            method = next((it.text for it in holder.below("method")), "")
            stamp = next((it.text for it in holder.below("timestamp")), "")
            sure = next((percent(it.text) for it in info.below("confidence")), 0)
            yield info, Measured(LocationSource.PIDF_LO, came, _moment(stamp), sure, method_named(method))


def _places(info: Element, told: Measured) -> list[Location]:
    """Several forms may say the same place (RFC 5491, rule 8): a shape that can be drawn goes before words."""
    shapes = [it for it in info.children if it.name not in ("confidence", "civicAddress")]
    civics = [it for it in info.children if it.name == "civicAddress"]
    found: list[Location] = []
    reason = "empty"
    for element in (*shapes, *civics):
        try:
            found.append(_civic(element, told) if element.name == "civicAddress" else _shape(element, told))
        except NoLocation as why:
            reason = str(why)
    if not found:
        raise NoLocation(reason)
    return found


def _civic(element: Element, told: Measured) -> Location:
    return of_civic({child.name: child.text for child in element.children}, told)


def _shape(element: Element, told: Measured) -> Location:
    parts: dict[str, list[str]] = {}
    reference = _code(element.attributes.get("srsName", ""))
    for name in _PARTS:
        for part in element.below(name):
            parts.setdefault(name, []).append(part.text + _unit(part))
    if reference not in ("", _FLAT, _HIGH):
        raise NoLocation("shape")  # coordinates of another system would be another place
    dimensions = {_FLAT: 2, _HIGH: 3}.get(reference, 0)
    shape, doubt = shape_of(element.name, parts, dimensions)
    return of_shape(shape, told, doubt)


_PARTS = (
    "pos", "posList", "radius", "semiMajorAxis", "semiMinorAxis", "orientation", "innerRadius", "outerRadius",
    "startAngle", "openingAngle",
)  # fmt: skip


def _code(name: str) -> str:
    """4326 of `urn:ogc:def:crs:EPSG::4326`."""
    return name.rpartition(":")[2]


def _unit(part: Element) -> str:
    code = _code(part.attributes.get("uom", ""))
    if code not in _UNITS:
        raise NoLocation("number")
    return _UNITS[code]


def _moment(stamp: str) -> int:
    """Milliseconds of "2026-11-27T20:57:29Z"; 0 where it cannot be told."""
    try:
        moment = datetime.fromisoformat(stamp)
        return int(moment.timestamp() * 1000) if moment.tzinfo is not None else 0
    except (ValueError, OverflowError):
        return 0


def method_named(token: str) -> str:
    """Our word for a way of measuring: those of RFC 4119's registry, of AML's letters and of its form."""
    said = token.strip().lower()
    for word, known in _METHODS:
        if word in said:
            return known
    return said[:40]


_METHODS = (
    ("gps", "gnss"), ("gnss", "gnss"), ("802.11", "wifi"), ("wi-fi", "wifi"), ("wifi", "wifi"), ("wlan", "wifi"),
    ("fused", "fused"), ("hybrid", "fused"), ("cell", "cell"), ("otdoa", "cell"), ("cid", "cell"), ("triang", "cell"),
    ("unknown", ""),
)  # fmt: skip
