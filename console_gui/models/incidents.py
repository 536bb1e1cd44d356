"""The board of incidents: open ones by priority and age, closed ones below them until they leave the state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.tidings import short
from console_gui.translations import sentences
from console_gui.translations.formats import since
from dispatch_core.domain.duplicates import callers_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState, LegState

PRIORITY, NUMBER, WHAT, LEGS, OWNER, CLOCK = range(6)


class IncidentsTable(OrderedTable[Incident]):
    columns = (
        "column.priority", "column.incident", "column.what", "column.legs", "column.owner", "column.clock",
    )  # fmt: skip
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._wanted: Callable[[Incident], bool] = lambda incident: True

    def show_only(self, wanted: Callable[[Incident], bool]) -> None:
        """The list behind a figure; everything again with a rule that is always true."""
        self._wanted = wanted
        self.apply(self._desk.state.incidents, list(self._desk.state.incidents))

    def sort_key(self, ident: str, value: Incident) -> SortKey | None:
        if not self._wanted(value):
            return None
        closed = value.state is IncidentState.CLOSED
        return (closed, 0 if closed else value.priority, -value.closed_at if closed else value.received_at)

    def cell(self, ident: str, value: Incident, column: int) -> Cell:
        closed = value.state is IncidentState.CLOSED
        language, state = self.words.language, self._desk.state
        if column == PRIORITY:
            return Cell(f"P{value.priority}", strong=value.priority == 1 and not closed, dim=closed)
        if column == NUMBER:
            return Cell(short(ident), dim=closed)
        if column == WHAT:
            if value.state is IncidentState.RECEIVING:
                return Cell(self.words("incident.receiving"), dim=True)
            kind = sentences.incident_type(state, value, language)
            where = sentences.place(value, language) if value.location else ""
            text = f"{where} · {kind}" if where else kind
            count = callers_of(state, value)
            text = f"{text} {self.words('incident.callers', count=count)}" if count > 1 else text
            return Cell(f"{self.words('incident.closed')} · {text}" if closed else text, dim=closed)
        if column == LEGS:
            return Cell(glyphs=self._glyphs(value), dim=closed)
        if column == OWNER:
            return Cell(sentences.person(state, value.owner, language) if value.owner else "", dim=True)
        return Cell(since(value.received_at, value.closed_at if closed else self._desk.now()), dim=closed, right=True)

    def _glyphs(self, incident: Incident) -> tuple[tuple[str, str], ...]:
        """One for each open leg; before there are legs, the first guess."""
        services = self._desk.state.site.services
        codes = [code for code, leg in incident.legs.items() if leg.state is LegState.OPEN] or (
            [] if incident.legs else list(incident.services)
        )
        return tuple((services[code].glyph, services[code].hue) for code in codes if code in services)
