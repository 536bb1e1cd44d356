"""The legs of an incident side by side: all of them with their clocks at once, whatever is unfolded below them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QTest

from console_gui.dispatching.leg_strip import NARROW
from console_gui.models.leg_strip import CLOCK, DOING, NEXT, SERVICE, LegStripTable, strip_lines
from console_gui.models.ordered_table import Cell, OrderedTable
from console_gui.row_delegate import PAD
from console_gui.typefaces import ROW, font
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import UnitStatus
from tests.console.conftest import OpenWindow
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night

SIZES = ((1366, 768), (1920, 1080))
FIRE = "20261123-00002"


def talking(night: Night) -> str:
    """Lan talks with the caller of a crash with three legs: one crew drives, one is offered, one leg has nobody."""
    mine = next(it.incident for it in night.state.calls.values() if it.state.live and it.position == "B01")
    lan = night.person("lan")
    night.must(lan, c.SetType(incident=mine, type="traffic_trapped", seen=""))
    night.place("lan", mine, 1)
    night.must(lan, c.AssignUnits(incident=mine, units=("A1", "FE1")))
    night.must(lan, c.ReportStatus(unit="A1", status=UnitStatus.EN_ROUTE))
    night.wait(95)
    return mine


def cell(table: OrderedTable[Any], ident: str, column: int) -> Cell:
    return table.cell(ident, table.value(ident), column)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_three_legs_with_their_clocks_are_seen_at_once_while_one_talks(
    open_window: OpenWindow, night: Night, qtbot: Any, language: str, size: tuple[int, int]
) -> None:
    mine = talking(night)
    local, window = open_window("lan", language)
    local.desk.show(mine)
    window.resize(*size)
    window.panels.workplace.arrange()
    qtbot.wait(60)
    form, strip = window.panels.form, window.panels.form.strip
    assert form.buttons["hang_up"].isVisible() and strip.legs.idents() == ["ambulance", "fire", "police"]
    port = form.scrolled.viewport()
    seen = QRect(port.mapTo(window, QPoint(0, 0)), port.size())
    for row in range(3):
        assert strip.cut_rows() == []
        place = strip.visualRect(strip.table.index(row, CLOCK))
        place.moveTopLeft(strip.viewport().mapTo(window, place.topLeft()))
        assert seen.contains(place), (row, place, seen)
    for ident in strip.legs.idents():
        for column in (SERVICE, CLOCK, NEXT):
            shown = cell(strip.legs, ident, column)
            needed = QFontMetrics(font(ROW, strong=shown.strong)).horizontalAdvance(shown.text) + 2 * PAD
            needed += 17 if shown.glyphs else 0
            assert needed <= strip.columnWidth(column) + 1, (shown.text, needed, strip.columnWidth(column))
    assert seen.contains(QRect(form.address_field.mapTo(window, QPoint(0, 0)), form.address_field.size()))


def test_a_line_says_who_is_on_it_the_clock_and_who_goes_next(night: Night) -> None:
    mine = talking(night)
    table = LegStripTable(LocalDesk(night, "lan", "vi").begin().desk)
    table.show(night.state.incidents[mine])
    assert cell(table, "ambulance", SERVICE).text == "115 Cấp cứu" and cell(table, "ambulance", SERVICE).glyphs
    assert cell(table, "ambulance", DOING).text == "A1 đang đến" and cell(table, "ambulance", CLOCK).text == "1:35"
    assert cell(table, "ambulance", NEXT).text == "đủ"
    assert cell(table, "fire", DOING).text == "FE1 đề nghị" and cell(table, "fire", CLOCK).late
    assert cell(table, "police", DOING).middle and cell(table, "police", DOING).dim  # the station that would be asked
    assert cell(table, "police", NEXT).text == "→ B1 ≈1 phút" and cell(table, "police", NEXT).strong
    night.must(night.person("lan"), c.CloseLeg(incident=mine, service="police"))
    table.show(night.state.incidents[mine])
    assert [cell(table, "police", it).text for it in (DOING, CLOCK, NEXT)] == ["đã đóng", "", ""]


def test_of_several_units_the_one_whose_clock_runs_out_first_stands_first(night: Night) -> None:
    mine = talking(night)
    night.must(night.person("lan"), c.AssignUnits(incident=mine, units=("A3",)))
    night.wait(30)
    lines = strip_lines(night.state.incidents[mine], night.state, night.now)
    assert [it.call_sign for it in lines["ambulance"].units][0] == "A1"  # driving for longer, both without a limit
    table = LegStripTable(LocalDesk(night, "lan", "vi").begin().desk)
    table.show(night.state.incidents[mine])
    assert cell(table, "ambulance", DOING).text == "A1 đang đến  +1: A3 đề nghị"


def test_a_station_that_is_asked_counts_down(night: Night) -> None:
    mine = talking(night)
    night.must(night.person("lan"), c.OfferStation(incident=mine, service="police"))
    night.wait(10)
    table = LegStripTable(LocalDesk(night, "lan", "vi").begin().desk)
    table.show(night.state.incidents[mine])
    assert cell(table, "police", DOING).text.startswith("hỏi Công an phường")
    clock = cell(table, "police", CLOCK)
    assert 0 < clock.bar < 1 and clock.text < "1:00"


def test_the_keyboard_goes_through_the_legs_into_one_and_back(open_window: OpenWindow, night: Night) -> None:
    mine = talking(night)
    local, window = open_window("lan", "vi")
    local.desk.show(mine)
    form = window.panels.form
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert form.strip.hasFocus()
    form.strip.choose("ambulance")
    QTest.keyClick(form.strip, Qt.Key.Key_Down)
    shown = {ident.split("/")[0].rstrip("!?<>~") for ident in form.legs.legs.idents()}
    assert form.strip.ident() == "fire" and shown == {"fire"}
    QTest.keyClick(form.strip, Qt.Key.Key_Down)
    QTest.keyClick(form.strip, Qt.Key.Key_Return)
    assert form.legs.hasFocus() and form.legs.ident() == "police!"
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert local.night.state.incidents[mine].legs["police"].units == ("B1",)
    QTest.keyClick(form.legs, Qt.Key.Key_Left)
    assert form.strip.hasFocus() and form.strip.ident() == "police"
    QTest.keyClick(form.strip, Qt.Key.Key_Right)
    form.legs.setCurrentIndex(form.legs.table.index(0, 0))
    QTest.keyClick(form.legs, Qt.Key.Key_Up)
    assert form.strip.hasFocus()
    form.strip.choose("fire")
    asked = len(local.link.orders)
    QTest.keyClicks(form.strip, "+")
    assert local.link.orders[asked].body == c.OfferStation(incident=mine, service="fire")
    QTest.keyClicks(form.strip, "x")
    assert window.bar.line.text() == "x"  # a letter without a meaning here begins a line


def test_what_the_keyboard_goes_to_is_in_sight(open_window: OpenWindow, night: Night, qtbot: Any) -> None:
    local, window = open_window("lan", "vi")
    local.desk.show(talking(night))
    local.link.show()
    window.resize(1366, 600)
    window.panels.workplace.arrange()
    qtbot.wait(60)
    form = window.panels.form
    port = form.scrolled.viewport()
    for wanted, part in (("nhanh", form.strip), ("uutien", form.priority_field.field), ("nhanh", form.strip)):
        window.bar.run(f"den {wanted}")
        top = part.mapTo(port, QPoint(0, 0)).y()
        assert top >= 0 and top + part.height() <= port.height(), wanted


def test_the_leg_that_wants_somebody_is_unfolded_and_stays_so(open_window: OpenWindow, night: Night) -> None:
    mine = talking(night)
    local, window = open_window("lan", "vi")
    local.desk.show(mine)
    form = window.panels.form
    assert form.legs.legs.only == form.strip.ident() != "ambulance"  # that one is filled
    form.strip.choose("ambulance")
    local.happen(lambda night: night.must(night.person("lan"), c.AddNote(incident=mine, text="còn thở")))
    assert form.legs.legs.only == form.strip.ident() == "ambulance"
    local.desk.show(FIRE)
    assert form.legs.legs.only in local.night.state.incidents[FIRE].legs
    local.desk.show(mine)
    assert form.legs.legs.only != "ambulance"


def test_the_strip_is_a_sound_model(night: Night) -> None:
    mine = talking(night)
    table = LegStripTable(LocalDesk(night, "lan", "vi").begin().desk)
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for incident in (mine, FIRE, None, mine):
        table.show(night.state.incidents[incident] if incident else None)
    assert isinstance(tester.model(), QAbstractItemModel) and len(NARROW) == table.columnCount()


def test_the_leg_that_has_the_keyboard_is_in_sight(open_window: OpenWindow, night: Night, qtbot: Any) -> None:
    """On a small screen the form is scrolled: keys are not heard by something that nobody sees."""
    mine = talking(night)
    local, window = open_window("lan", "vi")
    local.desk.show(mine)
    window.resize(1366, 620)
    window.panels.workplace.arrange()
    qtbot.wait(60)
    form = window.panels.form
    form.scrolled.verticalScrollBar().setValue(0)
    port = form.scrolled.viewport()
    assert port.mapTo(window, QPoint(0, port.height())).y() < form.legs.mapTo(window, QPoint(0, 40)).y()
    form.strip.setFocus()
    QTest.keyClick(form.strip, Qt.Key.Key_Right)
    assert form.legs.hasFocus()
    chosen = form.legs.visualRect(form.legs.currentIndex())
    qtbot.waitUntil(lambda: not form.legs.visibleRegion().isEmpty(), timeout=2000)
    top = form.legs.viewport().mapTo(port, chosen.topLeft()).y()
    assert 0 <= top <= port.height() - chosen.height(), (top, port.height())
