"""``scripts/simulate``: many runs, a line of progress, and for each that breaks an invariant how to see it alone."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from scripts.simulation.faults import KINDS, NOTHING
from scripts.simulation.world import STEPS, Result, simulate

SHOWN = 3
"""Failing seeds of which the history's end is printed; of the others only the command."""

TAIL = 60


def main(arguments: list[str]) -> int:
    """Exit status 0 when every invariant held in every run, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="scripts/simulate", description=__doc__)
    parser.add_argument("--seeds", type=_count, default=200, help="how many runs (200)")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="the first run's seed (1)")
    parser.add_argument("--steps", type=_count, default=STEPS, help=f"calls and commands in each run ({STEPS})")
    parser.add_argument("--only", action="append", choices=[*KINDS, NOTHING], default=[], metavar="FAULT",
                        help=f"only this kind of fault, or \"{NOTHING}\": {', '.join(KINDS)}")
    parser.add_argument("--jobs", type=_count, default=os.cpu_count() or 1, help="runs at the same time")
    parser.add_argument("--history", action="store_true", help="print the whole history of every run")
    asked = parser.parse_args(arguments)
    seeds = range(asked.first, asked.first + asked.seeds)
    broken = []
    began = time.monotonic()
    events = epochs = 0
    for done, result in enumerate(results(seeds, asked.steps, asked.only, asked.jobs), 1):
        events, epochs = events + result.events, epochs + result.epochs
        if result.broken:
            broken.append(result)
        if asked.history:
            print("\n".join(result.lines))
        _progress(done, len(seeds), len(broken), time.monotonic() - began)
    for place, result in enumerate(broken):
        print(failure(result, asked.steps, TAIL if place < SHOWN else 0, asked.only))
    print(f"seeds {len(seeds)}, events {events}, epochs {epochs}, broken {len(broken)}")
    return 1 if broken else 0


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def results(seeds: range, steps: int, only: list[str], jobs: int) -> Iterator[Result]:
    """In the order of the seeds, whatever finishes first."""
    if jobs == 1 or len(seeds) == 1:
        yield from (simulate(seed, steps, only) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        ahead = iter(seeds)
        waiting = [pool.submit(simulate, seed, steps, only) for seed in islice(ahead, 4 * jobs)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(simulate, seed, steps, only) for seed in islice(ahead, 1)]


def _progress(done: int, of: int, broken: int, seconds: float) -> None:
    if not sys.stderr.isatty() and done % 100 and done != of:
        return
    end = "\r" if sys.stderr.isatty() and done < of else "\n"
    print(f"{done} of {of} seeds, {broken} broken, {seconds:.0f} s", end=end, file=sys.stderr, flush=True)


def failure(result: Result, steps: int, tail: int, only: Sequence[str] = ()) -> str:
    """What a person needs: which invariant, the command that shows this run alone, and the end of its history up to
    the first break."""
    lines = result.lines
    first = next((place for place, line in enumerate(lines) if " INVARIANT " in line), len(lines) - 1)
    named = "".join(f' --only "{kind}"' for kind in only)
    told = [
        f"seed {result.seed} breaks {len(result.broken)}:",
        *(f"  {what}" for what in result.broken[:5]),
        f"  see it alone: scripts/simulate --seeds 1 --first {result.seed} --steps {steps} --history{named}",
    ]
    if tail:
        told += ["  ...", *lines[max(0, first + 1 - tail) : first + 1]]
    return "\n".join(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
