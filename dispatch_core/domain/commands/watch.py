"""What watching the switches found: service numbers that are heard or silent, carriers, streams, nodes given up."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class ProbeSeen(Body, frozen=True, tag=True):
    """A synthetic call to ``number`` came to the number's own place in the node's dialplan after ``ms``."""

    node: str
    number: str
    ms: int


class ProbeMissed(Body, frozen=True, tag=True):
    """It did not come. ``why``: unseen (in time), refused or unknown (the node did not take the order)."""

    node: str
    number: str
    why: str


class CarrierLost(Body, frozen=True, tag=True):
    """The carrier has not answered this node for a few seconds."""

    node: str
    carrier: str


class CarrierBack(Body, frozen=True, tag=True):
    node: str
    carrier: str


class CarrierUsed(Body, frozen=True, tag=True):
    """So many of the carrier's channels are in use, at all nodes together; 0 of 0: the site has it no more."""

    carrier: str
    in_use: int
    capacity: int


class EventsStopped(Body, frozen=True, tag=True):
    """Calls of the node change, and its event stream tells of nothing."""

    node: str


class EventsFlow(Body, frozen=True, tag=True):
    """The stream tells of something (again)."""

    node: str


class NodeGivenUp(Body, frozen=True, tag=True):
    """The node has been away for so long that its calls are taken for lost."""

    node: str


class DrainNode(Body, frozen=True, tag=True):
    """The core begins to empty the node for a restart (``on``), or it takes callers again."""

    node: str
    on: bool


class RetireNode(Body, frozen=True, tag=True):
    """The site has no such node any more."""

    node: str
