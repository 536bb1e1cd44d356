"""What it means for a seat to be ready or not. Whoever takes a seat is ready; an empty seat is as if it were."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    PositionNotReady,
    PositionReady,
    Recorded,
    ServiceReady,
    ServiceUnready,
    WrapUpBegan,
)
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import Duty, State, drop, put
from dispatch_core.domain.vocabulary import DutyState


def _on_duty(state: State, position: str, duty: Duty) -> State:
    known = state.positions.get(position)
    if known is None:
        return state
    return replace(state, positions=put(state.positions, position, replace(known, duty=duty)))


@rule(PositionReady)
def position_ready(state: State, event: PositionReady, recorded: Recorded) -> State:
    return _on_duty(state, event.position, Duty(since=recorded.at))


@rule(PositionNotReady)
def position_not_ready(state: State, event: PositionNotReady, recorded: Recorded) -> State:
    return _on_duty(state, event.position, Duty(state=DutyState.NOT_READY, why=event.why, since=recorded.at))


@rule(WrapUpBegan)
def wrap_up_began(state: State, event: WrapUpBegan, recorded: Recorded) -> State:
    return _on_duty(state, event.position, Duty(state=DutyState.WRAP_UP, since=recorded.at, until=event.until))


@rule(ServiceUnready)
def service_unready(state: State, event: ServiceUnready, recorded: Recorded) -> State:
    return replace(state, unready=put(state.unready, event.service, recorded.at))


@rule(ServiceReady)
def service_ready(state: State, event: ServiceReady, _: Recorded) -> State:
    return replace(state, unready=drop(state.unready, event.service))
