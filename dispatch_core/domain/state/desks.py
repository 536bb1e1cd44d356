"""Notes between desks, and work that is being handed over."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant, MemoTo


class MemoReader(Struct, frozen=True, kw_only=True):
    """One for whom a note is: a user, or whoever sits at ``position``; ``by`` is who read it."""

    user: str = ""
    position: str = ""
    read_at: Instant = 0
    by: str = ""


class Memo(Struct, frozen=True, kw_only=True):
    id: str
    at: Instant
    user: str  # who wrote it
    kind: MemoTo
    name: str
    text: str = ""  # personal
    incident: str = ""
    unit: str = ""
    answers: str = ""
    readers: tuple[MemoReader, ...] = ()

    @property
    def unread(self) -> bool:
        return any(not it.read_at for it in self.readers)

    @property
    def read_at(self) -> Instant:
        """When the last one read it."""
        return max((it.read_at for it in self.readers), default=0)


class ShiftHandOver(Struct, frozen=True, kw_only=True):
    """What ``user`` hands to ``to``: it stays his until it is taken. What was closed or reassigned meanwhile is still
    listed here and no longer handed (``handing.left``)."""

    user: str
    to: str
    at: Instant
    text: str = ""  # personal
    incidents: tuple[str, ...] = ()
    legs: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    drafts: dict[str, str] = {}  # personal, by incident
    late_at: Instant = 0  # since then it is an alarm
