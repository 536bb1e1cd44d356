"""How a carrier does: calls counted, failures by cause and way, the line's quality over five minutes, registrations."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch_core.domain.commands import CarrierBack, Command
from dispatch_core.ports import ActionFailed
from dispatch_core.runtime.clock import SystemClock
from scripts.stage.layout import ROOT
from telephony.link.messages import AmiEvent, Answer
from telephony.translate.wiring import Channel
from telephony.trunk.site import parse_site
from telephony.trunk.site_edit import edit
from telephony.trunk_health import WINDOW_S, Line, TrunkHealth
from telephony.trunk_side import TrunkSide

OTHER = {"peers": ["203.0.113.77:5060"], "capacity": 3}
LINES = {"viettel": Line(capacity=10), "vnpt": Line(capacity=5, registers=True)}


def _event(name: str, **headers: str) -> AmiEvent:
    return AmiEvent(name, 1_000_000, headers, {})


def _hangup(uid: str, cause: str, state: str = "Up", carrier: str = "viettel", **more: str) -> AmiEvent:
    name = f"PJSIP/{carrier}-0000000a"
    return _event("Hangup", Channel=name, Uniqueid=uid, Cause=cause, ChannelStateDesc=state, **more)


def _ended(uid: str, line: str, name: str = "DispatchEnded") -> AmiEvent:
    return _event("UserEvent", Channel="PJSIP/viettel-0000000a", Uniqueid=uid, UserEvent=name, Cause="16", Line=line)


def _health() -> TrunkHealth:
    health = TrunkHealth("pbx1", LINES)
    for carrier in LINES:
        assert health.base(carrier, {"reachable": True, "since": 1, "node": "pbx1"})
    return health


def _shown(health: TrunkHealth, carrier: str = "viettel", now: float = 0.0) -> dict[str, Any]:
    return {key: value for _, key, value in health.values(now)}.get(f"{carrier}@pbx1", {})


def test_a_failed_call_counts_once_by_its_cause_and_its_way() -> None:
    health = _health()
    health.event(_event("DialBegin", DestChannel="PJSIP/viettel-0000000b", DestUniqueid="out-1"), 0)
    told = [
        _hangup("out-1", "34", "Down", TechCause="503"),
        _hangup("out-1", "34", "Down", TechCause="503"),  # told twice
        _hangup("out-2", "21", "Ringing", TechCause="403"),  # its dialling was not heard
        _hangup("out-3", "127", "Ringing", TechCause="487"),  # given up by us
        _hangup("in-1", "16"),
        _hangup("in-2", "0"),
        _hangup("in-3", "58", "Ring"),
        _hangup("in-4", "34", "Ring", Context="draining"),  # sent on to the next way
        _hangup("in-5", "34", "Up", carrier="B01"),
    ]
    news = [health.event(event, 0) for event in told]
    assert news == [True, False, True, True, True, True, True, True, False]
    value = _shown(health)
    assert value["failed"] == {"34": 1, "21": 1, "58": 1} and value["failed_in"] == {"58": 1}
    assert health.values(0) == []  # nothing new
    health.start_anew()
    assert _shown(health)["failed"] == {}


def test_calls_are_counted_by_the_channels_that_there_are() -> None:
    health = _health()
    health.calls([Channel("1", "PJSIP/viettel-1", carrier="viettel"), Channel("2", "PJSIP/B01-1", position="B01")])
    value = _shown(health)
    assert (value["in_use"], value["capacity"], value["reachable"]) == (1, 10, True)
    health.away()
    assert _shown(health)["in_use"] == 0


def test_the_line_is_known_by_what_was_reported_and_forgotten_after_five_minutes() -> None:
    health = _health()
    health.event(_ended("c1", "273 24 0.010000 303 0 0.000000 0.000000"), 0)
    value = _shown(health)
    assert value["jitter_ms"] == 10.0 and 9.0 <= value["lost_percent"] <= 10.0
    assert "lost_out_percent" not in value  # the other end never reported
    health.event(_ended("c2", "480 20 0.002000 500 50 0.030000 0.012000", "DispatchLine"), 20)
    value = _shown(health, now=20)
    assert value["lost_out_percent"] == 10.0 and value["jitter_out_ms"] == 30.0 and 4 < value["lost_percent"] < 7
    for line in ("", "1 2 3", "x 0 0 0 0 0 0", "nan 0 0 0 0 0 0", "100 0 0 100 0 0 0.1"):  # the last: no report yet
        health.event(_ended("c3", line), 21)
    assert _shown(health, now=21) == {}
    value = _shown(health, now=21 + WINDOW_S)
    assert "jitter_ms" not in value and "lost_out_percent" not in value


def test_a_long_call_is_counted_once_however_often_it_is_looked_at() -> None:
    health = _health()
    rtcp = "ssrc=1;themssrc=2;lp=50;rxjitter=0;rxcount=950;txjitter=0.004;txcount=1000;rlp=0;rtt=0"

    async def ask(name: str, **headers: object) -> Answer:
        if name == "Getvar":
            assert headers["Channel"] == "c1"
            return Answer({"Value": rtcp})
        raise ActionFailed(name, "there is none")

    channels = [Channel("c1", "PJSIP/viettel-1", carrier="viettel")]
    for _ in range(3):
        asyncio.run(health.look(ask, channels, 10))
    assert _shown(health, now=10)["lost_percent"] == 5.0
    health.event(_ended("c1", "1900 100 0.004 2000 0 0 0"), 20)
    assert _shown(health, now=20) == {}  # the same share as before


def test_what_a_look_finds_of_distance_and_registration() -> None:
    health = _health()

    async def ask(name: str, **headers: object) -> Answer:
        if name == "PJSIPShowRegistrationsOutbound":
            own = {"ObjectName": "vnpt", "Status": state}
            return Answer({}, [_event("OutboundRegistrationDetail", **own)])
        if name == "PJSIPShowEndpoint" and headers["Endpoint"] == "viettel":
            seen = [("Unreachable", "1"), ("Reachable", "12345"), ("Reachable", "8040")]
            return Answer({}, [_event("ContactStatusDetail", Status=it, RoundtripUsec=us) for it, us in seen])
        raise ActionFailed(name, "there is none")

    state = "Registered"
    health.event(_event("Registry", Status="Registered"), 0)
    assert health.registry_news
    asyncio.run(health.look(ask, [], 0))
    assert not health.registry_news
    shown = {key: value for _, key, value in health.values(0)}
    assert shown["viettel@pbx1"]["round_trip_ms"] == 8.0 and "registered" not in shown["viettel@pbx1"]
    vnpt = shown["vnpt@pbx1"]
    assert (vnpt["registered"], vnpt["registration"]) == (True, "Registered") and "round_trip_ms" not in vnpt
    state = "Rejected"
    asyncio.run(health.look(ask, [], 0))
    assert _shown(health, "vnpt")["registered"] is False
    reach = {"EndpointName": "viettel", "ContactStatus": "Reachable", "RoundtripUsec": "3100"}
    health.event(_event("ContactStatus", **reach), 0)
    assert _shown(health)["round_trip_ms"] == 3.1


def test_a_carrier_that_is_gone_is_told_of_no_more() -> None:
    health = _health()
    assert health.use({"viettel": Line(20)}) == ["vnpt"]
    assert not health.base("vnpt", {"reachable": True})
    assert {key for _, key, _ in health.values(0)} == {"viettel@pbx1"}
    assert health.event(_hangup("in-9", "41", carrier="vnpt"), 0) is False


def test_a_carrier_that_the_site_drops_is_gone_from_the_values_and_no_alarm_is_left() -> None:
    text = (ROOT / "scripts" / "demo_data" / "site.toml").read_text("utf-8")
    first = parse_site(text)
    name = first.carriers[0].name
    other = parse_site(edit(edit(text, "carriers", "other", "", OTHER), "carriers", name, "", None))
    facts: list[Command] = []
    live: list[tuple[str, str, dict[str, Any]]] = []
    clock = SystemClock()

    async def ask(action: str, **headers: object) -> Answer:
        raise ActionFailed(action, "there is none")

    side = TrunkSide("pbx1", facts.append, lambda *value: live.append(value), clock, ask, lambda: (), lambda: 0)
    assert side.use(first) == []
    side.show([("trunk", f"{name}@pbx1", {"reachable": False, "since": 1, "node": "pbx1"})])
    assert live[-1][2]["capacity"] == first.carriers[0].capacity
    assert name in side.use(other)
    assert ("trunk", f"{name}@pbx1", {"gone": True}) in live
    assert CarrierBack(node="pbx1", carrier=name) in facts
    side.show([("trunk", f"{name}@pbx1", {"reachable": True, "since": 2, "node": "pbx1"})])
    assert "capacity" not in live[-1][2]
