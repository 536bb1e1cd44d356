"""Handing a shift over: what somebody has in hand, what of a hand-over still stands, and its clock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from dispatch_core.domain.commands import Command, DropShift, ShiftWaits
from dispatch_core.domain.state import ShiftHandOver, State
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState

WAITS_MS = 5 * 60_000
"""A hand-over that nobody has taken by then is told to the supervisor."""


class InHand(Struct, frozen=True):
    """``legs`` as ``incident/service``; ``missed``: lines that he tried to call back, or of incidents of his."""

    incidents: tuple[str, ...] = ()
    legs: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.incidents or self.legs or self.conversations or self.missed)


def in_hand(state: State, user: str) -> InHand:
    """Everything that is ``user``'s to look after."""
    incidents, legs = [], []
    for ident, incident in sorted(state.incidents.items()):
        if incident.state is IncidentState.CLOSED:
            continue
        if incident.owner == user:
            incidents.append(ident)
        legs += [
            f"{ident}/{service}"
            for service, leg in sorted(incident.legs.items())
            if leg.dispatcher == user and leg.state is LegState.OPEN
        ]
    texts = [ident for ident, it in sorted(state.conversations.items()) if it.open and it.owner == user]
    mine = set(incidents)
    missed = [ident for ident, it in sorted(state.missed.items()) if it.tried_by == user or it.incident in mine]
    return InHand(tuple(incidents), tuple(legs), tuple(texts), tuple(missed))


def part_of(state: State, hand: InHand, incidents: tuple[str, ...]) -> InHand:
    """What of it belongs to these incidents."""
    chosen = set(incidents)
    return InHand(
        tuple(it for it in hand.incidents if it in chosen),
        tuple(it for it in hand.legs if it.partition("/")[0] in chosen),
        tuple(it for it in hand.conversations if state.conversations[it].incident in chosen),
        tuple(it for it in hand.missed if state.missed[it].incident in chosen),
    )


def left(state: State, over: ShiftHandOver) -> InHand:
    """What of a hand-over still is his who hands it, and so can be taken."""
    hand = in_hand(state, over.user)
    return InHand(
        tuple(it for it in over.incidents if it in hand.incidents),
        tuple(it for it in over.legs if it in hand.legs),
        tuple(it for it in over.conversations if it in hand.conversations),
        tuple(it for it in over.missed if it in hand.missed),
    )


def named(hand: InHand) -> tuple[str, ...]:
    """The incidents of it, those of single legs too, each once."""
    return tuple(dict.fromkeys((*hand.incidents, *(it.partition("/")[0] for it in hand.legs))))


def due(state: State, now: Instant) -> Iterator[Command]:
    for user, over in sorted(state.hand_overs.items()):
        if not left(state, over):
            yield DropShift(user=user)
        elif not over.late_at and now - over.at > WAITS_MS:
            yield ShiftWaits(user=user)
