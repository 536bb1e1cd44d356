"""Units: those at work first, then the free ones, by service and call sign; filtered by words without diacritics."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.clocks import Stage, of_unit
from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.folding import fold
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.promises import left, offer_of
from console_gui.signs import STATUS_SIGNS
from console_gui.translations import dispatching, sentences
from console_gui.translations.formats import duration, one_line, short, since
from console_gui.translations.tables import say
from dispatch_core.domain.state import Offer, Unit
from dispatch_core.domain.vocabulary import CrewState, Instant, UnitStatus

CALL_SIGN, STATUS, CLOCK, INCIDENT, STATION = range(5)


def offer_clock(offer: Offer, now: Instant, late_s: int) -> Cell:
    """The time that is left to answer, counting down over a bar."""
    rest, part = left(offer, now)
    nearly = rest <= late_s * 1000
    return Cell(duration(rest), late=rest == 0, attention=nearly, strong=nearly, right=True, bar=part)


class UnitsTable(OrderedTable[Unit]):
    columns = ("column.unit", "column.status", "column.clock", "column.incident", "column.station")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._wanted: list[str] = []
        self._texts: dict[str, tuple[Unit, str]] = {}

    def filter(self, text: str) -> None:
        """Show units that have every word of ``text`` in call sign, service, number, status, station or incident."""
        wanted = fold(text).split()
        if wanted != self._wanted:
            self._wanted = wanted
            self.refresh()

    def refresh(self) -> None:
        """The filter, or what the units are called by, has changed."""
        units = self._desk.state.units
        self.apply(units, list(units))

    def sort_key(self, ident: str, value: Unit) -> SortKey | None:
        if self._wanted and not self._fits(value):
            return None
        services = list(self._desk.state.site.services)
        service = services.index(value.service) if value.service in services else len(services)
        out = value.status is UnitStatus.OUT_OF_SERVICE or value.crew.state is CrewState.UNSTAFFED
        rank = 0 if value.assignment is not None else 2 if out else 1
        return (rank, service, natural_key(ident))

    def _fits(self, unit: Unit) -> bool:
        known = self._texts.get(unit.call_sign)
        if known is None or known[0] is not unit:
            known = self._texts[unit.call_sign] = (unit, self._searchable(unit))
        return all(word in known[1] for word in self._wanted)

    def _searchable(self, unit: Unit) -> str:
        """Everything of a unit that a filter may name, folded."""
        state = self._desk.state
        known = state.site.services.get(unit.service)
        station = state.stations.get(unit.station)
        parts = [unit.call_sign, unit.label, unit.service, sentences.number_of(state, unit.service)]
        parts += [say(language, f"status.{unit.status.value}") for language in ("vi", "en")]
        parts += [dispatching.crew(state, unit, language) for language in ("vi", "en")]
        parts += [known.vi, known.en] if known is not None else []
        parts += [station.name] if station is not None else []
        parts += [short(unit.assignment.incident)] if unit.assignment is not None else []
        return fold(" ".join(parts))

    def _status(self, unit: Unit) -> str:
        """Of an available unit what its crew does instead, where it is not simply there."""
        crew = dispatching.crew(self._desk.state, unit, self.words.language)
        return crew if crew and unit.status is UnitStatus.AVAILABLE else self.words(f"status.{unit.status.value}")

    def cell(self, ident: str, value: Unit, column: int) -> Cell:
        state = self._desk.state
        out = value.status is UnitStatus.OUT_OF_SERVICE
        if column == CALL_SIGN:
            known = state.site.services.get(value.service)
            glyphs = ((known.glyph, known.hue),) if known is not None else ()
            return Cell(value.call_sign, glyphs=glyphs, strong=value.assignment is not None, dim=out)
        if column == STATUS:
            return Cell(
                self._status(value), glyphs=((STATUS_SIGNS[value.status], ""),),
                dim=value.status in (UnitStatus.AVAILABLE, UnitStatus.OUT_OF_SERVICE),
            )  # fmt: skip
        if column == CLOCK:
            now = self._desk.now()
            offer = offer_of(state, value)
            if offer is not None:
                return offer_clock(offer, now, state.site.offers.late_s)
            stage = of_unit(state, value, now)
            return Cell(
                since(value.status_at, now) if value.status_at else "", late=stage is Stage.LATE,
                attention=stage is Stage.ATTENTION, strong=stage is Stage.ATTENTION,
                dim=value.assignment is None, right=True,
            )  # fmt: skip
        if column == INCIDENT:
            return Cell(short(value.assignment.incident) if value.assignment is not None else "")
        station = state.stations.get(value.station)
        name = one_line(station.name if station is not None else value.station, 120)
        post = state.stations.get(value.cover)
        if post is not None:
            covers = self.words("unit.covers", station=one_line(post.name, 120))
            return Cell(f"{covers} ({name})")
        return Cell(name, dim=True, middle=True)
