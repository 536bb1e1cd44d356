"""What the switch reports: facts, which happened already and are never refused for want of permission."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import EndedBy, Instant, Location


class NodeUp(Body, frozen=True, tag=True):
    """The event stream of a node is alive; ``booted`` is the node's own start time."""

    node: str
    booted: str


class NodeDown(Body, frozen=True, tag=True):
    node: str
    why: str


class CallCame(Body, frozen=True, tag=True):
    call: str
    node: str
    at: Instant
    dialled: str
    services: tuple[str, ...]
    number: str = ""
    name: str = ""
    carrier: str = ""
    test: bool = False  # made by ourselves through the carrier, and known by its token


class CallBackStarted(Body, frozen=True, tag=True):
    """An outgoing call of ours exists at the switch."""

    call: str
    node: str
    at: Instant
    number: str = ""
    position: str = ""


class CallPlaced(Body, frozen=True, tag=True):
    """A location came with the call, or could not be read (``location`` None, ``note`` says why). ``link``: where one
    would be found, which is never fetched."""

    call: str
    location: Location | None = None
    note: str = ""
    link: str = ""


class CallQueuedAt(Body, frozen=True, tag=True):
    call: str
    queue: str
    at: Instant
    overflow: bool = False


class CallRings(Body, frozen=True, tag=True):
    call: str
    position: str


class CallRingsNoMore(Body, frozen=True, tag=True):
    call: str
    position: str


class CallTakenAt(Body, frozen=True, tag=True):
    """A position talks with the caller: first answer, transfer and return are all this."""

    call: str
    position: str
    at: Instant


class CallOnHold(Body, frozen=True, tag=True):
    call: str
    at: Instant


class CallOffHold(Body, frozen=True, tag=True):
    """``at`` 0 = the moment of the decision."""

    call: str
    at: Instant = 0


class PartyJoined(Body, frozen=True, tag=True):
    call: str
    party: str


class PartyLeft(Body, frozen=True, tag=True):
    call: str
    party: str


class PositionLet(Body, frozen=True, tag=True):
    """The position that talked is off the call, which goes on."""

    call: str
    position: str


class AnswerNotTaken(Body, frozen=True, tag=True):
    """The position's phone did not pick up; the caller is back in the queue."""

    call: str
    position: str


class CallOver(Body, frozen=True, tag=True):
    call: str
    at: Instant
    by: EndedBy
    cause: int = 0


class RecordingRuns(Body, frozen=True, tag=True):
    call: str
    file: str


class ForgerySeen(Body, frozen=True, tag=True):
    """An event that the switch cannot have sent: somebody injected lines through ``trunk``."""

    node: str
    trunk: str


class IdentityOdd(Body, frozen=True, tag=True):
    """A caller's headers or message through ``trunk`` were made to be taken for something else; nothing came of it."""

    node: str
    trunk: str


class MessageParked(Body, frozen=True, tag=True):
    """A message of the switch could not be understood and was set aside."""

    node: str
    why: str


class LiveCall(Struct, frozen=True, kw_only=True):
    """A call as the switch itself lists it."""

    call: str
    dialled: str
    services: tuple[str, ...]
    number: str = ""
    name: str = ""
    carrier: str = ""
    queue: str = ""
    position: str = ""
    recording: str = ""
    arrived_at: Instant = 0
    outgoing: bool = False
    parties: tuple[str, ...] | None = None  # None: not asked
    muted: tuple[str, ...] | None = None
    held: bool | None = None  # on hold; None: nothing is known of it
    test: bool = False  # as in CallCame


class SwitchLooked(Body, frozen=True, tag=True):
    """Everything that a node says is alive, asked at ``asked_at``: repairs what events did not tell."""

    node: str
    asked_at: Instant
    calls: tuple[LiveCall, ...]
    watches: tuple[str, ...] | None = None  # channels of supervisors who listen; None: not asked
