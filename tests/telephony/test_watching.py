"""What watches a node: synthetic calls by their token, carriers that do not answer, streams that stop, clocks apart."""

from __future__ import annotations

import asyncio

import pytest
from ami_double import success
from test_switchboard import NOW, Play, play, quick, recorded  # noqa: F401  (the fixture makes looks quick)

from dispatch_core.domain import commands as c
from dispatch_core.ports import ActionFailed, Probed
from dispatch_core.settings import TRUNK_GRACE_S
from telephony.dialplan_contexts import PROBE_OUT, PROBE_TOKEN
from telephony.last_values import LastValues
from telephony.link.messages import AmiEvent
from telephony.translate.naming import Naming
from telephony.watched_trunks import WatchedTrunks

TOKEN = "0123456789abcdef"


def _told(token: str, number: str = "114", ready: str = "2") -> bytes:
    return (
        f"Event: UserEvent\r\nPrivilege: user,all\r\nTimestamp: {NOW / 1000 + 1:.6f}\r\nSystemName: psap1\r\n"
        f"Channel: PJSIP/probe_in-0000000a\r\nUniqueid: psap1-1.99\r\nUserEvent: DispatchProbed\r\nNumber: {number}\r\n"
        f"Token: {token}\r\nReady: {ready}\r\n\r\n"
    ).encode()


def test_a_probe_is_heard_by_its_token_and_is_no_call():
    async def what(scene: Play) -> None:
        scene.double.answers["Originate"] = success()
        await scene.looked()
        before = len(scene.outcome.state.calls)
        probing = asyncio.ensure_future(scene.board.probe("114", TOKEN))
        await scene.until(lambda: scene.double.asked("Originate"))
        (asked,) = scene.double.asked("Originate")
        assert asked["Channel"] == f"PJSIP/114@{PROBE_OUT}" and asked["Variable"] == f"{PROBE_TOKEN}={TOKEN}"
        assert asked["Async"] == "true"
        scene.double.say(_told("feed") + _told("") + _told(TOKEN))
        assert await asyncio.wait_for(probing, 2) == Probed(number="114", ready=2)
        scene.double.say(_told(TOKEN, ready="many"))  # again: nobody waits for it
        await scene.looked()
        assert len(scene.outcome.state.calls) == before and scene.told(c.MessageParked) == []

    play(what)


def test_a_probe_that_the_switch_refuses_says_so():
    async def what(scene: Play) -> None:
        await scene.looked()
        with pytest.raises(ActionFailed) as refused:
            await scene.board.probe("114", TOKEN)
        assert not refused.value.unknown

    play(what)


def test_the_probes_own_channels_are_nobodys_phone():
    naming = Naming(frozenset({"viettel"}))
    for channel in ("PJSIP/probe_in-0000000a", "PJSIP/probe_out-0000000b"):
        assert naming.position(channel) == "" == naming.carrier(channel)
    for endpoint in ("probe_in", "no_replacing"):
        assert LastValues(naming, "pbx1").endpoint(endpoint, "UNAVAILABLE", 1) == []


def test_a_carrier_is_told_lost_after_the_grace_and_back_at_once():
    trunks = WatchedTrunks("pbx1")
    trunks.heard("viettel", True, 0.0)
    assert trunks.look(0.0) == [c.CarrierBack(node="pbx1", carrier="viettel")]
    trunks.heard("viettel", False, 10.0)
    trunks.heard("viettel", False, 12.0)
    assert trunks.look(10.0 + TRUNK_GRACE_S - 0.1) == []
    assert trunks.look(10.0 + TRUNK_GRACE_S) == [c.CarrierLost(node="pbx1", carrier="viettel")]
    assert trunks.look(99.0) == []
    trunks.begin()
    assert trunks.look(99.0) == [c.CarrierLost(node="pbx1", carrier="viettel")]
    trunks.heard("viettel", True, 100.0)
    assert trunks.look(100.0) == [c.CarrierBack(node="pbx1", carrier="viettel")]
    trunks.heard("viettel", False, 101.0)
    trunks.heard("viettel", True, 102.0)
    assert trunks.look(200.0) == []  # a blink


def test_an_unreachable_carrier_is_an_alarm_that_names_the_node():
    async def what(scene: Play) -> None:
        await scene.looked()
        assert scene.told(c.CarrierLost) == []
        scene.clock.seconds += TRUNK_GRACE_S
        await scene.until(lambda: scene.told(c.CarrierLost))
        assert scene.told(c.CarrierLost) == [c.CarrierLost(node="psap1", carrier="trunk2")]
        assert "trunk_down:trunk2@psap1" in scene.outcome.state.alarms

    play(what)


