"""What several switches say of one thing reads as one; test calls of each switch stand by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from console_gui.models.gathered import together
from console_gui.models.live import LiveTable, PhonesTable, ProbesTable, QueuesTable, TrunksTable
from console_gui.models.ordered_table import CELL_ROLE
from console_gui.translations import sentences
from dispatch_core.domain.state import Alarm
from dispatch_core.domain.vocabulary import AlarmLevel
from dispatch_core.wire.envelopes import LiveValue
from tests.console.local_desk import LocalDesk
from tests.console.scenario import busy_night


@pytest.fixture
def local(qapp: QApplication) -> Iterator[LocalDesk]:
    local = LocalDesk(busy_night(), "lan")
    yield local
    local.desk._clock.stop()


def _value(kind: str, key: str, **value: Any) -> LiveValue:
    return LiveValue(kind=kind, key=key, at=1, value={"node": key.partition("@")[2], **value})


def _rows(table: LiveTable) -> list[list[str]]:
    count = range(len(table.columns))
    return [[table.index(row, column).data() or "" for column in count] for row in range(table.rowCount())]


def test_callers_of_every_node_wait_in_one_queue(local: LocalDesk) -> None:
    local.begin()
    table = QueuesTable(local.desk)
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.take((_value("queue", "q-fire@pbx1", waiting=2, members={"B02": False, "B03": True}),))
    assert [row[:2] for row in _rows(table)] == [["q-fire", "2"]]
    table.take((_value("queue", "q-fire@pbx2", waiting=1, members={"B02": True, "B03": True, "B04": "?"}),))
    (row,) = _rows(table)
    assert row[:2] == ["q-fire", "3"] and row[3] == "B02 B03 B04"
    merged = together([_value("queue", "q@1", waiting=None, members=[]), _value("queue", "q@2", members={"B1": False})])
    assert merged.value == {"waiting": 0, "members": {"B1": False}} and merged.key == "q"
    assert tester is not None


def test_a_phone_that_talks_anywhere_talks(local: LocalDesk) -> None:
    local.begin()
    now = local.night.now
    table = PhonesTable(local.desk)
    table.take(
        (
            _value("phone", "B01@pbx1", state="NOT_INUSE", reachable=True, since=now - 60_000),
            _value("phone", "B01@pbx2", state="INUSE", reachable=True, since=now - 5_000),
            _value("phone", "B02@pbx1", state="NOT_INUSE", reachable=True, since=now),
            _value("phone", "B02@pbx2", state="UNAVAILABLE", reachable=False, since=now),
            _value("phone", "B03@pbx1", state="UNAVAILABLE", reachable=False, since=now),
            _value("phone", "B03@pbx2", state=["?"], reachable=False, since=now),
        )
    )
    rows = _rows(table)
    assert rows[0] == ["B01", "đang nói", "thông", "0:05"]
    assert rows[1][:3] == ["B02", "rảnh", "KHÔNG THÔNG pbx2"]
    assert rows[2][:3] == ["B03", "không đăng ký", "KHÔNG THÔNG"]


def test_a_carrier_is_shown_as_each_node_sees_it(local: LocalDesk) -> None:
    local.begin()
    table = TrunksTable(local.desk)
    table.take((_value("trunk", "vnpt@pbx1", reachable=True), _value("trunk", "vnpt@pbx2", reachable=False)))
    assert [(row[0], row[1], row[3]) for row in _rows(table)] == [
        ("vnpt", "thông", "pbx1"), ("vnpt", "KHÔNG THÔNG", "pbx2"),
    ]  # fmt: skip


def test_test_calls_say_what_is_silent_and_for_how_long(local: LocalDesk) -> None:
    local.begin()
    now = local.night.now
    table = ProbesTable(local.desk)
    table.take(
        (
            _value("probe", "113@pbx1", heard=True, ms=14, ready=3, at=now - 8_000),
            _value("probe", "114@pbx1", heard=False, ms=12, ready=0, at=now - 130_000, why="unseen"),
            _value("probe", "115@pbx1", heard=False, ms=0, ready=0, at=0, why="unseen"),
            _value("probe", "115@pbx2", heard="yes", ms="?", at=None),
        )
    )
    assert _rows(table) == [
        ["113", "pbx1", "gọi được", "14 ms", "3", "0:08"],
        ["114", "pbx1", "IM LẶNG", "12 ms", "0", "2:10"],
        ["115", "pbx1", "IM LẶNG", "", "", ""],
        ["115", "pbx2", "IM LẶNG", "", "", ""],
    ]
    assert table.index(1, 2).data(CELL_ROLE).attention and not table.index(0, 2).data(CELL_ROLE).attention


def test_the_alarms_name_what_and_where() -> None:
    def read(kind: str, subject: str) -> list[str]:
        alarm = Alarm(key=f"{kind}:{subject}", kind=kind, subject=subject, level=AlarmLevel.HIGH, raised_at=1)
        return [sentences.alarm(alarm, language) for language in ("vi", "en")]

    silent = read("number_silent", "114@pbx2")
    assert all("114" in text and "pbx2" in text and "@" not in text for text in silent), silent
    trunk = read("trunk_down", "viettel@pbx1")
    assert trunk == ["Nhà mạng viettel không trả lời tổng đài pbx1", "Carrier viettel does not answer switch pbx1"]
    assert all("pbx1" in text for text in read("events_stopped", "pbx1"))
