"""The rows of missed calls that a batch makes: one for each line of the list, kept when it leaves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dispatch_core.domain.events import (
    CallBackAsked,
    CallBackEnded,
    CallBackReached,
    CallMissed,
    MissedTaken,
    MissedWithdrawn,
    Recorded,
)
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import Missed, State
from dispatch_core.domain.vocabulary import MissedEnd

Row = dict[str, Any]

TOUCHES = (CallMissed, MissedWithdrawn, MissedTaken, CallBackAsked, CallBackEnded, CallBackReached)


def missed_rows(story: Sequence[Recorded], before: Callable[[], State]) -> list[Row]:
    """The newest row of each line that the batch touched. ``before()`` is asked for only where there is one."""
    if not any(isinstance(recorded.event, TOUCHES) for recorded in story):
        return []
    rows: dict[str, Row] = {}
    state = before()
    for recorded in story:
        after = evolve(state, recorded)
        if isinstance(recorded.event, TOUCHES):
            for ident in {*state.missed, *after.missed}:
                was, now = state.missed.get(ident), after.missed.get(ident)
                if now is not None and now != was:
                    rows[ident] = _row(now)
                elif now is None and was is not None:
                    rows[ident] = _left(was, recorded)
        state = after
    return list(rows.values())


def _row(line: Missed) -> Row:
    return {
        "id": line.id, "services": list(line.services), "dialled": line.dialled, "call_ids": list(line.calls),
        "calls": line.count, "cut": line.cut, "first_at": line.first_at, "last_at": line.last_at,
        "incident": line.incident, "tries": line.tries, "tried_at": line.tried_at or None, "tried_by": line.tried_by,
        "outcome": line.outcome.value if line.outcome is not None else "", "ended": "", "ended_at": None,
        "ended_by": "", "by_call": "",
    }  # fmt: skip


def _left(line: Missed, recorded: Recorded) -> Row:
    left = {**_row(line), "ended": MissedEnd.NOT_MISSED.value, "ended_at": recorded.at}
    event = recorded.event
    if isinstance(event, MissedTaken):
        left |= {"ended": event.end.value, "ended_by": event.user, "by_call": event.call}
    return left
