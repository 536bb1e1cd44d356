"""Real voice for tests: an Asterisk on a rendered site, a sipp phone for each position, a sipp carrier, raw AMI.

Every port is chosen free, so that a test runs beside a running system.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.stage.asterisk import AsteriskServer
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Carrier, CarrierCall
from scripts.stage.layout import ROOT, Layout
from scripts.stage.phones import WAITS, Habit, Phones
from scripts.stage.ports import LOOPBACK, Ports
from telephony.dialplan_events import ARRIVED, DialplanEvent, read
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import AMI_USER, Secrets
from telephony.trunk.site import Site, parse_site
from telephony.trunk.site_edit import with_ports

SECRET = "only-for-this-test-run"
PATIENCE = 5.0  # seconds that a test waits for something to happen
FINAL_ANSWER = 0.7  # seconds that a hand-written request waits for one
SAMPLE = ROOT / "scripts" / "demo_data" / "site.toml"


@dataclass(frozen=True)
class Heard:
    """One AMI message: when it was read (monotonic seconds) and its headers; the last of a name counts."""

    at: float
    headers: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.headers.get("Event", "")


class Ear:
    """A raw AMI connection: keeps every byte, splits messages, sends actions."""

    def __init__(self, port: int, secret: str = SECRET) -> None:
        self.raw = b""
        self.heard: list[Heard] = []
        self._socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE)
        self._socket.settimeout(None)
        self._number = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        assert self.act("Login", Username=AMI_USER, Secret=secret)["Response"] == "Success"

    def act(self, action: str, *variables: str, **headers: str) -> Mapping[str, str]:
        """Send an action and return its response."""
        self._number += 1
        number = str(self._number)
        lines = [f"Action: {action}", f"ActionID: {number}", *(f"{k}: {v}" for k, v in headers.items())]
        lines += [f"Variable: {variable}" for variable in variables]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.wait(lambda one: one.headers.get("ActionID") == number and "Response" in one.headers).headers

    def wait(self, wanted: Callable[[Heard], bool], timeout: float = PATIENCE, since: int = 0) -> Heard:
        """The first message for which `wanted` is true, from number `since` on. Fails after `timeout` s."""
        deadline = time.monotonic() + timeout
        while True:
            for one in self.heard[since:]:
                if wanted(one):
                    return one
            assert time.monotonic() < deadline, "not heard; last: " + self.story(since)
            time.sleep(0.01)

    def told(self, event: DialplanEvent, timeout: float = PATIENCE, since: int = 0, **values: str) -> Heard:
        """The first of our own events of this kind with these values."""
        return self.wait(lambda one: one in self.all_told(event, since, **values), timeout, since)

    def all_told(self, event: DialplanEvent, since: int = 0, **values: str) -> list[Heard]:
        """All of our own events of this kind with these values."""
        found = []
        for one in self.heard[since:]:
            known = read(one.headers) if one.name == "UserEvent" else None
            if known and known[0] is event and all(known[1].get(k) == v for k, v in values.items()):
                found.append(one)
        return found

    def story(self, since: int = 0) -> str:
        """The events in short, for a failing test."""
        keys = ("Channel", "UserEvent", "Queue", "Position", "Reason", "Cause", "DialStatus", "AOR", "ContactStatus")
        return "\n".join(
            " ".join([one.name, *(f"{key}={one.headers[key]}" for key in keys if key in one.headers)])
            for one in self.heard[since:]
            if one.name and one.name != "QueueMemberStatus"
        )

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        waiting = b""
        while True:
            try:
                got = self._socket.recv(65536)
            except OSError:
                return
            if not got:
                return
            self.raw += got
            *messages, waiting = (waiting + got).split(b"\r\n\r\n")
            for message in messages:
                lines = message.decode("utf-8", "replace").split("\r\n")
                self.heard.append(Heard(time.monotonic(), dict(line.partition(": ")[::2] for line in lines)))


def told(one: Heard) -> dict[str, str]:
    """The decoded headers of one of our own events."""
    known = read(one.headers)
    assert known is not None
    return known[1]


def _unique(call_id: str) -> str:
    """The part of a RawLine's Call-ID that makes it unique."""
    return re.match(r"[a-z0-9-]*", call_id)[0]  # type: ignore[index]


