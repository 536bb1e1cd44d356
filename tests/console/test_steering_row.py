"""What can be done with a call stands beside it with its key; long names and many facts push nothing off the screen."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from console_gui.command_line.parsing import offered as may_give
from console_gui.command_line.subjects import SUBJECTS
from console_gui.command_line.table import VERBS
from console_gui.main_window import SIZE
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Location, LocationSource, WatchHow
from tests.console.scenario import SWITCH, Night


def offered(window: Any) -> list[str]:
    row = window.panels.form.steering
    return [button.text() for button in row.buttons.values() if not button.isHidden()]


def settle() -> None:
    for _ in range(20):
        QApplication.processEvents()


def test_the_buttons_follow_the_call(open_window: Any) -> None:
    local, window = open_window("lan")
    call, row = local.desk.own_call().id, window.panels.form.steering
    local.desk.show(local.night.state.calls[call].incident)
    assert offered(window) == ["Alt+H Giữ", "Alt+M Tắt mic", "Chuyển…", "Hỏi…"]
    row.buttons["hold"].click()
    assert local.link.orders[-1].body == c.HoldCall(call=call) and not row.buttons["mute"].isEnabled()
    local.happen(lambda night: night.must(SWITCH, c.CallOnHold(call=call, at=night.now)))
    assert offered(window)[0] == "Alt+H Nói tiếp" and row.buttons["hold"].isEnabled()
    row.buttons["consult"].click()
    assert window.bar.line.text() == "hoi "
    window.bar.line.clear()
    local.desk.run("hoi 02838222999")
    local.happen(lambda night: night.must(SWITCH, c.PartyJoined(call=call, party="PJSIP/x-1")))
    assert offered(window) == ["Alt+M Tắt mic", "Nối sang", "Ba bên", "Về lại"]
    assert "hỏi 028 3822 2999" in window.panels.form.caller.state.text()
    row.buttons["back"].click()
    assert local.link.orders[-1].body == c.BackToCaller(call=call)
    local.happen(lambda night: night.end(call))
    assert row.isHidden() and not window.panels.form.buttons["answer"].isHidden()


def test_who_came_in_without_our_doing_has_no_inner_name(open_window: Any) -> None:
    for language, said in (("vi", "cùng người ngoài"), ("en", "with somebody outside")):
        local, window = open_window("lan", language)
        call = local.desk.own_call()
        local.happen(lambda night, call=call: night.ask(SWITCH, c.PartyJoined(call=call.id, party="PJSIP/x-1")))
        now = local.desk.own_call()
        told = window.panels.calls.table.cell(now.id, now, 2).text
        assert said in told and "PJSIP" not in told


def test_nothing_is_pushed_off_the_screen(open_window: Any, night: Night) -> None:
    local, window = open_window("lan")
    call = local.desk.own_call().id
    name = "Công Tằng Tôn Nữ Nguyễn Thị Thuỳ Dương và các cộng sự ở Phòng khám Đa khoa"
    place = Location(
        label="10.776530, 106.700980", source=LocationSource.AML, lat=10.77653, lon=106.70098, uncertainty_m=180,
        confidence=95, at=night.now, floor="3", altitude_m=-8.0, method="wifi", doubt="outside",
    )  # fmt: skip
    from msgspec.structs import replace

    known = night.state.calls[call]
    much = replace(known, name=name, location=place, location_link="https://lis.example/" + "a" * 150)
    night.state = replace(night.state, calls={**night.state.calls, call: much})
    local.link.show()
    local.desk.show(known.incident)
    settle()
    width = window.panels.workplace.docks["panel.form"].width()
    local.desk.run("tn")
    window.panels.workplace.docks["panel.texts"].show()
    settle()
    assert (window.width(), window.height()) == SIZE
    assert window.panels.workplace.docks["panel.form"].width() == width
    card = window.panels.form.caller
    for label in (card.name, card.place, card.link, card.state):
        assert label.height() >= label.fontMetrics().height()
        needed = label.fontMetrics().boundingRect(0, 0, label.width(), 999, 0x1000, label.text()).height()
        assert label.height() >= needed, label.text()
    area = window.panels.form.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width(), "nothing stands beyond the right edge"


def test_a_supervisor_sees_at_whom_he_listens(open_window: Any) -> None:
    for language, said in (("vi", "bạn đang nghe bàn B01"), ("en", "you listen at B01")):
        local, window = open_window("hung", language)
        local.happen(lambda night: night.ask(night.person("hung"), c.TakePosition(position="B05")))
        local.desk.run("gs B01")
        assert local.link.orders[-1].body == c.WatchPosition(position="B01", how=WatchHow.LISTEN)
        (watch,) = local.night.state.watches.values()
        local.happen(lambda night, watch=watch: night.must(SWITCH, c.WatchRuns(channel=watch.channel)))
        assert window.band.ear.text() == said and not window.band.ear.isHidden()
        row = local.night.state.positions["B01"]
        table = window.panels.workplace.docks["panel.people"].findChildren(type(window.panels.boards[0]))[0].table
        assert local.desk.words("position.listened", state=local.desk.words("position.talking")) == (
            table.cell("B01", row, 4).text
        )
        local.happen(lambda night, watch=watch: night.must(SWITCH, c.WatchOver(channel=watch.channel)))
        assert window.band.ear.isHidden()


def test_every_command_stands_under_one_heading() -> None:
    listed = [name for _, names in SUBJECTS for name in names]
    assert sorted(listed) == sorted(verb.names[0] for verb in VERBS)


@pytest.mark.parametrize("user", ["lan", "hung", "quan"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sheet_of_keys_needs_no_scrolling(open_window: Any, user: str, language: str) -> None:
    local, window = open_window(user, language)
    window.help()
    settle()
    QTest.qWait(20)
    sheet, seen = window.dialog, set[str]()
    assert sheet.height() <= SIZE[1] - 60
    for _ in range(sheet.pages.count()):
        QTest.qWait(5)
        area = sheet.pages.currentWidget()
        assert area.verticalScrollBar().maximum() == area.horizontalScrollBar().maximum() == 0
        seen |= {it.text() for it in area.findChildren(QLabel) if it.isVisible()}
        sheet.turn(1)
    own = {verb.syntax[language == "en"] for verb in may_give(window.desk.role)}
    assert own <= seen
    window.dialog.reject()
