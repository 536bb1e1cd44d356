"""Clocks that colour, then sound: how late each thing is by the site's table, and which of it this person hears. No Qt.

A clock colours on every board; it sounds only at the desks of those who must act, and only at the two upper levels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import TypeVar

from console_gui.promises import offer_of, waits
from console_gui.translations import offer_sentences, sentences
from console_gui.translations.formats import one_line, phone, short
from console_gui.translations.tables import say
from dispatch_core.domain.offering import pending
from dispatch_core.domain.safety import alarms_of, heard_at, limit_ms
from dispatch_core.domain.state import Alarm, Call, Incident, Offer, Person, State, Unit
from dispatch_core.domain.views import ALARMS_OF_WORK
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    ClockRule,
    IncidentState,
    Instant,
    LegState,
    Role,
    UnitStatus,
)

T = TypeVar("T")

SOUNDED = (AlarmLevel.CRITICAL, AlarmLevel.HIGH)
MOST_URGENT = 1


OF_THE_SWITCH = frozenset(
    {"forged_event", "odd_identity", "message_parked", "events_stopped", "numbers_not_marked", "surge_not_told"}
)
"""Nothing that a dispatcher could do anything about."""


class Stage(IntEnum):
    CALM = 0
    ATTENTION = 1
    LATE = 2


def stage(age_ms: int, limit: int, share: float) -> Stage:
    """``limit`` in ms, 0 = never late."""
    if limit <= 0 or age_ms < limit * share:
        return Stage.CALM
    return Stage.LATE if age_ms > limit else Stage.ATTENTION


def _by(rule: ClockRule, since: Instant, now: Instant) -> Stage:
    return stage(now - since, rule.limit_s * 1000, rule.attention) if since else Stage.CALM


def of_call(state: State, call: Call, now: Instant) -> Stage:
    return _by(state.site.clocks.ringing, call.arrived_at, now) if waits(call) else Stage.CALM


def of_unit(state: State, unit: Unit, now: Instant) -> Stage:
    """In its status for too long: by what the site says of crews, and of an order that nobody confirmed. An offer has a
    clock of its own."""
    clocks = state.site.clocks
    told = stage(abs(now - heard_at(unit)), limit_ms(state.site.safety, unit), clocks.safety.attention)
    if unit.status is UnitStatus.OFFERED and offer_of(state, unit) is None:
        return max(told, _by(clocks.unconfirmed, unit.status_at, now))
    return told


def of_incident(state: State, incident: Incident, now: Instant) -> Stage:
    """The most urgent ones, as long as no unit is on them."""
    if incident.priority != MOST_URGENT or incident.state is IncidentState.CLOSED:
        return Stage.CALM
    if any(leg.units for leg in incident.legs.values()):
        return Stage.CALM
    return _by(state.site.clocks.no_unit, incident.received_at, now)


# --- what sounds ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ring:
    """Something that sounds until it is silenced or over. ``key`` is the same as long as it is the same thing."""

    key: str
    level: AlarmLevel
    since: Instant
    sentence: Callable[[str], str]
    repeat_s: int = 0


PIECE = 200
"""Things that are looked at in one step."""


def rings(state: State, person: Person, now: Instant) -> list[Ring]:
    """Everything that sounds for this person now, the worst and oldest first."""
    return in_order(scan(state, person, now))


def in_order(found: Iterable[Ring | None]) -> list[Ring]:
    return sorted(filter(None, found), key=lambda it: (SOUNDED.index(it.level), it.since, it.key))


def scan(state: State, person: Person, now: Instant) -> Iterator[Ring | None]:
    """The same in no order, with None after each step: a whole city is looked through every second."""
    clocks = state.site.clocks
    yield from _alarms(state, person)
    if person.role is not Role.TELEPHONY_ADMIN:
        for rule, those in (
            (clocks.ringing, _ringing), (clocks.offer, _offers), (clocks.unconfirmed, _unconfirmed),
            (clocks.no_unit, _no_unit),
        ):  # fmt: skip
            if rule.level in SOUNDED:
                yield from those(state, person, rule, now)


def _in_pieces(things: Iterable[T]) -> Iterator[T | None]:
    for number, it in enumerate(things, 1):
        yield it
        if number % PIECE == 0:
            yield None


def _leads(person: Person) -> bool:
    return person.role is Role.SUPERVISOR


def _mine(state: State, person: Person, incident: Incident, service: str = "") -> bool:
    """Whose it is must act; of what is nobody's, who could take it; and the supervisor of all."""
    leg = incident.legs.get(service)
    owner = (leg.dispatcher if leg is not None else "") or incident.owner
    if owner in state.people:
        return owner == person.user or _leads(person)
    seat = state.positions.get(person.position)
    services = {service} if service else {*incident.services, *incident.legs}
    return _leads(person) or (seat is not None and bool(services & set(seat.services)))


