"""What stands where on the screen: the scene seen through a viewport, composed without Qt.

The order of drawing is stations, units, incidents; words are given room in the order in which the eye should land:
selected, late, P1, then the rest. Guards: the selected incident and its units are never swallowed by a group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from console_gui.map.crowding import Group, Room, grouped
from console_gui.map.marks import IncidentMark, Scene, StationMark, UnitMark
from console_gui.map.picking import Kind, Target
from console_gui.map.projection import Viewport, metres_per_world
from console_gui.map.status_signs import unit_words
from dispatch_core.domain.vocabulary import UnitStatus

UNIT_CELL_PX, UNIT_REACH_PX, UNITS_ALONE = 76.0, 10.0, 3
INCIDENT_CELL_PX, INCIDENT_REACH_PX, INCIDENTS_ALONE = 46.0, 9.0, 2
STACK_NEAR = 12.0
"""Metres a pixel: nearer than this the units of one station stand in a list, farther as a number."""
STACK_MOST = 8
OPENED_MOST = 60
STACK_ROW_PX, STACK_COLUMN_PX, STACK_ROWS = 21.0, 66.0, 10
STATION_NAMES_NEAR = 6.0
UNIT_PX, INCIDENT_PX, URGENT_PX, STATION_PX = 20.0, 20.0, 28.0, 9.0
GROUP_WIDTH_PX, GROUP_ROW_PX = 54.0, 15.0
LABEL_PX = 16.0
CHIP_PX = 17.0
"""The room of one service's glyph in the label of an incident."""

Measure = Callable[[str, bool], float]
"""Width of a label in pixels; the flag asks for the strong hand."""


@dataclass(frozen=True, slots=True)
class Label:
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
class UnitCount:
    """One row of a group: of ``total`` units of the service here, ``available`` may be sent."""

    service: str
    available: int
    total: int


