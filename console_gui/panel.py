"""A panel: a slim caption with what matters beside it, and one board or form under it; the docks hold panels."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QVBoxLayout, QWidget

from console_gui.bulkhead import Bulkhead
from console_gui.labels import elided_label, plain_label
from console_gui.sizes import px
from console_gui.translations.language import Words
from console_gui.typefaces import ROW

CAPTION_HEIGHT = 28


class Caption(Bulkhead):
    """The title bar of a dock: its name, and to the right what the panel wants to say in a few words."""

    def __init__(self, words: Words, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(px(CAPTION_HEIGHT))
        self.name = plain_label(self.inside, ROW, "caption", strong=True)
        self.note = elided_label(self.inside, ROW, "dim")
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words.put(self.name, "setText", key)
        row = QHBoxLayout(self.inside)
        row.setContentsMargins(8, 2, 8, 0)
        row.addWidget(self.name)
        row.addWidget(self.note, 1)

    def sizeHint(self) -> QSize:  # a dock asks its title bar for this and for nothing else
        return QSize(120, px(CAPTION_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, px(CAPTION_HEIGHT))


class Dock(QDockWidget):
    """A dock with our caption instead of Qt's title bar; ``key`` names it for the saved layout."""

    def __init__(self, words: Words, key: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(key)
        self.caption = Caption(words, key, self)
        self.setTitleBarWidget(self.caption)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        words.put(self, "setWindowTitle", key)
        holder = QWidget(self)
        holder.setObjectName("panel")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(body)
        self.setWidget(holder)
