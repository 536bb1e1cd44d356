"""One decision in the making: events and the candidate state that they lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from dispatch_core.domain.commands import Asked, Body
from dispatch_core.domain.events import Event, Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call, Incident, Leg, State
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState, Service

B = TypeVar("B", bound=Body)


class Story:
    """Collects what happens; ``state`` is always the state after it. Lives only inside one ``decide``."""

    def __init__(self, state: State, asked: Asked, now: Instant) -> None:
        self.state = state
        self.asked = asked
        self.now = now
        self.events: list[Recorded] = []

    @property
    def user(self) -> str:
        return self.asked.actor.name

    def _record(self, event: Event) -> Recorded:
        actor = self.asked.actor
        return Recorded(
            seq=self.state.seq + 1,
            at=self.now,
            by=f"{actor.kind.value}:{actor.name}",
            command=self.asked.id,
            event=event,
        )

    def foresee(self, event: Event) -> State:
        """The state as it would be if ``event`` happened now."""
        return evolve(self.state, self._record(event))

    def happen(self, event: Event) -> None:
        recorded = self._record(event)
        self.state = evolve(self.state, recorded)
        self.events.append(recorded)


Rule = Callable[[Story, Any], Refusal | None]

RULES: dict[type[Body], Rule] = {}


def rule(kind: type[B]) -> Callable[[Callable[[Story, B], Refusal | None]], Callable[[Story, B], Refusal | None]]:
    """Register how a command is decided. A rule that refuses must not have let anything happen before."""

    def register(function: Callable[[Story, B], Refusal | None]) -> Callable[[Story, B], Refusal | None]:
        if kind in RULES:
            raise ValueError(f"two rules for {kind.__name__}")
        RULES[kind] = function
        return function

    return register


def service_named(state: State, service: str) -> Service | str:
    """The service as a refusal names it: with the site's words where the site knows it."""
    return state.site.services.get(service, service)


def open_incident(state: State, incident: str) -> Incident | Refusal:
    """The incident if it can still be worked on, else why not."""
    known = state.incidents.get(incident)
    if known is None:
        return refuse("unknown_incident", incident=incident)
    if known.state is IncidentState.CLOSED:
        return refuse("incident_closed", incident=incident)
    return known


def working_leg(state: State, incident: Incident, service: str) -> Leg | Refusal:
    """The service's leg if it can still be worked on, else why not."""
    leg = incident.legs.get(service)
    if leg is None or leg.state is LegState.CLOSED:
        return refuse("no_leg", incident=incident.id, service=service_named(state, service))
    return leg


def live_call(state: State, call: str) -> Call | Refusal:
    known = state.calls.get(call)
    if known is None:
        return refuse("unknown_call", call=call)
    if not known.state.live:
        return refuse("call_over")
    return known
