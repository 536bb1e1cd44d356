"""The rendered configuration with the real Asterisk: nothing to complain about, and changed while it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import Phones
from scripts.stage.ports import LOOPBACK
from telephony.dialplan_events import ANSWERED, ARRIVED, ENDED
from telephony.trunk.files.modules_conf import MODULES
from telephony.trunk.site import parse_site
from telephony.trunk.site_edit import add_position
from tests.system.voice_stage import Ear, Voice, release
from tests.telephony.trunk.providers import APPLICATIONS, FUNCTIONS, OUTSIDE, applications, functions

# Asterisk 22.10 says this of an absent and of an empty stasis.conf alike
HARMLESS = (
    "Could not find option 'minimum_size'",
    # a packet came while modules were still being loaded: from then on the SIP stack locks its list of them
    "registered during operation",
)


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def _complaints(voice: Voice) -> list[str]:
    assert voice.asterisk.log is not None
    lines = voice.asterisk.log.read_text("utf-8", "replace").splitlines()
    bad = re.compile(r"WARNING|ERROR|Unable|could not|failed|not found", re.IGNORECASE)
    return [line for line in lines if bad.search(line) and not any(known in line for known in HARMLESS)]


def test_asterisk_complains_of_nothing(voice: Voice) -> None:
    with voice.calls(Caller("113", "0912345678", "An", patience=0.5)) as carrier:
        assert carrier.wait()
    assert _complaints(voice) == []


def test_every_module_runs_and_no_other(voice: Voice) -> None:
    shown = voice.asterisk.ask("module show")
    running = set(re.findall(r"^(\S+)\.so .*Running", shown, re.MULTILINE))
    assert running == set(MODULES)


def test_every_application_and_function_is_there_and_given_by_the_module_of_the_table(voice: Voice) -> None:
    files = voice.rendered(voice.site)
    asked = {f"application {name}": APPLICATIONS[name] for name in applications(files["extensions.conf"])}
    asked |= {f"function {name}": FUNCTIONS[name] for name in functions(files) | OUTSIDE}
    found = {what: _provider(voice, what) for what in asked}
    assert found == asked


def _provider(voice: Voice, what: str) -> str:
    """The module that gives an application or function, as Asterisk says; "" when there is none."""
    said = re.search(r"\[Provided By\]\n(\S+)", voice.asterisk.ask(f"core show {what}"))
    return said[1] if said else ""


def test_ami_listens_on_the_loopback_address_alone(voice: Voice) -> None:
    assert f"127.0.0.1:{voice.site.ports.ami}" in voice.asterisk.ask("manager show settings")


def test_ami_tells_each_phone_once_and_nothing_of_the_dialplan(voice: Voice) -> None:
    ear = voice.listen()

    def ringing() -> list[str]:
        return sorted(one.headers["Device"] for one in ear.heard if one.headers.get("State") == "RINGING")

    with voice.callers() as carrier:
        caller = carrier.dial("113").wait("up")
        ear.wait(lambda _: len(ringing()) == 3)
        caller.hang_up()
        ear.told(ENDED)
    names = {one.name for one in ear.heard}
    assert not names & {"VarSet", "Newexten", "TestEvent", "QueueMemberStatus"}
    assert ringing() == ["PJSIP/B01", "PJSIP/B02", "PJSIP/B06"]


def test_every_extension_is_a_plain_one(voice: Voice) -> None:
    shown = voice.asterisk.ask("dialplan show")
    extensions = re.findall(r"^  '(.*?)' =>", shown, re.MULTILINE)
    assert set(extensions) >= {"113", "114", "115", "B01"}
    assert not [extension for extension in extensions if extension.startswith("_")]


def test_a_position_added_while_it_runs_is_rung_and_answers(voice: Voice) -> None:
    port = voice.ports.udp("phone-B07")
    text = add_position(
        voice.text,
        id="B07",
        vi="Bàn 7",
        en="Desk 7",
        services=["ambulance"],
        phone=f"sip:B07@{LOOPBACK}:{port}",
    )
    site = parse_site(text)
    only_new = msgspec.structs.replace(site, positions=site.positions[-1:])
    ear = voice.listen()
    with Phones(only_new, voice.home / "new-phone"), voice.calls(Caller("115", "0911111111")) as carrier:
        ear.told(ARRIVED)
        voice.asterisk.files = voice.rendered(site)
        voice.asterisk.write_configuration()
        assert ear.act("Reload")["Response"] == "Success"
        voice.phone_seen("B07")
        assert release(ear, carrier)[0].ending is Ending.RELEASED  # a call that was up is not disturbed
    ear_after = voice.listen()
    with Phones(only_new, voice.home / "new-phone"), voice.calls(Caller("115", "0912345678")) as carrier:
        channel = ear_after.told(ARRIVED).headers["Channel"]
        ear_after.wait(lambda one: one.name == "AgentCalled" and one.headers["MemberName"] == "B07")
        _answer(ear_after, channel, "B07")
        ear_after.told(ANSWERED, Position="B07", By="console")
        release(ear_after, carrier)
    assert _complaints(voice) == []


def _answer(ear: Ear, channel: str, position: str) -> None:
    ear.act("Redirect", Channel=channel, Context="answer-at", Exten=position, Priority="1")
