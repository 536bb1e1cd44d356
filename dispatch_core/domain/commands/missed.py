"""The list of calls that nobody took."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class TakeOffMissed(Body, frozen=True, tag=True):
    """Off the list by hand, with the reason."""

    missed: str
    reason: str


class MissedWaits(Body, frozen=True, tag=True):
    """Nobody did anything about a line for longer than the site allows."""

    missed: str
