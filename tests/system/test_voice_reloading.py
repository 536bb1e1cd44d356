"""What a running Asterisk takes by a reload and what it does not, beside what `reload_ignored` says of it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.ports import LOOPBACK
from telephony.trunk.reload_ignored import reload_ignored
from tests.system.patience import PATIENCE
from tests.system.voice_stage import Voice


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def reloaded(voice: Voice, name: str, old: str, new: str) -> bool:
    """The change in one file, a reload of everything; whether it is said that a restart is needed."""
    etc = voice.asterisk.etc
    before = {it.name: it.read_text() for it in etc.glob("*.conf")}
    text = re.sub(old, new, before[name], count=1)
    assert text != before[name]
    (etc / name).write_text(text)
    with closing(voice.listen()) as ear:
        assert ear.act("Reload")["Response"] == "Success", "it says so whatever becomes of it"
    voice.asterisk.ask("core waitfullybooted")
    return bool(reload_ignored(before, before | {name: text}))


def takes(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def test_a_transport_keeps_its_address(voice: Voice) -> None:
    sip, other = voice.site.ports.sip, voice.ports.udp("other")
    assert reloaded(voice, "pjsip.conf", rf"bind = {LOOPBACK}:{sip}", f"bind = {LOOPBACK}:{other}")
    assert f"{LOOPBACK}:{sip}" in voice.asterisk.ask("pjsip show transports")
    assert f"{LOOPBACK}:{other}" not in voice.asterisk.ask("pjsip show transports")
    reloaded(voice, "pjsip.conf", rf"bind = {LOOPBACK}:{other}", f"bind = {LOOPBACK}:{sip}")


def test_a_new_transport_is_opened_and_one_that_is_taken_out_keeps_its_port(voice: Voice) -> None:
    port = voice.ports.tcp("second")
    more = f"\n[second]\ntype = transport\nprotocol = tcp\nbind = {LOOPBACK}:{port}\n"
    assert not takes(port)
    assert not reloaded(voice, "pjsip.conf", r"\Z", more)
    assert takes(port)
    assert reloaded(voice, "pjsip.conf", re.escape(more), "")
    assert takes(port), "it would be free, were a reload enough"


def test_modules_stay_as_they_were_loaded(voice: Voice) -> None:
    assert reloaded(voice, "modules.conf", r"\Z", "load = func_math.so\n")
    assert "0 modules loaded" in voice.asterisk.ask("module show like func_math")


def test_rtp_ports_and_logs_are_taken(voice: Voice) -> None:
    last = voice.site.ports.rtp[1]
    assert not reloaded(voice, "rtp.conf", rf"rtpend = {last}", f"rtpend = {last - 2}")
    assert re.search(rf"Port end: +{last - 2}", voice.asterisk.ask("rtp show settings"))
    assert not reloaded(voice, "logger.conf", r"messages.log = notice,", "messages.log = ")
    assert not re.search(r"mess\S* +File .*NOTICE", voice.asterisk.ask("logger show channels"))


def test_where_copies_of_messages_go_is_taken(voice: Voice) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as core:
        core.bind((LOOPBACK, 0))
        core.settimeout(PATIENCE)
        told = f"capture_address = {LOOPBACK}:{core.getsockname()[1]}"
        assert not reloaded(voice, "hep.conf", r"capture_address = \S+", told)
        voice.asterisk.ask("pjsip qualify B01")
        assert core.recv(65_536).startswith(b"HEP3")


def test_how_a_queue_rings_is_taken(voice: Voice) -> None:
    for old, new in (("ringall", "rrmemory"), ("rrmemory", "linear")):
        assert not reloaded(voice, "queues.conf", rf"(?s)(\[q-fire\].*?)strategy = {old}", rf"\1strategy = {new}")
        assert f"'{new}' strategy" in voice.asterisk.ask("queue show q-fire")
