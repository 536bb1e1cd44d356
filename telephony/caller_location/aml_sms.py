"""AML by SMS (ETSI TS 103 625): `A"ML=1;lt=+48.902963;lg=…` and `A"ML=2;en=…;lo=…` to a `Location`.

Two versions whose attributes share names and not meanings: `lt` and `lg` are latitude and longitude in the first, and
in the second the age of the location against the beginning of the call and the phone's language. IMSI and IMEI are
never read: they would say more about a person than a dispatcher needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from dispatch_core.domain.vocabulary import Location, LocationSource
from telephony.caller_location.pidf_lo import method_named
from telephony.caller_location.places import Measured, of_shape
from telephony.caller_location.reasons import NoLocation, metres, number, percent
from telephony.caller_location.shapes import Shape

BEGINS = 'A"ML='
TEXT_LIMIT = 500
"""An SMS of several parts; the standard needs one of 160 characters."""

MISCOUNT = 2
_LAST = {"1": "ml=", "2": "lg="}

_LETTERS = {"W": "wifi", "G": "gps", "C": "cell", "F": "fused", "U": "unknown", "N": "unknown"}
_SECONDS_MOST = 10**10


def is_aml(text: str) -> bool:
    """Whether a text message is a phone's location and no conversation."""
    return text.lstrip("\ufeff \r\n\t").startswith(BEGINS)


def read_sms(text: str, came: int) -> tuple[Location | None, str]:
    """The place and "", or None and why. `came`: when, in ms."""
    text = text.strip("\ufeff \r\n\t\x00")
    try:
        if len(text) > TEXT_LIMIT:
            raise NoLocation("too_long")
        version, said = _attributes(text)
        read = _VERSIONS.get(version)
        if read is None:
            raise NoLocation("version")
        place = read(said, came)
    except NoLocation as why:
        return None, str(why)
    cut = version == "1" and _cut(said, text)
    return (replace(place, doubt=place.doubt or "cut") if cut else place), ""


def _attributes(text: str) -> tuple[str, dict[str, str]]:
    """Only attributes that end with their semicolon count, but for the last: of a text that was cut, a value that lost
    its end would be another place."""
    if not text.startswith(BEGINS):
        raise NoLocation("syntax")
    first, *rest = text[len(BEGINS) :].split(";")
    if rest and not rest[-1].startswith(_LAST.get(first.strip(), ";")):
        rest.pop()
    return first.strip(), {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in rest)}


def _cut(said: Mapping[str, str], text: str) -> bool:
    """Not as long as it says that it is, which version 1 alone says. Real phones count one or two too few."""
    length = re.fullmatch(r"\d{1,4}", said.get("ml", ""))
    return length is None or not int(length[0]) <= len(text) <= int(length[0]) + MISCOUNT


def _first(said: Mapping[str, str], came: int) -> Location:
    if said.get("rd", "").upper() == "N" or said.get("pm", "").upper() == "N":
        raise NoLocation("no_fix")
    shape = placed(said.get("lt", ""), said.get("lg", ""), said.get("rd", ""))
    return of_shape(shape, Measured(LocationSource.AML, came, _stamp(said.get("top", "")), *_sure(said, "pm")))


def _second(said: Mapping[str, str], came: int) -> Location:
    if not said.get("lo"):
        raise NoLocation("no_fix")
    lat, lon, sure = (said["lo"].split(",") + ["", ""])[:3]
    high = said.get("lz", "").split(",")[0]
    shape = placed(lat, lon, sure, high)
    began, after = _seconds(said.get("et", "")), _seconds(said.get("lt", ""))
    at = (began + after) * 1000 if began else 0
    return of_shape(shape, Measured(LocationSource.AML, came, at, *_sure(said, "ls")))


_VERSIONS: Mapping[str, Callable[[Mapping[str, str], int], Location]] = {"1": _first, "2": _second}


def placed(lat: str, lon: str, sure: str, high: str = "") -> Shape:
    """A circle as AML tells it in any form. No accuracy, or 0, means that it is not known; 0, 0 that there is none."""
    if not lat or not lon:
        raise NoLocation("no_fix")
    north, east = number(lat), number(lon)
    if north == 0 and east == 0:
        raise NoLocation("no_fix")
    if not (-90.0 <= north <= 90.0 and -180.0 <= east <= 180.0):
        raise NoLocation("number")
    altitude = None
    if high:
        altitude = number(high)
    return Shape("circle", north, east, round(metres(sure), 1) if sure else 0.0, altitude=altitude)


def _sure(said: Mapping[str, str], method: str) -> tuple[int, str]:
    letter = said.get(method, "").upper()
    return percent(said.get("lc", "")), method_named(_LETTERS.get(letter, ""))


def _stamp(text: str) -> int:
    """Milliseconds of 20220210134654, which is UTC; 0 where it is none."""
    try:
        return int(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return 0


def _seconds(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        return 0
    return value if abs(value) < _SECONDS_MOST else 0
