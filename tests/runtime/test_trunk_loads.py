"""A carrier's channels over all nodes, and what the API tells of trunks."""

from __future__ import annotations

from typing import Any

from dispatch_core.domain.commands import CarrierUsed
from dispatch_core.main.trunk.health import TrunkLoads, WatchedTrunk
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.wire.envelopes import GONE
from telephony.link.messages import AmiEvent


def _value(in_use: int, capacity: int = 10, **more: Any) -> dict[str, Any]:
    return {"reachable": True, "since": 5, "node": "x", "in_use": in_use, "capacity": capacity, **more}


def test_what_all_nodes_use_is_told_when_it_passes_a_band() -> None:
    told: list[CarrierUsed] = []
    loads = TrunkLoads(told.append)
    for node, in_use in (("pbx1", 0), ("pbx1", 4), ("pbx2", 3), ("pbx2", 4), ("pbx1", 5), ("pbx1", 6), ("pbx2", 0)):
        loads.heard(f"viettel@{node}", _value(in_use))
    loads.heard("viettel@pbx1", {"reachable": None})
    assert [it.in_use for it in told] == [0, 7, 8, 9, 10, 6] and {it.capacity for it in told} == {10}
    loads.heard("viettel@pbx1", GONE)
    loads.heard("viettel@pbx2", GONE)
    assert told[6:] == [CarrierUsed(carrier="viettel", in_use=0, capacity=0)]


def test_the_status_is_made_of_the_last_values_and_forgets_what_is_gone() -> None:
    trunk = WatchedTrunk(LiveValues(None, SystemClock()), lambda fact: None)
    trunk.show("trunk", "viettel@pbx1", _value(3, failed={"34": 2}, jitter_ms=4.5, odd="?"))
    trunk.show("trunk", "vnpt@pbx1", {"reachable": None, "since": 1, "node": "pbx1"})
    trunk.show("node", "pbx1", {"up": True, "why": ""})
    status = trunk.status()
    viettel, vnpt = status.carriers
    assert (viettel.carrier, viettel.node, viettel.in_use, viettel.failed) == ("viettel", "pbx1", 3, {"34": 2})
    assert viettel.jitter_ms == 4.5 and vnpt.reachable is None and status.nodes["pbx1"]["up"]
    trunk.show("trunk", "vnpt@pbx1", dict(GONE))
    assert [it.carrier for it in trunk.status().carriers] == ["viettel"]


def test_events_are_given_page_by_page() -> None:
    trunk = WatchedTrunk(LiveValues(None, SystemClock()), lambda fact: None)
    for _ in range(3):
        trunk.ring.heard("pbx1", AmiEvent("Hold", 7_000, {"Channel": "PJSIP/B01-0000002a"}, {}))
    told = trunk.events(1)
    assert [it.number for it in told.events] == [2, 3] and (told.newest, told.missed) == (3, 0)
    assert told.events[0].details == {"Channel": "PJSIP/B01-0000002a"} and told.events[0].at == 7
