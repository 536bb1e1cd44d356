"""Giving an incident or a leg to somebody else: what, to whom, and the reason, which is required."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from console_gui.asking_dialog import AskingDialog
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.translations import sentences
from console_gui.translations.formats import short
from console_gui.typefaces import FORM, font
from dispatch_core.domain.commands import ReassignIncident, ReassignLeg
from dispatch_core.domain.recommending import free_units
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState, Role

WHOLE = ""


class ReassignDialog(AskingDialog):
    """The reason of a refusal stands beside the fields."""

    def __init__(self, desk: Desk, incident: Incident, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._incident = incident
        words = desk.words
        self.setModal(True)
        self.setMinimumWidth(560)
        self.setWindowTitle(words("reassign.title", incident=short(incident.id)))
        self.what, self.kind, self.to, self.instead = (self._combo() for _ in range(4))
        self.reason = QPlainTextEdit(self)
        self.reason.setObjectName("field")
        self.reason.setFont(font(FORM))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(76)
        self.do, self.cancel = QPushButton(words("reassign.do"), self), QPushButton(words("reassign.cancel"), self)
        for button in (self.do, self.cancel):
            button.setFont(font(FORM))
            button.setAutoDefault(False)
        self._lay_out()
        self.what.addItem(words("reassign.incident"), WHOLE)
        for service, leg in incident.legs.items():
            if leg.state is LegState.OPEN:
                name = sentences.service(desk.state, service, words.language)
                self.what.addItem(words("reassign.leg", service=name), service)
        self.what.currentIndexChanged.connect(self._what_changed)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.reason.textChanged.connect(self._allow)
        self.do.clicked.connect(self._send)
        self.cancel.clicked.connect(self.reject)
        self._what_changed()

    def _combo(self) -> QComboBox:
        combo = QComboBox(self)
        combo.setFont(font(FORM))
        return combo

    def _lay_out(self) -> None:
        words = self._desk.words
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        self._labels = {}
        rows = (
            ("what", self.what),
            ("kind", self.kind),
            ("to", self.to),
            ("instead", self.instead),
            ("reason", self.reason),
        )
        for row, (key, field) in enumerate(rows):
            label = self._labels[key] = plain_label(self, FORM, "dim")
            label.setText(words(f"reassign.{key}"))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.trouble, 5, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.do)
        grid.addLayout(buttons, 6, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    @property
    def service(self) -> str:
        return str(self.what.currentData() or WHOLE)

    def _what_changed(self) -> None:
        words = self._desk.words
        kinds = ["dispatcher"] if self.service == WHOLE else ["dispatcher", "station", "unit"]
        self.kind.blockSignals(True)
        self.kind.clear()
        for kind in kinds:
            self.kind.addItem(words(f"reassign.{kind}"), kind)
        self.kind.blockSignals(False)
        self._kind_changed()

    def _kind_changed(self) -> None:
        state, kind = self._desk.state, self.kind.currentData()
        self.to.clear()
        self.instead.clear()
        leg = self._incident.legs.get(self.service)
        if kind == "dispatcher":
            for user, person in sorted(state.people.items()):
                if person.role is not Role.TELEPHONY_ADMIN:
                    self.to.addItem(f"{person.name}  @{user}", user)
        elif kind == "station":
            for station in sorted(state.stations.values(), key=lambda it: it.name):
                if station.service == self.service:
                    self.to.addItem(station.name, station.id)
        else:
            nearest = [it.unit for it in leg.candidates] if leg is not None else []
            free = [unit.call_sign for unit in free_units(state, self.service)]
            for sign in [*(it for it in nearest if it in free), *(it for it in free if it not in nearest)]:
                self.to.addItem(sign, sign)
            self.instead.addItem(self._desk.words("reassign.none"), "")
            for sign in leg.units if leg is not None else ():
                self.instead.addItem(sign, sign)
        for part in (self.instead, self._labels["instead"]):
            part.setVisible(kind == "unit")
        self._allow()

    def _allow(self) -> None:
        self.do.setEnabled(
            bool(self.reason.toPlainText().strip()) and self.to.currentIndex() >= 0 and not self._waiting
        )

    def _send(self) -> None:
        reason, to = self.reason.toPlainText().strip(), str(self.to.currentData())
        kind = self.kind.currentData()
        body: ReassignIncident | ReassignLeg
        if self.service == WHOLE:
            body = ReassignIncident(incident=self._incident.id, to=to, reason=reason)
        else:
            body = ReassignLeg(
                incident=self._incident.id, service=self.service, reason=reason,
                dispatcher=to if kind == "dispatcher" else "", station=to if kind == "station" else "",
                unit=to if kind == "unit" else "",
                instead_of=str(self.instead.currentData() or "") if kind == "unit" else "",
            )  # fmt: skip
        self.ask(body)

    def waited(self) -> None:
        self._allow()
