"""A board: a table of 26-pixel rows with the look of the house, driven by keys; letters typed in it go to the line.

Guards: each board is painted in a turn of its own, so that a call which rings meanwhile waits for one board and not
for all of them. No row is shown cut in half, because half a line reads as another word; one that alone is in sight is
shown as far as it goes. A chosen row that moves stays in sight, with as much of what stands above it as there is room
for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QCursor, QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console_gui.models.ordered_table import IDENT_ROLE, Index, OrderedTable
from console_gui.row_delegate import ROW_HEIGHT, RowDelegate
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.turns import Turn
from console_gui.typefaces import ROW, font

STRETCH = -1
HEADER_HEIGHT = 24
CUT_PX = 2
"""So much of a row may lack: its letters are whole."""

LEAST_STRETCH = 132
"""Pixels that the column which takes the rest has at the least: it is the one that says what a row is about."""

NARROWEST = 64
"""To so much the other columns give way for it; clocks and figures, at the right of theirs, never do."""


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
        table.rowsMoved.connect(self._moved)
        self._anchor: tuple[str, int] | None = None
        self._stale = QRegion()
        self._painted = Turn(self._paint_stale, self)
        for coming in (
            table.rowsAboutToBeInserted, table.rowsAboutToBeRemoved, table.rowsAboutToBeMoved,
            table.layoutAboutToBeChanged,
        ):  # fmt: skip
            coming.connect(self._hold)
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
        rows.setMinimumSectionSize(px(ROW_HEIGHT))
        rows.setDefaultSectionSize(px(ROW_HEIGHT))
        columns = self.horizontalHeader()
        columns.setVisible(header)
        columns.setFixedHeight(px(HEADER_HEIGHT))
        columns.setFont(font(ROW))
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)

    def _set_widths(self, widths: tuple[int, ...]) -> None:
        widths = tuple(width if width == STRETCH else px(width) for width in widths)
        self._widths = widths
        columns = self.horizontalHeader()
        columns.setMinimumSectionSize(16)
        for column, width in enumerate(widths):
            if width == STRETCH:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                columns.resizeSection(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def show_column(self, column: int, shown: bool) -> None:
        """Where there is room for it, or not; what it gave way to when it was last seen is reckoned anew."""
        if self.isColumnHidden(column) == shown:
            self.setColumnHidden(column, not shown)
            self._share_out()

    def _share_out(self) -> None:
        """In a narrow dock the other columns give some of their width to the one that names the thing."""
        if STRETCH not in self._widths:
            return
        fixed = {
            column: width for column, width in enumerate(self._widths) if width > 0 and not self.isColumnHidden(column)
        }
        wide = {
            column: width - px(NARROWEST)
            for column, width in fixed.items()
            if width > px(NARROWEST) and column not in (*self.table.right_columns, *self.table.whole_columns)
        }
        lacking = px(LEAST_STRETCH) - (self.viewport().width() - sum(fixed.values()))
        share = min(1.0, max(0, lacking) / sum(wide.values())) if wide else 0.0
        for column, spare in wide.items():
            self.horizontalHeader().resizeSection(column, fixed[column] - round(spare * share))

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
            self._bring_into_sight()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():  # held down it would go on with the rows that move up
                self._enter(self.currentIndex())
        elif text and text.isprintable() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            if not self.key_typed(text):
                self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def key_typed(self, text: str) -> bool:
        """Whether this board has a meaning of its own for a typed character."""
        return False

    def say_empty(self, key: str) -> None:
        """What stands here while there is no row: nothing is a different thing where only some are shown."""
        self._empty = key
        self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rows are drawn here and not by Qt, which asks five times back for every cell."""
        painter = QPainter(self.viewport())
        try:
            painter.setClipRegion(event.region())
            if self.table.rowCount() == 0:
                self._paint_empty(painter)
            else:
                self._paint_rows(painter, event.rect())
        finally:
            painter.end()

    def _paint_rows(self, painter: QPainter, where: QRect) -> None:
        first, last = self.rowAt(max(0, where.top())), self.rowAt(where.bottom())
        columns = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(self.table.columnCount()) if not self.isColumnHidden(column)
        ]  # fmt: skip
        shown = [it for it in columns if it[1] <= where.right() and it[1] + it[2] > where.left()]
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        cut, delegate = set(self.cut_rows()), self._delegate()
        problem: Exception | None = None
        for row in range(max(0, first), (last if last >= 0 else self.table.rowCount() - 1) + 1):
            if row in cut:
                continue
            top, high = self.rowViewportPosition(row), self.rowHeight(row)
            try:
                cells = self.table.cells(row, [column for column, _, _ in shown])
                for (column, left, wide), cell in zip(shown, cells, strict=True):
                    delegate.draw(painter, QRect(left, top, wide, high), cell, column, row in chosen)
            except Exception as wrong:  # noqa: BLE001  (one that cannot be told hides no other, and is told afterwards)
                problem = wrong
        if problem is not None:
            raise problem

    def _delegate(self) -> RowDelegate:
        delegate = self.itemDelegate()
        assert isinstance(delegate, RowDelegate)
        return delegate

    def _paint_empty(self, painter: QPainter) -> None:
        if self._empty:
            painter.setFont(self.font())
            painter.setPen(QColor(self._look.now.dim))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(10, 8, -10, -8), flags, self._words(self._empty))

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Painted soon: all boards that one update touches would else be painted in one go."""
        if QAccessible.isActive() or not first.isValid() or not last.isValid():
            super().dataChanged(first, last, list(roles))  # a screen reader is told by Qt
            return
        room = self.viewport().rect()
        top = self.rowViewportPosition(first.row())
        low = self.rowViewportPosition(last.row()) + self.rowHeight(last.row())
        if top >= room.height() or low <= 0:
            return
        area = QRect(0, top, room.width(), low - top).intersected(room)
        if first.column() == last.column():
            area.setLeft(max(0, self.columnViewportPosition(first.column())))
            area.setWidth(self.columnWidth(first.column()))
        if not area.isEmpty():
            self._stale += area
            self._painted.take()

    def _paint_stale(self) -> None:
        stale, self._stale = self._stale, QRegion()
        self.viewport().update(stale)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.viewport().update()  # what was hidden at an edge may be whole now

    def cut_rows(self) -> list[int]:
        """Rows in sight that an edge would cut; none where there is no other in sight."""
        room = self.viewport().height()
        first, last = self.rowAt(0), self.rowAt(room - 1)
        edges = sorted({first, last} - {-1})
        heights = {row: (self.rowViewportPosition(row), self.rowHeight(row)) for row in edges}
        cut = [row for row, (top, high) in heights.items() if top < -CUT_PX or top + high > room + CUT_PX]
        rows = (last if last >= 0 else self.table.rowCount() - 1) - first + 1
        return cut if len(cut) < rows else []

    def _hold(self) -> None:
        """While somebody reads or points here, what he looks at stays where it is though rows come, go and move: the
        chosen row where the board has the keyboard, else the one under the pointer."""
        if self._anchor is not None or not (self.hasFocus() or self.underMouse()):
            return
        index = self.currentIndex() if self.hasFocus() else QModelIndex()
        if self.underMouse() and not index.isValid():
            index = self.indexAt(self.viewport().mapFromGlobal(QCursor.pos()))
        y = self.rowViewportPosition(index.row()) if index.isValid() else -1
        if 0 <= y < self.viewport().height():
            self._anchor = (str(index.data(IDENT_ROLE)), y)
            QTimer.singleShot(0, self, self._let_be)

    def _let_be(self) -> None:
        anchor, self._anchor = self._anchor, None
        row = self.table.row_of(anchor[0]) if anchor is not None else -1
        if anchor is None or row < 0:
            return
        self.updateGeometries()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.rowViewportPosition(row) - anchor[1])

    def _moved(self, _: QModelIndex, first: int, last: int, __: QModelIndex, to: int) -> None:
        row = self.currentIndex().row()
        if min(first, to) <= row <= max(last, to) and not self.hasFocus():
            QTimer.singleShot(0, self, self._bring_into_sight)

    def _bring_into_sight(self) -> None:
        self.scrollToTop()
        self.scrollTo(self.currentIndex())

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
