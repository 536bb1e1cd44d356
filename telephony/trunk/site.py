"""The one description of a site: carriers, service numbers, services, queues, positions, ports (`site.toml`).

Every other file about voice follows from it. Guarded here: an unknown key, a wrong type or a value out of
range never gets past `load_site`; `site_checks` guards what one entry says about another, `site_shapes` that no text
breaks out of a configuration line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from telephony.trunk.site_carriers import Carrier, NodePorts, Phones, Ports, Tls
from telephony.trunk.site_centre import (
    EVERYBODY,
    Announcement,
    Number,
    OverflowStep,
    Partner,
    Recording,
    ServiceQueue,
)
from telephony.trunk.site_checks import first_problem
from telephony.trunk.site_errors import SiteError, cannot_read, refuse, wrong_shape
from telephony.trunk.site_shapes import Address, Contact, Entry, Label, Name, PositionId, ServiceNumber, SoundName

ONLY_NODE = "pbx1"  # where the file names none


class Centre(Entry, frozen=True):
    """`[site]`. `timezone`: offset from UTC. `nodes`: one systemname for each Asterisk, each on a machine of its own
    and so on the same ports; where they are not, `[[nodes]]` sections stand instead."""

    name: Label
    timezone: Annotated[str, msgspec.Meta(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")] = "+07:00"
    nodes: tuple[Name, ...] = ()

    @property
    def utc_offset_s(self) -> int:
        """Of the site's own time, seconds."""
        sign = -1 if self.timezone.startswith("-") else 1
        return sign * (int(self.timezone[1:3]) * 3600 + int(self.timezone[4:]) * 60)


class Service(Entry, frozen=True):
    """`[[services]]`. `glyph` and `hue` (#RRGGBB) are how screens tell it apart, also without colour."""

    code: Name
    vi: Label
    en: Label
    glyph: Annotated[str, msgspec.Meta(min_length=1, max_length=2)]
    hue: Annotated[str, msgspec.Meta(pattern=r"^#[0-9A-Fa-f]{6}$")]


