"""How the daemon ends: with the reason that came first, and without one when it was asked to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from dispatch_core.main.core import Core
from dispatch_core.ports import Deposed, JournalDown
from dispatch_core.settings import Settings
from tests.runtime.running import Run


class Reactor:
    """Counts the stops; ``trigger`` is what the core wants to do before its shutdown."""

    def __init__(self) -> None:
        self.running = True
        self.stops = 0
        self.trigger: Callable[[], Any] = lambda: None

    def addSystemEventTrigger(self, phase: str, event: str, what: Callable[[], Any]) -> None:
        self.trigger = what

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def settings() -> Settings:
    return Settings(
        database="", redis="", redis_password_file="", site="/none/site.toml", types="", stations="", units="",
        http_host="", http_port=0, tls_certificate="", tls_key="", redis_public_host="", redis_public_port=0, nodes=(),
    )  # fmt: skip


def test_the_first_reason_counts(settings: Settings) -> None:
    reactor = Reactor()
    core = Core(settings, reactor)
    core.fatal(Deposed(1, 2))
    core.fatal(JournalDown("closed"))
    assert (core.status, reactor.stops) == (2, 1)


def test_a_core_that_fails_says_so(run: Run, settings: Settings) -> None:
    reactor = Reactor()
    core = Core(settings, reactor)

    async def scene() -> None:
        core.start()
        while not reactor.stops:
            await asyncio.sleep(0.01)

    run(scene())
    assert core.status == 1


def test_a_stop_that_was_asked_for_is_no_failure(run: Run, settings: Settings) -> None:
    """Also of a core that still waits to lead: its wait ends with an error, because it is told to end."""
    reactor = Reactor()
    core = Core(settings, reactor)

    async def scene() -> None:
        core.start()
        await reactor.trigger().asFuture(asyncio.get_running_loop())
        await asyncio.sleep(0.05)

    run(scene())
    assert (core.status, reactor.stops) == (0, 0)
