"""The two faces of the simulated Redis: the core's asynchronous client, and a console's synchronous one.

Both raise what redis-py raises. The core's goes over the network; a console's does each command at one instant,
because its loop blocks there and the simulation waits around it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from redis.exceptions import AuthenticationError, ConnectionError, RedisError

from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints, Way
from scripts.simulation.redis_server import RedisServer, _text

WAY_S = 0.0003
GONE = "Connection refused."


class RedisTroubles:
    """How Redis and the ways to it fare now."""

    def __init__(self) -> None:
        self.down = False
        self.silent = False  # reachable, and answers nothing: SIGSTOP
        self.slowness = 1.0
        self.answers_lost = 0.0


class CoreClient:
    """What ``doorbell.connect`` gives, for one core process."""

    def __init__(
        self, server: RedisServer, troubles: RedisTroubles, loop: SimulatedLoop, chance: Chance, points: CrashPoints
    ) -> None:
        self._server = server
        self._troubles = troubles
        self._loop = loop
        self._chance = chance
        self._way = Way(loop, chance, WAY_S, points)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        command = getattr(self._server, name)

        async def ask(*args: Any, **options: Any) -> Any:
            return await self._ask(lambda: command(*args, **options))

        return ask

    async def xreadgroup(
        self, group: str, consumer: str, streams: dict[str, Any], count: int, block: int | None = None
    ) -> Any:
        def read() -> Any:
            return self._server.xreadgroup(group, streams, count)

        found = await self._ask(read)
        if block is None or found:
            return found
        await self._news(frozenset(map(_text, streams)), block / 1000)
        return await self._ask(read)

    async def _news(self, keys: frozenset[str], seconds: float) -> None:
        news: asyncio.Future[None] = self._loop.create_future()

        def came() -> None:
            self._loop.later(0.0, lambda: None if news.done() else news.set_result(None))

        stop = self._server.when_written(keys, came)
        try:
            async with asyncio.timeout(seconds):
                await news
        except TimeoutError:
            return
        finally:
            stop()

    def pipeline(self, transaction: bool = False) -> Pipeline:
        return Pipeline(self._server, self._ask)

    async def _ask(self, what: Callable[[], Any]) -> Any:
        if self._troubles.silent:
            return await self._way.silence()
        lost = ConnectionError("Connection lost") if self._chance.happens(self._troubles.answers_lost) else None

        def at_the_server() -> Any:
            if self._troubles.down:
                raise ConnectionError(GONE)
            return what()

        return await self._way.ask(at_the_server, slowness=self._troubles.slowness, lost=lost)


class Pipeline:
    """Commands sent together; each is done, and the first refusal is raised after all were tried."""

    def __init__(self, server: RedisServer, ask: Callable[[Callable[[], Any]], Any]) -> None:
        self._server = server
        self._ask = ask
        self._commands: list[Callable[[], Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Pipeline]:
        command = getattr(self._server, name)

        def add(*args: Any, **options: Any) -> Pipeline:
            self._commands.append(lambda: command(*args, **options))
            return self

        return add

    async def execute(self) -> list[Any]:
        commands, self._commands = self._commands, []

        def everything() -> list[Any]:
            results: list[Any] = []
            for command in commands:
                try:
                    results.append(command())
                except RedisError as problem:
                    results.append(problem)
            for result in results:
                if isinstance(result, RedisError):
                    raise result
            return results

        found: list[Any] = await self._ask(everything)
        return found


class ConsoleClient:
    """One connection of a console, under its own short-lived user."""

    def __init__(self, server: RedisServer, troubles: RedisTroubles, user: str, password: str) -> None:
        self._server = server
        self._troubles = troubles
        self._user = user
        self._check_reachable()
        account = server.users.get(user)
        if account is None or not account.signs_in(password):
            raise AuthenticationError("invalid username-password pair or user is disabled.")
        self._life, self._cuts = server.life, server.cuts.get(user, 0)

    def _check_reachable(self) -> None:
        if self._troubles.down or self._troubles.silent:
            raise ConnectionError(GONE)

    def _check(self, command: str, key: object, *, write: bool = False) -> None:
        self._check_reachable()
        cut = self._server.cuts.get(self._user, 0) != self._cuts
        account = self._server.users.get(self._user)
        if cut or account is None or self._server.life != self._life:
            raise ConnectionError("Connection closed by server.")
        account.check(command, _text(key), write=write)

    def get(self, key: str) -> bytes | None:
        self._check("get", key)
        return self._server.get(key)

    def hgetall(self, key: str) -> dict[bytes, bytes]:
        self._check("hgetall", key)
        return self._server.hgetall(key)

    def xread(self, streams: dict[Any, Any], count: int, block: int | None = None) -> Any:
        for key in streams:
            self._check("xread", key)
        return self._server.xread(streams, count)

    def xadd(self, key: str, fields: dict[bytes, bytes]) -> bytes:
        self._check("xadd", key, write=True)
        return self._server.xadd(key, fields)

    def close(self) -> None:
        """A console's connection holds nothing at the server."""
