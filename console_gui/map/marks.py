"""What of the live state stands on the map, and where in the world: values, without Qt.

Guards: what has no place, or an impossible one, is left out and never drawn somewhere else. A mark is made anew only
where its entry of the state is another object, so a state with one change costs one mark.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from console_gui.map.ages import Age, age_of
from console_gui.map.mercator import finite_place, to_world
from console_gui.promises import offered_too_long, waits_too_long
from console_gui.steps import in_one_go
from console_gui.translations.formats import short
from dispatch_core.domain.state import Alarm, Call, Incident, State, Unit
from dispatch_core.domain.vocabulary import AlarmLevel, IncidentState, Instant, Location, Station, UnitStatus

CIRCLES_MOST = 40
"""More live calls than this are only circled with their incident: a surge would paint the city over."""

STEP = 100
"""Things that are looked at in one step."""

E = TypeVar("E")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class IncidentMark:
    id: str
    number: str  # as people say it: "#42"
    x: float
    y: float
    priority: int
    services: tuple[str, ...]
    closed: bool
    late: bool
    rank: tuple[bool, bool, int, str]  # sorts the one to look at first to the front

    @property
    def urgent(self) -> bool:
        return not self.closed and (self.late or self.priority <= 1)


@dataclass(frozen=True, slots=True)
class UnitMark:
    id: str
    service: str
    x: float
    y: float
    status: UnitStatus
    incident: str
    age: Age = Age.NOW
    minutes: int = 0
    """How old its position is, where it is not of now."""

    @property
    def available(self) -> bool:
        return self.status is UnitStatus.AVAILABLE


@dataclass(frozen=True, slots=True)
class StationMark:
    id: str
    service: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Somewhere within ``metres`` of this point, or in the ``outline`` where there is one; whose it is."""

    x: float
    y: float
    metres: float
    incident: str
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    incidents: tuple[IncidentMark, ...] = ()
    units: tuple[UnitMark, ...] = ()
    stations: tuple[StationMark, ...] = ()
    circles: tuple[Circle, ...] = ()


class _Kept(Generic[E, M]):
    """The marks of one table of the state, each with the entry that it was made from."""

    def __init__(self, make: Callable[[E], M | None]) -> None:
        self._make = make
        self._by_key: dict[str, tuple[E, M | None]] = {}
        self._table: Mapping[str, E] | None = None
        self._marks: tuple[M, ...] = ()

    def of(self, table: Mapping[str, E]) -> tuple[M, ...]:
        if table is self._table:
            return self._marks
        known, fresh = self._by_key, {}
        for key, entry in table.items():
            had = known.get(key)
            fresh[key] = had if had is not None and had[0] is entry else (entry, self._make(entry))
        self._by_key, self._table = fresh, table
        self._marks = tuple(mark for _, mark in fresh.values() if mark is not None)
        return self._marks


class _Units:
    """The marks of units: made anew where the entry is another object, or its position has grown old or young again.

    Ages are looked at when the time is another one, once a second, and not with every position that comes.
    """

    def __init__(self) -> None:
        self._by_sign: dict[str, tuple[Unit, tuple[Age, int], UnitMark | None]] = {}
        self._aged_at: tuple[Instant, int] = (-1, 0)
        self._marks: tuple[UnitMark, ...] = ()

    def of(
        self, units: Mapping[str, Unit], seen_at: Mapping[str, Instant], now: Instant, lost_ms: int
    ) -> Generator[None, None, tuple[UnitMark, ...]]:
        """In steps."""
        known = self._by_sign
        if len(units) == len(known) and (now, lost_ms) == self._aged_at:
            stale = [sign for sign, unit in units.items() if sign not in known or known[sign][0] is not unit]
        else:
            self._by_sign = known = {sign: known[sign] for sign in units if sign in known}
            stale = []
            for count, (sign, unit) in enumerate(units.items()):
                if count % STEP == STEP - 1:
                    yield
                if _aged(known.get(sign), unit, age_of(unit, seen_at.get(sign, 0), now, lost_ms)):
                    stale.append(sign)
            self._aged_at = now, lost_ms
            yield
        for count, sign in enumerate(stale):
            if count % STEP == STEP - 1:
                yield
            age = age_of(units[sign], seen_at.get(sign, 0), now, lost_ms)
            known[sign] = (units[sign], age, _unit(units[sign], *age))
        if len(known) != len(units):  # others than before
            self._by_sign = known = {sign: known[sign] for sign in units}
        if stale or len(self._marks) != len(known):
            self._marks = tuple(mark for sign in units if (mark := known[sign][2]) is not None)
        return self._marks


def _aged(had: tuple[Unit, tuple[Age, int], UnitMark | None] | None, unit: Unit, age: tuple[Age, int]) -> bool:
    return had is None or had[0] is not unit or had[1] != age


@dataclass(frozen=True, slots=True)
class _KnownIncident:
    """What was made of an entry of the state."""

    entry: Incident
    late: bool
    mark: IncidentMark | None
    circle: Circle | None


