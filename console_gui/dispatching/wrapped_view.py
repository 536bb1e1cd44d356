"""A board of which one column, the second where nothing is said, takes as many lines as its words need."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console_gui.board_view import BoardView
from console_gui.models.ordered_table import CELL_ROLE, OrderedTable
from console_gui.row_delegate import WrappingDelegate
from console_gui.theme import Look

WRAPPED = 1


class WrappedView(BoardView):
    _fitted = -1  # the width for which rows were fitted; below zero while the view is being made

    def __init__(
        self,
        table: OrderedTable[Any],
        look: Look,
        widths: tuple[int, ...],
        empty: str = "",
        parent: QWidget | None = None,
        *,
        wrapped: int = WRAPPED,
    ) -> None:
        super().__init__(table, look, widths, empty, header=False, parent=parent)
        self._wrapped = wrapped
        self._wrapping = WrappingDelegate(look, wrapped, parent=self)
        self.setItemDelegate(self._wrapping)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._fit_all)
        self.horizontalHeader().sectionResized.connect(self._column_resized)
        table.rowsInserted.connect(lambda _, first, last: self._fit(first, last))
        table.dataChanged.connect(self._fit_changed)
        table.rowsMoved.connect(lambda *_: self._fit_all())
        table.rowsRemoved.connect(lambda *_: self._fit_all())
        self._fitted = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._again.start(0)

    def updateGeometries(self) -> None:
        """A scroll bar that came or went while rows were fitted has changed the column under them without a word."""
        super().updateGeometries()
        width = self.columnWidth(self._wrapped) if self._fitted >= 0 else self._fitted
        if width != self._fitted:
            self._fitted = width
            self._fit_all()

    def _column_resized(self, column: int, old: int, new: int) -> None:
        if column == self._wrapped and old != new:
            self._fit_all()
            self._again.start(0)  # while a window is laid out widths come and go, and not all of them are told of

    def _fit_all(self) -> None:
        self._fit(0, self.table.rowCount() - 1)

    def _fit_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if first.column() <= self._wrapped <= last.column():
            self._fit(first.row(), last.row())

    def _fit(self, first: int, last: int) -> None:
        for row in range(first, last + 1):
            width = self.columnWidth(self._wrapped)  # a row that grows may bring the scroll bar: a narrower column
            cell = self.table.index(row, self._wrapped).data(CELL_ROLE)
            height = self._wrapping.height(cell.text, width, strong=cell.strong) if cell is not None else 0
            if height and self.rowHeight(row) != height:
                self.setRowHeight(row, height)


class StoryView(WrappedView):
    """Stays at the end while the person is at the end; whoever reads further up is left there."""

    def __init__(
        self, table: OrderedTable[Any], look: Look, widths: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(table, look, widths, parent=parent)
        self._at_end = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is left, and its minimum
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._grown)

    def to_end(self) -> None:
        """Another story: from its newest line."""
        self._at_end = True
        self._grown()

    def _scrolled(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum()

    def _grown(self, *_: int) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            self._at_end = True
