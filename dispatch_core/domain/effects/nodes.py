"""Several switches, one set of phones: a phone that talks at one node is left alone by the others.

Each Asterisk knows only of its own calls. So whenever it changes who talks, every node is told anew which phones serve
its queues, and ``talks_elsewhere`` says which do not for the moment. With one node there is nothing to tell.
"""

from __future__ import annotations

from dispatch_core.domain import events as e
from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.effects.seats import serve
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.occupied import occupies
from dispatch_core.domain.state import State

Moved = (
    e.AnswerAsked | e.AnswerDropped | e.CallAnswered | e.PositionReleased | e.CallJoined | e.CallParted | e.CallEnded
    | e.CallFound | e.CallBackAsked | e.CallBackDialling | e.CallBackReached | e.CallBackEnded
)  # fmt: skip


def talks_elsewhere(state: State, position: str, node: str) -> bool:
    """Whether the position's phone talks, or is about to pick up, at another node that is alive. What a node that is
    away may still hold does not count: there the phone itself answers that it is busy."""
    watch = state.watches.get(position)
    at = {call.node for call in state.calls.values() if occupies(call, position)}
    at |= {watch.node} if watch is not None else set()
    return any(other != node and _up(state, other) for other in at)


def _up(state: State, node: str) -> bool:
    known = state.nodes.get(node)
    return known is not None and known.up


@on(e.AnswerAsked, e.AnswerDropped, e.CallAnswered, e.PositionReleased, e.CallJoined, e.CallParted, e.CallEnded,
    e.CallFound, e.CallBackAsked, e.CallBackDialling, e.CallBackReached, e.CallBackEnded)  # fmt: skip
def moved(event: Moved, _: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    if len(state.nodes) < 2 or call is None:
        return ()
    named = {getattr(event, "position", ""), getattr(event, "party", ""), call.position}
    named |= {call.back.position} if call.back is not None else set()
    seats = sorted((named | set(call.positions) | set(call.parties)) & state.positions.keys())
    return tuple(serve(state, position) for position in seats)


@on(e.WatchAsked, e.WatchEnded)
def watches(event: e.WatchAsked | e.WatchEnded, _: Recorded, state: State) -> tuple[Effect, ...]:
    """A phone that listens at one node is not free at the others either."""
    return (serve(state, event.position),) if len(state.nodes) > 1 else ()


@on(e.NodeLost)
def node_lost(event: e.NodeLost, _: Recorded, state: State) -> tuple[Effect, ...]:
    """Who talked or listened there serves at the others again."""
    seats = {watch.position for watch in state.watches.values() if watch.node == event.node} | {
        position
        for call in state.calls.values()
        if call.node == event.node
        for position in state.positions
        if occupies(call, position)
    }
    return tuple(serve(state, position) for position in sorted(seats)) if len(state.nodes) > 1 else ()
