"""Where the pointer may take something from in a workplace, and where it may be dropped."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from console_gui.board_view import BoardView
from console_gui.carrying.carried import Carried, Drop, Kind, onto_incident, onto_position, onto_station
from console_gui.carrying.carrier import Carrier
from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.picking import Kind as Mark
from console_gui.map.picking import Target, pick
from console_gui.models.lines import LegLine
from console_gui.presets import Panels
from dispatch_core.domain.vocabulary import LegState


def row_at(board: BoardView, at: QPoint) -> str:
    return board.table.ident(board.rowAt(at.y()))


def mark_at(city: CityMap, at: QPoint) -> Target | None:
    return pick(city.picture().targets, at.x(), at.y())


def join(carrier: Carrier, desk: Desk, panels: Panels) -> None:
    if panels.units is not None:
        board = panels.units.view
        carrier.from_(board.viewport(), lambda at: _unit(row_at(board, at)))
    if panels.incidents is not None:
        incidents = panels.incidents.view
        carrier.from_(incidents.viewport(), lambda at: _incident(desk, row_at(incidents, at)))
        carrier.onto(incidents.viewport(), lambda it, at: onto_incident(desk, it, row_at(incidents, at)))
    if panels.people is not None:
        people = panels.people.view
        carrier.onto(people.viewport(), lambda it, at: onto_position(desk, it, row_at(people, at)))
    _join_form(carrier, desk, panels)
    if panels.map is not None:
        city = panels.map.map
        carrier.from_(city, lambda at: _marked_unit(city, at))
        carrier.onto(city, lambda it, at: _onto_mark(desk, city, it, at))


def _join_form(carrier: Carrier, desk: Desk, panels: Panels) -> None:
    if panels.form is None:
        return
    legs = panels.form.legs

    def line_at(at: QPoint) -> LegLine | None:
        line = legs.table.value(row_at(legs, at))
        return line if isinstance(line, LegLine) else None

    def take(at: QPoint) -> Carried | None:
        line = line_at(at)
        if line is None or line.leg.state is not LegState.OPEN:
            return None
        if line.unit is not None:
            return Carried(Kind.UNIT, line.unit.call_sign)
        return Carried(Kind.LEG, desk.current, line.leg.service)

    def over(carried: Carried, at: QPoint) -> Drop | None:
        line = line_at(at)
        return onto_incident(desk, carried, desk.current, line.leg.service if line is not None else "")

    strip = panels.form.strip  # a row for each open leg

    def take_leg(at: QPoint) -> Carried | None:
        service = row_at(strip, at)
        return Carried(Kind.LEG, desk.current, service) if service and desk.supervising else None

    carrier.from_(strip.viewport(), take_leg)
    carrier.onto(strip.viewport(), lambda it, at: onto_incident(desk, it, desk.current, row_at(strip, at)))
    carrier.from_(legs.viewport(), take)
    carrier.onto(legs.viewport(), over)


def _unit(sign: str) -> Carried | None:
    return Carried(Kind.UNIT, sign) if sign else None


def _incident(desk: Desk, ident: str) -> Carried | None:
    """Only who leads may give one away."""
    return Carried(Kind.INCIDENT, ident) if ident and desk.supervising else None


def _marked_unit(city: CityMap, at: QPoint) -> Carried | None:
    mark = mark_at(city, at)
    return Carried(Kind.UNIT, mark.id) if mark is not None and mark.kind is Mark.UNIT else None


def _onto_mark(desk: Desk, city: CityMap, carried: Carried, at: QPoint) -> Drop | None:
    mark = mark_at(city, at)
    if mark is None:
        return None
    if mark.kind is Mark.INCIDENT:
        return onto_incident(desk, carried, mark.id)
    return onto_station(desk, carried, mark.id) if mark.kind is Mark.STATION else None
