"""The boards on a busy night: order, words, clocks, hostile text; and that a change touches only its own row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from console_gui.board_panel import Follower
from console_gui.live_values import LiveBoard
from console_gui.models.alarms import AlarmsTable
from console_gui.models.calls import CallsTable
from console_gui.models.incidents import IncidentsTable
from console_gui.models.lines import LegsTable, StoryTable
from console_gui.models.live import NodesTable, PhonesTable, QueuesTable, TrunksTable
from console_gui.models.missed import MissedTable
from console_gui.models.ordered_table import CELL_ROLE, Cell, OrderedTable
from console_gui.models.positions import PositionsTable
from console_gui.models.units import UnitsTable
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CallBackOutcome, EndedBy, UnitStatus
from dispatch_core.wire.envelopes import GONE, LiveValue, encode
from tests.console.local_desk import LocalDesk
from tests.console.scenario import SWITCH, Night, busy_night
from tests.console.turns_taken import all_turns_taken

TABLES: dict[str, tuple[type[OrderedTable[Any]], str]] = {
    "calls": (CallsTable, "calls"),
    "incidents": (IncidentsTable, "incidents"),
    "units": (UnitsTable, "units"),
    "alarms": (AlarmsTable, "alarms"),
    "positions": (PositionsTable, "positions"),
    "nodes": (NodesTable, "nodes"),
}


@pytest.fixture
def local(qapp: QApplication) -> Iterator[LocalDesk]:
    local = LocalDesk(busy_night(), "lan")
    yield local
    local.desk._clock.stop()


def followed(local: LocalDesk, name: str) -> OrderedTable[Any]:
    kind, things = TABLES[name]
    table = kind(local.desk)  # type: ignore[arg-type]
    table.tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[attr-defined]
    Follower(local.desk, table, things)
    return table


def texts(table: OrderedTable[Any], row: int) -> list[str]:
    return [table.index(row, column).data() or "" for column in range(table.columnCount())]


def rows(table: OrderedTable[Any]) -> list[list[str]]:
    return [texts(table, row) for row in range(table.rowCount())]


@pytest.mark.parametrize("name", list(TABLES))
def test_every_board_follows_a_whole_night_without_a_reset(local: LocalDesk, name: str) -> None:
    table = followed(local, name)
    resets: list[bool] = []
    table.modelReset.connect(lambda: resets.append(True))
    local.begin()
    night = local.night
    call = night.ring("113", "0909")
    local.link.show()
    night.rings_at(call, "B01")
    local.link.show()
    incident = night.answer(call, "B02")
    local.link.show()
    night.must(night.person("minh"), c.SetType(incident=incident, type="theft", seen=""))
    night.must(night.person("minh"), c.AssignUnits(incident=incident, units=("B1", "B2")))
    local.link.show()
    night.end(call)
    night.must(night.person("minh"), c.CloseIncident(incident=incident, disposition="resolved"))
    local.link.show()
    night.wait(31 * 60)
    night.must(SWITCH, c.NodeDown(node="hcm1", why="gone"))
    local.link.show()
    local.desk.ticked.emit()
    all_turns_taken()
    local.words.set_language("en")
    assert not resets
    for row in rows(table):
        assert all(isinstance(text, str) for text in row)


def test_calls_are_mine_then_waiting_then_others(local: LocalDesk) -> None:
    table = followed(local, "calls")
    local.begin()
    assert [row[0] for row in rows(table)] == [
        "▶ 0777 999 115", "0868 112 233", "0283 930 114", "028 3829 1147",
    ]  # fmt: skip
    assert [row[2] for row in rows(table)] == [
        "đang nói B01", "đổ chuông B02", "đang chờ, liên thông", "đang nói B02",
    ]  # fmt: skip
    assert table.index(1, 3).data(CELL_ROLE).late
    assert not table.index(2, 3).data(CELL_ROLE).late
    local.night.must(local.night.person("lan"), c.CloseEmpty(incident="20261123-00003"))
    local.link.show()


def test_a_missed_call_stays_until_somebody_reached_the_caller(open_window: Any) -> None:
    local, window = open_window("lan")
    panel = window.panels.calls
    missed = next(call.id for call in local.night.state.calls.values() if call.number == "0987654321")
    assert rows(panel.missed) == [["0987 654 321", "★ 113", "nhỡ", "0:41"]]
    assert panel.missed_view.isVisibleTo(panel)
    local.desk.run("xx #3")
    assert panel.missed.idents() == [missed]
    local.desk.run("xn 0987654321 gọi từ số khác rồi")
    assert not panel.missed.rowCount() and not panel.missed_view.isVisibleTo(panel)


def test_what_a_missed_line_says_of_itself(local: LocalDesk) -> None:
    table = MissedTable(local.desk)
    Follower(local.desk, table, "missed", ("people", "calls"))
    local.begin()
    night = local.night

    def state() -> str:
        local.link.show()
        return rows(table)[0][2]

    night.must(night.person("hung"), c.TakePosition(position="B03"))
    assert state() == "nhỡ"
    night.must(night.person("hung"), c.CallBack(missed=table.idents()[0]))
    ident = next(call.id for call in night.state.calls.values() if call.back is not None)
    assert state().endswith("đang gọi lại")
    calls = CallsTable(local.desk)
    calls.apply(night.state.calls, [ident])
    assert rows(calls)[0][1:3] == ["gọi ra", "máy bàn B03 đang reo"]
    night.must(SWITCH, c.CallBackOver(call=ident, outcome=CallBackOutcome.BUSY))
    night.must(SWITCH, c.CallOver(call=ident, at=night.now, by=EndedBy.UNREACHED))
    assert state() == "máy bận"
    again = night.ring("113", "+84987654321")
    assert state() == "đang gọi tới lại"
    night.end(again)
    assert state() == "máy bận" and rows(table)[0][0] == "0987 654 321 ×2"


def test_clocks_run_on_the_cores_time(local: LocalDesk) -> None:
    table = followed(local, "calls")
    local.begin()
    before = table.index(0, 3).data()
    local.door.at += 65
    assert before == "0:09"
    assert table.index(0, 3).data() == "1:14"


def test_incidents_by_priority_and_age_closed_last(local: LocalDesk) -> None:
    table = followed(local, "incidents")
    local.begin()
    assert [row[1] for row in rows(table)] == ["#1", "#2", "#3", "#5", "#6", "#7", "#4"]
    assert texts(table, 0)[2].startswith("Ngã tư Hàng Xanh")
    assert texts(table, 0)[3] == "● ◆ ★"
    assert isinstance(table, IncidentsTable)
    table.show_only(lambda incident: incident.id.endswith("2"))
    assert [row[1] for row in rows(table)] == ["#2"]


def test_units_at_work_first_and_filtered_without_diacritics(local: LocalDesk) -> None:
    table = followed(local, "units")
    local.begin()
    assert [row[0] for row in rows(table)][:6] == ["★ B4", "◆ FE3", "◆ FE5", "● A2", "● A4", "● A6"]
    assert [row[0] for row in rows(table)][-1] == "● A9"
    assert table.index(0, 2).data(CELL_ROLE).late
    assert isinstance(table, UnitsTable)
    for typed, expected in (("115 san sang", 8), ("hien truong", 1), ("a1", 4), ("gia dinh", 6), ("#2", 3), ("", 36)):
        table.filter(typed)
        assert table.rowCount() == expected, typed


def test_a_change_repaints_its_own_row_alone(local: LocalDesk) -> None:
    table = followed(local, "units")
    local.begin()
    touched: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    local.happen(lambda night: night.must(night.person("lan"), c.ReportStatus(unit="A2", status=UnitStatus.ON_SCENE)))
    assert touched == [(3, 3)]


def test_hostile_text_is_one_line_of_plain_text(local: LocalDesk) -> None:
    hostile = "<b>x</b>\r\nAction: Originate\x00" + "đ" * 500
    local.night.ring("115", hostile, hostile)
    calls = followed(local, "calls")
    local.begin()
    for row in rows(calls):
        assert "\n" not in "".join(row) and "\x00" not in "".join(row)
        assert len(row[0]) <= 80


def test_alarms_are_numbered_and_worded(local: LocalDesk) -> None:
    local.night.must(SWITCH, c.NodeDown(node="hcm1", why="gone"))
    table = followed(local, "alarms")
    local.begin()
    assert [row[:3] for row in rows(table)] == [
        ["▲▲ NGUY CẤP", "1", "Mất liên lạc với tổng đài hcm1"],
        ["▲ CAO", "2", "Tổng đài hcm1 gửi tin không đọc được"],
    ]


def test_positions_say_who_sits_and_who_talks(local: LocalDesk) -> None:
    table = followed(local, "positions")
    local.begin()
    assert texts(table, 0) == ["B01", "Bàn 1", "★ ◆ ●", "Nguyễn Thị Ngọc Lan", "đang nói", "0:09"]
    assert texts(table, 2)[3:5] == ["", "trống"]


def test_live_values_read_and_odd_ones_do_no_harm(local: LocalDesk) -> None:
    local.begin()
    now = local.night.now
    values = (
        LiveValue(kind="trunk", key="vnpt", at=now, value={"reachable": False, "since": now - 5000, "node": "hcm1"}),
        LiveValue(kind="trunk", key="odd", at=now, value={"reachable": "yes", "since": "never", "node": 7}),
        LiveValue(kind="phone", key="B01", at=now, value={"state": "INUSE", "reachable": True, "since": now}),
        LiveValue(kind="phone", key="B02", at=now, value={"state": ["?"]}),
        LiveValue(kind="queue", key="q115", at=now, value={"waiting": 1, "members": {"B01": False, "B02": True}}),
        LiveValue(kind="queue", key="q113", at=now, value={"waiting": None, "members": []}),
        LiveValue(kind="core", key="x", at=now, value={}),
    )
    seen: dict[type, list[list[str]]] = {}
    for kind in (TrunksTable, PhonesTable, QueuesTable):
        table = kind(local.desk)
        tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
        table.take(values)
        table.tick()
        seen[kind] = rows(table)
        assert tester is not None
    assert seen[TrunksTable] == [["odd", "không dò", "0", "", ""], ["vnpt", "KHÔNG THÔNG", "4", "hcm1", "0:05"]]
    assert seen[PhonesTable] == [["B01", "đang nói", "thông", "0:00"], ["B02", "chưa rõ", "không dò", ""]]
    assert seen[QueuesTable][1] == ["q115", "1", "0:29", "B01 B02", "0"]


def test_a_carrier_that_is_gone_leaves_the_table(local: LocalDesk) -> None:
    local.begin()
    now, table, board = local.night.now, TrunksTable(local.desk), LiveBoard()
    value = {"reachable": True, "since": now, "node": "hcm1"}
    here = [LiveValue(kind="trunk", key=f"{name}@hcm1", at=now, value=value) for name in ("vnpt", "viettel")]
    gone = LiveValue(kind="trunk", key="vnpt@hcm1", at=now + 1, value=GONE)
    never = LiveValue(kind="trunk", key="fpt@hcm1", at=now + 1, value=GONE)
    told = [board.take(encode(it)) for it in (*here, gone, never, gone)]
    assert told == [*here, gone, None, None] and list(board.of("trunk")) == ["viettel@hcm1"]
    for it in (*here, gone):
        local.desk.take_live((it,))
        table.take((it,))
    assert [row[0] for row in rows(table)] == ["viettel"] and ("trunk", "vnpt@hcm1") not in local.desk.live


def test_legs_and_story_of_an_incident(local: LocalDesk) -> None:
    local.begin()
    legs, story = LegsTable(local.desk), StoryTable(local.desk)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(it, fatal) for it in (legs, story)]
    for ident in ("20261123-00001", "20261123-00002", "20261123-00001"):
        incident = local.desk.state.incidents[ident]
        legs.show(incident)
        story.show(incident)
    assert len(testers) == 2
    shown = {table_row[0]: table_row for table_row in rows(legs)}
    assert shown["● 115"][1] == "Trạm vệ tinh 115 Bệnh viện Nhân dân Gia Định"
    assert shown["A2"][1] == "→ đang đến"
    zone = next(row for row in rows(legs) if row[1].startswith("địa bàn"))
    assert zone[1] == "địa bàn phường Thạnh Mỹ Tây · cách ranh 38 m, kế bên phường Bình Thạnh · gần đúng, để minh họa"
    assert "1\u00a0B1\u00a0≈1\u00a0phút\u00a0420\u00a0m" in next(row[1] for row in rows(legs) if row[0] == "đề xuất")
    assert any("mắc kẹt dưới gầm" in row[1] for row in rows(story))
    legs.show(local.desk.state.incidents["20261123-00002"])
    assert any("ngoài mọi địa bàn 640 m" in row[1] for row in rows(legs))
    legs.show(None)
    assert legs.rowCount() == 0


def test_a_free_unit_that_was_taken_leaves_the_suggestions(local: LocalDesk) -> None:
    local.begin()
    legs = LegsTable(local.desk)
    incident = "20261123-00001"
    legs.show(local.desk.state.incidents[incident])
    before = next(legs.value(it) for it in legs.idents() if it == "ambulance?")
    assert before is not None and before.candidates[0].unit == "A1"
    sent = c.AssignUnits(incident="20261123-00002", units=("A1",))
    local.happen(lambda night: night.must(night.person("minh"), sent))
    legs.show(local.desk.state.incidents[incident])
    after = legs.value("ambulance?")
    assert after is not None and after.candidates[0].unit != "A1"


def test_cells_of_an_unknown_kind_are_blank(local: LocalDesk) -> None:
    table = followed(local, "units")
    local.begin()
    assert table.index(0, 0).data(CELL_ROLE) != Cell()
    assert table.data(table.index(99, 0)) is None
    assert isinstance(local.night, Night)
