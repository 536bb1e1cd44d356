"""Who sits where, and which switches there are."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import SIMULATED, DutyState, Instant, Role


class Duty(Struct, frozen=True, kw_only=True):
    """Whether a seat's phone takes calls of its queues; ``why`` is the code of a reason, ``until`` ends a wrap-up."""

    state: DutyState = DutyState.READY
    why: str = ""
    since: Instant = 0
    until: Instant = 0


class Position(Struct, frozen=True, kw_only=True):
    """A seat with a console and a phone; ``user`` is who sits there now ("" = nobody)."""

    id: str
    label: str
    services: tuple[str, ...]
    user: str = ""
    installing: bool = False  # asked for from the screen, the switch has not confirmed it yet
    duty: Duty = Duty()


class Person(Struct, frozen=True, kw_only=True):
    """Somebody signed in."""

    user: str
    name: str
    role: Role
    session: str
    position: str = ""
    since: Instant = 0
    deaf_since: Instant = 0  # since then this person's console has nothing to sound on; 0 = it has


class Node(Struct, frozen=True, kw_only=True):
    """One Asterisk: ``up`` while its event stream is alive; ``booted`` is its start time as it told it; ``draining``:
    it is being emptied, and takes no new callers while another node does."""

    id: str
    up: bool = False
    booted: str = ""
    since: Instant = 0
    draining: bool = False

    @property
    def simulated(self) -> bool:
        """Whether its calls are made up: for training, tests and load."""
        return self.booted.startswith(SIMULATED)