class RegisteringPhone(Entry, frozen=True):
    """A phone that registers with user name = position id and the password in `secret_file`."""

    secret_file: Annotated[str, msgspec.Meta(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Position(Entry, frozen=True):
    """`[[positions]]`. `services`: whose queues it serves. `phone`: a fixed contact, or one that registers."""

    id: PositionId
    vi: Label
    en: Label
    services: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    phone: Contact | RegisteringPhone


class Region(Entry, frozen=True):
    """A box on the map, in degrees: a caller's location outside it is shown as doubtful."""

    south: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    west: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    north: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    east: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Locations(Entry, frozen=True):
    """`[locations]`. `listen`: where the core hears the switches' SIP messages, "" for not at all. `sms_numbers`: to
    which phones send their location by SMS, beside the service numbers. `country_code`: of callers' numbers."""

    listen: Address | Literal[""] = "127.0.0.1:9060"
    sms_numbers: tuple[ServiceNumber, ...] = ()
    country_code: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,2}$")] = "84"
    area: Region | None = None


class Silence(Entry, frozen=True):
    """`[silence]`. `prompt_after`: seconds until a caller who says nothing is asked for a key, 0 = never. `loud`: the
    mean loudness (of 32,767) that counts as a sound; `pause_ms`: how long none may be heard before it is over.
    `prompt`: a sound of the site's own, absolute, without its suffix."""

    prompt_after: Annotated[int, msgspec.Meta(ge=0, le=120)] = 10
    loud: Annotated[int, msgspec.Meta(ge=1, le=32767)] = 256
    pause_ms: Annotated[int, msgspec.Meta(ge=200, le=20000)] = 2500
    prompt: Annotated[str, msgspec.Meta(pattern=r"^(/[A-Za-z0-9._/-]{1,200})?$")] = ""


class Surge(Entry, frozen=True):
    """`[surge]`. Proposed to the supervisor when `waiting` callers wait or `arrivals` came within a minute (0: never by
    this), and `alike` of them seem to call about one thing. `radius_m`: who is known to call from farther away is not
    folded by the key alone. `minutes`: how long it lasts. `folder`: where the site's own recordings are, absolute, at
    every node; "" is what comes with the system. `sounds`: their names there, the usual one first; beside them
    `surge-thanks`, for whoever pressed the key."""

    waiting: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 6
    arrivals: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 12
    alike: Annotated[int, msgspec.Meta(ge=2, le=1_000)] = 3
    radius_m: Annotated[int, msgspec.Meta(ge=50, le=100_000)] = 1_000
    minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 30
    folder: Annotated[str, msgspec.Meta(pattern=r"^(/[A-Za-z0-9._/-]{1,200})?$")] = ""
    sounds: Annotated[tuple[SoundName, ...], msgspec.Meta(min_length=1, max_length=20)] = ("surge",)


class AwayReason(Entry, frozen=True):
    """`[[duty.reasons]]`. Why a position may be not ready. `most`: minutes after which the supervisor's screen asks for
    a look, 0 = never."""

    code: Name
    vi: Label
    en: Label
    most: Annotated[int, msgspec.Meta(ge=0, le=480)] = 0


REASONS = (
    AwayReason(code="break", vi="giải lao", en="break", most=15),
    AwayReason(code="meal", vi="ăn cơm", en="meal", most=45),
    AwayReason(code="restroom", vi="vệ sinh", en="restroom", most=10),
    AwayReason(code="meeting", vi="họp", en="meeting"),
    AwayReason(code="fault", vi="sự cố máy", en="equipment fault"),
    AwayReason(code="other", vi="việc khác", en="other"),
)


class Duty(Entry, frozen=True):
    """`[duty]`. `wrap_up`: seconds after each call, 0 = none. `missed_alarm_after`: minutes after which a missed call
    to which nobody did anything is an alarm, 0 = never. `rings_again_within`: minutes within which a number that rings
    again joins its open incident, 0 = never."""

    wrap_up: Annotated[int, msgspec.Meta(ge=0, le=600)] = 0
    missed_alarm_after: Annotated[int, msgspec.Meta(ge=0, le=240)] = 5
    rings_again_within: Annotated[int, msgspec.Meta(ge=0, le=240)] = 15
    reasons: Annotated[tuple[AwayReason, ...], msgspec.Meta(min_length=1, max_length=20)] = REASONS


Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Recommending(Entry, frozen=True):
    """When a unit is not proposed, and when sending another one than proposed is told with its reason.

    ``radius_km``: by service, along the road; ``shifts``: when they begin; 0 = no limit."""

    radius_km: dict[Name, Annotated[float, msgspec.Meta(gt=0, le=2000)]] = {}
    stale_after: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 600
    runs_most: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    work_most: Annotated[int, msgspec.Meta(ge=0, le=24)] = 0
    better_by: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 120
    fresh: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 180
    shifts: Annotated[tuple[Clock, ...], msgspec.Meta(max_length=8)] = ("06:00", "18:00")
Lengths = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=1, le=3600)], ...], msgspec.Meta(min_length=5, max_length=5)
]
Watched = Annotated[int, msgspec.Meta(ge=0, le=86_400)]

DECLINE_REASONS = (
    AwayReason(code="no-crew", vi="không đủ người", en="no crew"),
    AwayReason(code="vehicle-fault", vi="xe hỏng", en="vehicle fault"),
    AwayReason(code="on-task", vi="đang làm việc khác", en="on another task"),
    AwayReason(code="too-far", vi="quá xa", en="too far"),
    AwayReason(code="no-equipment", vi="thiếu phương tiện", en="equipment missing"),
    AwayReason(code="road-blocked", vi="không có đường vào", en="no way in"),
)


class Offers(Entry, frozen=True):
    """`[offers]`. Seconds in which a crew or a station answers, by priority 1 to 5. `declines`: so many on one leg, and
    the station is passed over; `most`: offers that a leg makes by itself; `late`: the last seconds, which ask for
    attention."""

    crew_seconds: Lengths = (30, 45, 60, 90, 120)
    station_seconds: Lengths = (45, 60, 90, 120, 180)
    declines: Annotated[int, msgspec.Meta(ge=1, le=10)] = 2
    most: Annotated[int, msgspec.Meta(ge=1, le=50)] = 20
    late: Annotated[int, msgspec.Meta(ge=0, le=600)] = 10
    reasons: Annotated[tuple[AwayReason, ...], msgspec.Meta(min_length=1, max_length=30)] = DECLINE_REASONS


class Safety(Entry, frozen=True):
    """`[safety]`. Seconds that a unit stays in a status until it is an alarm, 0 = never. On the way it is
    `en_route_factor` times the travel time that was said, and at least `en_route`."""

    offered: Watched = 60
    acknowledged: Watched = 120
    en_route: Watched = 300
    en_route_factor: Annotated[float, msgspec.Meta(ge=1.0, le=10.0)] = 1.5
    on_scene: Watched = 1200
    transporting: Watched = 2700
    at_hospital: Watched = 1800
    returning: Watched = 0


