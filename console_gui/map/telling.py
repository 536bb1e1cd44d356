"""What the pointer reads: name, status and age of a mark, as lines of plain text. Without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console_gui.map.ages import Age
from console_gui.map.lettering import UnitWords
from console_gui.map.marks import Scene, UnitMark, late_incidents
from console_gui.map.picking import Kind, Target
from console_gui.map.words import said
from console_gui.signs import unit_words
from console_gui.translations.formats import ago, duration, one_line, seconds, short, wall_clock
from console_gui.translations.tables import say
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import Instant, UnitStatus

LINES_MOST = 8
LABEL_MOST = 90


def tell(
    target: Target, state: State, language: str, now: Instant, seen_at: Mapping[str, Instant] = MappingProxyType({})
) -> str:
    """``now`` 0: not known yet, ages are told as the time of day. ``seen_at``: when each unit reported its place; one
    that did not is at its station."""
    if target.kind is Kind.INCIDENT:
        return "\n".join(_incident(target.id, state, language, now))
    if target.kind is Kind.UNIT:
        return "\n".join(_unit(target.id, state, language, now, seen_at.get(target.id, 0)))
    if target.kind is Kind.STATION:
        return "\n".join(_station(target.id, state, language))
    if target.kind is Kind.INCIDENTS:
        lines = [said("incidents", language, count=len(target.members))]
        lines += [_short_incident(it, state, language) for it in target.members[:LINES_MOST]]
    else:
        units = [state.units[it] for it in target.members if it in state.units]
        free = sum(unit.status is UnitStatus.AVAILABLE for unit in units)
        lines = [said("units", language, count=len(target.members), available=free)]
        lines += [f"{one_line(it.call_sign)} · {_status(it.status, language)}" for it in units[:LINES_MOST]]
    if len(target.members) > LINES_MOST:
        lines.append(said("more", language, count=len(target.members) - LINES_MOST))
    return "\n".join([*lines, said("open_group", language)])


def unit_words_at(language: str, now: Instant, seen_at: Mapping[str, Instant], chosen: str) -> UnitWords:
    """What stands beside each unit: an old position never without its age, the chosen unit's always with it."""

    def words(mark: UnitMark) -> str:
        text = unit_words(mark.id, mark.status)
        seen = seen_at.get(mark.id, 0)
        if mark.age is Age.LOST and not seen:
            return f"{text} · {said('age.none', language)}"
        if mark.id == chosen and seen and now and mark.age is Age.NOW:
            return f"{text} · {seconds(max(0, now - seen) / 1000, language)}"
        if mark.age is Age.NOW:
            return text
        return f"{text} · {said(f'age.{mark.age.value}', language, minutes=mark.minutes)}"

    return words


def describe(scene: Scene, language: str) -> str:
    """The whole map in a sentence, and its keys: for who cannot see it."""
    told = said(
        "described", language,
        incidents=sum(not it.closed for it in scene.incidents), urgent=sum(it.urgent for it in scene.incidents),
        units=len(scene.units), available=sum(it.available for it in scene.units),
    )  # fmt: skip
    return f"{told}. {said('keys', language)}"


def _status(status: UnitStatus, language: str) -> str:
    return say(language, f"status.{status}")


def _since(at: Instant, state: State, language: str, now: Instant) -> str:
    if at <= 0:
        return ""
    if now:
        return duration(now - at)
    return said("since", language, time=wall_clock(at, state.site.utc_offset_min, "%H:%M"))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _service(code: str, state: State, language: str) -> str:
    service = state.site.services.get(code)
    return code if service is None else (service.en if language == "en" else service.vi)


def _type(incident: Incident, state: State, language: str) -> str:
    kind = state.types.get(incident.type)
    return "" if kind is None else (kind.en if language == "en" else kind.vi)


def _short_incident(ident: str, state: State, language: str) -> str:
    incident = state.incidents.get(ident)
    if incident is None:
        return short(ident)
    return _joined(f"P{incident.priority} {short(ident)}", _type(incident, state, language))


def _incident(ident: str, state: State, language: str, now: Instant) -> list[str]:
    incident = state.incidents.get(ident)
    if incident is None:
        return [short(ident)]
    late = said("late", language) if ident in late_incidents(state, now) else ""
    place = incident.location
    around = f"±{place.uncertainty_m:.0f} m" if place is not None and place.uncertainty_m > 0 else ""
    services = ", ".join(_service(code, state, language) for code in incident.legs or incident.services)
    lines = [
        _joined(short(ident), f"P{incident.priority}", _type(incident, state, language), late),
        _joined(say(language, f"incident.{incident.state}"), _since(incident.received_at, state, language, now)),
        _joined(one_line(place.label, LABEL_MOST) if place is not None else "", around),
        services,
    ]
    return [line for line in lines if line]


def _unit(call_sign: str, state: State, language: str, now: Instant, seen_at: Instant) -> list[str]:
    unit = state.units.get(call_sign)
    if unit is None:
        return [call_sign]
    station = state.stations.get(unit.station)
    incident = unit.assignment.incident if unit.assignment is not None else ""
    lines = [
        _joined(one_line(unit.call_sign), one_line(unit.label)),
        _joined(_status(unit.status, language), _since(unit.status_at, state, language, now)),
        said("of_incident", language, number=short(incident)) if incident else "",
        one_line(station.name) if station is not None else "",
        said("seen", language, ago=ago(now - seen_at, language)) if seen_at and now else said("not_seen", language),
    ]
    return [line for line in lines if line]


def _station(ident: str, state: State, language: str) -> list[str]:
    station = state.stations.get(ident)
    if station is None:
        return [ident]
    own = [unit for unit in state.units.values() if unit.station == ident]
    free = sum(unit.status is UnitStatus.AVAILABLE for unit in own)
    return [
        one_line(station.name),
        _service(station.service, state, language),
        said("units", language, count=len(own), available=free),
    ]
