"""``dispatch simulate-switch``: a switch that is not real, for training, tests and load. It ends by itself.

It begins when the first core logs in, takes connections from this machine alone, and says under which name it goes;
consoles then say that what they show is a simulation.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections import Counter
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from dispatch_core.runtime.clock import SystemClock, SystemIds
from telephony.simulator.shift import PlannedCall, shift
from telephony.simulator.simulation import Settings, Simulation
from telephony.simulator.streams import Recording
from telephony.trunk.secrets import AMI_USER
from telephony.trunk.site import Site, load_site

FASTEST = 100.0


class CannotSimulate(DispatchError):
    def __init__(self, vi: str, en: str) -> None:
        super().__init__("cannot_simulate", vi, en)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("simulate-switch", help="a simulated switch for training, tests and load")
    parser.add_argument("--port", type=int, required=True, help="AMI port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--secret-file", type=Path, required=True, help="holds the AMI secret that cores log in with")
    parser.add_argument("--site", type=Path, default=Path("site.toml"), help="the site (default: %(default)s)")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--play", type=Path, metavar="FILE", help="play a recorded AMI stream")
    what.add_argument("--shift", metavar="SEED", help="a shift of calls; the same seed gives the same calls")
    parser.add_argument("--speed", type=float, default=1.0, help="1 to 100 times (default: %(default)g)")
    parser.add_argument("--hours", type=float, default=8.0, help="length of the shift (default: %(default)g)")
    parser.add_argument("--calls-per-hour", type=float, default=60.0, help="on average (default: %(default)g)")
    parser.add_argument("--first-hour", type=int, default=8, help="hour of the day it begins (default: %(default)s)")
    parser.add_argument(
        "--lifts", type=float, default=0.0, metavar="SECONDS",
        help="somebody lifts a ringing phone after this, on average; 0: only consoles answer (default: 0)",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Until everything is over, or a signal comes."""
    if not 1.0 <= asked.speed <= FASTEST:
        raise CannotSimulate(f"Tốc độ từ 1 đến {FASTEST:g} lần.", f"The speed is from 1 to {FASTEST:g} times.")
    try:
        secret = asked.secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotSimulate(
            f"Không đọc được {asked.secret_file}: {problem}.", f"{asked.secret_file} cannot be read: {problem}."
        ) from problem
    if not secret:
        raise CannotSimulate(f"{asked.secret_file} trống.", f"{asked.secret_file} is empty.")
    settings = Settings(asked.port, AMI_USER, secret, asked.speed, asked.lifts)
    clock = SystemClock()
    ids = SystemIds(clock)
    began = clock.now() * 1000
    if asked.play is not None:
        recording = Recording.of(asked.play)
        simulation = Simulation(settings, recording.system, began, ids)
        simulation.plan_recording(recording)
        what = f"{asked.play}: {len(recording.pieces)} events, {recording.seconds:.0f} s"
    else:
        site = load_site(asked.site)
        calls = _calls(asked, site)
        simulation = Simulation(settings, site.node_names[0], began, ids)
        simulation.plan_shift(site, calls, asked.shift)
        what = f"{asked.shift}: {_summary(calls)}, {asked.hours:g} h"
    return asyncio.run(_serve(simulation, clock, what))


def _calls(asked: argparse.Namespace, site: Site) -> list[PlannedCall]:
    dials = [number.dial for number in site.numbers]
    try:
        return shift(asked.shift, asked.hours, asked.calls_per_hour, dials, asked.first_hour)
    except ValueError as problem:
        raise CannotSimulate(f"Không lập được ca: {problem}.", f"No such shift: {problem}.") from problem


def _summary(calls: list[PlannedCall]) -> str:
    by_number = Counter(call.dial for call in calls)
    return f"{len(calls)} calls ({', '.join(f'{dial} {count}' for dial, count in sorted(by_number.items()))})"


async def _serve(simulation: Simulation, clock: SystemClock, what: str) -> int:
    try:
        port = await simulation.open()
    except OSError as problem:
        raise CannotSimulate(f"Không mở được cổng: {problem}.", f"The port cannot be opened: {problem}.") from problem
    say(f"MÔ PHỎNG / SIMULATION {simulation.system}: AMI 127.0.0.1:{port}, {what}, x{simulation.settings.speed:g}")
    running = asyncio.ensure_future(simulation.run(clock))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await simulation.close()
    centre = simulation.centre
    if centre is not None:
        say(f"{simulation.system}: {centre.taken} calls came, {centre.answered} times somebody answered, "
            f"{len(centre.calls)} still up")  # fmt: skip
    say(f"{simulation.system}: over")
    return 0


def say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
