"""The switchboard on a real Asterisk with real callers and phones: answered, ended, killed, silent, back again."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CallState, EndedBy
from dispatch_core.ports import ActionFailed
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import Habit
from telephony.trunk.dialplan import picking_up
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice

OVERFLOW_AFTER = 3
PICK_UP = 2  # seconds; 15 of ringing would make a slow test


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    def sooner(text: str) -> str:
        return re.sub(r"overflow_after = \d+", f"overflow_after = {OVERFLOW_AFTER}", text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picking_up, "PICK_UP", PICK_UP)
        stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=sooner)
    with stage:
        yield stage


@pytest.fixture
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up and board.told(c.SwitchLooked))
        yield board
        board.wait(lambda: not board.live)
        tracker = board.board._translator.tracker
        board.wait(lambda: not tracker.calls and not tracker.wiring.channels, say=lambda: tracker.__dict__)
    assert board.problems == []
    assert board.told(c.MessageParked) == []
    assert board.told(c.ForgerySeen) == []


def test_logs_in_and_knows_carriers_phones_and_queues(voice: Voice, board: Board):
    node = board.state.nodes[voice.site.site.nodes[0]]
    assert node.booted.startswith("20")
    board.wait(lambda: ("queue", "q-all@pbx1") in board.values)
    assert board.values[("trunk", "viettel@pbx1")]["reachable"] in (True, False)
    assert board.values[("phone", "B01@pbx1")]["state"] == "NOT_INUSE"
    assert set(board.values[("queue", "q-all@pbx1")]["members"]) == {position.id for position in voice.site.positions}


def test_a_call_is_answered_from_the_console_and_ended_by_the_caller(voice: Voice, board: Board):
    with voice.callers() as carrier:
        caller = carrier.dial("115", sender='"Nguyễn Văn An" <sip:0912345678@carrier>')
        board.wait(lambda: board.live and board.live[0].state is CallState.RINGING)
        call = board.live[0]
        assert (call.dialled, call.number, call.name) == ("115", "0912345678", "Nguyễn Văn An")
        assert call.services == ("ambulance",)
        assert call.carrier == "viettel"
        assert call.recording
        assert len(call.ringing) >= 1
        asked = time.monotonic()
        board.answer(call.id, "B03")
        board.wait(lambda: board.state.calls[call.id].state is CallState.ANSWERED)
        talking = time.monotonic()
        assert board.state.calls[call.id].position == "B03"
        board.wait(lambda: board.values[("phone", "B03@pbx1")]["state"] in ("INUSE", "BUSY"))
        hung_up = time.monotonic()
        caller.hang_up()
        board.wait(lambda: not board.live)
        over = time.monotonic()
    call = board.state.calls[call.id]
    assert (call.state, call.ended_by, call.positions) == (CallState.ENDED, EndedBy.CALLER, ("B03",))
    talked, rounding = (call.ended_at - call.answered_at) / 1000, 0.002
    assert hung_up - talking - rounding <= talked <= over - asked + rounding


def test_a_caller_who_gives_up_is_abandoned(voice: Voice, board: Board):
    with voice.calls(Caller("113", "0987000001", patience=0.8)) as carrier:
        board.wait(lambda: board.calls)
        assert carrier.wait()
    board.wait(lambda: not board.live)
    (call,) = board.calls
    assert (call.state, call.ended_by, call.answered_at) == (CallState.ABANDONED, EndedBy.CALLER, 0)


def test_hang_up_lets_the_caller_go(voice: Voice, board: Board):
    with voice.calls(Caller("114", "0987000002")) as carrier:
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        board.answer(call, "B04")
        board.wait(lambda: board.state.calls[call].state is CallState.ANSWERED)
        board.hang_up(call)
        board.wait(lambda: not board.live)
        assert carrier.wait()
        assert carrier.calls[0].ending is Ending.RELEASED
    ended = board.state.calls[call]
    assert (ended.state, ended.ended_by) == (CallState.ENDED, EndedBy.US)


def test_the_position_hangs_up(voice: Voice, board: Board):
    habit = Habit(lift_after=None, talk=0.7)
    with voice.phones.habit("B05", habit), voice.calls(Caller("115", "0987000003")) as carrier:
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        board.answer(call, "B05")
        board.wait(lambda: not board.live)
        assert carrier.wait()
    ended = board.state.calls[call]
    assert (ended.state, ended.ended_by, ended.positions) == (CallState.ENDED, EndedBy.POSITION, ("B05",))


def test_a_position_that_leaves_is_paused_in_its_services_queues_alone(voice: Voice, board: Board):
    position = voice.site.positions[0]
    queues = [f"q-{service}" for service in position.services]
    board.run(board.board.serve(position.id, False))
    board.wait(lambda: all(board.values[("queue", f"{queue}@pbx1")]["members"][position.id] for queue in queues))
    assert board.values[("queue", "q-all@pbx1")]["members"][position.id] is False
    board.run(board.board.serve(position.id, True))
    board.wait(lambda: not any(board.values[("queue", f"{queue}@pbx1")]["members"][position.id] for queue in queues))


def test_a_phone_that_does_not_pick_up_costs_the_caller_nothing(voice: Voice, board: Board):
    with voice.phones.habit("B03", Habit(auto_answer=False)), voice.callers() as carrier:
        caller = carrier.dial("115")
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        board.answer(call, "B03")
        board.wait(lambda: "B03" in board.state.calls[call].ringing)
        board.wait(lambda: board.told(c.AnswerNotTaken))
        board.wait(lambda: board.state.calls[call].ringing and "B03" not in board.state.calls[call].ringing)
        assert board.state.calls[call].state is CallState.RINGING
        assert caller.state == "up"
        caller.hang_up()
        board.wait(lambda: not board.live)
    assert board.told(c.AnswerNotTaken) == [c.AnswerNotTaken(call=call, position="B03")]
    board.wait(lambda: not board.live)
    assert board.state.calls[call].state is CallState.ABANDONED


def test_nobody_of_the_service_picks_up_and_everybody_rings(voice: Voice, board: Board):
    with voice.callers() as carrier:
        caller = carrier.dial("114")
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        assert board.state.calls[call].queue == "q-fire"
        assert not board.state.calls[call].overflowed
        board.wait(lambda: board.state.calls[call].queue == "q-all")
        assert board.state.calls[call].overflowed
        everybody = {position.id for position in voice.site.positions}
        board.wait(lambda: set(board.state.calls[call].ringing) == everybody)
        caller.hang_up()
        board.wait(lambda: not board.live)
    assert board.state.calls[call].state is CallState.ABANDONED


def test_a_text_message_stays_text(voice: Voice, board: Board):
    body = "Cháy nhà số 5\r\n\r\nEvent: Hangup\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\nUniqueid: 1\r\n\r\nX: y"
    with voice.line() as line:
        line.message(body, user="114")
    board.wait(lambda: board.told(c.TextCame))
    (conversation,) = board.state.conversations.values()
    (line_in,) = conversation.lines
    assert line_in.text == body.replace("\r\n", "\n")
    assert (conversation.number, conversation.dialled) == ("0912345678", "114")
    assert board.calls == []


def test_a_caller_who_writes_events_into_his_number_changes_nothing(voice: Voice, board: Board):
    user = "0912%0d%0a%0d%0aEvent%3a%20Hangup%0d%0aUniqueid%3a%20victim-1%0d%0a%0d%0aX%3a%20"
    with voice.line() as line:
        assert line.invite(sender=f'"Nguyễn\t;=,Văn" <sip:{user}@carrier>') == 200
    board.wait(lambda: board.calls and not board.live)
    (call,) = board.calls
    assert call.number.isdecimal()
    assert call.name.startswith("Nguyễn")
    assert set(board.state.alarms) == {"odd_identity:viettel"}  # told, and no forged event among the alarms


def test_what_the_switch_does_not_know_is_refused(voice: Voice, board: Board):
    with pytest.raises(ActionFailed) as problem:
        board.answer("pbx1-1.1", "B01")
    assert problem.value.unknown is False
    with voice.calls(Caller("113", "0987000004")):
        board.wait(lambda: board.live)
        with pytest.raises(ActionFailed):
            board.answer(board.live[0].id, "nobody")
        assert board.live[0].state.waiting


def test_every_event_type_missing_in_turn_is_made_good_by_the_look(voice: Voice, board: Board, monkeypatch):
    """The link is deaf for one type; what it would have told is there after the next look."""
    monkeypatch.setattr("telephony.switchboard.LOOK_EVERY_S", 0.5)
    board.board._link.drop("test")
    looks = len(board.told(c.SwitchLooked))
    board.wait(lambda: board.up and len(board.told(c.SwitchLooked)) > looks)
    taken = board.board._event
    for missing in ("UserEvent", "QueueCallerJoin", "BridgeEnter", "BridgeLeave", "Hangup", "DialBegin"):
        monkeypatch.setattr(
            board.board._link, "_on_event", lambda event, missing=missing: event.name != missing and taken(event)
        )
        known = set(board.state.calls)
        with voice.calls(Caller("115", "0987000005")) as carrier:
            board.wait(lambda known=known: set(board.state.calls) - known)
            (call,) = set(board.state.calls) - known
            board.wait(lambda call=call: board.state.calls[call].queue)
            board.answer(call, "B02")
            board.wait(lambda call=call: board.state.calls[call].position == "B02")
            board.hang_up(call)
            board.wait(lambda call=call: not board.state.calls[call].state.live)
            assert carrier.wait()
        assert board.state.calls[call].dialled == "115", missing


def test_a_connection_that_breaks_in_mid_call_loses_nothing(voice: Voice, board: Board):
    with voice.calls(Caller("115", "0987000006")) as carrier:
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        board.answer(call, "B06")
        board.wait(lambda: board.state.calls[call].position == "B06")
        looks = len(board.told(c.SwitchLooked))
        board.board._link.drop("test")
        board.wait(lambda: board.told(c.NodeDown))
        board.wait(lambda: board.up and len(board.told(c.SwitchLooked)) > looks)
        assert board.state.calls[call].state is CallState.ANSWERED
        assert board.state.calls[call].position == "B06"
        board.hang_up(call)
        board.wait(lambda: not board.live)
        assert carrier.wait()
    assert board.state.calls[call].positions == ("B06",)


def test_a_core_that_starts_late_finds_the_calls(voice: Voice):
    with voice.calls(Caller("114", "0987000007"), Caller("113", "0987000008")) as carrier:
        with Board(voice.site, SECRET) as first:
            first.wait(lambda: len(first.live) == 2 and all(call.ringing for call in first.live))
            fire, police = sorted(first.live, key=lambda call: call.dialled, reverse=True)
            first.answer(fire.id, "B04")
            first.wait(lambda: first.state.calls[fire.id].position == "B04")
        with Board(voice.site, SECRET) as second:
            second.wait(lambda: len(second.live) == 2)
            found = {call.id: call for call in second.live}
            assert (found[fire.id].position, found[fire.id].dialled) == ("B04", "114")
            assert found[fire.id].recording == fire.recording
            assert found[police.id].state.waiting
            assert (found[police.id].dialled, found[police.id].number) == ("113", "0987000008")
            assert found[police.id].services == ("police",)
            assert found[police.id].queue in ("q-police", "q-all")
            second.hang_up(fire.id)
            second.hang_up(police.id)
            second.wait(lambda: not second.live)
            assert second.problems == []
            assert carrier.wait()


def test_asterisk_that_falls_silent_is_noticed_in_six_seconds(voice: Voice, board: Board):
    process = voice.asterisk.pid
    os.kill(process, signal.SIGSTOP)
    began = time.monotonic()
    try:
        board.wait(lambda: board.told(c.NodeDown))
        took = time.monotonic() - began
    finally:
        os.kill(process, signal.SIGCONT)
    assert took <= 6.3
    assert board.told(c.NodeDown)[0].why == "silent"
    board.wait(lambda: board.up)


def test_asterisk_killed_in_mid_call(voice: Voice, board: Board):
    with voice.callers() as carrier:
        carrier.dial("115").wait("up")
        board.wait(lambda: board.live and board.live[0].ringing)
        call = board.live[0].id
        board.answer(call, "B06")
        board.wait(lambda: board.state.calls[call].position == "B06")
        began = time.monotonic()
        voice.asterisk.kill9()
        board.wait(lambda: not board.up)
        assert time.monotonic() - began < 3.0  # by the connection that broke, and no missing answer
        assert board.state.calls[call].state is CallState.ANSWERED  # nothing is guessed
        assert "telephony_blind:pbx1" in board.state.alarms
        voice.asterisk.start()
        board.wait(lambda: board.up)
        ended = board.state.calls[call]
        assert (ended.state, ended.ended_by) == (CallState.ENDED, EndedBy.SWITCH_LOST)
        assert "telephony_blind:pbx1" not in board.state.alarms
    voice.look_at_phones()
    with voice.calls(Caller("113", "0987000010")):
        board.wait(lambda: board.live and board.live[0].ringing)
    board.wait(lambda: not board.live)
