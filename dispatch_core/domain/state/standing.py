"""What stands until somebody ends it: alarms, holds, locations that wait for their call; and the site itself."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.surge import SurgeRules
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    Area,
    DeskClocks,
    Instant,
    Location,
    OfferRules,
    Partner,
    Reason,
    RecommendRules,
    SafetyRules,
    Service,
)


class Alarm(Struct, frozen=True, kw_only=True):
    """Something that a person must act on; one per ``key`` until handled."""

    key: str
    kind: str
    subject: str
    level: AlarmLevel
    raised_at: Instant
    count: int = 1


class Hold(Struct, frozen=True, kw_only=True):
    """The recordings of an incident, or of one call, are kept whatever their age."""

    incident: str = ""
    call: str = ""
    at: Instant = 0
    by: str = ""
    reason: str = ""  # personal


class EarlyLocation(Struct, frozen=True, kw_only=True):
    """A caller's location that came before the call: it waits for it, not for long."""

    id: str
    at: Instant  # when it came
    number: str = ""  # personal
    location: Location | None = None  # personal


class Site(Struct, frozen=True, kw_only=True):
    """What the site's files say that decisions need; enters the state as an event so that a replay agrees."""

    name: str = ""
    utc_offset_min: int = 420
    services: dict[str, Service] = {}
    numbers: dict[str, tuple[str, ...]] = {}
    partners: dict[str, Partner] = {}  # to whom callers are handed over, by what is typed
    country_code: str = "84"  # of the numbers that callers have
    area: Area | None = None  # where callers can be: a location elsewhere is shown as doubtful
    reasons: dict[str, Reason] = {}  # for being not ready
    wrap_up_ms: int = 0  # after each call; 0 = none
    unattended_ms: int = 0  # a missed line to which nobody did anything for this long; 0 = never an alarm
    again_ms: int = 0  # a number that rings again within this joins its open incident; 0 = never
    prompt_after_s: int = 0  # silence of an answered caller until he is asked for a key; 0 = never by itself
    recommending: RecommendRules = RecommendRules()
    offers: OfferRules = OfferRules()
    safety: SafetyRules = SafetyRules()
    surge: SurgeRules = SurgeRules()
    clocks: DeskClocks = DeskClocks()
