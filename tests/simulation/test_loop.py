"""The loop whose time jumps, and processes that stand still and die."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from scripts.simulation.loop import PROCESS, Process, SimulatedLoop, Stuck


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    made = SimulatedLoop()
    yield made
    made.finish()


def test_an_hour_takes_no_time(loop: SimulatedLoop) -> None:
    async def wait() -> float:
        await asyncio.sleep(3600)
        return loop.time()

    assert loop.run_until_complete(wait()) == pytest.approx(3600)


def test_who_waits_for_nothing_is_told(loop: SimulatedLoop) -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck):
        loop.run_until_complete(wait())


def test_what_runs_in_an_executor_takes_virtual_time(loop: SimulatedLoop) -> None:
    loop.executor_delay = lambda: 5.0

    def fail() -> None:
        raise ValueError("no")

    async def ask() -> int:
        with pytest.raises(ValueError, match="no"):
            await loop.run_in_executor(None, fail)
        return await loop.run_in_executor(None, lambda: 7)

    assert loop.run_until_complete(ask()) == 7
    assert loop.time() == pytest.approx(10.0)


async def ticking(ticks: list[float], ended: list[str]) -> None:
    try:
        while True:
            ticks.append(asyncio.get_running_loop().time())
            await asyncio.sleep(1.0)
    finally:
        ended.append("finally")


def test_the_dead_do_nothing_not_even_finally(loop: SimulatedLoop) -> None:
    ticks: list[float] = []
    ended: list[str] = []
    process = Process(loop, "one")
    process.run(ticking(ticks, ended))
    loop.later(2.5, process.kill)
    loop.run_until_complete(_sleep(10.0))
    assert ticks == [0.0, 1.0, 2.0]
    assert not ended


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


def test_the_frozen_go_on_where_they_stood(loop: SimulatedLoop) -> None:
    ticks: list[float] = []
    process = Process(loop, "one")
    process.run(ticking(ticks, []))
    loop.later(1.5, process.freeze)
    loop.later(5.25, process.thaw)
    loop.run_until_complete(_sleep(7.5))
    assert ticks == [0.0, 1.0, 5.25, 6.25, 7.25]


def test_what_a_process_starts_belongs_to_it(loop: SimulatedLoop) -> None:
    """Tasks of its tasks, timers and answers die with it; the world outside does not."""
    seen: list[str] = []

    async def parent() -> None:
        asyncio.get_running_loop().call_later(2.0, seen.append, "timer")
        asyncio.ensure_future(child())
        loop.later(2.0, seen.append, "outside")

    async def child() -> None:
        process = PROCESS.get()
        assert process is not None
        seen.append(process.name)
        await asyncio.sleep(2.0)
        seen.append("child")

    process = Process(loop, "one")
    process.run(parent())
    loop.later(1.0, process.kill)
    loop.run_until_complete(_sleep(3.0))
    assert seen == ["one", "outside"]
