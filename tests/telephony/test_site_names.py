"""A site that is changed while the core runs changes whose copies of messages are believed."""

from __future__ import annotations

from scripts.stage.layout import ROOT
from telephony.site_names import naming_of, peers_of
from telephony.trunk.site import parse_site

SAMPLE = (ROOT / "scripts" / "demo_data" / "site.toml").read_text("utf-8")


def test_the_peers_are_those_of_the_carriers_in_use() -> None:
    before, after = parse_site(SAMPLE), parse_site(SAMPLE.replace("enabled = false", "enabled = true"))
    assert peers_of(before) == {"127.0.0.1:5070"}
    assert peers_of(after) == {"127.0.0.1:5070", "127.0.0.1:5071"}
    assert naming_of(before).carriers == naming_of(after).carriers == {"viettel", "vnpt"}


def test_of_a_carrier_over_tls_the_host_counts() -> None:
    text = SAMPLE.replace("sip = 5060\n", "sip = 5060\ntcp = 5060\n").replace("127.0.0.1:5070", "203.0.113.10:5060")
    assert peers_of(parse_site(text.replace("capacity = 120", 'transport = "tcp"\ncapacity = 120'))) == {"203.0.113.10"}
