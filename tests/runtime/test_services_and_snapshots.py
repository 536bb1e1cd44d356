"""Coroutines as services of the daemon's tree, and the states that are kept to start from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from twisted.application.service import MultiService

from dispatch_core.domain.state import State
from dispatch_core.ports import Deposed, JournalDown
from dispatch_core.runtime.services import EndingService, TaskService
from dispatch_core.runtime.snapshots import LOOK_EVERY_S, keep_snapshots
from dispatch_core.settings import STORE_SNAPSHOT_EVERY
from tests.runtime.running import Run


def test_a_task_runs_from_start_to_stop(run: Run) -> None:
    async def work() -> None:
        told: list[str] = []
        failures: list[BaseException] = []

        async def task() -> None:
            told.append("began")
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                told.append("ended")

        async def close() -> None:
            told.append("closed")

        tree = MultiService()  # type: ignore[no-untyped-call]
        TaskService("task", task, failures.append).setServiceParent(tree)
        EndingService("adapter", close).setServiceParent(tree)
        tree.startService()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0.01)
        assert told == ["began"]
        await tree.stopService().asFuture(asyncio.get_running_loop())  # type: ignore[no-untyped-call]
        assert sorted(told) == ["began", "closed", "ended"] and failures == []

    run(work())


@pytest.mark.parametrize("problem", [RuntimeError("planted"), Deposed(1, 2), None])
def test_a_task_that_ends_by_itself_is_a_failure(run: Run, problem: Exception | None) -> None:
    async def work() -> None:
        failures: list[BaseException] = []

        async def task() -> None:
            if problem is not None:
                raise problem

        service = TaskService("task", task, failures.append)
        service.startService()
        await asyncio.sleep(0.01)
        (failure,) = failures
        assert failure is problem or (problem is None and "ended by itself" in str(failure))
        await service.stopService().asFuture(asyncio.get_running_loop())

    run(work())


class Keeper:
    """A journal that keeps states, or does not."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, int]] = []
        self.newest = 0
        self.fails: list[Exception] = []

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.kept.append((epoch, state.seq))
        self.newest = state.seq

    async def newest_snapshot(self) -> int:
        return self.newest


def test_a_state_is_kept_after_so_many_events(simulated: Run) -> None:
    async def work() -> None:
        keeper, state = Keeper(), State()

        def now() -> State:
            return state

        journal: Any = keeper
        task = asyncio.ensure_future(keep_snapshots(journal, 3, now))
        for seq in (STORE_SNAPSHOT_EVERY - 1, STORE_SNAPSHOT_EVERY, STORE_SNAPSHOT_EVERY + 1):
            state = replace(state, seq=seq)
            await asyncio.sleep(LOOK_EVERY_S)
        assert keeper.kept == [(3, STORE_SNAPSHOT_EVERY)]
        state = replace(state, seq=3 * STORE_SNAPSHOT_EVERY)
        keeper.fails = [JournalDown("as told")]
        await asyncio.sleep(2 * LOOK_EVERY_S)
        assert keeper.kept[1:] == [(3, 3 * STORE_SNAPSHOT_EVERY)]
        keeper.newest = 0
        await asyncio.sleep(LOOK_EVERY_S)
        assert keeper.kept[2:] == [(3, 3 * STORE_SNAPSHOT_EVERY)], "an erasure took them all away"
        state = replace(state, seq=5 * STORE_SNAPSHOT_EVERY)
        keeper.fails = [Deposed(3, 4)]
        with pytest.raises(Deposed):
            await task

    simulated(work())