def test_of_a_carrier_with_two_addresses_one_suffices():
    values = LastValues(Naming(frozenset({"viettel"})), "pbx1")

    def status(uri: str, state: str) -> list[bool]:
        headers = {"EndpointName": "viettel", "URI": uri, "ContactStatus": state}
        return [value["reachable"] for _, _, value in values.event(AmiEvent("ContactStatus", 1_000_000, headers, {}))]

    assert status("sip:1", "Reachable") == [True]
    assert status("sip:2", "Unreachable") == []
    assert status("sip:1", "Unreachable") == [False]
    assert status("sip:2", "Reachable") == [True]
    assert status("sip:2", "Removed") == [False]
    assert status("sip:1", "Removed") == []


def test_a_node_whose_clock_is_wrong_is_told_by_ours():
    ahead = 125_000  # the node's clock is so much behind

    async def what(scene: Play) -> None:
        pong = f"Ping: Pong\r\nTimestamp: {_at(NOW - ahead)}"
        scene.double.answers["Ping"] = lambda asked: [f"Response: Success\r\nActionID: {asked['ActionID']}\r\n{pong}"]
        await scene.looked()
        assert scene.board._translator.tracker.ahead == ahead
        arrived = (
            f"Event: UserEvent\r\nPrivilege: user,all\r\nTimestamp: {_at(NOW - ahead + 40)}\r\nSystemName: psap1\r\n"
            "Channel: PJSIP/trunk1-000000aa\r\nUniqueid: psap1-9.9\r\nChanVariable: CALL_UUID=psap1-9.9\r\n"
            "UserEvent: DispatchArrived\r\nNumber: 115\r\nServices: ambulance\r\nCaller: 0912\r\nCarrier: trunk1"
            "\r\n\r\n"
        )
        scene.double.say(arrived.encode())
        await scene.until(lambda: "psap1-9.9" in scene.outcome.state.calls)
        assert scene.outcome.state.calls["psap1-9.9"].arrived_at == NOW + 40

    play(what)


def _at(instant: int) -> str:
    return f"{instant // 1000}.{instant % 1000:03d}000"


def test_of_a_node_that_is_away_nothing_is_shown_as_known():
    async def what(scene: Play) -> None:
        await scene.looked()
        scene.double.mute = True
        scene.board._link.drop("silent")
        await scene.until(lambda: scene.told(c.NodeDown))
        assert scene.values[("phone", "agent1@psap1")]["state"] == "UNKNOWN"
        assert scene.values[("trunk", "trunk1@psap1")]["reachable"] is None
        assert scene.values[("queue", "q113@psap1")] == {"waiting": 0, "members": {}, "node": "psap1"}
        scene.clock.seconds += 2 * TRUNK_GRACE_S
        assert scene.told(c.CarrierLost) == []
        scene.double.mute = False
        await scene.until(lambda: scene.values[("phone", "agent1@psap1")]["state"] == "INUSE")

    play(what)


def test_a_phone_that_talks_elsewhere_stops_ringing_and_is_paused_where_it_serves():
    async def what(scene: Play) -> None:
        members = recorded("A", "QueueStatus")
        everybody = "Event: QueueMember\r\nQueue: q-all\r\nLocation: PJSIP/agent1\r\nPaused: 0\r\nPenalty: 0"
        scene.double.answers["QueueStatus"] = lambda asked: [*members(asked)[:-1], everybody, members(asked)[-1]]
        scene.double.answers["QueuePenalty"] = success()
        await scene.looked()
        ringing = scene.board._translator.tracker.wiring.see("psap1-5.5", "PJSIP/agent1-000000ff", 10**9)
        assert ringing is not None
        ringing.ring = "ringing"
        await scene.board.serve("agent1", True, elsewhere=True)
        assert {(it["Queue"], it["Paused"]) for it in scene.double.asked("QueuePause")} == {("q113", "true")}
        assert {(it["Queue"], it["Penalty"]) for it in scene.double.asked("QueuePenalty")} == {("q-all", "10")}
        assert [it["Channel"] for it in scene.double.asked("Hangup")] == ["psap1-5.5"]

    play(what)


def test_a_new_carrier_that_spoke_before_it_was_in_force_is_no_phone():
    values = LastValues(Naming(frozenset({"viettel"})), "pbx1")
    assert values.reachable("mobifone", True, 7) == [
        ("phone", "mobifone@pbx1", {"state": "NOT_INUSE", "reachable": True, "since": 7, "node": "pbx1"})
    ]
    assert values.rename(Naming(frozenset({"viettel", "mobifone"}))) == [
        ("phone", "mobifone@pbx1", {"gone": True}),
        ("trunk", "mobifone@pbx1", {"reachable": True, "since": 7, "node": "pbx1"}),
    ]
    assert values.rename(Naming(frozenset({"viettel", "mobifone"}))) == []
