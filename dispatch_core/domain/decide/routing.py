"""What the geography found for an incident: zones and stations for its legs, and who could go."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from dispatch_core.domain.commands import RouteFound, RouteOverdue
from dispatch_core.domain.decide.alarms import clear_alarm, raise_alarm
from dispatch_core.domain.decide.calming import NOT_ROUTED
from dispatch_core.domain.decide.offers import resume
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import IncidentRouted, RouteAskedAgain, RouteGivenUp
from dispatch_core.domain.offering import stands_at, station_order
from dispatch_core.domain.recommending import Ranking, recommend
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.route_clocks import ROUTE_TRIES, late
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import AlarmLevel, IncidentState

UNFIT_KEPT = 100


@rule(RouteFound)
def route_found(story: Story, body: RouteFound) -> Refusal | None:
    """An answer for an older place is ignored: the newer one is being worked on; so is one that was overtaken by an
    answer that knew more (of a road that was closed meanwhile). Who is recommended is decided on the
    units as they are now, not as they were when the question was asked."""
    incident = story.state.incidents.get(body.incident)
    if incident is None or incident.state is IncidentState.CLOSED:
        return refuse("nothing_new")
    if body.location_version != incident.location_version:
        return refuse("stale_answer")
    late = frozenset(service for service, leg in incident.legs.items() if body.seen < leg.routed_seen)
    answers = {service: answer for service, answer in body.answers.items() if service not in late}
    reaches = {service: reach for service, reach in body.reaches.items() if service not in late}
    if late and not answers and not reaches:
        return refuse("stale_answer")
    found = {
        service: recommend(story.state, incident, service, reach, story.now) for service, reach in reaches.items()
    }
    waited = {service: leg.then for service, leg in incident.legs.items() if leg.then is not None and service in found}
    routed = IncidentRouted(
        incident=body.incident,
        location_version=body.location_version,
        answers=answers,
        candidates={service: ranking.candidates for service, ranking in found.items()},
        passed={service: ranking.passed for service, ranking in found.items()},
        asked=body.asked,
        seen=body.seen,
    )
    story.happen(replace(routed, unfit=_unfit(story.foresee(routed), body.incident, found)))
    for service in (*answers, *found):
        clear_alarm(story, NOT_ROUTED, f"{body.incident}.{service}")
    resume(story, body.incident, waited)
    return None


def _unfit(after: State, incident: str, found: Mapping[str, Ranking]) -> dict[str, tuple[str, ...]]:
    """Of the crews that cannot come and are too many to be kept with their reasons: those at the stations that may be
    asked, so that none of them is proposed there."""
    unfit: dict[str, tuple[str, ...]] = {}
    for service, leg in after.incidents[incident].legs.items():
        gone = found[service].unfit if service in found else ()
        stations = frozenset(station_order(after, leg)) if gone else frozenset()
        there = tuple(sign for sign in gone if stands_at(after.units[sign]) in stations)
        if there:
            unfit[service] = there[:UNFIT_KEPT]
    return unfit


@rule(RouteOverdue)
def route_overdue(story: Story, body: RouteOverdue) -> Refusal | None:
    """Asked again a few times, then people are told: they send whom they see on the map."""
    incident = story.state.incidents.get(body.incident)
    waiting = late(incident, story.now) if incident is not None else ()
    if incident is None or not waiting:
        return NOTHING
    over = tuple(service for service in waiting if incident.legs[service].route_tries >= ROUTE_TRIES)
    again = tuple(service for service in waiting if service not in over)
    if again:
        story.happen(RouteAskedAgain(incident=incident.id, services=again))
    for service in over:
        story.happen(RouteGivenUp(incident=incident.id, service=service))
        raise_alarm(story, "not_routed", f"{incident.id}.{service}", AlarmLevel.HIGH)
    return None
