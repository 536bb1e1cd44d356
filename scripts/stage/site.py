"""The sample site as it runs from a checkout: its own copy of site.toml with free ports, secrets, the core's settings.

Guards: what an admin changed in `var/site.toml` stays; only the ports of this machine are written into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from scripts.stage.asterisk import AGENT_SETTINGS
from scripts.stage.certificates import Certificate, server_certificate
from scripts.stage.layout import ROOT, Layout
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.postgres import PostgresServer
from scripts.stage.redis import RedisServer
from scripts.stage.secret_files import secret_file
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import read_secrets
from telephony.trunk.site import Ports as NodePorts
from telephony.trunk.site import Site, load_site, parse_site
from telephony.trunk.site_edit import with_nodes, with_ports

DEMO = ROOT / "scripts" / "demo_data"
RTP_PORTS = 1000
SETTINGS = """\
# The core's settings on this checkout, written by scripts/run at every start.
database = "{database}"
redis = "{redis}"
redis_password_file = "{redis_password}"
redis_public_host = "{loopback}"
redis_public_port = {redis_port}
site = "{site}"
types = "{types}"
capabilities = "{capabilities}"
stations = "{stations}"
units = "{units}"
zone_rules = "{zone_rules}"
hospitals = "{hospitals}"
place_rules = "{place_rules}"
triage_cards = "{triage_cards}"
http_host = "{loopback}"
http_port = {http_port}
tls_certificate = "{certificate}"
tls_key = "{key}"
probe_every_s = {probe_every:.1f}
aml_key_file = "{aml_key}"
asterisk_files = "{asterisk_files}"
asterisk_recordings = "{recordings}"
log_level = "info"
"""
SENDER_SETTINGS = """
[[senders]]
name = "{name}"
kind = "{kind}"
token_file = "{token}"
"""
SENDERS = {"mdt": "vehicle", "stations": "station", "rosters": "roster", "hospitals": "hospital"}
"""Name to kind: of each a token, in the secrets' folder."""

NODE_SETTINGS = """
[[nodes]]
name = "{node}"
host = "{loopback}"
port = {ami_port}
user = "dispatch"
secret_file = "{ami_secret}"
files = "{files}"
recordings = "{recordings}"
agent_settings = "{agent_settings}"
"""
ONE_NODE = ("pbx1",)
PROBE_EVERY_S = 60.0


@dataclass(frozen=True)
class StagedSite:
    """Everything about the site that the parts of the stage need to know."""

    layout: Layout
    site: Site
    file: Path
    settings: Path
    certificate: Certificate
    core_url: str
    carrier_port: int
    ami_secret: Path
    tokens: dict[str, Path]
    aml_key: Path

    @property
    def node(self) -> str:
        return self.site.node_names[0]

    @property
    def asterisk_home(self) -> Path:
        return self.home_of(self.node)

    def home_of(self, node: str) -> Path:
        return home_of(self.layout, node, self.site.node_names)

    @property
    def recordings(self) -> Path:
        return self.asterisk_home / "recordings"

    def connect_core_to(self, ami_port: int) -> None:
        """Let the core reach the switch through another port."""
        text = self.settings.read_text("utf-8")
        self.settings.write_text(text.replace(f"\nport = {self.site.ports.ami}\n", f"\nport = {ami_port}\n"), "utf-8")

    def asterisk_files(self, node: str = "") -> dict[str, str]:
        """What is rendered for a node, the first one unless named."""
        node = node or self.node
        secrets = read_secrets(self.site, self.ami_secret, self.layout.var)
        return render(self.site, secrets, Paths(str(self.home_of(node) / "recordings")), node)


def home_of(layout: Layout, node: str, nodes: Sequence[str]) -> Path:
    """Where a node's Asterisk lives; the first one's place does not depend on how many there are."""
    return layout.asterisk / ("home" if node == nodes[0] else f"home-{node}")


