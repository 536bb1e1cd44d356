"""The carriers' side of one node: how they do, which are silent, and what the event view is told.

Guarded here: what the events tell of a carrier's calls is counted from the tracker's own channels, a moment after the
first of a burst, so that a busy trunk costs no more than a quiet one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from dispatch_core.ports import Clock, FactSink
from telephony.event_ring import EventRing
from telephony.last_values import GONE, Value
from telephony.link.messages import AmiEvent
from telephony.reconcile import Ask
from telephony.site_names import lines_of
from telephony.test_legs import OutgoingTest
from telephony.translate.wiring import Channel
from telephony.trunk.site import Site
from telephony.trunk_health import TrunkHealth
from telephony.watched_trunks import WatchedTrunks

SETTLE_S = 0.3


class TrunkSide:
    """``channels`` gives the node's channels now, ``ahead`` the milliseconds from its clock to ours; ``ring`` takes its
    events, where one is set."""

    def __init__(
        self, node: str, facts: FactSink, live: Callable[[str, str, dict[str, Any]], None], clock: Clock, ask: Ask,
        channels: Callable[[], Iterable[Channel]], ahead: Callable[[], int],
    ) -> None:  # fmt: skip
        self._node, self._facts, self._live, self._clock = node, facts, live, clock
        self._ask, self._channels = ask, channels
        self._health = TrunkHealth(node, {})
        self._watched = WatchedTrunks(node)
        self._soon: asyncio.TimerHandle | None = None
        self.ring: EventRing | None = None
        self.tests = OutgoingTest(ask, clock, ahead)

    def use(self, site: Site) -> list[str]:
        """Another site is in force; the carriers that are no longer in it."""
        gone = self._health.use(lines_of(site))
        for carrier in gone:
            self._facts(self._watched.forget(carrier))
            self._live("trunk", f"{carrier}@{self._node}", dict(GONE))
        return gone

    def begin(self) -> None:
        """A connection has just begun."""
        self._watched.begin()

    def start_anew(self) -> None:
        self._health.start_anew()

    def away(self) -> None:
        """The node cannot be asked; `show` follows with what is not known any more."""
        self._health.away()
        self.stop()

    def stop(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None

    # --- what is heard ------------------------------------------------------------------------------------------------

    def event(self, event: AmiEvent) -> bool:
        """Whether a look is wanted now."""
        if self.ring is not None:
            self.ring.heard(self._node, event)
        self.tests.heard(event)
        if self._health.event(event, self._clock.monotonic()) and self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SETTLE_S, self._settle)
        return self._health.registry_news

    def _settle(self) -> None:
        self._soon = None
        self._health.calls(self._channels())
        self._tell()

    def _tell(self) -> None:
        for value in self._health.values(self._clock.monotonic()):
            self._live(*value)

    def show(self, values: Iterable[Value]) -> None:
        """Last values; those of carriers with what is known here."""
        for kind, key, value in values:
            if kind != "trunk":
                self._live(kind, key, value)
                continue
            carrier = key.partition("@")[0]
            if value["reachable"] is not None:
                self._watched.heard(carrier, value["reachable"], self._clock.monotonic())
            if not self._health.base(carrier, value):
                self._live(kind, key, value)
        self._tell()

    # --- looking ------------------------------------------------------------------------------------------------------

    def looked(self) -> None:
        """A look at the node has just been told."""
        for fact in self._watched.look(self._clock.monotonic()):
            self._facts(fact)

    async def look(self) -> None:
        """Ask what the node's events do not tell. Raises ActionFailed."""
        await self._health.look(self._ask, self._channels(), self._clock.monotonic())
        self._tell()
