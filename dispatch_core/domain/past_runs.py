"""How long units were on the road, and how long that had been said to take: read from the journal, in its order.

Pure. Nothing personal is read: who called, where and why do not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch_core.domain.events import (
    IncidentClosed,
    IncidentRouted,
    Recorded,
    UnitAssigned,
    UnitReleased,
    UnitStatusSet,
)
from dispatch_core.domain.vocabulary import Candidate, Instant, Measured, UnitStatus

READ = (IncidentRouted, UnitAssigned, UnitReleased, UnitStatusSet, IncidentClosed)
"""The events that tell of runs; all others may be left out."""

INCIDENTS_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class PastRun:
    """One way of a unit to an incident. ``said_s``: as it was recommended; ``took_s``: from setting out to arriving."""

    unit: str
    set_out: Instant
    said_s: float
    took_s: float


class PastRuns:
    """Feed it the journal's events in order; each arrival at a scene gives a run, where all of it is known."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, Candidate]] = {}  # by incident, by unit
        self._on_way: dict[str, tuple[float, Instant]] = {}  # by unit: seconds said, when it set out (0: not yet)

    def feed(self, recorded: Recorded) -> PastRun | None:
        event = recorded.event
        if isinstance(event, IncidentRouted):
            self._remember(event)
        elif isinstance(event, UnitAssigned):
            it = self._said.get(event.incident, {}).get(event.unit)
            self._on_way.pop(event.unit, None)
            if it is not None and it.measured is Measured.ROAD:  # the straight line teaches nothing about streets
                self._on_way[event.unit] = (it.seconds, 0)
        elif isinstance(event, UnitReleased):
            self._on_way.pop(event.unit, None)
        elif isinstance(event, UnitStatusSet):
            return self._moved(event, recorded.at)
        elif isinstance(event, IncidentClosed):
            self._said.pop(event.incident, None)
        return None

    def _remember(self, event: IncidentRouted) -> None:
        known = self._said.pop(event.incident, {})
        for candidates in event.candidates.values():
            known |= {it.unit: it for it in candidates}
        self._said[event.incident] = known
        if len(self._said) > INCIDENTS_REMEMBERED:
            del self._said[next(iter(self._said))]

    def _moved(self, event: UnitStatusSet, at: Instant) -> PastRun | None:
        said_s, set_out = self._on_way.get(event.unit, (0.0, 0))
        if event.unit not in self._on_way:
            return None
        if event.status is UnitStatus.EN_ROUTE:
            self._on_way[event.unit] = (said_s, at)
        elif event.status is UnitStatus.ON_SCENE:
            del self._on_way[event.unit]
            if set_out:
                return PastRun(event.unit, set_out, said_s, (at - set_out) / 1000.0)
        return None
