"""The switchboard against a server that answers a look as the real one did when it was recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from ami_double import SECRET, AmiDouble, CountedIds, StoppedClock, listing, refusal, success
from recorded_streams import NAMING, TRACES, Outcome, pieces

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import AnswerAt, EndCall
from dispatch_core.domain.vocabulary import CallState, EndedBy
from dispatch_core.ports import ActionFailed
from telephony.switchboard import AsteriskSwitchboard

RECORDED = (TRACES / "14_restart_and_reconnect.txt").read_text(encoding="utf-8")
CALL = "psap1-1795444563.47"
NOW = 1_795_444_566_000


def answer_of(part: str, action: str) -> list[str]:
    """The messages that were answered to `action` in part A or B of the recording."""
    text = RECORDED.partition(f"## {part}. ")[2].partition(f"### {action} (")[2].partition("\n")[2]
    text = text.partition("\n###")[0].partition("\n## ")[0]
    messages = [block.strip("\n").replace("\n", "\r\n") for block in text.split("\n\n")]
    return [message for message in messages if message]


def recorded(part: str, action: str) -> Callable[[dict[str, str]], list[str]]:
    """The recorded answer, as an answer to whatever asks now."""

    def strip(message: str) -> str:
        return "\r\n".join(line for line in message.split("\r\n") if not line.startswith("ActionID"))

    return lambda asked: [strip(message) for message in answer_of(part, action)]


class Play:
    """A double that answers as recorded, a switchboard on it, and the state that its facts lead to."""

    def __init__(self) -> None:
        self.double = AmiDouble()
        self.clock = StoppedClock(NOW)
        self.outcome = Outcome(start=NOW)
        self.values: dict[tuple[str, str], dict[str, Any]] = {}
        self.as_recorded("A")
        self.board: AsteriskSwitchboard

    def as_recorded(self, part: str) -> None:
        for action in ("CoreStatus", "CoreShowChannels", "QueueStatus"):
            self.double.answers[action] = recorded(part, action)
        self.double.answers["Status"] = listing(
            [f"Event: Status\r\nUniqueid: {CALL}\r\nVariable: MIXMONITOR_FILENAME=/rec/{CALL}.wav"], "StatusComplete"
        )
        self.double.answers["PJSIPShowEndpoints"] = listing(
            [
                "Event: EndpointList\r\nObjectName: trunk1\r\nDeviceState: Not in use",
                "Event: EndpointList\r\nObjectName: trunk2\r\nDeviceState: Unavailable",
                "Event: EndpointList\r\nObjectName: agent1\r\nDeviceState: In use",
                "Event: EndpointList\r\nObjectName: agent2\r\nDeviceState: Unavailable",
            ],
            "EndpointListComplete",
        )
        for action in ("Redirect", "Hangup", "QueuePause", "Reload"):
            self.double.answers[action] = success()
        self.double.answers["PJSIPShowEndpoint"] = lambda asked: (
            ["Response: Success\r\nEventList: start", "Event: EndpointDetailComplete\r\nEventList: Complete"]
            if asked["Endpoint"] == "agent1"
            else ["Response: Error\r\nMessage: Unable to retrieve endpoint"]
        )

    def fact(self, fact: c.Command) -> None:
        self.outcome.decide(fact, self.clock.now())

    async def until(self, true: Callable[[], object], within: float = 30.0) -> None:
        async with asyncio.timeout(within):
            while not true():
                await asyncio.sleep(0.002)

    def told(self, kind: type) -> list[Any]:
        return self.outcome.told(kind)

    async def looked(self) -> None:
        looks = len(self.told(c.SwitchLooked))
        await self.until(lambda: len(self.told(c.SwitchLooked)) > looks)

    def say(self, name: str, first: int = 0, last: int | None = None) -> None:
        self.double.say(b"".join(piece.data for piece in pieces(name)[first:last]))


def play(what: Callable[[Play], Awaitable[None]]) -> Play:
    async def all_of_it() -> Play:
        scene = Play()
        async with scene.double:
            scene.board = AsteriskSwitchboard(
                node="psap1",
                host="127.0.0.1",
                port=scene.double.port,
                user="dispatch",
                secret=SECRET,
                naming=NAMING,
                facts=scene.fact,
                live=lambda kind, key, value: scene.values.__setitem__((kind, key), value),
                clock=scene.clock,
                ids=CountedIds(),
            )
            await scene.board.start()
            try:
                await what(scene)
            finally:
                await scene.board.stop()
        return scene

    return asyncio.run(all_of_it())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.switchboard.LOOK_EVERY_S", 0.05)
    for name, value in {"AMI_RETRY_FIRST_S": 0.01, "AMI_ACTION_S": 0.5}.items():
        monkeypatch.setattr(f"telephony.link.link.{name}", value)


def test_takes_the_calls_that_it_finds():
    async def what(scene: Play) -> None:
        await scene.looked()
        assert scene.told(c.NodeUp) == [c.NodeUp(node="psap1", booted="2026-11-23 14:32:49")]
        assert isinstance(scene.outcome.facts[0], c.NodeUp)
        call = scene.outcome.call
        assert (call.id, call.state, call.position) == (CALL, CallState.ANSWERED, "agent1")
        assert (call.dialled, call.services, call.number, call.carrier) == ("113", ("police",), "0912345678", "trunk1")
        assert call.recording == f"/rec/{CALL}.wav"
        assert call.arrived_at == NOW - 2000
        assert len(scene.outcome.state.incidents) == 1

    play(what)


def test_shows_carriers_phones_and_queues():
    async def what(scene: Play) -> None:
        await scene.looked()
        assert scene.values[("trunk", "trunk1@psap1")]["reachable"] is True
        assert scene.values[("trunk", "trunk2@psap1")]["reachable"] is False
        assert scene.values[("phone", "agent1@psap1")]["state"] == "INUSE"
        assert scene.values[("phone", "agent2@psap1")]["reachable"] is False
        assert scene.values[("queue", "q113@psap1")]["members"] == {"agent1": False, "agent2": False}
        assert scene.values[("node", "psap1")]["up"] is True

    play(what)


def test_a_second_look_at_the_same_says_nothing_new():
    async def what(scene: Play) -> None:
        await scene.looked()
        known = scene.outcome.state
        await scene.looked()
        await scene.looked()
        assert scene.outcome.state == known
        assert len(scene.double.asked("Status")) == 1  # asked only for what is new

    play(what)


def test_calls_that_a_restart_killed_are_ended_and_new_ones_are_not():
    """The new node's first events come before it is known that it is new."""

    async def what(scene: Play) -> None:
        await scene.looked()
        before = scene.board._translator.tracker
        scene.as_recorded("B")
        arrived = pieces("01")[:40]
        scene.double.answers["CoreStatus"] = lambda asked: [
            *(piece.data.decode().removesuffix("\r\n\r\n") for piece in arrived if b"UserEvent" in piece.data),
            *recorded("B", "CoreStatus")(asked),
        ]
        scene.double.hang_up()
        await scene.until(lambda: len(scene.told(c.NodeUp)) == 2)
        await scene.looked()
        assert scene.told(c.NodeDown) == [c.NodeDown(node="psap1", why="closed")]
        assert scene.told(c.NodeUp)[1].booted == "2026-11-23 14:36:10"
        lost = scene.outcome.state.calls[CALL]
        assert (lost.state, lost.ended_by) == (CallState.ENDED, EndedBy.SWITCH_LOST)
        assert len(scene.told(c.CallCame)) == 1
        assert scene.board._translator.tracker is not before  # nothing of the dead channels is believed
        kinds = [type(fact) for fact in scene.outcome.facts]
        second_up = len(kinds) - 1 - kinds[::-1].index(c.NodeUp)
        assert kinds.index(c.CallCame) > second_up

    play(what)


