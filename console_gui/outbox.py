"""Commands on their way and commands that wait: each keeps its id until its fate is known. Lives in one thread.

Guards: an id takes effect once at the core, so sending again is harmless and losing one is not; what was given while
cut off is held and goes out only when a person confirms it; one whose reply was lost is settled by its id and never
given anew before the core has said that it took no effect; nothing is forgotten while unanswered; the number of
unanswered commands is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from console_gui.about import Facts
from console_gui.door import Door
from console_gui.limits import PENDING_MOST, RESEND_FIRST_S, RESEND_MOST_S
from dispatch_core.domain.commands import Command, TellSound
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.envelopes import Order, Reply, encode
from dispatch_core.wire.names import WIRE_VERSION

NEVER_CAME = "never_came"
UNSETTLED = "unsettled"
"""Nobody knows yet, whatever was asked: an order that is too old, too, while the core cannot write that down."""

NOT_SETTLED = frozenset({"not_signed_in", "wrong_version"})
"""Answers to ``Order.settle`` that say nothing of the command."""


OWN = (TellSound,)
"""What the console tells of itself, and tells anew while it holds: nobody gave it, so nobody is to confirm it."""


class Fate(StrEnum):
    SENT = "sent"  # on its way; its reply is a moment off
    UNKNOWN = "unknown"  # it may have reached the core or not: the core is asked
    HELD = "held"  # it has taken no effect and takes none before a person confirms it


@dataclass(frozen=True, slots=True)
class Pending:
    """A command without a reply. ``typed`` is what the person entered, "" where a key or button gave it; ``given_at``
    is the core's time then, ``facts`` what the screen said then of what it is about."""

    id: str
    body: Command
    typed: str
    data: bytes
    asked_at: float
    sent_at: float
    patience: float = RESEND_FIRST_S
    given_at: Instant = 0
    fate: Fate = Fate.SENT
    facts: Facts = ()
    withdrawn: bool = False  # the person wants it no more; whether it took effect is not known yet
    again: bool = False  # it was handed to the connection more than once: one that did not leave proves nothing
    keeps_id: bool = False  # it may have reached a core that cannot settle: confirmed, it goes with the id that it had


@dataclass(frozen=True, slots=True)
class Settled:
    """What a reply did: ``pending`` is over by it; or ``held`` is found to have taken no effect."""

    pending: Pending | None = None
    held: Pending | None = None


