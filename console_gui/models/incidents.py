"""The board of incidents: open ones by priority and age, closed ones below them until they leave the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject

from console_gui.clocks import Stage, of_incident
from console_gui.desk import Desk
from console_gui.drafts import Drafts
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

    def __init__(self, desk: Desk, parent: QObject | None = None, drafts: Drafts | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk, self._drafts = desk, drafts or Drafts()
        self._unsaved: set[str] = set()
        self._drafts.changed.append(self._mark)
        self.destroyed.connect(partial(self._drafts.deaf, self._mark))
        desk.current_changed.connect(lambda: self._repaint(self._unsaved))
        self._mark()
        self._wanted: Callable[[Incident], bool] = lambda incident: True

    def show_only(self, wanted: Callable[[Incident], bool]) -> None:
        """The list behind a figure; everything again with a rule that is always true."""
        self._wanted = wanted
        self.apply(self._desk.state.incidents, list(self._desk.state.incidents))

    def _mark(self) -> None:
        """Where words are typed and not sent, or no longer."""
        was, self._unsaved = self._unsaved, set(self._drafts.incidents())
        self._repaint(was | self._unsaved)

    def _repaint(self, idents: Iterable[str]) -> None:
        for ident in idents:
            row = self.row_of(ident)
            if row >= 0:
                self.dataChanged.emit(self.index(row, NUMBER), self.index(row, WHAT))

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
        if column == WHAT and ident in self._unsaved and ident != self._desk.current:
            what = self._what(value).text
            return Cell(f"{self.words('unsaved.mark')} · {what}", attention=True, strong=True)
        if column == WHAT:
            return self._what(value)
        if column == LEGS:
            return Cell(glyphs=self._glyphs(value), dim=closed)
        if column == OWNER:
            return Cell(sentences.person(state, value.owner, language) if value.owner else "", dim=True)
        now = self._desk.now()
        stage = of_incident(state, value, now)
        return Cell(
            since(value.received_at, value.closed_at if closed else now), late=stage is Stage.LATE,
            attention=stage is Stage.ATTENTION, strong=stage is Stage.ATTENTION, dim=closed, right=True,
        )  # fmt: skip

    def _what(self, value: Incident) -> Cell:
        closed, state, language = value.state is IncidentState.CLOSED, self._desk.state, self.words.language
        if value.state is IncidentState.RECEIVING:
            return Cell(self.words("incident.receiving"), dim=True)
        kind = sentences.incident_type(state, value, language)
        where = sentences.place(value, language) if value.location else ""
        text = f"{where} · {kind}" if where else kind
        count = callers_of(state, value)
        text = f"{text} {self.words('incident.callers', count=count)}" if count > 1 else text
        return Cell(f"{self.words('incident.closed')} · {text}" if closed else text, dim=closed)

    def _glyphs(self, incident: Incident) -> tuple[tuple[str, str], ...]:
        """One for each open leg; before there are legs, the first guess."""
        services = self._desk.state.site.services
        codes = [code for code, leg in incident.legs.items() if leg.state is LegState.OPEN] or (
            [] if incident.legs else list(incident.services)
        )
        return tuple((services[code].glyph, services[code].hue) for code in codes if code in services)