class RawLine:
    """SIP written by hand over UDP from `port` (0: any). Every value goes out exactly as it is given; a lone
    surrogate (`"\\udcff"`) as that byte.
    """

    def __init__(self, port: int, centre: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, port))
        self._port, self._centre, self._number = self._socket.getsockname()[1], centre, 0
        self._socket.settimeout(0.05)
        self.took = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def invite(
        self,
        user: str = "115",
        sender: str = "<sip:0912345678@carrier>",
        extra: str = "",
        to: str = f"<sip:115@{LOOPBACK}>",
        call_id: str = "",
        talk: float = 0.1,
        body: str = "",
    ) -> int:
        """Call, hang up `talk` s after connected. Returns the final status code, 0 when nothing comes back.

        `call_id`: behind what makes it unique. `body`: in place of the SDP, with its content type among the `extra`
        headers. `took` is then what the answer took.
        """
        sdp = f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
        extra += "" if body else "Content-Type: application/sdp\r\n"
        began = time.monotonic()
        status, answer, call_id = self._request("INVITE", user, sender, extra, body or sdp, to, call_id)
        self.took = time.monotonic() - began
        if status:
            self._send("ACK", user, sender, call_id, 1, answer, to=to)
        if status == 200:
            time.sleep(talk)
            self._send("BYE", user, sender, call_id, 2, answer, to=to)
            self._answer(call_id, rb"CSeq: 2 BYE")
        return status

    def message(self, body: str, user: str = "115", sender: str = "<sip:0912345678@carrier>") -> int:
        """A text message. Returns the final status code, 0 when nothing comes back."""
        return self._request("MESSAGE", user, sender, "Content-Type: text/plain;charset=UTF-8\r\n", body)[0]

    def _request(
        self,
        method: str,
        user: str,
        sender: str,
        extra: str,
        body: str,
        to: str = f"<sip:115@{LOOPBACK}>",
        more: str = "",
    ) -> tuple[int, bytes, str]:
        self._number += 1
        call_id = f"raw-{self._port}-{self._number}-{time.monotonic_ns()}{more}"
        self._send(method, user, sender, call_id, 1, b"", extra, body, to)
        answer = self._answer(call_id, b"CSeq: 1 ")
        return int(answer[8:11] or 0), answer, call_id

    def _answer(self, call_id: str, wanted: bytes) -> bytes:
        """The final answer within this call; empty when none comes."""
        deadline = time.monotonic() + FINAL_ANSWER
        while time.monotonic() < deadline:
            try:
                got = self._socket.recv(8192)
            except TimeoutError:
                continue
            if got.startswith(b"SIP/2.0 ") and _unique(call_id).encode() in got and wanted in got and got[8:9] >= b"2":
                return got
        return b""

    def _send(
        self,
        method: str,
        user: str,
        sender: str,
        call_id: str,
        number: int,
        answer: bytes,
        extra: str = "",
        body: str = "",
        to: str = f"<sip:115@{LOOPBACK}>",
    ) -> None:
        tag = re.search(rb"\r\nTo:.*?;tag=([^\r;]+)", answer)
        to_tag = f";tag={tag[1].decode()}" if tag else ""
        contact = "" if "\r\nContact:" in f"\r\n{extra}" else f"Contact: <sip:raw@{LOOPBACK}:{self._port}>\r\n"
        unique = _unique(call_id)
        branch = unique if method in ("INVITE", "MESSAGE", "ACK") else f"{unique}-{method}"
        packet = (
            f"{method} sip:{user}@{LOOPBACK}:{self._centre} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {LOOPBACK}:{self._port};branch=z9hG4bK{branch}\r\n"
            f"From: {sender};tag=raw\r\nTo: {to}{to_tag}\r\n"
            f"Call-ID: {call_id}\r\nCSeq: {number} {method}\r\nMax-Forwards: 70\r\n"
            f"{contact}{extra}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        self._socket.sendto(packet.encode("utf-8", "surrogateescape"), (LOOPBACK, self._centre))


class Voice:
    """Asterisk on the sample site with free ports, and its phones; callers come with `calls`.

    `change`: applied to the text of the site; `spoil`: to the rendered files, for tests that remove a guard.
    """

    def __init__(
        self,
        prefix: AsteriskPrefix,
        home: Path,
        change: Callable[[str], str] = lambda text: text,
        spoil: Callable[[dict[str, str]], dict[str, str]] = lambda files: files,
        habit: Habit = WAITS,
    ) -> None:
        layout = Layout(home)
        ports = Ports(layout.ports)
        text = change(SAMPLE.read_text("utf-8"))
        rtp = ports.udp_block("rtp", 400)
        self.carrier_port = ports.udp("carrier")
        self.ports = ports
        self.text = with_ports(
            text,
            sip=ports.udp("sip"),
            ami=ports.tcp("ami"),
            rtp=(rtp, rtp + 399),
            locations=ports.udp("locations"),
            carriers={"viettel": [f"{LOOPBACK}:{self.carrier_port}"]},
            phones={p.id: ports.udp(f"phone-{p.id}") for p in parse_site(text).positions},
        )
        self.site: Site = parse_site(self.text)
        asterisk_home = home / "asterisk"
        self.recordings = asterisk_home / "recordings"
        files = spoil(self.rendered(self.site))
        self.asterisk = AsteriskServer(prefix, asterisk_home, layout.sockets("asterisk"), files)
        self.phones = Phones(self.site, home / "phones", habit)
        self.home = home
        self._carriers = 0
        self._ears: list[Ear] = []
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self._ends.enter_context(self.phones)
        self._ends.callback(self.asterisk.stop)
        self.asterisk.start()
        self._ends.callback(self._close_ears)
        self.look_at_phones()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def rendered(self, site: Site) -> dict[str, str]:
        """The configuration files of a site for this stage's Asterisk."""
        return render(site, Secrets(SECRET), Paths(str(self.recordings)))

    def look_at_phones(self) -> None:
        """Have Asterisk qualify every phone now, and wait until it has seen them all."""
        names = [position.id for position in self.site.positions]
        for name in names:
            self.asterisk.ask(f"pjsip qualify {name}")
        deadline = time.monotonic() + PATIENCE
        while len(re.findall(r"Contact:.* Avail ", self.asterisk.ask("pjsip show contacts"))) < len(names):
            assert time.monotonic() < deadline, self.asterisk.ask("pjsip show contacts")
            time.sleep(0.05)

    def carrier_seen(self, reachable: bool) -> bool:
        """Have Asterisk qualify the carrier; whether it finds it so within a few seconds."""
        self.asterisk.ask("pjsip qualify viettel")
        wanted = rf"Contact:\s+viettel/.* {'Avail' if reachable else 'Unavail'} "
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if re.search(wanted, self.asterisk.ask("pjsip show contacts")):
                return True
            time.sleep(0.05)
        return False

    def listen(self) -> Ear:
        """A new AMI connection, closed with the stage."""
        ear = Ear(self.site.ports.ami)
        self._ears.append(ear)
        return ear

    def calls(self, *callers: Caller, rate: float = 20.0) -> Carrier:
        """A carrier with these callers, to be entered: `with voice.calls(Caller("115", "0912345678")):`."""
        self._carriers += 1
        return Carrier(
            self.home / "carrier",
            self.carrier_port,
            self.site.ports.sip,
            callers,
            rate,
            name=f"carrier-{self._carriers}",
        )

    def line(self) -> RawLine:
        """A socket on the carrier's own address, to send what no SIP stack would."""
        return RawLine(self.carrier_port, self.site.ports.sip)

    def _close_ears(self) -> None:
        for ear in self._ears:
            ear.close()


def release(ear: Ear, carrier: Carrier) -> list[CarrierCall]:
    """Hang every caller up who is still there, and return what the carrier then tells of all its calls."""
    for arrived in ear.all_told(ARRIVED):
        ear.act("Hangup", Channel=arrived.headers["Uniqueid"], Cause="16")
    assert carrier.wait(PATIENCE), carrier.calls
    return carrier.calls
