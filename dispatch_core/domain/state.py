"""The live state: what every console shows and every decision reads. Immutable; ``evolve`` makes the next one.

Dictionaries are never changed in place: ``put`` and ``drop`` copy. A closed incident and its calls leave by an event
of their own (``IncidentArchived``), so the size of the state is the work in hand, not the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TypeVar

from msgspec import Struct

from dispatch_core.domain.vocabulary import (
    SIMULATED,
    AlarmLevel,
    Area,
    CallState,
    Candidate,
    Direction,
    EndedBy,
    IncidentState,
    IncidentType,
    Instant,
    LegState,
    Location,
    Role,
    Service,
    Station,
    UnitStatus,
    ZoneAnswer,
    ZoneSetRef,
    as_floats,
)

EVOLVE_VERSION = 1
"""Changes whenever the same events would give another state; a checksum is only compared within one version."""

V = TypeVar("V")


class Position(Struct, frozen=True, kw_only=True):
    """A seat with a console and a phone; ``user`` is who sits there now ("" = nobody)."""

    id: str
    label: str
    services: tuple[str, ...]
    user: str = ""
    installing: bool = False  # asked for from the screen, the switch has not confirmed it yet


class Person(Struct, frozen=True, kw_only=True):
    """Somebody signed in."""

    user: str
    name: str
    role: Role
    session: str
    position: str = ""
    since: Instant = 0


class Node(Struct, frozen=True, kw_only=True):
    """One Asterisk: ``up`` while its event stream is alive; ``booted`` is its start time as it told it."""

    id: str
    up: bool = False
    booted: str = ""
    since: Instant = 0

    @property
    def simulated(self) -> bool:
        """Whether its calls are made up: for training, tests and load."""
        return self.booted.startswith(SIMULATED)


class AnswerIntent(Struct, frozen=True, kw_only=True):
    """Somebody asked to answer; the switch has not reported the outcome yet."""

    position: str
    user: str
    at: Instant


class Talk(Struct, frozen=True):
    """A position began (or began again) to talk with the caller."""

    position: str
    since: Instant


class Call(Struct, frozen=True, kw_only=True):
    """One caller's contact. ``id`` is the call id that every channel of it carries."""

    id: str
    node: str
    direction: Direction = Direction.INCOMING
    state: CallState = CallState.ARRIVING
    number: str = ""  # personal
    name: str = ""  # personal; as the caller's side sent it: shown as text, never trusted
    dialled: str = ""
    services: tuple[str, ...] = ()
    carrier: str = ""
    queue: str = ""
    overflowed: bool = False
    ringing: tuple[str, ...] = ()
    position: str = ""  # who talks now
    positions: tuple[str, ...] = ()  # everyone who talked, in order
    talks: tuple[Talk, ...] = ()  # the same told apart: when each began, and began again
    parties: tuple[str, ...] = ()  # further parties of a conference or consultation
    intent: AnswerIntent | None = None
    hang_up_asked: bool = False
    hang_up_at: Instant = 0  # when it was asked
    arrived_at: Instant = 0
    queued_at: Instant = 0  # first
    requeued_at: Instant = 0  # last
    answered_at: Instant = 0  # first
    held_at: Instant = 0  # 0 = not on hold
    hold_told_at: Instant = 0  # of the newest word on hold or off
    ended_at: Instant = 0
    ended_by: EndedBy | None = None
    cause: int = -1
    recording: str = ""  # the file that was begun last
    recording_state: str = ""  # "" until it was looked at after the call, then kept, faulty or removed
    heard_ms: int = -1  # sound that the recorded channel received, and was sent; -1 = not counted
    played_ms: int = -1
    location: Location | None = None  # personal; the best one
    location_note: str = ""  # why no location could be read
    other_locations: tuple[Location, ...] = ()  # personal; the others that came, best first
    location_link: str = ""  # personal; a location by reference: shown, never fetched
    incident: str = ""

    @property
    def talked_from(self) -> tuple[Instant, ...]:
        """When each of ``positions`` began to talk."""
        return tuple(next(run).since for _, run in groupby(self.talks, key=lambda talk: talk.position))


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
    dispatcher: str = ""
    priority: int = 3
    units: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    opened_at: Instant = 0
    closed_at: Instant = 0


class Incident(Struct, frozen=True, kw_only=True):
    id: str
    state: IncidentState = IncidentState.RECEIVING
    version: int = 1
    type: str = ""
    priority: int = 3
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


class Assignment(Struct, frozen=True, kw_only=True):
    """One unit on one leg. A unit holds at most one: it is a field of the unit."""

    incident: str
    service: str
    at: Instant
    by: str


class Unit(Struct, frozen=True, kw_only=True):
    call_sign: str
    service: str
    station: str
    label: str = ""
    capabilities: tuple[str, ...] = ()
    lat: float
    lon: float
    status: UnitStatus = UnitStatus.AVAILABLE
    status_at: Instant = 0
    status_by: str = ""
    assignment: Assignment | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon")


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


class TextMessage(Struct, frozen=True, kw_only=True):
    id: str
    node: str
    dialled: str
    number: str = ""  # personal
    text: str = ""  # personal
    at: Instant = 0


class Site(Struct, frozen=True, kw_only=True):
    """What the site's files say that decisions need; enters the state as an event so that a replay agrees."""

    name: str = ""
    utc_offset_min: int = 420
    services: dict[str, Service] = {}
    numbers: dict[str, tuple[str, ...]] = {}
    country_code: str = "84"  # of the numbers that callers have
    area: Area | None = None  # where callers can be: a location elsewhere is shown as doubtful


class State(Struct, frozen=True, kw_only=True):
    seq: int = 0
    site: Site = Site()
    types: dict[str, IncidentType] = {}
    stations: dict[str, Station] = {}
    zone_sets: dict[str, ZoneSetRef] = {}
    positions: dict[str, Position] = {}
    people: dict[str, Person] = {}
    nodes: dict[str, Node] = {}
    calls: dict[str, Call] = {}
    incidents: dict[str, Incident] = {}
    units: dict[str, Unit] = {}
    alarms: dict[str, Alarm] = {}
    texts: dict[str, TextMessage] = {}
    holds: dict[str, Hold] = {}  # by incident or call
    early_locations: dict[str, EarlyLocation] = {}
    day: str = ""
    day_count: int = 0


def put(mapping: Mapping[str, V], key: str, value: V) -> dict[str, V]:
    """A copy of ``mapping`` with ``key`` set."""
    copy = dict(mapping)
    copy[key] = value
    return copy


def drop(mapping: Mapping[str, V], key: str) -> dict[str, V]:
    """A copy of ``mapping`` without ``key``."""
    copy = dict(mapping)
    copy.pop(key, None)
    return copy
