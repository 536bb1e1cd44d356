"""The live state: what every console shows and every decision reads. Immutable; ``evolve`` makes the next one.

Dictionaries are never changed in place: ``put`` and ``drop`` copy. A closed incident and its calls leave by an event
of their own (``IncidentArchived``), so the size of the state is the work in hand, not the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.nuisance import Nuisance
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state.answering import Answering, Handed, LateCall, Redirected
from dispatch_core.domain.state.calls import AnswerIntent, Call, CallBackRun, Steering, Talk, Watch
from dispatch_core.domain.state.desks import Memo, MemoReader, ShiftHandOver
from dispatch_core.domain.state.incidents import Assignment, Folded, Incident, Leg, Note, Unit
from dispatch_core.domain.state.missed import Missed, MissedDone, MissedTally
from dispatch_core.domain.state.offers import DeclineLine, Declines, Offer
from dispatch_core.domain.state.seats import Duty, Node, Person, Position
from dispatch_core.domain.state.standing import Alarm, EarlyLocation, Hold, Site
from dispatch_core.domain.state.triage import Given, Triage
from dispatch_core.domain.surge import Surge, SurgeProposal
from dispatch_core.domain.vocabulary import (
    USUAL_PLACE_RULES,
    Capability,
    CardBook,
    Closure,
    Hospital,
    IncidentType,
    Instant,
    MapRef,
    PlaceRules,
    ResponsePlan,
    Station,
    ZoneSetRef,
)

__all__ = [
    "Alarm",
    "AnswerIntent",
    "Answering",
    "Assignment",
    "Call",
    "CallBackRun",
    "DeclineLine",
    "Declines",
    "Duty",
    "EVOLVE_VERSION",
    "EarlyLocation",
    "Folded",
    "Handed",
    "Given",
    "Hold",
    "Incident",
    "LateCall",
    "Leg",
    "Memo",
    "MemoReader",
    "Missed",
    "MissedDone",
    "MissedTally",
    "Node",
    "Note",
    "Offer",
    "Person",
    "Position",
    "Redirected",
    "ShiftHandOver",
    "Site",
    "State",
    "Steering",
    "Talk",
    "Triage",
    "Unit",
    "V",
    "Watch",
    "drop",
    "put",
]

EVOLVE_VERSION = 4
"""Changes whenever the same events would give another state; a checksum is only compared within one version.
``tests/domain/fixed_journal.py`` tells when it must."""

V = TypeVar("V")


class State(Struct, frozen=True, kw_only=True):
    seq: int = 0
    site: Site = Site()
    types: dict[str, IncidentType] = {}
    plans: tuple[ResponsePlan, ...] = ()
    capabilities: dict[str, Capability] = {}
    stations: dict[str, Station] = {}
    zone_sets: dict[str, ZoneSetRef] = {}
    map: MapRef | None = None
    closures: dict[str, Closure] = {}
    closure_count: int = 0  # drawn so far: no id is used twice
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
    answering: dict[str, Answering] = {}  # by slot and service, of a day and an hour
    late_calls: dict[str, LateCall] = {}
    unready: dict[str, Instant] = {}  # services with a waiting caller and nobody ready
    conversations: dict[str, Conversation] = {}
    nuisance: dict[str, Nuisance] = {}  # by number, personal: hidden with it
    watches: dict[str, Watch] = {}  # by the supervisor's position
    declines: dict[str, Declines] = {}  # of the newest day, by station
    place_rules: PlaceRules = USUAL_PLACE_RULES
    hospitals: dict[str, Hospital] = {}
    premise_count: int = 0  # notes ever written by hand: the next one's number
    sameness: Sameness = Sameness()
    surge: Surge | None = None
    surge_proposal: SurgeProposal | None = None
    memos: dict[str, Memo] = {}
    hand_overs: dict[str, ShiftHandOver] = {}  # by who hands over
    cards: CardBook = CardBook()
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
