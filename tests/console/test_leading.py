"""Whoever leads: incidents by lateness, people by need, lists behind figures, reassigning and dragging, the wall."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console_gui.board_view import BoardView
from console_gui.carrying.carrier import START_PX
from console_gui.command_line.outcomes import Send
from console_gui.command_line.parsing import parse
from console_gui.keys import keys_of
from console_gui.lateness import SEND_MS, TYPE_MS, first_due
from console_gui.models.incidents import ORDERS, IncidentsTable
from console_gui.supervising.reason_dialog import ReasonDialog
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import IncidentState, Reason, Role, SafetyRules, UnitStatus
from dispatch_core.wire.envelopes import LiveValue
from tests.console.local_desk import LocalDesk
from tests.console.scenario import CORE, Night, busy_night

CRASH, FIRE, MISSED, WAITS = (f"20261123-{number:05d}" for number in (1, 2, 3, 5))


def clock(night: Night, incident: str) -> tuple[str, str, int]:
    found = first_due(night.state, night.state.incidents[incident])
    assert found is not None
    return found.why, found.about, (night.now - found.due) // 1000


def order(table: IncidentsTable) -> list[int]:
    return [int(ident[-5:]) for ident in table.idents()]


# --- lateness ---------------------------------------------------------------------------------------------------------


def test_each_incident_is_late_against_its_own_clock() -> None:
    night = busy_night()
    assert clock(night, WAITS) == ("caller", night.state.incidents[WAITS].calls[0], 29 - 15)
    why, _, over = clock(night, MISSED)
    assert (why, over) == ("untyped", (night.now - night.state.incidents[MISSED].received_at - TYPE_MS) // 1000)
    assert clock(night, FIRE)[:2] == ("offer", "B4")
    assert clock(night, CRASH)[:2] == ("no_unit", "police")
    closed = next(it for it in night.state.incidents.values() if it.state is IncidentState.CLOSED)
    assert first_due(night.state, closed) is None


def test_a_leg_without_units_is_late_by_its_priority_and_a_crew_by_what_the_site_allows() -> None:
    night = Night().begin()
    seats = {ident: (seat.label, seat.services) for ident, seat in night.state.positions.items()}
    rules = replace(night.state.site, safety=SafetyRules(on_scene_s=1_200))
    night.must(CORE, c.ConfigureSite(site=rules, positions=seats))
    lan = night.person("lan")
    incident = night.answer(night.ring("115", "0903000111"), "B01")
    night.must(lan, c.SetType(incident=incident, type="cardiac", seen=""))
    opened = night.now
    night.wait(61)
    assert night.state.incidents[incident].priority == 1
    assert clock(night, incident) == ("no_unit", "ambulance", (night.now - opened - SEND_MS[1]) // 1000)
    night.must(lan, c.AssignUnits(incident=incident, units=("A1",)))
    assert clock(night, incident)[:2] == ("offer", "A1")
    night.must(lan, c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
    limit = night.state.site.safety.on_scene_s
    assert limit and clock(night, incident) == ("no_report", "A1", -limit)


def test_the_board_stands_by_lateness_and_a_key_changes_it(open_window: Any) -> None:
    _, window = open_window("hung")
    table = window.panels.incidents.table
    assert table.order == "late"
    dues = [table.due(table.value(it)) for it in table.idents()]
    open_dues = [it.due for it in dues if it is not None]
    assert open_dues == sorted(open_dues) and len(open_dues) > 3
    shown = set()
    for _ in ORDERS:
        window.bar.run("xep")
        shown.add((table.order, tuple(order(table))))
    assert {it[0] for it in shown} == set(ORDERS) and table.order == "late"
    window.bar.run("sort age")
    received = [table.value(it).received_at for it in table.idents() if not table.value(it).closed_at]
    assert received == sorted(received)
    assert "tuổi" in window.panels.workplace.docks["panel.incidents"].caption.note.text()
    window.bar.run("xep lung tung")
    assert table.order == "age"


def test_a_unit_that_reports_moves_its_incident(open_window: Any) -> None:
    local, window = open_window("hung")
    table = window.panels.incidents.table
    before = table.due(local.night.state.incidents[FIRE])
    for unit in ("B4", "FE5"):
        local.happen(lambda night, unit=unit: night.must(
            night.person("minh"), c.ReportStatus(unit=unit, status=UnitStatus.ON_SCENE)))  # fmt: skip
    after = table.due(local.night.state.incidents[FIRE])
    assert before is not None and (after is None or after.due > before.due)
    assert after == first_due(local.night.state, local.night.state.incidents[FIRE])


def test_what_one_looks_at_stays_where_it_is_while_rows_move(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("hung")
    board = window.panels.incidents.view
    for number in range(40):
        local.happen(lambda night, number=number: night.ring("115", f"09031112{number:02d}"))
    window.bar.run("xep tuoi")
    board.setFocus()
    qtbot.waitUntil(board.hasFocus)
    row = 20
    board.setCurrentIndex(board.table.index(row, 0))
    board.scrollTo(board.table.index(row, 0))
    ident, y = board.ident(), board.rowViewportPosition(board.currentIndex().row())
    first = board.table.ident(0)
    board.table.order_by("late")  # every row finds another place
    board.table.order_by("age")
    window.panels.incidents.show_only(lambda incident: incident.id != first)
    qtbot.waitUntil(lambda: board._anchor is None)
    assert board.ident() == ident
    assert board.rowViewportPosition(board.currentIndex().row()) == y


# --- people -----------------------------------------------------------------------------------------------------------


def test_who_needs_a_leaders_eye_stands_first(open_window: Any, night: Night) -> None:
    site = replace(night.state.site, reasons={"meal": Reason(code="meal", vi="ăn cơm", en="meal", most_min=30)})
    seats = {ident: (seat.label, seat.services) for ident, seat in night.state.positions.items()}
    night.must(CORE, c.ConfigureSite(site=site, positions=seats))
    for user, seat in (("hung", "B03"), ("vy", "B04"), ("hai", "B05")):
        if user not in night.state.people:
            role = night.state.people["lan"].role
            night.must(CORE, c.SignIn(user=user, name=user.title(), role=role, session=f"s-{user}"))
        night.must(night.person(user), c.TakePosition(position=seat))
    night.must(night.person("vy"), c.BeNotReady(why="meal"))
    local, window = open_window("hung")
    table = window.panels.people.table
    assert table.idents() == ["B02", "B01", "B04", "B03", "B05"], "talks, the longest first; away; ready"
    local.wait(29 * 60)
    assert table.idents()[:2] == ["B02", "B01"] and table.cell("B02", table.value("B02"), 5).late
    local.wait(2 * 60)
    assert table.idents()[0] == "B04", "beyond what is allowed"
    cell = table.cell("B04", table.value("B04"), 4)
    assert "ăn cơm" in cell.text and "30:00" in cell.text and table.cell("B04", table.value("B04"), 5).late
    away = {"state": "UNAVAILABLE", "reachable": False, "node": "hcm1"}
    local.link.live(LiveValue(kind="phone", key="B05@hcm1", at=local.night.now, value=away))
    assert table.idents()[0] == "B05"
    assert table.cell("B05", table.value("B05"), 4).text == local.words("position.unreachable")
    local.link.live(LiveValue(kind="phone", key="B05@hcm1", at=local.night.now + 1, value={**away, "reachable": True}))
    assert table.idents()[0] == "B04"


@pytest.mark.parametrize(
    ("key", "line"), [("g", "gs B01"), ("n", "nhac B01"), ("c", "chen B01"), ("t", "thoi"), ("v", "cua @lan")]
)
def test_a_letter_on_a_person_is_a_command(key: str, line: str, open_window: Any) -> None:
    _, window = open_window("hung")
    people, ran = window.panels.people.view, []
    people.run_wanted.connect(ran.append)
    people.choose("B01")
    QTest.keyClicks(people, key)
    assert ran == [line]


def test_the_incidents_of_one_person(open_window: Any) -> None:
    _, window = open_window("hung")
    table = window.panels.incidents.table
    window.bar.run("cua @minh")
    mine = {it.id for it in window.desk.state.incidents.values()
            if it.owner == "minh" or any(leg.dispatcher == "minh" for leg in it.legs.values())}  # fmt: skip
    assert mine and set(table.idents()) == mine
    window.bar.run("cua")
    assert len(table.idents()) == len(window.desk.state.incidents)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_every_figure_opens_its_list_by_its_number(open_window: Any) -> None:
    _, window = open_window("hung")
    band, table = window.panels.band, window.panels.incidents.table
    late = window.panels.workplace.docks["panel.late_calls"]
    for number, (key, figure) in enumerate(band.shown.items(), 1):
        window.bar.run(f"sl {number}")
        if figure.calls is not None:
            assert late.isVisible(), key
            wanted = {it.call for it in window.desk.state.late_calls.values() if figure.calls(it)}
            assert set(window.panels.late_calls.table.idents()) == wanted
        else:
            assert not late.isVisible(), key
            assert set(table.idents()) == {it.id for it in window.desk.state.incidents.values() if figure.wanted(it)}
    window.bar.run("sl")
    assert len(table.idents()) == len(window.desk.state.incidents)
    told: list[str] = []
    window.desk.noticed.connect(lambda notice: told.append(notice.sentence("vi")))
    window.bar.run("sl 99")
    assert told and "99" in told[0]


def test_a_figure_by_key_and_its_list_by_enter(open_window: Any) -> None:
    _, window = open_window("hung")
    number = list(window.panels.band.shown).index("figure.given_up") + 1
    both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, getattr(Qt.Key, f"Key_{number}"), both)
    view = window.panels.late_calls.view
    assert view.table.rowCount() == 1
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.desk.current == MISSED
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not window.panels.workplace.docks["panel.late_calls"].isVisible()


# --- reassigning ------------------------------------------------------------------------------------------------------


def body_of(night: Night, line: str, user: str = "hung") -> c.Command:
    desk = LocalDesk(night, user).begin().desk
    outcome = parse(line, desk.context())
    assert isinstance(outcome, Send), outcome
    return outcome.body


def test_a_unit_goes_elsewhere_and_a_slip_is_taken_back_by_line(open_window: Any) -> None:
    local, window = open_window("hung")
    other = "20261123-00007"
    local.happen(lambda night: night.must(night.person("lan"), c.SetType(incident=other, type="cardiac", seen="")))
    window.bar.run("re A4 #7 vụ kia gấp hơn")
    work = local.night.state.units["A4"].assignment
    assert work is not None and work.incident == other
    told = local.night.state.incidents[CRASH].notes[-1]
    assert (told.kind, told.text) == ("redirected", "vụ kia gấp hơn")
    window.bar.run("re-")
    work = local.night.state.units["A4"].assignment
    assert work is not None and work.incident == CRASH
    window.bar.run("re #2 @lan gom lại")
    assert local.night.state.incidents[FIRE].owner == "lan"
    local.wait(31)
    window.bar.run("re-")
    assert local.night.state.incidents[FIRE].owner == "lan", "too late"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_who_loses_the_unit_and_who_gets_it_are_told(language: str, night: Night) -> None:
    lan, minh = (LocalDesk(night, user, language).begin() for user in ("lan", "minh"))
    told: dict[str, list[str]] = {"lan": [], "minh": []}
    for name, local in (("lan", lan), ("minh", minh)):
        local.desk.noticed.connect(lambda notice, name=name: told[name].append(notice.sentence(language)))
    night.must(night.person("hung"), c.RedirectUnit(unit="A4", incident=FIRE, reason="gần hơn"))
    for local in (lan, minh):
        local.link.show()
    assert len(told["lan"]) == len(told["minh"]) == 1
    assert all("A4" in it and "#1" in it and "#2" in it and "gần hơn" in it for it in told["lan"] + told["minh"])


def test_the_reason_is_asked_for_and_a_digit_chooses_it(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("hung")
    window.bar.run("re #2 @lan")
    dialog = window.dialog
    assert isinstance(dialog, ReasonDialog) and "#2" in dialog.what.text()
    dialog.send()
    assert local.night.state.incidents[FIRE].owner != "lan", "not without a reason"
    QTest.keyClicks(dialog.field, "2")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    note = local.night.state.incidents[FIRE].notes[-1]
    assert (note.kind, note.text) == ("reassigned", local.words("reason.overload"))
    qtbot.waitUntil(lambda: window.dialog is None)


def test_a_refusal_stays_in_the_dialog_in_words(open_window: Any) -> None:
    _, window = open_window("hung")
    window.bar.run("re #2 @minh")
    window.dialog.field.setText("x")
    window.dialog.send()
    assert window.dialog is not None and window.dialog.trouble.text()
    window.dialog.reject()


# --- dragging ---------------------------------------------------------------------------------------------------------


def middle(board: BoardView, ident: str) -> QPoint:
    row = board.table.row_of(ident)
    assert row >= 0, ident
    board.scrollTo(board.table.index(row, 0))
    return QPoint(30, board.rowViewportPosition(row) + board.rowHeight(row) // 2)


def carry(source: QWidget, at: QPoint, onto: QWidget, to: QPoint, *, drop: bool = True) -> None:
    """The mouse is grabbed by what was pressed, as it is in life."""
    there = source.mapFromGlobal(onto.mapToGlobal(to))
    QTest.mousePress(source, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 6):
        QTest.mouseMove(source, at + (there - at) * step / 5)
        _moved(source, at + (there - at) * step / 5)
    if drop:
        QTest.mouseRelease(source, Qt.MouseButton.LeftButton, pos=there)


def _moved(widget: QWidget, at: QPoint) -> None:
    """QTest moves without a button held."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def ready(open_window: Any, user: str = "lan") -> tuple[LocalDesk, Any, BoardView, BoardView]:
    local, window = open_window(user)
    units, incidents = window.panels.units.view, window.panels.incidents.view
    return local, window, units, incidents


