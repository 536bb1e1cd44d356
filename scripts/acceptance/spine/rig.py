"""One real system that several rows share, made whole again before each of them.

Guards: a row begins with every server up, the core leading, the phones in their usual habits and no call or incident
left over, whatever the row before did or broke; so no row needs another to have passed.
"""

from __future__ import annotations

import atexit
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts.acceptance.rows import need
from scripts.stage.asterisk_prefix import OVERRIDE, obtain
from scripts.stage.callers import ANSWERS, Caller, Carrier
from scripts.stage.consoles import Console
from scripts.stage.headless.operators import short
from scripts.stage.headless.report import ask
from scripts.stage.layout import Layout
from scripts.stage.phones import WAITS, Habit
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.site import DEMO, ONE_NODE, PROBE_EVERY_S
from scripts.stage.stage import Stage
from scripts.stage.system import System
from telephony.trunk.site import load_site

OVERFLOW_S = 6
STALE_WITHIN_S = 3.6
"""Three seconds are promised; the rest is what it takes to ask a console."""

PATIENCE_S = 30.0
"""So long is waited for what has no time of its own."""

SECOND_CARRIER = "vnpt"
SEATS = {"lan": "B01", "minh": "B02", "thao": "B03"}


_shared: list[str] = []
"""Who runs beside the rows on this machine."""


def share_machine(whom: str) -> None:
    """From now on a row waits for what was promised, and does not judge the seconds in which it comes: others are at
    work here too."""
    _shared.append(whom)


