"""An incident with its legs, and the units that work on it."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.state.answering import Handed, Redirected
from dispatch_core.domain.state.offers import Offer
from dispatch_core.domain.state.triage import Triage
from dispatch_core.domain.vocabulary import (
    Candidate,
    Crew,
    IncidentState,
    Instant,
    LegState,
    Location,
    OfferTo,
    Override,
    Passed,
    Premises,
    Tally,
    UnitStatus,
    ZoneAnswer,
    as_floats,
)


class Note(Struct, frozen=True, kw_only=True):
    """One line of an incident's story. ``kind`` is "note" for typed words, else the code of what happened."""

    at: Instant
    by: str
    kind: str
    about: tuple[str, ...] = ()  # unit, service, place's version: what the sentence of ``kind`` speaks of
    text: str = ""  # personal where kind is "note"


class Leg(Struct, frozen=True, kw_only=True):
    """One service's share of an incident."""

    service: str
    state: LegState = LegState.OPEN
    zone: ZoneAnswer | None = None
    station: str = ""
    station_fixed: bool = False  # a person chose it: the zone no longer decides
    also: tuple[str, ...] = ()  # stations alerted beside it: the place lies in their zones too
    dispatcher: str = ""
    priority: int = 3
    units: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    passed: tuple[Passed, ...] = ()
    ranked_at: Instant = 0  # when the travel times of candidates and passed were measured
    routed_seen: int = 0  # the newest event that the geography's answer knew of
    routing_at: Instant = 0  # since when an answer of the geography is waited for, 0 = for none
    route_tries: int = 0  # how often a clock asked for it again
    unfit: tuple[str, ...] = ()  # of the stations that are asked: crews beyond ``passed`` that cannot come
    level: int = 1  # the alarm level that opened it
    overrides: tuple[Override, ...] = ()
    offers: tuple[Offer, ...] = ()  # the oldest first
    offered: int = 0  # how many there were
    spent_at: Instant = 0  # since when nobody is left to ask
    turned_back: tuple[str, ...] = ()  # crews that were on their way and did not come
    then: OfferTo | None = None  # whom to ask once the travel times that a person waits for are there
    opened_at: Instant = 0
    closed_at: Instant = 0


class Folded(Struct, frozen=True, kw_only=True):
    """An incident that turned out to be part of another one, and what it takes to undo that."""

    into: str
    calls: tuple[str, ...]
    legs: tuple[str, ...]  # that were open
    state: IncidentState  # before
    conversations: tuple[str, ...] = ()


class Incident(Struct, frozen=True, kw_only=True):
    id: str
    state: IncidentState = IncidentState.RECEIVING
    version: int = 1
    type: str = ""
    priority: int = 3
    level: int = 1  # báo động cấp …
    calls: tuple[str, ...] = ()
    services: tuple[str, ...] = ()  # first guess, from the number that was dialled
    location: Location | None = None  # personal
    location_version: int = 0
    routed_version: int = 0
    owner: str = ""
    legs: dict[str, Leg] = {}
    notes: tuple[Note, ...] = ()
    received_at: Instant = 0
    closed_at: Instant = 0
    disposition: str = ""
    folded: Folded | None = None
    premises: Premises | None = None  # personal
    unlike: tuple[str, ...] = ()  # incidents that somebody said are not the same
    handed: Handed | None = None
    triage: Triage = Triage()


class Assignment(Struct, frozen=True, kw_only=True):
    """One unit on one leg. A unit holds at most one: it is a field of the unit."""

    incident: str
    service: str
    at: Instant
    by: str
    until: Instant = 0  # an offer on a clock; 0 = a person's order
    travel_s: int = 0  # how long it was said to need; 0 = not said


class Unit(Struct, frozen=True, kw_only=True):
    call_sign: str
    service: str
    station: str
    label: str = ""
    capabilities: tuple[str, ...] = ()
    vehicle: str = ""  # travel profile, "" = the usual one of its service
    lat: float
    lon: float
    status: UnitStatus = UnitStatus.AVAILABLE
    status_at: Instant = 0
    status_by: str = ""
    assignment: Assignment | None = None
    crew: Crew = Crew()
    tally: Tally = Tally()
    checked_at: Instant = 0  # in this status somebody last heard that all is well
    overdue_at: Instant = 0  # since this status began, or the last check: an alarm was raised
    hospital: str = ""  # where it takes its patient
    cover: str = ""  # the station that it covers in place of its own, "" = none
    cover_at: Instant = 0
    redirected: Redirected | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon")
