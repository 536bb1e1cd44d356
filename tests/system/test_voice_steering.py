"""Steering a call on real Asterisk, by the orders that the core gives: what a caller never loses."""

from __future__ import annotations

import socket
import struct
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, EndedBy, SteerAct, TargetKind, WatchHow
from dispatch_core.ports import ActionFailed
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Carrier
from scripts.stage.phones import WAITS, Habit
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Voice

NODE = "pbx1"
LIFTED = Habit(lift_after=0.2)


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    home = tmp_path_factory.mktemp("voice")
    with Voice(asterisk_prefix, home, habits={"B02": LIFTED, "B03": LIFTED}) as stage:
        yield stage


@contextmanager
def sounding(ear: Ear, channel: str) -> Iterator[None]:
    """Sound from the phone of this channel, as every phone sends it and sipp does not."""
    told = ear.act("Getvar", Channel=channel, Variable="CHANNEL(rtp,src)")["Value"]
    address = ("127.0.0.1", int(told.rpartition(":")[2]))
    over = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            number = 0
            while not over.wait(0.02):
                number += 1
                head = struct.pack("!BBHII", 0x80, 8, number & 0xFFFF, number * 160, 7)
                out.sendto(head + b"\xd5" * 160, address)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Line:
    """One caller at B01, and the board that steers."""

    def __init__(self, board: Board, carrier: Carrier) -> None:
        self.board, self.carrier = board, carrier
        board.wait(lambda: board.live and board.live[0].state.waiting)
        self.id = board.live[0].id
        self.order(x.AnswerAt(NODE, self.id, "B01"))
        self.until(lambda call: call.position == "B01")

    @property
    def call(self) -> Call:
        return self.board.state.calls[self.id]

    def order(self, order: x.SwitchOrder) -> None:
        self.board.run(self.board.board.carry_out(order))

    def until(self, true: object) -> None:
        self.board.wait(lambda: true(self.call), say=lambda: f"{self.call}\n{self.board.facts[-12:]}")  # type: ignore[operator]

    def heard_together(self) -> set[str]:
        """Who hears the caller, by the tracker's wiring."""
        tracker = self.board.board._translator.tracker
        caller = tracker.caller_of(self.id)
        channels = (tracker.wiring.channels[uid] for uid in tracker.wiring.heard_by(caller))
        return {channel.position or channel.carrier for channel in channels}


@contextmanager
def talking(voice: Voice, number: str = "0912345678") -> Iterator[Line]:
    with Board(voice.site, SECRET) as board, voice.calls(Caller("115", number, patience=60)) as carrier:
        try:
            assert voice.carrier_seen(reachable=True)  # whom some are handed over to
            yield Line(board, carrier)
        finally:
            for call in board.live:
                board.run(board.board.carry_out(x.EndCall(NODE, call.id)))
            board.wait(lambda: not board.live)
        assert not board.problems


def seconds(file: str) -> float:
    with wave.open(file) as recording:
        return recording.getnframes() / recording.getframerate()


def test_on_hold_and_back_the_recording_goes_on(voice: Voice) -> None:
    with talking(voice) as line:
        for _ in range(2):
            line.order(x.HoldCaller(NODE, line.id, "B01"))
            line.until(lambda call: call.state is CallState.HELD and call.position == "B01")
            assert not line.heard_together()
            line.until(lambda call: call.recording)
            length = Path(line.call.recording).stat().st_size
            line.board.wait(lambda so_far=length: Path(line.call.recording).stat().st_size > so_far + 8_000)
            line.order(x.ResumeCaller(NODE, line.id, "B01"))
            line.until(lambda call: call.state is CallState.ANSWERED)
            line.board.wait(lambda: line.heard_together() == {"B01"})
        assert line.call.positions == ("B01",) and not line.call.parties
        file = line.call.recording
    (call,) = line.carrier.calls
    assert call.connected is not None and call.ended is not None
    assert seconds(file) > call.ended - call.connected - 0.3
    assert len(list(Path(file).parent.glob(f"{line.id}*"))) == 1