def test_a_connection_cut_at_every_message_of_a_call_ends_as_if_it_never_was():
    """Whatever was said while nobody listened is found by the look afterwards."""
    count = len(pieces("01"))

    for cut in range(1, count, 12):

        async def what(scene: Play, cut: int = cut) -> None:
            empty = listing([], "CoreShowChannelsComplete")
            scene.double.answers["CoreShowChannels"] = empty
            await scene.looked()
            scene.say("01", 0, cut)
            await asyncio.sleep(0.01)
            scene.clock.instant += 60_000
            scene.double.hang_up()
            await scene.until(lambda: len(scene.told(c.NodeUp)) == 2)
            await scene.looked()
            assert not [call for call in scene.outcome.calls if call.state.live]
            assert all(call.id == "psap1-1795444135.0" for call in scene.outcome.calls)
            assert not scene.told(c.MessageParked)

        play(what)


def test_answer_hang_up_and_reload_are_sent_once_by_unique_id():
    async def what(scene: Play) -> None:
        await scene.looked()
        await scene.board.carry_out(AnswerAt("psap1", CALL, "agent2"))
        (asked,) = scene.double.asked("Redirect")
        assert (asked["Channel"], asked["Context"], asked["Exten"], asked["Priority"]) == (
            CALL,
            "answer-at",
            "agent2",
            "1",
        )
        await scene.board.carry_out(EndCall("psap1", CALL))
        assert [(it["Channel"], it["Cause"]) for it in scene.double.asked("Hangup")] == [(CALL, "16")]
        await scene.board.reload()
        assert len(scene.double.asked("Reload")) == 1
        assert await scene.board.knows_endpoint("agent1") is True
        assert await scene.board.knows_endpoint("agent9") is False

    play(what)


