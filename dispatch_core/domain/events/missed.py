"""What happened to the list of calls that nobody took."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import MissedEnd


class CallMissed(Happened, frozen=True, tag=True):
    """The call begins a line (``line`` is its own id) or joins one. ``cut``: the switch lost it."""

    call: str
    line: str
    cut: bool = False


class MissedWithdrawn(Happened, frozen=True, tag=True):
    """The call was not missed after all: it leaves its line."""

    call: str
    line: str


class MissedTaken(Happened, frozen=True, tag=True):
    """A line left the list. ``call`` is the one that reached the caller; by hand, the newest of the line."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    line: str
    end: MissedEnd
    user: str = ""
    call: str = ""
    reason: str = ""


class MissedOverdue(Happened, frozen=True, tag=True):
    line: str
