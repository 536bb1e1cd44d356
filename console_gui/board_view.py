"""A board: a table of 26-pixel rows with the look of the house, driven by keys; letters typed in it go to the line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console_gui.models.ordered_table import IDENT_ROLE, OrderedTable
from console_gui.row_delegate import ROW_HEIGHT, RowDelegate
from console_gui.theme import Look
from console_gui.typefaces import ROW, font

STRETCH = -1
HEADER_HEIGHT = 24


class BoardView(QTableView):
    """``widths`` are pixels for each column, ``STRETCH`` for the one that takes the rest."""

    entered_row = Signal(str)  # Enter or a double click
    current_row = Signal(str)
    typed = Signal(str)  # a letter that no key of this board is

    def __init__(
        self, table: OrderedTable[Any], look: Look, widths: tuple[int, ...], empty: str = "", *, header: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.table, self._look, self._words, self._empty = table, look, table.words, empty
        self.setModel(table)
        self.setItemDelegate(RowDelegate(look, parent=self))
        self.setFont(font(ROW))
        self._set_up(header)
        self._set_widths(widths)
        self.activated.connect(self._enter)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        table.rowsInserted.connect(self._repaint_if_first)
        table.rowsRemoved.connect(self._repaint_if_first)
        self._words.changed.connect(self._repaint)

    def _set_up(self, header: bool) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setVisible(header)
        columns.setFixedHeight(HEADER_HEIGHT)
        columns.setFont(font(ROW))
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)

    def _set_widths(self, widths: tuple[int, ...]) -> None:
        columns = self.horizontalHeader()
        columns.setMinimumSectionSize(16)
        for column, width in enumerate(widths):
            if width == STRETCH:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                columns.resizeSection(column, width)

    def ident(self) -> str:
        """What the chosen row is about, "" where none is chosen."""
        index = self.currentIndex()
        return str(index.data(IDENT_ROLE)) if index.isValid() else ""

    def choose(self, ident: str) -> None:
        """Put the selection on a thing, quietly where it is not shown."""
        row = self.table.row_of(ident)
        if row < 0:
            self.clearSelection()
        elif self.currentIndex().row() != row:
            self.setCurrentIndex(self.table.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        elif text and text.isprintable() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            if not self.key_typed(text):
                self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def key_typed(self, text: str) -> bool:
        """Whether this board has a meaning of its own for a typed character."""
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if self.table.rowCount() == 0 and self._empty:
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(QColor(self._look.now.dim))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(10, 8, -10, -8), flags, self._words(self._empty))
            painter.end()

    def _enter(self, index: QModelIndex) -> None:
        if index.isValid():
            self.entered_row.emit(str(index.data(IDENT_ROLE)))

    def _tell_current(self, index: QModelIndex) -> None:
        self.current_row.emit(str(index.data(IDENT_ROLE)) if index.isValid() else "")

    def _repaint_if_first(self) -> None:
        if self.table.rowCount() <= 1:
            self.viewport().update()

    def _repaint(self) -> None:
        self.viewport().update()
