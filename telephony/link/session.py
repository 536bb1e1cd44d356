"""One connection: panoramisk's manager and protocol with the framing, the closing and the retrying taken over.

Guarded here: a session lives once. Whatever ends it fails every action that waits, with its outcome unknown, and
nothing is put by to be sent again; connecting anew is a new session.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from dispatch_core.ports import ActionFailed
from dispatch_core.settings import AMI_PENDING
from telephony.link.asking import Ask, Value
from telephony.link.messages import Answer, Read, Reply
from telephony.link.reading import Reader

log = logging.getLogger(__name__)

Take = Callable[[Read], None]
"""Takes what was read, answers excepted; must not raise."""


class Wire(AMIProtocol):  # type: ignore[misc]
    """panoramisk's protocol over our reader: bytes are framed before they are decoded."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.factory = self._session
        self.responses = self._session.pending
        self.encoding = "utf-8"

    def data_received(self, data: bytes) -> None:
        self._session.heard(data)

    def answered(self, reply: Reply) -> None:
        """Give a response to panoramisk's action, an entry of a list to ours."""
        ask: Ask = self.responses[reply.action_id]
        if reply.part.name:
            if ask.add_entry(reply.part):
                self.responses.pop(reply.action_id, None)
        else:
            self.handle_message(Message(reply.part.headers))

    def connection_lost(self, exc: BaseException | None) -> None:
        self.closed = True
        self._session.lost(exc)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.transport.abort()


class Session(Manager):  # type: ignore[misc]
    """`opened` resolves when the socket is open; `ended` when it is gone."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        host: str,
        port: int,
        wanted: Mapping[bytes, bytes],
        take: Take,
    ) -> None:
        self.pending: dict[str, Ask] = {}
        self.reader = Reader(wanted, self.pending)
        self.opened: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self.heard_at = loop.time()
        self._take = take
        super().__init__(
            loop=loop,
            host=host,
            port=port,
            protocol_factory=lambda: Wire(self),
            log=log,
            forgetable_actions=(),
        )
        self._connecting: asyncio.Task[Any] = self.connect()

    def connection_made(self, connecting: asyncio.Task[Any]) -> None:
        """The end of the attempt to connect; panoramisk would log in and retry from here."""
        if connecting.cancelled():
            return
        problem = connecting.exception()
        if problem is None:
            _, self.protocol = connecting.result()
        if self.ended.done():
            if problem is None:
                self.protocol.close()
        elif problem is None:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(problem)

    def heard(self, data: bytes) -> None:
        self.heard_at = self.loop.time()
        for read in self.reader.feed(data):
            if not isinstance(read, Reply):
                self._take(read)
            elif read.action_id in self.pending:
                self.protocol.answered(read)

    async def ask(self, name: str, ident: str, headers: Mapping[str, Value], within: float) -> Answer:
        """Send one action and wait for its whole answer. Raises ActionFailed."""
        if self.ended.done() or self.protocol is None:
            raise ActionFailed(name, "not connected")
        if len(self.pending) >= AMI_PENDING:
            raise ActionFailed(name, f"{AMI_PENDING} actions wait for an answer")
        ask = Ask(name, ident, headers, self.loop)
        # not wait_for: until Python 3.12 it may swallow a cancellation that comes together with the answer
        late = self.loop.call_later(within, ask.fail, ActionFailed(name, f"no answer in {within:g} s", unknown=True))
        try:
            future: asyncio.Future[Answer] = self.send_action(ask)
            return await future
        finally:
            late.cancel()
            self.pending.pop(ident, None)

    def lost(self, problem: BaseException | None) -> None:
        """The socket is gone."""
        for ask in list(self.pending.values()):
            ask.fail(ActionFailed(ask["Action"], "the connection broke", unknown=True))
        self.pending.clear()
        self.awaiting_actions: deque[Ask] = deque()  # where panoramisk keeps what it would send again
        if not self.ended.done():
            self.ended.set_result(None)

    def close(self) -> None:
        """Close for good: no bytes and no events after this."""
        self._connecting.cancel()
        self._take = _nothing
        if self.protocol is not None:
            self.protocol.close()
        self.lost(None)
        if self.opened.done() and not self.opened.cancelled():
            self.opened.exception()  # looked at, so that asyncio does not report it


def _nothing(_: Read) -> None:
    """Where messages of a closed session go."""
