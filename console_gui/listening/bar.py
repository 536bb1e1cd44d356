"""The strip above the command line while somebody listens: what, how far, whether it still grows, the keys."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.listening.player import Player, Stage
from console_gui.theme import Look
from console_gui.translations.formats import one_line, phone, short
from console_gui.typefaces import FORM, ROW


def clock(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


class Track(QWidget):
    """How far: a line of the whole length, and of what was heard."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._share = look, 0.0
        self.setMinimumWidth(120)
        self.setFixedHeight(10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        palette = self.palette()
        middle = self.height() / 2
        painter.setBrush(palette.mid())
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width(), 4), 2, 2)
        painter.setBrush(palette.windowText())
        painter.drawRoundedRect(QRectF(0, middle - 2, self.width() * self._share, 4), 2, 2)


class ListeningBar(QWidget):
    def __init__(self, desk: Desk, player: Player, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._player = desk, player
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.state = plain_label(self, FORM, strong=True)
        self.what = plain_label(self, FORM)
        self.live = plain_label(self, FORM, "attention")
        self.times = plain_label(self, FORM)
        self.keys = plain_label(self, ROW, "dim")
        self.track = Track(look, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 12, 4)
        row.setSpacing(14)
        for label in (self.state, self.what, self.live):
            row.addWidget(label)
        row.addWidget(self.track, 1)
        row.addWidget(self.times)
        row.addWidget(self.keys)
        player.changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        player, words = self._player, self._desk.words
        self.setVisible(player.stage is not Stage.SILENT)
        if player.stage is Stage.SILENT:
            return
        self.state.setText(words(f"listen.{player.stage.value}"))
        self.what.setText(self._named())
        self.live.setText(words("listen.live"))
        self.live.setVisible(player.live)
        self.times.setText(f"{clock(player.position)} / {clock(player.length)}")
        self.track.show_share(player.position / player.length if player.length else 0.0)
        self.keys.setText(words("listen.keys"))

    def _named(self) -> str:
        """The incident and the number, as far as this console may know them."""
        wish = self._player.wish
        call = self._desk.state.calls.get(wish.call)
        incident = call.incident if call is not None else wish.incident
        number = phone(one_line(call.number, 40)) if call is not None else ""
        return "  ".join(filter(None, (short(incident) if incident else "", number))) or one_line(wish.call, 60)
