"""What the phones at the desks do by themselves: hold, ask, hand over; and that nobody else may."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dispatch_core.domain import effects as x
from dispatch_core.domain.events import CallHeld, CallJoined, CallResumed
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, EndedBy
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.ports import LOOPBACK
from scripts.stage.soft_phone import Dialog, SoftPhone
from telephony.trunk.dialplan import from_phones
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice

SOFT = ("B01", "B02", "B03")
NODE = "pbx1"
PATIENT = Caller("113", "0912345678", patience=60)


class Desk:
    """The positions' phones, the switchboard that follows them, and the voice stage."""

    def __init__(self, voice: Voice, board: Board, phones: dict[str, SoftPhone]) -> None:
        self.voice, self.board, self.phones = voice, board, phones

    def takes(self, position: str) -> tuple[Dialog, str]:
        """That phone is lifted for the caller; its dialog and the call's id."""
        dialog = self.phones[position].rung()
        dialog.lift()
        self.board.wait(lambda: [it for it in self.board.live if it.position == position])
        return dialog, next(it.id for it in self.board.live if it.position == position)

    def call(self, ident: str) -> Call:
        return self.board.state.calls[ident]

    def at(self, ident: str, position: str, *state: CallState) -> None:
        self.board.wait(
            lambda: self.call(ident).position == position and (not state or self.call(ident).state in state),
            say=lambda: f"{self.call(ident)}\n" + "\n".join(str(it) for it in self.board.facts[-20:]),
        )

    def looks_the_same(self, ident: str) -> None:
        """Somebody who has heard no event finds the same call by a look."""
        with Board(self.voice.site, SECRET) as late:
            late.wait(lambda: late.live and late.state.calls[ident].parties == self.call(ident).parties)
            found, known = late.state.calls[ident], self.call(ident)
            assert (found.position, found.parties) == (known.position, known.parties)

    def silent(self) -> None:
        """Nothing is left of any call."""
        self.board.wait(lambda: not self.board.live)
        self.board.wait(lambda: "0 active channels" in self.voice.asterisk.ask("core show channels"))


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(from_phones, "RING", 2)  # 20 s of ringing would make a slow test
        stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"))
    with stage:
        yield stage


@pytest.fixture
def desk(voice: Voice) -> Iterator[Desk]:
    with ExitStack() as ends:
        centre = voice.site.ports.sip
        phones = {name: ends.enter_context(voice.phones.soft(name, centre)) for name in SOFT}
        board = ends.enter_context(Board(voice.site, SECRET))
        board.wait(lambda: board.up)
        desk = Desk(voice, board, phones)
        yield desk
        voice.asterisk.ask("channel request hangup all")
        desk.silent()
        assert not board.problems


def test_a_phone_asks_another_and_hands_the_caller_over(desk: Desk) -> None:
    with desk.voice.calls(PATIENT) as carrier:
        first, ident = desk.takes("B01")
        first.hold()
        asked = desk.phones["B01"].dial("B02")
        desk.phones["B02"].rung().lift()
        asked.wait("up")
        desk.board.wait(lambda: desk.call(ident).parties == ("B02",))
        assert (desk.call(ident).state, desk.call(ident).position) == (CallState.HELD, "B01")
        assert first.refer("B02", replaces=asked) == 202
        first.transferred("200")
        desk.at(ident, "B02", CallState.ANSWERED)
        assert (desk.call(ident).positions, desk.call(ident).parties) == (("B01", "B02"), ())
        desk.looks_the_same(ident)
        first.wait("over")
        desk.phones["B02"].talking().hang_up()
        assert carrier.wait() and carrier.calls[0].ending is Ending.RELEASED
    desk.silent()
    assert desk.call(ident).ended_by is EndedBy.POSITION
    assert len(desk.board.calls) == 1 and len(desk.board.state.incidents) == 1


def test_a_phone_hands_over_while_the_other_still_rings_and_nobody_takes_it(desk: Desk) -> None:
    with desk.voice.calls(PATIENT) as carrier:
        first, ident = desk.takes("B01")
        asked = desk.phones["B01"].dial("02")
        ringing = desk.phones["B02"].rung()
        desk.phones["B01"].wait(lambda: ";tag=" in asked.remote, "no early dialog")
        assert first.refer("B02", replaces=asked) == 202
        desk.at(ident, "")
        ringing.wait("over")  # it was not lifted
        desk.board.wait(lambda: desk.call(ident).state.waiting)
        _, again = desk.takes("B02")
        assert again == ident and desk.call(ident).positions == ("B01", "B02")
        assert not carrier.finished


@pytest.mark.parametrize("to", ["B02", "02"])
def test_a_caller_is_sent_to_another_phone(desk: Desk, to: str) -> None:
    with desk.voice.calls(PATIENT):
        first, ident = desk.takes("B01")
        assert first.refer(to) == 202
        desk.board.wait(lambda: desk.call(ident).ringing == ("B02",))
        assert (desk.call(ident).state, desk.call(ident).position) == (CallState.RINGING, "")
        desk.takes("B02")
        first.transferred("200")
        first.wait("over")
        assert desk.call(ident).positions == ("B01", "B02")


