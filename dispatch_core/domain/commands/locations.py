"""A caller's location that comes beside the call: AML by SMS or HTTPS."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant, Location


class LocationCame(Body, frozen=True, tag=True):
    """Where the phone of ``number`` is, or ``note`` says why that could not be read. ``at``: when it came."""

    ident: str
    number: str
    at: Instant
    location: Location | None = None
    note: str = ""


class ForgetLocation(Body, frozen=True, tag=True):
    """No call came to this location in time."""

    ident: str
