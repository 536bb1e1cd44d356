"""Notes about places, and which of them touch an incident."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant, Premises


class PremiseWritten(Happened, frozen=True, tag=True):
    """The next version of a note. ``count``: notes ever written, this one included."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("label", "text")

    premise: str
    count: int
    kind: str
    lat: float
    lon: float
    radius_m: float
    until: Instant
    label: str = ""
    text: str = ""


class PremiseRemoved(Happened, frozen=True, tag=True):
    premise: str


class PremiseUndone(Happened, frozen=True, tag=True):
    premise: str


class PremisesFound(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("found",)

    incident: str
    location_version: int
    found: Premises | None = None