def test_nothing_is_sent_where_the_channels_are_not_as_the_order_takes_them_to_be(voice: Voice) -> None:
    with talking(voice) as line:
        for order in (
            x.ResumeCaller(NODE, line.id, "B01"),
            x.EndConsultation(NODE, line.id, "B01"),
            x.CompleteConsultation(NODE, line.id, "B01"),
            x.JoinConsultation(NODE, line.id, "B01"),
            x.LeaveRoom(NODE, line.id, "B01"),
            x.HoldCaller(NODE, line.id, "B02"),
            x.HandOver(NODE, line.id, "B01", TargetKind.POSITION, "B99"),
            x.Consult(NODE, line.id, "B01", TargetKind.POSITION, "B99"),
        ):
            with pytest.raises(ActionFailed) as no:
                line.order(order)
            assert not no.value.unknown
        assert line.heard_together() == {"B01"}


def test_the_phone_of_who_holds_is_gone_and_the_caller_is_in_front(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.HoldCaller(NODE, line.id, "B01"))
        line.until(lambda call: call.state is CallState.HELD)
        ear = voice.listen()
        tracker = line.board.board._translator.tracker
        ear.act("Hangup", Channel=tracker.phone_in(line.id, "B01"))
        joined = ear.wait(lambda one: one.name == "QueueCallerJoin")
        assert joined.headers["Position"] == "1"
        line.until(lambda call: call.state.waiting and not call.position)
        assert line.carrier.calls[0].ending is None


def test_a_caller_in_a_room_in_which_nobody_talks_is_in_front(voice: Voice) -> None:
    """The phone was hung up while both were sent there."""
    with talking(voice) as line:
        ear = voice.listen()
        ear.act("Redirect", Channel=line.board.board._translator.tracker.caller_of(line.id), Context="room",
                Exten="caller", Priority="1")  # fmt: skip
        joined = ear.wait(lambda one: one.name == "QueueCallerJoin")
        assert joined.headers["Position"] == "1"
        line.until(lambda call: call.state.waiting and not call.position)
        assert line.carrier.calls[0].ending is None


def test_who_was_called_back_is_not_let_go_when_the_phone_that_holds_is(voice: Voice) -> None:
    called = Carrier(
        voice.home / "carrier", voice.carrier_port, voice.site.ports.sip, called=Habit(lift_after=0.2), name="called"
    )
    called.start()
    try:
        assert voice.carrier_seen(reachable=True)
        with Board(voice.site, SECRET) as board:
            board.wait(lambda: board.up)
            board.carry_out(x.RingBack(NODE, "cb-held", "B01", "0912345678", "115"))
            board.wait(lambda: board.live and board.live[0].answered_at)
            board.carry_out(x.HoldCaller(NODE, "cb-held", "B01"))
            board.wait(lambda: board.live[0].state is CallState.HELD)
            ear = voice.listen()
            ear.act("Hangup", Channel="cb-held")
            ear.wait(lambda one: one.name == "QueueCallerJoin")
            board.wait(lambda: board.live and board.live[0].position in ("B02", "B03"))  # who was lifted for it
            ear.act("Hangup", Channel=board.board._translator.tracker.caller_of("cb-held"))
            board.wait(lambda: not board.live)
            assert not board.problems
    finally:
        called.stop()


