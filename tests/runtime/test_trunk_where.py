"""What stops a candidate at a switch is told with its key in the description, and its line."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.main.trunk.description import placed
from dispatch_core.main.trunk.planning import _taken, _where, about, new_ports
from dispatch_core.main.trunk.verdicts import complaints
from dispatch_core.wire.trunk import Mistake
from scripts.stage.layout import ROOT
from telephony.trunk.binds import binds
from telephony.trunk.site import parse_site

TEXT = (ROOT / "scripts" / "demo_data" / "site.toml").read_text("utf-8")
TWO = TEXT.replace('nodes = ["pbx1"]', "").replace("sip = 5060\n", "sip = 5060\ntcp = 5060\n").replace(
    "[recording]",
    '[[nodes]]\nname = "pbx1"\n\n[[nodes]]\nname = "pbx2"\nsip = 5062\ntcp = 0\ntls = 5063\nami = 5039\n'
    "rtp = [12000, 12999]\n\n"
    '[tls]\ncertificate = "/a"\nkey = "/b"\nauthority = "/c"\n\n[recording]',
)


def test_a_node_s_ports_and_where_each_stands() -> None:
    site = parse_site(TWO)
    assert [(it.place, it.path) for it in binds(site, "pbx1")] == [
        (("udp", "127.0.0.1", 5060), ("ports", "sip")),
        (("tcp", "127.0.0.1", 5060), ("ports", "tcp")),
        (("tcp", "127.0.0.1", 5038), ("ports", "ami")),
    ]
    assert [(it.place[0], it.port, it.path) for it in binds(site, "pbx2")] == [
        ("udp", 5062, ("nodes", 1, "sip")),
        ("tcp", 5063, ("nodes", 1, "tls")),
        ("tcp", 5039, ("nodes", 1, "ami")),
    ]


def test_a_port_that_is_held_is_told_where_it_stands() -> None:
    site = parse_site(TWO)
    assert new_ports(site, site, "pbx2") == []
    (new,) = new_ports(site, parse_site(TWO.replace("sip = 5062", "sip = 5069")), "pbx2")
    told = _taken("pbx2", new, TWO)
    assert told.key == "nodes.pbx2.sip" and TWO.splitlines()[told.line - 1] == "sip = 5062"
    assert "udp 127.0.0.1:5069 at pbx2" in told.en and told.instead_vi


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("ERROR config_transport.c: Transport: tls: cert_file /a is either missing or not readable", "tls.certificate"),
        ("ERROR config_options.c: Error parsing priv_key_file=/b at line 20 of", "tls.key"),
        ("ERROR x.c: Could not create an object of type 'endpoint' with id 'viettel'", "carriers.viettel"),
        ("ERROR x.c: Could not create an object of type 'aor' with id 'vnpt_2'", "carriers.vnpt"),
        ("WARNING x.c: AOR 'B02' is not there", "positions.B02"),
        ("WARNING x.c: something else", ""),
    ],
)
def test_a_line_of_a_log_is_about_an_entry(line: str, key: str) -> None:
    text = TWO.replace('peers = ["127.0.0.1:5071"]', 'peers = ["127.0.0.1:5071", "127.0.0.1:5072"]')
    found = _where(about(line, parse_site(text)), text)
    assert found["key"] == key and (found["line"] > 0) is bool(key)


def test_that_a_registration_could_not_be_taken_back_is_no_bad_file() -> None:
    """As the switch said it when the carrier was taken out, and what it says of a password that is not there."""
    taken_out = (
        "WARNING res_pjsip/pjsip_configuration.c: Auth object 'vnpt' could not be found",
        "WARNING res_pjsip_outbound_registration.c: Failed to create authenticated "
        "REGISTER request to server 'sip:203.0.113.20:5060' from client 'sip:842838230000@203.0.113.20:5060'",
    )
    bad = "ERROR res_sorcery_config.c: Could not create an object of type 'auth' with id 'vnpt'"
    assert complaints([*taken_out, bad]) == [bad]


def test_a_secret_that_cannot_be_used_is_told_with_its_line() -> None:
    text = TEXT.replace(
        'name = "vnpt"', 'name = "vnpt"\nauth = "register"\nuser = "centre"\nsecret_file = "secrets/carrier-vnpt"'
    )
    site = parse_site(text)
    bare = Mistake(
        code="x", key="carriers.vnpt.secret_file", line=0, vi="a", en="a", instead_vi="b", instead_en="b"
    )
    other = replace(bare, key="ports")
    told = placed(text, site, (bare, other, replace(bare, line=7)))
    assert [it.line for it in told] == [text.splitlines().index('secret_file = "secrets/carrier-vnpt"') + 1, 0, 7]
