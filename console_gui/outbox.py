"""Commands on their way: each keeps its id until its reply comes, however often it has to be sent. Lives in one thread.

Guards: an id takes effect once at the core, so sending again is harmless and losing one is not; nothing is forgotten
while unanswered; the number of unanswered commands is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from console_gui.door import Door
from console_gui.limits import PENDING_MOST, RESEND_FIRST_S, RESEND_MOST_S
from dispatch_core.domain.commands import Command
from dispatch_core.wire.envelopes import Order, Reply, encode
from dispatch_core.wire.names import WIRE_VERSION


@dataclass(frozen=True, slots=True)
class Pending:
    """A command without a reply. ``typed`` is what the person entered, "" where a key or button gave it."""

    id: str
    body: Command
    typed: str
    data: bytes
    asked_at: float
    sent_at: float
    patience: float = RESEND_FIRST_S


class Outbox:
    def __init__(self, session: str, door: Door) -> None:
        self._session = session
        self._door = door
        self.pending: dict[str, Pending] = {}

    def put(self, body: Command, typed: str = "") -> Pending | None:
        """Take a command; None where too many are unanswered already."""
        if len(self.pending) >= PENDING_MOST:
            return None
        ident = self._door.new_id()
        now = self._door.monotonic()
        data = encode(Order(wire=WIRE_VERSION, id=ident, session=self._session, body=body))
        pending = Pending(ident, body, typed, data, now, now)
        self.pending[ident] = pending
        return pending

    def settle(self, reply: Reply) -> Pending | None:
        """The command that this reply answers; None where it is of another session or came twice."""
        return self.pending.pop(reply.id, None)

    def overdue(self) -> list[Pending]:
        """Those to be sent again now; each waits twice as long the next time."""
        now = self._door.monotonic()
        again = [it for it in self.pending.values() if now - it.sent_at >= it.patience]
        for it in again:
            self.pending[it.id] = replace(it, sent_at=now, patience=min(it.patience * 2, RESEND_MOST_S))
        return again

    def everything(self) -> list[Pending]:
        """All of them, oldest first, because the connection is new."""
        now = self._door.monotonic()
        for it in list(self.pending.values()):
            self.pending[it.id] = replace(it, sent_at=now, patience=RESEND_FIRST_S)
        return list(self.pending.values())
