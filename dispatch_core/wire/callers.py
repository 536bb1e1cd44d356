"""What a console is told of a caller's number: how often it called before, and what for."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant


class CalledFor(Struct, frozen=True, kw_only=True):
    """An incident that an earlier call of the number was about. ``place`` is "" where it is not known, or erased."""

    incident: str
    at: Instant
    state: str
    type: str = ""
    place: str = ""
    disposition: str = ""


class CallerHistory(Struct, frozen=True, kw_only=True):
    """Before the call that was asked about: calls, the incidents they were about and how many of those were without
    content; the newest incidents, newest first. Everything 0 for a number that is withheld."""

    calls: int = 0
    incidents: int = 0
    without_content: int = 0
    newest: tuple[CalledFor, ...] = ()
