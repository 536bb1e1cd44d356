"""A position that is reported is looked for on the streets at once, beside the reactor, the last one of each unit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Mover
from dispatch_core.runtime.looking_ahead import LookingAhead
from dispatch_core.runtime.unit_positions import UnitPositions
from tests.runtime.test_unit_positions import NOW, Stage, at


class Later(Executor):
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # type: ignore[override]
        self.jobs.append(fn)
        return Future()

    def run(self) -> None:
        self.jobs.pop()()


def test_reports_are_passed_on_as_the_units_are_measured() -> None:
    stage, heard = Stage(), list[Sequence[Mover]]()
    positions = UnitPositions(lambda: stage.state, stage._show, stage.clock, heard.append)
    positions.take(json.dumps([at("A1", at=NOW - 9_000), at("X9"), at("A2"), at("A1", lat=10.79)]).encode())
    assert [[(it.unit, it.lat) for it in movers] for movers in heard] == [[("A1", 10.79), ("A2", 10.78)]]
    positions.take(json.dumps([at("A1", at=NOW - 60_000), at("X9")]).encode())
    assert len(heard) == 1, "nothing new was said"
    assert positions.movers() == list(heard[0])


def test_the_last_position_of_each_unit_waits() -> None:
    learnt, later = list[Sequence[Mover]](), Later()
    ahead = LookingAhead(learnt.append, later)
    ahead.heard([Mover("A1", 10.1, 106.1), Mover("A2", 10.2, 106.2)])
    ahead.heard([Mover("A1", 10.3, 106.3)])
    ahead.heard([])
    assert len(later.jobs) == 1 and not learnt, "one job, and none of it here"
    later.run()
    assert [[(it.unit, it.lat) for it in movers] for movers in learnt] == [[("A1", 10.3), ("A2", 10.2)]]
    ahead.heard([])
    assert not later.jobs
    ahead.heard([Mover("A2", 10.4, 106.4)])
    later.run()
    assert learnt[1] == [Mover("A2", 10.4, 106.4)]


def test_what_is_said_while_it_looks_is_looked_for_next() -> None:
    learnt, later = list[list[str]](), Later()

    def learn(movers: Sequence[Mover]) -> None:
        learnt.append([it.unit for it in movers])
        if len(learnt) == 1:
            ahead.heard([Mover("A2", 10.2, 106.2)])

    ahead = LookingAhead(learn, later)
    ahead.heard([Mover("A1", 10.1, 106.1)])
    later.run()
    assert learnt == [["A1"], ["A2"]] and not later.jobs


@pytest.mark.parametrize("problem", [DispatchError("x", "vi", "en"), ValueError("x")])
def test_a_failure_is_told_and_ends_nothing(problem: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def learn(_: Sequence[Mover]) -> None:
        raise problem

    later = Later()
    ahead = LookingAhead(learn, later)
    for _ in range(2):
        ahead.heard([Mover("A1", 10.1, 106.1)])
        later.run()
    assert len(caplog.records) == 2 and "1 units were not looked for" in caplog.text
