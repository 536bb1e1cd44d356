"""Greater alarm, crews, and what is said where another unit goes than the recommended one."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch_core.domain.commands import ExplainOverride, LowerAlarmLevel, RaiseAlarmLevel, RankAgain, SetCrew
from dispatch_core.domain.decide.calming import calm_leg
from dispatch_core.domain.decide.incidents import open_missing_legs, too_long
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.effects.geography import open_services
from dispatch_core.domain.events import (
    AlarmLevelSet,
    CrewSet,
    LegClosed,
    OverrideExplained,
    RankingAsked,
    RecommendationOverridden,
)
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.plans import services_that_want_more
from dispatch_core.domain.recommending import better_than, ranked
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.shifts import MINUTE_MS
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import ALARM_LEVELS, CrewState, LegState
from dispatch_core.domain.words import LEVEL_FIELD

REST_MOST_MIN = 12 * 60


# --- greater alarm ----------------------------------------------------------------------------------------------------


@rule(RaiseAlarmLevel)
def raise_alarm_level(story: Story, body: RaiseAlarmLevel) -> Refusal | None:
    """Opens the legs for which the plans now want more. What is at work stays."""
    incident = _to_level(story, body)
    if isinstance(incident, Refusal):
        return incident
    if body.level < incident.level:
        return refuse("bad_level", limit=ALARM_LEVELS, incident=incident.id, level=incident.level)
    _tell(story, incident, body)
    after = story.state.incidents[incident.id]
    open_missing_legs(story, after, services_that_want_more(story.state, incident, after))
    return None


@rule(LowerAlarmLevel)
def lower_alarm_level(story: Story, body: LowerAlarmLevel) -> Refusal | None:
    """The undo of a slip: a leg that was opened by what is taken back is closed, but never one with units."""
    incident = _to_level(story, body)
    if isinstance(incident, Refusal):
        return incident
    if body.level > incident.level:
        return refuse("bad_level", limit=ALARM_LEVELS, incident=incident.id, level=incident.level)
    _tell(story, incident, body)
    for service, leg in sorted(incident.legs.items()):
        if leg.state is LegState.OPEN and leg.level > body.level and not leg.units:
            story.happen(LegClosed(incident=incident.id, service=service))
            calm_leg(story, incident.id, service)
    return None


def _to_level(story: Story, body: RaiseAlarmLevel | LowerAlarmLevel) -> Incident | Refusal:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if not 1 <= body.level <= ALARM_LEVELS:
        return refuse("bad_level", limit=ALARM_LEVELS, incident=incident.id, level=incident.level)
    if incident.level != body.seen:
        return refuse("changed_meanwhile", what=LEVEL_FIELD, value=incident.level)
    if incident.level == body.level:
        return refuse("already_so")
    return too_long(body.reason, REASON_LIMIT) or incident


def _tell(story: Story, incident: Incident, body: RaiseAlarmLevel | LowerAlarmLevel) -> None:
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    story.happen(AlarmLevelSet(incident=incident.id, was=incident.level, level=body.level, reason=reason))


# --- recommendation ---------------------------------------------------------------------------------------------------


@rule(RankAgain)
def rank_again(story: Story, body: RankAgain) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    services = tuple(it for it in open_services(incident) if body.service in ("", it))
    place = incident.location
    if place is None or place.lat is None or not services:
        return refuse("no_place_to_rank", incident=incident.id)
    story.happen(RankingAsked(incident=incident.id, services=services))
    return None


def tell_overrides(story: Story, incident: Incident, units: Sequence[str], reason: str) -> None:
    """Said before the units are sent: which of them go although a better one was free. Nothing is refused for it."""
    told = one_line(reason.strip(), REASON_LIMIT)
    by_service: dict[str, list[str]] = {}
    for call_sign in units:
        by_service.setdefault(story.state.units[call_sign].service, []).append(call_sign)
    for service, sent in by_service.items():
        ranking = ranked(story.state, incident, service, story.now)
        for call_sign in sent:
            better = better_than(story.state, incident, service, ranking, call_sign, sent)
            if better is None:
                continue
            story.happen(
                RecommendationOverridden(
                    incident=incident.id, service=service, unit=call_sign, instead=better.instead,
                    sooner_s=better.sooner_s, lacks=better.lacks, reason=told,
                )
            )  # fmt: skip


@rule(ExplainOverride)
def explain_override(story: Story, body: ExplainOverride) -> Refusal | None:
    """Even of a closed incident: the reason is asked for when there is time."""
    incident = story.state.incidents.get(body.incident)
    if incident is None:
        return refuse("unknown_incident", incident=body.incident)
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    for service, leg in sorted(incident.legs.items()):
        if any(it.unit == body.unit for it in leg.overrides):
            reason = one_line(body.reason.strip(), REASON_LIMIT)
            story.happen(OverrideExplained(incident=incident.id, service=service, unit=body.unit, reason=reason))
            return None
    return refuse("no_override", unit=body.unit, incident=incident.id)


# --- crews ------------------------------------------------------------------------------------------------------------


@rule(SetCrew)
def set_crew(story: Story, body: SetCrew) -> Refusal | None:
    """A crew at work neither rests nor leaves: it is released first."""
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    if not 0 <= body.rest_min <= REST_MOST_MIN or (body.rest_min and body.crew is not CrewState.RESTING):
        return refuse("bad_rest", limit=REST_MOST_MIN)
    if unit.assignment is not None and body.crew is not CrewState.STAFFED:
        work = unit.assignment
        return refuse("crew_at_work", unit=unit.call_sign, incident=work.incident)
    if unit.crew.state is body.crew and not body.rest_min:
        return refuse("already_so")
    until = story.now + body.rest_min * MINUTE_MS if body.rest_min else 0
    story.happen(CrewSet(unit=unit.call_sign, crew=body.crew, until=until))
    return None
