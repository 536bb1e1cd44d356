"""The caller's card says what the number called for before; a key opens the list; a name is never cut."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from console_gui.call_taking.history_panel import HistoryTable
from console_gui.call_taking.history_words import moment
from console_gui.callers import from_state, joined
from dispatch_core.domain import commands as c
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.callers import CalledFor, CallerHistory
from tests.console.conftest import OpenWindow
from tests.console.local_desk import LocalDesk
from tests.console.scenario import START, Night

OLD = CalledFor(
    incident="20261112-00031", at=START - 11 * 86_400_000, state="closed", type="house_fire",
    place="Hẻm 214/28/6 Nguyễn Trãi", disposition="resolved",
)  # fmt: skip
EMPTY = CalledFor(
    incident="20261101-00007", at=START - 22 * 86_400_000, state="closed", disposition="no_content",
    place="10.779, 106.702",
)  # fmt: skip
KNOWN = CallerHistory(calls=7, incidents=3, without_content=1, newest=(OLD, EMPTY))


def rings_again(night: Night, number: str = "0903123456") -> str:
    """The caller of incident 1 calls Lan once more, after she has ended her call."""
    mine = next(it.id for it in night.state.calls.values() if it.state.live and it.position == "B01")
    night.end(mine)
    call = night.ring("115", number, "NGUYEN VAN A")
    night.rings_at(call, "B01")
    return call


def test_the_card_tells_how_often_and_what_for(open_window: OpenWindow, night: Night) -> None:
    local, window = open_window("lan", "vi")
    local.questions.history = KNOWN
    local.happen(lambda it: it.answer(rings_again(it), "B01"))
    card = window.panels.form.caller
    assert card.history.text() == (
        "đã gọi 7 lần, 3 vụ (1 không nội dung)   gần nhất 21:00 Tai nạn giao thông, có người mắc kẹt, "
        "Ngã tư Hàng Xanh, phường Thạnh Mỹ Tây (đang xử lý)"
    )
    assert card.number.text() == "0903 123 456" and card.history.isVisible()
    assert card.history_key.isVisible() and card.history_key.text() == "Alt+I xem"
    assert card.history.height() < 2 * card.history.fontMetrics().height()  # one line, however long


def test_the_first_call_of_a_number_is_said_so_and_a_withheld_one_has_no_history(
    open_window: OpenWindow, night: Night
) -> None:
    local, window = open_window("lan", "vi")
    local.happen(lambda it: it.answer(rings_again(it, "0911222333"), "B01"))
    card = window.panels.form.caller
    assert card.history.text() == "lần đầu số này gọi"
    local.happen(lambda it: it.answer(rings_again(it, ""), "B01"))
    assert not card.history.isVisible() and not card.history_key.isVisible() and card.number.text() == "số ẩn"


def test_without_an_answer_the_live_state_tells_and_it_is_said(open_window: OpenWindow, night: Night) -> None:
    local, window = open_window("lan", "vi")
    local.questions.holding = True
    local.happen(lambda it: it.answer(rings_again(it, "0987654321"), "B01"))  # was missed earlier in this night
    card = window.panels.form.caller
    assert card.history.text().startswith("đã gọi 1 lần, 1 vụ") and "chỉ mới trong ca" not in card.history.text()

    def no(_: str) -> CallerHistory:
        raise DispatchError("down", "hỏng", "down")

    local.questions.caller = no  # type: ignore[method-assign]
    local.questions.let_go()
    assert "chỉ mới trong ca" in card.history.text()
    local.happen(lambda it: it.answer(rings_again(it, "0900111222"), "B01"))
    local.questions.let_go()
    assert card.history.text() == "chưa hỏi được số này từng gọi vì gì"


def test_a_key_opens_the_list_and_esc_closes_it(open_window: OpenWindow, night: Night) -> None:
    local, window = open_window("lan", "vi")
    local.questions.history = KNOWN
    local.happen(lambda it: it.answer(rings_again(it), "B01"))
    panel, dock = window.panels.history, window.panels.workplace.docks["panel.history"]
    assert not dock.isVisible()
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert dock.isVisible() and panel.view.hasFocus() and "đã gọi 7 lần" in panel.head.text()
    told = [panel.table.cell(it, panel.table.value(it), 1).text for it in panel.table.idents()]
    assert told[-2:] == ["#31 · Cháy nhà dân · Hẻm 214/28/6 Nguyễn Trãi", "#7 · chưa rõ loại · vị trí ghim trên bản đồ"]
    outcomes = [panel.table.cell(it, panel.table.value(it), 2).text for it in panel.table.idents()]
    assert outcomes[-2:] == ["đã xử lý", "không có nội dung"]
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not dock.isVisible() and window.bar.line.hasFocus()


def test_enter_on_an_incident_of_this_night_opens_it(open_window: OpenWindow, night: Night) -> None:
    local, window = open_window("lan", "vi")
    local.happen(lambda it: it.answer(rings_again(it, "0987654321"), "B01"))
    window.bar.run("lichsu")
    panel = window.panels.history
    [earlier] = panel.table.idents()
    assert earlier in local.night.state.incidents and earlier != local.desk.current
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert local.desk.current == earlier and not window.panels.workplace.docks["panel.history"].isVisible()


def test_what_the_state_knows_is_newer_than_what_was_answered(night: Night) -> None:
    crash = "20261123-00001"
    call = next(it for it in night.state.calls.values() if it.incident == crash)
    other = night.ring("115", call.number)
    live = from_state(night.state, night.state.calls[other])
    assert live.calls == 1
    stale = CalledFor(incident=crash, at=1, state="receiving")
    told = joined(CallerHistory(calls=5, incidents=2, newest=(stale, OLD)), live)
    if live.newest:
        assert [it.state for it in told.newest if it.incident == crash] == ["working"]
    assert told.calls == 5 and OLD in told.newest


def test_a_moment_is_told_as_near_as_it_is(night: Night) -> None:
    state = night.state
    assert moment(state, START - 3_600_000, START) == "20:00"
    assert moment(state, START - 86_400_000 * 11, START) == "12/11 21:00"
    assert moment(state, START - 86_400_000 * 400, START) == "19/10/2025"


def test_the_list_is_a_sound_model(night: Night) -> None:
    table = HistoryTable(LocalDesk(night, "lan", "vi").begin().desk)
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for rows in ((OLD, EMPTY), (EMPTY,), (), (OLD,)):
        table.replace_all({it.incident: it for it in rows})
    assert tester.model() is table


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_long_name_is_whole_at_once_with_a_second_panel_at_the_right(
    open_window: OpenWindow, night: Night, qtbot: Any, language: str
) -> None:
    local, window = open_window("lan", language)
    window.resize(1366, 768)
    window.panels.workplace.arrange()
    window.panels.workplace.docks["panel.history"].show()
    qtbot.wait(60)
    name = "Nguyễn Thị Phương Thảo Nguyên, nhà thuốc Minh Châu 3 đường Xô Viết Nghệ Tĩnh"
    local.happen(lambda it: it.answer(_named(it, name), "B01"))
    label = window.panels.form.caller.name
    for _ in range(3):
        assert label.text() == name
        room = QRect(0, 0, label.width(), 1000)
        needed = label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, name).height()
        assert label.height() >= needed, (label.height(), needed)
        qtbot.wait(1)


def _named(night: Night, name: str) -> str:
    night.end(next(it.id for it in night.state.calls.values() if it.state.live and it.position == "B01"))
    call = night.ring("115", "0911222333", name[:120])
    night.rings_at(call, "B01")
    return call


def test_nothing_is_asked_of_whom_we_call(night: Night) -> None:
    local = LocalDesk(night, "lan", "vi").begin()
    night.end(next(it.id for it in night.state.calls.values() if it.state.live and it.position == "B01"))
    missed = next(iter(night.state.missed.values()))
    night.must(night.person("lan"), c.CallBack(number=missed.number, incident=missed.incident))
    local.questions.holding = True
    [out] = [it for it in night.state.calls.values() if it.direction == "outgoing"]
    local.desk.callers.want(out)
    assert not local.questions.waiting
    other = next(it for it in night.state.calls.values() if it.number and it.direction == "incoming")
    local.desk.callers.want(other)
    local.desk.callers.want(other)
    assert len(local.questions.waiting) == 1  # once for each call
