"""Two hundred nights, and the proof that a seed is the whole of a night."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.simulation.faults import KINDS
from scripts.simulation.run import failure, main, results
from scripts.simulation.world import STEPS, Result, simulate

SEEDS = 200
ROOT = Path(__file__).resolve().parents[2]


def test_the_invariants_hold() -> None:
    for result in results(range(1, SEEDS + 1), STEPS, [], os.cpu_count() or 1):
        assert not result.broken, failure(result, STEPS, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_they_hold_under_much_of_one_fault(kind: str) -> None:
    for seed in range(1, 4):
        result = simulate(seed, only=(kind,))
        assert not result.broken, failure(result, STEPS, 60, (kind,))
        assert any(f"FAULT      {kind}" in line for line in result.lines)


def test_a_night_is_no_empty_one() -> None:
    """Calls came, were answered, units went; otherwise the invariants hold over nothing."""
    result = simulate(3)
    told = "\n".join(result.lines)
    for happened in ("CallArrived", "CallAnswered", "IncidentRouted", "UnitAssigned", "CallEnded", "accepted at"):
        assert happened in told
    assert result.events > 100


def test_the_same_seed_is_the_same_night() -> None:
    first, second = simulate(11), simulate(11)
    assert first.lines == second.lines
    assert simulate(12).digest != first.digest


def test_another_process_sees_the_same_night() -> None:
    """Also where Python's own hashes, and so the order of its sets, are others."""
    script = "from scripts.simulation.world import simulate; print(*(simulate(seed).digest for seed in (11, 36)))"
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hashes},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hashes in ("1", "2")
    }
    assert told == {f"{simulate(11).digest} {simulate(36).digest}\n"}


def test_more_steps_are_a_longer_night() -> None:
    assert simulate(5, steps=10).events < simulate(5, steps=60).events


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "2", "--first", "21", "--steps", "20", "--jobs", "1"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("seeds 2, events ") and told.out.endswith("broken 0\n")
    assert "2 of 2 seeds, 0 broken" in told.err


def test_a_break_is_told_with_the_command_that_shows_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tuple(f"line {number}" for number in range(90)) + ("1.0 INVARIANT  broke", "after")
    broken = Result(7, ("I1: lost",), lines, 3, 1, 0.0)
    monkeypatch.setattr("scripts.simulation.run.simulate", lambda seed, steps, only: broken)
    assert main(["--seeds", "1", "--first", "7", "--steps", "33"]) == 1
    told = capsys.readouterr().out
    assert "seed 7 breaks 1:" in told and "I1: lost" in told
    assert "scripts/simulate --seeds 1 --first 7 --steps 33 --history" in told
    assert "line 89" in told and "INVARIANT" in told and "after" not in told and "line 20\n" not in told
    assert "seeds 1, events 3, epochs 1, broken 1" in told
