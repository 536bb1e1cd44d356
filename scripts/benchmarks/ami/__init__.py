"""AMI: 30,000 recorded events, unfiltered, through our link beside stock panoramisk and a bare splitter; then the full
path to the rules, on the stream as our own manager.conf lets it through, in calls.

All of it over real loopback TCP, in turn within each round; figures are per CPU second of the reading process, so a
ratio above 1 means that ours is faster. With the link, panoramisk's own reader and matching are replaced; the guards
against forged events are part of what is measured.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import telephony.simulator
from dispatch_core.domain.vocabulary import CallState
from scripts.benchmarks.ami.marks import LAST
from scripts.benchmarks.ami.readers import Took, Whole, link, panoramisk, splitter
from scripts.benchmarks.figures import Figure
from scripts.stage.layout import ROOT
from scripts.stage.progress import StageError, say
from telephony.simulator.framing import event
from telephony.simulator.streams import Mover, Recording
from telephony.translate import WANTED, Naming

EVENTS = 30_000
CALLS = 600
SYSTEM = "sim-bench"
BEGINS = 1_800_000_000_000_000  # microseconds; any moment does
TRACES = ROOT / "tests" / "telephony" / "traces"
# Those in which a caller forges events are no load but an attack; 14 is two connections.
LEFT_OUT = ("11_", "12_", "12b_", "14_")
OWN = Path(telephony.simulator.__file__).parent / "recordings"
NAMING = Naming(frozenset({"viettel"}), {"113": ("police",), "114": ("fire",), "115": ("ambulance",)})


def measure(rounds: int) -> list[Figure]:
    """Events and calls per CPU second, one value a round."""
    logging.getLogger("telephony.link").setLevel(logging.ERROR)  # it tells of every connection that it closes
    raw, (own, calls) = unfiltered(), filtered()
    ours: list[float] = []
    stock: list[float] = []
    bare: list[float] = []
    whole: list[float] = []
    stock_calls: list[float] = []
    wanted = sum(raw.count(b"Event: " + name + b"\r\n") for name in WANTED) - 1  # without the last
    with sending(raw) as all_of_it, sending(own) as filtered_port:
        for number in range(rounds + 1):  # the first is a warm-up and does not count
            split = run(splitter(all_of_it), EVENTS)
            theirs = run(panoramisk(all_of_it), EVENTS)
            mine = run(link(all_of_it), wanted)
            full = run(through_the_rules(filtered_port, calls), None)
            parsed = run(panoramisk(filtered_port), None)
            if number:
                bare.append(EVENTS / split.seconds)
                stock.append(EVENTS / theirs.seconds)
                ours.append(EVENTS / mine.seconds)
                whole.append(calls / full.seconds)
                stock_calls.append(calls / parsed.seconds)
                say(f"   round {number} of {rounds}: link {ours[-1]:,.0f}, panoramisk {stock[-1]:,.0f}, "
                    f"splitter {bare[-1]:,.0f} events/s; {whole[-1]:,.0f} calls/s to the rules")  # fmt: skip
    return [
        Figure("ami", "link, unfiltered stream", "ev/s", "stock panoramisk", ours, stock),
        Figure("ami", "link, unfiltered stream", "ev/s", "bare splitter", ours, bare),
        Figure("ami", "bytes to decide, filtered stream", "calls/s", "stock panoramisk, parsing alone", whole,
               stock_calls),
    ]  # fmt: skip


def run(what: object, expected: int | None) -> Took:
    """One reading on a loop of its own. StageError where it did not see every message."""
    took: Took = asyncio.run(what)  # type: ignore[arg-type]
    over = took.seen - (1 if expected is not None else 0)  # the last one is no part of the stream
    if expected is not None and over not in (expected, expected + 1):  # the answer to what asked for it, where split
        raise StageError(f"{over} messages of {expected} were seen")
    return took


async def through_the_rules(port: int, calls: int) -> Took:
    whole = Whole(port, SYSTEM, NAMING)
    took = await whole.run()
    ended = sum(call.state in (CallState.ENDED, CallState.ABANDONED) for call in whole.state.calls.values())
    if ended != calls or len(whole.state.calls) != calls:
        raise StageError(f"{ended} of {calls} calls ended in the state")
    return took


def unfiltered() -> bytes:
    """The recorded streams one after the other, each at its own moment, and again until there are 30,000 events."""
    sources = [path for path in sorted(TRACES.glob("*.txt")) if not path.name.startswith(LEFT_OUT)]
    return b"".join(_events([Recording.of(path) for path in sources], EVENTS)) + _last()


def filtered() -> tuple[bytes, int]:
    """Calls that were recorded from Asterisk through our own manager.conf, and how many they are."""
    recordings = [Recording.of(path) for path in sorted(OWN.glob("*.txt"))]
    each = sum(len(recording.pieces) for recording in recordings)
    return b"".join(_events(recordings, each * CALLS // len(recordings))) + _last(), CALLS


def _events(recordings: list[Recording], count: int) -> Iterator[bytes]:
    at = BEGINS
    while True:
        for recording in recordings:
            mover = Mover(recording, SYSTEM)
            for piece in recording.pieces:
                if not count:
                    return
                count -= 1
                yield mover.moved(piece.data, at)
            at += round(recording.seconds * 1_000_000) + 2_000_000


def _last() -> bytes:
    return event("UserEvent", "user,all", BEGINS * 2, SYSTEM, [("UserEvent", LAST)])


@contextmanager
def sending(stream: bytes) -> Iterator[int]:
    """The port of a process that sends the stream."""
    with tempfile.TemporaryDirectory(prefix="dispatch-bench-") as home:
        file = Path(home) / "stream"
        file.write_bytes(stream)
        command = [sys.executable, "-m", "scripts.benchmarks.ami.sender", str(file), SYSTEM]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(5)
