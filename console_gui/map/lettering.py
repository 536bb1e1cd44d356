"""Which words stand where: room is given in the order in which the eye should land, and what finds none is left out.

First the incidents (selected, late, P1, the rest), then units at work, units available, stations; zone names take what
is left and step aside. Without Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console_gui.map.ages import Age
from console_gui.map.marks import IncidentMark, StationMark, UnitMark
from console_gui.map.mercator import Viewport
from console_gui.map.picking import Kind
from console_gui.map.room import Room
from console_gui.map.sizes import CHIP_PX, LABEL_PX, RING_PX, STATION_PX, UNIT_PX, incident_size
from console_gui.signs import unit_words
from dispatch_core.domain.vocabulary import UnitStatus

GAP_PX = 2.0
ASIDE_PX = (0.0, -22.0, 22.0, -40.0, 40.0)
"""How far a zone's name steps up or down to keep clear of marks."""

ZONE_MARGIN = 1.25
"""A zone is named when it is this much wider than its name."""

Measure = Callable[[str, bool], float]
"""Width of a label in pixels; the flag asks for the strong hand."""


UnitWords = Callable[[UnitMark], str]
"""What stands beside a unit."""


def unit_label(mark: UnitMark) -> str:
    return unit_words(mark.id, mark.status)


@dataclass(frozen=True, slots=True)
class Label:
    """The words of one mark; ``x``, ``y`` is the upper left corner."""

    text: str
    x: float
    y: float
    width: float
    kind: Kind
    urgent: bool = False
    late: bool = False
    faint: bool = False
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A zone that would like its name shown: where, in world units, and how large the zone is."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    x: float
    y: float
    width: float


def label_marks(
    room: Room, measure: Measure, incidents: Sequence[tuple[IncidentMark, float, float]],
    units: Sequence[tuple[UnitMark, float, float]], stations: Sequence[tuple[StationMark, float, float]],
    selected: str, chosen: str = "", words: UnitWords = unit_label,
) -> list[Label]:  # fmt: skip
    """``selected`` is an incident, ``chosen`` a unit: they come before the others of their kind."""
    labels = []
    for mark, px, py in sorted(incidents, key=lambda drawn: (drawn[0].id != selected, drawn[0].rank)):
        text = mark.number
        width = measure(text, True) + CHIP_PX * len(mark.services)
        half = RING_PX if mark.id == selected else incident_size(mark) / 2
        found = _beside(room, px, py, half, width, Kind.INCIDENT)
        if found is not None:
            late = mark.late and not mark.closed
            labels.append(
                Label(text, *found, width, Kind.INCIDENT, mark.urgent, late, mark.closed, mark.services)
            )
    for unit, px, py in sorted(units, key=lambda drawn: (drawn[0].id != chosen, drawn[0].available)):  # at work first
        text = words(unit)
        width = measure(text, False)
        found = _beside(room, px, py, UNIT_PX / 2, width, Kind.UNIT)
        if found is not None:
            faint = unit.status is UnitStatus.OUT_OF_SERVICE or unit.age is not Age.NOW
            labels.append(Label(text, *found, width, Kind.UNIT, faint=faint))
    for station, px, py in stations:
        width = measure(station.name, False)
        found = _beside(room, px, py, STATION_PX / 2, width, Kind.STATION)
        if found is not None:
            labels.append(Label(station.name, *found, width, Kind.STATION, faint=True))
    return labels


def _beside(room: Room, px: float, py: float, half: float, width: float, kind: Kind) -> tuple[float, float] | None:
    level = py - LABEL_PX / 2
    right, left = (px + half + GAP_PX, level), (px - half - GAP_PX - width, level)
    above, below = (px - width / 2, py - half - GAP_PX - LABEL_PX), (px - width / 2, py + half + GAP_PX)
    spots = (above, right, left) if kind is Kind.STATION else (right, left, above, below)
    return room.place(spots, width, LABEL_PX)


def name_zones(room: Room, measure: Measure, zones: Sequence[ZoneName], view: Viewport) -> list[Name]:
    """Each name once, in full where the zone is wide enough, else as dispatchers write it, else not at all."""
    names, seen = [], set()
    for zone in sorted(zones, key=lambda it: -it.width):
        px, py = view.to_screen(zone.x, zone.y)
        if zone.name in seen or not (0 <= px <= view.width and 0 <= py <= view.height):
            continue
        seen.add(zone.name)
        wide, high = zone.width * view.scale, zone.height * view.scale
        fitting = (
            (text, width) for text in (zone.name, short_name(zone.name))
            if (width := measure(text, False)) * ZONE_MARGIN <= wide
        )  # fmt: skip
        text, width = next(fitting, ("", 0.0))
        if not text or high < 2 * LABEL_PX:
            continue
        spots = [
            (px - width / 2, py + aside - LABEL_PX / 2) for aside in ASIDE_PX if abs(aside) + LABEL_PX < high / 2
        ] or [(px - width / 2, py - LABEL_PX / 2)]
        found = room.place(spots, width, LABEL_PX)
        if found is not None:
            names.append(Name(text, *found, width))
    return names


SHORT = (("Phường ", "P. "), ("Đặc khu ", "ĐK. "), ("Xã ", "X. "))


def short_name(name: str) -> str:
    """``Phường Thạnh Mỹ Tây`` as dispatchers write it: ``P. Thạnh Mỹ Tây``."""
    return next((brief + name[len(long) :] for long, brief in SHORT if name.startswith(long)), name)
