"""The sample site as it runs from a checkout: its own copy of site.toml with free ports, secrets, the core's settings.

Guards: what an admin changed in `var/site.toml` stays; only the ports of this machine are written into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.stage.certificates import Certificate, server_certificate
from scripts.stage.layout import ROOT, Layout
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.postgres import PostgresServer
from scripts.stage.redis import RedisServer
from scripts.stage.secret_files import secret_file
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import read_secrets
from telephony.trunk.site import Site, load_site, parse_site
from telephony.trunk.site_edit import with_ports

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
stations = "{stations}"
units = "{units}"
http_host = "{loopback}"
http_port = {http_port}
tls_certificate = "{certificate}"
tls_key = "{key}"
intake_token_file = "{intake_token}"
asterisk_files = "{asterisk_files}"
asterisk_recordings = "{recordings}"
log_level = "info"

[[nodes]]
name = "{node}"
host = "{loopback}"
port = {ami_port}
user = "dispatch"
secret_file = "{ami_secret}"
"""


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
    intake_token: Path

    @property
    def node(self) -> str:
        return self.site.node_names[0]

    @property
    def asterisk_home(self) -> Path:
        return self.layout.asterisk / "home"

    @property
    def recordings(self) -> Path:
        return self.asterisk_home / "recordings"

    def connect_core_to(self, ami_port: int) -> None:
        """Let the core reach the switch through another port."""
        text = self.settings.read_text("utf-8")
        self.settings.write_text(text.replace(f"\nport = {self.site.ports.ami}\n", f"\nport = {ami_port}\n"), "utf-8")

    def asterisk_files(self) -> dict[str, str]:
        secrets = read_secrets(self.site, self.ami_secret, self.layout.var)
        return render(self.site, secrets, Paths(str(self.recordings)), self.node)


def stage_site(layout: Layout, postgres: PostgresServer, redis: RedisServer, *, held: bool) -> StagedSite:
    """`held`: our own Asterisk runs already and keeps its ports."""
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
        carriers={carrier.name: [f"{LOOPBACK}:{carrier_port}"] for carrier in wanted.carriers[:1]},
        phones={
            position.id: ports.udp(f"phone-{position.id}")
            for position in wanted.positions
            if isinstance(position.phone, str)
        },
    )
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")
    site = load_site(file)
    ami_secret = secret_file(layout.secrets, "ami")
    intake_token = secret_file(layout.secrets, "intake-token")
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
            stations=DEMO / "stations.csv",
            units=DEMO / "units.csv",
            http_port=http_port,
            certificate=certificate.certificate,
            key=certificate.key,
            intake_token=intake_token,
            asterisk_files=layout.asterisk / "home" / "etc",
            recordings=layout.asterisk / "home" / "recordings",
            node=site.node_names[0],
            ami_port=site.ports.ami,
            ami_secret=ami_secret,
        ),
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
        intake_token=intake_token,
    )
