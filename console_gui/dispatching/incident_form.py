"""The open incident: who calls, what, where, which legs with which units, the narrative. Pops with my answered call."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from console_gui.call_taking.caller_card import CallerCard
from console_gui.call_taking.same_row import SameRow
from console_gui.call_taking.steering_row import SteeringRow
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.dispatching.dispatch_row import DispatchRow
from console_gui.dispatching.incident_fields import IncidentFields
from console_gui.dispatching.incident_head import IncidentHead
from console_gui.dispatching.leg_strip import LegsPart
from console_gui.dispatching.narrative import Narrative
from console_gui.dispatching.premises_view import PremisesView
from console_gui.dispatching.unsaved_rows import UnsavedRows
from console_gui.drafts import NOTE, Drafts
from console_gui.flow_row import FlowRow
from console_gui.following_scroll import FollowingScroll
from console_gui.labels import plain_label
from console_gui.paced import Paced
from console_gui.steps import in_one_go
from console_gui.theme import Look
from console_gui.translations.formats import one_line, phone
from console_gui.turns import Turn
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.domain.state import Call, Incident
from dispatch_core.domain.vocabulary import IncidentState

LEAST_HEIGHT = 240
"""Below what its parts need the form is scrolled, and pushes nothing off the screen."""

MARGIN = 8
"""Pixels round what the keyboard goes to that are brought into sight with it."""


class IncidentForm(QWidget):
    line_wanted = Signal(str)  # words to put into the command line
    run_wanted = Signal(str)  # a line to carry out at once
    reassign_wanted = Signal()
    done = Signal()  # back to the command line

    def __init__(self, desk: Desk, look: Look, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self._shown = ""
        self._rounds = 0
        self._make_parts(look)
        self._lay_out()
        desk.current_changed.connect(self.refresh)
        self._mine = ""
        self._paced = Paced(self._refreshing, self)
        desk.updated.connect(self._update)
        desk.ticked.connect(Turn(self._tick, self).take)
        desk.words.changed.connect(self._retell)
        self.refresh()

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_parts(self, look: Look) -> None:
        desk, words = self._desk, self._desk.words
        self.unsaved = UnsavedRows(desk, self._drafts, self)
        self.unsaved.wanted.connect(self.back_to_unsaved)
        self.head = IncidentHead(desk, self._drafts, self)
        self.priority_field = self.head.priority_field
        self.priority_field.done.connect(self.done)
        self.steering = SteeringRow(desk, self)
        self.steering.line_wanted.connect(self.line_wanted)
        self.steering.run_wanted.connect(self.run_wanted)
        self.caller = CallerCard(desk, self)
        self.fields = IncidentFields(desk, self._drafts, self)
        self.fields.done.connect(self.done)
        self.type_field, self.address_field = self.fields.type_field, self.fields.address_field
        self.premises = PremisesView(desk, look, self)
        self.premises.line_wanted.connect(self.line_wanted)
        self.same = SameRow(desk, self)
        self.dispatching = DispatchRow(desk, self)
        self.dispatching.line_wanted.connect(self.line_wanted)
        self.dispatching.run_wanted.connect(self.run_wanted)
        self.legs_part = LegsPart(desk, look, self)
        self.strip, self.legs = self.legs_part.strip, self.legs_part.legs
        self.legs.line_wanted.connect(self.line_wanted)
        self.legs.unit_wanted.connect(lambda unit: self.line_wanted.emit(f"/st {unit} "))
        self.narrative = Narrative(desk, look, self._drafts, self)
        self.story_view, self.note_field = self.narrative.view, self.narrative.field
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
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._stack = QStackedLayout()
        whole.addWidget(self.unsaved)
        whole.addLayout(self._stack, 1)
        nothing, form = QWidget(self), QWidget(self)
        centred = QVBoxLayout(nothing)
        centred.setContentsMargins(16, 12, 16, 16)
        centred.addWidget(self.empty)
        centred.addStretch(1)
        column = QVBoxLayout(form)
        column.setContentsMargins(12, 4, 12, 4)
        column.setSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self._rule())
        column.addWidget(self.caller)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        for button in (self.buttons["answer"], self.buttons["hang_up"]):
            acts.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        acts.addWidget(self.steering, 1)
        acts.addStretch(0)
        column.addLayout(acts)
        column.addWidget(self.fields)
        column.addWidget(self.same)
        column.addWidget(self.premises)
        legs = QHBoxLayout()
        legs.addWidget(self._caption("form.legs"), 0, Qt.AlignmentFlag.AlignTop)
        legs.addWidget(self.dispatching, 1)
        column.addLayout(legs)
        column.addWidget(self.legs_part, 100)
        column.addWidget(self._caption("form.story"))
        column.addWidget(self.narrative, 1)
        self._form, self.scrolled = form, self._scrolled(form)
        filled = QWidget(self)
        whole = QVBoxLayout(filled)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.scrolled, 1)
        whole.addWidget(self._pinned())
        self._stack.addWidget(nothing)
        self._stack.addWidget(filled)
        typed_in = (self.priority_field.field, self.type_field.field, self.address_field.field)
        for part in (*typed_in, self.strip, self.legs, self.story_view):
            part.installEventFilter(self)

    def _pinned(self) -> QWidget:
        """What stands at the bottom however much there is above it."""
        bottom = QWidget(self)
        column = QVBoxLayout(bottom)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.note_field)
        column.addWidget(self.narrative.told)
        column.addLayout(self._acts("empty_call", "close", "reassign"))
        return bottom

    def _scrolled(self, form: QWidget) -> QScrollArea:
        scrolled = FollowingScroll(self)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setMinimumHeight(LEAST_HEIGHT)
        scrolled.setWidget(form)
        form.setObjectName("panel")
        return scrolled

    def _acts(self, *keys: str) -> FlowRow:
        row = FlowRow()
        for key in keys:
            row.addWidget(self.buttons[key])
        return row

    def _rule(self) -> QFrame:
        rule = QFrame(self)
        rule.setObjectName("rule")
        return rule

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whatever the keyboard goes to is in sight, also where the form is higher than the screen."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            half = watched.height() // 2
            place = watched.mapTo(self._form, QPoint(0, half))
            self.scrolled.ensureVisible(0, place.y(), 0, half + MARGIN)
        return super().eventFilter(watched, event)

    # --- showing ------------------------------------------------------------------------------------------------------

    @property
    def incident(self) -> Incident | None:
        return self._desk.state.incidents.get(self._desk.current)

    def refresh(self) -> None:
        """Show the incident that is open as the state has it now."""
        in_one_go(self._refreshing())

    def _refreshing(self) -> Generator[None, None, None]:
        """As ``refresh``, a part at a time; given up where the form was shown anew meanwhile."""
        self._rounds += 1
        this, incident = self._rounds, self.incident
        self._stack.setCurrentIndex(0 if incident is None else 1)
        self._shown = incident.id if incident is not None else ""
        for part in (
            self.head, self.caller, self.fields, self.premises, self.legs_part, self.dispatching, self.narrative,
        ):
            part.show_incident(incident)
            yield
            if this != self._rounds:
                return
        if incident is not None:
            self._allow(incident)
        self._tick()
        self._settle()

    def _settle(self) -> None:
        """Lay everything out now: words that came with a call are not cut until some later turn."""
        form = self._form
        for part in (self.caller, form):
            layout = part.layout()
            if layout is not None:
                layout.activate()
        if form.height() < form.minimumSizeHint().height():
            form.resize(form.width(), form.minimumSizeHint().height())

    def _allow(self, incident: Incident) -> None:
        """Only what can be done now can be pressed."""
        calls = [self._desk.state.calls[ident] for ident in incident.calls if ident in self._desk.state.calls]
        open_now = incident.state is not IncidentState.CLOSED
        at_work = any(leg.units for leg in incident.legs.values())
        mine = self._desk.own_call()
        self.steering.refresh()
        self.buttons["answer"].setVisible(mine is None)
        self.buttons["hang_up"].setVisible(mine is not None)
        self.buttons["hang_up"].setText(self._hang_up(mine, incident))
        self.steering.setVisible(mine is not None)
        self.buttons["answer"].setEnabled(mine is None)
        self.buttons["hang_up"].setEnabled(mine is not None and not mine.hang_up_asked)
        self.buttons["empty_call"].setEnabled(
            open_now and not at_work and not any(call.state.waiting for call in calls)
        )
        self.buttons["close"].setEnabled(open_now)
        self.buttons["reassign"].setEnabled(open_now)

    def _hang_up(self, mine: Call | None, incident: Incident) -> str:
        """Whom it would cut off, where the caller above it is not the one that I talk with."""
        words = self._desk.words
        elsewhere = mine is not None and mine.id not in incident.calls
        number = phone(one_line(mine.number, 40)) or words("form.hidden_number") if mine is not None else ""
        return f"{words('form.hang_up')} {number}" if elsewhere else words("form.hang_up")

    def back_to_unsaved(self) -> bool:
        """Open the incident whose words were typed last, with the keyboard in the field where they stand; whether there
        was one."""
        others = self.unsaved.others()
        if not others:
            return False
        self._desk.show(others[0])
        name = next(iter(self._drafts.fields(others[0])), NOTE)
        guarded = next((it for it in (self.priority_field, *self.fields.all) if it.name == name), None)
        field = guarded.field if guarded is not None else self.note_field
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.end(False)
        return True

    def _update(self, changes: Changes) -> None:
        incident = self.incident
        if incident is None:
            if self._shown:
                self.refresh()
            return
        legs = incident.legs.values()
        asked = (it.unit for leg in legs for it in leg.candidates)
        passed = (it.unit for leg in legs for it in leg.passed)
        units = {*(unit for leg in legs for unit in leg.units), *asked, *passed}
        own = (
            incident.id in changes.of("incidents").changed
            or not {*incident.calls, *self._at_my_seat()}.isdisjoint(changes.of("calls").changed)
            or changes.of("calls").removed
            or changes.site
        )
        if own or incident.id != self._shown:
            self.refresh()
        elif changes.of("calls") or changes.of("people") or not units.isdisjoint(changes.of("units").changed):
            self._paced.call()  # of a busy city some call or crew that matters here changes at every moment

    def _at_my_seat(self) -> Iterator[str]:
        """What I talk in, and what I talked in a moment ago."""
        call = self._desk.own_call()
        ident, self._mine = self._mine, call.id if call is not None else ""
        yield from (ident, self._mine)

    def _tick(self) -> None:
        if self.incident is not None:
            self.head.tick()
            self.caller.tick()
            self.legs_part.tick()

    def _retell(self) -> None:
        self.fields.retell()
        self.priority_field.retell()
        self.refresh()
