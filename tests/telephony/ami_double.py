"""A server that speaks AMI as Asterisk does, on the loopback address: keeps every byte it was sent, answers by a table.

It can lose its voice (`mute`), hang up after reading an action (`hangs_up_on`), and say anything (`say`).
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable

from telephony.simulator.framing import END, GREETING, answered

SECRET = "only-for-this-test"
Answer = Callable[[dict[str, str]], list[str]]
"""From an action's headers to the messages of its answer, without the ActionID, lines joined by CRLF."""


def success(message: str = "") -> Answer:
    return lambda action: ["Response: Success" + (f"\r\nMessage: {message}" if message else "")]


def refusal(message: str) -> Answer:
    return lambda action: [f"Response: Error\r\nMessage: {message}"]


def listing(items: Iterable[str], complete: str) -> Answer:
    items = list(items)
    return lambda action: [
        "Response: Success\r\nEventList: start\r\nMessage: will follow",
        *items,
        f"Event: {complete}\r\nEventList: Complete\r\nListItems: {len(items)}",
    ]


class AmiDouble:
    """`actions`: headers of everything that was asked, in order, over all connections."""

    def __init__(self) -> None:
        self.actions: list[dict[str, str]] = []
        self.received = b""
        self.connections = 0
        self.mute = False
        self.hangs_up_on: set[str] = set()
        self.secret = SECRET
        self.port = 0
        self.answers: dict[str, Answer] = {
            "Login": self._login,
            "Ping": success(),
            "CoreSettings": lambda action: ["Response: Success\r\nSystemName: psap1"],
        }
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen = itertools.count(1)

    async def __aenter__(self) -> AmiDouble:
        await self.open()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Listen; on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.hang_up()
        await asyncio.sleep(0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang_up(self) -> None:
        """End every connection."""
        for writer in list(self._writers):
            writer.close()

    def say(self, data: bytes) -> None:
        """Send bytes to whoever is connected."""
        for writer in self._writers:
            writer.write(data)

    def asked(self, name: str) -> list[dict[str, str]]:
        return [action for action in self.actions if action.get("Action") == name]

    def _login(self, action: dict[str, str]) -> list[str]:
        if action.get("Secret") != self.secret:
            return ["Response: Error\r\nMessage: Authentication failed"]
        return [
            "Response: Success\r\nMessage: Authentication accepted",
            "Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted",
        ]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        writer.write(GREETING)
        try:
            while True:
                data = await reader.readuntil(b"\r\n\r\n")
                self.received += data
                action = dict(line.partition(": ")[::2] for line in data.decode().strip().split("\r\n"))
                self.actions.append(action)
                if action.get("Action") in self.hangs_up_on:
                    return
                if not self.mute:
                    self._answer(writer, action)
                if action.get("Action") == "Login" and action.get("Secret") != self.secret:
                    return  # as Asterisk does
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()

    def _answer(self, writer: asyncio.StreamWriter, action: dict[str, str]) -> None:
        ident = action.get("ActionID", "")
        answer = self.answers.get(action.get("Action", ""), refusal("Invalid/unknown command"))
        for message in answer(action):
            if message.startswith("Event: FullyBooted") or "\r\nTimestamp: " in message:
                writer.write(message.encode() + END)
            else:
                writer.write(answered(message, ident))


class CountedIds:
    """Ids that tests can read; `new` ends in what the link takes its jitter from."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self) -> str:
        return f"{next(self._numbers):032x}"

    def secret(self, length: int) -> str:
        return "x" * length


class StoppedClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: int = 1_795_444_566_000) -> None:
        self.instant = now
        self.seconds = 0.0

    def now(self) -> int:
        return self.instant

    def monotonic(self) -> float:
        return self.seconds
