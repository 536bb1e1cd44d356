"""What the events of missed calls mean: lines by number, until somebody reached the caller.

A line keeps what is needed to call back, so that it outlives its calls and incidents, which are archived.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from msgspec.structs import replace

from dispatch_core.domain.events import CallMissed, MissedOverdue, MissedTaken, MissedWithdrawn, Recorded
from dispatch_core.domain.evolve.answering import recounted_line
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import Missed, MissedDone, MissedTally, State, drop, put
from dispatch_core.domain.vocabulary import Instant, MissedEnd

CALLS_IN_LINE = 20
"""Ids of its calls that a line keeps, the newest; ``count`` goes on."""

DONE_KEPT = 100
"""Lines that have left the list, remembered to say who took them."""


@rule(CallMissed)
def call_missed(state: State, event: CallMissed, recorded: Recorded) -> State:
    call = state.calls.get(event.call)
    if call is None:
        return state
    known = state.missed.get(event.line)
    ended = call.ended_at or recorded.at
    if known is None:
        line = Missed(id=event.line, number=call.number, first_at=ended, last_at=ended, calls=(call.id,))
    else:
        line = replace(
            known,
            count=known.count + 1,
            calls=(*known.calls, call.id)[-CALLS_IN_LINE:],
            first_at=min(known.first_at, ended),
            last_at=max(known.last_at, ended),
        )
    line = replace(
        line,
        services=tuple(dict.fromkeys((*line.services, *call.services))),
        dialled=call.dialled,
        incident=call.incident,
        node=call.node,
        cut=line.cut or event.cut,
        overdue=False,
    )
    tally = _tally(state, recorded.at)
    tally = replace(tally, lines=tally.lines + (known is None), calls=tally.calls + 1)
    state = recounted_line(state, known, line, recorded.at)
    return replace(state, missed=put(state.missed, line.id, line), missed_today=tally)


@rule(MissedWithdrawn)
def missed_withdrawn(state: State, event: MissedWithdrawn, recorded: Recorded) -> State:
    known = state.missed.get(event.line)
    if known is None:
        return state
    left = tuple(call for call in known.calls if call != event.call)
    if not left:
        state = recounted_line(state, known, None, recorded.at)
        return _gone(state, event.line, MissedDone(id=event.line, end=MissedEnd.NOT_MISSED, user="", at=recorded.at))
    return replace(state, missed=put(state.missed, known.id, replace(known, calls=left, count=known.count - 1)))


@rule(MissedTaken)
def missed_taken(state: State, event: MissedTaken, recorded: Recorded) -> State:
    known = state.missed.get(event.line)
    if known is None:
        return state
    wait = max(0, recorded.at - known.first_at)
    tally = _tally(state, recorded.at)
    if event.end is MissedEnd.BY_HAND:
        tally = replace(tally, by_hand=tally.by_hand + 1)
    elif event.end is not MissedEnd.TOO_MANY:
        back = event.end is MissedEnd.CALLED_BACK
        tally = replace(
            tally,
            called_back=tally.called_back + back,
            rang_again=tally.rang_again + (not back),
            wait_ms=tally.wait_ms + wait,
            longest_ms=max(tally.longest_ms, wait),
        )
        state = recounted_line(state, known, None, recorded.at, reached=True)
    done = MissedDone(id=event.line, end=event.end, user=event.user, at=recorded.at)
    return replace(_gone(state, event.line, done), missed_today=tally)


@rule(MissedOverdue)
def missed_overdue(state: State, event: MissedOverdue, _: Recorded) -> State:
    known = state.missed.get(event.line)
    if known is None:
        return state
    return replace(state, missed=put(state.missed, known.id, replace(known, overdue=True)))


def tried_of(state: State, line: str, call: str, recorded: Recorded) -> State:
    """Somebody calls the line back."""
    known = state.missed.get(line)
    if known is None:
        return state
    tried = replace(
        known,
        tries=known.tries + 1,
        tried=call,
        tried_at=recorded.at,
        tried_by=recorded.by.partition(":")[2],
        outcome=None,
        overdue=False,
    )
    return replace(state, missed=put(state.missed, line, tried))


def _gone(state: State, line: str, done: MissedDone) -> State:
    kept = put(state.missed_done, line, done)
    while len(kept) > DONE_KEPT:  # by time, not by the order of the mapping: a snapshot does not keep that
        kept.pop(min(kept.values(), key=lambda it: (it.at, it.id)).id)
    return replace(state, missed=drop(state.missed, line), missed_done=kept)


def _tally(state: State, at: Instant) -> MissedTally:
    """The figures of the day of ``at``; a day never comes back, even where the clock is set back over midnight."""
    offset = timezone(timedelta(minutes=state.site.utc_offset_min))
    day = datetime.fromtimestamp(at / 1000, offset).strftime("%Y%m%d")
    return state.missed_today if day <= state.missed_today.day else MissedTally(day=day)
