"""A site file is taken whole or refused with file, line, key and what to write instead, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from telephony.trunk.site import SiteError, load_site, parse_site
from telephony.trunk.site_hints import HINTS

SAMPLE = Path(__file__).parents[3] / "scripts" / "demo_data" / "site.toml"
TEXT = SAMPLE.read_text("utf-8")


def test_the_sample_site() -> None:
    site = load_site(SAMPLE)
    assert [service.code for service in site.services] == ["police", "fire", "ambulance"]
    assert {number.dial: number.services for number in site.numbers} == {
        "113": ("police",),
        "114": ("fire",),
        "115": ("ambulance",),
    }
    assert [position.id for position in site.positions_of("fire")] == ["B02", "B03", "B04"]
    assert all(len(site.positions_of(service.code)) >= 2 for service in site.services)
    assert site.queue_of("ambulance").overflow_after == 20
    assert site.site.timezone == "+07:00"


def test_several_services_and_a_registering_phone() -> None:
    text = TEXT.replace('services = ["ambulance"]\nphone = "sip:B05@127.0.0.1:5105"',
                        'services = ["ambulance"]\nphone = { secret_file = "phones/B05" }')  # fmt: skip
    text = text.replace('dial = "113"\nservices = ["police"]', 'dial = "112"\nservices = ["police", "fire"]')
    site = parse_site(text)
    assert site.numbers[0].services == ("police", "fire")
    assert not isinstance(site.positions[4].phone, str) and site.positions[4].phone.secret_file == "phones/B05"


# what is changed in the sample (before, after), then the error's code and key
MISTAKES = {
    "not TOML": ("[ports]", "[ports", "site.not-toml", ""),
    "twice the same key": ("sip = 5060", "sip = 5060\nsip = 5061", "site.not-toml", ""),
    "unknown key": ("overflow_after = 20", "overflow_afer = 20", "site.unknown-key", "queues[1].overflow_afer"),
    "unknown section": ("[recording]", "[recordings]", "site.unknown-key", "recordings"),
    "missing key": ('dial = "114"\n', "", "site.missing-key", "numbers[2]"),
    "wrong type": ("sip = 5060", 'sip = "5060"', "site.bad-value", "ports.sip"),
    "bad port": ("ami = 5038", "ami = 70000", "site.bad-value", "ports.ami"),
    "one port of two": ("rtp = [10000, 10999]", "rtp = [10000]", "site.bad-value", "ports.rtp"),
    "bad number": ('dial = "113"', 'dial = "_X."', "site.bad-value", "numbers[1].dial"),
    "host name": ('["127.0.0.1:5070"]', '["sbc.carrier.vn:5060"]', "site.bad-value", "carriers[1].peers[1]"),
    "line break in a name": ('vi = "Bàn 1"', 'vi = "Bàn\\n1"', "site.bad-value", "positions[1].vi"),
    "position that breaks out": ('id = "B01"', 'id = "B01]"', "site.bad-value", "positions[1].id"),
    "contact that breaks out": (
        "sip:B01@127.0.0.1:5101",
        "sip:B01@127.0.0.1;x=1:5101",
        "site.bad-value",
        "positions[1].phone",
    ),
    "authentication that there is not": (
        "capacity = 120 ",
        'auth = "none"\ncapacity = 120 ',
        "site.bad-value",
        "carriers[1].auth",
    ),
    "same number twice": ('dial = "114"', 'dial = "113"', "site.overlapping-numbers", "numbers[2].dial"),
    "one number begins another": ('dial = "114"', 'dial = "1135"', "site.overlapping-numbers", "numbers[2].dial"),
    "service that there is not": (
        'dial = "114"\nservices = ["fire"]',
        'dial = "114"\nservices = ["fires"]',
        "site.dangling-service",
        "numbers[2].services",
    ),
    "service twice": (
        'services = ["police", "fire"]',
        'services = ["police", "police"]',
        "site.duplicate",
        "positions[2].services",
    ),
    "queue of no service": ('service = "fire"', 'service = "fyre"', "site.dangling-service", "queues[2].service"),
    "queue twice": ('service = "fire"', 'service = "police"', "site.duplicate", "queues[2].service"),
    "service without a queue": (
        '[[queues]]\nservice = "fire"\noverflow_after = 20\nstrategy = "ringall"\nring = 10\n',
        "",
        "site.no-queue",
        "services[2].code",
    ),
    "position twice": ('id = "B02"', 'id = "B01"', "site.duplicate", "positions[2].id"),
    "position named as the carrier": ('name = "viettel"', 'name = "b"', "site.duplicate", "positions[1].id"),
    "phone at the carrier's address": (
        "sip:B01@127.0.0.1:5101",
        "sip:B01@127.0.0.1:5070",
        "site.duplicate-address",
        "positions[1].phone",
    ),
    "phone at our own address": (
        "sip:B01@127.0.0.1:5101",
        "sip:B01@127.0.0.1:5060",
        "site.duplicate-address",
        "positions[1].phone",
    ),
    "address that there is not": ("127.0.0.1:5070", "127.0.0.256:5070", "site.bad-address", "carriers[1].peers"),
    "port that there is not": ("127.0.0.1:5070", "127.0.0.1:0", "site.bad-address", "carriers[1].peers"),
    "text in an address": (
        "sip:B01@127.0.0.1:5101",
        "sip:B01@[fe80::1%,10.0.0.1,x]:5101",
        "site.bad-address",
        "positions[1].phone",
    ),
    "no carrier": ("capacity = 120 ", "enabled = false\ncapacity = 120 ", "site.no-carrier", "carriers[1].enabled"),
    "too few RTP ports": ("rtp = [10000, 10999]", "rtp = [10000, 10099]", "site.rtp-range", "ports.rtp"),
    "odd RTP range": ("rtp = [10000, 10999]", "rtp = [10001, 10999]", "site.rtp-range", "ports.rtp"),
    "nodes named in two ways": (
        "[ports]",
        '[[nodes]]\nname = "pbx1"\n\n[ports]',
        "site.nodes-twice",
        "site.nodes",
    ),
    "SIP inside RTP": ("rtp = [10000, 10999]", "rtp = [5000, 6999]", "site.port-conflict", "ports.rtp"),
}


@pytest.mark.parametrize(("before", "after", "code", "key"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_where_it_stands(before: str, after: str, code: str, key: str) -> None:
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    if key == "positions[1].id" and "B01]" not in text:
        text = text.replace('id = "B01"', 'id = "b"')
    with pytest.raises(SiteError) as caught:
        parse_site(text, "etc/site.toml")
    error = caught.value
    assert (error.code, error.details["key"]) == (code, key)
    assert "; hãy ghi " in error.vi and "; write " in error.en
    line = int(error.details["line"])
    assert error.vi.startswith(f"etc/site.toml, dòng {line}") and error.en.startswith(f"etc/site.toml, line {line}")
    assert 1 <= line <= text.count("\n") + 1
    if key:
        written = text.splitlines()[line - 1]
        name = re.findall(r"[a-z_]+", key)[-1]
        assert name in written
        assert all(changed.strip() in written for changed in after.splitlines() if changed.startswith(f"{name} ="))


TWO = TEXT.replace('nodes = ["pbx1"]', "").replace(
    "[recording]",
    """[[nodes]]
