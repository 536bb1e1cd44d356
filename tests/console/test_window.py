"""The window of each role: keys, form, fields, notices, staleness, layouts; driven as a person drives it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from console_gui.board_view import HEADER_HEIGHT
from console_gui.drafts import Drafts
from console_gui.hands import type_into
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.theme import DAY, NIGHT, contrast, readable
from dispatch_core.domain import commands as c
from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.vocabulary import SIMULATED, Location, LocationSource, UnitStatus
from tests.console.hand_sounds import HandSounds
from tests.console.local_desk import LocalDesk
from tests.console.scenario import SWITCH, busy_night
from tests.console.turns_taken import all_turns_taken

CRASH, FIRE, LOST, MINE = (f"20261123-0000{n}" for n in (1, 2, 3, 7))


def enter(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)


def said(window: MainWindow) -> list[str]:
    return [" ".join(parts) for parts in window.bar.notices.lines()]


def test_a_whole_incident_by_the_command_line(open_window: Any) -> None:
    local, window = open_window("lan")
    form, state = window.panels.form, lambda: local.night.state
    local.night.end(next(it.id for it in state().calls.values() if it.position == "B01"))
    local.happen(lambda night: night.rings_at(night.ring("114", "0911222333"), "B01"))
    enter(window, "a 0911222333")
    call = local.link.orders[-1].body.call
    local.happen(lambda night: night.answer(call, "B01"))
    incident = state().calls[call].incident
    assert local.desk.current == incident and form.caller.number.text() == "0911 222 333"
    for line in (
        "t chay nha", "@ chợ bến thành", "n khói nhiều", "d FE1 A1", "/st FE1 nhan", "/st FE1 di", "/st FE1 toi",
        "leg- 113", "p 2", "h",
    ):  # fmt: skip
        enter(window, line)
        assert window.bar.line.text() == "", (line, said(window))
    local.happen(lambda night: night.end(call))
    enter(window, "x đã xử lý")
    closed = state().incidents[incident]
    assert closed.disposition == "resolved"
    assert state().units["FE1"].status is UnitStatus.AVAILABLE
    assert "đã đóng: đã xử lý" in form.head.status.text()


def test_a_refused_line_is_back_in_the_field_with_its_reason_above(open_window: Any) -> None:
    local, window = open_window("lan")
    enter(window, "re #2 @lan em nhận")
    assert window.bar.line.text() == "re #2 @lan em nhận"
    assert any("re #2 @lan em nhận" in it and "trưởng ca" in it for it in said(window))


def test_a_mistyped_line_stays_and_goes_when_corrected(open_window: Any) -> None:
    local, window = open_window("lan")
    enter(window, "d A99 #1")
    assert window.bar.line.text() == "d A99 #1"
    assert any("A99" in it for it in said(window))
    enter(window, "d A98 #1")
    assert len(said(window)) == 1
    enter(window, "d A1 #1")
    assert window.bar.line.text() == "" and said(window) == []


def test_history_and_completion_by_keys(open_window: Any) -> None:
    local, window = open_window("lan")
    line = window.bar.line
    enter(window, "n một")
    enter(window, "n hai")
    for key, text in ((Qt.Key.Key_Up, "n hai"), (Qt.Key.Key_Up, "n một"), (Qt.Key.Key_Down, "n hai")):
        QTest.keyClick(line, key)
        assert line.text() == text
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClicks(line, "d FE1")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "d FE10 "
    type_into(line, "/st A2 t")
    window.bar._tell_hint()
    assert "toi" in window.bar.hint.text() and "TRẠNG THÁI" in window.bar.hint.text()


def test_function_keys(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    window.activateWindow()
    form = window.panels.form
    for key, field in (
        (Qt.Key.Key_F3, form.address_field.field), (Qt.Key.Key_F6, form.type_field.field),
        (Qt.Key.Key_F7, form.note_field), (Qt.Key.Key_F12, window.bar.line),
    ):  # fmt: skip
        QTest.keyClick(window, key)
        assert QApplication.focusWidget() is field
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert isinstance(local.link.orders[-1].body, c.CloseEmpty)
    QTest.keyClick(window, Qt.Key.Key_F10)
    assert isinstance(local.link.orders[-1].body, c.HangUp | c.CloseEmpty)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.bar.line.text() == "nghi "
    window.bar.line.clear()
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert window.bar.line.text().startswith("gop #")
    window.bar.line.clear()
    local.desk.run("nghi com")
    assert isinstance(local.link.orders[-1].body, c.BeNotReady)
    assert "TẠM NGHỈ: ăn cơm" in window.band.seat.text() and window.band.seat_key.text() == "F9 sẵn sàng"
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert isinstance(local.link.orders[-1].body, c.BeReady)
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert isinstance(local.link.orders[-1].body, c.CallBack)
    local.desk.run("pos- chac")
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert window.bar.line.text() == "pos "
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.dialog is not None
    window.dialog.accept()
    qtbot.waitUntil(lambda: window.dialog is None)


def test_letters_typed_on_a_board_go_to_the_line_and_digits_report(open_window: Any) -> None:
    local, window = open_window("lan")
    view = window.panels.units.view
    view.choose("A4")
    QTest.keyClicks(view, "1")
    assert local.night.state.units["A4"].status is UnitStatus.ACKNOWLEDGED
    QTest.keyClicks(view, "n")
    assert window.bar.line.text() == "n"
    view.choose("A1")
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.bar.line.text() == "d A1 #7"


def test_suggested_units_are_sent_by_their_digit(open_window: Any) -> None:
    local, window = open_window("lan")
    enter(window, "#1")
    legs = window.panels.form.legs
    legs.choose("fire?")
    QTest.keyClicks(legs, "2")
    assert local.link.orders[-1].body == c.AssignUnits(incident=CRASH, units=("FE2",))
    legs.choose("fire/FE3")
    QTest.keyClicks(legs, "6")
    assert local.night.state.units["FE3"].status is UnitStatus.RETURNING


def test_the_type_field_finds_by_keyword_and_sends_what_was_seen(open_window: Any) -> None:
    local, window = open_window("lan")
    field = window.panels.form.type_field
    type_into(field.field, "danh nhau")
    assert [it.ident for it in field.field.offered] == ["fight"]
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert local.night.state.incidents[MINE].type == "fight"
    assert field.field.text() == "Gây rối, đánh nhau"


def test_the_address_field_offers_suggestions(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    field = window.panels.form.address_field
    type_into(field.field, "ben thanh")
    qtbot.waitUntil(lambda: len(field.field.offered) == 5)
    QTest.keyClick(field.field, Qt.Key.Key_Down)
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    place = local.night.state.incidents[MINE].location
    assert place is not None and place.label.startswith("Chợ Bến Thành")
    assert local.questions.asked == ["ben thanh"], "one question for one pause"
    type_into(field.field, "10.77, 106.69")
    QTest.keyClick(field.field, Qt.Key.Key_Escape)
    type_into(field.field, "10.77, 106.69")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    located = local.night.state.incidents[MINE].location
    assert located is not None and located.lat == 10.77


def test_a_value_changed_under_the_typing_is_told_and_nothing_is_overwritten(open_window: Any) -> None:
    local, window = open_window("lan")
    enter(window, "#2")
    field = window.panels.form.address_field
    type_into(field.field, "10.5, 106.5")
    local.happen(lambda night: night.place("minh", FIRE, 1))
    assert field.field.text() == "10.5, 106.5"
    assert "Chợ Bến Thành" in field.trouble.text() and field.trouble.isVisible()
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert local.night.state.incidents[FIRE].location.label.startswith("Chợ Bến Thành")
    assert field.field.text() == "10.5, 106.5" and "vừa đổi thành" in field.trouble.text()
    local.door.at += 1  # now it could be read
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert local.night.state.incidents[FIRE].location.lat == 10.5
    assert not field.trouble.isVisible()


def test_what_is_typed_waits_for_its_incident(open_window: Any) -> None:
    local, window = open_window("lan")
    form = window.panels.form
    type_into(form.type_field.field, "chay")
    type_into(form.note_field, "một nửa câu")
    enter(window, "#1")
    assert form.type_field.field.text() == "Tai nạn giao thông, có người mắc kẹt"
    assert form.note_field.text() == ""
    enter(window, "#7")
    assert form.type_field.field.text() == "chay"
    assert form.note_field.text() == "một nửa câu"
    QTest.keyClick(form.note_field, Qt.Key.Key_Return)
    assert local.night.state.incidents[MINE].notes[-1].text == "một nửa câu"
    assert form.note_field.text() == ""


def test_the_supervisor_reassigns_in_a_dialog_that_wants_a_reason(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("hung")
    enter(window, "#2")
    window.panels.form.buttons["reassign"].click()
    dialog = window.dialog
    assert not dialog.do.isEnabled()
    dialog.what.setCurrentIndex(dialog.what.findData("ambulance"))
    dialog.kind.setCurrentIndex(dialog.kind.findData("unit"))
    dialog.to.setCurrentIndex(dialog.to.findData("A1"))
    dialog.instead.setCurrentIndex(dialog.instead.findData("A6"))
    dialog.reason.setPlainText("A6 hỏng xe")
    assert dialog.do.isEnabled()
    local.happen(lambda night: night.must(night.person("lan"), c.AssignUnits(incident=CRASH, units=("A1",))))
    dialog.do.click()
    assert "A1" in dialog.trouble.text(), "a refusal keeps the dialog and what was written in it"
    dialog.to.setCurrentIndex(dialog.to.findData("A3"))
    dialog.do.click()
    qtbot.waitUntil(lambda: window.dialog is None)
    assert local.night.state.incidents[FIRE].legs["ambulance"].units == ("A3",)
    assert "A6 hỏng xe" in local.night.state.incidents[FIRE].notes[-1].text


def test_a_figure_opens_the_list_behind_it(open_window: Any) -> None:
    local, window = open_window("hung")
    card = window.panels.band.cards["figure.late_offers"]
    assert card.value.text() == "3"
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.panels.incidents.table.idents() == [CRASH, FIRE]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.panels.incidents.table.rowCount() == 7


def test_the_admin_adds_a_position_in_the_form(open_window: Any) -> None:
    local, window = open_window("quan")
    form = window.panels.add_position
    assert window.panels.form is None and window.panels.units is None
    type_into(form.ident, "b08")
    type_into(form.label, "Bàn 8, cạnh cửa sổ")
    assert not form.add.isEnabled()
    QTest.keyClick(form.label, Qt.Key.Key_Return)
    assert "chọn ít nhất một" in form.trouble.text()
    form.services["ambulance"].click()
    assert form.services["ambulance"].text() == "✓ 115 Cấp cứu"
    QTest.keyClick(form.label, Qt.Key.Key_Return)
    assert local.night.state.positions["B08"].installing
    type_into(form.ident, "B01")
    form.add.click()
    assert "B01" in form.trouble.text() and form.ident.text() == "B01"


@pytest.mark.parametrize(
    ("health", "title", "why"),
    [
        ({"heard_at": None}, "CHƯA CÓ DỮ LIỆU", ""),
        ({"needs_snapshot": "gap"}, "DỮ LIỆU CŨ", "thiếu số thứ tự"),
        ({"read_only": True}, "CHỈ ĐỌC", ""),
        ({"connected": False, "heard_at": 90.0}, "DỮ LIỆU CŨ 10 s", "mất kết nối"),
        ({"connected": False, "problem": "denied", "heard_at": 90.0}, "DỮ LIỆU CŨ", "đăng nhập lại"),
        ({"heard_at": 96.0}, "DỮ LIỆU CŨ 4,0 s", "không gửi nhịp"),
        ({"wrong_version": refuse("wrong_version", theirs=1, ours=9)}, "KHÁC PHIÊN BẢN", "phiên bản 1"),
        ({"wrong_version": refuse("core_newer", theirs=4, ours=9)}, "KHÁC PHIÊN BẢN", "cập nhật bảng điều khiển"),
        ({"wrong_version": refuse("core_older", theirs=4, ours=3)}, "KHÁC PHIÊN BẢN", "cập nhật máy chủ"),
    ],
)
def test_the_banner_says_what_is_wrong(open_window: Any, health: dict[str, Any], title: str, why: str) -> None:
    local, window = open_window("lan")
    assert not window.banner.isVisible()
    local.link.pulse(**{"heard_at": local.door.at, **health})
    assert window.banner.isVisible()
    assert window.banner.title.text().startswith(title)
    assert why in window.banner.why.text()
    local.link.pulse(local.door.at)
    assert not window.banner.isVisible()


def test_the_age_of_the_data_is_always_there(open_window: Any) -> None:
    local, window = open_window("lan")
    local.door.at += 0.4
    local.desk.ticked.emit()
    all_turns_taken()
    assert window.band.age.text() == "dữ liệu 0,4 s" and window.band.age.objectName() == "dim"
    local.door.at += 3
    local.desk.ticked.emit()
    all_turns_taken()
    assert window.band.age.objectName() == "late" and window.banner.isVisible()


def test_what_could_not_be_read_is_counted_on_the_screen(open_window: Any, caplog: Any) -> None:
    local, window = open_window("lan")
    assert not window.band.dropped.isVisible()
    local.link.pulse(local.door.at, dropped=2, last_dropped="event 7: Cannot read Recorded: truncated")
    local.desk.ticked.emit()
    all_turns_taken()
    assert window.band.dropped.text() == "2 mẩu tin không đọc được"
    assert "event 7" in caplog.text


def test_a_simulated_switch_is_said_to_be_one(open_window: Any) -> None:
    local, window = open_window("lan")
    assert not window.band.simulated.isVisible()
    local.happen(lambda night: night.must(SWITCH, c.NodeUp(node="hcm1", booted=f"{SIMULATED}2026-11-23 20:00:00")))
    assert window.band.simulated.isVisible()
    assert window.band.simulated.text() == "MÔ PHỎNG"
    local.happen(lambda night: night.must(SWITCH, c.NodeUp(node="hcm1", booted="2026-11-23 21:00:00")))
    assert not window.band.simulated.isVisible()


def test_callers_words_are_never_markup(open_window: Any) -> None:
    local, window = open_window("lan")
    local.night.end(next(it.id for it in local.night.state.calls.values() if it.position == "B01"))
    call = local.night.ring("115", "<i>0</i>", "<b>Đậm</b><img src=x>")
    local.happen(lambda night: night.answer(call, "B01"))
    card = window.panels.form.caller
    assert card.name.text() == "<b>Đậm</b><img src=x>"
    for label in window.findChildren(QLabel):
        if label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()


def test_the_layout_is_kept_when_it_changes(open_window: Any, qtbot: Any, preferences: Preferences) -> None:
    local, window = open_window("lan")
    dock = window.panels.workplace.docks["panel.calls"]
    with qtbot.waitSignal(window.panels.workplace.layout_kept):
        window.panels.workplace.resizeDocks([dock], [600], Qt.Orientation.Horizontal)
    width = dock.width()
    assert width > 500
    again = LocalDesk(busy_night(), "lan")
    second = MainWindow(again.desk, window._look, Drafts(), preferences, sounds=HandSounds())
    qtbot.addWidget(second)
    second.show()
    again.begin()
    qtbot.waitUntil(lambda: second.panels.workplace._arranged)
    qtbot.waitUntil(lambda: abs(second.panels.workplace.docks["panel.calls"].width() - width) <= 2)
    again.desk._clock.stop()


def test_language_and_theme_belong_to_the_person(open_window: Any, tmp_path: Any) -> None:
    local, window = open_window("lan")
    enter(window, "lang en")
    enter(window, "theme light")
    assert window.bar.line.placeholderText() == "Type a command, F1 shows all"
    assert window._look.now is DAY
    settings = QSettings(str(tmp_path / "console.ini"), QSettings.Format.IniFormat)
    assert Preferences("lan", settings).get("language", "vi") == "en"
    assert Preferences("lan", settings).get("theme", "dark") == "light"
    enter(window, "theme tối")
    assert window._look.now is NIGHT


def test_drafts_survive_a_crash(open_window: Any, tmp_path: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    window._drafts = window.panels.form._drafts
    drafts = Drafts(tmp_path / "drafts.json")
    form = window.panels.form
    for owner in (form, form.type_field, form.address_field, window.bar):
        owner._drafts = drafts
    window._drafts = drafts
    type_into(form.address_field.field, "số 7 đường")
    type_into(window.bar.line, "d A1 A3")
    qtbot.waitUntil(lambda: (tmp_path / "drafts.json").exists() and "A3" in (tmp_path / "drafts.json").read_text())
    assert (tmp_path / "drafts.json").stat().st_mode & 0o077 == 0
    left = Drafts(tmp_path / "drafts.json")
    assert left.get(MINE, "place") == "số 7 đường"
    assert left.get("", "line") == "d A1 A3"
    local.desk.run("h")
    call = next(it.id for it in local.night.state.calls.values() if it.incident == MINE)
    local.happen(lambda night: night.end(call))
    enter(window, "x xong")
    qtbot.waitUntil(lambda: Drafts(tmp_path / "drafts.json").get(MINE, "place") == "")


def test_text_is_readable_on_every_surface() -> None:
    from PySide6.QtGui import QColor

    for theme in (NIGHT, DAY):
        for surface in (theme.ground, theme.surface, theme.raised):
            assert contrast(QColor(theme.text), QColor(surface)) >= 7
            assert contrast(QColor(theme.dim), QColor(surface)) >= 4.5, (theme.name, surface)
            for hue in ("#0072B2", "#D55E00", "#009E73", "nonsense"):
                assert contrast(readable(hue, surface), QColor(surface)) >= 4.5
            assert contrast(QColor(theme.attention), QColor(surface)) >= 4.5, (theme.name, surface)
        assert contrast(QColor(theme.on_late), QColor(theme.late)) >= 4.5
        assert contrast(QColor(theme.text), QColor(theme.chosen)) >= 4.5


def plainly(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_callers_own_location_stands_under_the_number(open_window: Any) -> None:
    local, window = open_window("lan")
    card = window.panels.form.caller
    assert not card.place.isVisible()
    call = next(it for it in local.night.state.calls.values() if it.position == "B01")
    local.happen(lambda night: night.must(SWITCH, c.CallPlaced(call=call.id, note="XML truncated")))
    assert plainly(card.place.text()) == "Vị trí thuê bao không đọc được"
    place = Location(label="10.80000, 106.70000", source=LocationSource.AML, lat=10.8, lon=106.7, uncertainty_m=180.0)
    local.happen(lambda night: night.must(SWITCH, c.CallPlaced(call=call.id, location=place)))
    assert plainly(card.place.text()) == (
        "Thuê bao ở 10.80000, 106.70000   điện thoại gửi (AML)   ±180 m   gõ @@ để lấy làm địa chỉ"
    )
    assert not card.doubt.isVisible() and not card.link.isVisible()


def test_how_sure_and_how_old_a_location_is(open_window: Any) -> None:
    local, window = open_window("lan")
    card = window.panels.form.caller
    call = next(it for it in local.night.state.calls.values() if it.position == "B01")
    link = "https://lis.example/x?a=1"
    local.happen(lambda night: night.must(SWITCH, c.CallPlaced(call=call.id, note="by_reference", link=link)))
    assert plainly(card.place.text()) == "Không rõ vị trí thuê bao: mạng chỉ gửi liên kết"
    assert card.link.isVisible() and link in card.link.text()
    ring = ((106.69, 10.79), (106.71, 10.79), (106.7, 10.81))
    place = Location(
        label="10.80000, 106.70000", source=LocationSource.AML, lat=10.8, lon=106.7, uncertainty_m=180.0, confidence=95,
        at=window.desk.now() - 12_000, shape="polygon", outline=ring, method="wifi", floor="3", altitude_m=-2.0,
        doubt="swapped",
    )  # fmt: skip
    cell = Location(label="x", source=LocationSource.PIDF_LO, lat=10.8, lon=106.7, uncertainty_m=2_000.0, doubt="old")
    for each in (cell, place):
        local.happen(lambda night, it=each: night.must(SWITCH, c.CallPlaced(call=call.id, location=it)))
    assert plainly(card.place.text()).startswith(
        "Thuê bao ở 10.80000, 106.70000   điện thoại gửi (AML), Wi-Fi   ±180 m   tin cậy 95%   1"
    )
    assert plainly(card.place.text()).endswith(
        " s trước   tầng 3   độ cao -2 m   còn 1 vị trí khác   gõ @@ để lấy làm địa chỉ"
    )
    assert card.doubt.text() == "Toạ độ gửi ngược, đã đảo lại – hỏi lại" and card.doubt.isVisible()


def test_no_row_is_shown_cut_in_half(open_window: Any, qtbot: Any) -> None:
    _, window = open_window("lan")
    view = window.panels.units.view
    view.setFixedHeight(HEADER_HEIGHT + int(2.5 * ROW_HEIGHT) + 2 * view.frameWidth())
    qtbot.waitUntil(lambda: view.viewport().height() == int(2.5 * ROW_HEIGHT))
    assert view.cut_rows() == [2]
    ground = QColor(window._look.now.surface)

    def painted(row: int) -> bool:
        picture = view.viewport().grab().toImage()
        top, room = view.rowViewportPosition(row), view.viewport().height()
        marks = [(x, y) for y in range(max(0, top), min(room, top + ROW_HEIGHT)) for x in range(view.width() // 2)]
        return any(picture.pixelColor(x, y) != ground for x, y in marks)

    assert painted(0) and painted(1) and not painted(2)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    last = view.table.rowCount() - 1
    assert view.cut_rows() == [last - 2]
    assert painted(last) and not painted(last - 2)


def test_a_chosen_incident_that_becomes_urgent_keeps_what_is_more_urgent_in_sight(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    for number in range(40):
        local.night.ring("115", f"07000000{number:02d}")
    local.link.show()
    view = window.panels.incidents.view
    newest = max(local.desk.state.incidents)
    enter(window, f"#{int(newest[-5:])}")
    assert view.verticalScrollBar().value() > 0
    local.night.must(local.night.person("lan"), c.SetPriority(incident=newest, priority=1, seen=3))
    local.link.show()
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() == 0)
    assert view.ident() == newest and view.currentIndex().row() < 8


def test_the_sheet_of_keys_opens_again_and_shows_every_line(open_window: Any, qtbot: Any) -> None:
    _, window = open_window("lan")
    for language in ("vi", "en"):
        enter(window, f"lang {language}")
        qtbot.keyClick(window.bar.line, Qt.Key.Key_F1)
        sheet = window.dialog
        assert sheet is not None
        assert sheet.focusWidget() is sheet.search and sheet.pages.currentWidget().verticalScrollBar().maximum() == 0
        pages = sheet.pages.count()
        qtbot.keyClicks(sheet.search, "gac may" if language == "vi" else "hang up")
        assert sheet.pages.count() == 1 < pages  # what is typed leaves only what has it
        assert any(it.text() == "F10" for it in sheet.pages.currentWidget().findChildren(QLabel))
        sheet.search.setText("zzz")
        assert sheet.pages.count() == 0 and sheet.page.text()
        sheet.search.clear()
        qtbot.keyClick(sheet.search, Qt.Key.Key_PageUp)
        assert sheet.pages.currentIndex() == sheet.pages.count() - 1
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
        assert window.dialog is None and window.isActiveWindow()
