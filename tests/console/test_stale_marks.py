"""While the data is stale, everything that could lie says so where the eye is; and nothing of it is in the way."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from console_gui.board_view import BoardView
from console_gui.map.city_map import CityMap
from console_gui.stale_mark import StaleMark
from console_gui.supervising.figures_band import FiguresBand
from console_gui.supervising.wall import Wall
from tests.console.local_desk import LocalDesk
from tests.console.turns_taken import all_turns_taken

LIARS = (BoardView, CityMap, FiguresBand, Wall)


def marks_of(widget: QWidget) -> list[StaleMark]:
    """Those that lie over it, or over what it stands in."""
    found = []
    at: QWidget | None = widget
    while at is not None:
        found += at.findChildren(StaleMark, options=Qt.FindChildOption.FindDirectChildrenOnly)
        at = at.parentWidget()
    return found


def go_stale(local: LocalDesk) -> None:
    local.door.at += 4.0
    local.desk.ticked.emit()
    all_turns_taken()


@pytest.mark.parametrize("user", ["lan", "hung", "quan"])
def test_every_board_map_and_figure_is_marked(open_window: Any, user: str) -> None:
    local, window = open_window(user)
    for dock in window.panels.workplace.docks.values():
        dock.show()
    if user == "hung":
        window.bar.run("tuong")
    liars = [it for kind in LIARS for it in window.findChildren(kind) if it is not window.waiting.view]
    assert len(liars) > 4
    assert not any(mark.isVisible() for it in liars for mark in marks_of(it))
    go_stale(local)
    for it in liars:
        marks = marks_of(it)
        assert marks, f"{type(it).__name__} {it.objectName()} would lie"
        assert not it.isVisible() or any(mark.isVisible() for mark in marks)
        assert marks[0].text == "CŨ 4,0 s"
    local.link.pulse(local.door.at)
    assert not any(mark.isVisible() for it in liars for mark in marks_of(it)), "gone at once"


def test_a_mark_takes_no_click_and_is_painted_in_the_colour_of_what_is_late(open_window: Any) -> None:
    local, window = open_window("lan")
    go_stale(local)
    (mark,) = [it for it in marks_of(window.panels.map.map) if it.isVisible()]
    middle = mark.mapTo(window, mark.rect().center())
    assert not isinstance(window.childAt(middle), StaleMark)
    picture = mark.grab().toImage()
    late = QColor(window.look.now.late)
    assert picture.pixelColor(QPoint(mark.width() // 2, mark.height() - 3)) == late
    mark.parentWidget().resize(mark.parentWidget().width() - 40, mark.parentWidget().height())
    assert mark.size() == mark.parentWidget().size()
    local.link.pulse(local.door.at, needs_snapshot="gap")
    assert mark.isVisible(), "also while it is behind"
