"""The live state: what every console shows and every decision reads. Immutable; ``evolve`` makes the next one.

Dictionaries are never changed in place: ``put`` and ``drop`` copy. A closed incident and its calls leave by an event
of their own (``IncidentArchived``), so the size of the state is the work in hand, not the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TypeVar

from msgspec import Struct

from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.nuisance import Nuisance
from dispatch_core.domain.silence import Silence
from dispatch_core.domain.vocabulary import (
    SIMULATED,
    AlarmLevel,
    Area,
    CallBackOutcome,
    CallState,
    Candidate,
    Direction,
    DutyState,
    EndedBy,
    IncidentState,
    IncidentType,
    Instant,
    LegState,
    Location,
    MissedEnd,
    Reason,
    Role,
    Service,
    Station,
    SteerAct,
    TargetKind,
    UnitStatus,
    WatchHow,
    ZoneAnswer,
    ZoneSetRef,
    as_floats,
)

EVOLVE_VERSION = 1
"""Changes whenever the same events would give another state; a checksum is only compared within one version."""

V = TypeVar("V")


class Duty(Struct, frozen=True, kw_only=True):
    """Whether a seat's phone takes calls of its queues; ``why`` is the code of a reason, ``until`` ends a wrap-up."""

    state: DutyState = DutyState.READY
    why: str = ""
    since: Instant = 0
    until: Instant = 0


class Position(Struct, frozen=True, kw_only=True):
    """A seat with a console and a phone; ``user`` is who sits there now ("" = nobody)."""

    id: str
    label: str
    services: tuple[str, ...]
    user: str = ""
    installing: bool = False  # asked for from the screen, the switch has not confirmed it yet
    duty: Duty = Duty()


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


class Steering(Struct, frozen=True, kw_only=True):
    """Somebody asked to steer the call; the switch has not reported the outcome yet."""

    act: SteerAct
    position: str
    user: str
    kind: TargetKind = TargetKind.NONE
    target: str = ""
    number: str = ""  # personal
    channel: str = ""
    at: Instant = 0


class Watch(Struct, frozen=True, kw_only=True):
    """A supervisor's phone at ``position`` hears ``watched`` on ``call`` (or is about to: not ``running`` yet)."""

    position: str
    user: str
    node: str
    call: str
    watched: str
    how: WatchHow
    channel: str
    running: bool = False
    stop_asked: bool = False
    at: Instant = 0


class Talk(Struct, frozen=True):
    """A position began (or began again) to talk with the caller."""

    position: str
    since: Instant


class CallBackRun(Struct, frozen=True, kw_only=True):
    """A call that we make: who asked, why, and how far it came. The call's id was chosen before it was asked for."""

    position: str
    user: str
    at: Instant
    of: str = ""  # the call that it answers
    line: str = ""  # the missed line that it answers
    dialled_at: Instant = 0  # the position picked up and the number was dialled
    unsure_at: Instant = 0  # the order went out and its answer was lost: the next look at the switch tells
    outcome: CallBackOutcome | None = None


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
    steer: Steering | None = None
    guest: str = ""  # personal: the outside number that was asked or invited last
    muted: tuple[str, ...] = ()  # positions whose voice is kept from the others
    mute_told_at: Instant = 0  # of the newest word on that
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
    back: CallBackRun | None = None  # of a call that we make
    silence: Silence = Silence()  # personal: the keys

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


class Folded(Struct, frozen=True, kw_only=True):
    """An incident that turned out to be part of another one, and what it takes to undo that."""

    into: str
    calls: tuple[str, ...]
    legs: tuple[str, ...]  # that were open
    state: IncidentState  # before


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
    folded: Folded | None = None


class Missed(Struct, frozen=True, kw_only=True):
    """Calls of one number that nobody took, as one line until somebody reached the caller. ``id`` is the first's."""

    id: str
    number: str = ""  # personal; "" = withheld: nobody can be called back
    services: tuple[str, ...] = ()
    dialled: str = ""  # the service number of the newest
    calls: tuple[str, ...] = ()  # the newest of them
    count: int = 1
    cut: bool = False  # the switch lost the call, which may have been answered already
    first_at: Instant = 0
    last_at: Instant = 0
    incident: str = ""  # of the newest
    node: str = ""
    tries: int = 0
    tried: str = ""  # the newest call-back
    tried_at: Instant = 0
    tried_by: str = ""
    outcome: CallBackOutcome | None = None
    overdue: bool = False  # nobody did anything for too long


class MissedDone(Struct, frozen=True, kw_only=True):
    """A line that has left the list, so that a second person at it can be told whose it was."""

    id: str
    end: MissedEnd
    user: str
    at: Instant


class MissedTally(Struct, frozen=True, kw_only=True):
    """The figures of one day: lines that came, and how they left. ``wait_ms`` is the sum, ``longest_ms`` the longest,
    from the first call until somebody reached the caller."""

    day: str = ""
    lines: int = 0
    calls: int = 0
    called_back: int = 0
    rang_again: int = 0
    by_hand: int = 0
    wait_ms: int = 0
    longest_ms: int = 0


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


class Site(Struct, frozen=True, kw_only=True):
    """What the site's files say that decisions need; enters the state as an event so that a replay agrees."""

    name: str = ""
    utc_offset_min: int = 420
    services: dict[str, Service] = {}
    numbers: dict[str, tuple[str, ...]] = {}
    country_code: str = "84"  # of the numbers that callers have
    area: Area | None = None  # where callers can be: a location elsewhere is shown as doubtful
    reasons: dict[str, Reason] = {}  # for being not ready
    wrap_up_ms: int = 0  # after each call; 0 = none
    unattended_ms: int = 0  # a missed line to which nobody did anything for this long; 0 = never an alarm
    again_ms: int = 0  # a number that rings again within this joins its open incident; 0 = never
    prompt_after_s: int = 0  # silence of an answered caller until he is asked for a key; 0 = never by itself


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
    holds: dict[str, Hold] = {}  # by incident or call
    early_locations: dict[str, EarlyLocation] = {}
    missed: dict[str, Missed] = {}
    missed_done: dict[str, MissedDone] = {}
    missed_today: MissedTally = MissedTally()
    unready: dict[str, Instant] = {}  # services with a waiting caller and nobody ready
    conversations: dict[str, Conversation] = {}
    nuisance: dict[str, Nuisance] = {}  # by number, personal: hidden with it
    watches: dict[str, Watch] = {}  # by the supervisor's position
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
