"""Which open incidents may be the same as the one on the screen, worked out once for each state. No Qt."""

from __future__ import annotations

from dispatch_core.domain.duplicates import Likeness, fold_way, proposals
from dispatch_core.domain.state import Incident, State


class Alike:
    """``of`` answers at once for the state that it was asked of last."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._incident = ""
        self._found: tuple[Likeness, ...] = ()

    def of(self, state: State, incident: str) -> tuple[Likeness, ...]:
        if state is not self._state or incident != self._incident:
            known = state.incidents.get(incident)
            self._found = proposals(state, known) if known is not None else ()
            self._state, self._incident = state, incident
        return self._found


def way(state: State, incident: str, other: str) -> tuple[str, str]:
    """(which is folded, into which) of two incidents that are there."""
    return fold_way(state.incidents[incident], state.incidents[other])


def folded_in(state: State, incident: str) -> list[Incident]:
    """What was folded into this one, the newest first."""
    within = (it for it in state.incidents.values() if it.folded is not None and it.folded.into == incident)
    return sorted(within, key=lambda it: (it.closed_at, it.id), reverse=True)
