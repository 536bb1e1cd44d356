"""An alarm is read whole on the board, on a small screen and on a large one."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QFontMetrics

from console_gui.models.alarms import CLOCK, LEVEL, NUMBER, TEXT
from console_gui.models.ordered_table import CELL_ROLE
from console_gui.row_delegate import PAD, ROW_HEIGHT
from console_gui.typefaces import ROW, font
from dispatch_core.domain import commands as c
from tests.console.conftest import OpenWindow
from tests.console.scenario import SWITCH, Night

SIZES = ((1366, 768), (1920, 1080))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_sentence_of_an_alarm_is_cut(
    open_window: OpenWindow, night: Night, qtbot: Any, language: str, size: tuple[int, int]
) -> None:
    night.must(SWITCH, c.NodeDown(node="hcm1", why="gone"))
    night.must(SWITCH, c.ForgerySeen(node="hcm1", trunk="vnpt-sip-01-with-a-long-name"))
    _, window = open_window("lan", language)
    window.resize(*size)
    window.panels.workplace.arrange()
    qtbot.wait(60)
    board = window.panels.alarms
    rows = board.table.rowCount()
    assert rows >= 3
    heights = []
    for row in range(rows):
        told = board.table.index(row, TEXT).data(CELL_ROLE)
        needed = board._wrapping.height(told.text, board.columnWidth(TEXT), strong=told.strong)
        assert board.rowHeight(row) >= needed, told.text
        heights.append(board.rowHeight(row))
        for column in (LEVEL, NUMBER, CLOCK):
            shown = board.table.index(row, column).data(CELL_ROLE)
            wide = QFontMetrics(font(ROW, strong=shown.strong)).horizontalAdvance(shown.text) + 2 * PAD
            assert wide <= board.columnWidth(column), shown.text
    if size == SIZES[0] and language == "vi":
        assert max(heights) > ROW_HEIGHT  # there is one that takes more than a line
