"""What follows from who sits where: queues that are served, positions that are installed, sessions that end."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.events import (
    NodeConnected,
    PersonSignedOut,
    PositionAdded,
    PositionAsked,
    PositionLeft,
    PositionNotReady,
    PositionReady,
    PositionTaken,
    Recorded,
    WrapUpBegan,
)
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import DutyState

SeatChanged = PositionTaken | PositionLeft | PositionAdded | PositionReady | PositionNotReady | WrapUpBegan


class ServeQueues(Effect, frozen=True):
    """Somebody sits at the position and is ready: its phone takes calls of its services' queues; or not, and ``why``.
    Saying so again does no harm, and is needed after a switch started anew."""

    position: str
    on: bool
    why: str = ""


class InstallPosition(Effect, frozen=True):
    DOER: ClassVar[str] = "trunk"

    position: str
    label: str
    services: tuple[str, ...]


class EndSession(Effect, frozen=True):
    user: str


def serve(state: State, position: str) -> ServeQueues:
    """What the state after the batch says of the seat, whichever way it came there."""
    seat = state.positions.get(position)
    if seat is None or not seat.user:
        return ServeQueues(position, False)
    if seat.duty.state is DutyState.READY:
        return ServeQueues(position, True)
    return ServeQueues(position, False, seat.duty.why or seat.duty.state.value)


@on(PositionTaken, PositionLeft, PositionAdded, PositionReady, PositionNotReady, WrapUpBegan)
def seat_changed(event: SeatChanged, _: Recorded, state: State) -> tuple[Effect, ...]:
    return (serve(state, event.position),)


@on(NodeConnected)
def node_connected(_: NodeConnected, __: Recorded, state: State) -> tuple[Effect, ...]:
    seats = sorted(state.positions.items())
    return tuple(serve(state, position) for position, seat in seats if not seat.installing)


@on(PositionAsked)
def position_asked(event: PositionAsked, _: Recorded, __: State) -> tuple[Effect, ...]:
    return (InstallPosition(event.position, event.label, event.services),)


@on(PersonSignedOut)
def signed_out(event: PersonSignedOut, _: Recorded, __: State) -> tuple[Effect, ...]:
    return (EndSession(event.user),)
