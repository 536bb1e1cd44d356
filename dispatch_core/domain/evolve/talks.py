"""Who talked with a caller and since when, and the state that a call's facts add up to.

A call's talks are a set ordered by time, so that it does not matter when each was told; what follows from them
(``positions``, ``position``, ``state``) is worked out anew from the whole.
"""

from __future__ import annotations

from itertools import groupby

from msgspec.structs import replace

from dispatch_core.domain.evolve.outcomes import MOVED, came_of, only_present
from dispatch_core.domain.state import Call, Talk
from dispatch_core.domain.vocabulary import CallState, Direction, Instant

SAME_TALK_MS = 500
"""The switch tells of one answer in several of its events; those of one position within this time are one talk."""


def earliest(known: Instant, told: Instant) -> Instant:
    """The earlier of two instants, where 0 is "not known"."""
    return min(known, told) if known and told else known or told


def settled(call: Call) -> Call:
    """The call with the state that its facts add up to."""
    if call.ended_by is not None:
        reached = call.answered_at != 0 or call.direction is not Direction.INCOMING
        return replace(call, state=CallState.ENDED if reached else CallState.ABANDONED)
    if call.talks and call.held_at < call.talks[-1].since:
        call = replace(call, held_at=0)
    if call.talks and call.talks[-1].since >= call.requeued_at and (call.position or not call.ringing):
        return replace(call, state=CallState.HELD if call.held_at else CallState.ANSWERED)
    if call.ringing:
        return replace(call, state=CallState.RINGING)
    return replace(call, state=CallState.QUEUED if call.queue else CallState.ARRIVING)


def talked(call: Call, position: str, at: Instant) -> Call:
    """The call after it was told that ``position`` talks with the caller from ``at`` on."""
    talks = _with(call, Talk(position, at))
    if talks == call.talks:
        return call
    call = replace(
        call,
        talks=talks,
        positions=tuple(name for name, _ in groupby(talk.position for talk in talks)),
        answered_at=talks[0].since,
    )
    if call.ended_by is not None or talks[-1] != Talk(position, at) or at < call.requeued_at:
        return settled(call)
    asked = call.hang_up_asked and call.position == position  # of another talk: not of this one
    if call.position != position:
        call = came_of(call, *MOVED)
    return settled(
        only_present(
            replace(
                call,
                position=position,
                parties=tuple(party for party in call.parties if party != position),
                ringing=(),
                intent=None,
                hang_up_asked=asked,
                hang_up_at=call.hang_up_at if asked else 0,
            )
        )
    )


def _with(call: Call, told: Talk) -> tuple[Talk, ...]:
    """The talks with one more; where it is one that was told before, from the earlier moment on."""
    talks = call.talks
    for place, known in enumerate(talks):
        first, second = sorted((known.since, told.since))
        waited_between = first < call.requeued_at <= second
        if known.position == told.position and second - first < SAME_TALK_MS and not waited_between:
            return talks if known.since <= told.since else (*talks[:place], told, *talks[place + 1 :])
    return tuple(sorted((*talks, told), key=lambda talk: (talk.since, talk.position)))
