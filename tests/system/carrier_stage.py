"""Carriers of every kind on loopback: one far Asterisk that plays them all, each from an address of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.stage.asterisk import AsteriskServer
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.certificates import server_certificate
from scripts.stage.layout import Layout
from scripts.stage.ports import LOOPBACK, Ports
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import Secrets
from telephony.trunk.site import Site
from tests.system.patience import PATIENCE

FAR = "127.0.0.2"
FAR_TLS = "127.0.0.3"
FAR_TCP = "127.0.0.4"
ACCOUNT = "+842838230000"
LOGIN = "dispatch-login"
FLOW = "dispatch-flow"
PASSWORD = "p@ss#w0rd!"
OTHER_PASSWORD = "another-p@ss"
TALK = " same => n,PlayTones(425)\n same => n,Wait(30)\n"
TRIED = """
[try]
exten => _[0-9+].,1,Dial(PJSIP/${EXTEN}@${THROUGH},20)
 same => n,Set(GLOBAL(CAUSE)=${HANGUPCAUSE} ${DIALSTATUS})
"""
FAR_DIALPLAN = f"[in]\nexten => _[0-9+].,1,Answer()\n{TALK}\n[out]\nexten => s,1,NoOp()\n{TALK}{TRIED}"
FAR_SECRETS = Secrets("s" * 24, {}, {"vnpt": PASSWORD, "mobi": PASSWORD, "secure": OTHER_PASSWORD})


@dataclass(frozen=True)
class FarPorts:
    """Where the far side is, and what of the centre's has no place in the sample. `dead`: nobody is there."""

    register: int
    digest: int
    second: int
    stranger: int
    tls: int
    tcp: int
    raw: int
    dead: int
    centre_tls: int
    centre_tcp: int

    @classmethod
    def choose(cls, home: Path) -> Self:
        ports = Ports(Layout(home).ports)
        udp = [ports.udp(f"far-{name}") for name in ("register", "digest", "second", "stranger")]
        tcp = [ports.tcp(f"far-{name}") for name in ("tls", "tcp")]
        spare = [ports.udp("far-raw"), ports.udp("far-dead")]
        return cls(*udp, *tcp, *spare, ports.tcp("centre-tls"), ports.tcp("centre-tcp"))


def carriers(text: str, ports: FarPorts, home: Path) -> str:
    """The sample with a carrier of every kind, and a certificate."""
    (home / "tls").mkdir(exist_ok=True)
    ours = server_certificate(home / "tls", "centre")
    tls = f'[tls]\ncertificate = "{ours.certificate}"\nkey = "{ours.key}"\nauthority = "{ours.authority}"\n'
    text = text.replace("[recording]", f"{tls}\n[recording]", 1)
    text = text.replace("sip = 5060\n", f"sip = 5060\ntcp = {ports.centre_tcp}\ntls = {ports.centre_tls}\n", 1)
    first = text.index('[[carriers]]\nname = "vnpt"')
    rest = text[first:].partition("# --- Where")
    return f"""{text[:first]}
[[carriers]]
name = "vnpt"
peers = ["{FAR}:{ports.register}", "{LOOPBACK}:{ports.raw}"]
capacity = 4
auth = "register"
user = "{ACCOUNT}"
secret_file = "carriers/vnpt"
domain = "ims.example"
from_account = true
did = ["+8428"]

[[carriers]]
name = "mobi"
peers = ["{FAR}:{ports.digest}"]
capacity = 4
auth = "digest"
user = "{LOGIN}"
secret_file = "carriers/mobi"
from_account = true
did = ["028", "02838113113=113"]

[[carriers]]
name = "order"
peers = ["{FAR}:{ports.dead}", "{FAR}:{ports.second}"]
capacity = 4

[[carriers]]
name = "secure"
peers = ["{FAR_TLS}:{ports.tls}"]
capacity = 4
auth = "register"
user = "{FLOW}"
secret_file = "carriers/secure"
transport = "tls"
media = "srtp"
did = ["+84"]

[[carriers]]
name = "stream"
peers = ["{FAR_TCP}:{ports.tcp}"]
capacity = 4
transport = "tcp"

# --- Where{rest[2]}"""


