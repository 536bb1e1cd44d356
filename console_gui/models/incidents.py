"""The board of incidents in the order that a person wants: by lateness against each one's own clock, by priority, by
service, by age; closed ones below until they leave the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject

from console_gui.changes import Changes
from console_gui.clocks import Stage, of_incident
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.lateness import Clock, first_due
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import duration, short, since
from dispatch_core.domain.duplicates import callers_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState, LegState

PRIORITY, NUMBER, WHAT, LEGS, WHY, LATE, OWNER, CLOCK = range(8)

ORDERS = ("late", "priority", "service", "age")
NEVER_DUE = 1 << 62


class IncidentsTable(OrderedTable[Incident]):
    columns = (
        "column.priority", "column.incident", "column.what", "column.legs", "column.why_late", "column.late",
        "column.owner", "column.clock",
    )  # fmt: skip
    clock_columns = (LATE, CLOCK)
    right_columns = (LATE, CLOCK)

    def __init__(
        self, desk: Desk, parent: QObject | None = None, drafts: Drafts | None = None, order: str = "priority"
    ) -> None:
        super().__init__(desk.words, parent)
        self._desk, self._drafts = desk, drafts or Drafts()
        self.order = order
        self._unsaved: set[str] = set()
        self._drafts.changed.append(self._mark)
        self.destroyed.connect(partial(self._drafts.deaf, self._mark))
        desk.current_changed.connect(self._another)
        self._mark()
        self._wanted: Callable[[Incident], bool] = lambda incident: True
        self._due: dict[str, tuple[Incident, Clock | None]] = {}

    def show_only(self, wanted: Callable[[Incident], bool]) -> None:
        """The list behind a figure; everything again with a rule that is always true."""
        self._wanted = wanted
        self.apply(self._desk.state.incidents, list(self._desk.state.incidents))

    def _mark(self) -> None:
        """Where words are typed and not sent, or no longer."""
        was, self._unsaved = self._unsaved, set(self._drafts.incidents())
        self._repaint(was | self._unsaved)

    def _another(self) -> None:
        self._repaint(self._unsaved)

    def _repaint(self, idents: Iterable[str]) -> None:
        for ident in idents:
            row = self.row_of(ident)
            if row >= 0:
                self.dataChanged.emit(self.index(row, NUMBER), self.index(row, WHAT))

    def order_by(self, order: str) -> None:
        self.order = order
        self.reorder(self._desk.state.incidents)

    def touched(self, changes: Changes) -> set[str]:
        """Incidents whose clock others tell: their units and their calls."""
        state, idents = self._desk.state, set()
        for sign in changes.of("units").changed:
            work = state.units[sign].assignment
            if work is not None:
                idents.add(work.incident)
        for ident in changes.of("calls").changed:
            idents.add(state.calls[ident].incident)
        for ident in (*idents, *changes.of("incidents").removed):
            self._due.pop(ident, None)
        return idents

    def due(self, incident: Incident) -> Clock | None:
        known = self._due.get(incident.id)
        if known is None or known[0] is not incident:
            known = self._due[incident.id] = (incident, first_due(self._desk.state, incident))
        return known[1]

    def sort_key(self, ident: str, value: Incident) -> SortKey | None:
        if not self._wanted(value):
            return None
        if value.state is IncidentState.CLOSED:
            self._due.pop(ident, None)
            return (True, 0, 0, -value.closed_at)
        if self.order == "late":
            clock = self.due(value)
            return (False, clock.due if clock is not None else NEVER_DUE, value.priority, value.received_at)
        if self.order == "service":
            return (False, self._service(value), value.priority, value.received_at)
        return (False, 0 if self.order == "age" else value.priority, 0, value.received_at)

    def _service(self, incident: Incident) -> int:
        """The place of its first service in the site's order."""
        every = list(self._desk.state.site.services)
        mine = [every.index(code) for code in (*incident.legs, *incident.services) if code in every]
        return min(mine, default=len(every))

    def cell(self, ident: str, value: Incident, column: int) -> Cell:
        closed = value.state is IncidentState.CLOSED
        language, state = self.words.language, self._desk.state
        if column == PRIORITY:
            return Cell(f"P{value.priority}", strong=value.priority == 1 and not closed, dim=closed)
        if column == NUMBER:
            return Cell(short(ident), dim=closed)
        if column == WHAT and ident in self._unsaved and ident != self._desk.current:
            what = self._what(value)
            return Cell(f"{self.words('unsaved.mark')} · {what}", attention=True, strong=True)
        if column == WHAT:
            return Cell(self._what(value), dim=closed or value.state is IncidentState.RECEIVING)
        if column == LEGS:
            return Cell(glyphs=self._glyphs(value), dim=closed)
        if column in (WHY, LATE):
            return self._lateness(value, column)
        if column == OWNER:
            return Cell(sentences.person(state, value.owner, language) if value.owner else "", dim=True)
        now = self._desk.now()
        stage = of_incident(state, value, now)
        return Cell(
            since(value.received_at, value.closed_at if closed else now), late=stage is Stage.LATE,
            attention=stage is Stage.ATTENTION, strong=stage is Stage.ATTENTION, dim=closed, right=True,
        )  # fmt: skip

    def _what(self, value: Incident) -> str:
        if value.state is IncidentState.RECEIVING:
            return self.words("incident.receiving")
        language, state = self.words.language, self._desk.state
        kind = sentences.incident_type(state, value, language)
        where = sentences.place(value, language) if value.location else ""
        text = f"{where} · {kind}" if where else kind
        late = sentences.entered_afterwards(state, value)
        text = f"{self.words('incident.afterwards', at=late)} · {text}" if late else text
        count = callers_of(state, value)
        text = f"{text} {self.words('incident.callers', count=count)}" if count > 1 else text
        return f"{self.words('incident.closed')} · {text}" if value.state is IncidentState.CLOSED else text

    def _lateness(self, value: Incident, column: int) -> Cell:
        """Why, and by how much; what is not due yet reads as what is left, in grey."""
        clock = None if value.state is IncidentState.CLOSED else self.due(value)
        if clock is None:
            return Cell()
        over = self._desk.now() - clock.due
        if column == LATE:
            text = f"+{duration(over)}" if over >= 0 else duration(-over)
            return Cell(text, late=over >= 0, dim=over < 0, right=True)
        return Cell(why_late(self._desk, clock), dim=over < 0, strong=over >= 0)

    def _glyphs(self, incident: Incident) -> tuple[tuple[str, str], ...]:
        """One for each open leg; before there are legs, the first guess."""
        services = self._desk.state.site.services
        codes = [code for code, leg in incident.legs.items() if leg.state is LegState.OPEN] or (
            [] if incident.legs else list(incident.services)
        )
        return tuple((services[code].glyph, services[code].hue) for code in codes if code in services)


def why_late(desk: Desk, clock: Clock) -> str:
    state = desk.state
    known = clock.about in state.site.services
    about = sentences.number_of(state, clock.about) if known else ""
    station = state.stations.get(clock.about)
    about = about or (station.name if station is not None else clock.about)
    return desk.words(f"late.{clock.why}", about="" if clock.why == "caller" else about).strip()
