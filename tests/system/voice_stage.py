"""Real voice for tests: an Asterisk on a rendered site, a sipp phone for each position, a sipp carrier, raw AMI.

Every port is chosen free, so that a test runs beside a running system.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
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
from scripts.stage.soft_phone import SoftPhone
from telephony.dialplan_events import ARRIVED, DialplanEvent, read
from telephony.trunk.render import Paths, render
from telephony.trunk.secrets import AMI_USER, Secrets
from telephony.trunk.site import Site, parse_site
from telephony.trunk.site_edit import with_ports
from tests.system.patience import PATIENCE
from tests.system.raw_line import RawLine

SECRET = "only-for-this-test-run"
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

    def listed(self, action: str, complete: str) -> list[Heard]:
        """Every event that answers an action which lists."""
        since = len(self.heard)
        assert self.act(action)["Response"] == "Success"
        self.wait(lambda one: one.name == complete, since=since)
        return [one for one in self.heard[since:] if "ActionID" in one.headers]

    def channels(self) -> list[str]:
        """The names of all channels. The one on which messages come stays for ever, and is none."""
        names = (one.headers["Channel"] for one in self.listed("Status", "StatusComplete") if one.name == "Status")
        return [name for name in names if not name.startswith("Message/")]

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


class Voice:
    """Asterisk on the sample site with free ports, and its phones; callers come with `calls`.

    `change`: applied to the text of the site; `spoil`: to the rendered files, for tests that remove a guard. `habits`:
    for some positions another one than `habit`.
    """

    def __init__(
        self,
        prefix: AsteriskPrefix,
        home: Path,
        change: Callable[[str], str] = lambda text: text,
        spoil: Callable[[dict[str, str]], dict[str, str]] = lambda files: files,
        habit: Habit = WAITS,
        habits: Mapping[str, Habit] | None = None,
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
        self.phones = Phones(self.site, home / "phones", habit, habits)
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

    def phone_seen(self, position: str) -> None:
        """Wait until Asterisk finds this phone reachable. Not by its event, which may come before it can name whose."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(rf"Contact:\s+{position}/.* Avail ", self.asterisk.ask("pjsip show contacts")):
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

    @contextmanager
    def calls(self, *callers: Caller, rate: float = 20.0) -> Iterator[Carrier]:
        """A carrier with these callers, to be entered: `with voice.calls(Caller("115", "0912345678")):`. At its end
        they are hung up."""
        self._carriers += 1
        home, name = self.home / "carrier", f"carrier-{self._carriers}"
        with Carrier(home, self.carrier_port, self.site.ports.sip, callers, rate, name=name) as carrier:
            try:
                yield carrier
            finally:
                self.hang_callers_up()

    @contextmanager
    def callers(self) -> Iterator[SoftPhone]:
        """A carrier whose callers are placed one by one, with `dial("113", sender="<sip:0912345678@carrier>")`. At its
        end they are hung up."""
        with SoftPhone("carrier", self.carrier_port, self.site.ports.sip) as carrier:
            try:
                yield carrier
            finally:
                self.hang_callers_up()

    def hang_callers_up(self) -> None:
        """Whoever came through the carrier and is still there."""
        deadline = time.monotonic() + PATIENCE
        while self.asterisk.alive and (left := [it for it in self.channels() if it.startswith("PJSIP/viettel-")]):
            with closing(Ear(self.site.ports.ami)) as ear:
                for channel in left:
                    ear.act("Hangup", Channel=channel, Cause="16")
            assert time.monotonic() < deadline, left
            time.sleep(0.02)

    def channels(self) -> list[str]:
        """The names of all channels. The one on which messages come stays for ever, and is none."""
        with closing(Ear(self.site.ports.ami)) as ear:
            return ear.channels()

    def left(self) -> list[str]:
        """What a test that is over has not put back: channels, who waits, positions paused or put last, habits."""
        with closing(Ear(self.site.ports.ami)) as ear:
            found = ear.channels()
            for one in ear.listed("QueueStatus", "QueueStatusComplete"):
                queue, who = one.headers.get("Queue"), one.headers.get("Name", one.headers.get("Channel"))
                if one.name == "QueueEntry":
                    found.append(f"{who} waits in {queue}")
                elif one.name == "QueueMember" and (one.headers["Paused"], one.headers["Penalty"]) != ("0", "0"):
                    found.append(f"{who} is paused or last in {queue}")
        return found + [f"{position} has another habit" for position in self.phones.changed()]

    def put_back(self, within: float = PATIENCE) -> list[str]:
        """Leave nothing behind for the next test. What there was to be put back, that did not go by itself in time."""
        if not self.asterisk.alive:
            self.asterisk.start()
            self.look_at_phones()
            return ["the switch was dead", *self.put_back(within)]
        deadline = time.monotonic() + within
        while (left := self.left()) and time.monotonic() < deadline:
            time.sleep(0.05)
        if left:
            self.asterisk.ask("channel request hangup all")
            with closing(Ear(self.site.ports.ami)) as ear:
                for one in ear.listed("QueueStatus", "QueueStatusComplete"):
                    if one.name == "QueueMember":
                        member = {"Queue": one.headers["Queue"], "Interface": one.headers["Location"]}
                        ear.act("QueuePause", Paused="false", **member)
                        ear.act("QueuePenalty", Penalty="0", **member)
            for position in self.phones.changed():
                self.phones.change_back(position)
            self.look_at_phones()
        return left

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
    assert carrier.wait(), carrier.calls
    return carrier.calls
