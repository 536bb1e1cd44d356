"""What was promised to callers and kept, counted so that it outlives the calls; and what a supervisor can take back."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant, UnitStatus


class Answering(Struct, frozen=True, kw_only=True):
    """Of one service, the incoming calls that arrived from ``began`` until the next hour or shift begins, and that were
    answered or given up; and the lines of missed calls whose first call ended then."""

    began: Instant
    service: str  # the first of the call's, "" = of none
    answered: int = 0
    within_15: int = 0
    within_20: int = 0
    given_up: int = 0
    lines: int = 0
    reached: int = 0  # lines whose caller was reached again, whenever that was


class LateCall(Struct, frozen=True, kw_only=True):
    """A call that was not answered in time, or not at all. Nothing of it is personal."""

    call: str
    service: str
    arrived_at: Instant
    waited_ms: int
    position: str = ""  # who answered first; "" = nobody


class Handed(Struct, frozen=True, kw_only=True):
    """The last reassignment of an incident or of one of its legs, and what undoing it needs. ``what`` is incident,
    dispatcher or station."""

    what: str
    service: str
    was: str
    to: str
    at: Instant
    by: str
    fixed: bool = False  # the station had been chosen by a person
    also: tuple[str, ...] = ()


class Redirected(Struct, frozen=True, kw_only=True):
    """A unit was taken from one incident to another: where it was, and how far it had come."""

    incident: str
    service: str
    status: UnitStatus
    to: str
    at: Instant
    by: str
