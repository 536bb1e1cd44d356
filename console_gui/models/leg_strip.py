"""One line for each leg: whose it is, who works for it or is asked, the clock that runs out first, who goes next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject

from console_gui.clocks import Stage, of_unit
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.models.units import offer_clock
from console_gui.signs import STATUS_SIGNS
from console_gui.translations import sentences
from console_gui.translations.dispatching import needs, soon
from console_gui.translations.formats import one_line, since
from dispatch_core.domain.offering import pending, places_left
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.safety import heard_at, limit_ms
from dispatch_core.domain.state import Incident, Leg, Offer, State, Unit
from dispatch_core.domain.vocabulary import Candidate, Instant, LegState, Need, UnitStatus

SERVICE, DOING, CLOCK, NEXT = range(4)
NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class StripLine:
    """``units`` in the order in which their clocks run out; ``chosen`` are proposed; ``lacking`` nobody can fill;
    ``filled``: nothing more is wanted."""

    order: int
    leg: Leg
    units: tuple[Unit, ...] = ()
    asked: tuple[Offer, ...] = ()
    chosen: tuple[Candidate, ...] = ()
    lacking: tuple[Need, ...] = ()
    filled: bool = False


def strip_lines(incident: Incident | None, state: State, now: Instant) -> dict[str, StripLine]:
    """Service -> its line, in the order of the incident's legs."""
    lines: dict[str, StripLine] = {}
    for order, (service, leg) in enumerate(incident.legs.items() if incident is not None else ()):
        if incident is None or leg.state is not LegState.OPEN:
            lines[service] = StripLine(order, leg)
            continue
        offers = tuple(sorted(pending(leg), key=lambda it: it.until or now + _FOR_LONG))
        units = [state.units[sign] for sign in leg.units if sign in state.units]
        ranking = ranked(state, incident, service, now) if leg.ranked_at else None
        lines[service] = StripLine(
            order, leg, tuple(sorted(units, key=lambda it: _runs_out(state, leg, it, now))), offers,
            ranking.chosen if ranking is not None else (), ranking.lacking if ranking is not None else (),
            leg.zone is not None and not places_left(state, incident, leg),
        )  # fmt: skip
    return lines


_FOR_LONG = 1 << 40


def _runs_out(state: State, leg: Leg, unit: Unit, now: Instant) -> tuple[Instant, Instant]:
    """When the unit's clock runs out: an offer's, else that of its status; without any, who is longest in its own."""
    until = next((it.until for it in pending(leg) if it.unit == unit.call_sign and it.until), 0)
    limit = limit_ms(state.site.safety, unit)
    return until or (heard_at(unit) + limit if limit else now + _FOR_LONG), unit.status_at


class LegStripTable(OrderedTable[StripLine]):
    columns = ("", "", "", "")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self.narrow = False
        """Where there is little room a service is its name alone, and that in one word."""

    def show(self, incident: Incident | None) -> None:
        self.replace_all(strip_lines(incident, self._desk.state, self._desk.now()))

    def sort_key(self, ident: str, value: StripLine) -> SortKey | None:
        return (value.order,)

    def cell(self, ident: str, value: StripLine, column: int) -> Cell:
        leg = value.leg
        if column == SERVICE:
            return self._service(leg)
        if leg.state is LegState.CLOSED:
            return Cell(self.words("leg.closed") if column == DOING else "", dim=True)
        if column == DOING:
            return self._doing(value)
        return self._clock(value) if column == CLOCK else self._next(value)

    def _service(self, leg: Leg) -> Cell:
        state, closed = self._desk.state, leg.state is LegState.CLOSED
        known = state.site.services.get(leg.service)
        glyphs = ((known.glyph, known.hue),) if known is not None else ()
        name = sentences.service(state, leg.service, self.words.language)
        number = sentences.number_of(state, leg.service)
        text = re.split(r" (?:&|and) ", name)[0] if self.narrow else f"{number} {name}".strip()
        return Cell(text, glyphs=glyphs, strong=not closed, dim=closed)

    def _doing(self, line: StripLine) -> Cell:
        """Who has the clock that runs out first; how many others there are is said before their names."""
        leg, state = line.leg, self._desk.state
        if leg.spent_at:
            return Cell(self.words("offer.spent"), attention=True, strong=True)
        told = [self._unit(it) for it in line.units]
        stations = [it for it in line.asked if not it.unit or it.unit not in leg.units]
        told += [self.words("strip.asked", station=self._station(it.station)) for it in stations]
        if told:
            status = line.units[0].status if line.units else UnitStatus.OFFERED
            more = f"  +{len(told) - 1}: {', '.join(told[1:])}" if len(told) > 1 else ""
            return Cell(told[0] + more, glyphs=((STATUS_SIGNS[status], ""),))
        if leg.station:
            return Cell(self._station(leg.station), dim=True, middle=True)
        if leg.zone is None:
            return Cell(self.words("leg.no_zone"), dim=True)
        return Cell(sentences.service(state, leg.service, self.words.language), dim=True)

    def _unit(self, unit: Unit) -> str:
        return f"{unit.call_sign} {self.words(f'status.{unit.status.value}')}"

    def _station(self, ident: str) -> str:
        known = self._desk.state.stations.get(ident)
        return one_line(known.name if known is not None else ident, NAME_LIMIT)

    def _clock(self, line: StripLine) -> Cell:
        state, now = self._desk.state, self._desk.now()
        offers = [it for it in line.asked if it.until]
        if offers:
            return offer_clock(offers[0], now, state.site.offers.late_s)
        if line.units:
            unit = line.units[0]
            stage = of_unit(state, unit, now)
            nearly = stage is Stage.ATTENTION
            return Cell(
                since(unit.status_at, now), late=stage is Stage.LATE, attention=nearly, strong=nearly, right=True
            )
        return Cell(since(line.leg.opened_at, now), right=True, attention=True)

    def _next(self, line: StripLine) -> Cell:
        language = self.words.language
        if line.chosen:
            first, *others = line.chosen
            more = f" +{len(others)}" if others else ""
            return Cell(f"→ {first.unit} {soon(first, language)}{more}", strong=True)
        if line.lacking:
            what = needs(self._desk.state, line.lacking, language)
            return Cell(self.words("leg.lacking", what=what), attention=True, strong=True)
        if line.filled:
            return Cell(self.words("strip.filled"), dim=True)
        return Cell(self.words("strip.measuring") if line.leg.routing_at else "", dim=True)
