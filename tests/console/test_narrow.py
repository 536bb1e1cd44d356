"""A console on a small screen, and long words: what decides is never cut or pushed out of sight."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from console_gui.call_taking.choice_field import WIDE, Choice
from console_gui.dispatching.hospitals_panel import HospitalsPanel
from console_gui.dispatching.incidents_panel import IncidentsPanel
from console_gui.models.hospitals import NAME
from console_gui.models.incidents import WHY
from console_gui.models.leg_ranking import ranking_cell
from console_gui.models.lines import LegLine, Part, leg_lines
from console_gui.models.units import STATION, UnitsTable
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Candidate, Capability, UnitStatus
from tests.console.conftest import OpenWindow
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night

SMALL = (1366, 768)


def settled(window: Any, qtbot: Any) -> None:
    window.resize(*SMALL)
    window.panels.workplace.arrange()
    qtbot.wait(60)


def across(window: QWidget, part: QWidget) -> tuple[int, int]:
    left = part.mapTo(window, QPoint(0, 0)).x()
    return left, left + part.width()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_button_of_a_call_that_talks_is_inside_a_small_window(
    open_window: OpenWindow, qtbot: Any, language: str
) -> None:
    _, window = open_window("lan", language)
    settled(window, qtbot)
    form = window.panels.form
    shown = [it for it in form.findChildren(QPushButton) if it.isVisible()]
    assert len(shown) >= 7  # hang up, hold, mute, transfer, consult among them
    for button in shown:
        left, right = across(window, button)
        assert left >= 0 and right <= window.width(), (button.text(), right)
    assert across(window, form.head.clock)[1] <= window.width()


def test_buttons_of_a_call_lie_over_one_another_nowhere(open_window: OpenWindow, qtbot: Any) -> None:
    _, window = open_window("lan", "vi")
    settled(window, qtbot)
    steering = window.panels.form.steering
    places = [it.geometry() for it in steering.buttons.values() if it.isVisible()]
    assert len({place.y() for place in places}) > 1  # it had to go on in a second line
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
    assert QRect(QPoint(0, 0), steering.size()).contains(max(places, key=lambda it: it.bottom()))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_supervisors_window_fits_a_small_screen_in_a_surge(
    open_window: OpenWindow, night: Night, qtbot: Any, language: str
) -> None:
    crash = next(ident for ident, it in night.state.incidents.items() if it.type == "traffic_trapped")
    night.must(night.person("hung"), c.SurgeOn(incident=crash, reason="chợ cháy", minutes=30))
    _, window = open_window("hung", language, night)
    settled(window, qtbot)
    assert window.width() == SMALL[0]
    assert across(window, window.band.clock)[1] <= SMALL[0]


def test_a_greater_alarm_leaves_the_owner_on_one_line(open_window: OpenWindow, night: Night, qtbot: Any) -> None:
    crash = next(ident for ident, it in night.state.incidents.items() if it.type == "traffic_trapped")
    night.must(night.person("lan"), c.RaiseAlarmLevel(incident=crash, level=2, seen=1, reason="cháy lan"))
    local, window = open_window("lan", "vi", night)
    local.desk.show(crash)
    settled(window, qtbot)
    form = window.panels.form
    assert "BÁO ĐỘNG 2" in form.head.level.text()
    assert form.head.status.height() < 2 * form.head.status.fontMetrics().lineSpacing()


def test_a_hospital_has_its_name_in_a_narrow_panel(open_window: OpenWindow, look: Any, qtbot: Any) -> None:
    local, _ = open_window("lan", "vi")
    panel = HospitalsPanel(local.desk, look)
    qtbot.addWidget(panel)
    panel.resize(400, 300)
    panel.show()
    qtbot.wait(20)
    way = panel.table.columnCount() - 1
    assert panel.view.columnWidth(NAME) >= 110
    assert panel.view.columnWidth(way) == 106  # clocks give nothing
    panel.resize(700, 300)
    qtbot.wait(20)
    assert panel.view.columnWidth(1) == 150


def test_esc_closes_the_hospitals_and_goes_back_to_the_line(open_window: OpenWindow, qtbot: Any) -> None:
    _, window = open_window("lan", "vi")
    window.bar.run("bv")
    dock = window.panels.workplace.docks["panel.hospitals"]
    assert dock.isVisible()
    QTest.keyClick(window.panels.hospitals.view, Qt.Key.Key_Escape)
    assert not dock.isVisible()


def test_what_a_unit_goes_for_is_broken_between_words(night: Night) -> None:
    """A run of words that cannot be broken is torn in the middle of one."""
    als = Capability(code="als", service="ambulance", vi="cấp cứu nâng cao, hồi sức tim phổi", en="advanced")
    state = replace(night.state, capabilities={"als": als})
    leg = next(iter(next(iter(state.incidents.values())).legs.values()))
    sent = Candidate(unit="A23", metres=2500.0, seconds=306.0, chosen=True, fills="als")
    line = LegLine(Part.SET, (0, 4, 0), leg, candidates=(sent,), chosen=1)
    text = ranking_cell(state, "vi", night.now, line, 1).text
    assert text.endswith("cấp cứu nâng cao, hồi sức tim phổi")
    assert "1\u00a0A23\u00a0" in text  # its number, name and time stay together


def test_who_goes_stands_before_why_it_is_this_zone(night: Night) -> None:
    incident = next(it for it in night.state.incidents.values() if it.type == "house_fire")
    lines = leg_lines(incident, night.state, night.now)
    ordered = [it.part for it in sorted(lines.values(), key=lambda it: it.order) if it.leg.service == "fire"]
    assert ordered[0] is Part.LEG and ordered[-1] is Part.ZONE


def test_suggestions_with_a_distance_are_wider_than_a_narrow_field(open_window: OpenWindow, qtbot: Any) -> None:
    """A ± that is cut reads as another one."""
    _, window = open_window("lan", "vi")
    settled(window, qtbot)
    field = window.panels.form.address_field.field
    field.setFocus()
    field.offer([Choice("0", "Ngã tư An Sương", "≈ Phường Đông Hưng Thuận · cách 12,4 km · ±300 m")])
    listed = field._list
    assert listed.isVisible() and field.width() < WIDE <= listed.width()
    assert across(window, listed)[1] <= window.width()


def test_stations_that_begin_alike_are_cut_where_they_are_alike(night: Night) -> None:
    desk = LocalDesk(night, "lan", "vi").begin().desk
    table = UnitsTable(desk)
    unit = next(it for it in night.state.units.values() if it.status is UnitStatus.AVAILABLE)
    assert table.cell(unit.call_sign, unit, STATION).middle


def test_what_an_incident_waits_for_is_read_again_where_there_is_room_again(
    open_window: OpenWindow, qtbot: Any
) -> None:
    _, window = open_window("hung")
    panel = IncidentsPanel(window.desk, window.look, with_owner=True)
    qtbot.addWidget(panel)
    panel.show()
    panel.resize(1200, 300)
    whole = panel.view.columnWidth(WHY)
    for width in (380, 300, 380, 560):  # as a window that is laid out for a small screen
        panel.resize(width, 300)
    assert not panel.view.isColumnHidden(WHY) and panel.view.columnWidth(WHY) == whole
