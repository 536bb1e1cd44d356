"""Adding a position: id, label, services. The button says what will happen, the line under it what if not; Enter
before the form is complete says what is missing."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.notice import Kind, Notice
from console_gui.outbox import Pending
from console_gui.translations import sentences
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.domain.commands import AddPosition
from dispatch_core.wire.envelopes import Reply


class AddPositionForm(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: AddPosition | None = None
        self.ident, self.label = QLineEdit(self), QLineEdit(self)
        self.ident.setMaxLength(12)
        self.label.setMaxLength(80)
        self.services: dict[str, QPushButton] = {}
        self.add = QPushButton(self)
        self.explained = plain_label(self, ROW, "dim")
        self.trouble = plain_label(self, ROW, "attention")
        for label in (self.explained, self.trouble):
            label.setWordWrap(True)
        for part in (self.ident, self.label, self.add):
            part.setFont(font(FORM))
        words = desk.words
        words.put(self.ident, "setPlaceholderText", "admin.add_id_hint")
        words.put(self.label, "setPlaceholderText", "admin.add_label_hint")
        words.put(self.add, "setText", "admin.add")
        self._lay_out()
        self.ident.textChanged.connect(self._allow)
        self.add.clicked.connect(self._send)
        self.ident.returnPressed.connect(self._send)
        self.label.returnPressed.connect(self._send)
        desk.updated.connect(self._update)
        desk.settled.connect(self._settled)
        desk.noticed.connect(self._noticed)
        words.changed.connect(self._retell)
        self._retell()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._boxes = QHBoxLayout()
        self._boxes.setSpacing(6)
        for row, (key, field) in enumerate((("add_id", self.ident), ("add_label", self.label))):
            name = plain_label(self, FORM, "dim")
            self._desk.words.put(name, "setText", f"admin.{key}")
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        name = plain_label(self, FORM, "dim")
        self._desk.words.put(name, "setText", "admin.add_services")
        grid.addWidget(name, 2, 0)
        self._boxes.addStretch(1)
        grid.addLayout(self._boxes, 2, 1)
        grid.setColumnStretch(1, 1)
        last = QHBoxLayout()
        last.addWidget(self.explained, 1)
        last.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.trouble)
        column.addLayout(last)

    def _update(self, changes: Changes) -> None:
        if changes.site:
            self._retell()

    def _retell(self) -> None:
        language = self._desk.words.language
        for code in self._desk.state.site.services:
            if code not in self.services:
                box = self.services[code] = QPushButton(self)
                box.setCheckable(True)
                box.setFont(font(FORM))
                box.toggled.connect(self._retell)
                self._boxes.insertWidget(self._boxes.count() - 1, box)
            number = sentences.number_of(self._desk.state, code)
            name = f"{number} {sentences.service(self._desk.state, code, language)}".strip()
            mark = "✓ " if self.services[code].isChecked() else ""
            self.services[code].setText(mark + name.replace("&", "&&"))  # one & would be the mark of a shortcut
        self._allow()

    def _allow(self) -> None:
        chosen = [code for code, box in self.services.items() if box.isChecked()]
        name = self.ident.text().strip().upper()
        self.add.setEnabled(bool(name and chosen) and not self._waiting)
        self.explained.setText(self._desk.words("admin.add_what", position=name or "…"))

    def _send(self) -> None:
        if self._waiting:
            return
        if not self.add.isEnabled():
            missing = "admin.no_services" if self.ident.text().strip() else "admin.no_id"
            self.trouble.setText(self._desk.words(missing))
            return
        services = tuple(code for code, box in self.services.items() if box.isChecked())
        name = self.ident.text().strip().upper()
        self._waiting = AddPosition(position=name, label=self.label.text().strip(), services=services)
        self.trouble.setText(self._desk.words("line.pending"))
        self._allow()
        if self._desk.ask(self._waiting) is None:
            self._waiting = None
            self._allow()

    def _settled(self, pending: Pending, reply: Reply) -> None:
        if pending.body is not self._waiting:
            return
        self._waiting = None
        if reply.refusal is None:
            self.trouble.setText("")
            self.ident.clear()
            self.label.clear()
        else:
            self.trouble.setText(sentences.refusal(self._desk.state, reply.refusal, self._desk.words.language))
        self._allow()

    def _noticed(self, notice: Notice) -> None:
        """The switch could not install it: the reason stays here until the next try."""
        if notice.kind is Kind.TOLD and notice.code == "position_refused":
            self.trouble.setText(notice.sentence(self._desk.words.language))
