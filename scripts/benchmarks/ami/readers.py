"""What is measured: a bare splitter, stock panoramisk, our link, and our link with translation and rules behind it.

Each reads one stream over its own connection, and says how many CPU seconds of this process that took: what else the
machine does meanwhile is on nobody's side.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from panoramisk import Manager

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.decide import decide
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State
from dispatch_core.runtime.clock import SystemClock, SystemIds
from scripts.benchmarks.ami.marks import GO, LAST
from scripts.stage.progress import StageError
from telephony.link import AmiEvent, AmiLink
from telephony.link.messages import END
from telephony.translate import WANTED, Naming, Translator

PATIENCE_S = 30.0
HOST, USER, SECRET = "127.0.0.1", "dispatch", "only-for-this"


class Took:
    """`seconds` of CPU from asking until the last message, and `seen` messages."""

    def __init__(self) -> None:
        self.seen = 0
        self.seconds = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._began = 0.0

    def begin(self) -> None:
        self._began = time.process_time()

    def end(self) -> None:
        self.seconds = time.process_time() - self._began
        if not self.over.done():
            self.over.set_result(None)


async def _over(took: Took, what: str) -> Took:
    try:
        await asyncio.wait_for(took.over, PATIENCE_S)
    except TimeoutError:
        raise StageError(f"{what} did not see the end of the stream") from None
    return took


class Splitter(asyncio.Protocol):
    """Splits bytes at the empty lines and looks at nothing."""

    def __init__(self, took: Took) -> None:
        self._took = took
        self._rest = b""
        self._last = LAST.encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._took.begin()
        transport.write(f"Action: {GO}\r\nActionID: 1\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        parts = (self._rest + data).split(END)
        self._rest = parts.pop()
        self._took.seen += len(parts)
        if parts and self._last in parts[-1]:
            self._took.end()


async def splitter(port: int) -> Took:
    took = Took()
    transport, _ = await asyncio.get_running_loop().create_connection(lambda: Splitter(took), HOST, port)
    try:
        return await _over(took, "the splitter")
    finally:
        transport.close()


async def panoramisk(port: int) -> Took:
    """Its Manager with its own parser, and a callback on every event."""
    took = Took()
    manager = Manager(
        loop=asyncio.get_running_loop(), host=HOST, port=port, username=USER, secret=SECRET, ping_delay=600
    )

    def heard(_: Manager, event: Any) -> None:
        took.seen += 1
        if event.event == "UserEvent" and event["UserEvent"] == LAST:
            took.end()

    manager.register_event("*", heard)
    await manager.connect()
    try:
        await asyncio.sleep(0)
        await asyncio.wait_for(manager.authenticated_future, PATIENCE_S)
        took.begin()
        manager.send_action({"Action": GO})
        return await _over(took, "panoramisk")
    finally:
        manager.register_event("*", lambda *_: None)
        manager.connection_lost = lambda _: None  # it would connect again for ever
        manager.close()


class Linked:
    """Our link, up; `on_event` is given each event that it hands on. Forgeries and parked messages are faults here."""

    def __init__(self, port: int) -> None:
        self.took = Took()
        self._up = asyncio.Event()
        self._wrong: list[object] = []
        clock = SystemClock()
        self._link = AmiLink(
            host=HOST, port=port, user=USER, secret=SECRET, wanted=WANTED, ids=SystemIds(clock),
            on_event=self.heard, on_state=lambda state: self._up.set() if state.up else None,
            on_forgery=self._wrong.append, on_parked=self._wrong.append,
        )  # fmt: skip

    def heard(self, event: AmiEvent) -> None:
        self.took.seen += 1
        if event.name == "UserEvent" and event.headers["UserEvent"] == LAST:
            self.took.end()

    async def run(self) -> Took:
        await self._link.start()
        try:
            await asyncio.wait_for(self._up.wait(), PATIENCE_S)
            self.took.begin()
            await self._link.action(GO)
            await _over(self.took, "our link")
        finally:
            await self._link.stop()
        if self._wrong:
            raise StageError(f"our link took {len(self._wrong)} good messages for bad: {self._wrong[0]}")
        return self.took


async def link(port: int) -> Took:
    return await Linked(port).run()


class Whole(Linked):
    """Link, translation, rules: every fact is decided and folded into `state`."""

    def __init__(self, port: int, node: str, naming: Naming) -> None:
        super().__init__(port)
        self.state = State()
        self._node = node
        self._translator = Translator(node, naming)
        self._facts = 0

    def heard(self, event: AmiEvent) -> None:
        for fact in self._translator.event(event):
            self._decide(fact, event.at)
        super().heard(event)

    def _decide(self, fact: Command, now: int) -> None:
        self._facts += 1
        asked = Asked(id=f"fact-{self._facts}", actor=Actor(ActorKind.SWITCH, self._node), body=fact)
        decision = decide(self.state, asked, now)
        if isinstance(decision, Refusal):
            if decision.code != "nothing_new":
                raise StageError(f"{fact}: {decision}")
        else:
            self.state = decision.state