class Outbox:
    def __init__(self, session: str, door: Door, kept: tuple[Pending, ...] = ()) -> None:
        """``kept`` are an earlier console's, oldest first: what it had sent may have arrived."""
        self._session = session
        self._door = door
        self.pending: dict[str, Pending] = {}
        now = door.monotonic()
        for it in kept:
            if isinstance(it.body, OWN):
                continue
            fate = Fate.UNKNOWN if it.fate is Fate.SENT else it.fate
            there = replace(it, fate=fate, asked_at=now, sent_at=now, again=True)
            self._keep(replace(there, data=self._encoded(there)))

    def put(
        self, body: Command, typed: str = "", *, at: Instant = 0, facts: Facts = (), hold: bool = False
    ) -> Pending | None:
        """Take a command; None where too many are unanswered already. A held one is not to be sent."""
        if len(self.pending) >= PENDING_MOST:
            return None
        now = self._door.monotonic()
        fate = Fate.HELD if hold else Fate.SENT
        pending = Pending(self._door.new_id(), body, typed, b"", now, now, given_at=at, fate=fate, facts=facts)
        return self._keep(replace(pending, data=self._encoded(pending)))

    def settle(self, reply: Reply) -> Pending | None:
        """The command that this reply answers and that is over by it; None where there is none (of another session,
        or twice), or where it says that a command in doubt has taken no effect: that one is held now."""
        return self.take(reply).pending

    def take(self, reply: Reply) -> Settled:
        pending = self.pending.get(reply.id)
        if pending is None:
            return Settled()
        code = reply.refusal.code if reply.refusal is not None else ""
        if code == UNSETTLED or (pending.fate is not Fate.SENT and code in NOT_SETTLED):
            return Settled()
        if code == NEVER_CAME:
            if pending.withdrawn:
                del self.pending[reply.id]
                return Settled(held=pending)
            return Settled(held=self._keep(replace(pending, fate=Fate.HELD)))
        return Settled(pending=self.pending.pop(reply.id))

    def overdue(self) -> list[Pending]:
        """Those to be sent again now; each waits twice as long the next time."""
        now = self._door.monotonic()
        due = [it for it in self.pending.values() if it.fate is not Fate.HELD and now - it.sent_at >= it.patience]
        return [
            self._keep(replace(it, sent_at=now, again=True, patience=min(it.patience * 2, RESEND_MOST_S))) for it in due
        ]

    def everything(self) -> list[Pending]:
        """All that was sent, oldest first, because the connection is new: after a hiccup that nobody noticed."""
        now = self._door.monotonic()
        sent = [it for it in self.pending.values() if it.fate is Fate.SENT]
        return [self._keep(replace(it, sent_at=now, again=True, patience=RESEND_FIRST_S)) for it in sent]

    # --- cut off and back ---------------------------------------------------------------------------------------------

    def cut(self) -> None:
        """The core is out of reach: nobody knows what became of what was sent and has no reply."""
        for it in list(self.pending.values()):
            if isinstance(it.body, OWN):
                del self.pending[it.id]
            elif it.fate is Fate.SENT:
                doubted = replace(it, fate=Fate.UNKNOWN)
                self._keep(replace(doubted, data=self._encoded(doubted)))

    def unsent(self, ident: str) -> None:
        """What was handed to the connection last certainly did not leave this console; where it was handed over once,
        the command never did."""
        it = self.pending.get(ident)
        if it is None or it.fate is Fate.HELD or it.again:
            return
        if it.withdrawn or isinstance(it.body, OWN):
            del self.pending[ident]
        else:
            self._keep(replace(it, fate=Fate.HELD))

    def doubtful(self, *, settles: bool) -> list[Pending]:
        """The core is back: those that it is to be asked about. One that cannot tell (``settles`` is false) leaves them
        to the person, and what is confirmed then goes with the id that it had: never twice."""
        now = self._door.monotonic()
        asked = []
        for it in list(self.pending.values()):
            if it.fate is not Fate.UNKNOWN:
                continue
            if settles:
                asked.append(self._keep(replace(it, sent_at=now, again=True, patience=RESEND_FIRST_S)))
            elif it.withdrawn:
                del self.pending[it.id]
            else:
                self._keep(replace(it, fate=Fate.HELD, keeps_id=True))
        return asked

    @property
    def waiting(self) -> list[Pending]:
        """What a person has to look at, oldest first: held, or in doubt."""
        return [it for it in self.pending.values() if it.fate is not Fate.SENT and not it.withdrawn]

    def confirm(self, ident: str, body: Command, at: Instant) -> Pending | None:
        """Send a held command after all, ``body`` as it is to be now. Its age counts from here, and it has an id of its
        own: the one of before is settled, or was never seen by anybody."""
        old = self.pending.get(ident)
        if old is None or old.fate is not Fate.HELD:
            return None
        del self.pending[ident]
        now = self._door.monotonic()
        new_id = ident if old.keeps_id else self._door.new_id()
        pending = replace(old, id=new_id, body=body, asked_at=now, sent_at=now, given_at=at, fate=Fate.SENT,
                          again=old.keeps_id, patience=RESEND_FIRST_S)  # fmt: skip
        return self._keep(replace(pending, data=self._encoded(pending)))

    def withdraw(self, ident: str) -> Pending | None:
        """The person wants it no more. One in doubt goes out of sight, but it is still asked about: if it took effect,
        that is told."""
        it = self.pending.get(ident)
        if it is None or it.fate is Fate.SENT or it.withdrawn:
            return None
        if it.fate is Fate.HELD:
            return self.pending.pop(ident)
        return self._keep(replace(it, withdrawn=True))

    # --- in between ---------------------------------------------------------------------------------------------------

    def _encoded(self, it: Pending) -> bytes:
        return encode(
            Order(
                wire=WIRE_VERSION, id=it.id, session=self._session, body=it.body, asked_at=it.given_at,
                settle=it.fate is Fate.UNKNOWN,
            )
        )  # fmt: skip

    def _keep(self, it: Pending) -> Pending:
        """In its place among the others, which is the order in which they were given."""
        self.pending[it.id] = it
        return it
