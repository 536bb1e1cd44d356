"""The link to one Asterisk: connects, logs in, watches, and connects anew, until it is stopped.

Guarded here: a connection on which nothing is heard for 6 s is dead, whatever TCP says; a refused login is told once
and tried less and less often; delays carry jitter; what a listener cannot take is set aside with its bytes and the
next message goes on; after `stop` nothing is sent, heard or tried again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Mapping

from dispatch_core.ports import ActionFailed, Ids
from dispatch_core.settings import (
    AMI_ACTION_S,
    AMI_CONNECT_S,
    AMI_PARKED,
    AMI_PING_EVERY_S,
    AMI_PINGS_MISSED,
    AMI_REFUSED_RETRY_FIRST_S,
    AMI_REFUSED_RETRY_MOST_S,
    AMI_RETRY_FIRST_S,
    AMI_RETRY_MOST_S,
)
from telephony.link.asking import Value
from telephony.link.messages import AmiEvent, Answer, Forgery, Parked, Read
from telephony.link.session import Session
from telephony.link.states import LinkState

log = logging.getLogger(__name__)

class AmiLink:
    """`wanted`: event name to a header without which it is not whole ("" = any); nothing else reaches `on_event`.

    The callbacks run on the loop, in the order of the stream. `on_state` hears changes only. `action` may be used
    while `up`. `parked` holds the newest messages that were set aside.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        secret: str,
        wanted: Mapping[bytes, bytes],
        ids: Ids,
        on_event: Callable[[AmiEvent], None],
        on_state: Callable[[LinkState], None],
        on_forgery: Callable[[Forgery], None],
        on_parked: Callable[[Parked], None],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._user, self._secret = user, secret
        self._wanted = dict(wanted)
        self._ids = ids
        self._on_event, self._on_state = on_event, on_state
        self._on_forgery, self._on_parked = on_forgery, on_parked
        self._given_loop = loop
        self._session: Session | None = None
        self._state: LinkState | None = None
        self._task: asyncio.Task[None] | None = None
        self._dropped = ""
        self.system_name = ""
        self.parked: deque[Parked] = deque(maxlen=AMI_PARKED)

    @property
    def up(self) -> bool:
        return self._state is not None and self._state.up

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return self._given_loop or asyncio.get_running_loop()

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        if self._task is None:
            self._task = self._loop.create_task(self._run(), name=f"link {self._host}:{self._port}")

    async def stop(self) -> None:
        """Close for good."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tell(LinkState(False, "stopped"))

    async def action(self, name: str, **headers: Value) -> Answer:
        """Send an action once and wait for its answer, all of it where it is a list.

        Raises ActionFailed: refused by Asterisk or by us (then `unknown` is False and nothing happened), or without
        an answer because of time or a broken connection (`unknown` is True).
        """
        session = self._session
        if session is None:
            raise ActionFailed(name, "not connected")
        return await self._ask(session, name, headers)

    def drop(self, why: str) -> None:
        """Give the present connection up and make a new one."""
        self._dropped = why
        if self._session is not None:
            self._session.close()

    # --- one life after the other -------------------------------------------------------------------------------------

    async def _run(self) -> None:
        tries = refusals = 0
        while True:
            why, lived = await self._live()
            self._tell(LinkState(False, why))
            if lived:
                tries = refusals = 0
            if why == "refused":
                pause = min(AMI_REFUSED_RETRY_MOST_S, AMI_REFUSED_RETRY_FIRST_S * 2.0 ** min(refusals, 10))
                refusals += 1
            else:
                pause = min(AMI_RETRY_MOST_S, AMI_RETRY_FIRST_S * 2.0 ** min(tries, 10))
                tries += 1
            await asyncio.sleep(pause * (0.5 + self._chance()))

    def _chance(self) -> float:
        """From 0 to 1; so that several cores do not come back in step."""
        return int(self._ids.new()[-8:], 16) / 0xFFFFFFFF

    async def _live(self) -> tuple[str, bool]:
        """One connection from beginning to end: why it ended, and whether it was up."""
        self._dropped = ""
        session = Session(self._loop, self._host, self._port, self._wanted, self._take)
        try:
            why = await self._enter(session)
            if why:
                return why, False
            self._session = session
            self._tell(LinkState(True))
            return await self._watch(session), True
        finally:
            self._session = None
            session.close()

    async def _enter(self, session: Session) -> str:
        """Connect and log in. "" when that was done, else why not."""
        opened, _ = await asyncio.wait({session.opened}, timeout=AMI_CONNECT_S)
        if not opened or session.opened.exception() is not None:
            return "connect"
        try:
            await self._ask(session, "Login", {"Username": self._user, "Secret": self._secret, "Events": "on"})
        except ActionFailed as problem:
            return "login" if problem.unknown else "refused"
        try:
            settings = await self._ask(session, "CoreSettings", {})
        except ActionFailed as problem:
            if problem.unknown:
                return "login"
        else:
            self.system_name = settings.get("SystemName")
            session.reader.name_system(self.system_name)
        return ""

    async def _watch(self, session: Session) -> str:
        """Ping until the connection ends or nothing was heard for too long."""
        longest = AMI_PING_EVERY_S * AMI_PINGS_MISSED
        pings: set[asyncio.Task[None]] = set()
        next_ping = self._loop.time() + AMI_PING_EVERY_S
        try:
            while True:
                now = self._loop.time()
                if now >= session.heard_at + longest:
                    return "silent"
                if now >= next_ping:
                    next_ping = now + AMI_PING_EVERY_S
                    ping = self._loop.create_task(self._ping(session))
                    pings.add(ping)
                    ping.add_done_callback(pings.discard)
                pause = min(next_ping, session.heard_at + longest) - now
                ended, _ = await asyncio.wait({session.ended}, timeout=max(pause, 0.001))
                if ended:
                    return self._dropped or "closed"
        finally:
            for ping in pings:
                ping.cancel()

    async def _ping(self, session: Session) -> None:
        with contextlib.suppress(ActionFailed):  # silence is what counts
            await self._ask(session, "Ping", {})

    async def _ask(self, session: Session, name: str, headers: Mapping[str, Value]) -> Answer:
        answer = await session.ask(name, self._ids.new(), headers, AMI_ACTION_S)
        if answer.get("Response") in ("Success", "Follows", "Goodbye"):
            return answer
        raise ActionFailed(name, answer.get("Message") or answer.get("Response") or "refused")

    # --- what is heard ------------------------------------------------------------------------------------------------

    def _tell(self, state: LinkState) -> None:
        known = self._state
        if state == known or (known is not None and not known.up and state.why == "stopped"):
            return  # a link that is down already needs no further word about being stopped
        self._state = state
        if state.up:
            log.info("link to %s:%d up", self._host, self._port)
        else:
            log.warning("link to %s:%d down: %s", self._host, self._port, state.why)
        self._on_state(state)

    def hear(self, event: AmiEvent) -> None:
        """Hand an event on; one that the listener cannot take is set aside."""
        try:
            self._on_event(event)
        except Exception as problem:  # noqa: BLE001  (one message must not cost the others; it is kept and told)
            log.debug("a message could not be taken", exc_info=True)
            self._park(Parked(event.raw, repr(problem)[:200]))

    def _take(self, read: Read) -> None:
        if isinstance(read, AmiEvent):
            self.hear(read)
        elif isinstance(read, Forgery):
            self._on_forgery(read)
        elif isinstance(read, Parked):
            self._park(read)

    def _park(self, parked: Parked) -> None:
        log.error("set aside %d bytes beginning %r: %s", len(parked.raw), parked.raw[:40], parked.why)
        self.parked.append(parked)
        self._on_parked(parked)
