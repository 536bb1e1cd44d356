"""Edits of a site file keep what the admin wrote around them, and are refused whole."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from telephony.trunk.site import Ports, SiteError, parse_site
from telephony.trunk.site_edit import add_position, with_nodes, with_ports

TEXT = (Path(__file__).parents[3] / "scripts" / "demo_data" / "site.toml").read_text("utf-8")


def _removed(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line.startswith("- ")]


def test_a_position_is_added_behind_the_others() -> None:
    text = add_position(
        TEXT, id="B07", vi="Bàn 7", en="Desk 7", services=["fire", "police"], phone="sip:B07@127.0.0.1:5107"
    )
    added = parse_site(text).positions[-1]
    assert (added.id, added.vi, added.services) == ("B07", "Bàn 7", ("fire", "police"))
    assert _removed(TEXT, text) == []
    assert text.startswith(TEXT.rstrip())


def test_a_position_with_a_registering_phone() -> None:
    text = add_position(TEXT, id="B07", vi="Bàn 7", en="Desk 7", services=["fire"], phone={"secret_file": "p/B07"})
    phone = parse_site(text).positions[-1].phone
    assert not isinstance(phone, str) and phone.secret_file == "p/B07"
    twice = add_position(text, id="B08", vi="Bàn 8", en="Desk 8", services=["fire"], phone={"secret_file": "p/B08"})
    assert [position.id for position in parse_site(twice).positions[-2:]] == ["B07", "B08"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "B01"}, "site.duplicate"),
        ({"services": ["navy"]}, "site.dangling-service"),
        ({"services": []}, "site.bad-value"),
        ({"phone": "sip:B01@127.0.0.1:5101"}, "site.duplicate-address"),
        ({"vi": "Bàn\n7"}, "site.bad-value"),
    ],
)
def test_a_position_that_does_not_fit_is_refused(change: dict[str, object], code: str) -> None:
    entry = {"id": "B07", "vi": "Bàn 7", "en": "Desk 7", "services": ["fire"], "phone": "sip:B07@127.0.0.1:5107"}
    with pytest.raises(SiteError) as caught:
        add_position(TEXT, **{**entry, **change})  # type: ignore[arg-type]
    assert caught.value.code == code


def test_ports_are_replaced_and_comments_stay() -> None:
    text = with_ports(
        TEXT, sip=25060, ami=25038, rtp=(26000, 26999), carriers={"viettel": ["127.0.0.1:25070"]}, phones={"B03": 25103}
    )
    site = parse_site(text)
    assert (site.ports.sip, site.ports.ami, site.ports.rtp) == (25060, 25038, (26000, 26999))
    assert site.carriers[0].peers == ("127.0.0.1:25070",)
    assert site.positions[2].phone == "sip:B03@127.0.0.1:25103"
    assert site.positions[3].phone == "sip:B04@127.0.0.1:5104"
    comments = [line.partition("#")[2] for line in TEXT.splitlines() if "#" in line]
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == comments
    assert len(_removed(TEXT, text)) == 5
    assert with_ports(text) == text


def test_ports_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SiteError):
        with_ports(TEXT, sip=10500)
    with pytest.raises(KeyError):
        with_ports(TEXT, phones={"B99": 1})


def test_nodes_are_written_in_place_of_those_before() -> None:
    one = parse_site(TEXT).ports
    two = Ports(listen="127.0.0.1", sip=5062, ami=5039, rtp=(12000, 12999))
    text = with_nodes(TEXT, {"pbx1": one, "pbx2": two})
    site = parse_site(text)
    assert site.node_names == ("pbx1", "pbx2")
    assert (site.at("pbx1").ports, site.at("pbx2").ports) == (one, two)
    assert [line.strip("- ") for line in _removed(TEXT, text) if line.strip("- ")][0].startswith("nodes = ")
    assert parse_site(with_nodes(text, {"pbx3": two})).node_names == ("pbx3",)
    with pytest.raises(SiteError):
        with_nodes(TEXT, {"pbx1": one, "pbx2": one})
