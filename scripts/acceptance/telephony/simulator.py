"""The simulated switch: a core works on it, stock panoramisk takes it for an Asterisk, a seed is a shift."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from pathlib import Path
from typing import Any

from panoramisk import Manager

import telephony.simulator
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.processes import Child
from telephony.simulator.shift import shift
from telephony.simulator.simulation import Settings, Simulation
from telephony.simulator.streams import Recording
from telephony.trunk.secrets import AMI_USER

SPEED = 20
SEED = "ca-tap-huan"
MINUTES = 4
CALLS_PER_HOUR = 900
BEGAN = 1_800_000_000_000_000
RECORDING = Path(telephony.simulator.__file__).parent / "recordings" / "answered_from_console.txt"


def _simulate(r: Rig, name: str, port: int, *what: str) -> Child:
    """`dispatch simulate-switch`, listening."""
    site = r.system.site
    child = r.stage.program(
        name, "dispatch_core.main", "--settings", str(site.settings), "simulate-switch", "--port", str(port),
        "--secret-file", str(site.ami_secret), "--site", str(site.file), *what,
    )  # fmt: skip
    until(lambda: f"AMI {LOOPBACK}:{port}" in child.log.read_text("utf-8"), f"{name} listening")
    return child


def core_works_on_it() -> str:
    """A shift at twenty times the speed: every call comes to a console, and is over in the end."""
    r = rig()
    thao = r.console("thao")
    site = r.system.site
    port = Ports(r.layout.ports).tcp("simulator")
    simulator = _simulate(
        r, "simulate-switch", port, "--shift", SEED, "--hours", str(MINUTES / 60), "--calls-per-hour",
        str(CALLS_PER_HOUR), "--speed", str(SPEED), "--lifts", "6",
    )  # fmt: skip
    settings = site.settings.read_text("utf-8")
    began = time.monotonic()
    try:
        r.system.core.kill9()
        site.connect_core_to(port)
        r.start_core()
        until(lambda: "over" in simulator.log.read_text("utf-8"), "the shift's end", 150.0)
        took = time.monotonic() - began
        text = simulator.log.read_text("utf-8")
        said = re.search(r"(\d+) calls came, (\d+) times somebody answered, (\d+) still up", text)
        need(said, text)
        assert said is not None
        came, answered, left = (int(number) for number in said.groups())
        rows = until(lambda: _all_over(r, came), f"{came} calls over in PostgreSQL, {_count(r)}", 20.0)
        on_console = {ident for ident in thao.row_at if ident.startswith("sim-")}
        need(len(on_console) == came and not left, f"{came} came, {rows} stored, {len(on_console)} on the console")
    finally:
        r.stage.forget(simulator)
        simulator.stop()
        site.settings.write_text(settings, "utf-8")
        r.system.core.kill9()
        r.start_core()
        r.system.wait_for_core()
    return f"{came} calls in {took:.0f} s, {answered} answered; all {rows} stored and on the console, none left up"


def _count(r: Rig) -> list[tuple[Any, ...]]:
    return r.sql("SELECT state, count(*) FROM calls WHERE id LIKE 'sim-%%' GROUP BY state", *())


def _all_over(r: Rig, came: int) -> int:
    found = dict(_count(r))
    return came if found.get("ended", 0) + found.get("abandoned", 0) == came == sum(found.values()) else 0


def stock_panoramisk() -> str:
    """Logs in, hears a recording that is played, and asks for lists."""
    r = rig()
    port = Ports(r.layout.ports).tcp("simulator-play")
    simulator = _simulate(r, "simulate-switch-play", port, "--play", str(RECORDING), "--speed", "10")
    try:
        heard, channels = asyncio.run(_listen(port, r.system.site.ami_secret.read_text("utf-8").strip()))
        until(lambda: "over" in simulator.log.read_text("utf-8"), "its end by itself", 10.0)
    finally:
        r.stage.forget(simulator)
        simulator.stop()
    expected = len(Recording.of(RECORDING).pieces)
    need(heard == expected, f"{heard} of {expected} events")
    need(channels >= 1, f"{channels} channels listed in mid-call")
    return f"{heard} of {expected} events, {channels} channels listed in mid-call; it ended by itself"


async def _listen(port: int, secret: str) -> tuple[int, int]:
    heard: list[str] = []
    over = asyncio.Event()

    def told(_: Manager, event: Any) -> None:
        if event.event != "FullyBooted":
            heard.append(event.event)
        if heard.count("Hangup") == 5:  # three phones that rang, then the phone and the caller
            asyncio.get_running_loop().call_later(0.3, over.set)

    manager = Manager(loop=asyncio.get_running_loop(), host=LOOPBACK, port=port, username=AMI_USER, secret=secret)
    manager.register_event("*", told)
    await manager.connect()
    while "BridgeEnter" not in heard:
        await asyncio.sleep(0.01)
    listed = await manager.send_action({"Action": "CoreShowChannels"}, as_list=True)
    channels = sum(one.event == "CoreShowChannel" for one in listed if "event" in one)
    await asyncio.wait_for(over.wait(), 20)
    manager.connection_lost = lambda _: None  # it would connect again for ever
    manager.close()
    return len(heard), channels


def same_seed_same_bytes() -> str:
    """Eight hours from a seed, twice; and another seed."""
    r = rig()
    site = r.system.site.site
    dials = [number.dial for number in site.numbers]

    def run(seed: str) -> tuple[int, bytes]:
        calls = shift(seed, 8.0, 60.0, dials)
        made = Simulation(Settings(0, AMI_USER, "", 1.0, 6.0), site.node_names[0], BEGAN, r)  # type: ignore[arg-type]
        made.plan_shift(site, calls, seed)
        return len(calls), made.run_out()

    (calls, first), (_, second), (others, other) = run(SEED), run(SEED), run(SEED + "-2")
    need(first == second, "the same seed gave other bytes")
    need(first != other, "another seed gave the same bytes")
    digest = hashlib.sha256(first).hexdigest()[:12]
    return f"{calls} calls, {len(first):,} bytes, {digest} twice; another seed: {others} calls"


SCENARIOS = [
    Scenario(
        f"the core on a simulated switch at {SPEED} times", "every call on a console, none lost", core_works_on_it,
    ),
    Scenario("stock panoramisk on a simulated switch", "logs in, hears every event, lists channels", stock_panoramisk),
    Scenario("one seed, one shift", "the same seed gives the same bytes", same_seed_same_bytes),
]  # fmt: skip