def test_an_answer_whose_outcome_is_unknown_is_said_so_and_not_repeated():
    async def what(scene: Play) -> None:
        await scene.looked()
        scene.double.hangs_up_on = {"Redirect"}
        with pytest.raises(ActionFailed) as problem:
            await scene.board.carry_out(AnswerAt("psap1", CALL, "agent2"))
        assert problem.value.unknown is True
        scene.double.hangs_up_on = set()
        await scene.until(lambda: len(scene.told(c.NodeUp)) == 2)
        await scene.looked()
        assert len(scene.double.asked("Redirect")) == 1

    play(what)


@pytest.mark.parametrize(("call", "position"), [("psap1-1.1", "agent1"), (CALL, "agent9")])
def test_what_the_switch_does_not_have_is_refused_unsent(call, position):
    async def what(scene: Play) -> None:
        await scene.looked()
        with pytest.raises(ActionFailed) as problem:
            await scene.board.carry_out(AnswerAt("psap1", call, position))
        assert problem.value.unknown is False
        assert scene.double.asked("Redirect") == []

    play(what)


def test_serving_pauses_in_the_services_queues_and_mends_a_node_that_forgot():
    async def what(scene: Play) -> None:
        members = recorded("A", "QueueStatus")
        everybody = "Event: QueueMember\r\nQueue: q-all\r\nLocation: PJSIP/agent1\r\nPaused: 0"
        scene.double.answers["QueueStatus"] = lambda asked: [*members(asked)[:-1], everybody, members(asked)[-1]]
        await scene.looked()
        await scene.board.serve("agent1", False)
        # the recorded node never knows of it, so every look asks again, one that is on its way just now as well
        before = len(scene.double.asked("QueuePause"))
        assert before >= 1
        await scene.looked()
        await scene.looked()
        await scene.until(lambda: len(scene.double.asked("QueuePause")) > before)
        told = {(it["Queue"], it["Interface"], it["Paused"]) for it in scene.double.asked("QueuePause")}
        assert told == {("q113", "PJSIP/agent1", "true")}

    play(what)


def test_a_switch_that_changes_but_tells_nothing_is_connected_anew():
    async def what(scene: Play) -> None:
        await scene.looked()
        connections = scene.double.connections
        for number in (1, 2, 3):
            entry = f"Event: CoreShowChannel\r\nChannel: PJSIP/agent2-0000000{number}\r\nUniqueid: u.{number}"
            scene.double.answers["CoreShowChannels"] = listing([entry], "CoreShowChannelsComplete")
            await scene.looked()
            await asyncio.sleep(0.02)
        await scene.until(lambda: scene.double.connections > connections)
        assert scene.told(c.NodeDown)[0].why == "deaf"
        assert scene.told(c.EventsStopped) == [c.EventsStopped(node="psap1")]
        assert "events_stopped:psap1" in scene.outcome.state.alarms
        scene.say("12b_injection_forged_event")
        await scene.until(lambda: "events_stopped:psap1" not in scene.outcome.state.alarms)

    play(what)


def test_a_look_that_fails_is_tried_again():
    async def what(scene: Play) -> None:
        queue = scene.double.answers["QueueStatus"]
        scene.double.answers["QueueStatus"] = refusal("not now")
        await scene.until(lambda: len(scene.double.asked("QueueStatus")) >= 3)
        assert scene.told(c.SwitchLooked) == []
        scene.double.answers["QueueStatus"] = queue
        await scene.looked()
        assert scene.outcome.call.position == "agent1"

    play(what)


def test_forged_lines_are_told_once_with_the_carrier_behind_them():
    async def what(scene: Play) -> None:
        scene.double.answers["CoreShowChannels"] = listing([], "CoreShowChannelsComplete")
        await scene.looked()
        scene.say("12b_injection_forged_event")
        await scene.until(lambda: scene.told(c.CallOver))
        assert scene.told(c.ForgerySeen) == [c.ForgerySeen(node="psap1", trunk="trunk1")]
        assert list(scene.outcome.state.alarms) == ["forged_event:trunk1"]

    play(what)


def test_a_flood_of_unreadable_messages_is_told_once():
    async def what(scene: Play) -> None:
        await scene.looked()
        message = (
            b"Event: UserEvent\r\nPrivilege: user,all\r\nTimestamp: 1795444566.0\r\nSystemName: psap1\r\n"
            b"Channel: PJSIP/trunk1-00000001\r\nUniqueid: x\r\nUserEvent: DispatchMessage\r\nBody: not base64!\r\n\r\n"
        )
        scene.double.say(message * 50)
        await scene.until(lambda: scene.told(c.MessageParked))
        await asyncio.sleep(0.05)
        assert len(scene.told(c.MessageParked)) == 1
        assert scene.told(c.TextCame) == []

    play(what)
