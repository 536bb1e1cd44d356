"""Carriers of every kind with a real Asterisk at both ends: who is let in, how numbers arrive, where our calls go."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dispatch_core.main.trunk.verdicts import complaints
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.ports import LOOPBACK
from scripts.stage.soft_phone import SoftPhone
from telephony.dialplan_events import ARRIVED, ENDED
from telephony.trunk.agent import log_lines
from telephony.trunk.agent.scratch import try_out
from telephony.trunk.agent.settings import AgentSettings
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Site, parse_site
from tests.system.carrier_stage import (
    ACCOUNT,
    FAR,
    FAR_SECRETS,
    FAR_TLS,
    FLOW,
    LOGIN,
    FarPorts,
    FarSwitch,
    carriers,
    wait,
)
from tests.system.raw_line import RawLine
from tests.system.test_voice_configuration import HARMLESS
from tests.system.test_voice_forgery import ENCODED, HOSTILE_SENDERS, forged, well_formed
from tests.system.voice_stage import SECRET, Ear, Voice, told


class CarriersVoice(Voice):
    """The stage's own rendering knows no passwords of carriers."""

    def rendered(self, site: Site) -> dict[str, str]:
        return render(site, Secrets(SECRET, {}, FAR_SECRETS.carriers), Paths(str(self.recordings)))


@dataclass(frozen=True)
class Both:
    voice: Voice
    far: FarSwitch
    ports: FarPorts


