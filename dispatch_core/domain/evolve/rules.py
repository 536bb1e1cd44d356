"""The table from event type to its rule, and the small steps that many rules share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from dispatch_core.domain.events import Happened, Recorded
from dispatch_core.domain.state import Call, Incident, Leg, Note, State, Unit, put

E = TypeVar("E", bound=Happened)
Rule = Callable[[State, Any, Recorded], State]

RULES: dict[type[Happened], Rule] = {}

NOTES_KEPT = 500
"""Lines of story that an incident carries in the live state; the journal has them all."""

TYPED = frozenset({"note", "draft_left"})
"""The kinds of lines that a person wrote into the story."""


def rule(kind: type[E]) -> Callable[[Callable[[State, E, Recorded], State]], Callable[[State, E, Recorded], State]]:
    def register(function: Callable[[State, E, Recorded], State]) -> Callable[[State, E, Recorded], State]:
        if kind in RULES:
            raise ValueError(f"two rules for {kind.__name__}")
        RULES[kind] = function
        return function

    return register


def with_call(state: State, call: str, /, **changes: Any) -> State:
    known = state.calls.get(call)
    if known is None:
        return state
    return replace(state, calls=put(state.calls, call, replace(known, **changes)))


def change_call(state: State, call: str, how: Callable[[Call], Call]) -> State:
    known = state.calls.get(call)
    return state if known is None else replace(state, calls=put(state.calls, call, how(known)))


def change_incident(state: State, incident: str, how: Callable[[Incident], Incident]) -> State:
    """Every change of an incident raises its version."""
    known = state.incidents.get(incident)
    if known is None:
        return state
    changed = how(known)
    return replace(state, incidents=put(state.incidents, incident, replace(changed, version=known.version + 1)))


def change_unit(state: State, unit: str, how: Callable[[Unit], Unit]) -> State:
    known = state.units.get(unit)
    return state if known is None else replace(state, units=put(state.units, unit, how(known)))


def change_leg(incident: Incident, service: str, how: Callable[[Leg], Leg]) -> Incident:
    leg = incident.legs.get(service)
    return incident if leg is None else replace(incident, legs=put(incident.legs, service, how(leg)))


def tell(incident: Incident, recorded: Recorded, kind: str, *about: str, text: str = "") -> Incident:
    """Add a line to the incident's story."""
    line = Note(at=recorded.at, by=recorded.by, kind=kind, about=about, text=text)
    return replace(incident, notes=kept((*incident.notes, line)))


def kept(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """What somebody typed stays longest: the oldest lines that came about by themselves leave before it, or a crowd of
    callers would push a warning out. The newest line of all always stays."""
    over = len(notes) - NOTES_KEPT
    if over <= 0:
        return notes
    by_itself = [at for at, note in enumerate(notes[:-1]) if note.kind not in TYPED]
    gone = frozenset(by_itself[:over])
    return tuple(note for at, note in enumerate(notes) if at not in gone)[-NOTES_KEPT:]
