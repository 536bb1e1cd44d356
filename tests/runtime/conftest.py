"""Coroutines run to their end: ``run`` on a real loop, ``simulated`` on one whose time jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from scripts.simulation.loop import SimulatedLoop

Run = Callable[[Coroutine[Any, Any, Any]], Any]

LONGEST_S = 30.0


@pytest.fixture
def run() -> Run:
    def to_the_end(work: Coroutine[Any, Any, Any]) -> Any:
        async def bounded() -> Any:
            return await asyncio.wait_for(work, LONGEST_S)

        return asyncio.run(bounded())

    return to_the_end


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    made = SimulatedLoop()
    yield made
    unhandled = list(made.unhandled)
    made.finish()
    assert not unhandled


@pytest.fixture
def simulated(loop: SimulatedLoop) -> Run:
    return loop.run_until_complete
