"""A table that keeps its own order: each thing has a sort key, and a change inserts, moves, updates or removes one row.

Guards: never a model reset; every change is announced to Qt exactly (``QAbstractItemModelTester`` agrees); a thing
whose key is None is not shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console_gui.labels import tip
from console_gui.translations.language import Words

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
SortKey = tuple[Any, ...]

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
IDENT_ROLE = Qt.ItemDataRole.UserRole + 2
NO_PARENT = QModelIndex()

_MARKS = re.compile("[\u25a0-\u25ff\u2190-\u21ff]")


def without_marks(text: str) -> str:
    """Without geometric signs and arrows, which a screen reader would spell out one by one."""
    return " ".join(_MARKS.sub(" ", text).split())



class Cell(NamedTuple):
    """How one cell looks. ``glyphs`` are (glyph, hue) drawn before the text; ``late`` paints it as a late clock."""

    text: str = ""
    glyphs: tuple[tuple[str, str], ...] = ()
    late: bool = False
    dim: bool = False
    strong: bool = False
    right: bool = False
    attention: bool = False
    bar: float = -1.0  # the part of a clock that is left, drawn under the text; below 0 none
    middle: bool = False  # cut in its middle where there is no room: names that all begin alike differ at their end


class OrderedTable(QAbstractTableModel, Generic[T]):
    """Subclasses give ``columns`` (keys of words), ``sort_key`` and ``cell``; ``clock_columns`` change every second."""

    columns: tuple[str, ...] = ()
    clock_columns: tuple[int, ...] = ()
    right_columns: tuple[int, ...] = ()
    whole_columns: tuple[int, ...] = ()
    """Columns that give no width away: half a telephone number is none."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = words
        self.heard: Callable[[str, str], str] = lambda glyph, hue: ""  # a sign and its hue in words
        self._rows: list[tuple[SortKey, str]] = []
        self._keys: dict[str, SortKey] = {}
        self._values: dict[str, T] = {}
        words.changed.connect(self.retell)

    # --- for subclasses -----------------------------------------------------------------------------------------------

    def sort_key(self, ident: str, value: T) -> SortKey | None:
        """Where the thing stands; None where it is not shown."""
        raise TypeError(f"{type(self).__name__} gives no sort key")

    def cell(self, ident: str, value: T, column: int) -> Cell:
        raise TypeError(f"{type(self).__name__} gives no cells")

    # --- what happens -------------------------------------------------------------------------------------------------

    def apply(self, things: Mapping[str, T], changed: Iterable[str], removed: Iterable[str] = ()) -> None:
        """Take the named things of ``things`` as they are now."""
        for ident in removed:
            self._remove(ident)
        fresh: list[tuple[SortKey, str]] = []
        for ident in changed:
            value = things.get(ident)
            key = self.sort_key(ident, value) if value is not None else None
            if value is None or key is None:
                self._remove(ident)
            elif ident in self._keys:
                self._values[ident] = value
                self._place(ident, key)
            else:
                self._values[ident] = value
                fresh.append((key, ident))
        if fresh:
            self._insert(fresh)

    def replace_all(self, things: Mapping[str, T]) -> None:
        """Show exactly ``things``, with as few changes as that takes."""
        gone = [ident for ident in self._keys if ident not in things]
        changed = [ident for ident, value in things.items() if self._values.get(ident) != value]
        self.apply(things, changed, gone)

    def resort(self) -> None:
        """The rule of the order or of what is shown has changed; the things have not."""
        self.apply(dict(self._values), list(self._values))

    def reorder(self, things: Mapping[str, T]) -> None:
        """Every thing of ``things`` has another place, and hardly one comes or goes: told to Qt as one change, because
        so many single moves would hold the screen up."""
        keys = {ident: key for ident, it in things.items() if (key := self.sort_key(ident, it)) is not None}
        if keys.keys() != self._keys.keys():
            self.apply(things, list(things), [ident for ident in self._keys if ident not in things])
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        who = [self._rows[index.row()][1] for index in before]
        self._rows = sorted((key, ident) for ident, key in keys.items())
        self._keys = keys
        self._values = {ident: things[ident] for ident in keys}
        after = [self.index(self.row_of(ident), index.column()) for ident, index in zip(who, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def tick(self) -> None:
        """A second has passed: the clocks read otherwise."""
        if self._rows:
            for column in self.clock_columns:
                self.dataChanged.emit(self.index(0, column), self.index(len(self._rows) - 1, column))

    def retell(self) -> None:
        """The language has changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))

    def _insert(self, fresh: list[tuple[SortKey, str]]) -> None:
        fresh.sort()
        if not self._rows:
            self.beginInsertRows(NO_PARENT, 0, len(fresh) - 1)
            self._rows = fresh
            self._keys.update((ident, key) for key, ident in fresh)
            self.endInsertRows()
            return
        for key, ident in fresh:
            row = bisect_left(self._rows, (key, ident))
            self.beginInsertRows(NO_PARENT, row, row)
            self._rows.insert(row, (key, ident))
            self._keys[ident] = key
            self.endInsertRows()

    def _place(self, ident: str, key: SortKey) -> None:
        old = self._keys[ident]
        row = bisect_left(self._rows, (old, ident))
        if key != old:
            row = self._move(row, ident, key)
        # createIndex: ``index`` asks back how many rows and columns there are, and this runs for every change
        self.dataChanged.emit(self.createIndex(row, 0), self.createIndex(row, len(self.columns) - 1))

    def _move(self, row: int, ident: str, key: SortKey) -> int:
        target = bisect_left(self._rows, (key, ident))
        if target in (row, row + 1):
            self._rows[row], self._keys[ident] = (key, ident), key
            return row
        self.beginMoveRows(NO_PARENT, row, row, NO_PARENT, target)
        del self._rows[row]
        insort(self._rows, (key, ident))
        self._keys[ident] = key
        self.endMoveRows()
        return target - 1 if target > row else target

    def _remove(self, ident: str) -> None:
        if ident not in self._keys:
            self._values.pop(ident, None)
            return
        row = bisect_left(self._rows, (self._keys[ident], ident))
        self.beginRemoveRows(NO_PARENT, row, row)
        del self._rows[row]
        del self._keys[ident]
        del self._values[ident]
        self.endRemoveRows()

    # --- what is shown ------------------------------------------------------------------------------------------------

    def ident(self, row: int) -> str:
        return self._rows[row][1] if 0 <= row < len(self._rows) else ""

    def row_of(self, ident: str) -> int:
        """-1 where it is not shown."""
        return bisect_left(self._rows, (self._keys[ident], ident)) if ident in self._keys else -1

    def cells(self, row: int, columns: Iterable[int]) -> list[Cell]:
        """Of a row that is there."""
        ident = self._rows[row][1]
        value = self._values[ident]
        return [self.cell(ident, value, column) for column in columns]

    def value(self, ident: str) -> T | None:
        return self._values.get(ident) if ident in self._keys else None

    def idents(self) -> list[str]:
        return [ident for _, ident in self._rows]

    def rowCount(self, parent: Index = NO_PARENT) -> int:  # Qt's name, as all below
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        ident = self._rows[index.row()][1]
        if role == IDENT_ROLE:
            return ident
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.cell(ident, self._values[ident], index.column())
            return " ".join(filter(None, (*(self.heard(*glyph) for glyph in cell.glyphs), without_marks(cell.text))))
        if role in (CELL_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            cell = self.cell(ident, self._values[ident], index.column())
            if role == CELL_ROLE:
                return cell
            text = " ".join((*(glyph for glyph, _ in cell.glyphs), cell.text)).strip()
            return (tip(text) if role == Qt.ItemDataRole.ToolTipRole else text) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            key = self.columns[section]
            return self.words(key) if key else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in self.right_columns else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
