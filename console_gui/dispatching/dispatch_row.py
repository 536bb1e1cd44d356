"""What can be done for all legs at once: send the recommended units, a greater alarm, give a reason that is owed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console_gui.command_line.verbs_dispatching import next_level
from console_gui.desk import Desk
from console_gui.flow_row import FlowRow
from console_gui.translations.dispatching import unexplained
from console_gui.typefaces import ROW, font
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import ALARM_LEVELS, IncidentState


class DispatchRow(QWidget):
    line_wanted = Signal(str)  # words to put into the command line
    run_wanted = Signal(str)  # a line to carry out at once

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._owed = ""
        self.buttons = {name: QPushButton(self) for name in ("send_all", "raise", "explain")}
        row = FlowRow(self)
        for button in self.buttons.values():
            button.setFont(font(ROW))
            row.addWidget(button)
        self.buttons["send_all"].clicked.connect(lambda: self.run_wanted.emit("dx"))
        self.buttons["raise"].clicked.connect(lambda: self.line_wanted.emit(next_level(self._desk.context())))
        self.buttons["explain"].clicked.connect(lambda: self.line_wanted.emit(f"vi {self._owed} "))

    def show_incident(self, incident: Incident | None) -> None:
        if incident is None:
            return
        words, state, now = self._desk.words, self._desk.state, self._desk.now()
        open_now = incident.state is not IncidentState.CLOSED
        owed = unexplained(incident)
        self._owed = owed[0] if owed else ""
        self.buttons["send_all"].setText(words("form.send_all"))
        self.buttons["raise"].setText(words("form.raise", level=min(incident.level + 1, ALARM_LEVELS)))
        self.buttons["explain"].setText(words("form.explain"))
        ready = open_now and any(ranked(state, incident, service, now).chosen for service in incident.legs)
        self.buttons["send_all"].setEnabled(ready)
        self.buttons["raise"].setEnabled(open_now and incident.level < ALARM_LEVELS)
        self.buttons["explain"].setVisible(bool(owed))
