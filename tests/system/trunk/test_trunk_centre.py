"""The description of a centre on real Asterisk, with nobody of ours listening: one number for several services, steps
by wait, by how many wait and by the time of day, rules of recording, a partner to whom a caller is handed over."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from dispatch_core.domain import effects as x
from dispatch_core.domain.vocabulary import TargetKind
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller
from scripts.stage.ports import LOOPBACK
from scripts.stage.soft_phone import SoftPhone
from telephony.dialplan_contexts import OVERFLOW_QUEUE
from telephony.dialplan_events import ARRIVED, OVERFLOWED, RECORDING, WAITING
from telephony.trunk.site import parse_site
from telephony.trunk.site_edit import edit
from tests.system.patience import PATIENCE
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Heard, Voice, told

POLICE, FIRE, AMBULANCE = {"B01", "B02", "B06"}, {"B02", "B03", "B04"}, {"B04", "B05", "B06"}
ZONE_S = 7 * 3600


def _hours(begin: int, end: int) -> str:
    """From so many minutes from now, in the site's own time, until so many."""
    return "-".join(time.strftime("%H:%M", time.gmtime(time.time() + ZONE_S + 60 * it)) for it in (begin, end))


def _free_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as one:
        one.bind((LOOPBACK, 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def partner_port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def voice(
    asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory, partner_port: int
) -> Iterator[Voice]:
    def change(text: str) -> str:
        for section, entry, key, value in (
            ("numbers", "113", "dial", "112"),
            ("numbers", "112", "services", ["police", "fire", "ambulance"]),
            ("announcements", "busy", "", {"vi": "Đang bận", "en": "Busy", "sound": "surge"}),
            ("carriers", "vnpt", "enabled", True),
            ("carriers", "vnpt", "peers", [f"{LOOPBACK}:{partner_port}"]),
            ("carriers", "vnpt", "capacity", 10),
            ("carriers", "viettel", "capacity", 50),
            ("partners", "1022", "dial", "02838221022"),
            ("partners", "1022", "carrier", "vnpt"),
            ("recording.rules", "no-fire", "", {"on": False, "service": "fire"}),
            ("queues", "police", "overflow_after", 600),
            ("queues", "police", "steps", [{"after": 1, "to": ["fire"], "announcement": "busy"}]),
            ("queues", "fire", "overflow_after", 600),
            ("queues", "fire", "steps", [
                {"waiting": 2, "to": ["ambulance"]}, {"after": 1, "waiting": 9, "to": ["everybody"]},
            ]),
            ("queues", "ambulance", "overflow_after", 3),
            ("queues", "ambulance", "steps", [
                {"after": 1, "hours": _hours(60, 180), "to": ["everybody"]},
                {"after": 1, "hours": _hours(-60, 60), "to": ["police"]},
            ]),
        ):  # fmt: skip
            text = edit(text, section, entry, key, value)
        parse_site(text)
        return text

    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=change) as stage:
        yield stage


def _said(voice: Voice, announcement: str) -> None:
    """Waits until it is being said to somebody."""
    deadline = time.monotonic() + PATIENCE
    while f"!announcements!{announcement}!" not in voice.asterisk.ask("core show channels concise"):
        assert time.monotonic() < deadline, "not said"
        time.sleep(0.02)


def _rung(ear: Ear, queue: str) -> set[str]:
    return {
        one.headers["MemberName"] for one in ear.heard if one.name == "AgentCalled" and one.headers["Queue"] == queue
    }


def _apart(earlier: Heard, later: Heard) -> float:
    return float(later.headers["Timestamp"]) - float(earlier.headers["Timestamp"])


def test_one_number_for_several_services_and_a_step_by_wait(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        call = carrier.dial("112", sender="<sip:0912345678@carrier>")
        ear.told(ARRIVED, Number="112", Services="police+fire+ambulance")
        ear.wait(lambda _: _rung(ear, "q-police") == POLICE)
        moved = ear.told(OVERFLOWED, From="q-police", To="q-police+fire", Reason="TIMEOUT")
        assert 0.5 < _apart(ear.told(WAITING, Queue="q-police"), moved) < 2.2
        _said(voice, "busy")
        ear.wait(lambda _: _rung(ear, "q-police+fire") == POLICE | FIRE)
        assert not _rung(ear, OVERFLOW_QUEUE) and call.wait("up").state == "up"
        ear.told(RECORDING)
        call.hang_up()


def test_a_step_by_the_time_of_day_and_then_everybody(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        call = carrier.dial("115", sender="<sip:0912345678@carrier>")
        ear.told(OVERFLOWED, From="q-ambulance", To="q-police+ambulance", Reason="TIMEOUT")
        ear.wait(lambda _: _rung(ear, "q-police+ambulance") == POLICE | AMBULANCE)
        ever = ear.told(OVERFLOWED, From="q-police+ambulance", To=OVERFLOW_QUEUE, Reason="TIMEOUT")
        assert 2 < _apart(ear.told(WAITING, Queue="q-ambulance"), ever) < 4.5
        assert not ear.all_told(OVERFLOWED, From="q-ambulance", To=OVERFLOW_QUEUE)
        ear.wait(lambda _: _rung(ear, OVERFLOW_QUEUE) == POLICE | FIRE | AMBULANCE)
        call.wait("up").hang_up()


def test_a_step_by_how_many_wait_and_nobody_loses_the_place(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        first = carrier.dial("114", sender="<sip:0900000001@carrier>")
        ear.wait(lambda one: one.name == "QueueCallerJoin" and one.headers["Queue"] == "q-fire")
        time.sleep(0.4)  # so that he is still in the queue when the first one is looked at
        second = carrier.dial("114", sender="<sip:0900000002@carrier>")
        ear.wait(lambda one: one.name == "QueueCallerJoin" and one.headers["Position"] == "2")
        third = carrier.dial("114", sender="<sip:0900000003@carrier>")
        moved = ear.told(OVERFLOWED, From="q-fire", To="q-fire+ambulance")
        assert [told(it)["Caller"] for it in ear.all_told(ARRIVED) if it.headers["Uniqueid"] == _uid(moved)] == [
            "0900000003"
        ]
        ear.wait(lambda _: _rung(ear, "q-fire+ambulance") <= FIRE | AMBULANCE)
        # looked at after a second, and too few wait: back in the queue, the first one first
        ear.wait(lambda _: len(_joins(ear, "q-fire")) == 4)
        assert [it[0] for it in _joins(ear, "q-fire")[2:]] == [it[0] for it in _joins(ear, "q-fire")[:2]]
        assert _joins(ear, "q-fire")[2][1] == "1"
        waiting = {it.headers["Uniqueid"]: it.headers["Position"] for it in _entries(ear, "q-fire")}
        assert [waiting[uid] for uid, _ in _joins(ear, "q-fire")[:2]] == ["1", "2"]
        assert not ear.all_told(RECORDING)
        for call in (first, second, third):
            call.wait("up").hang_up()


def _uid(one: Heard) -> str:
    return one.headers["Uniqueid"]


def _joins(ear: Ear, queue: str) -> list[tuple[str, str]]:
    return [
        (it.headers["Uniqueid"], it.headers["Position"])
        for it in ear.heard
        if it.name == "QueueCallerJoin" and it.headers["Queue"] == queue
    ]


def _entries(ear: Ear, queue: str) -> list[Heard]:
    listed = ear.listed("QueueStatus", "QueueStatusComplete")
    return [it for it in listed if it.name == "QueueEntry" and it.headers["Queue"] == queue]


def test_a_caller_is_handed_over_to_a_partner_through_the_carrier_of_his(voice: Voice, partner_port: int) -> None:
    with (
        SoftPhone("vnpt", partner_port, voice.site.ports.sip, picks_up=True) as partner,
        Board(voice.site, SECRET) as board,
        voice.calls(Caller("112", "0912345678", patience=60)),
    ):
        voice.asterisk.ask("pjsip qualify vnpt")
        board.wait(lambda: board.live and board.live[0].state.waiting)
        call = board.live[0].id
        board.answer(call, "B01")
        board.wait(lambda: board.state.calls[call].position == "B01")
        dial = next(it.dial for it in voice.site.partners if it.code == "1022")
        board.carry_out(x.Invite(board.node, call, "B01", TargetKind.NUMBER, dial, "invite-partner", "112"))
        partner.talking().hang_up()
        board.wait(lambda: not board.state.calls[call].parties)
        board.carry_out(x.HandOver(board.node, call, "B01", TargetKind.NUMBER, dial))
        with_partner = partner.talking()
        assert "02838221022" in with_partner.local and "112" in with_partner.remote
        board.wait(lambda: not board.state.calls[call].position)
        assert board.state.calls[call].state.live


def test_whoever_waits_in_a_queue_that_is_taken_out_rings_somebody_else_at_once(voice: Voice) -> None:
    """Asterisk calls nobody any more for who waits in a queue that is not in the file."""
    ear = voice.listen()
    text = edit(voice.text, "queues", "police", "steps", None)
    files, etc = voice.rendered(parse_site(text)), next(voice.home.rglob("queues.conf")).parent
    with voice.callers() as carrier, Board(voice.site, SECRET) as board:
        call = carrier.dial("112", sender="<sip:0900000001@carrier>")
        ear.wait(lambda _: _rung(ear, "q-police+fire") == POLICE | FIRE)
        try:
            for name in ("extensions.conf", "queues.conf"):
                (etc / name).write_text(files[name])
            since = len(ear.heard)
            board.run(board.board.reload())
            ear.told(WAITING, since=since, Queue="q-police", Front="1")
            ear.wait(lambda one: one.name == "AgentCalled" and one.headers["Queue"] == "q-police", since=since)
            assert call.wait("up").state == "up"
        finally:
            for name in ("extensions.conf", "queues.conf"):
                (etc / name).write_text(voice.rendered(voice.site)[name])
            board.run(board.board.reload())
        call.hang_up()


def test_the_configuration_is_read_anew_while_somebody_waits(voice: Voice) -> None:
    """From steps to none and back: whoever waits is sent on, and never let go."""
    ear = voice.listen()
    plain = voice.text
    for service in ("police", "fire", "ambulance"):
        plain = edit(plain, "queues", service, "steps", None)
    plain = edit(plain, "queues", "police", "overflow_after", 2)
    files = {True: voice.rendered(voice.site), False: voice.rendered(parse_site(plain))}
    extensions = next(voice.home.rglob("extensions.conf"))
    with voice.callers() as carrier:
        with_steps = carrier.dial("112", sender="<sip:0900000001@carrier>")
        ear.told(WAITING, Queue="q-police")
        extensions.write_text(files[False]["extensions.conf"])
        voice.asterisk.ask("dialplan reload")
        ear.told(OVERFLOWED, From="q-police", To=OVERFLOW_QUEUE)
        without = carrier.dial("112", sender="<sip:0900000002@carrier>")
        ear.wait(lambda _: len(ear.all_told(WAITING, Queue="q-police")) == 2)
        extensions.write_text(files[True]["extensions.conf"])
        voice.asterisk.ask("dialplan reload")
        ear.told(OVERFLOWED, From="q-police", To="q-police+fire")
        assert (with_steps.wait("up").state, without.wait("up").state) == ("up", "up")
        for call in (with_steps, without):
            call.hang_up()