@pytest.fixture(scope="module")
def both(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    home = tmp_path_factory.mktemp("carriers")
    ports = FarPorts.choose(home)
    voice = CarriersVoice(asterisk_prefix, home, change=lambda text: carriers(text, ports, home))
    far = FarSwitch(asterisk_prefix, home, voice.site, ports)
    with far, voice:
        yield Both(voice, far, ports)


@pytest.fixture(autouse=True)
def _over(both: Both) -> Iterator[None]:
    yield
    both.far.hang_up()
    wait(lambda: not both.voice.channels(), both.voice.channels)


def arrived(both: Both, number: str, through: str) -> dict[str, str]:
    """What the centre tells of a call that a carrier of the far side brings."""
    ear = both.voice.listen()
    both.far.call(number, through)
    return told(ear.told(ARRIVED))


def called(both: Both, carrier: str) -> str:
    """To which endpoint of the far side our call through a carrier went."""
    channel = f"PJSIP/0912345678@{carrier}"
    both.voice.listen().act("Originate", Channel=channel, Application="Wait", Data="30", Async="true")
    wait(lambda: any(" Up" in it for it in both.far.channels()), both.far.channels)
    return both.far.channels()[0].partition(" ")[0]


def test_everybody_answers_and_the_switch_complains_of_nothing(both: Both) -> None:
    wait(lambda: both.far.bound() and len(reached(both)) == 5, lambda: both.voice.asterisk.ask("pjsip show contacts"))
    assert reached(both) == {"vnpt", "mobi", "order_2", "secure", "stream"}
    assert both.voice.asterisk.log is not None
    said = re.findall(r".*(?:WARNING|ERROR)\[.*", both.voice.asterisk.log.read_text("utf-8", "replace"))
    assert not [line for line in said if not any(known in line for known in HARMLESS)]


def reached(both: Both) -> set[str]:
    """The AORs of carriers that answer OPTIONS; over tls their certificate was good for that."""
    shown = both.voice.asterisk.ask("pjsip show contacts")
    return set(re.findall(r"Contact: +([a-z_0-9]+)/\S+ +\S+ Avail", shown))


# --- one with which we register --------------------------------------------------------------------------------------


def test_we_register_and_are_called_there(both: Both) -> None:
    wait(both.far.bound, lambda: both.voice.asterisk.ask("pjsip show registrations"))
    assert f"sip:{ACCOUNT}@{LOOPBACK}:{both.voice.site.ports.sip}".startswith(both.far.bound())  # its end is cut off
    call = arrived(both, "+8428114", ACCOUNT)
    assert (call["Carrier"], call["Number"], call["Services"]) == ("vnpt", "114", "fire")


@pytest.mark.parametrize(
    ("said", "status"),
    [("+8428113", 200), ("113", 200), (ACCOUNT, 404), ("116", 404), ("s", 404), ("h", 404)],
)
def test_what_was_dialled_may_stand_in_to_and_leads_nowhere_else(both: Both, said: str, status: int) -> None:
    with RawLine(both.ports.raw, both.voice.site.ports.sip) as line:
        assert line.invite(user=ACCOUNT, to=f"<sip:{said}@ims.example>") == status


def test_who_knows_the_account_and_is_not_at_its_address_is_a_stranger(both: Both) -> None:
    with RawLine(0, both.voice.site.ports.sip) as line:
        for name in (ACCOUNT, "vnpt", LOGIN, "mobi", "secure"):
            sender = f"<sip:{name}@ims.example>"
            assert line.invite(user=ACCOUNT, sender=sender, to="<sip:113@ims.example>") == 401
            assert line.invite(user="+8428113", sender=sender) == 401
            assert line.message("x", user="+8428113", sender=sender) == 401


# --- one that must bring a password ----------------------------------------------------------------------------------


def test_who_brings_the_password_from_its_address_is_let_in(both: Both) -> None:
    assert arrived(both, "028115", LOGIN)["Number"] == "115"
    both.far.hang_up()
    assert arrived(both, "02838113113", LOGIN)["Number"] == "113"


@pytest.mark.parametrize("who", ["unasked", "stranger"])
def test_the_address_alone_and_the_password_alone_are_not_enough(both: Both, who: str) -> None:
    ear = both.voice.listen()
    assert both.far.refused("028115", who) == "21 CHANUNAVAIL"
    both.far.call("028113", LOGIN)
    ear.told(ARRIVED, Carrier="mobi", Number="113")
    assert len(ear.all_told(ARRIVED)) == 1


@pytest.mark.parametrize(("carrier", "account"), [("vnpt", ACCOUNT), ("mobi", LOGIN)])
def test_we_bring_the_password_where_we_are_asked(both: Both, carrier: str, account: str) -> None:
    assert account.startswith(called(both, carrier))  # no endpoint of the far side lets such a call in without it


# --- over tls, with srtp ---------------------------------------------------------------------------------------------


def test_a_call_over_tls_is_heard_enciphered(both: Both) -> None:
    ear = both.voice.listen()
    both.far.call("+84113", "secure")
    channel = ear.told(ARRIVED, Carrier="secure", Number="113").headers["Channel"]
    wait(lambda: heard(ear, channel) > 20, lambda: f"{heard(ear, channel)} packets")


def test_a_registrar_calls_over_the_connection_that_we_opened(both: Both) -> None:
    wait(lambda: both.far.bound(FLOW), both.far.channels)
    assert f":{both.ports.centre_tls}" not in both.far.bound(FLOW)  # where our end of that connection is
    assert arrived(both, "+84114", FLOW)["Carrier"] == "secure"


def heard(ear: Ear, channel: str) -> int:
    """Packets of sound that came and were understood: what cannot be deciphered is not counted."""
    return int(ear.act("Getvar", Channel=channel, Variable="CHANNEL(rtcp,rxcount)").get("Value") or 0)


def test_our_calls_go_there_enciphered_too(both: Both) -> None:
    assert called(both, "secure") == "second"  # whichever endpoint it takes us for: over tls, and only with srtp


def test_sound_in_clear_and_another_way_than_tls_are_refused(both: Both) -> None:
    ear = both.voice.listen()
    assert both.far.refused("+84113", "in-clear") == "58 CHANUNAVAIL"
    offer = (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.3\r\ns=-\r\nc=IN IP4 127.0.0.3\r\nt=0 0\r\nm=audio 9 RTP/SAVP 8\r\n"
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0\r\n"
    )
    with RawLine(0, both.voice.site.ports.sip, FAR_TLS) as line:
        kind = "Content-Type: application/sdp\r\n"
        assert line.invite(user="+84113", body=offer, extra=kind) == 403
    ear.wait(lambda one: one.name == "Hangup")
    assert not ear.all_told(ARRIVED)


def test_nobody_without_a_certificate_gets_as_far_as_sip(both: Both) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    plain = socket.create_connection((LOOPBACK, both.ports.centre_tls), timeout=5)
    with plain, pytest.raises((ssl.SSLError, ConnectionError)), context.wrap_socket(plain) as line:
        line.sendall(b"OPTIONS sip:113@x SIP/2.0\r\n\r\n")
        if not line.recv(100):
            raise ConnectionResetError


def test_calls_come_and_go_over_tcp(both: Both) -> None:
    assert arrived(both, "115", "stream")["Carrier"] == "stream"
    both.far.hang_up()
    assert called(both, "stream") == "second"


# --- several peers ---------------------------------------------------------------------------------------------------


def test_our_calls_go_to_the_first_peer_that_answers(both: Both) -> None:
    wait(lambda: "order_2" in reached(both), lambda: reached(both))
    assert called(both, "order") == "second"


def test_the_first_peer_is_called_again_once_it_answers(both: Both) -> None:
    with SoftPhone("first", both.ports.dead, both.voice.site.ports.sip, picks_up=True, host=FAR) as first:
        wait(lambda: "order" in reached(both), lambda: reached(both))
        both.voice.listen().act(
            "Originate", Channel="PJSIP/0912345678@order", Application="Wait", Data="30", Async="true"
        )
        first.talking().hang_up()
    assert not both.far.channels()


# --- what a caller forges --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sender", HOSTILE_SENDERS.values(), ids=HOSTILE_SENDERS)
def test_no_kind_of_carrier_writes_events(both: Both, sender: str) -> None:
    ear = both.voice.listen()
    with RawLine(both.ports.raw, both.voice.site.ports.sip) as line:
        for to in ("<sip:113@ims.example>", f"<sip:113{ENCODED}@ims.example>", f'"x{ENCODED}" <sip:113@ims.example>'):
            line.invite(user=ACCOUNT, sender=sender, to=to)
        line.invite(user="+8428113", sender="<sip:0911111111@carrier>")
    ear.told(ARRIVED, Caller="0911111111", Carrier="vnpt")
    ear.told(ENDED)
    assert not forged(ear) and well_formed(ear)


def test_a_scratch_switch_finds_nothing_wrong_and_a_missing_certificate(both: Both, tmp_path: Path) -> None:
    switch = both.voice.asterisk
    settings = AgentSettings(str(switch.etc), str(tmp_path / "kept"), asterisk=tuple(switch.prefix.command()))
    files, running = dict(switch.files), (switch.etc / "asterisk.conf").read_text()
    absent = files["pjsip.conf"].replace("cert_file = /", "cert_file = /x")
    assert try_out(settings, files, running, lambda: None).problems == []
    tried = try_out(settings, files | {"pjsip.conf": absent}, running, lambda: None)
    assert tried.booted and any("cert_file" in line for line in tried.problems)


# --- while it runs ---------------------------------------------------------------------------------------------------


def test_carriers_of_every_kind_are_taken_out_and_put_in_while_it_runs(both: Both) -> None:
    ear, voice = both.voice.listen(), both.voice
    with_them, without = voice.text, voice.text[: voice.text.index('[[carriers]]\nname = "vnpt"')]
    without += voice.text[voice.text.index("# --- Where") :]
    both.far.call("028113", LOGIN)
    up = ear.told(ARRIVED).headers["Channel"]
    mark = len(said(voice))
    reload(both, ear, without)
    wait(lambda: not reached(both) and not registered(both), lambda: voice.asterisk.ask("pjsip show contacts"))
    wait(lambda: said(voice)[mark:].count("Auth object") == 2, lambda: said(voice)[mark:])  # gone with its carrier
    assert complaints(log_lines.problems(said(voice)[mark:], log_lines.harmless(""), [], {})) == []
    with RawLine(both.ports.raw, voice.site.ports.sip) as line:
        assert line.invite(user="113") == 401
    reload(both, ear, with_them)
    wait(lambda: registered(both) and len(reached(both)) == 5, lambda: voice.asterisk.ask("pjsip show contacts"))
    assert heard(ear, up) > 0 and up in voice.channels()  # who talks meanwhile notices nothing


def said(voice: Voice) -> str:
    assert voice.asterisk.log is not None
    return voice.asterisk.log.read_text("utf-8", "replace")


def registered(both: Both) -> bool:
    return both.voice.asterisk.ask("pjsip show registrations").count(" Registered ") == 2


def reload(both: Both, ear: Ear, text: str) -> None:
    both.voice.asterisk.files = both.voice.rendered(parse_site(text))
    both.voice.asterisk.write_configuration()
    assert ear.act("Reload")["Response"] == "Success"
