"""The AMI port of a simulated switch: sessions on loopback, and a pace at which simulated time goes by.

Guarded here: only this machine can connect; clients, what they may ask and what may wait for them are bounded, and a
client that does not read is let go as Asterisk does; a wrong secret is answered and the connection closed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging

from dispatch_core.ports import Clock, Ids
from telephony.simulator.answers import Answers
from telephony.simulator.framing import GREETING, Action, ActionReader, TooLong, message
from telephony.simulator.telling import Headers
from telephony.simulator.timeline import SECOND, Timeline

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
CLIENTS = 32
WAITING_BYTES = 16 * 1024 * 1024
"""That may wait for a client that does not read."""
TURN_S = 0.02  # simulated time goes on in steps no longer than this, so that clients are heard between
LOGIN_S = 30.0

BOOTED = message([("Event", "FullyBooted"), ("Privilege", "system,all"), ("Status", "Fully Booted")])
"""Without its ActionID; Asterisk sends it to whoever has logged in."""


class Server:
    """`hear` takes every event that is told. `first`: somebody has logged in."""

    def __init__(self, answers: Answers, user: str, secret: str, ids: Ids) -> None:
        self.answers = answers
        self.user, self.secret = user, secret
        self.first = asyncio.Event()
        self.port = 0
        self._ids = ids
        self._server: asyncio.Server | None = None
        self._sessions: set[Session] = set()

    async def open(self, port: int) -> None:
        """Listen; 0 takes any free port. OSError where it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), LOOPBACK, port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for session in list(self._sessions):
            session.end()

    def hear(self, name: str, headers: Headers, stamp: int, data: bytes) -> None:
        for session in list(self._sessions):
            session.tell(data)

    def enter(self, session: Session) -> bool:
        """Whether there is room for another one."""
        if len(self._sessions) >= CLIENTS:
            return False
        self._sessions.add(session)
        return True

    def leave(self, session: Session) -> None:
        self._sessions.discard(session)

    def challenge(self) -> str:
        return str(int(self._ids.secret(12).encode().hex(), 16) % 1_000_000_000)


class Session(asyncio.Protocol):
    """One client."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reader = ActionReader()
        self._challenge = ""
        self._logged_in = False
        self._events = True
        self._transport: asyncio.Transport | None = None
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=WAITING_BYTES)
        if not self._server.enter(self):
            transport.abort()
            return
        self._late = asyncio.get_running_loop().call_later(LOGIN_S, self._too_late)
        transport.write(GREETING)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.leave(self)
        self._transport = None
        if self._late is not None:
            self._late.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            actions = self._reader.feed(data)
        except TooLong as problem:
            log.warning("a client is let go: %s", problem)
            self.end()
            return
        for action in actions:
            self._do(action)

    def tell(self, data: bytes) -> None:
        """Give an event to who has logged in and wants them."""
        if self._logged_in and self._events:
            self._write(data)

    def end(self) -> None:
        """Close when everything is written."""
        if self._transport is not None:
            self._transport.close()

    def _write(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > WAITING_BYTES:
            log.warning("a client that does not read is let go")
            transport.abort()
            return
        transport.write(data)

    def _too_late(self) -> None:
        if not self._logged_in:
            self.end()

    # --- actions ------------------------------------------------------------------------------------------------------

    def _do(self, action: Action) -> None:
        name = action.name.lower()
        if not name:
            self._say(action, "Error", [("Message", "Missing action in request")])
        elif name == "login":
            self._login(action)
        elif name == "challenge":
            self._challenged(action)
        elif name == "logoff":
            self._say(action, "Goodbye", [("Message", "Thanks for all the fish.")])
            self.end()
        elif not self._logged_in:
            self._say(action, "Error", [("Message", "Permission denied")])
        else:
            if name == "events":
                self._events = action.get("EventMask").lower() not in ("off", "")
            for part in self._server.answers.to(action):
                self._write(part)

    def _challenged(self, action: Action) -> None:
        if action.get("AuthType").upper() != "MD5":
            self._say(action, "Error", [("Message", "Must specify AuthType")])
            return
        self._challenge = self._server.challenge()
        self._say(action, "Success", [("Challenge", self._challenge)])

    def _login(self, action: Action) -> None:
        if not self._known(action):
            self._say(action, "Error", [("Message", "Authentication failed")])
            self.end()
            return
        self._logged_in = True
        self._events = action.get("Events").lower() != "off"
        self._say(action, "Success", [("Message", "Authentication accepted")])
        self._write(BOOTED)
        self._server.first.set()

    def _known(self, action: Action) -> bool:
        given = action.get("Key").lower() if self._challenge else action.get("Secret")
        right = self._server.secret
        if self._challenge:
            # the scheme of AMI itself; nothing else hangs on it
            right = hashlib.md5((self._challenge + right).encode(), usedforsecurity=False).hexdigest()
        user = hmac.compare_digest(action.get("Username").encode(), self._server.user.encode())
        return hmac.compare_digest(given.encode(), right.encode()) and user

    def _say(self, action: Action, outcome: str, headers: Headers) -> None:
        ident: Headers = [("ActionID", action.get("ActionID"))] if action.get("ActionID") else []
        self._write(message([("Response", outcome), *ident, *headers]))


async def go_by(timeline: Timeline, clock: Clock, speed: float, until: int) -> None:
    """Let simulated time pass, `speed` times as fast as the clock, until nothing is due or `until` (us)."""
    began, from_ = clock.monotonic(), timeline.now
    while (due := timeline.next) is not None and due <= until:
        now = from_ + round((clock.monotonic() - began) * speed * SECOND)
        timeline.run_until(min(now, until))
        following = timeline.next
        if following is None:
            return
        pause = (following - now) / SECOND / speed
        await asyncio.sleep(min(max(pause, 0.0), TURN_S))
