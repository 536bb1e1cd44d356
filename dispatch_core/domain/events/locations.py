"""What happened to locations that came before their call."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant, Location


class LocationKept(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "location")

    ident: str
    at: Instant
    number: str = ""
    location: Location | None = None


class LocationDropped(Happened, frozen=True, tag=True):
    """It went to ``call``, or none came."""

    ident: str
    call: str = ""