@dataclass(slots=True)
class Picture:
    """Everything to draw, in screen pixels; ``targets`` are what the pointer can meet, the uppermost last."""

    stations: list[tuple[StationMark, float, float]] = field(default_factory=list)
    units: list[tuple[UnitMark, float, float]] = field(default_factory=list)
    unit_groups: list[tuple[Group[UnitMark], list[UnitCount]]] = field(default_factory=list)
    incidents: list[tuple[IncidentMark, float, float]] = field(default_factory=list)
    incident_groups: list[tuple[Group[IncidentMark], IncidentMark]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    circles: list[tuple[float, float, float, bool]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    selected_at: tuple[float, float] | None = None
    targets: list[Target] = field(default_factory=list)


def compose(
    scene: Scene, view: Viewport, measure: Measure, *,
    services: frozenset[str] | None = None, selected: str = "", opened: tuple[float, float] | None = None,
) -> Picture:  # fmt: skip
    """``services`` None shows all; ``opened`` is the world place whose crowd stands as a list."""
    picture = Picture()
    room = Room(view.width, view.height)
    slots: dict[tuple[int, int], int] = {}
    _stations(picture, scene, view, services, slots)
    _units(picture, scene, view, services, selected, opened, slots, room)
    _incidents(picture, scene, view, services, selected, room)
    _around_selected(picture, scene, view, selected)
    _label(picture, room, measure, view, selected)
    return picture


def incident_size(mark: IncidentMark) -> float:
    return URGENT_PX if mark.urgent else INCIDENT_PX


def _stations(
    picture: Picture, scene: Scene, view: Viewport, services: frozenset[str] | None, slots: dict[tuple[int, int], int]
) -> None:
    for mark in scene.stations:
        px, py = view.to_screen(mark.x, mark.y)
        if (services is None or mark.service in services) and 0 <= px <= view.width and 0 <= py <= view.height:
            picture.stations.append((mark, px, py))
            slots[(round(px), round(py))] = 1  # a unit at its station stands below it
            picture.targets.append(Target(Kind.STATION, mark.id, px, py, STATION_PX / 2, STATION_PX / 2))


def _units(
    picture: Picture, scene: Scene, view: Viewport, services: frozenset[str] | None, selected: str,
    opened: tuple[float, float] | None, slots: dict[tuple[int, int], int], room: Room,
) -> None:  # fmt: skip
    shown = scene.units if services is None else [unit for unit in scene.units if unit.service in services]
    near = view.metres_per_pixel < STACK_NEAR
    groups = grouped(
        shown, view, cell_px=UNIT_CELL_PX, reach_px=UNIT_REACH_PX,
        alone=lambda unit: bool(selected) and unit.incident == selected,
    )  # fmt: skip
    for group in groups:
        count = len(group.members)
        first = group.members[0]
        if opened is not None and any((unit.x, unit.y) == opened for unit in group.members):
            _stack(picture, view, group.members[:OPENED_MOST], slots, room)
        elif count == 1 or (group.one_place and near and count <= STACK_MOST) or (
            not group.one_place and count <= UNITS_ALONE
        ):
            _stack(picture, view, group.members, slots, room)
        else:
            counts = _counted(group)
            half_w, half_h = GROUP_WIDTH_PX / 2, GROUP_ROW_PX * len(counts) / 2 + 1
            picture.unit_groups.append((group, counts))
            room.take(group.px - half_w, group.py - half_h, half_w * 2, half_h * 2)
            members = tuple(unit.id for unit in group.members)
            place = (first.x, first.y) if group.one_place else None
            picture.targets.append(
                Target(Kind.UNITS, first.id, group.px, group.py, half_w, half_h, members=members, one_place=place)
            )


def _stack(
    picture: Picture, view: Viewport, units: tuple[UnitMark, ...], slots: dict[tuple[int, int], int], room: Room
) -> None:
    """Each at its place; those of one spot below one another, in columns."""
    for unit in units:
        px, py = view.to_screen(unit.x, unit.y)
        spot = (round(px), round(py))
        slot = slots.get(spot, 0)
        slots[spot] = slot + 1
        px += STACK_COLUMN_PX * (slot // STACK_ROWS)
        py += STACK_ROW_PX * (slot % STACK_ROWS)
        picture.units.append((unit, px, py))
        half = UNIT_PX / 2
        room.take(px - half, py - half, UNIT_PX, UNIT_PX)
        picture.targets.append(Target(Kind.UNIT, unit.id, px, py, half, half))


def _counted(group: Group[UnitMark]) -> list[UnitCount]:
    available: dict[str, int] = {}
    total: dict[str, int] = {}
    for unit in group.members:
        total[unit.service] = total.get(unit.service, 0) + 1
        available[unit.service] = available.get(unit.service, 0) + unit.available
    return [UnitCount(service, available[service], total[service]) for service in sorted(total)]


def _incidents(
    picture: Picture, scene: Scene, view: Viewport, services: frozenset[str] | None, selected: str, room: Room
) -> None:
    shown = [
        it for it in scene.incidents
        if services is None or not it.services or it.id == selected or not services.isdisjoint(it.services)
    ]  # fmt: skip
    groups = grouped(
        shown, view, cell_px=INCIDENT_CELL_PX, reach_px=INCIDENT_REACH_PX, alone=lambda it: it.id == selected
    )
    for group in sorted(groups, key=lambda group: min(it.rank for it in group.members), reverse=True):
        worst = min(group.members, key=lambda it: it.rank)
        half = incident_size(worst) / 2
        if len(group.members) > INCIDENTS_ALONE:
            picture.incident_groups.append((group, worst))
            members = tuple(it.id for it in sorted(group.members, key=lambda it: it.rank))
            place = (worst.x, worst.y) if group.one_place else None
            picture.targets.append(
                Target(Kind.INCIDENTS, worst.id, group.px, group.py, half, half, members=members, one_place=place)
            )
            room.take(group.px - half, group.py - half, half * 2, half * 2)
            continue
        for mark in sorted(group.members, key=lambda it: it.rank, reverse=True):
            px, py = view.to_screen(mark.x, mark.y)
            half = incident_size(mark) / 2
            picture.incidents.append((mark, px, py))
            picture.targets.append(Target(Kind.INCIDENT, mark.id, px, py, half, half))
            room.take(px - half, py - half, half * 2, half * 2)


def _around_selected(picture: Picture, scene: Scene, view: Viewport, selected: str) -> None:
    """The circle of where it is, and thin lines to its units; also the circles of calls that stand alone."""
    for circle in scene.circles:
        if circle.incident not in ("", selected):
            continue
        px, py = view.to_screen(circle.x, circle.y)
        radius = circle.metres / metres_per_world(circle.y) * view.scale
        if -radius < px < view.width + radius and -radius < py < view.height + radius:
            picture.circles.append((px, py, radius, bool(selected) and circle.incident == selected))
    mark = next((it for it in scene.incidents if it.id == selected), None)
    if mark is None:
        return
    at = picture.selected_at = view.to_screen(mark.x, mark.y)
    drawn = {unit.id: (px, py) for unit, px, py in picture.units}
    for unit in scene.units:
        if unit.incident == selected:
            picture.lines.append((*at, *drawn.get(unit.id, view.to_screen(unit.x, unit.y)), unit.service))


def _label(picture: Picture, room: Room, measure: Measure, view: Viewport, selected: str) -> None:
    for mark, px, py in sorted(picture.incidents, key=lambda drawn: (drawn[0].id != selected, drawn[0].rank)):
        text = f"#{mark.number}"
        _beside(picture, room, text, px, py, incident_size(mark) / 2, Kind.INCIDENT, measure(text, True) + (
            CHIP_PX * len(mark.services)), urgent=mark.urgent, late=mark.late and not mark.closed, faint=mark.closed,
            services=mark.services)  # fmt: skip
    for unit, px, py in sorted(picture.units, key=lambda drawn: drawn[0].available):  # those at work first
        text = unit_words(unit.id, unit.status)
        faint = unit.status is UnitStatus.OUT_OF_SERVICE
        _beside(picture, room, text, px, py, UNIT_PX / 2, Kind.UNIT, measure(text, False), faint=faint)
    if view.metres_per_pixel < STATION_NAMES_NEAR:
        for station, px, py in picture.stations:
            width = measure(station.name, False)
            _beside(picture, room, station.name, px, py, STATION_PX / 2, Kind.STATION, width, faint=True)


def _beside(
    picture: Picture, room: Room, text: str, px: float, py: float, half: float, kind: Kind, width: float, *,
    urgent: bool = False, late: bool = False, faint: bool = False, services: tuple[str, ...] = (),
) -> None:  # fmt: skip
    level = py - LABEL_PX / 2
    right, left = (px + half + 2, level), (px - half - 2 - width, level)
    above, below = (px - width / 2, py - half - LABEL_PX - 1), (px - width / 2, py + half + 1)
    spots = (above, right, left) if kind is Kind.STATION else (right, left, above, below)
    found = room.place(spots, width, LABEL_PX)
    if found is not None:
        picture.labels.append(Label(text, *found, width, kind, urgent, late, faint, services))
