"""When a surge is proposed, when that passes, and when the words to those who wait are over."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch_core.domain.commands import Command, ProposeSurge, SurgeOver, SurgePasses
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.surging import about_one, eased, presses, pressure
from dispatch_core.domain.vocabulary import IncidentState, Instant

QUIET_MS = 15 * 60_000
"""After a surge so long none is proposed about the same incident."""


def due(state: State, now: Instant) -> Iterator[Command]:
    """What many call about is only worked out while many do, and nothing of it is decided yet."""
    surge, proposal, rules = state.surge, state.surge_proposal, state.site.surge
    if surge is not None:
        if now >= surge.until or _closed(state, surge.incident):
            yield SurgeOver()
        if proposal is not None:
            yield SurgePasses()  # it was taken up
        return
    it = pressure(state.calls.values(), now)
    if proposal is not None:
        if eased(rules, it) or _closed(state, proposal.incident):
            yield SurgePasses()
        return
    about = about_one(state, now) if presses(rules, it) else None
    if about is not None and not _had_enough(state.incidents[about.incident], now):
        yield ProposeSurge(
            incident=about.incident, waiting=it.waiting, arrivals=it.arrivals, alike=about.alike
        )


def _had_enough(incident: Incident, now: Instant) -> bool:
    """A supervisor has just switched it off, or let its time run out: nobody is asked again at once."""
    return any(note.kind == "surge_off" and now - note.at < QUIET_MS for note in incident.notes)


def _closed(state: State, incident: str) -> bool:
    known = state.incidents.get(incident)
    return known is None or known.state is IncidentState.CLOSED