def test_a_unit_dropped_on_an_incident_is_the_typed_command(open_window: Any) -> None:
    local, window, units, incidents = ready(open_window)
    window.panels.units.show_filter("A10")
    ran: list[str] = []
    window.leading.carrier.dropped.connect(ran.append)
    carry(units.viewport(), middle(units, "A10"), incidents.viewport(), middle(incidents, FIRE), drop=False)
    tag = window.leading.carrier.tag
    assert tag.isVisible() and tag.text() == "A10 → #2 nhánh Cấp cứu"
    there = units.viewport().mapFromGlobal(incidents.viewport().mapToGlobal(middle(incidents, FIRE)))
    QTest.mouseRelease(units.viewport(), Qt.MouseButton.LeftButton, pos=there)
    assert ran == ["d A10 #2"] and not tag.isVisible()
    work = local.night.state.units["A10"].assignment
    assert work is not None and work.incident == FIRE
    assert local.link.orders[-1].body == c.AssignUnits(incident=FIRE, units=("A10",))


def test_a_few_pixels_or_esc_send_nothing(open_window: Any) -> None:
    local, window, units, incidents = ready(open_window)
    window.panels.units.show_filter("A10")
    at = middle(units, "A10")
    QTest.mousePress(units.viewport(), Qt.MouseButton.LeftButton, pos=at)
    _moved(units.viewport(), at + QPoint(START_PX - 2, 0))
    assert window.leading.carrier.carried is None
    QTest.mouseRelease(units.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(START_PX - 2, 0))
    carry(units.viewport(), at, incidents.viewport(), middle(incidents, FIRE), drop=False)
    assert window.leading.carrier.carried is not None
    QTest.keyClick(window.bar.line, Qt.Key.Key_Escape)
    assert window.leading.carrier.carried is None and not window.leading.carrier.tag.isVisible()
    QTest.mouseRelease(units.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not local.link.orders


@pytest.mark.parametrize(("unit", "said"), [("A4", "trưởng ca"), ("A9", "ngưng trực"), ("A6", "rồi")])
def test_why_a_unit_cannot_be_dropped_is_said(unit: str, said: str, open_window: Any) -> None:
    local, window, units, incidents = ready(open_window)
    refused: list[str] = []
    window.leading.carrier.refused.connect(refused.append)
    window.panels.units.show_filter(unit)
    carry(units.viewport(), middle(units, unit), incidents.viewport(), middle(incidents, FIRE))
    assert len(refused) == 1 and said in refused[0]
    assert not local.link.orders


def test_a_supervisor_drags_a_unit_an_incident_and_a_leg(open_window: Any) -> None:
    local, window, units, incidents = ready(open_window, "hung")
    people = window.panels.people.view
    window.panels.units.show_filter("A4")
    carry(units.viewport(), middle(units, "A4"), incidents.viewport(), middle(incidents, FIRE))
    assert isinstance(window.dialog, ReasonDialog), "it has work: why"
    window.dialog.field.setText("1")
    window.dialog.send()
    assert local.night.state.units["A4"].assignment.incident == FIRE  # type: ignore[union-attr]
    carry(incidents.viewport(), middle(incidents, CRASH), people.viewport(), middle(people, "B02"))
    assert window.dialog is not None and "Trần Quang Minh" in window.dialog.what.text()
    window.dialog.field.setText("đổi ca")
    window.dialog.send()
    assert local.night.state.incidents[CRASH].owner == "minh"
    window.desk.show(FIRE)
    legs = window.panels.form.strip
    carry(legs.viewport(), middle(legs, "police"), people.viewport(), middle(people, "B02"))
    assert window.dialog is not None
    window.dialog.field.setText("1")
    window.dialog.send()
    assert local.night.state.incidents[FIRE].legs["police"].dispatcher == "minh"


def test_a_unit_of_another_service_does_not_fit_a_leg(open_window: Any) -> None:
    _, window, units, _ = ready(open_window)
    window.desk.show(FIRE)
    legs = window.panels.form.strip
    window.panels.units.show_filter("A10")
    carry(units.viewport(), middle(units, "A10"), legs.viewport(), middle(legs, "police"), drop=False)
    assert "không phải" in window.leading.carrier.tag.text()
    window.leading.carrier.let_go()
    carry(units.viewport(), middle(units, "A10"), legs.viewport(), middle(legs, "ambulance"), drop=False)
    assert window.leading.carrier.drop.line == "d A10 #2"
    window.leading.carrier.let_go()


def test_a_unit_is_dropped_on_the_maps_incident_and_taken_from_the_map(open_window: Any) -> None:
    from console_gui.map.picking import Kind

    local, window, units, incidents = ready(open_window)
    city = window.panels.map.map
    QTest.qWait(300)
    mark = next(it for it in city.picture().targets if it.kind is Kind.INCIDENT and it.id == FIRE)
    window.panels.units.show_filter("A10")
    carry(units.viewport(), middle(units, "A10"), city, QPoint(round(mark.px), round(mark.py)))
    assert local.night.state.units["A10"].assignment is not None
    free = next(
        it for it in city.picture().targets
        if it.kind is Kind.UNIT and local.night.state.units[it.id].status is UnitStatus.AVAILABLE
    )  # fmt: skip
    carry(city, QPoint(round(free.px), round(free.py)), incidents.viewport(), middle(incidents, FIRE))
    assert local.night.state.units[free.id].assignment is not None


# --- narrow, and the wall ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_narrow_screen_has_units_and_incidents_as_tabs_and_the_band_fits(language: str, open_window: Any) -> None:
    _, window = open_window("hung", language)
    window.resize(1366, 768)
    window.panels.workplace.reset_layout()
    QTest.qWait(100)
    window.panels.workplace._lay_out_preset()
    QTest.qWait(100)
    docks = window.panels.workplace.docks
    assert docks["panel.units"] in window.panels.workplace.tabifiedDockWidgets(docks["panel.incidents"])
    assert window.width() == 1366 and window.minimumSizeHint().width() <= 1366
    band = window.panels.band
    shown = [card for card in band.cards.values() if card.isVisible()]
    assert max(card.geometry().right() for card in shown) <= band.width()
    for card in shown:
        for label in (card.value, card.label):
            assert label.width() >= label.sizeHint().width(), label.text()
    for board in window.panels.boards:
        if board.isVisible() and board.viewport().width() > 0:
            assert board.viewport().width() >= 132
    window.bar.run("den donvi")
    QTest.qWait(50)
    assert not docks["panel.units"].visibleRegion().isEmpty()
    assert docks["panel.incidents"].visibleRegion().isEmpty()


def test_the_wall_shows_what_is_late_and_nothing_of_a_caller(open_window: Any) -> None:
    local, window = open_window("hung")
    window.bar.run("tuong")
    wall = window.leading.wall
    assert wall is not None and wall.isVisible() and not window.bar.isVisible()
    assert window.panels.map.isVisible() and wall.isAncestorOf(window.panels.map)
    rows = [row[0] for row in wall.late.rows]
    assert rows[:2] == ["#1", "#2"]
    written = repr((wall.figures.cells, wall.late.rows))
    for call in local.night.state.calls.values():
        assert not call.number or call.number not in written
        assert not call.name or call.name not in written
    for incident in local.night.state.incidents.values():
        assert incident.location is None or incident.location.label not in written
    local.happen(lambda night: night.ring("113", "0999888777"))
    local.wait(16)
    wall.refresh()
    assert wall.figures.cells[0][2] == "late"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.leading.wall is None and window.bar.isVisible()
    assert window.panels.workplace.centralWidget() is window.panels.map and window.panels.map.isVisible()
    window.bar.run("wall")
    assert window.leading.wall is not None
    window.leading.leave_wall()


def test_the_walls_letters_are_large(open_window: Any) -> None:
    """24 mm on a screen 680 mm high: a letter is read at 6 m from 15 mm on."""
    _, window = open_window("hung")
    window.leading.show_wall()
    wall = window.leading.wall
    assert wall is not None
    image = QImage(wall.size(), QImage.Format.Format_RGB32)
    wall.render(image)
    assert wall.late._row() / window.height() * 680 >= 24
    window.leading.leave_wall()


def test_a_reconnect_leaves_the_wall_standing(open_window: Any) -> None:
    local, window = open_window("hung")
    window.leading.show_wall()
    local.link.pulse(local.door.at, connected=False, needs_snapshot="gap")
    assert window.banner.isVisible(), "what may not be the truth is said here too"
    local.link.pulse(local.door.at)
    assert window.leading.wall is not None and window.leading.wall.isVisible()
    window.leading.leave_wall()



@pytest.mark.parametrize("role", list(Role))
def test_no_key_of_a_role_means_two_things(role: Role) -> None:
    """Qt does neither of two acts of one key."""
    pressed = [key.sequence for key in keys_of(role)]
    assert len(set(pressed)) == len(pressed)