def _ringing(state: State, person: Person, rule: ClockRule, now: Instant) -> Iterator[Ring]:
    """One for each service, by the caller who waits longest: with ten who wait, ten sounds would say no more. What
    overflowed is for every seat."""
    seat = state.positions.get(person.position)
    oldest: dict[str, Call] = {}
    for call in state.calls.values():
        code = call.services[0] if call.services else ""
        known = oldest.get(code)
        if of_call(state, call, now) is Stage.LATE and (known is None or call.arrived_at < known.arrived_at):
            oldest[code] = call
    for call in oldest.values():
        serves = seat is not None and (call.overflowed or bool(set(call.services) & set(seat.services)))
        if serves or _leads(person):
            yield Ring(
                f"ringing:{call.id}", rule.level, call.arrived_at, partial(_ringing_said, state, call), rule.repeat_s
            )


def _offers(state: State, person: Person, rule: ClockRule, now: Instant) -> Iterator[Ring | None]:
    late = state.site.offers.late_s * 1000
    for incident in _in_pieces(state.incidents.values()):
        if incident is None:
            yield None
            continue
        if incident.state is IncidentState.CLOSED:
            continue
        for service, leg in incident.legs.items():
            for offer in pending(leg) if leg.offers and leg.state is LegState.OPEN else ():
                if offer.until and late and offer.until - now <= late and _mine(state, person, incident, service):
                    said = partial(_offer_said, state, incident, offer)
                    yield Ring(f"offer:{offer.id}", rule.level, offer.until - late, said, rule.repeat_s)


def _unconfirmed(state: State, person: Person, rule: ClockRule, now: Instant) -> Iterator[Ring | None]:
    """Where the core has raised an alarm for the same crew, that sounds and not this."""
    for unit in _in_pieces(state.units.values()):
        if unit is None:
            yield None
            continue
        work = unit.assignment
        if work is None or unit.status is not UnitStatus.OFFERED or work.until:
            continue
        incident = state.incidents.get(work.incident)
        if incident is None or _by(rule, unit.status_at, now) is not Stage.LATE:
            continue
        if _mine(state, person, incident, work.service) and not alarms_of(state, unit.call_sign):
            said = partial(_unit_said, unit.call_sign, incident.id)
            yield Ring(f"unconfirmed:{unit.call_sign}", rule.level, unit.status_at, said, rule.repeat_s)


def _no_unit(state: State, person: Person, rule: ClockRule, now: Instant) -> Iterator[Ring | None]:
    for incident in _in_pieces(state.incidents.values()):
        if incident is None:
            yield None
        elif of_incident(state, incident, now) is Stage.LATE and _mine(state, person, incident):
            said = partial(_incident_said, incident.id)
            yield Ring(f"no_unit:{incident.id}", rule.level, incident.received_at, said, rule.repeat_s)


def _alarms(state: State, person: Person) -> Iterator[Ring]:
    clocks = state.site.clocks
    repeat = {AlarmLevel.CRITICAL: clocks.critical_repeat_s, AlarmLevel.HIGH: clocks.high_repeat_s}
    for key, alarm in state.alarms.items():
        if alarm.level in SOUNDED and _hears(state, person, alarm):
            said = partial(_alarm_said, state, alarm)
            yield Ring(f"alarm:{key}:{alarm.count}", alarm.level, alarm.raised_at, said, repeat[alarm.level])


def _hears(state: State, person: Person, alarm: Alarm) -> bool:
    """An alarm about work is for those who do it, one about a service for its seats, one about the switch for who looks
    after it; all of them for who leads, and every other for all who see it."""
    if alarm.kind in OF_THE_SWITCH:
        return person.role is not Role.DISPATCHER
    if alarm.subject in state.site.services and alarm.kind != "nobody_ready":  # those callers are everybody's
        seat = state.positions.get(person.position)
        return _leads(person) or (seat is not None and alarm.subject in seat.services)
    if alarm.kind not in ALARMS_OF_WORK:
        return True
    if alarm.kind == "shift_waits":
        over = state.hand_overs.get(alarm.subject)
        return _leads(person) or (over is not None and person.user in (over.user, over.to))
    unit = state.units.get(alarm.subject)
    work = unit.assignment if unit is not None else None
    ident, _, service = (work.incident, "", work.service) if work is not None else alarm.subject.partition(".")
    incident = state.incidents.get(ident)
    return incident is None or _mine(state, person, incident, service)


# --- and how it reads -------------------------------------------------------------------------------------------------


def _ringing_said(state: State, call: Call, language: str) -> str:
    code = call.services[0] if call.services else ""
    number = sentences.number_of(state, code) or one_line(call.dialled, 20)
    caller = phone(one_line(call.number, 40)) or say(language, "form.hidden_number")
    return say(language, "ring.ringing", number=number, caller=caller)


def _offer_said(state: State, incident: Incident, offer: Offer, language: str) -> str:
    who = offer_sentences.asked(state, offer, language)
    return say(language, "ring.offer", who=who, incident=short(incident.id))


def _unit_said(unit: str, incident: str, language: str) -> str:
    return say(language, "ring.unconfirmed", unit=unit, incident=short(incident))


def _incident_said(incident: str, language: str) -> str:
    return say(language, "ring.no_unit", incident=short(incident))


def _alarm_said(state: State, alarm: Alarm, language: str) -> str:
    return sentences.alarm(alarm, language, state)