class SceneOf:
    """Keeps the marks of the newest state; ``show`` answers with the scene of another one, or of a later time.
    ``seen_at``: when each unit reported its place."""

    def __init__(self) -> None:
        self._units = _Units()
        self._stations: _Kept[Station, StationMark] = _Kept(_station)
        self._made_from: tuple[Any, ...] = (None, None, None)
        self._known: dict[str, _KnownIncident] = {}
        self._incidents: tuple[IncidentMark, ...] = ()
        self._circles: tuple[Circle, ...] = ()

    def show(self, state: State, now: Instant = 0, seen_at: Mapping[str, Instant] = MappingProxyType({})) -> Scene:
        return in_one_go(self.showing(state, now, seen_at))

    def showing(
        self, state: State, now: Instant, seen_at: Mapping[str, Instant]
    ) -> Generator[None, None, Scene]:
        """The same in steps."""
        incidents, calls, late = self._made_from
        newly_late = late_incidents(state, now)
        if incidents is not state.incidents or calls is not state.calls or late != newly_late:
            yield
            self._incidents = yield from self._kept_incidents(state, newly_late)
            own = (had.circle for had in self._known.values())
            self._circles = (*_circles_of_calls(state), *(it for it in own if it is not None))
            self._made_from = (state.incidents, state.calls, newly_late)
        yield
        units = yield from self._units.of(state.units, seen_at, now, state.site.recommending.stale_s * 1000)
        yield
        return Scene(self._incidents, units, self._stations.of(state.stations), self._circles)

    def _kept_incidents(
        self, state: State, late: frozenset[str]
    ) -> Generator[None, None, tuple[IncidentMark, ...]]:
        """The same objects where nothing of them is another. One without a place of its own stands at its caller's."""
        fresh: dict[str, _KnownIncident] = {}
        for count, (ident, it) in enumerate(state.incidents.items()):
            if count % STEP == STEP - 1:
                yield
            had = self._known.get(ident)
            if had is None or had.entry is not it or had.late != (ident in late) or not _of_its_own(it):
                mark = _incident(it, state.calls, ident in late)
                same = had is not None and had.mark == mark
                had = _KnownIncident(it, ident in late, had.mark if had is not None and same else mark, _own_circle(it))
            fresh[ident] = had
        self._known = fresh
        return tuple(had.mark for had in fresh.values() if had.mark is not None)


def late_incidents(state: State, now: Instant = 0) -> frozenset[str]:
    """Incidents of which an alarm of the upper two levels speaks, by their id or that of a call or unit of theirs; and,
    where the time is known, those with a caller who waits or an offer that is open beyond what is promised."""
    loud = (alarm for alarm in state.alarms.values() if alarm.level is not AlarmLevel.LOW)
    late = {_spoken_of(alarm, state) for alarm in loud}
    if now > 0:
        late.update(call.incident for call in state.calls.values() if waits_too_long(call, now))
        late.update(
            unit.assignment.incident for unit in state.units.values()
            if unit.assignment is not None and offered_too_long(unit, now)
        )  # fmt: skip
    return frozenset(late & state.incidents.keys())


def _spoken_of(alarm: Alarm, state: State) -> str:
    if alarm.subject in state.calls:
        return state.calls[alarm.subject].incident
    unit = state.units.get(alarm.subject)
    if unit is not None:
        return unit.assignment.incident if unit.assignment is not None else ""
    return alarm.subject


def _unit(unit: Unit, age: Age, minutes: int) -> UnitMark | None:
    if not finite_place(unit.lat, unit.lon):
        return None
    incident = unit.assignment.incident if unit.assignment is not None else ""
    return UnitMark(unit.call_sign, unit.service, *to_world(unit.lat, unit.lon), unit.status, incident, age, minutes)


def _station(station: Station) -> StationMark | None:
    if not finite_place(station.lat, station.lon):
        return None
    return StationMark(station.id, station.service, station.name, *to_world(station.lat, station.lon))


def _of_its_own(incident: Incident) -> bool:
    return incident.location is not None and incident.location.lat is not None


def _located(location: Location | None) -> tuple[float, float] | None:
    if location is None or location.lat is None or location.lon is None:
        return None
    return to_world(location.lat, location.lon) if finite_place(location.lat, location.lon) else None


def _incident(incident: Incident, calls: Mapping[str, Call], late: bool) -> IncidentMark | None:
    """At its own place, else at that of the first caller who has one."""
    told = (calls[call].location for call in incident.calls if call in calls)
    place = next((at for at in map(_located, (incident.location, *told)) if at is not None), None)
    if place is None:
        return None
    closed = incident.state is IncidentState.CLOSED
    return IncidentMark(
        incident.id, short(incident.id), *place, max(1, incident.priority),
        tuple(incident.legs) or incident.services, closed, late, (closed, not late, incident.priority, incident.id),
    )  # fmt: skip


def _circles_of_calls(state: State) -> Iterable[Circle]:
    """Of every live call with a place. Which are drawn is the picture's choice."""
    live = [call for call in state.calls.values() if call.state.live]
    for call in live:
        place = _located(call.location)
        if place is not None and call.location is not None and call.location.uncertainty_m > 0:
            alone = len(live) <= CIRCLES_MOST
            outline = _outline(call.location)
            yield Circle(*place, call.location.uncertainty_m, "" if alone else call.incident, outline)


def _own_circle(incident: Incident) -> Circle | None:
    place, location = _located(incident.location), incident.location
    if place is None or location is None or location.uncertainty_m <= 0:
        return None
    return Circle(*place, location.uncertainty_m, incident.id, _outline(location))


def _outline(location: Location) -> tuple[tuple[float, float], ...]:
    """In world units; an outline that cannot be drawn whole is none."""
    if not all(finite_place(lat, lon) for lon, lat in location.outline):
        return ()
    return tuple(to_world(lat, lon) for lon, lat in location.outline)
