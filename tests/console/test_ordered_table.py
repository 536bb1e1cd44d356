"""Sorted tables announce every change exactly: Qt's own model tester watches while random changes go through."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

from console_gui.labels import elided_label
from console_gui.models.ordered_table import CELL_ROLE, IDENT_ROLE, Cell, OrderedTable, SortKey
from console_gui.translations.language import Words


class Numbers(OrderedTable[int]):
    """Things are numbers; negative ones are not shown."""

    columns = ("column.unit", "column.status")
    clock_columns = (1,)

    def sort_key(self, ident: str, value: int) -> SortKey | None:
        return (value,) if value >= 0 else None

    def cell(self, ident: str, value: int, column: int) -> Cell:
        return Cell(f"{ident}={value}" if column == 0 else str(value))


def watched(table: OrderedTable[Any]) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)


changes = st.dictionaries(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.integers(-1, 5)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(changes, max_size=12))
def test_any_changes_keep_the_order_and_are_announced(steps: list[dict[str, int | None]]) -> None:
    application = QApplication.instance() or QApplication([])
    assert application is not None
    table = Numbers(Words())
    tester = watched(table)
    resets: list[bool] = []
    table.modelReset.connect(lambda: resets.append(True))
    things: dict[str, int] = {}
    for step in steps:
        removed = [ident for ident, value in step.items() if value is None]
        for ident, value in step.items():
            things.pop(ident, None)
            if value is not None:
                things[ident] = value
        table.apply(things, [ident for ident in step if ident not in removed], removed)
        wanted = sorted((value, ident) for ident, value in things.items() if value >= 0)
        assert table.idents() == [ident for _, ident in wanted]
        for row, (value, ident) in enumerate(wanted):
            assert table.row_of(ident) == row
            assert table.value(ident) == value
            assert table.index(row, 0).data() == f"{ident}={value}"
            assert table.index(row, 0).data(IDENT_ROLE) == ident
        table.tick()
    table.replace_all({"z": 3})
    assert table.idents() == ["z"]
    assert not resets
    assert tester is not None


def test_headers_follow_the_language(qapp: QApplication) -> None:
    words = Words("vi")
    table = Numbers(words)
    said = [table.headerData(0, Qt.Orientation.Horizontal)]
    words.set_language("en")
    said.append(table.headerData(0, Qt.Orientation.Horizontal))
    assert said == ["đơn vị", "unit"]
    assert table.headerData(0, Qt.Orientation.Vertical) is None
    assert table.headerData(7, Qt.Orientation.Horizontal) is None


def test_a_changed_rule_of_the_order_moves_rows(qapp: QApplication) -> None:
    table = Numbers(Words())
    tester = watched(table)
    table.apply({"a": 1, "b": 2, "c": 3}, "abc")
    table.sort_key = lambda ident, value: (-value,)  # type: ignore[method-assign]
    table.resort()
    assert table.idents() == ["c", "b", "a"]
    assert table.index(0, 0).data(CELL_ROLE) == Cell("c=3")
    assert tester is not None


class Turned(Numbers):
    """The other way round when it is told so."""

    sign = 1

    def sort_key(self, ident: str, value: int) -> SortKey | None:
        return (self.sign * value,) if value >= 0 else None


@settings(max_examples=60, deadline=None)
@given(things=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 5)), gone=st.sets(st.sampled_from("abc")))
def test_another_order_is_one_change_and_the_chosen_stay_chosen(things: dict[str, int], gone: set[str]) -> None:
    application = QApplication.instance() or QApplication([])
    assert application is not None
    table = Turned(Words())
    tester = watched(table)
    moves: list[int] = []
    table.rowsMoved.connect(lambda *_: moves.append(1))
    table.apply(things, list(things))
    held = {it: QPersistentModelIndex(table.index(table.row_of(it), 0)) for it in table.idents()}
    table.sign = -1
    table.reorder(things)
    wanted = [ident for _, ident in sorted((-value, ident) for ident, value in things.items() if value >= 0)]
    assert table.idents() == wanted and not moves
    assert {it: index.row() for it, index in held.items()} == {it: wanted.index(it) for it in held}
    left = {ident: value for ident, value in things.items() if ident not in gone}
    table.reorder(left)
    assert table.idents() == [ident for ident in wanted if ident not in gone]
    del tester


class Said(OrderedTable[str]):
    columns = ("",)

    def sort_key(self, ident: str, value: str) -> SortKey | None:
        return (ident,)

    def cell(self, ident: str, value: str, column: int) -> Cell:
        return Cell(value)


def test_what_a_stranger_wrote_is_never_markup_where_the_pointer_shows_it(qapp: QApplication) -> None:
    table = Said(Words("vi"))
    table.replace_all({"a": "<h1>P5</h1> & <img src='file:///x'>", "b": "1 & 2"})
    tips = [str(table.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)) for row in range(2)]
    assert "<h1>" not in tips[0] and "&lt;h1&gt;P5&lt;/h1&gt; &amp; &lt;img" in tips[0]
    assert tips[1] == "1 & 2"
    parent = QWidget()
    label = elided_label(parent, 13)
    label.setText("<b>x</b>")
    assert label.toolTip().endswith("&lt;b&gt;x&lt;/b&gt;</p>") and label.text() == "<b>x</b>"
