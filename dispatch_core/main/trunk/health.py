"""The trunks as a whole: every node's last values for the API, the events, and how full each carrier is.

A carrier's capacity is what it takes at a time, through whatever node: its channels at all nodes are counted together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dispatch_core.domain.commands import CarrierUsed
from dispatch_core.ports.trunk_keeper import JobSteps
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.wire.envelopes import GONE
from dispatch_core.wire.trunk import CarrierHealth, SwitchEvent, SwitchEvents, TestCallWanted, TrunkStatus
from telephony.event_ring import EventRing

TestCall = Callable[[TestCallWanted, JobSteps], Any]

BANDS = (70, 80, 90, 100)
"""Percent of a carrier's capacity between which the core is told anew; what is an alarm is the domain's affair."""

_HEALTH = frozenset(CarrierHealth.__struct_fields__)


class TrunkLoads:
    """Takes the last values of carriers; ``tell`` hears of a carrier's channels when they pass a band."""

    def __init__(self, tell: Callable[[CarrierUsed], None]) -> None:
        self._tell = tell
        self._in_use: dict[str, dict[str, int]] = {}
        self._capacity: dict[str, int] = {}
        self._band: dict[str, int] = {}

    def heard(self, key: str, value: Mapping[str, Any]) -> None:
        carrier, _, node = key.partition("@")
        if value == GONE:
            if self._in_use.pop(carrier, None) is not None:
                self._capacity.pop(carrier, None)
                self._band.pop(carrier, None)
                self._tell(CarrierUsed(carrier=carrier, in_use=0, capacity=0))
            return
        if "capacity" not in value:
            return
        self._in_use.setdefault(carrier, {})[node] = value["in_use"]
        self._capacity[carrier] = value["capacity"]
        in_use, capacity = sum(self._in_use[carrier].values()), self._capacity[carrier]
        band = sum(in_use * 100 >= percent * capacity for percent in BANDS)
        if self._band.get(carrier) != band:
            self._band[carrier] = band
            self._tell(CarrierUsed(carrier=carrier, in_use=in_use, capacity=capacity))


class WatchedTrunk:
    """Implements `ports.trunk_health.TrunkHealth`. ``show`` takes every last value on its way to ``live``."""

    def __init__(self, live: LiveValues, tell: Callable[[CarrierUsed], None]) -> None:
        self._live = live
        self._loads = TrunkLoads(tell)
        self.ring = EventRing()
        self.place: TestCall | None = None

    def show(self, kind: str, key: str, value: dict[str, Any]) -> None:
        self._live.show(kind, key, value)
        if kind == "trunk":
            self._loads.heard(key, value)

    def status(self) -> TrunkStatus:
        return TrunkStatus(
            carriers=tuple(_carrier(key, value) for key, value in sorted(self._live.get("trunk").items())),
            nodes=self._live.get("node"),
            queues=self._live.get("queue"),
            phones=self._live.get("phone"),
        )

    def events(self, after: int) -> SwitchEvents:
        page, missed = self.ring.after(after)
        told = (
            SwitchEvent(
                number=it.number, at=it.at, node=it.node, name=it.name, about=it.about, details=dict(it.details)
            )
            for it in page
        )
        return SwitchEvents(events=tuple(told), newest=self.ring.newest, missed=missed)

    async def test_call(self, wanted: TestCallWanted, job: JobSteps) -> None:
        assert self.place is not None  # set before anybody can ask
        await self.place(wanted, job)


def _carrier(key: str, value: Mapping[str, Any]) -> CarrierHealth:
    carrier, _, node = key.partition("@")
    known = {name: it for name, it in value.items() if name in _HEALTH and name not in ("carrier", "node")}
    return CarrierHealth(carrier=carrier, node=node, **{"reachable": None, **known})