def test_a_caller_whom_the_other_phone_does_not_take_waits_in_front(desk: Desk) -> None:
    with desk.voice.callers() as carrier:
        carrier.dial("113", sender="<sip:0912345678@carrier>")
        first, ident = desk.takes("B01")
        carrier.dial("113", sender="<sip:0987654321@carrier>")
        desk.board.wait(lambda: len(desk.board.live) == 2)
        desk.phones["B02"].rung()
        assert first.refer("B02") == 202
        first.hang_up()  # as many phones do at once
        # B02 rings for him for a while, or says that it is busy with the ringing that is just given up
        desk.board.wait(lambda: desk.call(ident).state.waiting and desk.call(ident).queued_at)
        desk.board.wait(lambda: desk.call(ident).requeued_at > desk.call(ident).talks[-1].since)
        ear = desk.voice.listen()
        ear.act("QueueStatus", Queue="q-police")
        ear.wait(lambda one: one.name == "QueueEntry" and one.headers["Uniqueid"] == ident)
        entries = {one.headers["Uniqueid"]: one.headers["Position"] for one in ear.heard if one.name == "QueueEntry"}
        assert len(entries) == 2 and entries[ident] == "1"


def test_a_caller_sent_to_a_phone_that_talks_is_not_lost(desk: Desk) -> None:
    with desk.voice.calls(PATIENT, Caller("114", "0987654321", patience=60)):
        desk.takes("B03")
        first, ident = desk.takes("B01")
        assert first.refer("B03") == 202
        desk.board.wait(lambda: desk.call(ident).state.waiting)
        assert [it.state for it in desk.phones["B03"].dialogs] == ["up"]  # undisturbed
        desk.takes("B02")


def test_a_caller_is_sent_to_another_service(desk: Desk) -> None:
    with desk.voice.calls(PATIENT):
        first, ident = desk.takes("B01")
        assert first.refer("114") == 202
        desk.board.wait(lambda: desk.call(ident).queue == "q-fire" and "B03" in desk.call(ident).ringing)
        assert "B01" not in desk.call(ident).ringing
        desk.takes("B03")
        assert desk.call(ident).positions == ("B01", "B03")


def test_positions_that_call_each_other_open_nothing(desk: Desk) -> None:
    ours = desk.phones["B01"].dial("B02")
    desk.phones["B02"].rung().lift()
    ours.wait("up")
    to_service = desk.phones["B03"].dial("113")
    desk.phones["B03"].wait(lambda: ";tag=" in to_service.remote, "no answer")
    with desk.voice.calls(PATIENT) as carrier:
        desk.board.wait(lambda: desk.board.live)  # the next emergency call comes through as ever
        assert not carrier.finished
    assert len(desk.board.calls) == 1 and len(desk.board.state.incidents) == 1
    assert desk.phones["B01"].dial("B03").wait("refused").status in (486, 503)  # it is calling


def test_a_phone_that_asks_a_service_of_which_nobody_is_ready_rings_everybody(desk: Desk) -> None:
    ear = desk.voice.listen()
    fire = [it.id for it in desk.voice.site.positions if "fire" in it.services]
    assert "B01" not in fire
    try:
        for position in fire:
            ear.act("QueuePause", Queue="q-fire", Interface=f"PJSIP/{position}", Paused="true")
        asked = desk.phones["B03"].dial("114")
        desk.phones["B01"].rung().lift()
        asked.wait("up")
        assert not desk.board.calls
    finally:
        for position in fire:
            ear.act("QueuePause", Queue="q-fire", Interface=f"PJSIP/{position}", Paused="false")


def test_a_message_of_a_phone_rings_nobody_and_keeps_no_text_waiting(desk: Desk) -> None:
    phone = desk.phones["B01"]
    for user in ("B02", "115"):
        uri = f"sip:{user}@{LOOPBACK}:{desk.voice.site.ports.sip}"
        asked = Dialog(phone, uuid.uuid4().hex, f"<sip:B01@{LOOPBACK}>;tag={user}", f"<{uri}>", uri)
        asked.request("MESSAGE", "Content-Type: text/plain\r\n", "x")
    with desk.voice.line() as line:
        assert line.message("cháy nhà") == 202
    desk.board.wait(lambda: desk.board.state.conversations)
    assert not desk.phones["B02"].dialogs
    assert " active calls" in (seen := desk.voice.asterisk.ask("core show channels")) and "0 active calls" in seen, seen


OUTSIDE = ["0912345678", "+84912345678", "answer-at", "wait", "s", "h", "B99", "911", "external_replaces", "1"]


