"""Which clocks have run out: commands that the core gives itself. Deadlines are wall-clock times in the state, so they
survive a restart; how often somebody looks does not matter."""

from __future__ import annotations

from dispatch_core.domain.commands import AnswerFailed, ArchiveIncident, Command, SignOut
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import IncidentState, Instant

ANSWER_LIMIT_MS = 20_000
"""The dialplan rings a position's phone for 15 s; an answer without an outcome by then is given up."""

CLOSED_KEPT_MS = 30 * 60_000
"""A closed incident stays on the boards this long."""

SESSION_MS = 14 * 3_600_000
"""A sign-in ends by itself after the longest shift."""


def due(state: State, now: Instant) -> tuple[Command, ...]:
    """Everything that is overdue at ``now``, in a stable order."""
    commands: list[Command] = []
    for call in state.calls.values():
        if call.intent is not None and now - call.intent.at > ANSWER_LIMIT_MS:
            commands.append(AnswerFailed(call=call.id, position=call.intent.position, why="no_outcome"))
    for incident in state.incidents.values():
        if incident.state is not IncidentState.CLOSED or now - incident.closed_at <= CLOSED_KEPT_MS:
            continue
        if not any(call in state.calls and state.calls[call].state.live for call in incident.calls):
            commands.append(ArchiveIncident(incident=incident.id))
    for person in state.people.values():
        if now - person.since > SESSION_MS:
            commands.append(SignOut(user=person.user))
    return tuple(commands)
