"""What became of incidents that look the same, and of a surge."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant


class IncidentsDiffer(Happened, frozen=True, tag=True):
    """Somebody said that these two are not the same."""

    incident: str
    other: str


class SurgeProposed(Happened, frozen=True, tag=True):
    incident: str
    waiting: int
    arrivals: int
    alike: int


class SurgePassed(Happened, frozen=True, tag=True):
    """What was proposed is over, or was taken up."""


class SurgeBegan(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    services: tuple[str, ...]
    radius_m: int
    sound: str
    until: Instant
    user: str
    reason: str = ""


class SurgeProlonged(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    until: Instant
    user: str
    reason: str = ""


class SurgeEnded(Happened, frozen=True, tag=True):
    """``why``: asked, time, closed."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    why: str
    user: str = ""
    reason: str = ""


class SurgeHeard(Happened, frozen=True, tag=True):
    """A waiting caller heard the words."""

    call: str
    incident: str
    at: Instant


class CallerNoted(Happened, frozen=True, tag=True):
    """A waiting caller said by a key that he calls about it. ``how``: joined (his own incident is folded), of_it (it
    was in that incident already), far (he is known to be elsewhere), unlike (somebody said that his incident is another
    one), worked_on (somebody works on his incident)."""

    call: str
    incident: str
    at: Instant
    how: str
