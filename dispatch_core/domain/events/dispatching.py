"""What happened to alarm levels, recommendations and crews."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import CrewState, Instant, OfferTo


class AlarmLevelSet(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    was: int
    level: int
    reason: str = ""


class RankingAsked(Happened, frozen=True, tag=True):
    """The travel times of these legs are measured anew. ``then``: whom they ask once that is done; None: nobody."""

    incident: str
    services: tuple[str, ...]
    then: OfferTo | None = None


class RouteAskedAgain(Happened, frozen=True, tag=True):
    """The geography did not answer in time, or answers otherwise since: a clock asks for these legs again."""

    incident: str
    services: tuple[str, ...]


class RouteGivenUp(Happened, frozen=True, tag=True):
    """It was asked often enough; people are told."""

    incident: str
    service: str


class RecommendationOverridden(Happened, frozen=True, tag=True):
    """``unit`` was sent, ``instead`` was free and would have been there ``sooner_s`` earlier (0 = not known), or can
    what the other one ``lacks``."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    service: str
    unit: str
    instead: str
    sooner_s: float
    lacks: tuple[str, ...] = ()
    reason: str = ""


class OverrideExplained(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    service: str
    unit: str
    reason: str = ""


class CrewSet(Happened, frozen=True, tag=True):
    unit: str
    crew: CrewState
    until: Instant = 0