def stage_site(
    layout: Layout,
    postgres: PostgresServer,
    redis: RedisServer,
    *,
    held: bool,
    nodes: Sequence[str] = ONE_NODE,
    probe_every: float = PROBE_EVERY_S,
) -> StagedSite:
    """`held`: our own Asterisk runs already and keeps its ports. `nodes`: a name for each Asterisk on this machine.
    `probe_every`: seconds between two synthetic calls to one number at one of them.
    """
    ports = Ports(layout.ports)
    file = layout.var / "site.toml"
    text = file.read_text("utf-8") if file.exists() else (DEMO / "site.toml").read_text("utf-8")
    wanted = parse_site(text, str(file))
    first_rtp = ports.udp_block("rtp", RTP_PORTS, held_by_us=held)
    carrier_port = ports.udp("carrier")
    text = with_ports(
        text,
        sip=ports.udp("sip", held_by_us=held),
        ami=ports.tcp("ami", held_by_us=held),
        rtp=(first_rtp, first_rtp + RTP_PORTS - 1),
        locations=ports.udp("locations", held_by_us=held),
        carriers={carrier.name: [f"{LOOPBACK}:{carrier_port}"] for carrier in wanted.carriers[:1]},
        phones={
            position.id: ports.udp(f"phone-{position.id}")
            for position in wanted.positions
            if isinstance(position.phone, str)
        },
    )
    if len(nodes) > 1:
        text = with_nodes(text, _ports_of_each(ports, parse_site(text, str(file)), nodes))
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")
    site = load_site(file)
    ami_secret = secret_file(layout.secrets, "ami")
    tokens = {name: secret_file(layout.secrets, f"token-{name}") for name in SENDERS}
    aml_key = secret_file(layout.secrets, "aml-key")
    certificate = server_certificate(layout.tls, "core")
    http_port = ports.tcp("https")
    settings = layout.var / "dispatch.toml"
    settings.write_text(
        SETTINGS.format(
            database=postgres.url(),
            redis=f"unix://{redis.user}@{redis.socket}",
            redis_password=redis.password_file,
            redis_port=redis.tls_port,
            loopback=LOOPBACK,
            site=file,
            types=DEMO / "incident_types.toml",
            capabilities=DEMO / "capabilities.toml",
            stations=DEMO / "stations.csv",
            units=DEMO / "units.csv",
            zone_rules=DEMO / "zone_rules.toml",
            hospitals=DEMO / "hospitals.csv",
            place_rules=DEMO / "place_rules.toml",
            triage_cards=DEMO / "triage_cards.toml",
            http_port=http_port,
            certificate=certificate.certificate,
            key=certificate.key,
            probe_every=probe_every,
            aml_key=aml_key,
            asterisk_files=layout.asterisk / "home" / "etc",
            recordings=layout.asterisk / "home" / "recordings",
        )
        + "".join(SENDER_SETTINGS.format(name=it, kind=kind, token=tokens[it]) for it, kind in SENDERS.items())
        + "".join(_settings_of(layout, site, node, ami_secret) for node in site.node_names),
        "utf-8",
    )
    return StagedSite(
        layout=layout,
        site=site,
        file=file,
        settings=settings,
        certificate=certificate,
        core_url=f"https://{LOOPBACK}:{http_port}",
        carrier_port=carrier_port,
        ami_secret=ami_secret,
        tokens=tokens,
        aml_key=aml_key,
    )


def _ports_of_each(ports: Ports, site: Site, nodes: Sequence[str]) -> dict[str, NodePorts]:
    """The first node has the ports of `[ports]`, every other one ports of its own."""
    each = {nodes[0]: site.ports}
    for node in nodes[1:]:
        first = ports.udp_block(f"rtp-{node}", RTP_PORTS)
        each[node] = msgspec.structs.replace(
            site.ports, sip=ports.udp(f"sip-{node}"), ami=ports.tcp(f"ami-{node}"), rtp=(first, first + RTP_PORTS - 1)
        )
    return each


def _settings_of(layout: Layout, site: Site, node: str, ami_secret: Path) -> str:
    home = home_of(layout, node, site.node_names)
    return NODE_SETTINGS.format(
        node=node,
        loopback=LOOPBACK,
        ami_port=site.at(node).ports.ami,
        ami_secret=ami_secret,
        files=home / "etc",
        recordings=home / "recordings",
        agent_settings=home / AGENT_SETTINGS,
    )
