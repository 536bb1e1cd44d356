"""Which panels each role starts with, and where they stand. The same panels, other presets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.call_taking.calls_panel import CallsPanel
from console_gui.call_taking.card_place import CardPlace
from console_gui.call_taking.history_panel import HistoryPanel
from console_gui.call_taking.texts_panel import TextsPanel
from console_gui.call_taking.triage_card import TriageCard
from console_gui.desk import Desk
from console_gui.dispatching.hospitals_panel import HospitalsPanel
from console_gui.dispatching.incident_form import IncidentForm
from console_gui.dispatching.incidents_panel import IncidentsPanel
from console_gui.dispatching.offer_bell import OfferBell
from console_gui.dispatching.units_panel import UnitsPanel
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.drafts import Drafts
from console_gui.map_panel import MapPanel
from console_gui.models.alarms import TEXT, AlarmsTable
from console_gui.panel import Caption, Dock
from console_gui.preferences import Preferences
from console_gui.supervising.coverage_panel import CoveragePanel
from console_gui.supervising.declines_panel import DeclinesPanel
from console_gui.supervising.figures_band import FiguresBand
from console_gui.supervising.late_calls_panel import LateCallsPanel
from console_gui.supervising.people_panel import PositionsPanel
from console_gui.theme import Look
from console_gui.trunk_admin.add_position_form import AddPositionForm
from console_gui.trunk_admin.panels import LivePanel, NodesPanel
from console_gui.workplace import Area, Workplace

if TYPE_CHECKING:
    from console_gui.trunk_admin.trunk_desk import TrunkDesk


@dataclass(slots=True)
class Panels:
    """The parts of a workplace that the window speaks with; None where the role has none."""

    workplace: Workplace
    boards: list[BoardView] = field(default_factory=list)
    calls: CallsPanel | None = None
    incidents: IncidentsPanel | None = None
    units: UnitsPanel | None = None
    form: IncidentForm | None = None
    map: MapPanel | None = None
    texts: TextsPanel | None = None
    hospitals: HospitalsPanel | None = None
    history: HistoryPanel | None = None
    coverage: CoveragePanel | None = None
    band: FiguresBand | None = None
    people: PositionsPanel | None = None
    late_calls: LateCallsPanel | None = None
    add_position: AddPositionForm | None = None
    alarms: BoardView | None = None
    card: CardPlace | None = None
    triage: TriageCard | None = None
    trunk: TrunkDesk | None = None

    @property
    def centre(self) -> QWidget:
        """What stands in the middle: the map, where there is one. Raises LookupError before something does."""
        middle = self.workplace.centralWidget()
        if middle is None:
            raise LookupError("nothing stands in the middle")
        return middle

    def speaking(self) -> list[QWidget]:
        """The panels that may ask for a line (``line_wanted``, ``run_wanted``)."""
        parts = (
            self.form, self.calls, self.texts, self.coverage, self.hospitals, self.units, self.map, self.triage,
            self.people,
        )  # fmt: skip
        return [part for part in parts if part is not None]

    def spots(self) -> dict[str, QWidget]:
        """Where the keyboard can be sent by name."""
        found: dict[str, QWidget | None] = {
            "calls": self.calls.view if self.calls is not None else None,
            "incidents": self.incidents.view if self.incidents is not None else None,
            "units": self.units.view if self.units is not None else None,
            "alarms": self.alarms,
            "people": self.people.view if self.people is not None else None,
            "map": self.map.map if self.map is not None else None,
            "add_position": self.add_position.ident if self.add_position is not None else None,
        }
        if self.form is not None:
            found |= {"place": self.form.address_field.field, "type": self.form.type_field.field,
                      "note": self.form.note_field, "legs": self.form.legs_part.entrance,
                      "priority": self.form.priority_field.field}  # fmt: skip
        return {name: it for name, it in found.items() if it is not None}


def alarms_board(desk: Desk, look: Look) -> BoardView:
    table = AlarmsTable(desk)
    board = WrappedView(table, look, (116, 24, STRETCH, 58), "empty.alarms", wrapped=TEXT)
    table.setParent(board)
    Follower(desk, table, "alarms")
    return board


def dispatcher(desk: Desk, look: Look, drafts: Drafts, preferences: Preferences) -> Panels:
    place = Workplace(desk, "dispatcher", preferences)
    panels = Panels(place)
    _common(panels, desk, look, drafts, preferences)
    panels.incidents = IncidentsPanel(desk, look, drafts, preferences=preferences)
    incidents = place.add("panel.incidents", panels.incidents, Area.LeftDockWidgetArea, height=480)
    panels.incidents.summary_changed.connect(incidents.caption.note.setText)
    _alarms(panels, desk, look, height=120)
    _form(panels, desk, look, drafts)
    _units(panels, desk, look)
    panels.boards.append(panels.incidents.view)
    return panels


def supervisor(desk: Desk, look: Look, drafts: Drafts, preferences: Preferences) -> Panels:
    place = Workplace(desk, "supervisor", preferences)
    panels = Panels(place)
    _common(panels, desk, look, drafts, preferences)
    panels.people = PositionsPanel(desk, look, leading=True)
    place.add("panel.people", panels.people, Area.LeftDockWidgetArea, height=210)
    panels.coverage = CoveragePanel(desk, look)
    coverage = place.add("panel.coverage", panels.coverage, Area.LeftDockWidgetArea, height=230)
    panels.coverage.summary_changed.connect(coverage.caption.note.setText)
    panels.boards.append(panels.coverage.view)
    _alarms(panels, desk, look, height=120)
    _form(panels, desk, look, drafts)
    declines = DeclinesPanel(desk, look)
    place.add("panel.declines", declines, Area.LeftDockWidgetArea, height=170)
    panels.incidents = IncidentsPanel(desk, look, drafts, with_owner=True, preferences=preferences)
    incidents = place.add("panel.incidents", panels.incidents, Area.BottomDockWidgetArea, height=320, width=560)
    panels.incidents.summary_changed.connect(incidents.caption.note.setText)
    _units(panels, desk, look, width=400)
    place.beside("panel.incidents", "panel.units")
    place.tabs("panel.coverage", "panel.declines")
    panels.late_calls = LateCallsPanel(desk, look)
    late = place.add("panel.late_calls", panels.late_calls, Area.LeftDockWidgetArea, height=260)
    late.hide()  # opened by a figure
    panels.late_calls.summary_changed.connect(late.caption.note.setText)
    panels.band = FiguresBand(desk, look)
    panels.boards += [panels.late_calls.view, panels.people.view, panels.incidents.view]
    panels.boards += [declines.view, declines.lines_view]
    _trunk(panels, desk, look)
    return panels


def telephony_admin(desk: Desk, look: Look, drafts: Drafts, preferences: Preferences) -> Panels:
    place = Workplace(desk, "telephony_admin", preferences)
    panels = Panels(place)
    centre = QWidget()
    column = QVBoxLayout(centre)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    positions = PositionsPanel(desk, look, wide=True)
    panels.add_position = AddPositionForm(desk)
    column.addWidget(positions, 1)
    column.addWidget(panels.add_position)
    nodes = NodesPanel(desk, look)
    place.add("panel.nodes", nodes, Area.LeftDockWidgetArea, height=120, width=560)
    panels.boards += [nodes.view, positions.view]
    for name, area, height in (
        ("probes", Area.LeftDockWidgetArea, 190),
        ("trunks", Area.LeftDockWidgetArea, 160),
        ("queues", Area.LeftDockWidgetArea, 200),
        ("phones", Area.RightDockWidgetArea, 420),
    ):
        live = LivePanel(desk, look, name)
        place.add(f"panel.{name}", live, area, height=height, width=480 if area is Area.RightDockWidgetArea else 0)
        panels.boards.append(live.view)
    panels.calls = CallsPanel(desk, look)
    calls = place.add("panel.calls", panels.calls, Area.RightDockWidgetArea, height=360)
    panels.calls.summary_changed.connect(calls.caption.note.setText)
    _alarms(panels, desk, look, height=140, area=Area.LeftDockWidgetArea)
    place.setCentralWidget(_captioned(desk, "panel.positions", centre))
    place.centre_name = "panel.positions"
    panels.boards += [panels.calls.view, panels.calls.missed_view]
    _trunk(panels, desk, look)
    return panels


def _trunk(panels: Panels, desk: Desk, look: Look) -> None:
    from console_gui.trunk_admin.trunk_desk import TrunkDesk  # no other workplace needs its forms

    panels.trunk = TrunkDesk(desk, look)
    panels.boards += panels.trunk.boards()


def _captioned(desk: Desk, key: str, body: QWidget) -> QWidget:
    """The middle of a workplace with the caption that docks have."""
    holder = QWidget()
    holder.setObjectName("panel")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Caption(desk.words, key, holder))
    column.addWidget(body, 1)
    return holder


def _common(panels: Panels, desk: Desk, look: Look, drafts: Drafts, preferences: Preferences) -> None:
    panels.map = MapPanel(desk, look)
    panels.map.remember(preferences)
    panels.workplace.setCentralWidget(panels.map)
    panels.calls = CallsPanel(desk, look)
    dock = panels.workplace.add("panel.calls", panels.calls, Area.LeftDockWidgetArea, width=470, height=270, narrow=392)
    panels.calls.summary_changed.connect(dock.caption.note.setText)
    panels.boards += [panels.calls.view, panels.calls.missed_view]


def _alarms(panels: Panels, desk: Desk, look: Look, height: int, area: Area = Area.LeftDockWidgetArea) -> None:
    board = panels.alarms = alarms_board(desk, look)
    panels.workplace.add("panel.alarms", board, area, height=height)
    panels.boards.append(board)


def _form(panels: Panels, desk: Desk, look: Look, drafts: Drafts) -> None:
    panels.form = IncidentForm(desk, look, drafts)
    OfferBell(desk, panels.form)
    panels.workplace.add("panel.form", panels.form, Area.RightDockWidgetArea, width=600, narrow=420)
    panels.boards += [panels.form.strip, panels.form.legs, panels.form.story_view]
    panels.texts = TextsPanel(desk, look, drafts)
    texts = panels.workplace.add("panel.texts", panels.texts, Area.RightDockWidgetArea, height=380)
    texts.hide()  # opened by the person, never by a message
    panels.texts.summary_changed.connect(texts.caption.note.setText)
    panels.boards += [panels.texts.view, panels.texts.lines_view]
    panels.history = HistoryPanel(desk, look)
    history = panels.workplace.add("panel.history", panels.history, Area.RightDockWidgetArea, height=260)
    history.hide()
    panels.boards.append(panels.history.view)
    panels.hospitals = HospitalsPanel(desk, look)
    hospitals = panels.workplace.add("panel.hospitals", panels.hospitals, Area.RightDockWidgetArea, height=380)
    hospitals.hide()
    panels.hospitals.summary_changed.connect(hospitals.caption.note.setText)
    panels.boards.append(panels.hospitals.view)


def _units(panels: Panels, desk: Desk, look: Look, width: int = 0) -> None:
    """Where the panel is narrow the stations are left out."""
    panels.units = UnitsPanel(desk, look, with_station=not width)
    dock = panels.workplace.add("panel.units", panels.units, Area.BottomDockWidgetArea, height=300, width=width)
    panels.units.summary_changed.connect(dock.caption.note.setText)
    panels.boards.append(panels.units.view)
    _triage(panels, desk, dock)


def _triage(panels: Panels, desk: Desk, units: Dock) -> None:
    """Over the list of units: who goes is recommended in the form while a call is taken."""
    panels.triage = TriageCard(desk)
    dock = panels.workplace.add("panel.triage", panels.triage, Area.BottomDockWidgetArea)
    panels.workplace.tabifyDockWidget(units, dock)
    panels.triage.summary_changed.connect(dock.caption.note.setText)
    panels.card = CardPlace(desk, panels.triage, dock, units, panels.workplace)
