"""One centre of two nodes that the rows share: its admin over HTTPS and at the command line, its files, its callers.

Guards: a row begins with the description of the first row in force, no drift, no job and nobody on the line, whatever
the row before did or broke.
"""

from __future__ import annotations

import atexit
import hashlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dispatch_core.main.trunk_command.client import TrunkClient, client_of
from dispatch_core.settings import read_settings
from dispatch_core.wire.https_client import CoreUnreachable
from dispatch_core.wire.trunk import ApplyWanted, Candidate, JobShown, JobState, Planned
from scripts.acceptance.console.keyed import KeyedRig
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.carrier_line import CarrierLine
from scripts.stage.consoles import Console
from scripts.stage.layout import ROOT
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.secret_files import read_secret

FIRST, SECOND = "pbx1", "pbx2"
NODES = (FIRST, SECOND)
PROBE_EVERY_S = 10.0
JOB_S = 60.0
ADMIN, LEAD = "hung", "thao"


class Centre(KeyedRig):
    def up(self) -> None:
        super().up()
        self.base = self.system.site.file.read_text("utf-8")

    def ready(self) -> None:
        super().ready()
        with self.client() as client:
            shown = client.shown()
            if shown.job:
                client.stop(shown.job)
                self.over(client, shown.job)
            if self.system.site.file.read_text("utf-8") != self.base or shown.text != self.base or shown.drift:
                self.system.site.file.write_text(shown.text, "utf-8")
                for it in shown.drift:
                    self._mend(it.node, it.file, it.how)
                with self.line(), self.line(second=True):
                    self.put_back(client)

    def _mend(self, node: str, file: str, how: str) -> None:
        """A file that a row changed by hand, as it was rendered."""
        etc = self.system.site.home_of(node) / "etc"
        if how == "added":
            (etc / file).unlink(missing_ok=True)
        else:
            (etc / file).write_text(self.system.site.asterisk_files(node)[file], "utf-8")

    def console(self, user: str) -> Console:
        """Whoever has no window has a console without one."""
        return super().console(user) if user in self.people else Rig.console(self, user)

    def _close_everything(self) -> None:
        Rig._close_everything(self)

    def put_back(self, client: TrunkClient) -> None:
        plan = client.plan(Candidate(text=self.base))
        if plan.ident and (plan.site_diff or plan.files):
            job = self.applied(client, plan, "put back")
            need(job.state is JobState.DONE, f"the first description could not be put back: {told(job)}")

    # --- the admin ----------------------------------------------------------------------------------------------------

    @contextmanager
    def client(self, user: str = ADMIN) -> Iterator[TrunkClient]:
        client = client_of(read_settings(self.system.site.settings))
        client.sign_in(user, read_secret(self.system.password_file(user)))
        try:
            yield client
        finally:
            with suppress(CoreUnreachable):  # some rows kill it
                client.sign_out()
            client.close()

    def over(self, client: TrunkClient, job: str, seconds: float = JOB_S) -> JobShown:
        """The job at its end."""
        return until(  # type: ignore[no-any-return]
            lambda: it if (it := client.job(job)).state is not JobState.RUNNING else None, "the end of the job", seconds
        )

    def applied(self, client: TrunkClient, plan: Planned, why: str = "") -> JobShown:
        need(not plan.mistakes and plan.ident, f"refused before anything was tried: {plan.mistakes}")
        return self.over(client, client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm, why=why)))

    def command(self, *words: str, user: str = ADMIN, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`dispatch trunk …` as this person would give it."""
        who = ["--user", user, "--password-file", str(self.system.password_file(user))]
        return subprocess.run(
            [sys.executable, "-m", "dispatch_core.main", "--settings", str(self.system.site.settings), "trunk", *words]
            + (who if words[0] not in ("check", "schema") else []),
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, input=typed,
        )  # fmt: skip

    # --- what is running ----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """Every file that a change could touch, by what it is: sums of the nodes' etc, and site.toml."""
        found = {"site.toml": _sum(self.system.site.file)}
        for node in NODES:
            etc = self.system.site.home_of(node) / "etc"
            found |= {f"{node}/{it.name}": _sum(it) for it in etc.glob("*.conf")}
        return found

    def lives(self, node: str) -> dict[str, str]:
        """When it was started and last reloaded, in its own words: {"Startup": …, "Last reload": …}."""
        said = self.system.asterisks[node].ask("core show settings")
        return {what: when.strip() for what, when in re.findall(r"(Startup|Last reload) time: +(.*)", said)}

    def reloads(self) -> dict[str, dict[str, str]]:
        return {node: self.lives(node) for node in NODES}

    def sip(self, node: str) -> int:
        return self.system.site.site.at(node).ports.sip

    def port(self, name: str) -> int:
        return Ports(self.layout.ports).udp(name)

    def line(self, *, second: bool = False, port: int = 0, **how: Any) -> CarrierLine:
        """A carrier on its line, that tries the first node first: viettel, vnpt (``second``) or one on a port."""
        own = port or (self.second_carrier if second else self.system.site.carrier_port)
        return CarrierLine(own, [self.sip(node) for node in NODES], **how)

    def with_carrier(self, name: str, port: int, *lines: str) -> str:
        """The description in force at first, with one more carrier before the queues."""
        more = "\n".join(lines)
        entry = f'[[carriers]]\nname = "{name}"\npeers = ["{LOOPBACK}:{port}"]\ncapacity = 30\n{more}\n\n'
        mark = "# --- Where calls wait"
        need(mark in self.base, f"the sample site has no {mark!r}")
        return self.base.replace(mark, entry + mark, 1)

    def knows(self, node: str, carrier: str) -> bool:
        return f"Endpoint:  {carrier}" in self.system.asterisks[node].ask("pjsip show endpoints")

    def reached(self, node: str, carrier: str) -> bool:
        said = self.system.asterisks[node].ask("pjsip show contacts")
        return any(f"  {carrier}/" in line and " Avail " in line for line in said.splitlines())


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def told(job: JobShown) -> str:
    steps = "; ".join(f"{'+' if it.ok else '-'}{it.en}" for it in job.steps[-6:])
    return f"{job.state.value}: {job.why_en} [{steps}]"


def took(job: JobShown) -> float:
    """Seconds from its beginning to the end of its last step."""
    last = job.steps[-1]
    return (last.at + last.ms - job.began_at) / 1000


_made: list[Centre] = []


def centre() -> Centre:
    """The one of this process, made at the first call and whole at every call."""
    if not _made:
        made = Centre(Path(tempfile.mkdtemp(prefix="dispatch-trunk-", dir="/tmp")), NODES, PROBE_EVERY_S, qualify=True)
        atexit.register(end)
        _made.append(made)
        made.up()
    _made[0].ready()
    return _made[0]


def end() -> None:
    while _made:
        made = _made.pop()
        made.down()
        made.layout.remove()


def row(name: str, expected: str, play: Callable[[Centre], str]) -> Scenario:
    """`play` gets the whole centre; a picture of every window is kept at its end."""

    def played() -> str:
        r = centre()
        try:
            return play(r)
        finally:
            for person in r.people.values():
                if person.console.alive:
                    person.picture(f"{name} end")

    return Scenario(name, expected, played)


def within(held: Callable[[], object], what: str, seconds: float) -> float:
    """Seconds until it held."""
    began = time.monotonic()
    until(held, what, seconds)
    return time.monotonic() - began
