"""Where units are now, as they report it: the last place of each, outside the journal.

Guards: a report is taken or refused by itself, each refusal with the number of its entry and a reason; an older one
never overwrites a newer one. What is kept is shown to the consoles in a few values, each at most once a turn, and is
found there again by a core that starts anew. No decision is made here: who is too old to be measured from is decided
with the recommendation.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from redis.exceptions import ResponseError

from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import BroadcastDown, Clock, Mover
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.settings import (
    POSITION_AHEAD_MS,
    POSITION_OLD_MS,
    POSITIONS_AT_ONCE,
    POSITIONS_SHOW_S,
    REFUSED_SHOWN,
)
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, WireError, decode

log = logging.getLogger(__name__)

KIND = "positions"
"""Of the live values: key = a shard's number, value = {call sign: [lat, lon, at]}."""

SHARDS = 16

AT_STATION_M = 300.0
"""A unit that was last seen so near its own station stands there, however long ago that was."""

METRES_OF_DEGREE = 111_320.0

Show = Callable[[str, str, dict[str, Any]], None]

Heard = Callable[[Sequence[Mover]], None]
"""Units of which a new position was taken, as they are measured from now on."""


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One position as a unit or its gateway sends it: WGS84 degrees, ``at`` in milliseconds UTC (0 = now)."""

    unit: str
    lat: float
    lon: float
    at: int = 0


class Place(msgspec.Struct, frozen=True):
    lat: float
    lon: float
    at: Instant


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was not taken; ``entry`` counts from 0."""

    entry: int
    unit: str
    code: str
    vi: str
    en: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """``older``: were not newer than what is known, and change nothing."""

    taken: int = 0
    older: int = 0
    refused: int = 0
    which: tuple[Refused, ...] = ()


SENTENCES: dict[str, tuple[str, str]] = {
    "shape": (
        "cần {{unit, lat, lon, at}}: {why}",
        "{{unit, lat, lon, at}} is needed: {why}",
    ),
    "unknown_unit": ("không có đơn vị này", "there is no such unit"),
    "not_a_place": (
        "lat từ -90 đến 90 và lon từ -180 đến 180, là số hữu hạn",
        "lat goes from -90 to 90 and lon from -180 to 180, both finite",
    ),
    "swapped": ("lat và lon đang đảo chỗ", "lat and lon are swapped"),
    "outside": ("ngoài vùng của trung tâm", "outside the site's area"),
    "future": (
        "at còn ở tương lai hơn {limit} giây; xem lại đồng hồ, đơn vị là mili giây UTC",
        "at is more than {limit} s ahead; check the clock, it is milliseconds UTC",
    ),
    "old": (
        "at cũ hơn {limit} phút; đơn vị là mili giây UTC",
        "at is more than {limit} min old; it is milliseconds UTC",
    ),
}


class UnreadablePositions(ValueError):
    """The body is no list of positions at all."""


