"""The open incident: who calls, what, where, which legs with which units, the narrative. Pops with my answered call."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from console_gui.board_view import STRETCH
from console_gui.call_taking.address_field import AddressField
from console_gui.call_taking.caller_card import CallerCard
from console_gui.call_taking.same_row import SameRow
from console_gui.call_taking.steering_row import SteeringRow
from console_gui.call_taking.type_field import TypeField
from console_gui.changes import Changes
from console_gui.command_line.tokens import plain_line
from console_gui.desk import Desk
from console_gui.dispatching.dispatch_row import DispatchRow
from console_gui.dispatching.legs_view import LegsView
from console_gui.dispatching.premises_view import PremisesView
from console_gui.dispatching.wrapped_view import StoryView
from console_gui.drafts import Drafts
from console_gui.flow_row import FlowRow
from console_gui.labels import plain_label, wrapped_label
from console_gui.models.lines import StoryTable
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.theme import Look
from console_gui.tidings import short
from console_gui.translations import sentences
from console_gui.translations.formats import metres, since
from console_gui.typefaces import CLOCK, FORM, ROW, font
from dispatch_core.domain.commands import AddNote
from dispatch_core.domain.duplicates import callers_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState

NOTE = "note"
STORY_ROWS = 4
"""The narrative shows so many lines whatever stands above it."""

LEAST_HEIGHT = 240
"""Below what its parts need the form is scrolled, and pushes nothing off the screen."""


class IncidentForm(QWidget):
    line_wanted = Signal(str)  # words to put into the command line
    run_wanted = Signal(str)  # a line to carry out at once
    reassign_wanted = Signal()
    done = Signal()  # back to the command line

    def __init__(self, desk: Desk, look: Look, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self._shown = ""
        self._make_parts(look)
        self._lay_out()
        desk.current_changed.connect(self.refresh)
        desk.updated.connect(self._update)
        desk.ticked.connect(self._tick)
        desk.words.changed.connect(self._retell)
        self.refresh()

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_parts(self, look: Look) -> None:
        desk, words = self._desk, self._desk.words
        self.title = plain_label(self, CLOCK, strong=True)
        self.priority = plain_label(self, CLOCK)
        self.clock = plain_label(self, CLOCK)
        self.status = wrapped_label(self, FORM, "dim")
        self.steering = SteeringRow(desk, self)
        self.steering.line_wanted.connect(self.line_wanted)
        self.steering.run_wanted.connect(self.run_wanted)
        self.caller = CallerCard(desk, self)
        self.type_field = TypeField(desk, self._drafts, self)
        self.address_field = AddressField(desk, self._drafts, self)
        self.place_detail = plain_label(self, ROW, "dim")
        self.place_detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.premises = PremisesView(desk, look, self)
        self.premises.line_wanted.connect(self.line_wanted)
        self.same = SameRow(desk, self)
        self.dispatching = DispatchRow(desk, self)
        self.dispatching.line_wanted.connect(self.line_wanted)
        self.dispatching.run_wanted.connect(self.run_wanted)
        self.legs = LegsView(desk, look, self)
        self.story = StoryTable(desk, self)
        self.story_view = StoryView(self.story, look, (78, STRETCH), parent=self)
        self.story_view.setMinimumHeight(STORY_ROWS * ROW_HEIGHT)
        self.note_field = QLineEdit(self)
        self.note_field.setFont(font(FORM))
        words.put(self.note_field, "setPlaceholderText", "form.note_hint")
        self.empty = plain_label(self, FORM, "dim")
        self.empty.setWordWrap(True)
        words.put(self.empty, "setText", "empty.form")
        self.buttons = {key: self._button(key) for key in ("answer", "hang_up", "empty_call", "close", "reassign")}
        self.buttons["answer"].clicked.connect(lambda: self.run_wanted.emit("a"))
        self.buttons["hang_up"].clicked.connect(lambda: self.run_wanted.emit("h"))
        self.buttons["empty_call"].clicked.connect(lambda: self.run_wanted.emit("xx"))
        self.buttons["close"].clicked.connect(lambda: self.line_wanted.emit("x "))
        self.buttons["reassign"].clicked.connect(self.reassign_wanted)
        self.buttons["reassign"].setVisible(desk.supervising)
        self.note_field.returnPressed.connect(self._add_note)
        self.note_field.textEdited.connect(self._keep_note)
        self.type_field.done.connect(self.done)
        self.address_field.done.connect(self.done)
        self.legs.line_wanted.connect(self.line_wanted)
        self.legs.unit_wanted.connect(lambda unit: self.line_wanted.emit(f"/st {unit} "))

    def _button(self, key: str) -> QPushButton:
        button = QPushButton(self)
        button.setFont(font(ROW))
        self._desk.words.put(button, "setText", f"form.{key}")
        return button

    def _caption(self, key: str) -> QLabel:
        label = plain_label(self, ROW, "caption", strong=True)
        self._desk.words.put(label, "setText", key)
        return label

    def _lay_out(self) -> None:
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        nothing, form = QWidget(self), QWidget(self)
        centred = QVBoxLayout(nothing)
        centred.setContentsMargins(16, 12, 16, 16)
        centred.addWidget(self.empty)
        centred.addStretch(1)
        column = QVBoxLayout(form)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addSpacing(10)
        head.addWidget(self.priority)
        head.addStretch(1)
        head.addWidget(self.clock)
        column.addLayout(head)
        column.addWidget(self.status)
        column.addWidget(self._rule())
        column.addWidget(self.caller)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for button in (self.buttons["answer"], self.buttons["hang_up"]):
            acts.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        acts.addWidget(self.steering, 1)
        acts.addStretch(0)
        column.addLayout(acts)
        column.addLayout(self._fields())
        column.addWidget(self.same)
        column.addWidget(self.premises)
        column.addWidget(self._caption("form.legs"))
        column.addWidget(self.legs, 100)
        column.addWidget(self.dispatching)
        column.addWidget(self._caption("form.story"))
        column.addWidget(self.story_view, 1)
        column.addWidget(self.note_field)
        column.addLayout(self._acts("empty_call", "close", "reassign"))
        self._stack.addWidget(nothing)
        scrolled = QScrollArea(self)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setMinimumHeight(LEAST_HEIGHT)
        scrolled.setWidget(form)
        form.setObjectName("panel")
        self._stack.addWidget(scrolled)

    def _acts(self, *keys: str) -> FlowRow:
        row = FlowRow()
        for key in keys:
            row.addWidget(self.buttons[key])
        return row

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for row, (key, hint, field) in enumerate(
            (("form.type", "F6", self.type_field), ("form.place", "F3", self.address_field))
        ):
            label = plain_label(self, FORM, "dim")
            self._desk.words.put(label, "setText", key)
            key_label = plain_label(self, ROW, "dim")
            key_label.setText(hint)
            grid.addWidget(label, row, 0)
            grid.addWidget(key_label, row, 1)
            grid.addWidget(field, row, 2)
        grid.addWidget(self.place_detail, 2, 2)
        grid.setColumnStretch(2, 1)
        return grid

    def _rule(self) -> QFrame:
        rule = QFrame(self)
        rule.setObjectName("rule")
        return rule

    # --- showing ------------------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        return self._desk.state.incidents.get(self._desk.current)

    def refresh(self) -> None:
        """Show the incident that is open as the state has it now."""
        incident = self.incident
        self._stack.setCurrentIndex(0 if incident is None else 1)
        ident = incident.id if incident is not None else ""
        if ident != self._shown:
            self._shown = ident
            self.note_field.setText(self._drafts.get(ident, NOTE) if ident else "")
            self.story_view.to_end()
        self.caller.show_incident(incident)
        self.type_field.show_incident(incident)
        self.address_field.show_incident(incident)
        self.premises.show_incident(incident)
        self.legs.legs.show(incident)
        self.dispatching.show_incident(incident)
        self.story.show(incident)
        if incident is not None:
            self._head(incident)
            self._place(incident)
            self._allow(incident)
        self._tick()

    def _head(self, incident: Incident) -> None:
        words = self._desk.words
        self.title.setText(short(incident.id))
        level = f"   {words('form.level', level=incident.level)}" if incident.level > 1 else ""
        self.priority.setText(f"P{incident.priority}{level}")
        owner = sentences.person(self._desk.state, incident.owner, words.language)
        parts = [words(f"incident.{incident.state.value}")]
        if incident.state is IncidentState.CLOSED:
            parts[0] += f": {sentences.disposition(incident.disposition, words.language)}"
        count = callers_of(self._desk.state, incident)
        parts += [words("incident.callers", count=count)] if count > 1 else []
        parts.append(words("form.owner", owner=owner) if incident.owner else words("form.nobody"))
        self.status.setText("   ".join(parts))

    def _place(self, incident: Incident) -> None:
        words, place = self._desk.words, incident.location
        if place is None:
            self.place_detail.setText(words("form.no_place"))
            return
        parts = [words(f"source.{place.source.value}")]
        if place.uncertainty_m:
            parts.append(f"±{metres(place.uncertainty_m, words.language)}")
        if place.lat is not None and place.lon is not None:
            parts.append(f"{place.lat:.5f}, {place.lon:.5f}")
        self.place_detail.setText("   ".join(parts))

    def _allow(self, incident: Incident) -> None:
        """Only what can be done now can be pressed."""
        calls = [self._desk.state.calls[ident] for ident in incident.calls if ident in self._desk.state.calls]
        open_now = incident.state is not IncidentState.CLOSED
        at_work = any(leg.units for leg in incident.legs.values())
        mine = self._desk.own_call()
        self.steering.refresh()
        self.buttons["answer"].setVisible(mine is None)
        self.buttons["hang_up"].setVisible(mine is not None)
        self.steering.setVisible(mine is not None)
        self.buttons["answer"].setEnabled(mine is None)
        self.buttons["hang_up"].setEnabled(mine is not None and not mine.hang_up_asked)
        self.buttons["empty_call"].setEnabled(
            open_now and not at_work and not any(call.state.waiting for call in calls)
        )
        self.buttons["close"].setEnabled(open_now)
        self.buttons["reassign"].setEnabled(open_now)

    def _update(self, changes: Changes) -> None:
        incident = self.incident
        if incident is None:
            if self._shown:
                self.refresh()
            return
        legs = incident.legs.values()
        units = {unit for leg in legs for unit in (*leg.units, *(it.unit for it in (*leg.candidates, *leg.passed)))}
        touched = (
            incident.id in changes.of("incidents").changed
            or not set(incident.calls).isdisjoint(changes.of("calls").changed)
            or not units.isdisjoint(changes.of("units").changed)
            or bool(changes.of("calls") or changes.of("people"))
            or changes.site
        )
        if touched:
            self.refresh()

    def _tick(self) -> None:
        incident = self.incident
        if incident is not None:
            until = incident.closed_at or self._desk.now()
            self.clock.setText(since(incident.received_at, until))
            self.caller.tick()
            self.legs.legs.tick()

    def _retell(self) -> None:
        self.type_field.retell()
        self.address_field.retell()
        self.refresh()

    # --- typing -------------------------------------------------------------------------------------------------------

    def _keep_note(self, text: str) -> None:
        if self._shown:
            self._drafts.put(self._shown, NOTE, text)

    def _add_note(self) -> None:
        """The text leaves the field when the command is on its way; the outbox keeps it until it is confirmed."""
        text = plain_line(self.note_field.text())
        if (
            text
            and self._shown
            and self._desk.ask(AddNote(incident=self._shown, text=text), f"n {short(self._shown)} {text}")
        ):
            self.note_field.clear()
            self._keep_note("")
