"""Who talked with a caller and since when, and the state that a call's facts add up to.

``positions`` and ``talked_from`` are one list in two columns, ordered by time. A position that is told twice in a row
is one talk, from the earliest telling; going back to a queue in between makes it two.
"""

from __future__ import annotations

from bisect import bisect_right

from msgspec.structs import replace

from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, Direction, Instant


def earliest(known: Instant, told: Instant) -> Instant:
    """The earlier of two instants, where 0 is "not known"."""
    return min(known, told) if known and told else known or told


def settled(call: Call) -> Call:
    """The call with the state that its facts add up to."""
    if call.ended_by is not None:
        reached = call.answered_at != 0 or call.direction is Direction.OUTGOING
        return replace(call, state=CallState.ENDED if reached else CallState.ABANDONED)
    if call.talked_from and call.held_at < call.talked_from[-1]:
        call = replace(call, held_at=0)
    if call.talked_from and call.talked_from[-1] >= call.requeued_at:
        return replace(call, state=CallState.HELD if call.held_at else CallState.ANSWERED)
    if call.ringing:
        return replace(call, state=CallState.RINGING)
    return replace(call, state=CallState.QUEUED if call.queue else CallState.ARRIVING)


def talked(call: Call, position: str, at: Instant) -> Call:
    """The call after it was told that ``position`` talks with the caller from ``at`` on."""
    talks = list(zip(call.positions, call.talked_from, strict=True))
    if (position, at) in talks:
        return call
    place = bisect_right(call.talked_from, at)
    over = call.ended_by is not None
    if over or place < len(talks) or at < call.requeued_at:
        return settled(_with_talks(call, _told_late(call, talks, place, position, at), at))
    again = bool(talks) and talks[-1][0] == position and talks[-1][1] >= call.requeued_at
    if again and call.position == position and call.state is not CallState.HELD:
        return call
    if not again:
        talks.append((position, at))
    return settled(
        replace(
            _with_talks(call, talks, at),
            position=position,
            parties=tuple(party for party in call.parties if party != position),
            ringing=(),
            intent=None,
            hang_up_asked=call.hang_up_asked and call.position == position,
            held_at=0 if again else call.held_at,
            hold_told_at=max(call.hold_told_at, at) if again else call.hold_told_at,
        )
    )


def _with_talks(call: Call, talks: list[tuple[str, Instant]], at: Instant) -> Call:
    return replace(
        call,
        positions=tuple(position for position, _ in talks),
        talked_from=tuple(since for _, since in talks),
        answered_at=earliest(call.answered_at, at),
    )


def _told_late(
    call: Call, talks: list[tuple[str, Instant]], place: int, position: str, at: Instant
) -> list[tuple[str, Instant]]:
    """The talks with an older one in its place."""

    def one_talk(first: Instant, second: Instant) -> bool:
        return not first < call.requeued_at <= second

    if place > 0 and talks[place - 1][0] == position and one_talk(talks[place - 1][1], at):
        return talks
    if place < len(talks) and talks[place][0] == position and one_talk(at, talks[place][1]):
        talks[place] = (position, at)
    else:
        talks.insert(place, (position, at))
    return talks
