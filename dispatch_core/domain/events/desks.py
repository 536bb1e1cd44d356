"""What happened between desks."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import MemoTo


class MemoSent(Happened, frozen=True, tag=True):
    """``readers`` are the users whom it reached; of a position it is whoever sits there."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    memo: str
    user: str
    kind: MemoTo
    name: str
    readers: tuple[str, ...] = ()
    incident: str = ""
    unit: str = ""
    answers: str = ""
    text: str = ""


class MemoRead(Happened, frozen=True, tag=True):
    memo: str
    user: str
    position: str


class MemoFiled(Happened, frozen=True, tag=True):
    memo: str


class ShiftHanded(Happened, frozen=True, tag=True):
    """``legs`` as ``incident/service``: those that were given to him in incidents of others, too."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    user: str
    to: str
    incidents: tuple[str, ...]
    legs: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    text: str = ""


class DraftLeft(Happened, frozen=True, tag=True):
    """What ``user`` had typed about an incident that he hands over, and not sent."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    incident: str
    user: str
    text: str = ""


class ShiftTaken(Happened, frozen=True, tag=True):
    user: str
    to: str
    incidents: tuple[str, ...]
    legs: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()


class ShiftEnded(Happened, frozen=True, tag=True):
    """``left``: incidents that stay with ``user``."""

    user: str
    to: str
    left: tuple[str, ...] = ()


class ShiftLate(Happened, frozen=True, tag=True):
    user: str


class SoundTold(Happened, frozen=True, tag=True):
    user: str
    works: bool
