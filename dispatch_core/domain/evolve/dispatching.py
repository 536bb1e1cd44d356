"""What the events of alarm levels, recommendations and crews mean."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    AlarmLevelSet,
    CrewSet,
    OverrideExplained,
    RankingAsked,
    RecommendationOverridden,
    Recorded,
)
from dispatch_core.domain.evolve.routes import awaits
from dispatch_core.domain.evolve.rules import change_incident, change_leg, change_unit, rule, tell
from dispatch_core.domain.state import Incident, Leg, State, Unit
from dispatch_core.domain.vocabulary import Crew, CrewState, Override, Tally

OVERRIDES_KEPT = 20
"""Of one leg in the live state; the story and the journal have them all."""


@rule(AlarmLevelSet)
def alarm_level_set(state: State, event: AlarmLevelSet, recorded: Recorded) -> State:
    def set_level(incident: Incident) -> Incident:
        changed = replace(incident, level=event.level)
        return tell(changed, recorded, "alarm_level", str(event.level), str(event.was), text=event.reason)

    return change_incident(state, event.incident, set_level)


@rule(RankingAsked)
def ranking_asked(state: State, event: RankingAsked, recorded: Recorded) -> State:
    """What was measured before stands until the answer comes."""

    def wait(incident: Incident) -> Incident:
        def measured(leg: Leg) -> Leg:
            return replace(awaits(incident, leg, recorded.at), then=event.then or leg.then)

        changed = incident
        for service in event.services:
            changed = change_leg(changed, service, measured)
            if event.then is not None:
                changed = tell(changed, recorded, "measured_first", service)
        return changed

    return change_incident(state, event.incident, wait)


@rule(RecommendationOverridden)
def recommendation_overridden(state: State, event: RecommendationOverridden, recorded: Recorded) -> State:
    told = Override(
        unit=event.unit, instead=event.instead, sooner_s=event.sooner_s, lacks=event.lacks, at=recorded.at,
        by=recorded.by, reason=event.reason,
    )  # fmt: skip

    def override(leg: Leg) -> Leg:
        return replace(leg, overrides=(*leg.overrides, told)[-OVERRIDES_KEPT:])

    def add(incident: Incident) -> Incident:
        about = (event.unit, event.instead, str(round(event.sooner_s)), *event.lacks)
        return tell(change_leg(incident, event.service, override), recorded, "overridden", *about, text=event.reason)

    return change_incident(state, event.incident, add)


@rule(OverrideExplained)
def override_explained(state: State, event: OverrideExplained, recorded: Recorded) -> State:
    def explain(leg: Leg) -> Leg:
        told = tuple(replace(it, reason=event.reason) if it.unit == event.unit else it for it in leg.overrides)
        return replace(leg, overrides=told)

    def add(incident: Incident) -> Incident:
        leg = incident.legs.get(event.service)
        instead = [it.instead for it in leg.overrides if it.unit == event.unit] if leg is not None else []
        changed = change_leg(incident, event.service, explain)
        return tell(changed, recorded, "override_explained", event.unit, *instead[-1:], text=event.reason)

    return change_incident(state, event.incident, add)


@rule(CrewSet)
def crew_set(state: State, event: CrewSet, recorded: Recorded) -> State:
    """Whoever takes over an empty unit begins with nothing done."""

    def set_crew(unit: Unit) -> Unit:
        crew = Crew(state=event.crew, since=recorded.at, until=event.until, by=recorded.by)
        fresh = unit.crew.state is CrewState.UNSTAFFED and event.crew is CrewState.STAFFED
        return replace(unit, crew=crew, tally=Tally() if fresh else unit.tally)

    return change_unit(state, event.unit, set_crew)
