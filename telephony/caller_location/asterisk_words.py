"""What Asterisk's own reader of PIDF-LO says, as recorded streams have it: `key="value",...` to a `Location`.

Today's switch does not read PIDF-LO (see `pidf_lo`); its recordings do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.gml import shape_of
from telephony.caller_location.places import Measured, of_civic, of_shape
from telephony.caller_location.reasons import NoLocation, percent

INFO_LIMIT = 4_000

_PAIR = re.compile(r'\s*([A-Za-z0-9_]+)="((?:[^"\\]|\\.)*)"\s*(?:,|$)')


def read_location(told: Mapping[str, str], at: int) -> tuple[Location | None, str]:
    """The place and "", or None and why."""
    try:
        return _read(told, at), ""
    except NoLocation as why:
        return None, str(why)


def _read(told: Mapping[str, str], at: int) -> Location:
    form = told.get("Format", "").lower()
    if form == "uri":
        raise NoLocation("by_reference")  # a location by reference is never fetched
    fields = _fields(told.get("Effective") or told.get("Info", ""))
    measured = Measured(LocationSource.PIDF_LO, at, confidence=_confidence(told.get("Confidence", "")))
    if form.startswith("civic") and "pos" not in fields and "posList" not in fields:
        return of_civic({name: values[-1] for name, values in fields.items()}, measured)
    kind = fields.get("shape", ["circle" if "radius" in fields else ""])[0]
    dimensions = {"2d": 2, "3d": 3}.get(fields.get("crs", [""])[0], 0)
    shape, doubt = shape_of(kind, fields, dimensions)
    return of_shape(shape, measured, doubt)


def _fields(info: str) -> dict[str, list[str]]:
    if not info.strip():
        raise NoLocation("empty")
    if len(info) > INFO_LIMIT:
        raise NoLocation("too_long")
    fields: dict[str, list[str]] = {}
    place = 0
    while place < len(info):
        found = _PAIR.match(info, place)
        if found is None:
            raise NoLocation("syntax")
        fields.setdefault(found[1], []).append(re.sub(r"\\(.)", r"\1", found[2]))
        place = found.end()
    return fields


def _confidence(text: str) -> int:
    """Percent; `95` or `95,normal` or `value="95",pdf="normal"`; 0 where it was not said."""
    found = re.search(r"\d{1,3}(?:\.\d+)?", text)
    return percent(found[0]) if found else 0