name = "pbx1"

[[nodes]]
name = "pbx2"
sip = 5062
ami = 5039
rtp = [12000, 12999]

[recording]""",
)


def test_two_nodes_on_one_machine_have_ports_of_their_own() -> None:
    site = parse_site(TWO)
    assert site.node_names == ("pbx1", "pbx2")
    assert site.at("pbx1").ports == site.ports
    assert (site.at("pbx2").ports.sip, site.at("pbx2").ports.ami, site.at("pbx2").ports.rtp) == (
        5062, 5039, (12000, 12999),
    )  # fmt: skip
    assert site.at("pbx2").ports.listen == "127.0.0.1" and site.at("pbx2").carriers == site.carriers
    with pytest.raises(ValueError, match="pbx3"):
        site.at("pbx3")


def test_nodes_on_machines_of_their_own_share_their_ports() -> None:
    assert parse_site(TEXT).node_names == ("pbx1",) == parse_site(TEXT.replace('nodes = ["pbx1"]', "")).node_names
    site = parse_site(TEXT.replace('["pbx1"]', '["pbx1", "pbx2"]'))
    assert site.at("pbx2").ports == site.ports
    own = 'sip = 5062\nami = 5039\nrtp = [12000, 12999]'
    apart = TWO.replace(own, 'listen = "10.0.0.2"')
    assert parse_site(apart).at("pbx2").ports.listen == "10.0.0.2"


@pytest.mark.parametrize(
    ("line", "code", "key"),
    [
        ("sip = 5062", "site.shared-port", "nodes[2].sip"),
        ("ami = 5039", "site.shared-port", "nodes[2].ami"),
        ("rtp = [12000, 12999]", "site.shared-port", "nodes[2].rtp"),
        ('name = "pbx1"', "site.missing-key", "nodes[1]"),
    ],
)
def test_nodes_that_would_fight_over_a_port_are_refused(line: str, code: str, key: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(TWO.replace(f"{line}\n", "", 1))
    assert (caught.value.code, caught.value.details["key"]) == (code, key)
    with pytest.raises(SiteError) as caught:
        parse_site(TWO.replace('name = "pbx2"', 'name = "pbx1"'))
    assert caught.value.code == "site.duplicate"
    with pytest.raises(SiteError) as caught:
        parse_site(TWO.replace("rtp = [12000, 12999]", "rtp = [12000, 12009]"))
    assert (caught.value.code, caught.value.details["key"]) == ("site.rtp-range", "nodes[2].rtp")


def test_a_queue_that_nobody_serves() -> None:
    text = TEXT
    for services in ('["police", "fire"]', '["fire"]\nphone', '["fire", "ambulance"]'):
        text = text.replace(f"services = {services}", f"services = {services}".replace("fire", "ambulance", 1))
    text = text.replace('["ambulance", "ambulance"]', '["ambulance"]')
    with pytest.raises(SiteError) as caught:
        parse_site(text)
    assert caught.value.code == "site.queue-without-positions"
    assert text.splitlines()[int(caught.value.details["line"]) - 1] == 'service = "fire"'
    assert "“fire”" in caught.value.vi


def test_the_nearest_known_key_is_what_to_write_instead() -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(TEXT.replace("overflow_after = 20", "overflow_afer = 20", 1))
    assert "write overflow_after" in caught.value.en


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SiteError) as caught:
        load_site(tmp_path / "site.toml")
    assert caught.value.code == "site.unreadable" and str(tmp_path / "site.toml") in caught.value.vi
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SiteError) as caught:
        load_site(tmp_path / "site.toml")
    assert caught.value.code == "site.unreadable"


def test_every_key_has_a_hint() -> None:
    import msgspec

    from telephony.trunk.site import Site
    from telephony.trunk.site_errors import _keys_by_section

    keys = {
        f"{section}.{name}".lstrip(".")
        for section, names in _keys_by_section(msgspec.inspect.type_info(Site), "").items()
        for name in names
    }
    assert keys - {"ports", "recording", "locations", "duty"} == set(HINTS)
