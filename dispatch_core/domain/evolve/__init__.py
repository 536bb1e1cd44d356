"""``evolve(state, recorded) -> state``: the one meaning of every event, in the core and in every console.

Total: an event about something that this view does not hold changes nothing but the sequence number, so that the
same function serves the views that leave things out (``views``) and journals whose personal fields were erased.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import (  # noqa: F401  (each registers its rules)
    call_back,
    calls,
    closures,
    desks,
    dispatching,
    duty,
    folding,
    incidents,
    locations,
    map,
    missed,
    nuisance,
    offers,
    places,
    recordings,
    redirecting,
    routes,
    silence,
    site,
    steering,
    surge,
    texts,
    triage,
    trunk,
    units,
)
from dispatch_core.domain.evolve.rules import RULES
from dispatch_core.domain.state import State


def evolve(state: State, recorded: Recorded) -> State:
    """The state after ``recorded``. Raises ValueError on a gap: events are applied one by one, in order."""
    if recorded.seq != state.seq + 1:
        raise ValueError(f"event {recorded.seq} does not follow {state.seq}")
    return replace(RULES[type(recorded.event)](state, recorded.event, recorded), seq=recorded.seq)


def pass_over(state: State, seq: int) -> State:
    """The state after an event that this view does not show."""
    if seq != state.seq + 1:
        raise ValueError(f"event {seq} does not follow {state.seq}")
    return replace(state, seq=seq)


def fold(state: State, story: Iterable[Recorded]) -> State:
    for recorded in story:
        state = evolve(state, recorded)
    return state
