"""A TCP connection to the switch: bytes arrive late, in pieces cut anywhere, in order, until it is cut itself.

A cut is either a reset, which both ends notice, or silence, which only patience notices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from scripts.simulation.chance import Chance
from scripts.simulation.loop import PROCESS, Process, SimulatedLoop
from scripts.simulation.network import CrashPoints

WAY_S = 0.0005
PIECES = 0.2
"""Part of the messages that arrive in more than one piece."""


class ServerEnd(Protocol):
    """What a server makes of one connection."""

    def received(self, data: bytes) -> None: ...

    def closed(self) -> None: ...


class Wire(asyncio.Transport):
    """The client's transport; the server sends with ``deliver`` and hears through its ``ServerEnd``."""

    def __init__(
        self, loop: SimulatedLoop, chance: Chance, protocol: asyncio.Protocol, points: CrashPoints, process: Process
    ) -> None:
        super().__init__()
        self._loop = loop
        self._chance = chance
        self._protocol = protocol
        self._points = points
        self._process = process
        self._up_at = self._down_at = 0.0
        self._closing = False
        self.silent = False
        self.server: ServerEnd | None = None
        process.on_death(self._gone)

    @property
    def whose(self) -> str:
        """The name of the client's process."""
        return self._process.name

    # --- the client's end ---------------------------------------------------------------------------------------------

    def write(self, data: Any) -> None:
        self._points.passed(after=False)
        if self._closing or self.silent or self._process.dead:
            return
        self._up_at = max(self._loop.time() + self._chance.delay(WAY_S), self._up_at)
        self._loop.at(self._up_at, self._arrive, bytes(data))
        self._points.passed(after=True)

    def _arrive(self, data: bytes) -> None:
        if self.server is not None and not self.silent:
            self.server.received(data)

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._gone()
            self._process.call(self._protocol.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def _gone(self) -> None:
        """Nothing of this end exists any more; the server hears of it."""
        server, self.server = self.server, None
        if server is not None and not self.silent:
            self._loop.later(self._chance.delay(WAY_S), server.closed)

    # --- the server's end ---------------------------------------------------------------------------------------------

    def deliver(self, data: bytes) -> None:
        """Bytes from the server begin their way."""
        for piece in self._pieces(data):
            self._down_at = max(self._loop.time() + self._chance.delay(WAY_S), self._down_at)
            self._loop.at(self._down_at, self._hear, piece)

    def _pieces(self, data: bytes) -> list[bytes]:
        if len(data) < 2 or not self._chance.happens(PIECES):
            return [data]
        border = self._chance.number(1, len(data) - 1)
        return [data[:border], data[border:]]

    def _hear(self, data: bytes) -> None:
        if not self._closing and not self.silent:
            self._process.call(self._heard, data)

    def _heard(self, data: bytes) -> None:
        if not self._closing:
            self._protocol.data_received(data)

    def cut(self, *, reset: bool) -> None:
        if reset:
            self._loop.later(self._chance.delay(WAY_S), self._process.call, self._reset)
        else:
            self.silent = True

    def _reset(self) -> None:
        if not self._closing:
            self._closing, self.server = True, None
            self._protocol.connection_lost(ConnectionResetError("reset by peer"))


class Port:
    """Where a server listens. ``open`` tells whether it takes connections now."""

    def __init__(
        self, loop: SimulatedLoop, chance: Chance, accept: Callable[[Wire], ServerEnd], open: Callable[[], bool]
    ) -> None:
        self._loop = loop
        self._chance = chance
        self._accept = accept
        self._open = open
        self._wires: list[Wire] = []
        self.points: dict[Process, CrashPoints] = {}

    async def connect(self, make: Callable[[], asyncio.Protocol]) -> tuple[Wire, asyncio.Protocol]:
        await asyncio.sleep(self._chance.delay(WAY_S))
        process = PROCESS.get()
        if not self._open() or process is None:
            raise ConnectionRefusedError("nobody listens")
        protocol = make()
        wire = Wire(self._loop, self._chance, protocol, self.points.get(process, CrashPoints()), process)
        self._wires.append(wire)
        protocol.connection_made(wire)
        wire.server = self._accept(wire)
        return wire, protocol

    def cut(self, *, reset: bool) -> None:
        """Every connection that there is."""
        wires, self._wires = self._wires, []
        for wire in wires:
            wire.cut(reset=reset)
