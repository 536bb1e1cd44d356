"""A ringing call: from AMI's bytes to the console's changed model, beside a bare TCP read, commit, XADD, XREAD.

Ours is the product with nothing left out: real SIP calls, real Asterisk, the core, PostgreSQL, Redis over TLS, the real
console off screen. The floor does the least that any design with a journal and a doorbell must do, on the same servers.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from scripts.benchmarks.figures import Figure, quantile
from scripts.benchmarks.ring.tap import AmiTap
from scripts.stage.callers import Caller, Carrier
from scripts.stage.consoles import Console
from scripts.stage.layout import ROOT, Layout
from scripts.stage.ports import Ports
from scripts.stage.progress import StageError, say
from scripts.stage.stage import Stage
from scripts.stage.system import System

CALLS_A_ROUND = 20
RATE = 10.0  # calls a second
PATIENCE = 1.0  # seconds until a caller of the benchmark hangs up
MESSAGE_BYTES = 900  # about what Asterisk prints of one arrival
STREAM = "bench:floor"
SETTLE_S = 15.0


def measure(rounds: int) -> list[Figure]:
    """p50 and p99 of both, in milliseconds, one value a round."""
    with Stage(Layout.of_checkout()) as stage:
        system = System(stage)
        tap: list[AmiTap] = []

        def through(ami: int) -> int:
            port = Ports(stage.layout.ports).tcp("ami-tap")
            tap.append(AmiTap(port, ami))
            return port

        system.up(ami_through=through)
        console = Console(stage, system, "thao", "bench-console")
        console.sign_in()
        floor = Floor(system)
        ours: list[list[float]] = []
        others: list[list[float]] = []
        try:
            for number in range(rounds + 1):  # the first is a warm-up and does not count
                mine = ring_round(system, console, tap[0], number)
                bare = floor.round()
                if number:
                    ours.append(mine)
                    others.append(bare)
                say(f"   round {number} of {rounds}: ours p50 {quantile(mine, 0.5):.2f} ms, "
                    f"floor p50 {quantile(bare, 0.5):.2f} ms")  # fmt: skip
        finally:
            floor.stop()
            console.stop()
            tap[0].close()

    def figure(case: str, share: float) -> Figure:
        return Figure(
            "ring", case, "ms", "bare TCP read, commit, XADD, XREAD",
            [quantile(one, share) for one in ours], [quantile(one, share) for one in others],
        )  # fmt: skip

    return [figure("AMI bytes to console model, p50", 0.5), figure("AMI bytes to console model, p99", 0.99)]


def ring_round(system: System, console: Console, tap: AmiTap, number: int) -> list[float]:
    """Milliseconds of each call of a round."""
    before = set(tap.seen)
    callers = [
        Caller(("113", "114", "115")[i % 3], f"09{number:04d}{i:04d}", patience=PATIENCE) for i in range(CALLS_A_ROUND)
    ]
    home = system.layout.var / "callers"
    with Carrier(home, system.site.carrier_port, system.site.site.ports.sip, callers, RATE) as carrier:
        if not carrier.wait(CALLS_A_ROUND / RATE + PATIENCE + SETTLE_S):
            raise StageError("the callers of a round did not finish")
    new = [call for call in tap.seen if call not in before]
    wait_for(lambda: all(call in console.row_at for call in new), SETTLE_S, "rows on the console")
    if len(new) != CALLS_A_ROUND:
        raise StageError(f"{len(new)} of {CALLS_A_ROUND} calls were seen on the wire")
    return [(console.row_at[call] - tap.seen[call]) * 1000 for call in new]


def wait_for(held: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not held():
        if time.monotonic() > deadline:
            raise StageError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)


class Floor:
    """The bare pipeline on the same PostgreSQL and Redis, and what it takes."""

    def __init__(self, system: System) -> None:
        port = Ports(system.layout.ports).tcp("bench-floor")
        module = [sys.executable, "-m", "scripts.benchmarks.ring.floor"]
        redis, dsn = system.redis.url, system.postgres.dsn()
        self._at: dict[int, float] = {}
        self._number = time.time_ns() // 1000  # above every number of an earlier run
        self._reader = self._start([*module, "read", redis, STREAM])
        self._writer = self._start([*module, "write", str(port), dsn, redis, STREAM])
        self._wire = socket.create_connection(("127.0.0.1", port))
        self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._listen, daemon=True).start()

    @staticmethod
    def _start(command: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise StageError(f"{command[3]} of the floor did not start")
        return process

    def _listen(self) -> None:
        assert self._reader.stdout is not None
        for line in self._reader.stdout:
            number, at = line.split()
            self._at[int(number)] = float(at)

    def round(self) -> list[float]:
        sent: dict[int, float] = {}
        body = b"x" * MESSAGE_BYTES
        for _ in range(CALLS_A_ROUND):
            self._number += 1
            sent[self._number] = time.monotonic()
            self._wire.sendall(struct.pack("!QI", self._number, len(body)) + body)
            time.sleep(1 / RATE)
        wait_for(lambda: all(number in self._at for number in sent), SETTLE_S, "the floor's reader")
        return [(self._at[number] - at) * 1000 for number, at in sent.items()]

    def stop(self) -> None:
        self._wire.close()
        for process in (self._writer, self._reader):
            process.terminate()
            process.wait(5)
