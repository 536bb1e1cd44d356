"""What stands where on the screen: the scene seen through a viewport, composed without Qt.

The order of drawing is stations, units, incidents. Guards: the selected incident and its units are never swallowed by
a group; units of one spot never cover one another.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from console_gui.map.cells import Cells, Group, in_sight
from console_gui.map.lettering import (
    Label,
    Measure,
    Name,
    UnitWords,
    ZoneName,
    label_marks,
    name_zones,
    unit_label,
)
from console_gui.map.marks import IncidentMark, Scene, StationMark, UnitMark
from console_gui.map.mercator import Viewport, metres_per_world
from console_gui.map.picking import Kind, Target
from console_gui.map.room import Room
from console_gui.map.sizes import GROUP_ROW_PX, GROUP_WIDTH_PX, STATION_PX, UNIT_PX, incident_size, incidents_width
from console_gui.steps import in_one_go

CROWD, CROWD_FAR = 300, 60
FAR = 25.0
"""With more marks than this in sight (the second figure: from this many metres a pixel) the cells are wide, and hold
units and incidents one above the other."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """Pixels, and how many of a cell may still stand for themselves."""

    unit_cell: float
    unit_reach: tuple[float, float]
    units_alone: int
    incident_cell: float
    incident_reach: tuple[float, float]
    incidents_alone: int
    incident_lift: float = 0.0
    unit_lift: float = 0.0


LOOSE = Crowding(76.0, (10.0, 12.0), 3, 46.0, (5.0, 10.0), 2)
TIGHT = Crowding(96.0, (18.0, 4.0), 2, 96.0, (24.0, 3.0), 2, incident_lift=36.0, unit_lift=-10.0)

STACK_NEAR = 12.0
"""Metres a pixel: nearer than this the units of one station stand in a list, farther as a number."""
STACK_MOST = 8
STACK_ROW_PX, STACK_COLUMN_PX, STACK_ROWS = 21.0, 66.0, 10
STATION_NAMES_NEAR = 6.0


@dataclass(frozen=True, slots=True)
class UnitCount:
    """One row of a group: of ``total`` units of the service here, ``available`` may be sent."""

    service: str
    available: int
    total: int


Outline = tuple[tuple[float, float], ...]
"""Corners of where somebody is, in pixels; empty where a circle says it."""


class Crowds:
    """Who stands in which cell, from one picture to the next."""

    def __init__(self) -> None:
        self.units: Cells[UnitMark] = Cells()
        self.incidents: Cells[IncidentMark] = Cells()
        self._only: tuple[object, ...] = ()
        self._scene = Scene()

    def only(self, scene: Scene, services: frozenset[str] | None, selected: str) -> Scene:
        """What belongs to these services, the same objects while nothing is another."""
        wanted = (scene.units, scene.incidents, scene.stations, services, selected)
        if len(self._only) != len(wanted) or any(
            one is not other and one != other for one, other in zip(wanted[3:], self._only[3:], strict=True)
        ) or any(one is not other for one, other in zip(wanted[:3], self._only[:3], strict=True)):
            self._only, self._scene = wanted, scene if services is None else _only(scene, services, selected)
        return replace(self._scene, circles=scene.circles)


class Picture:
    """Everything to draw, in screen pixels; ``targets`` are what the pointer can meet, the uppermost last."""

    def __init__(self, view: Viewport) -> None:
        self.view = view
        self.room = Room(view.width, view.height)
        self.stations: list[tuple[StationMark, float, float]] = []
        self.units: list[tuple[UnitMark, float, float]] = []
        self.unit_groups: list[tuple[Group[UnitMark], list[UnitCount], float, float]] = []
        self.incidents: list[tuple[IncidentMark, float, float]] = []
        self.incident_groups: list[tuple[Group[IncidentMark], IncidentMark]] = []
        self.labels: list[Label] = []
        self.names: list[Name] = []
        self.circles: list[tuple[float, float, float, bool, Outline]] = []
        self.lines: list[tuple[float, float, float, float, str]] = []
        self.links: list[tuple[float, float, float, float]] = []  # to what may be the same
        self.selected_at: tuple[float, float] | None = None
        self.unit_at: tuple[float, float] | None = None  # of the selected unit
        self.targets: list[Target] = []
        self.slots: dict[tuple[int, int], int] = {}  # how many marks stand at and below a spot


Plates = Callable[[Picture], None]


def no_plates(_: Picture) -> None:
    """Where nothing has words but marks."""


def compose(
    scene: Scene, view: Viewport, measure: Measure, *,
    services: frozenset[str] | None = None, selected: str = "", unit: str = "", alike: Sequence[str] = (),
    zones: Sequence[ZoneName] = (), corners: Sequence[tuple[float, float, float, float]] = (),
    plates: Plates = no_plates, words: UnitWords = unit_label, crowds: Crowds | None = None,
) -> Picture:  # fmt: skip
    """``services`` None shows all; ``selected`` is an incident, ``unit`` a unit; ``corners`` are the boxes (x, y,
    width, height) that other things cover; ``plates`` finds room for the words of ways, once the marks have theirs;
    ``crowds`` is what was kept of the picture before."""
    return in_one_go(composing(
        scene, view, measure, services=services, selected=selected, unit=unit, alike=alike, zones=zones,
        corners=corners, plates=plates, words=words, crowds=crowds,
    ))  # fmt: skip


def composing(
    scene: Scene, view: Viewport, measure: Measure, *, services: frozenset[str] | None, selected: str, unit: str,
    alike: Sequence[str], zones: Sequence[ZoneName], corners: Sequence[tuple[float, float, float, float]],
    plates: Plates, words: UnitWords, crowds: Crowds | None,
) -> Generator[None, None, Picture]:  # fmt: skip
    """``compose`` in steps, of which none is a turn that a person feels."""
    picture, crowds = Picture(view), crowds or Crowds()
    for corner in corners:
        picture.room.take(*corner)
    scene = crowds.only(scene, services, selected)
    crowd = in_sight(scene.units, view) + in_sight(scene.incidents, view)
    crowding = TIGHT if crowd > (CROWD_FAR if view.metres_per_pixel > FAR else CROWD) else LOOSE
    yield
    _stations(picture, scene)
    yield
    _units(picture, scene, crowding, selected, unit, crowds.units)
    yield
    _incidents(picture, scene, crowding, selected, crowds.incidents)
    yield
    _around_selected(picture, scene, selected, unit)
    _links(picture, scene, alike)
    yield
    stations = picture.stations if view.metres_per_pixel < STATION_NAMES_NEAR else []
    plates(picture)
    picture.labels = label_marks(
        picture.room, measure, picture.incidents, picture.units, stations, selected, unit, words
    )  # fmt: skip
    yield
    picture.names = name_zones(picture.room, measure, zones, view)
    return picture


def _only(scene: Scene, services: frozenset[str], selected: str) -> Scene:
    return Scene(
        tuple(
            it for it in scene.incidents
            if not it.services or it.id == selected or not services.isdisjoint(it.services)
        ),
        tuple(it for it in scene.units if it.service in services),
        tuple(it for it in scene.stations if it.service in services),
        scene.circles,
    )  # fmt: skip


def _stations(picture: Picture, scene: Scene) -> None:
    view = picture.view
    for mark in scene.stations:
        px, py = view.to_screen(mark.x, mark.y)
        if 0 <= px <= view.width and 0 <= py <= view.height:
            picture.stations.append((mark, px, py))
            picture.slots[_spot(px, py)] = 1  # a unit at its station stands below it
            half = STATION_PX / 2
            picture.room.take(px - half, py - half, STATION_PX, STATION_PX)
            picture.targets.append(Target(Kind.STATION, mark.id, px, py, half, half))


def _spot(px: float, py: float) -> tuple[int, int]:
    return round(px), round(py)


def _units(
    picture: Picture, scene: Scene, crowding: Crowding, selected: str, chosen: str, cells: Cells[UnitMark]
) -> None:
    near = picture.view.metres_per_pixel < STACK_NEAR
    alone = [it.id for it in scene.units if it.incident == selected] if selected else []
    groups = cells.grouped(
        scene.units, picture.view, cell_px=crowding.unit_cell, reach=crowding.unit_reach, lift_px=crowding.unit_lift,
        alone=frozenset([*alone, chosen] if chosen else alone),
    )  # fmt: skip
    for group in groups:
        count = len(group.members)
        listed = group.one_place and near and count <= STACK_MOST
        if listed or count == 1 or (not group.one_place and count <= crowding.units_alone):
            _stack(picture, group.members)
        else:
            _count(picture, group, beside=crowding is LOOSE)


def _stack(picture: Picture, units: tuple[UnitMark, ...]) -> None:
    """Each at its place; those of one spot below one another, in columns."""
    half = UNIT_PX / 2
    for unit in units:
        px, py = picture.view.to_screen(unit.x, unit.y)
        spot = _spot(px, py)
        slot = picture.slots.get(spot, 0)
        picture.slots[spot] = slot + 1
        px += STACK_COLUMN_PX * (slot // STACK_ROWS)
        py += STACK_ROW_PX * (slot % STACK_ROWS)
        picture.units.append((unit, px, py))
        picture.room.take(px - half, py - half, UNIT_PX, UNIT_PX)
        picture.targets.append(Target(Kind.UNIT, unit.id, px, py, half, half))


def _count(picture: Picture, group: Group[UnitMark], *, beside: bool) -> None:
    """A crowd as numbers: with ``beside`` right below its one place where there is room, else in its cell."""
    available: dict[str, int] = {}
    total: dict[str, int] = {}
    for unit in group.members:
        total[unit.service] = total.get(unit.service, 0) + 1
        available[unit.service] = available.get(unit.service, 0) + unit.available
    counts = [UnitCount(service, available[service], total[service]) for service in sorted(total)]
    width, height = GROUP_WIDTH_PX, GROUP_ROW_PX * len(counts)
    first = group.members[0]
    spots = [(group.px - width / 2, group.py - height / 2)]
    if group.one_place and beside:
        px, py = picture.view.to_screen(first.x, first.y)
        spots = [(px - width / 2, py + STATION_PX), (px - width / 2, py - STATION_PX - height), *spots]
    left, top = picture.room.place(spots, width, height) or spots[-1]
    picture.room.take(left, top, width, height)
    picture.unit_groups.append((group, counts, left, top))
    members = tuple(unit.id for unit in group.members)
    place = (first.x, first.y) if group.one_place else None
    middle = left + width / 2, top + height / 2
    picture.targets.append(Target(Kind.UNITS, first.id, *middle, width / 2, height / 2, members, place))


def _incidents(
    picture: Picture, scene: Scene, crowding: Crowding, selected: str, cells: Cells[IncidentMark]
) -> None:
    groups = cells.grouped(
        scene.incidents, picture.view, cell_px=crowding.incident_cell, reach=crowding.incident_reach,
        lift_px=crowding.incident_lift, alone=(selected,) if selected else (),
    )  # fmt: skip
    for group in sorted(groups, key=lambda group: min(it.rank for it in group.members), reverse=True):
        in_order = sorted(group.members, key=lambda it: it.rank)
        if len(in_order) > crowding.incidents_alone or (group.one_place and len(in_order) > 1):
            worst = in_order[0]
            picture.incident_groups.append((group, worst))
            half_w, half_h = incidents_width(len(in_order)) / 2, 10.0
            place = (worst.x, worst.y) if group.one_place else None
            members = tuple(it.id for it in in_order)
            picture.targets.append(
                Target(Kind.INCIDENTS, worst.id, group.px, group.py, half_w, half_h, members, place)
            )
            picture.room.take(group.px - half_w, group.py - half_h, half_w * 2, half_h * 2)
            continue
        for mark in reversed(in_order):
            px, py = picture.view.to_screen(mark.x, mark.y)
            half = incident_size(mark) / 2
            picture.incidents.append((mark, px, py))
            picture.targets.append(Target(Kind.INCIDENT, mark.id, px, py, half, half))
            picture.room.take(px - half, py - half, half * 2, half * 2)


def _around_selected(picture: Picture, scene: Scene, selected: str, chosen: str) -> None:
    """The circle of where it is, and thin lines to its units; also the circles of calls that stand alone."""
    view = picture.view
    for circle in scene.circles:
        if circle.incident not in ("", selected):
            continue
        px, py = view.to_screen(circle.x, circle.y)
        radius = circle.metres / metres_per_world(circle.y) * view.scale
        if -radius < px < view.width + radius and -radius < py < view.height + radius:
            outline = tuple(view.to_screen(x, y) for x, y in circle.outline)
            picture.circles.append((px, py, radius, bool(selected) and circle.incident == selected, outline))
    picture.unit_at = next(((px, py) for it, px, py in picture.units if it.id == chosen), None)
    mark = next((it for it in scene.incidents if it.id == selected), None)
    if mark is None:
        return
    at = picture.selected_at = view.to_screen(mark.x, mark.y)
    drawn = {unit.id: (px, py) for unit, px, py in picture.units}
    for unit in scene.units:
        if unit.incident == selected:
            picture.lines.append((*at, *drawn.get(unit.id, view.to_screen(unit.x, unit.y)), unit.service))


def _links(picture: Picture, scene: Scene, alike: Sequence[str]) -> None:
    """From the selected incident to those that may be the same, where both are on the map."""
    if picture.selected_at is None:
        return
    for mark in scene.incidents:
        if mark.id in alike:
            picture.links.append((*picture.selected_at, *picture.view.to_screen(mark.x, mark.y)))
