"""What the store knows of a caller's number."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch_core.domain.vocabulary import Instant


@dataclass(frozen=True, slots=True)
class PastIncident:
    """That an earlier call of a number was about; ``at``: when that call came. ``place`` "" where it is not known."""

    incident: str
    at: Instant
    state: str
    type: str
    place: str
    disposition: str


@dataclass(frozen=True, slots=True)
class NumberPast:
    """Calls of a number before one, the incidents they were about, and the newest of those, newest first."""

    calls: int = 0
    incidents: int = 0
    without_content: int = 0
    newest: tuple[PastIncident, ...] = ()
