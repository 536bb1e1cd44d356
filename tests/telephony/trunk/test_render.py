"""What stands in the rendered files: the guards, the members, the exact extensions, and nothing that breaks out."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from telephony.dialplan_contexts import CHANNEL_VARIABLES, REPLACING
from telephony.dialplan_events import ARRIVED, EVENTS, MESSAGE, Written
from telephony.trunk.dialplan.from_phones import dialled
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.files.ini import section
from telephony.trunk.files.modules_conf import MODULES
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets, read_secrets
from telephony.trunk.site import NodePorts, RegisteringPhone, SiteError, load_site
from tests.telephony.trunk.providers import APPLICATIONS, BUILTIN, FUNCTIONS, OUTSIDE, applications, functions

SITE = load_site(Path(__file__).parents[3] / "scripts" / "demo_data" / "site.toml")
SECRETS = Secrets("s" * 24)
FILES = render(SITE, SECRETS, Paths("/srv/recordings"))


def _sections(text: str) -> dict[str, list[str]]:
    """Section name to its lines; sections of one name are joined."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if head := re.fullmatch(r"\[(.+)\]", line):
            lines = found.setdefault(head[1], [])
        elif line and not line.startswith(";"):
            lines.append(line)
    return found


def test_the_same_site_gives_the_same_bytes() -> None:
    assert render(SITE, SECRETS, Paths("/srv/recordings")) == FILES


def test_a_carrier_cannot_choose_its_caller_id_nor_be_anybody_else() -> None:
    carrier = _sections(FILES["pjsip.conf"])["viettel"]
    for guard in (
        "callerid = viettel <0>",
        "trust_id_inbound = no",
        "send_connected_line = no",
        "send_pai = no",
        "allow_transfer = no",
        "identify_by = ip",
    ):
        assert guard in carrier
    assert _sections(FILES["pjsip.conf"])["viettel-peers"] == [
        "type = identify",
        "endpoint = viettel",
        "match = 127.0.0.1:5070",
    ]


def test_the_probe_is_known_by_a_password_of_its_own_and_comes_in_where_carriers_do() -> None:
    pjsip = _sections(FILES["pjsip.conf"])
    assert "context = from-carrier" in pjsip["probe_in"] and "identify_by = username" in pjsip["probe_in"]
    assert "permit = 127.0.0.1/255.255.255.255" in pjsip["probe_in"] and "deny = 0.0.0.0/0.0.0.0" in pjsip["probe_in"]
    assert not [line for line in pjsip["probe_in"] if line.startswith("aors")]  # nobody registers as it
    assert f"password = {SECRETS.probe}" in pjsip["probe_in"] and "outbound_auth = probe_out" in pjsip["probe_out"]
    assert SECRETS.probe not in (SECRETS.ami, Secrets("t" * 24).probe) and len(SECRETS.probe) == 64
    assert "contact = sip:127.0.0.1:5060" in pjsip["probe_out"]
    everywhere = msgspec.structs.replace(SITE, ports=msgspec.structs.replace(SITE.ports, listen="0.0.0.0"))
    rendered = _sections(render(everywhere, SECRETS, Paths("/r"))["pjsip.conf"])
    assert "contact = sip:127.0.0.1:5060" in rendered["probe_out"]
    assert "endpoint_identifier_order = header,ip,username" in pjsip["global"]


def test_a_probe_leaves_before_anything_is_told_of_a_call() -> None:
    arrival = _sections(FILES["extensions.conf"])["arrival"]
    assert "probe_in" in arrival[0] and "?probed,s,1" in arrival[0]
    probed = "".join(_sections(FILES["extensions.conf"])["probed"])
    assert "Queue(" not in probed and "MixMonitor" not in probed and "CALL_UUID" not in probed


def test_each_node_has_its_own_ports_and_name() -> None:
    nodes = (NodePorts(name="pbx1"), NodePorts(name="pbx2", sip=5062, ami=5039, rtp=(12000, 12999)))
    two = msgspec.structs.replace(SITE, site=msgspec.structs.replace(SITE.site, nodes=()), nodes=nodes)
    files = render(two, SECRETS, Paths("/r"), "pbx2")
    assert "bind = 127.0.0.1:5062" in files["pjsip.conf"] and "port = 5039" in files["manager.conf"]
    assert "rtpstart = 12000" in files["rtp.conf"] and "systemname = pbx2" in files["asterisk.conf"]
    assert "contact = sip:127.0.0.1:5062" in files["pjsip.conf"]
    assert files["extensions.conf"] == render(two, SECRETS, Paths("/r"), "pbx1")["extensions.conf"]


