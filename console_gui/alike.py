"""Which open incidents may be the same as the one on the screen, worked out once for each state. No Qt."""

from __future__ import annotations

from collections.abc import Generator

from console_gui.steps import in_one_go
from dispatch_core.domain.duplicates import Likeness, fold_way, proposing
from dispatch_core.domain.state import Incident, State


class Alike:
    """Answers at once for the state that it was asked of last."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._incident = ""
        self._found: tuple[Likeness, ...] = ()

    def of(self, state: State, incident: str) -> tuple[Likeness, ...]:
        return in_one_go(self.finding(state, incident))

    def finding(self, state: State, incident: str) -> Generator[None, None, tuple[Likeness, ...]]:
        """As ``of``, in steps."""
        if state is self._state and incident == self._incident:
            return self._found
        known = state.incidents.get(incident)
        found = (yield from proposing(state, known)) if known is not None else ()
        self._state, self._incident, self._found = state, incident, found
        return found


def way(state: State, incident: str, other: str) -> tuple[str, str]:
    """(which is folded, into which) of two incidents that are there."""
    return fold_way(state.incidents[incident], state.incidents[other])


def folded_in(state: State, incident: str) -> list[Incident]:
    """What was folded into this one, the newest first."""
    within = (it for it in state.incidents.values() if it.folded is not None and it.folded.into == incident)
    return sorted(within, key=lambda it: (it.closed_at, it.id), reverse=True)