def test_a_phone_dials_and_sends_a_caller_nowhere_else(desk: Desk) -> None:
    for user in OUTSIDE:
        assert desk.phones["B02"].dial(user).wait("refused").status in (404, 484)
    with desk.voice.calls(PATIENT):
        first, ident = desk.takes("B01")
        for user in OUTSIDE:
            first.notified.clear()
            first.refer(user)
            first.transferred("404")
        assert desk.call(ident).position == "B01" and first.state == "up"


def test_a_phone_holds_and_brings_a_third_in(desk: Desk) -> None:
    with desk.voice.calls(PATIENT):
        first, ident = desk.takes("B01")
        first.hold()
        desk.at(ident, "B01", CallState.HELD)
        asked = desk.phones["B01"].dial("B02")
        desk.phones["B02"].rung().lift()
        asked.wait("up")
        first.hold(False)  # the phone mixes all three
        desk.at(ident, "B01", CallState.ANSWERED)
        assert desk.call(ident).parties == ("B02",)
        desk.looks_the_same(ident)
        asked.hang_up()
        desk.board.wait(lambda: not desk.call(ident).parties)
        assert desk.call(ident).positions == ("B01",)
    told = [type(it.event) for it in desk.board.story if isinstance(it.event, CallHeld | CallResumed | CallJoined)]
    assert told == [CallHeld, CallJoined, CallResumed]


def test_in_a_room_a_phone_hands_over_after_asking_and_only_then(desk: Desk) -> None:
    """A console has steered the call: hold and back put it into a room, which Asterisk lets nobody send away."""
    with desk.voice.calls(PATIENT) as carrier:
        first, ident = desk.takes("B01")
        desk.board.run(desk.board.board.carry_out(x.HoldCaller(NODE, ident, "B01")))
        desk.at(ident, "B01", CallState.HELD)
        desk.board.run(desk.board.board.carry_out(x.ResumeCaller(NODE, ident, "B01")))
        desk.at(ident, "B01", CallState.ANSWERED)
        first.refer("B02")
        first.transferred("400")
        assert (first.state, desk.call(ident).position) == ("up", "B01")
        asked = desk.phones["B01"].dial("B02")
        desk.phones["B02"].rung().lift()
        asked.wait("up")
        desk.board.wait(lambda: desk.call(ident).parties == ("B02",))  # the switch has joined the two
        first.notified.clear()
        assert first.refer("B02", replaces=asked) == 202
        first.transferred("200")
        desk.at(ident, "B02", CallState.ANSWERED)
        desk.looks_the_same(ident)
        assert desk.call(ident).positions == ("B01", "B02") and not carrier.finished


def test_a_carrier_transfers_nobody(desk: Desk) -> None:
    with SoftPhone("0912345678", desk.voice.carrier_port, desk.voice.site.ports.sip) as carrier:
        caller = carrier.dial("113")
        first, ident = desk.takes("B01")
        caller.wait("up")
        before = desk.voice.asterisk.ask("core show channels concise").splitlines()
        for to in ("113", "114", "B02", "02", "0987654321"):
            assert caller.refer(to) == 603
        assert caller.refer("113", replaces=caller) == 603
        alone = Dialog(carrier, uuid.uuid4().hex, f"<sip:x@{LOOPBACK}>;tag=1", f"<sip:113@{LOOPBACK}>", caller.target)
        carrier.dialogs.append(alone)
        assert alone.refer("B02") >= 400
        # whose place it would take: the caller's own, and that of a phone, as whichever end it may be named
        turned = Dialog(first.phone, first.call_id, first.remote, first.local, "")
        for named in (caller, first, turned):
            for header in ("Replaces: {}", "rEPLACES : {}", "Replaces:\r\n {}", "Require: replaces\r\nReplaces: {}"):
                extra = header.format(named.replaced()) + "\r\n"
                assert carrier.dial("113", extra=extra).wait("refused", "up").state == "refused"
        now = desk.voice.asterisk.ask("core show channels concise").splitlines()
        assert [line.split("!")[0] for line in now] == [line.split("!")[0] for line in before]
        assert (desk.call(ident).position, caller.state, first.state) == ("B01", "up", "up")
        assert len(desk.board.calls) == 1


def test_without_its_guard_a_carrier_takes_a_place(
    asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def unguarded(files: dict[str, str]) -> dict[str, str]:
        opened = files["pjsip.conf"].replace("match_header = Replaces: /.*/", "match_header = X-None: /.*/")
        assert opened != files["pjsip.conf"]
        return {**files, "pjsip.conf": opened}

    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), spoil=unguarded) as voice:
        centre = voice.site.ports.sip
        with voice.phones.soft("B01", centre) as phone, SoftPhone("0912345678", voice.carrier_port, centre) as carrier:
            caller = carrier.dial("113")
            phone.rung().lift()
            caller.wait("up")
            other = carrier.dial("113", extra=f"Replaces: {caller.replaced()}\r\n").wait("refused", "up")
            assert other.state == "up"