def test_a_carrier_that_is_not_enabled_is_not_there() -> None:
    assert "vnpt" not in FILES["pjsip.conf"] and "vnpt" not in FILES["extensions.conf"]


def test_a_registering_phone_has_its_password_and_no_fixed_contact() -> None:
    phone = msgspec.structs.replace(SITE.positions[0], phone=RegisteringPhone(secret_file="B01"))
    site = msgspec.structs.replace(SITE, positions=(phone, *SITE.positions[1:]))
    lines = _sections(render(site, Secrets("s" * 24, {"B01": "p" * 16}), Paths("/r"))["pjsip.conf"])["B01"]
    assert f"password = {'p' * 16}" in lines and "auth = B01" in lines and "identify_by = username" in lines
    assert not [line for line in lines if line.startswith("contact")]
    assert "B01-phone" not in _sections(render(site, Secrets("s" * 24, {"B01": "p" * 16}), Paths("/r"))["pjsip.conf"])


def test_members_stand_in_the_file() -> None:
    queues = _sections(FILES["queues.conf"])
    assert [line for line in queues["q-fire"] if line.startswith("member")] == [
        f"member = PJSIP/{name},0,{name}" for name in ("B02", "B03", "B04")
    ]
    assert len([line for line in queues["q-all"] if line.startswith("member")]) == 6
    assert "joinempty = yes" in queues["q-all"] and "leavewhenempty = no" in queues["q-all"]


def test_what_a_caller_reaches_is_the_service_numbers_alone() -> None:
    contexts = _sections(FILES["extensions.conf"])
    for reachable, more in (("from-carrier", set()), ("message-viettel", {"exten => 8113"})):
        extensions = {line.split(",")[0] for line in contexts[reachable] if line.startswith("exten")}
        assert extensions == {"exten => 113", "exten => 114", "exten => 115"} | more
    assert "exten => _" not in FILES["extensions.conf"] and "include" not in FILES["extensions.conf"]
    assert set(dialled(SITE)) == {"B01", "B02", "B03", "B04", "B05", "B06", "01", "02", "03", "04", "05", "06"}
    for reachable in ("from-position", "phone-transfer"):
        extensions = {line.split(",")[0].removeprefix("exten => ") for line in contexts[reachable] if "exten" in line}
        assert extensions == {*dialled(SITE), "113", "114", "115"}


def test_digits_that_mean_two_positions_or_a_service_are_not_dialled() -> None:
    ids = ("B01", "C01", "B115", "B7", "K")
    positions = tuple(msgspec.structs.replace(SITE.positions[0], id=ident) for ident in ids)
    assert dialled(msgspec.structs.replace(SITE, positions=positions)) == {**{it: it for it in ids}, "7": "B7"}


def test_only_positions_transfer() -> None:
    endpoints = _sections(FILES["pjsip.conf"])
    allowed = {name for name, lines in endpoints.items() if "allow_transfer = yes" in lines}
    assert allowed == {position.id for position in SITE.positions}
    assert all("set_var = TRANSFER_CONTEXT=phone-transfer" in endpoints[name] for name in allowed)
    assert "deny = 0.0.0.0/0" in endpoints[REPLACING]
    assert "endpoint_identifier_order = header,ip,username" in FILES["pjsip.conf"]


def test_ami_tells_our_variables_and_never_the_dialplan() -> None:
    manager = _sections(FILES["manager.conf"])
    assert f"channelvars = {','.join(CHANNEL_VARIABLES)}" in manager["general"]
    assert "bindaddr = 127.0.0.1" in manager["general"]
    (read,) = [line for line in manager["dispatch"] if line.startswith("read")]
    assert not {"dialplan", "all", "reporting"} & set(read.partition(" = ")[2].split(","))
    (write,) = [line for line in manager["dispatch"] if line.startswith("write ")]
    assert not {"command", "config", "all"} & set(write.partition(" = ")[2].split(","))
    for noise in ("VarSet", "Newexten", "TestEvent", "RTCPSent", "RTCPReceived"):
        assert f"eventfilter(action(exclude),name({noise})) =" in manager["dispatch"]


