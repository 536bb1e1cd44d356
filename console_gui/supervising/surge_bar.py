"""One line under the band while those who wait hear of a surge; for supervisors also when one is proposed. It asks for
nothing: what is proposed passes by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from console_gui.desk import Desk
from console_gui.labels import elided_label, plain_label
from console_gui.surge_words import proposal_told, surge_told
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.vocabulary import Role


class SurgeBar(QFrame):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.what = elided_label(self, FORM, "attention", strong=True)
        self.counts = plain_label(self, FORM)
        self.how = plain_label(self, ROW, "dim")
        self.what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(22)
        row.addWidget(self.what, 1)
        row.addWidget(self.counts)
        row.addWidget(self.how)
        for signal in (desk.updated, desk.ticked, desk.words.changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        desk = self._desk
        what, counts, how = "", "", ""
        if desk.role is not Role.TELEPHONY_ADMIN:
            what, counts, how = surge_told(desk.state, desk.words, desk.now())
        if not what and desk.supervising:
            what, how = proposal_told(desk.state, desk.words)
        for label, text in ((self.what, what), (self.counts, counts), (self.how, how if desk.supervising else "")):
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self.setVisible(bool(what))
