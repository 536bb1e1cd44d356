"""Coroutines run to their end: ``run`` on a real loop, ``simulated`` on one whose time jumps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from scripts.simulation.loop import SimulatedLoop
from scripts.stage.certificates import Certificate, server_certificate
from tests.conftest import RedisAccess
from tests.runtime.fakes import House
from tests.runtime.hands_stage import Desk
from tests.runtime.publishing import Publishing
from tests.runtime.redis_stage import Scene, Stage
from tests.runtime.running import Run

LONGEST_S = 60.0


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return server_certificate(tmp_path_factory.mktemp("tls"), "core")


@pytest.fixture
def run() -> Run:
    def to_the_end(work: Coroutine[Any, Any, Any]) -> Any:
        async def bounded() -> Any:
            task = asyncio.ensure_future(work)
            done, _ = await asyncio.wait({task}, timeout=LONGEST_S)
            if not done:
                where = io.StringIO()
                for one in asyncio.all_tasks():
                    one.print_stack(file=where)
                task.cancel()
                await asyncio.wait({task}, timeout=LONGEST_S)
                pytest.fail(f"still at work after {LONGEST_S} s:\n{where.getvalue()}")
            return task.result()

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


@pytest.fixture
def house(loop: SimulatedLoop) -> House:
    return House(loop)


@pytest.fixture
def told(loop: SimulatedLoop) -> Publishing:
    return Publishing(loop)


@pytest.fixture
def desk(loop: SimulatedLoop) -> Desk:
    return Desk(loop)


@pytest.fixture
def play(redis_server: RedisAccess, run: Run) -> Scene:
    """Plays a scene on a stage with a real Redis, and clears the stage."""

    def played(what: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
        async def work() -> None:
            stage = Stage(redis_server)
            try:
                await what(stage)
            finally:
                await stage.close()

        run(work())

    return played
