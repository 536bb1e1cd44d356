"""What a site lays down for sending: response plans, crews and their shifts, and when a unit is not proposed."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.incidents import Need
from dispatch_core.domain.vocabulary.values import Instant

ALARM_LEVELS = 5
"""Báo động cấp 1 (what the type itself wants) to cấp 5."""


class Capability(Struct, frozen=True, kw_only=True):
    """What a unit can do, and what people call it."""

    code: str
    service: str
    vi: str
    en: str


class ResponsePlan(Struct, frozen=True, kw_only=True):
    """What is wanted in addition for incidents of these types from an alarm level on. ``priorities`` empty: whatever
    the priority."""

    code: str
    types: tuple[str, ...]
    level: int = 1
    priorities: tuple[int, ...] = ()
    needs: tuple[Need, ...] = ()


class CrewState(StrEnum):
    STAFFED = "staffed"
    UNSTAFFED = "unstaffed"
    RESTING = "resting"


class Crew(Struct, frozen=True, kw_only=True):
    """Who could drive a unit out now. ``until`` ends a rest by itself; 0 = until somebody says so."""

    state: CrewState = CrewState.STAFFED
    since: Instant = 0
    until: Instant = 0
    by: str = ""


class Tally(Struct, frozen=True, kw_only=True):
    """What a unit did in the shift that began at ``shift``."""

    shift: Instant = 0
    runs: int = 0
    worked_ms: int = 0


class RecommendRules(Struct, frozen=True, kw_only=True):
    """When a unit is not proposed, and when sending another one than proposed wants a reason; 0 = never."""

    radius_km: dict[str, float] = {}  # by service, along the road
    stale_s: int = 600  # a reported position older than this is not measured from
    runs_most: int = 0  # in a shift
    work_most_min: int = 0  # at work in a shift
    better_by_s: int = 120  # a free one that would be there so much sooner
    fresh_s: int = 180  # after so long the travel times are worth measuring anew
    shifts: tuple[int, ...] = (360, 1080)  # minutes of the site's day at which shifts begin