class UnitPositions:
    """Used on the reactor's thread, but for ``mover``, which reads one entry of one table."""

    def __init__(
        self, state: Callable[[], State], show: Show, clock: Clock, heard: Heard = lambda _: None
    ) -> None:
        self._state, self._show, self._clock, self._heard = state, show, clock, heard
        self._places: dict[str, Place] = {}
        self._dirty: set[int] = set()
        self.counts = {"taken": 0, "older": 0, "refused": 0}

    # --- taking -------------------------------------------------------------------------------------------------------

    def take(self, body: bytes) -> Taken:
        """A JSON list of reports. Raises UnreadablePositions where it is none, or is too long."""
        try:
            reports: Sequence[Any] = _LIST.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            reports = _loosely(body)  # so that a bad entry among good ones can be named
        if len(reports) > POSITIONS_AT_ONCE:
            raise UnreadablePositions(f"{len(reports)} > {POSITIONS_AT_ONCE}")
        now, units = self._clock.now(), self._state().units
        count = older = 0
        moved: dict[str, Unit] = {}
        refused: list[Refused] = []
        for entry, it in enumerate(reports):
            report, problem = (it, None) if isinstance(it, Report) else _read(it)
            code = "shape" if report is None else self._why_not(report, units, now)
            if report is None or code:
                unit = str(it.get("unit", ""))[:40] if isinstance(it, dict) else getattr(it, "unit", "")
                refused.append(_refused(entry, unit, code, problem))
                continue
            at = min(report.at, now) or now
            known = self._places.get(report.unit)
            if known is not None and at <= known.at:
                older += 1
                continue
            self._places[report.unit] = Place(report.lat, report.lon, at)
            self._dirty.add(_shard(report.unit))
            count += 1
            moved[report.unit] = units[report.unit]
        if moved:
            self._heard([self.mover(it, now) for it in moved.values()])
        for name, many in (("taken", count), ("older", older), ("refused", len(refused))):
            self.counts[name] += many
        return Taken(taken=count, older=older, refused=len(refused), which=tuple(refused[:REFUSED_SHOWN]))

    def _why_not(self, report: Report, units: Mapping[str, Unit], now: Instant) -> str:
        if report.unit not in units:
            return "unknown_unit"
        lat, lon = report.lat, report.lon
        area = self._state().site.area
        if not (math.isfinite(lat) and math.isfinite(lon)):
            return "not_a_place"
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            return "swapped" if abs(lat) <= 180 and abs(lon) <= 90 else "not_a_place"
        if area is not None and not area.holds(lat, lon):
            return "swapped" if area.holds(lon, lat) else "outside"
        if report.at > now + POSITION_AHEAD_MS:
            return "future"
        if report.at and report.at < now - POSITION_OLD_MS:
            return "old"
        return ""

    # --- giving -------------------------------------------------------------------------------------------------------

    def place(self, unit: str) -> Place | None:
        return self._places.get(unit)

    def mover(self, unit: Unit, now: Instant) -> Mover:
        """Where the unit is to be measured from. One of whom nothing was heard for long after it was last seen at its
        station's door stands there still."""
        known = self._places.get(unit.call_sign)
        if known is None:
            return Mover(unit.call_sign, unit.lat, unit.lon, unit.vehicle)
        age = max(0, now - known.at)
        stale_ms = self._state().site.recommending.stale_s * 1000
        if stale_ms and age > stale_ms and _metres(known, unit) <= AT_STATION_M:
            return Mover(unit.call_sign, unit.lat, unit.lon, unit.vehicle)
        return Mover(unit.call_sign, known.lat, known.lon, unit.vehicle, age)

    def movers(self) -> list[Mover]:
        """Of every unit that has reported."""
        now, units = self._clock.now(), self._state().units
        return [self.mover(units[it], now) for it in self._places if it in units]

    # --- showing ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled: what changed, a few times a minute."""
        while True:
            await asyncio.sleep(POSITIONS_SHOW_S)
            self.show_changed()

    def show_changed(self) -> None:
        """Units that left the site's lists leave here too."""
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, set()
        units = self._state().units
        for unit in [it for it in self._places if it not in units]:
            del self._places[unit]
        shards: dict[int, dict[str, Any]] = {it: {} for it in dirty}
        for unit, place in self._places.items():
            shard = shards.get(_shard(unit))
            if shard is not None:
                shard[unit] = [place.lat, place.lon, place.at]
        for number, value in shards.items():
            self._show(KIND, f"{number:02d}", value)

    async def restore(self, client: Any) -> None:
        """At start: what the core before us showed last. Redis may be away; then units report anew."""
        try:
            last = await bounded(client.hgetall(names.UNITS_LAST))
        except (BroadcastDown, ResponseError) as problem:
            log.warning("positions of units are not known until they report: %s", problem)
            return
        oldest = self._clock.now() - POSITION_OLD_MS
        for data in last.values():
            try:
                value = decode(data, LiveValue)
            except WireError:
                continue
            if value.kind == KIND:
                self._take_back(value.value, oldest)
        log.info("%d positions of units are known from before", len(self._places))

    def _take_back(self, value: Mapping[str, Any], oldest: Instant) -> None:
        for unit, told in value.items():
            try:
                lat, lon, at = told
                place = Place(float(lat), float(lon), int(at))
            except (TypeError, ValueError):
                continue
            if place.at >= oldest:
                self._places.setdefault(unit, place)
                self._dirty.add(_shard(unit))


_LIST = msgspec.json.Decoder(list[Report])


def _loosely(body: bytes) -> list[Any]:
    """A list of anything; JSON that only Python understands (NaN) included."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise UnreadablePositions(str(problem)[:200]) from None
    if not isinstance(found, list):
        raise UnreadablePositions("a list is needed")
    return found


def _read(entry: Any) -> tuple[Report | None, str | None]:
    try:
        return msgspec.convert(entry, Report), None
    except (msgspec.ValidationError, OverflowError) as problem:
        return None, str(problem)[:200]


def _refused(entry: int, unit: str, code: str, why: str | None) -> Refused:
    limit = {"future": POSITION_AHEAD_MS // 1000, "old": POSITION_OLD_MS // 60_000}.get(code, 0)
    vi, en = (text.format(limit=limit, why=why) for text in SENTENCES[code])
    unit = unit.encode("utf-8", "replace").decode()  # JSON may name half a character, which no answer can repeat
    return Refused(entry=entry, unit=unit, code=code, vi=vi, en=en)


def _shard(unit: str) -> int:
    return zlib.crc32(unit.encode()) % SHARDS


def _metres(place: Place, unit: Unit) -> float:
    """Near enough for a street's width."""
    north = (place.lat - unit.lat) * METRES_OF_DEGREE
    east = (place.lon - unit.lon) * METRES_OF_DEGREE * math.cos(math.radians(unit.lat))
    return math.hypot(north, east)
