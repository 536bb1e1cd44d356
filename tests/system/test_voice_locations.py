"""Locations in real INVITEs: what the core hears of them through a real Asterisk, and that nothing in them hurts it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch_core.domain.vocabulary import Location
from dispatch_core.runtime.clock import SystemClock
from scripts.stage import presence as p
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller
from scripts.stage.ports import LOOPBACK
from telephony.caller_location.sip_invite import Told
from telephony.dialplan_contexts import SIP_CALL
from telephony.dialplan_events import ARRIVED, Written
from telephony.sip_capture import SipCapture, read_copy
from telephony.trunk.secrets import capture_key
from tests.system.voice_stage import PATIENCE, SECRET, Voice, release, told

HARMLESS_S = 0.05
"""What a location may cost a call, from INVITE to answered, beside one without."""

TRIES = 20


class Core:
    """The listening part of a core, on a loop of its own."""

    def __init__(self, voice: Voice) -> None:
        self.told: list[Told] = []
        peers = frozenset(peer for carrier in voice.site.carriers for peer in carrier.peers)
        self.capture = SipCapture({capture_key(SECRET): [self.told.append]}, lambda: peers, SystemClock())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(voice.site.locations.listen,), daemon=True)

    def _run(self, listen: str) -> None:
        self._task = self._loop.create_task(self.capture.run(listen))
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    def __enter__(self) -> Core:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def next(self) -> Told:
        """What is heard next."""
        deadline = time.monotonic() + PATIENCE
        while not self.told:
            assert time.monotonic() < deadline, "nothing was heard"
            time.sleep(0.005)
        return self.told.pop(0)


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


@pytest.fixture(scope="module")
def core(voice: Voice) -> Iterator[Core]:
    with Core(voice) as listening:
        yield listening


def heard(voice: Voice, core: Core, *documents: str, uris: tuple[str, ...] = ()) -> tuple[Told, float]:
    """Call with these documents; what the core hears of it and how long the answer took. Told and arrived agree."""
    ear = voice.listen()
    wanted = uris or tuple(f"cid:l{place}@here" for place in range(len(documents)))
    with voice.line() as line:
        assert line.invite(extra=p.headers(*wanted), body=p.body(*documents)) == 200
        took = line.took
    said = core.next()
    assert told(ear.told(ARRIVED))["SipCallId"] == said.sip_call_id
    return said, took


@pytest.mark.parametrize("name", p.SHAPES)
def test_every_shape_comes_through(voice: Voice, core: Core, name: str) -> None:
    said, _ = heard(voice, core, p.presence(p.SHAPES[name]))
    (place,) = said.places
    assert isinstance(place, Location) and said.why == ""
    if name == "civic":
        assert place.label.startswith("12 Lê Lợi, Chợ Bến Thành")
    else:
        assert place.lat is not None and abs(place.lat - p.LAT) < 0.02


def test_several_documents_and_a_reference(voice: Voice, core: Core) -> None:
    documents = p.presence(p.SHAPES["circle"]), p.presence(p.SHAPES["civic"])
    said, _ = heard(voice, core, *documents, uris=("https://lis.example/a", "cid:l0@here", "cid:l1@here"))
    assert [place.shape for place in said.places] == ["circle", "civic"] and said.link == "https://lis.example/a"
    said, _ = heard(voice, core, uris=("https://lis.example/b",))
    assert (said.places, said.why, said.link) == ((), "by_reference", "https://lis.example/b")


@pytest.mark.parametrize("name", p.HOSTILE)
def test_what_means_harm_is_a_call_like_any_other(voice: Voice, core: Core, name: str) -> None:
    costs = []
    for _ in range(TRIES):  # the machine may be busy with something else for a moment; what is slow is so every time
        said, took = heard(voice, core, p.HOSTILE[name])
        assert said.places == () and said.why
        assert voice.asterisk.alive
        with voice.line() as line:
            assert line.invite() == 200
        costs.append(took - line.took)
        if costs[-1] < HARMLESS_S:
            return
    raise AssertionError(f"a location costs {min(costs) * 1000:.0f} ms")


def test_no_file_of_the_switch_comes_through(voice: Voice, core: Core) -> None:
    said, _ = heard(voice, core, p.INCLUDE)
    assert [place.label for place in said.places] == ["xy"]


def test_a_caller_as_the_carrier_sends_them(voice: Voice, core: Core) -> None:
    with voice.calls(Caller("115", "0912345678", patience=0.3, location=(10.7769, 106.7009, 50))) as carrier:
        assert carrier.wait()
    (place,) = core.next().places
    assert (place.lat, place.lon, place.uncertainty_m, place.method) == (10.7769, 106.7009, 50.0, "cell")


def test_a_look_finds_which_invite_a_call_was(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("115", "0912345678", patience=30)) as carrier:
        arrived = ear.told(ARRIVED)
        ear.act("Status", Variables=SIP_CALL)
        caller = arrived.headers["Uniqueid"]
        listed = ear.wait(lambda one: one.name == "Status" and one.headers.get("Uniqueid") == caller)
        name, _, value = listed.headers["Variable"].partition("=")
        assert (name, Written.BASE64.read(value)) == (SIP_CALL, told(arrived)["SipCallId"])
        release(ear, carrier)


def test_a_stranger_is_not_believed(voice: Voice, core: Core) -> None:
    """Neither a copy without the node's key, nor a SIP message from an address that is no carrier's."""
    refused = core.capture.refused
    host, _, port = voice.site.locations.listen.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for datagram in (b"", b"HEP3", b"HEP3\x00\x10" + b"\xff" * 40, b"INVITE sip:x", b"HEP3" + b"\x00" * 400):
            stranger.sendto(datagram, (host, int(port)))
        packet = p.invite(p.presence(p.SHAPES["circle"]))
        chunk = b"\x00\x00\x00\x0f" + (len(packet) + 6).to_bytes(2, "big") + packet
        stranger.sendto(b"HEP3" + (len(chunk) + 6).to_bytes(2, "big") + chunk, (host, int(port)))
        stranger.sendto(packet, (LOOPBACK, voice.site.ports.sip))
    said, _ = heard(voice, core, p.presence(p.SHAPES["point"]))
    assert said.sip_call_id != "a@b" and not core.told
    assert core.capture.refused == refused + 1


def test_nobody_needs_to_listen(asterisk_prefix: AsteriskPrefix, tmp_path: Path) -> None:
    with Voice(asterisk_prefix, tmp_path) as stage, stage.line() as line:
        ear = stage.listen()
        assert line.invite(extra=p.headers("cid:l0@here"), body=p.body(p.presence(p.SHAPES["circle"]))) == 200
        ear.told(ARRIVED)


def test_the_switchs_own_reader_would_have_died(asterisk_prefix: AsteriskPrefix, tmp_path: Path) -> None:
    """The same INVITE, on a configuration that lets Asterisk read PIDF-LO itself."""

    def unguarded(files: dict[str, str]) -> dict[str, str]:
        more = "load = res_geolocation.so\nload = res_pjsip_geolocation.so\nload = chan_pjsip.so\n"
        return {
            **files,
            "modules.conf": files["modules.conf"].replace("load = chan_pjsip.so\n", more),
            "geolocation.conf": "[carrier]\ntype = profile\nprofile_precedence = prefer_incoming\n",
            "pjsip.conf": files["pjsip.conf"].replace(
                "context = from-carrier\n", "context = from-carrier\ngeoloc_incoming_call_profile = carrier\n"
            ),
        }

    with Voice(asterisk_prefix, tmp_path, spoil=unguarded) as stage, stage.line() as line:
        assert line.invite(extra=p.headers("cid:l0@here"), body=p.body(p.presence(p.SHAPES["circle"]))) == 200
        line.invite(extra=p.headers("cid:l0@here"), body=p.body(p.KILLER), answered=False)
        deadline = time.monotonic() + PATIENCE
        while stage.asterisk.alive:
            assert time.monotonic() < deadline, "it lives: is the guard still needed?"
            time.sleep(0.02)


def test_copies_are_read_to_the_letter() -> None:
    def chunk(kind: int, data: bytes) -> bytes:
        return b"\x00\x00" + kind.to_bytes(2, "big") + (len(data) + 6).to_bytes(2, "big") + data

    packet = chunk(3, bytes([203, 0, 113, 10])) + chunk(7, b"\x13\xc4") + chunk(14, b"key") + chunk(15, b"INVITE x")
    copy = read_copy(b"HEP3\x00\x00" + packet)
    assert copy is not None and (copy.sender, copy.key, copy.packet) == ("203.0.113.10:5060", b"key", b"INVITE x")
    six = read_copy(b"HEP3\x00\x00" + chunk(5, bytes(15) + b"\x01") + chunk(7, b"\x13\xc4"))
    assert six is not None and six.sender == "[::1]:5060"
    assert read_copy(b"HEP3\x00\x00" + packet[:-1]) is None
    assert read_copy(b"HEP3\x00\x00" + chunk(3, b"odd")) is not None
