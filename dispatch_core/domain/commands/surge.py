"""Many callers about one thing, and incidents that look the same."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant


class MarkDifferent(Body, frozen=True, tag=True):
    """These two are not the same: nobody is asked again."""

    incident: str
    other: str


class SurgeOn(Body, frozen=True, tag=True):
    """Tell those who wait that ``incident`` is known. For the one that is on: prolong it. ``services`` () are those
    that were called about it; ``sound`` "" is the first of the site's; ``minutes`` 0 is the site's usual time."""

    incident: str
    reason: str
    services: tuple[str, ...] = ()
    sound: str = ""
    minutes: int = 0


class SurgeOff(Body, frozen=True, tag=True):
    reason: str


class ProposeSurge(Body, frozen=True, tag=True):
    """Said by a clock: so many wait and came, and so many of them are about this incident."""

    incident: str
    waiting: int
    arrivals: int
    alike: int


class SurgePasses(Body, frozen=True, tag=True):
    """What was proposed is over."""


class SurgeOver(Body, frozen=True, tag=True):
    """Its time is over, or its incident is closed."""


class SurgeNotTold(Body, frozen=True, tag=True):
    """A switch could not be told what its waiting callers should hear."""

    node: str
    why: str


class CallerTold(Body, frozen=True, tag=True):
    """The announcement about ``incident`` began in a waiting caller's ear."""

    call: str
    incident: str
    at: Instant
