"""Carriers that do not answer: told once after a few seconds of silence, and once when they are back.

Looked at with every look, so that a core or a connection that has just begun tells what there is.
"""

from __future__ import annotations

from dispatch_core.domain.commands import CarrierBack, CarrierLost
from dispatch_core.settings import TRUNK_GRACE_S


class WatchedTrunks:
    """One node's carriers. `now` is in seconds and only goes forward."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._away: dict[str, float | None] = {}  # since when; None: it answers
        self._told: dict[str, bool] = {}

    def heard(self, carrier: str, reachable: bool, now: float) -> None:
        if reachable:
            self._away[carrier] = None
        elif self._away.get(carrier) is None:
            self._away[carrier] = now

    def forget(self, carrier: str) -> CarrierBack:
        """The site has it no more: nobody waits for it."""
        self._away.pop(carrier, None)
        self._told.pop(carrier, None)
        return CarrierBack(node=self._node, carrier=carrier)

    def begin(self) -> None:
        """A connection has just begun: everything is told again."""
        self._told.clear()

    def look(self, now: float) -> list[CarrierLost | CarrierBack]:
        """What must be told now; counts as told afterwards."""
        facts: list[CarrierLost | CarrierBack] = []
        for carrier, since in sorted(self._away.items()):
            answers = since is None
            if since is not None and now - since < TRUNK_GRACE_S:
                continue
            if self._told.get(carrier) is not answers:
                self._told[carrier] = answers
                kind = CarrierBack if answers else CarrierLost
                facts.append(kind(node=self._node, carrier=carrier))
        return facts
