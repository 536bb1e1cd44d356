"""`scripts/run`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dispatch_core.domain.errors import DispatchError
from scripts.stage.callers import Carrier
from scripts.stage.headless.run import headless
from scripts.stage.headless.script import FEWEST, write_script
from scripts.stage.layout import Layout
from scripts.stage.progress import StageError, say, step
from scripts.stage.stage import Stage, Stopped
from scripts.stage.system import PEOPLE, System

CITY_PATIENCE_S = 90.0


def main(arguments: list[str]) -> int:
    """Exit status: 0 when all went well or Ctrl-C ended it, 1 when something failed or was not as it must be."""
    asked = parse(arguments)
    try:
        with Stage(Layout.of_checkout()) as stage, only_one(stage.layout.var / "run.lock"):
            if asked.headless:
                return headless(stage, asked.calls, asked.rate)
            live(stage, asked.rate)
    except StageError as error:
        say(f"cannot go on: {error}")
        return 1
    except DispatchError as error:  # a file of the site that somebody wrote
        say(f"cannot go on: {error.vi}\n              {error.en}")
        return 1
    except Stopped as stopped:
        say(f"-- stopped by {stopped}")
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--headless", action="store_true", help="no display: three consoles off screen, then a report")
    parser.add_argument("--calls", type=int, default=12, help="headless: how many callers (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=None, help="calls a second (headless: 1, else one in 15 s)")
    asked = parser.parse_args(arguments)
    if asked.rate is not None and not 0 < asked.rate <= 50:
        parser.error("--rate: more than 0 and at most 50 calls a second")
    if not FEWEST <= asked.calls <= 5000:
        parser.error(f"--calls: {FEWEST} to 5000")
    asked.rate = asked.rate or (1.0 if asked.headless else 1 / 15)
    return asked


def live(stage: Stage, rate: float) -> None:
    """Everything up, a console on the display, and a city that calls; until Ctrl-C."""
    system = System(stage)
    with step("start"):
        system.up()
    callers = [part.caller for part in write_script(24, 0)]
    callers = [replace(caller, patience=CITY_PATIENCE_S) for caller in callers]
    home, port, centre = stage.layout.var / "callers", system.site.carrier_port, system.site.site.ports.sip
    carrier = Carrier(home, port, centre, callers, rate, endless=True)
    stage.ending(carrier.stop)
    carrier.start()
    site = system.site
    arguments = ["--core", site.core_url, "--ca", str(site.certificate.authority), "--user", "lan"]
    say("-- up; Ctrl-C stops everything that was started here")
    for person in PEOPLE:
        say(f"   {person.user:<6} {person.role:<16} {person.name}: password in {system.password_file(person.user)}")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        console = stage.program("console", "console_gui", *arguments)
        stage.watch(until=console)
        say("-- the console was closed; the rest runs on until Ctrl-C")
        say("   another console: .venv/bin/dispatch-console " + " ".join(arguments))
    else:
        say("   no display here; where there is one: .venv/bin/dispatch-console " + " ".join(arguments))
    stage.watch()


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Hold the right to run from this `var/`. Raises StageError with the number of the process that has it."""
    with lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StageError(
                f"it already runs as process {lock.read().strip()}: end that with Ctrl-C, or give this one "
                f"data of its own (DISPATCH_VAR=/some/directory scripts/run)"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