Share = Annotated[float, msgspec.Meta(ge=0.05, le=1.0)]
Sounds = Literal["critical", "high", "low"]


class ClockRow(Entry, frozen=True):
    """One row of `[clocks]`. `late`: seconds until the clock is late, 0 = never. `attention`: the share of it after
    which it asks for attention. `sound`: the level at which it sounds once it is late, `low` is silent. `repeat`:
    seconds until a sound that nobody silenced comes again, 0 = once."""

    late: Watched = 0
    attention: Share = 0.66
    sound: Sounds = "high"
    repeat: Watched = 20


class Clocks(Entry, frozen=True):
    """`[clocks]`. Which clock colours and sounds when. Offers and crews have their limits in `[offers]` and `[safety]`;
    a crew that is late sounds as the alarm that it is."""

    ringing: ClockRow = ClockRow(late=15, repeat=15)
    offer: ClockRow = ClockRow(repeat=0)
    unconfirmed: ClockRow = ClockRow(late=60, repeat=30)
    no_unit: ClockRow = ClockRow(late=120, sound="critical", repeat=30)
    safety_attention: Share = 0.66
    critical_repeat: Watched = 20
    high_repeat: Watched = 60


class Site(Entry, frozen=True):
    """A whole site, its references checked."""

    site: Centre
    services: Annotated[tuple[Service, ...], msgspec.Meta(min_length=1)]
    numbers: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1)]
    carriers: Annotated[tuple[Carrier, ...], msgspec.Meta(min_length=1)]
    queues: Annotated[tuple[ServiceQueue, ...], msgspec.Meta(min_length=1)]
    positions: Annotated[tuple[Position, ...], msgspec.Meta(min_length=1)]
    partners: Annotated[tuple[Partner, ...], msgspec.Meta(max_length=100)] = ()
    announcements: Annotated[tuple[Announcement, ...], msgspec.Meta(max_length=100)] = ()
    ports: Ports = Ports()
    tls: Tls = Tls()
    phones: Phones = Phones()
    nodes: tuple[NodePorts, ...] = ()
    recording: Recording = Recording()
    duty: Duty = Duty()
    locations: Locations = Locations()
    silence: Silence = Silence()
    recommending: Recommending = Recommending()
    offers: Offers = Offers()
    safety: Safety = Safety()
    surge: Surge = Surge()
    clocks: Clocks = Clocks()

    @property
    def node_names(self) -> tuple[str, ...]:
        """One name for each Asterisk, in the order of the file."""
        return tuple(node.name for node in self.nodes) or self.site.nodes or (ONLY_NODE,)

    def at(self, node: str) -> Site:
        """The site as this node has it: `ports` are its own. ValueError for a node that there is not."""
        if node not in self.node_names:
            raise ValueError(f"no node {node!r} in this site: {', '.join(self.node_names)}")
        written = next((it for it in self.nodes if it.name == node), None)
        if written is None:
            return self
        own = {key: value for key in Ports.__struct_fields__ if (value := getattr(written, key)) is not None}
        return msgspec.structs.replace(self, ports=msgspec.structs.replace(self.ports, **own))

    def queue_of(self, service: str) -> ServiceQueue:
        """The queue of a service; every service has one."""
        return next(queue for queue in self.queues if queue.service == service)

    def positions_of(self, *services: str) -> tuple[Position, ...]:
        """The positions that serve the queue of any of these services, in the order of the file."""
        return tuple(position for position in self.positions if not set(services).isdisjoint(position.services))

    def called_by(self, queue: ServiceQueue, step: OverflowStep) -> tuple[str, ...]:
        """The services whose positions a step calls, the queue's own with them; () for everybody."""
        if EVERYBODY in step.to:
            return ()
        return tuple(it.code for it in self.services if it.code in (queue.service, *step.to))

    @property
    def has_steps(self) -> bool:
        return any(queue.steps for queue in self.queues)


def load_site(path: Path) -> Site:
    """The site that a file describes. SiteError names file, line, key, and what to write instead."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise cannot_read(str(path), error) from error
    return parse_site(text, str(path))


def parse_site(text: str, file: str = "site.toml") -> Site:
    """The site that the text of a file describes; `file` is only how errors call it. SiteError as above."""
    try:
        site = msgspec.toml.decode(text, type=Site)
    except msgspec.DecodeError as error:
        raise wrong_shape(file, text, error, Site) from error
    problem = first_problem(site)
    if problem is not None:
        raise refuse(file, text, problem)
    return site


__all__ = ["Carrier", "NodePorts", "Phones", "Ports", "Site", "SiteError", "load_site", "parse_site"]
