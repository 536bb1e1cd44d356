"""What one round has measured, and the figures of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.benchmarks.figures import Figure, quantile

XREAD, MODEL, WINDOW = "bare XREAD", "bare model", "empty window"


@dataclass
class Round:
    """Times in ms, but those named ``_s``; ``quiet``: on a board with everything on it and nothing else going on."""

    window_s: float = 0.0
    window_mb: float = 0.0
    start_s: float = 0.0
    cold_s: float = 0.0
    own_mb: float = 0.0
    all_mb: float = 0.0
    marks: dict[str, float] = field(default_factory=dict)
    quiet_ms: list[float] = field(default_factory=list)
    quiet_painted_ms: list[float] = field(default_factory=list)
    ring_ms: list[float] = field(default_factory=list)
    painted_ms: list[float] = field(default_factory=list)
    rest_ms: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    model_turns: list[float] = field(default_factory=list)

    def take_calls(self, fed: dict[str, Any], told: dict[str, Any]) -> None:
        self.quiet_ms, self.quiet_painted_ms = self._calls(fed, told)

    def take_load(self, fed: dict[str, Any], told: dict[str, Any]) -> None:
        self.ring_ms, self.painted_ms = self._calls(fed, told)
        arrivals = {int(seq) for seq in fed["calls"]}
        updates: list[tuple[float, int]] = told["updates"]
        at = iter(updates)
        now = next(at, None)
        for seq, sent in sorted((int(seq), sent) for seq, sent in fed["sent"].items()):
            while now is not None and now[1] < seq:
                now = next(at, None)
            if now is None:
                raise ValueError(f"the console never showed event {seq}")
            if seq not in arrivals:
                self.rest_ms.append((now[0] - sent) * 1000)
        self.turns = [late for _, late in told["turns"]]

    @staticmethod
    def _calls(fed: dict[str, Any], told: dict[str, Any]) -> tuple[list[float], list[float]]:
        """From Redis to the row in the model, and to the picture of the board."""
        rows, paints = told["rows"], [at for at, name in told["painted"] if name == "CallsTable"]
        changed, painted = [], []
        for seq, call in fed["calls"].items():
            sent = fed["sent"][seq]
            if call not in rows:
                raise ValueError(f"the console never showed {call}")
            at, in_sight = rows[call]
            changed.append((at - sent) * 1000)
            if in_sight:
                painted.append((min((it for it in paints if it >= at), default=math.inf) - sent) * 1000)
        if len(painted) < len(changed) / 2:
            raise ValueError(f"of {len(changed)} calls only {len(painted)} came in sight")
        return changed, painted

    def in_words(self) -> str:
        over = sum(it > 50 for it in self.turns)
        return (
            f"start {self.start_s:.2f} s (window {self.window_s:.2f}"
            f"{f', cold {self.cold_s:.2f}' if self.cold_s else ''}); "
            f"ring quiet p50 {quantile(self.quiet_ms, 0.5):.1f} p99 {quantile(self.quiet_ms, 0.99):.1f}, "
            f"painted {quantile(self.quiet_painted_ms, 0.99):.1f}; loaded p50 {quantile(self.ring_ms, 0.5):.1f} "
            f"p99 {quantile(self.ring_ms, 0.99):.1f}, painted {quantile(self.painted_ms, 0.99):.1f}; "
            f"rest p50 {quantile(self.rest_ms, 0.5):.0f} p99 {quantile(self.rest_ms, 0.99):.0f} ms; "
            f"longest turn {max(self.turns, default=0):.0f} ms, {over} over 50; "
            f"{self.own_mb:.0f} MB, {self.all_mb:.0f} with the map"
        )


def figures(rounds: Sequence[Round]) -> list[Figure]:
    def of(case: str, unit: str, against: str, ours: Callable[[Round], float], other: Callable[[Round], float],
           promise: float) -> Figure:  # fmt: skip
        values = [[take(it) for it in rounds] for take in (ours, other)]
        return Figure("console", case, unit, against, values[0], values[1], promise)

    def p99(values: Sequence[float]) -> float:
        return quantile(values, 0.99)

    every = [
        of("ringing call to model, p99", "ms", XREAD, lambda it: p99(it.quiet_ms), lambda it: p99(it.bare_ms), 5.0),
        of("ringing call painted, p99", "ms", XREAD, lambda it: p99(it.quiet_painted_ms), lambda it: p99(it.bare_ms),
           50.0),
        of("the same under load, to model", "ms", XREAD, lambda it: p99(it.ring_ms), lambda it: p99(it.bare_ms), 5.0),
        of("the same under load, painted", "ms", XREAD, lambda it: p99(it.painted_ms), lambda it: p99(it.bare_ms),
           50.0),
        of("the rest to model, p99", "ms", XREAD, lambda it: p99(it.rest_ms), lambda it: p99(it.bare_ms), 150.0),
        of("longest turn of the loop, load", "ms", MODEL, lambda it: max(it.turns, default=0.0),
           lambda it: max(it.model_turns), 50.0),
        of("start to a usable board", "s", WINDOW, lambda it: it.start_s, lambda it: it.window_s, 3.0),
        of("memory without the map's worker", "MB", WINDOW, lambda it: it.own_mb, lambda it: it.window_mb, 300.0),
        of("memory with it", "MB", WINDOW, lambda it: it.all_mb, lambda it: it.window_mb, 450.0),
    ]  # fmt: skip
    cold = [it for it in rounds if it.cold_s]
    return every + [
        Figure("console", "start from a cold disk", "s", WINDOW, [it.cold_s for it in cold],
               [it.window_s for it in cold], 3.0)
    ]  # fmt: skip