class FarSwitch:
    """An Asterisk that is the carriers of `carriers` for the centre whose site this is."""

    def __init__(self, prefix: AsteriskPrefix, home: Path, site: Site, ports: FarPorts) -> None:
        layout = Layout(home)
        rtp = Ports(layout.ports).udp_block("far-rtp", 60)
        files = render(site, FAR_SECRETS, Paths(str(home / "none")))
        files["pjsip.conf"] = _pjsip(site.ports.sip, ports, home)
        files["extensions.conf"] = FAR_DIALPLAN
        files["manager.conf"] = "[general]\nenabled = no\n"
        files["queues.conf"] = "[general]\n"
        files["modules.conf"] = files["modules.conf"].replace("load = res_hep_pjsip.so\n", "")
        files["hep.conf"] = "[general]\nenabled = no\ncapture_address = 127.0.0.1:9\n"
        files["modules.conf"] += "load = res_clioriginate.so\n"
        files["rtp.conf"] = f"[general]\nrtpstart = {rtp}\nrtpend = {rtp + 59}\n"
        files["asterisk.conf"] = "[options]\nsystemname = far\nnocolor = yes\n"
        self.asterisk = AsteriskServer(prefix, home / "far", layout.sockets("far"), files, "far")

    def __enter__(self) -> Self:
        self.asterisk.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.asterisk.stop()

    def call(self, number: str, through: str) -> None:
        """Somebody dials a number; the carrier `through` brings the call."""
        self.asterisk.ask(f"channel originate PJSIP/{number}@{through} extension s@out")

    def refused(self, number: str, through: str) -> str:
        """The same, for a call that is not taken: cause (Q.850) and Asterisk's word."""
        self.asterisk.ask("dialplan set global CAUSE 0")
        self.asterisk.ask(f"dialplan set global THROUGH {through}")
        self.asterisk.ask(f"channel originate Local/{number}@try/n application NoOp")
        wait(lambda: "CAUSE=0" not in self._globals(), self.channels)
        return re.search(r"CAUSE=(.*)", self._globals())[1]  # type: ignore[index]

    def _globals(self) -> str:
        return self.asterisk.ask("dialplan show globals")

    def hang_up(self) -> None:
        self.asterisk.ask("channel request hangup all")
        wait(lambda: not self.channels(), self.channels)

    def channels(self) -> list[str]:
        """Each: endpoint, what it dialled, state."""
        rows = [row.split("!") for row in self.asterisk.ask("core show channels concise").splitlines() if "!" in row]
        return [f"{row[0].rpartition('-')[0].partition('/')[2]} {row[2]} {row[4]}" for row in rows]

    def bound(self, account: str = ACCOUNT) -> str:
        """Where an account is registered, "" where it is not."""
        found = re.search(rf"Contact:\s+{re.escape(account)}/(\S+)", self.asterisk.ask("pjsip show contacts"))
        return found[1] if found else ""


def wait(true: Callable[[], object], say: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, say()
        time.sleep(0.05)


def _pjsip(centre: int, ports: FarPorts, home: Path) -> str:
    tls = server_certificate(home / "tls", "far", FAR_TLS)
    heard = "".join(
        f"[{name}]\ntype = transport\nprotocol = udp\nbind = {FAR}:{getattr(ports, name)}\n\n"
        for name in ("register", "digest", "second", "stranger")
    )
    account = "disallow = all\nallow = alaw\ndirect_media = no\ncontext = in\n"
    return f"""[global]
type = global
endpoint_identifier_order = username,ip

{heard}[tls]
type = transport
protocol = tls
bind = {FAR_TLS}:{ports.tls}
method = tlsv1_2
cert_file = {tls.certificate}
priv_key_file = {tls.key}
ca_list_file = {tls.authority}
verify_server = yes
verify_client = yes
require_client_cert = yes

[{ACCOUNT}]
type = endpoint
transport = register
aors = {ACCOUNT}
auth = {ACCOUNT}
{account}
[{ACCOUNT}]
type = aor
max_contacts = 1

[{ACCOUNT}]
type = auth
auth_type = userpass
username = {ACCOUNT}
password = {PASSWORD}

[{LOGIN}]
type = endpoint
transport = digest
aors = {LOGIN}
auth = {LOGIN}
outbound_auth = {LOGIN}
{account}
[{LOGIN}]
type = aor
contact = sip:{LOOPBACK}:{centre}

[{LOGIN}]
type = auth
auth_type = userpass
username = {LOGIN}
password = {PASSWORD}

[stranger]
type = endpoint
transport = stranger
aors = {LOGIN}
outbound_auth = {LOGIN}
{account}
[unasked]
type = endpoint
transport = digest
aors = {LOGIN}
{account}
[second]
type = endpoint
aors = {LOGIN}
media_encryption = sdes
media_encryption_optimistic = yes
{account}
[second-ip]
type = identify
endpoint = second
match = {LOOPBACK}

[secure]
type = endpoint
transport = tls
aors = secure
media_encryption = sdes
{account}
[{FLOW}]
type = endpoint
transport = tls
aors = {FLOW}
auth = {FLOW}
media_encryption = sdes
rewrite_contact = yes
{account}
[{FLOW}]
type = aor
max_contacts = 1

[{FLOW}]
type = auth
auth_type = userpass
username = {FLOW}
password = {OTHER_PASSWORD}

[secure]
type = aor
contact = sip:{LOOPBACK}:{ports.centre_tls}\\;transport=tls

[tcp]
type = transport
protocol = tcp
bind = {FAR_TCP}:{ports.tcp}

[stream]
type = endpoint
transport = tcp
aors = stream
{account}
[stream]
type = aor
contact = sip:{LOOPBACK}:{ports.centre_tcp}\\;transport=tcp

[in-clear]
type = endpoint
transport = tls
aors = secure
{account}"""
