"""Questions that no emergency waits for: only so many at once, in threads that a new incident's way never needs."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch_core.runtime.http.answers import HttpRefusal
from dispatch_core.runtime.http.aside import Aside
from tests.runtime.running import Run


async def open_of(aside: Aside, count: int) -> None:
    async with asyncio.timeout(5):
        while aside._open != count:
            await asyncio.sleep(0.005)


def test_one_more_than_can_be_answered_is_told_to_come_again(run: Run) -> None:
    go = threading.Event()

    def slow(what: str) -> str:
        go.wait(10)
        return what

    async def scene() -> None:
        with ThreadPoolExecutor(1) as threads:
            aside = Aside(threads, most=3)
            asking = [asyncio.ensure_future(aside.run(slow, it)) for it in "abc"]
            await open_of(aside, 3)
            with pytest.raises(HttpRefusal) as no:
                await aside.run(slow, "d")
            assert (no.value.status, no.value.code) == (503, "overloaded") and no.value.vi
            asking[0].cancel()  # he hung up; the thread still works for him
            await asyncio.sleep(0.02)
            with pytest.raises(HttpRefusal):
                await aside.run(slow, "d")
            go.set()
            assert await asyncio.gather(*asking[1:]) == ["b", "c"]
            await open_of(aside, 0)
            assert await aside.run(slow, "d") == "d"
            with pytest.raises(ZeroDivisionError):
                await aside.run(lambda: 1 // 0)
            await open_of(aside, 0)

    run(scene())
