"""Free units that cover a station which has none left."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class MoveUp(Body, frozen=True, tag=True):
    unit: str
    station: str


class SendHome(Body, frozen=True, tag=True):
    unit: str