def until(held: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Wait for something true, which is returned. Unmet after `seconds`, with `what` was awaited."""
    seconds = max(seconds, PATIENCE_S) if _shared else seconds
    deadline = time.monotonic() + seconds
    while True:
        found = held()
        if found:
            return found
        need(time.monotonic() < deadline, f"within {seconds:g} s not seen: {what}")
        time.sleep(0.05)


class Rig:
    """The system, its consoles by user, and what people and callers do. Used from one thread."""

    def __init__(
        self, var: Path, nodes: Sequence[str] = ONE_NODE, probe_every: float = PROBE_EVERY_S, qualify: bool = False
    ) -> None:
        """`qualify`: it is an alarm that a carrier does not answer; these are on the line only while they call."""
        self._nodes, self._probe_every, self._qualify = nodes, probe_every, qualify
        self.layout = Layout(var)
        self.stage = Stage(self.layout)
        self.system = System(self.stage)
        self.consoles: dict[str, Console] = {}
        self._numbers = itertools.count(1)
        self._starts = itertools.count(1)
        self._habits: set[str] = set()
        self._ends = ExitStack()

    def up(self) -> None:
        """Start everything on a site of its own: short overflow, and a second carrier for hostile callers."""
        os.environ.setdefault(OVERRIDE, str(prefix_directory()))
        self.layout.var.mkdir(parents=True, exist_ok=True)
        self.layout.var.chmod(0o755)
        self.second_carrier = Ports(self.layout.ports).udp("second-carrier")
        text = (DEMO / "site.toml").read_text("utf-8")
        for old, new in (
            ("overflow_after = 20", f"overflow_after = {OVERFLOW_S}"),
            ("enabled = false", "enabled = true"),
            ("capacity = 120", f"qualify = {str(self._qualify).lower()}\ncapacity = 120"),
            ("capacity = 60", f"qualify = {str(self._qualify).lower()}\ncapacity = 60"),
            ("127.0.0.1:5071", f"{LOOPBACK}:{self.second_carrier}"),
        ):
            need(old in text, f"the sample site has no {old!r}")
            text = text.replace(old, new)
        (self.layout.var / "site.toml").write_text(text, "utf-8")
        self._ends.enter_context(self.stage)
        self.system.up(nodes=self._nodes, probe_every=self._probe_every)

    def down(self) -> None:
        self._ends.close()

    # --- whole again --------------------------------------------------------------------------------------------------

    def ready(self) -> None:
        """Everything up, nothing left over."""
        system = self.system
        for node, asterisk in system.asterisks.items():
            if not asterisk.alive:  # it comes back on what it ran on, positions added meanwhile included
                asterisk.files = replace(system.site, site=load_site(system.site.file)).asterisk_files(node)
        for server in (system.postgres, system.redis, *system.asterisks.values()):
            server.start()
        for position in sorted(self._habits):
            system.phones.change(position, WAITS)
        self._habits.clear()
        if not system.core.alive:
            self.start_core()
        system.wait_for_core()
        self._hang_up_everything()
        self._close_everything()

    def _hang_up_everything(self) -> None:
        def silent() -> bool:
            for asterisk in self.system.asterisks.values():
                asterisk.ask("channel request hangup all")
            return self.system.health().get("calls_live") == 0

        until(silent, "no live call", 20.0)

    def _close_everything(self) -> None:
        if "thao" not in self.consoles:
            return  # nobody has worked yet
        console = self.console("thao")
        self.in_step("thao")
        gone = {it["incident"] for it in console.told("gone")}
        for ident, incident in list(console.incidents.items()):
            if incident["state"] != "closed" and ident not in gone:
                console.type(f"x done {short(ident)}")

    def start_core(self) -> None:
        """A core in place of one that was killed."""
        self.stage.forget(self.system.core)
        self.system.core = self.system.start_core()

    # --- people -------------------------------------------------------------------------------------------------------

    def console(self, user: str) -> Console:
        """The signed-in console of `user`, at the position of `SEATS`; a new one where there is none alive."""
        console = self.consoles.get(user)
        if console is None or not console.alive:
            console = Console(self.stage, self.system, user, f"console-{user}-{next(self._starts)}")
            console.sign_in()
            self.consoles[user] = console
        seat = SEATS.get(user)
        if seat and console.report()["position"] != seat:
            console.type("pos- chac")
            console.do(f"pos {seat}")
        return console

    def in_step(self, *users: str, seconds: float = PATIENCE_S) -> list[dict[str, Any]]:
        """Until these consoles are in step with the core and with each other, and what is typed there goes out at once;
        what each says of itself."""
        reports: list[dict[str, Any]] = []

        def agreed() -> bool:
            seq = self.system.health().get("seq")
            reports[:] = [self.consoles[user].report() for user in users]
            good = all(it["in_step"] and not it["stale"] and not it["away"] and it["seq"] == seq for it in reports)
            return good and len({it["checksum"] for it in reports}) == 1

        deadline = time.monotonic() + seconds
        while not agreed():
            seen = [(user, it["seq"], it["checksum"][:8], it["stale"]) for user, it in zip(users, reports, strict=True)]
            need(time.monotonic() < deadline, f"not in step after {seconds:g} s: {seen}, core {self.system.health()}")
            time.sleep(0.2)
        return reports

    def stale(self, user: str, within: float = STALE_WITHIN_S) -> float:
        """Until a console says that it is stale; after how many seconds."""
        began = time.monotonic()
        console = self.consoles[user]
        until(lambda: console.report()["stale"], f"{user}'s console saying stale", within)
        return time.monotonic() - began

    # --- callers and phones -------------------------------------------------------------------------------------------

    def number(self) -> str:
        """A caller's number that nobody has used in this run."""
        return f"0977{os.getpid() % 100:02d}{next(self._numbers):04d}"

    @contextmanager
    def calling(
        self, *callers: Caller, rate: float = 10.0, node: str = "", second: bool = False, called: Habit = ANSWERS
    ) -> Iterator[Carrier]:
        """The first carrier calls the first node, unless another one is named or the second carrier is to. `called`:
        how those behave whom we call."""
        site = self.system.site
        name = f"carrier-{next(self._starts)}"
        home = self.layout.var / "callers"
        own = self.second_carrier if second else site.carrier_port
        sip = site.site.at(node or site.node).ports.sip
        with Carrier(home, own, sip, callers, rate, called=called, name=name) as carrier:
            yield carrier

    def phone(self, position: str, habit: Habit) -> None:
        """Another habit for one phone, until the next row."""
        self._habits.add(position)
        self.system.phones.change(position, habit)

    def shown(self, console: Console, number: str, *states: str, seconds: float = PATIENCE_S) -> dict[str, Any]:
        """The caller's call as the console shows it, once it is in one of `states`."""

        def found() -> dict[str, Any] | None:
            return next(
                (it for it in list(console.calls.values()) if it["number"] == number and it["state"] in states), None
            )

        call: dict[str, Any] = until(found, f"{number} {' or '.join(states)} on {console.name}", seconds)
        return call

    def answered(self, console: Console, number: str) -> dict[str, Any]:
        """The console answers this caller; the call with its incident."""
        self.shown(console, number, "queued", "ringing")
        console.do(f"a {number}")
        return self.shown(console, number, "answered")

    def channels(self, node: str = "") -> list[list[str]]:
        """Asterisk's channels, each as its fields: name, context, extension, priority, state, application, …

        Of the first node, unless another one is named. The one on which messages come stays for ever, and is none."""
        asterisk = self.system.asterisks[node] if node else self.system.asterisk
        text = asterisk.ask("core show channels concise")
        return [line.split("!") for line in text.splitlines() if "!" in line and not line.startswith("Message/")]

    def talking(self, node: str = "") -> set[str]:
        """Positions and carriers whose channels are up and bridged."""
        return {
            fields[0].split("/")[1].split("-")[0] for fields in self.channels(node) if fields[4] == "Up" and fields[12]
        }

    def ringing(self, node: str = "") -> set[str]:
        """Positions whose phones a node rings now."""
        return {fields[0].split("/")[1].split("-")[0] for fields in self.channels(node) if fields[4] == "Ringing"}

    # --- truth --------------------------------------------------------------------------------------------------------

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return ask(self.system.postgres.dsn(), statement, *values)

    def audit(self) -> str:
        """The audit's own sentence. Unmet where the journal is not intact."""
        told = self.system.dispatch("audit", "verify")
        need(told.returncode == 0, f"audit: {told.stdout} {told.stderr}")
        return told.stdout.splitlines()[-1]


def prefix_directory() -> Path:
    """Where the checkout's Asterisk is unpacked, so that every system of this run uses the same one."""
    return next(
        parent for parent in obtain(Layout.of_checkout()).binary.parents if (parent / "usr/sbin/asterisk").exists()
    )


_rig: list[Rig] = []


def rig() -> Rig:
    """The one of this process, made at the first call and whole at every call."""
    if not _rig:
        made = Rig(Path(tempfile.mkdtemp(prefix="dispatch-whole-", dir="/tmp")))
        atexit.register(_end, made)
        try:
            made.up()
        except BaseException:
            atexit.unregister(_end)
            _end(made)
            raise
        _rig.append(made)
    _rig[0].ready()
    return _rig[0]


def end() -> None:
    """Stop the one of this process, if there is one, and delete its data."""
    while _rig:
        made = _rig.pop()
        atexit.unregister(_end)
        _end(made)


def _end(made: Rig) -> None:
    made.down()
    made.layout.remove()
