"""Units that cover another station for a while."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened


class UnitMovedUp(Happened, frozen=True, tag=True):
    unit: str
    station: str


class UnitSentHome(Happened, frozen=True, tag=True):
    unit: str
