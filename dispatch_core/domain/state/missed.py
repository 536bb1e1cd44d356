"""Calls that nobody took, and the day's figures of them."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import CallBackOutcome, Instant, MissedEnd


class Missed(Struct, frozen=True, kw_only=True):
    """Calls of one number that nobody took, as one line until somebody reached the caller. ``id`` is the first's."""

    id: str
    number: str = ""  # personal; "" = withheld: nobody can be called back
    services: tuple[str, ...] = ()
    dialled: str = ""  # the service number of the newest
    calls: tuple[str, ...] = ()  # the newest of them
    count: int = 1
    cut: bool = False  # the switch lost the call, which may have been answered already
    first_at: Instant = 0
    last_at: Instant = 0
    incident: str = ""  # of the newest
    node: str = ""
    tries: int = 0
    tried: str = ""  # the newest call-back
    tried_at: Instant = 0
    tried_by: str = ""
    outcome: CallBackOutcome | None = None
    overdue: bool = False  # nobody did anything for too long


class MissedDone(Struct, frozen=True, kw_only=True):
    """A line that has left the list, so that a second person at it can be told whose it was."""

    id: str
    end: MissedEnd
    user: str
    at: Instant


class MissedTally(Struct, frozen=True, kw_only=True):
    """The figures of one day: lines that came, and how they left. ``wait_ms`` is the sum, ``longest_ms`` the longest,
    from the first call until somebody reached the caller."""

    day: str = ""
    lines: int = 0
    calls: int = 0
    called_back: int = 0
    rang_again: int = 0
    by_hand: int = 0
    wait_ms: int = 0
    longest_ms: int = 0
