"""What stands at one spot, or was found, as a list over the map: arrows choose, Enter takes, + looks closer, Esc
leaves.

Always plain text: what it tells came from callers and other systems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console_gui import typefaces
from console_gui.map.look import Look

ROWS_SHOWN, ROWS_MOST = 12, 200
PAD_PX, WIDE_MOST_PX = 8, 460
AWAY_PX = 14
ROW_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """``kind`` and ``ident`` are told when it is taken."""

    kind: str
    ident: str
    words: str


class Listing(QWidget):
    taken = Signal(str, str)
    closer = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(typefaces.font(strong=True))
        self.list = QListWidget(self)
        self.list.setFont(typefaces.font())
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        self.keys = QLabel(self)
        self.keys.setTextFormat(Qt.TextFormat.PlainText)
        self.keys.setFont(typefaces.font(12))
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD_PX, 6, PAD_PX, 6)
        column.setSpacing(4)
        for part in (self.title, self.list, self.keys):
            column.addWidget(part)
        self.setObjectName("listing")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self.list)
        self.list.installEventFilter(self)
        self.hide()

    def dress(self, look: Look) -> None:
        self.setStyleSheet(
            f"#listing {{ background: {look.plate.name()}; border: 1px solid {look.edge.name()}; }}"
            f" QLabel {{ color: {look.text.name()}; border: 0; }}"
            f" QListWidget {{ background: {look.plate.name()}; color: {look.text.name()}; border: 0; }}"
        )

    def show_rows(self, title: str, keys: str, rows: Sequence[Row], px: float, py: float) -> None:
        """Beside the point, on whichever side of it there is room in the map."""
        self.title.setText(title)
        self.keys.setText(keys)
        chosen = self.list.currentItem()
        before = chosen.data(ROW_ROLE) if chosen is not None and self.isVisible() else None
        self.list.clear()
        for row in rows[:ROWS_MOST]:
            item = QListWidgetItem(row.words, self.list)
            item.setData(ROW_ROLE, row)
            if row == before:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self._place(px, py)
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[Row]:
        return [self.list.item(at).data(ROW_ROLE) for at in range(self.list.count())]

    def _place(self, px: float, py: float) -> None:
        around, layout = self.parentWidget(), self.layout()
        if around is None or layout is None:
            return
        room = around.size()
        metrics = self.list.fontMetrics()
        words = [self.list.item(at).text() for at in range(self.list.count())]
        widest = max((metrics.horizontalAdvance(it) for it in [*words, self.title.text(), self.keys.text()]), default=0)
        width = min(WIDE_MOST_PX, widest + 2 * PAD_PX + 32, room.width() - 8)
        high = max(1, self.list.sizeHintForRow(0))
        shown = max(1, min(ROWS_SHOWN, self.list.count(), (room.height() - 80) // high))
        self.list.setFixedHeight(shown * high + 6)
        self.keys.setVisible(bool(self.keys.text()))
        height = layout.sizeHint().height()
        x = px + AWAY_PX if px + AWAY_PX + width <= room.width() else max(4.0, px - AWAY_PX - width)
        y = min(max(4.0, py - 20), max(4.0, room.height() - height - 4.0))
        self.setGeometry(round(x), round(y), round(width), height)

    def leave(self) -> None:
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            row: Row = item.data(ROW_ROLE)
            self.hide()
            self.left.emit()
            self.taken.emit(row.kind, row.ident)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() is Qt.FocusReason.MouseFocusReason:
            self.hide()
        if not isinstance(event, QKeyEvent) or event.type() is not QKeyEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.leave()
            self.closer.emit()
        else:
            return False
        return True