def test_without_recording_there_is_none() -> None:
    silent = msgspec.structs.replace(SITE, recording=msgspec.structs.replace(SITE.recording, on=False))
    assert "Gosub(record" in FILES["extensions.conf"]
    assert "Gosub(record" not in render(silent, SECRETS, Paths("/r"))["extensions.conf"]


def test_the_node_begins_the_ids() -> None:
    assert "systemname = pbx1" in FILES["asterisk.conf"] and "[directories]" not in FILES["asterisk.conf"]
    with pytest.raises(ValueError, match="pbx1"):
        render(SITE, SECRETS, Paths("/r"), node="pbx9")


def test_every_event_that_the_dialplan_sends_is_one_of_the_table() -> None:
    sent = set(re.findall(r"UserEvent\((\w+)", FILES["extensions.conf"]))
    assert sent == set(EVENTS) - {"DispatchCallerHeaders", "DispatchLocated"}  # only in recorded streams


def test_nothing_of_a_caller_stands_undressed_in_an_event() -> None:
    for line in FILES["extensions.conf"].splitlines():
        if "UserEvent(" in line:
            undressed = re.sub(r"\$\{BASE64_ENCODE\(\(+\$\{[^}]*\}\)\}", "", line)
            undressed = undressed.replace("${GEOLOC_PROFILE(format)}", "")  # one of Asterisk's own three words
            for source in ("MESSAGE(", "MESSAGE_DATA", "PJSIP_HEADER", "GEOLOC_PROFILE", "CALL_FROM", "CALL_ASSERTED"):
                assert source not in undressed
            assert "call-id" not in undressed


def test_an_event_has_exactly_its_headers() -> None:
    with pytest.raises(ValueError, match="DispatchMessage"):
        tell(MESSAGE, Number="115")
    plain = [header for header, how in ARRIVED.headers.items() if how is Written.PLAIN]
    assert plain == ["Number", "Services", "Caller", "Carrier", "Test"]


@pytest.mark.parametrize("extension", ["_X.", "1,2", "a b", "s;x", ""])
def test_an_extension_is_never_a_pattern(extension: str) -> None:
    with pytest.raises(ValueError):
        context("c", {extension: ["NoOp()"]})


@pytest.mark.parametrize("value", ["a\nb = c", "a\r", "a ; b", "\x00"])
def test_a_value_never_breaks_out_of_its_line(value: str) -> None:
    with pytest.raises(ValueError):
        section("s", {"key": value})
    with pytest.raises(ValueError):
        section(value, {})
    assert section("s", {"key": r"a\;b"}) == "[s]\nkey = a\\;b\n"


def test_secrets_are_files_of_one_good_password(tmp_path: Path) -> None:
    phone = msgspec.structs.replace(SITE.positions[0], phone=RegisteringPhone(secret_file="B01"))
    site = msgspec.structs.replace(SITE, positions=(phone, *SITE.positions[1:]))
    (tmp_path / "ami").write_text("a" * 12 + "\n")
    with pytest.raises(SiteError) as caught:
        read_secrets(site, tmp_path / "ami", tmp_path)
    assert caught.value.code == "site.secret-unreadable" and "B01" in caught.value.vi
    (tmp_path / "B01").write_text("short")
    with pytest.raises(SiteError) as caught:
        read_secrets(site, tmp_path / "ami", tmp_path)
    assert caught.value.code == "site.secret-unusable" and "short" not in caught.value.en
    (tmp_path / "B01").write_text("phone-secret;x\n[evil]")
    with pytest.raises(SiteError):
        read_secrets(site, tmp_path / "ami", tmp_path)
    (tmp_path / "B01").write_text("p" * 20)
    assert read_secrets(site, tmp_path / "ami", tmp_path) == Secrets("a" * 12, {"B01": "p" * 20})


def test_every_application_and_function_is_given_by_a_module_that_is_loaded() -> None:
    used = [(name, APPLICATIONS.get(name)) for name in sorted(applications(FILES["extensions.conf"]))]
    used += [(name, FUNCTIONS.get(name)) for name in sorted(functions(FILES) | OUTSIDE)]
    assert len(used) > 40
    assert not [name for name, module in used if module not in (BUILTIN, *MODULES)]


def test_the_table_of_what_gives_what_names_nothing_that_is_not_used() -> None:
    assert set(APPLICATIONS) == applications(FILES["extensions.conf"])
    assert set(FUNCTIONS) == functions(FILES) | OUTSIDE


def test_a_step_that_cannot_be_read_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no step"):
        applications("exten => s,1,Wait\n")