@contextmanager
def sent_on(port: int, to: str) -> Iterator[None]:
    """A far end that answers every INVITE with "302: call `to` instead", and is there."""
    over = threading.Event()

    def answer(line: socket.socket) -> None:
        while not over.is_set():
            try:
                data, sender = line.recvfrom(65_536)
            except TimeoutError:
                continue
            first, *lines = data.decode("utf-8", "replace").split("\r\n")
            if first.startswith(("SIP/2.0", "ACK")):
                continue
            kept = [it for it in lines if it.startswith(("Via:", "From:", "Call-ID:", "CSeq:"))]
            kept += [f"{it};tag=there" for it in lines if it.startswith("To:")]
            moved = ["SIP/2.0 302 Moved Temporarily", f"Contact: <{to}>"]
            head = moved if first.startswith("INVITE") else ["SIP/2.0 200 OK"]
            line.sendto("\r\n".join([*head, *kept, "Content-Length: 0", "", ""]).encode(), sender)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", port))
        line.settimeout(0.05)
        thread = threading.Thread(target=answer, args=(line,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def test_who_is_invited_cannot_send_us_on_to_a_service(voice: Voice) -> None:
    """It would be one more caller, whom nobody called."""
    centre = f"127.0.0.1:{voice.site.ports.sip}"
    with Board(voice.site, SECRET) as board, sent_on(voice.carrier_port, f"sip:115@{centre}"):
        assert voice.carrier_seen(reachable=True)
        ear = voice.listen()
        ear.act(
            "Originate", "__CALL_UUID=pbx1-1.1", Channel="PJSIP/0281234567@viettel", ChannelId="invite-on",
            Context="room", Exten="guest", Priority="1", Async="true", Timeout="5000",
        )  # fmt: skip
        ear.wait(lambda one: one.name == "OriginateResponse")
        looks = len(board.told(c.SwitchLooked))
        board.wait(lambda: len(board.told(c.SwitchLooked)) > looks)
        assert not board.told(c.CallCame) and not board.calls


def test_asked_and_completed(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.Consult(NODE, line.id, "B01", TargetKind.POSITION, "B02"))
        line.until(lambda call: call.state is CallState.HELD and call.parties == ("B02",))
        assert line.call.position == "B01"
        line.order(x.CompleteConsultation(NODE, line.id, "B01"))
        line.until(lambda call: call.position == "B02" and call.state is CallState.ANSWERED and not call.parties)
        line.board.wait(lambda: line.heard_together() == {"B02"})
        assert line.call.positions == ("B01", "B02")


def test_asked_outside_joined_and_left_with_them(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.Consult(NODE, line.id, "B01", TargetKind.NUMBER, "0281234567"))
        line.until(lambda call: call.state is CallState.HELD and call.parties == ("viettel",))
        line.order(x.JoinConsultation(NODE, line.id, "B01"))
        line.until(lambda call: call.state is CallState.ANSWERED and call.parties == ("viettel",))
        line.board.wait(lambda: line.heard_together() == {"B01", "viettel"})
        ear = voice.listen()
        line.order(x.LeaveRoom(NODE, line.id, "B01"))
        line.board.wait(lambda: line.heard_together() == {"viettel"})
        line.until(lambda call: call.state.live and not call.position)
        left = ear.wait(lambda one: one.name == "BridgeLeave" and "/B01-" in one.headers["Channel"])
        stays = ear.wait(lambda one: one.name == "BridgeEnter" and one.headers["Exten"] == "heir")
        assert ear.heard.index(stays) < ear.heard.index(left), "for a moment nobody kept the room open"
        line.board.wait(lambda: not line.board.live)  # who was asked hangs up, and so the call is over


def test_nobody_comes_and_the_position_is_back_with_the_caller(voice: Voice) -> None:
    voice.phones.change("B03", Habit(busy=True))
    try:
        with talking(voice) as line:
            line.order(x.Consult(NODE, line.id, "B01", TargetKind.POSITION, "B03"))
            line.board.wait(lambda: line.board.told(c.TargetNotReached))
            (told,) = line.board.told(c.TargetNotReached)
            assert told.act is SteerAct.CONSULT and told.why in ("BUSY", "CHANUNAVAIL")
            line.until(lambda call: call.state is CallState.ANSWERED)
            line.board.wait(lambda: line.heard_together() == {"B01"})
    finally:
        voice.phones.change("B03", LIFTED)


def test_back_while_it_still_rings(voice: Voice) -> None:
    voice.phones.change("B03", WAITS)
    try:
        with talking(voice) as line:
            line.order(x.Consult(NODE, line.id, "B01", TargetKind.POSITION, "B03"))
            line.until(lambda call: call.state is CallState.HELD)
            line.order(x.EndConsultation(NODE, line.id, "B01"))
            line.until(lambda call: call.state is CallState.ANSWERED)
            line.board.wait(lambda: line.heard_together() == {"B01"})
    finally:
        voice.phones.change("B03", LIFTED)


def test_handed_over_to_a_position_a_service_and_a_number(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.HandOver(NODE, line.id, "B01", TargetKind.POSITION, "B02"))
        line.until(lambda call: call.position == "B02")
        line.order(x.HandOver(NODE, line.id, "B02", TargetKind.SERVICE, "fire"))
        line.until(lambda call: call.queue == "q-fire" or call.position == "B03")
        line.until(lambda call: call.position in ("B02", "B03"))
        line.order(x.HandOver(NODE, line.id, line.call.position, TargetKind.NUMBER, "0281234567"))
        line.board.wait(lambda: line.heard_together() == {"viettel"})
        line.until(lambda call: not call.position)


def test_handed_over_to_somebody_who_does_not_come_is_back_in_front(voice: Voice) -> None:
    voice.phones.change("B03", Habit(busy=True))
    try:
        with talking(voice) as line:
            line.order(x.HandOver(NODE, line.id, "B01", TargetKind.POSITION, "B03"))
            line.board.wait(lambda: line.board.told(c.TargetNotReached))
            line.until(lambda call: call.state.waiting and call.queue == "q-ambulance")
            (told,) = line.board.told(c.TargetNotReached)
            assert told.act is SteerAct.TRANSFER and told.why in ("BUSY", "CHANUNAVAIL")
    finally:
        voice.phones.change("B03", LIFTED)


def test_invited_and_the_first_leaves(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.Invite(NODE, line.id, "B01", TargetKind.POSITION, "B02", "invite-1", "115"))
        line.until(lambda call: call.parties == ("B02",) and call.position == "B01")
        line.order(x.MuteVoice(NODE, line.id, "B01"))
        line.order(x.LeaveRoom(NODE, line.id, "B01"))
        line.until(lambda call: call.position == "B02" and not call.parties)
        line.board.wait(lambda: line.heard_together() == {"B02"})


def test_a_supervisor_listens_whispers_and_comes_in(voice: Voice) -> None:
    with talking(voice) as line:
        ear = voice.listen()
        line.order(x.WatchAt(NODE, "B05", line.id, "B01", WatchHow.LISTEN, "watch-1"))
        line.board.wait(lambda: line.board.told(c.WatchRuns))
        spied = line.board.board._translator.tracker.phone_in(line.id, "B01")
        with sounding(ear, "watch-1"), sounding(ear, spied):
            ear.wait(lambda one: one.name == "ChanSpyStart")
            assert line.heard_together() == {"B01"} and not line.call.parties
            line.order(x.WatchAt(NODE, "B05", line.id, "B01", WatchHow.WHISPER, "watch-1"))
            ear.wait(lambda _: len([it for it in ear.heard if it.name == "ChanSpyStart"]) == 2)
            line.order(x.WatchAt(NODE, "B05", line.id, "B01", WatchHow.BARGE, "watch-1"))
            line.until(lambda call: call.parties == ("B05",) and call.position == "B01")
            line.order(x.StopWatch(NODE, "watch-1"))
            line.board.wait(lambda: line.board.told(c.WatchOver))
            line.until(lambda call: not call.parties and call.position == "B01")


def test_what_a_supervisor_hears_ends_with_the_call(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.WatchAt(NODE, "B05", line.id, "B01", WatchHow.LISTEN, "watch-2"))
        line.board.wait(lambda: line.board.told(c.WatchRuns))
        line.order(x.EndCall(NODE, line.id))
        line.board.wait(lambda: line.board.told(c.WatchOver))


def test_a_core_that_starts_anew_finds_it_all_again(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.Consult(NODE, line.id, "B01", TargetKind.POSITION, "B02"))
        line.until(lambda call: call.state is CallState.HELD and call.parties == ("B02",))
        line.order(x.MuteVoice(NODE, line.id, "B01"))
        with Board(voice.site, SECRET) as other:
            other.wait(lambda: other.live and other.live[0].state is CallState.HELD)
            found = other.live[0]
            assert (found.position, found.parties, found.muted) == ("B01", ("B02",), ("B01",))
        line.order(x.JoinConsultation(NODE, line.id, "B01"))
        line.until(lambda call: call.state is CallState.ANSWERED)
        with Board(voice.site, SECRET) as other:
            other.wait(lambda: other.live and other.live[0].position)
            found = other.live[0]
            assert {found.position, *found.parties} == {"B01", "B02"} and found.state is CallState.ANSWERED


def test_the_last_of_ours_hangs_up_and_the_call_is_over(voice: Voice) -> None:
    with talking(voice) as line:
        line.order(x.Consult(NODE, line.id, "B01", TargetKind.NUMBER, "0281234567"))
        line.until(lambda call: call.parties == ("viettel",))
        line.order(x.JoinConsultation(NODE, line.id, "B01"))
        line.board.wait(lambda: line.heard_together() == {"B01", "viettel"})
        ear = voice.listen()
        ear.act("Hangup", Channel=line.board.board._translator.tracker.phone_in(line.id, "B01"))
        line.board.wait(lambda: not line.board.live)
        assert line.call.ended_by in (EndedBy.POSITION, EndedBy.US)
