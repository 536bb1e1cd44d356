"""What a scratch switch reads: the candidate's lines, and no address of anybody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from telephony.trunk.agent.references import dangling
from telephony.trunk.agent.scratch import sweep
from telephony.trunk.agent.scratch_files import ScratchPorts, binds_in, fit, machine_file

PORTS = ScratchPorts(sink=9, ami=7, binds=(21, 22))


def test_what_a_killed_agent_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """Passwords are in it. One that may still be tried out stays, and so does whatever only has such a name."""
    names = ("dispatch-scratch-old", "dispatch-scratch-new", "other", "target")
    for name in names:
        (tmp_path / name / "etc").mkdir(parents=True)
        (tmp_path / name / "etc" / "pjsip.conf").write_text("password = left-behind\n")
    (tmp_path / "dispatch-scratch-link").symlink_to(tmp_path / "target")
    for name in ("dispatch-scratch-old", "other", "target"):
        os.utime(tmp_path / name, (1, 1))
    sweep(str(tmp_path), (tmp_path / "dispatch-scratch-new").stat().st_mtime)
    assert sorted(it.name for it in tmp_path.iterdir()) == sorted({*names[1:], "dispatch-scratch-link"})
    assert (tmp_path / "target" / "etc" / "pjsip.conf").exists()
    sweep(str(tmp_path / "not-there"), 1.0)


def fitted(file: str, line: str) -> str:
    return fit({file: line}, PORTS)[file]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("server_uri = sip:sip.carrier.vn", "server_uri = sip:127.0.0.1:9"),
        ("server_uri=sips:centre@203.0.113.9:5061", "server_uri=sips:127.0.0.1:9"),
        ("server_uri = sip:[2001:db8::1]:5060\\;transport=tcp", "server_uri = sip:127.0.0.1:9\\;transport=tcp"),
        ("outbound_proxy = sip:203.0.113.9\\;lr ; theirs", "outbound_proxy = sip:127.0.0.1:9\\;lr ; theirs"),
        ("server_uri = <sip:203.0.113.9>", "server_uri = unreadable-uri:-sip-203-0-113-9-"),
        ("server_uri = 203.0.113.9", "server_uri = unreadable-uri:203-0-113-9"),
        ("  Server_URI => sip:203.0.113.9", "  Server_URI => sip:127.0.0.1:9"),
        ("server_uri += sip:203.0.113.9", "server_uri += sip:127.0.0.1:9"),
        ("qualify_frequency = 2", "qualify_frequency = 0"),
        ("qualify_frequency = +20s", "qualify_frequency = 0s"),
        ("qualify_frequency = often", "qualify_frequency = often"),
        ("bind = 0.0.0.0:5060", "bind = 127.0.0.1:21"),
        ("match = 203.0.113.9:5060", "match = 203.0.113.9:5060"),
        ("match = 203.0.113.0/24,sip.carrier.vn", "match = 203.0.113.0/24,127.0.0.1"),
        ("external_signaling_address = our.name", "; external_signaling_address = our.name"),
        ("external_signaling_address = 203.0.113.9", "external_signaling_address = 203.0.113.9"),
        ("client_uri = sip:centre@203.0.113.9", "client_uri = sip:centre@203.0.113.9"),
        ("contact = sip:203.0.113.9:5060", "contact = sip:203.0.113.9:5060"),
        ("#include /etc/asterisk/more.conf", "; #include /etc/asterisk/more.conf"),
        ("#exec /bin/more", "; #exec /bin/more"),
        ("password = a\\;b ; server_uri = x", "password = a\\;b ; server_uri = x"),
        ("[server_uri]", "[server_uri]"),
    ],
)
def test_lines_of_pjsip(line: str, becomes: str) -> None:
    assert fitted("pjsip.conf", line) == becomes
    assert fitted("other.conf", line) == becomes  # whatever a hand has put beside it


def test_what_the_other_files_say_of_addresses() -> None:
    assert fitted("manager.conf", "port = 5038\nbindaddr = 0.0.0.0\nsecret = s\nwebenabled = yes") == (
        "port = 7\nbindaddr = 127.0.0.1\nsecret = s\nwebenabled = no"
    )
    assert fitted("hep.conf", "capture_address = 10.0.0.1:9060\nenabled = yes") == (
        "capture_address = 127.0.0.1:9\nenabled = yes"
    )
    assert fitted("rtp.conf", "rtpstart = 10000\nstunaddr = stun.example") == (
        "rtpstart = 10000\n; stunaddr = stun.example"
    )
    assert fitted("http.conf", "enabled = yes") == "enabled = no"
    assert fitted("extensions.conf", "same = n,Set(bind = 1)\n#include x") == "same = n,Set(bind = 1)\n; #include x"
    assert "; syslog.local0 = error\n" in fitted("logger.conf", "[logfiles]\nsyslog.local0 = error\n")


def test_each_address_that_is_listened_on_has_a_port() -> None:
    files = {"pjsip.conf": "bind = 10.0.0.1:5060\n; bind = no\nbind=[::]:5061\n"}
    assert binds_in(files) == 2
    assert fit(files, PORTS)["pjsip.conf"] == "bind = 127.0.0.1:21\n; bind = no\nbind=127.0.0.1:22\n"


def test_its_own_log_whatever_the_candidate_logs() -> None:
    for text in ("", "[general]\nx = 1\n", "[logfiles]\nmessages.log = error\n"):
        lines = fit({"logger.conf": text}, PORTS)["logger.conf"].splitlines()
        assert lines[lines.index("[logfiles]") + 1] == "scratch.log = notice,warning,error"


def test_the_machines_directories() -> None:
    running = (
        "[directories]\nastmoddir => /opt/modules\nastdatadir=/opt/data ; here\nastdbdir => /var/lib/asterisk\n"
        "astspooldir => /var/spool/asterisk\nastrundir => /run/asterisk\n[options]\nrunuser = asterisk\n"
    )
    text = machine_file(running, "[options]\nsystemname = pbx1\nrunuser = asterisk\nexecincludes = yes\n", "/tmp/s")
    assert "astmoddir => /opt/modules\n" in text and "astdatadir => /opt/data\n" in text
    assert "/var/" not in text and "/run/asterisk" not in text and "asterisk\n" not in text.partition("[options]")[2]
    assert "astdbdir => /tmp/s/db\n" in text and "astspooldir => /tmp/s/spool\n" in text
    assert "systemname = pbx1" in text and "execincludes" not in text
    template = machine_file("[directories](!)\nastmoddir => /opt/modules\n", "", "/tmp/s")
    assert "[directories]\n" in template and "/opt/modules" not in template


def test_names_behind_which_nothing_stands() -> None:
    text = """[base](!)
type = endpoint
transport = udp
[udp]
type = transport
[a](base)
aors = a,b ; two
auth = a
[a]
type = aor
[a-peers]
type = identify
endpoint = c
match = 203.0.113.999
[d]
typ = aor
"""
    assert dangling({"pjsip.conf": text}) == [
        "CHECK pjsip.conf: endpoint 'a' names the aor 'b' at line 7, which is not there",
        "CHECK pjsip.conf: endpoint 'a' names the auth 'a' at line 8, which is not there",
        "CHECK pjsip.conf: identify 'a-peers' names the endpoint 'c' at line 13, which is not there",
        "CHECK pjsip.conf: identify 'a-peers' matches '203.0.113.999' at line 14, which is no address",
        "CHECK pjsip.conf: section 'd' at line 15 has no type, and is not read",
    ]
