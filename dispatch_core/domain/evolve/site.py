"""Site, people, positions, nodes and alarms."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    AlarmHandled,
    AlarmRaised,
    NodeConnected,
    NodeDrained,
    NodeLost,
    NodeRetired,
    PersonSignedIn,
    PersonSignedOut,
    PositionAdded,
    PositionAsked,
    PositionLeft,
    PositionRefused,
    PositionTaken,
    Recorded,
    ResourcesLoaded,
    SiteConfigured,
    TypesLoaded,
    ZoneSetPublished,
)
from dispatch_core.domain.evolve.routes import without_gone_stations
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import Alarm, Duty, Node, Person, Position, State, Unit, drop, put


@rule(SiteConfigured)
def site_configured(state: State, event: SiteConfigured, _: Recorded) -> State:
    positions = {}
    for ident, (label, services) in event.positions.items():
        known = state.positions.get(ident)
        seat = Position(id=ident, label=label, services=services)
        positions[ident] = seat if known is None else replace(seat, user=known.user, duty=known.duty)
    for ident, known in state.positions.items():
        if ident not in positions and known.installing:
            positions[ident] = known
    people = {
        user: person if person.position in positions else replace(person, position="")
        for user, person in state.people.items()
    }
    return replace(state, site=event.site, positions=positions, people=people)


@rule(TypesLoaded)
def types_loaded(state: State, event: TypesLoaded, _: Recorded) -> State:
    return replace(
        state, types=event.types, plans=event.plans, capabilities=event.capabilities, sameness=event.sameness
    )


@rule(ResourcesLoaded)
def resources_loaded(state: State, event: ResourcesLoaded, recorded: Recorded) -> State:
    """A unit that is at work keeps its status and assignment; one that left the list stays until it is free; open
    legs of a station that left it are asked for anew."""
    units: dict[str, Unit] = {}
    for unit in event.units:
        known = state.units.get(unit.call_sign)
        if known is not None:
            unit = replace(
                unit,
                status=known.status,
                status_at=known.status_at,
                status_by=known.status_by,
                assignment=known.assignment,
                crew=known.crew,
                tally=known.tally,
                checked_at=known.checked_at,
                overdue_at=known.overdue_at,
                hospital=known.hospital,
            )
            post = event.stations.get(known.cover)
            if post is not None and post.service == unit.service and post.id != unit.station:
                unit = replace(unit, cover=post.id, cover_at=known.cover_at, lat=post.lat, lon=post.lon)
        units[unit.call_sign] = unit
    for call_sign, known in state.units.items():
        if call_sign not in units and known.assignment is not None:
            units[call_sign] = known
    state = without_gone_stations(state, event.stations, recorded)
    return replace(state, stations=event.stations, units=units)


@rule(ZoneSetPublished)
def zone_set_published(state: State, event: ZoneSetPublished, _: Recorded) -> State:
    return replace(state, zone_sets=put(state.zone_sets, event.ref.service, event.ref))


@rule(PersonSignedIn)
def person_signed_in(state: State, event: PersonSignedIn, recorded: Recorded) -> State:
    known = state.people.get(event.user)
    person = Person(
        user=event.user,
        name=event.name,
        role=event.role,
        session=event.session,
        since=recorded.at,
        position=known.position if known is not None else "",
    )
    return replace(state, people=put(state.people, event.user, person))


@rule(PersonSignedOut)
def person_signed_out(state: State, event: PersonSignedOut, _: Recorded) -> State:
    return replace(state, people=drop(state.people, event.user))


def _seat(state: State, position: str, user: str, duty: Duty) -> State:
    known = state.positions.get(position)
    if known is None:
        return state
    return replace(state, positions=put(state.positions, position, replace(known, user=user, duty=duty)))


@rule(PositionTaken)
def position_taken(state: State, event: PositionTaken, recorded: Recorded) -> State:
    person = state.people.get(event.user)
    if person is not None:
        state = replace(state, people=put(state.people, event.user, replace(person, position=event.position)))
    return _seat(state, event.position, event.user, Duty(since=recorded.at))


@rule(PositionLeft)
def position_left(state: State, event: PositionLeft, _: Recorded) -> State:
    person = state.people.get(event.user)
    if person is not None:
        state = replace(state, people=put(state.people, event.user, replace(person, position="")))
    return _seat(state, event.position, "", Duty())


@rule(PositionAsked)
def position_asked(state: State, event: PositionAsked, _: Recorded) -> State:
    seat = Position(id=event.position, label=event.label, services=event.services, installing=True)
    return replace(state, positions=put(state.positions, event.position, seat))


@rule(PositionAdded)
def position_added(state: State, event: PositionAdded, _: Recorded) -> State:
    known = state.positions.get(event.position)
    if known is None:
        return state
    return replace(state, positions=put(state.positions, event.position, replace(known, installing=False)))


@rule(PositionRefused)
def position_refused(state: State, event: PositionRefused, _: Recorded) -> State:
    known = state.positions.get(event.position)
    if known is None or not known.installing:
        return state
    return replace(state, positions=drop(state.positions, event.position))


@rule(NodeConnected)
def node_connected(state: State, event: NodeConnected, recorded: Recorded) -> State:
    known = state.nodes.get(event.node, Node(id=event.node))
    node = replace(known, up=True, booted=event.booted, since=recorded.at)
    return replace(state, nodes=put(state.nodes, event.node, node))


@rule(NodeLost)
def node_lost(state: State, event: NodeLost, recorded: Recorded) -> State:
    known = state.nodes.get(event.node, Node(id=event.node))
    return replace(state, nodes=put(state.nodes, event.node, replace(known, up=False, since=recorded.at)))


@rule(NodeDrained)
def node_drained(state: State, event: NodeDrained, _: Recorded) -> State:
    known = state.nodes.get(event.node)
    if known is None:
        return state
    return replace(state, nodes=put(state.nodes, event.node, replace(known, draining=event.on)))


@rule(NodeRetired)
def node_retired(state: State, event: NodeRetired, _: Recorded) -> State:
    return replace(state, nodes=drop(state.nodes, event.node))


@rule(AlarmRaised)
def alarm_raised(state: State, event: AlarmRaised, recorded: Recorded) -> State:
    known = state.alarms.get(event.key)
    if known is None:
        alarm = Alarm(
            key=event.key, kind=event.kind, subject=event.subject, level=event.level, raised_at=recorded.at
        )
    else:
        alarm = replace(known, count=known.count + 1)
    return replace(state, alarms=put(state.alarms, event.key, alarm))


@rule(AlarmHandled)
def alarm_handled(state: State, event: AlarmHandled, _: Recorded) -> State:
    return replace(state, alarms=drop(state.alarms, event.key))
