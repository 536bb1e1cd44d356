"""The words of the trade as types: enumerations and the small values that several parts share.

Times are ``Instant``: integer milliseconds since 1970-01-01 UTC. Angles are WGS84 degrees, latitude first in argument
lists. Distances are metres. Vietnamese and English names stand side by side wherever a person will read them.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

Instant = int

SIMULATED = "sim-"
"""How the name of every simulated switch begins, and what is told of its start: nobody may take it for a real one."""


def as_floats(value: Struct, *names: str) -> None:
    """Make these fields floats, and -0.0 plain zero: equal values then have equal bytes, and so equal checksums."""
    for name in names:
        number = getattr(value, name)
        if number is not None:
            force_setattr(value, name, float(number) + 0.0)


class Role(StrEnum):
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    TELEPHONY_ADMIN = "telephony_admin"


class CallState(StrEnum):
    ARRIVING = "arriving"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    ENDED = "ended"
    ABANDONED = "abandoned"

    @property
    def live(self) -> bool:
        return self not in (CallState.ENDED, CallState.ABANDONED)

    @property
    def waiting(self) -> bool:
        return self in (CallState.ARRIVING, CallState.QUEUED, CallState.RINGING)


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class EndedBy(StrEnum):
    """Who or what ended a call."""

    CALLER = "caller"
    POSITION = "position"
    US = "us"  # an action of ours dropped the caller
    SWITCH_LOST = "switch_lost"  # the switch restarted or no longer knows the call
    UNREACHED = "unreached"  # an outgoing call that nobody took


class CallBackOutcome(StrEnum):
    """What became of a call-back; ``UNKNOWN`` is put to a person and never tried again by itself."""

    REACHED = "reached"
    NO_PICK_UP = "no_pick_up"  # the position's own phone was not lifted
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    INVALID = "invalid"  # no such number
    UNREACHABLE = "unreachable"  # no carrier could take the call
    GIVEN_UP = "given_up"  # the position put its phone down while the number rang
    REFUSED = "refused"  # the switch did not take the order
    UNKNOWN = "unknown"


class MissedEnd(StrEnum):
    """Why a line left the list of missed calls."""

    CALLED_BACK = "called_back"
    RANG_AGAIN = "rang_again"
    BY_HAND = "by_hand"
    NOT_MISSED = "not_missed"  # it turned out to have been answered, or to be alive
    TOO_MANY = "too_many"


class DutyState(StrEnum):
    READY = "ready"
    NOT_READY = "not_ready"
    WRAP_UP = "wrap_up"
class SteerAct(StrEnum):
    """What may be asked of a call that talks."""

    HOLD = "hold"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    TRANSFER = "transfer"
    CONSULT = "consult"
    COMPLETE = "complete"
    JOIN = "join"
    BACK = "back"
    INVITE = "invite"
    LEAVE = "leave"

    @property
    def rings(self) -> bool:
        """Whether somebody must pick up before it has come about."""
        return self in (SteerAct.TRANSFER, SteerAct.CONSULT, SteerAct.INVITE)


class TargetKind(StrEnum):
    NONE = ""
    POSITION = "position"
    SERVICE = "service"
    NUMBER = "number"


class WatchHow(StrEnum):
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


class IncidentState(StrEnum):
    RECEIVING = "receiving"
    OPEN = "open"
    WORKING = "working"
    CLOSED = "closed"


class LegState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class UnitStatus(StrEnum):
    AVAILABLE = "available"
    OFFERED = "offered"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    AT_HOSPITAL = "at_hospital"
    RETURNING = "returning"
    OUT_OF_SERVICE = "out_of_service"


class LocationSource(StrEnum):
    PIDF_LO = "pidf_lo"
    AML = "aml"
    APP = "app"
    GAZETTEER = "gazetteer"
    MAP_PIN = "map_pin"
    WARD = "ward"
    SPOKEN = "spoken"  # words without coordinates


class AlarmLevel(StrEnum):
    """Three levels; the top two sound."""

    CRITICAL = "critical"
    HIGH = "high"
    LOW = "low"


class Location(Struct, frozen=True, kw_only=True):
    """A place: where, from whom, how sure. ``lat``/``lon`` are None where only words are known."""

    label: str
    source: LocationSource
    lat: float | None = None
    lon: float | None = None
    uncertainty_m: float = 0.0  # radius of the circle around lat/lon that holds the whole shape; 0 = not said
    confidence: int = 0  # percent, 0 = not said
    at: Instant = 0  # when it was measured
    shape: str = ""  # as it was told: point, circle, ellipse, arc_band, polygon, ...
    outline: tuple[tuple[float, float], ...] = ()  # longitude first, as in GeoJSON; not closed; empty = the circle
    altitude_m: float | None = None
    floor: str = ""
    method: str = ""  # gnss, wifi, cell, fused, ...
    doubt: str = ""  # why it is not to be trusted: outside, swapped, old, cut

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon", "uncertainty_m", "altitude_m")
        if self.outline:
            force_setattr(self, "outline", tuple((float(lon) + 0.0, float(lat) + 0.0) for lon, lat in self.outline))


class Area(Struct, frozen=True, kw_only=True):
    """A box on the map, degrees."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        as_floats(self, "south", "west", "north", "east")

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class ZoneAnswer(Struct, frozen=True, kw_only=True):
    """What a zone set says of one point: who serves it, how sure, who would be next."""

    service: str
    zone_set: str  # name and version of the set that answered
    zone: str  # code
    zone_name: str
    station: str  # id of the station that serves it, "" where none is known
    runner_up: str = ""
    runner_up_name: str = ""
    border_m: float = 0.0  # distance from the point to the border of its zone
    outside: bool = False  # the point lies in no zone: the nearest was taken
    outside_m: float = 0.0
    approximate: bool = False  # the set is a demonstration

    def __post_init__(self) -> None:
        as_floats(self, "border_m", "outside_m")


class Suggestion(Struct, frozen=True, kw_only=True):
    """One answer of the address search."""

    label: str
    lat: float
    lon: float
    kind: str  # ward, former_ward, former_district, place, street, ...
    ward: str = ""
    uncertainty_m: float = 0.0
    score: float = 0.0


class Candidate(Struct, frozen=True, kw_only=True):
    """A unit proposed for a leg, with its reason in numbers."""

    unit: str
    metres: float
    capable: bool = True

    def __post_init__(self) -> None:
        as_floats(self, "metres")


class Service(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    glyph: str = "●"
    hue: str = "#808080"


class Need(Struct, frozen=True, kw_only=True):
    """One line of a response plan: so many units of a service with a capability ("" = any)."""

    service: str
    capability: str = ""
    count: int = 1


class Reason(Struct, frozen=True, kw_only=True):
    """Why a position may be not ready."""

    code: str
    vi: str
    en: str


class IncidentType(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    keywords: tuple[str, ...] = ()
    priority: int = 3  # 1 the most urgent, 5 the least
    needs: tuple[Need, ...] = ()


class Station(Struct, frozen=True, kw_only=True):
    id: str
    service: str
    name: str
    lat: float
    lon: float
    sample: bool = False

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon")


class ZoneSetRef(Struct, frozen=True, kw_only=True):
    """Which published zone set serves; the polygons live in the store, never in the live state."""

    service: str
    name: str
    version: int
    zones: int
    approximate: bool = False
