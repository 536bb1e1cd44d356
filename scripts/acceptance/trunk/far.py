"""The agents at the nodes: one of them at the far end of a real ssh, and both of them killed while they write."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.main.trunk_command.client import TrunkClient
from dispatch_core.wire.trunk import ApplyWanted, Candidate, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import NODES, SECOND, Centre, row, told, took
from scripts.packaging.agent import build
from scripts.stage.asterisk import AGENT_SETTINGS
from scripts.stage.layout import Layout
from scripts.stage.ports import Ports
from scripts.stage.processes import Identity
from scripts.stage.ssh_server import SshServer

NEW = "far"
KILLS = 6


def through_ssh(r: Centre) -> str:
    """The packaged agent behind sshd, its key held to it, is all that the core has of the second node's files."""
    agent = build(r.layout.var / "far")
    own = r.system.site.home_of(SECOND) / AGENT_SETTINGS
    command = ["/usr/bin/python3", str(agent), str(own)]
    server = SshServer(Layout.of_checkout(), r.layout.var / "far/ssh", Ports(r.layout.ports).tcp("ssh"), command)
    settings = r.system.site.settings
    before = settings.read_text("utf-8")
    line = f'agent_settings = "{own}"\n'
    need(line in before, f"the settings do not name {own}")
    port = r.port(f"carrier-{NEW}")
    server.start()
    try:
        settings.write_text(before.replace(line, f"agent = {json.dumps(server.client())}\n"), "utf-8")
        _core_anew(r)
        with r.line(), r.line(second=True), r.line(port=port), r.client() as client:
            until(lambda: not client.shown().drift, "no drift seen through ssh", 10.0)
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port)))
            job = r.applied(client, plan, "through ssh")
            need(job.state is JobState.DONE, told(job))
            need(all(r.knows(node, NEW) for node in NODES), "a node does not know the carrier")
            far = _agents(own)
            need(len(far) >= 1, "nobody asked through ssh")
            server.stop()
            for one in far:
                _kill(one)
            lost = _refused(client, r.base)
            need(SECOND in lost, f"the second node is away and a plan says: {lost}")
    finally:
        server.stop()
        settings.write_text(before, "utf-8")
        _core_anew(r)
    with r.line(), r.line(second=True), r.client() as client:
        r.put_back(client)
    return f"applied at both in {took(job):.1f} s by a file of {agent.stat().st_size // 1024} KB; cut: {lost[:150]}"


def killed_while_they_write(r: Centre) -> str:
    """Each time a little later in the apply; a node has all of the old files or all of the new, and both the same."""
    old = r.files()
    port = r.port(f"carrier-{NEW}")
    ends: list[str] = []
    with r.line(), r.line(second=True), r.line(port=port), r.client() as client:
        new: dict[str, str] = {}
        for number in range(KILLS):
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port)))
            need(plan.ident, f"refused: {plan.mistakes}")
            state = [r.system.site.home_of(node).joinpath("etc.kept/state.json") for node in NODES]
            seen = [_made(it) for it in state]
            job = client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm, why="killed"))
            which = number % len(NODES)
            until(lambda: _made(state[which]) != seen[which], f"{NODES[which]} writing", 20.0)  # noqa: B023
            time.sleep(0.002 * number)
            for node in NODES:
                for one in _agents(r.system.site.home_of(node) / AGENT_SETTINGS):
                    _kill(one)
            over = r.over(client, job)
            until(lambda: not client.shown().drift, "no drift after it", 10.0)
            found = r.files()
            done = over.state is JobState.DONE
            need(done or over.state in (JobState.ROLLED_BACK, JobState.REFUSED), told(over))
            if done:
                new = new or found
                need(found == new and found != old, "applied, and the files are not")
                r.put_back(client)
            else:
                need(found == old, f"not all old: {[it for it in old if found.get(it) != old[it]]}")
                need(not any(r.knows(node, NEW) for node in NODES), "a node runs on the new files")
            ends.append(over.state.value)
    return f"agents killed in {KILLS} applies: {', '.join(ends)}; every node whole each time"


def _refused(client: TrunkClient, text: str) -> str:
    """Why a plan is not made; "" where it is. The first question after a cut may find the line dead, the next finds
    nobody there."""
    try:
        plan = client.plan(Candidate(text=text))
    except DispatchError as problem:
        return problem.en
    return "" if plan.ident else "; ".join(it.en for it in plan.mistakes)


def _made(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _core_anew(r: Centre) -> None:
    r.system.core.kill9()
    r.start_core()
    r.system.wait_for_core()


def _agents(settings: Path) -> list[Identity]:
    """Those that were started with these settings and are it, not a shell around it."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                words = Path("/proc", entry, "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(settings).encode() in words and b"python" in words[0] and (one := Identity.of(int(entry))):
                found.append(one)
    return found


def _kill(one: Identity) -> None:
    if one.alive:
        os.kill(one.pid, signal.SIGKILL)


SCENARIOS = [
    row("the second node's files through ssh", "looked at, tried and written there; a cut line is said", through_ssh),
    row("agents killed while they write", "each node has all old files or all new", killed_while_they_write),
]
