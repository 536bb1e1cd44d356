"""Which numbers a switch knows to stand behind, and when a number's history is read again.

The switch must know it without asking: each is told at once, and everything anew when it connects.
"""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.commands import Command, NumbersNotMarked
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import (
    IncidentClosed,
    IncidentFolded,
    NodeConnected,
    NumberForgotten,
    NumberRated,
    NumberSet,
    Recorded,
    TypeSet,
)
from dispatch_core.domain.nuisance import stands_behind
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Direction


class MarkNumbers(SwitchOrder, frozen=True):
    """These numbers stand behind (True) or no longer (False). ``everything``: no other one does."""

    marks: tuple[tuple[str, bool], ...]
    everything: bool = False

    def failed(self, why: str) -> Command:
        return NumbersNotMarked(node=self.node, why=why)


class RateNumbers(Effect, frozen=True):
    """A question to the history; without numbers: every one whose history may matter."""

    DOER: ClassVar[str] = "history"

    numbers: tuple[str, ...]


@on(NumberRated, NumberSet, NumberForgotten)
def number_changed(
    event: NumberRated | NumberSet | NumberForgotten, recorded: Recorded, state: State
) -> tuple[Effect, ...]:
    mark = (event.number, stands_behind(state.nuisance.get(event.number), recorded.at))
    return tuple(MarkNumbers(node, (mark,)) for node, it in sorted(state.nodes.items()) if it.up)


@on(NodeConnected)
def node_connected(event: NodeConnected, recorded: Recorded, state: State) -> tuple[Effect, ...]:
    behind = sorted(number for number, it in state.nuisance.items() if stands_behind(it, recorded.at))
    return (MarkNumbers(event.node, tuple((number, True) for number in behind), everything=True),)


def _numbers(state: State, incident: str) -> tuple[str, ...]:
    known = state.incidents.get(incident)
    calls = (state.calls[call] for call in (known.calls if known is not None else ()) if call in state.calls)
    return tuple(sorted({it.number for it in calls if it.number and it.direction is Direction.INCOMING}))


@on(IncidentClosed)
def incident_closed(event: IncidentClosed, _: Recorded, state: State) -> tuple[Effect, ...]:
    numbers = _numbers(state, event.incident)
    return (RateNumbers(numbers),) if numbers else ()


@on(IncidentFolded)
def incident_folded(event: IncidentFolded, _: Recorded, state: State) -> tuple[Effect, ...]:
    """Who called about what turns out to be real is cleared with the others."""
    into = state.incidents.get(event.into)
    return _cleared(state, into.id) if into is not None and into.type else ()


@on(TypeSet)
def type_set(event: TypeSet, _: Recorded, state: State) -> tuple[Effect, ...]:
    """A real incident clears its caller at once."""
    return _cleared(state, event.incident)


def _cleared(state: State, incident: str) -> tuple[Effect, ...]:
    numbers = tuple(number for number in _numbers(state, incident) if number in state.nuisance)
    return (RateNumbers(numbers),) if numbers else ()
