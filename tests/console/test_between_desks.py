"""Notes between desks and shifts that are handed over, as both sides see them; and who leaves with work in hand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest

from console_gui.desks.words import lines, memo_read
from dispatch_core.domain import commands as c
from dispatch_core.domain.memos import to_read
from dispatch_core.domain.vocabulary import IncidentState, MemoTo
from tests.console.local_desk import LocalDesk

CRASH = "20261123-00001"
FIRE = "20261123-00002"


def said(window: Any) -> list[str]:
    return [" ".join(filter(None, it)) for it in window.desk_bar.lines()]


def another(local: LocalDesk, user: str, body: c.Command) -> None:
    """Somebody else's console asks."""
    local.night.must(local.night.person(user), body)
    local.link.show()


# --- notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind", "name", "incident", "unit", "text"),
    [
        ("nb b02 #1 nhớ gọi lại", MemoTo.POSITION, "B02", CRASH, "", "nhớ gọi lại"),
        ("memo @minh a2 #2 hỏng đèn", MemoTo.PERSON, "minh", FIRE, "A2", "hỏng đèn"),
        ("nb tc cần thêm người", MemoTo.LEAD, "", "", "", "cần thêm người"),
        ("nb 115 xe A2 hỏng", MemoTo.SERVICE, "ambulance", "", "", "xe A2 hỏng"),
        ("nb minh #1 #2 cùng một chỗ", MemoTo.PERSON, "minh", CRASH, "", "#2 cùng một chỗ"),
    ],
)
def test_a_note_is_typed(
    typed: str, kind: MemoTo, name: str, incident: str, unit: str, text: str, open_window: Any
) -> None:
    local, window = open_window("lan")
    window.bar.run(typed)
    sent = local.link.orders[-1].body
    assert sent == c.SendMemo(kind=kind, name=name, incident=incident, unit=unit, text=text)


@pytest.mark.parametrize("typed", ["nb xyz chào", "nb B02", "nb B02 #1", "nb @ma chào", "dap chào", "doc", "doc 2"])
def test_what_is_lacking_is_said_and_nothing_sent(typed: str, open_window: Any) -> None:
    local, window = open_window("lan")
    before = len(local.link.orders)
    window.bar.run(typed)
    assert len(local.link.orders) == before and window.bar.notices.notices[-1].kind.value == "wrong"


def test_it_stands_quietly_until_it_is_read_with_one_key(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    played = len(window.bell._device.played)
    another(local, "minh", c.SendMemo(kind=MemoTo.POSITION, name="B01", text="gọi lại người nhà", incident=CRASH))
    assert window.desk_bar.isVisible() and "gọi lại người nhà" in said(window)[0] and "#1" in said(window)[0]
    assert "Ctrl+R" in said(window)[0] and "Alt+T" in said(window)[0]
    assert len(window.bell._device.played) == played, "a note never sounds"
    QTest.keyClick(window.bar.line, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert said(window) == [] and not window.desk_bar.isVisible()
    assert not to_read(local.night.state, "lan")


def test_the_sender_is_told_who_read_it_and_when(open_window: Any) -> None:
    local, window = open_window("lan")
    window.bar.run("nb minh gọi lại người nhà")
    (memo,) = local.night.state.memos.values()
    local.night.wait(7)
    another(local, "minh", c.ReadMemo(memo=memo.id))
    (told,) = [it for it in window.bar.notices.notices if it.code == "memo_read"]
    assert told.quiet and told.sentence("vi").startswith("Trần Quang Minh đã đọc 21:04:07")
    assert "21:04:07" in memo_read(local.night.state, local.night.state.memos[memo.id], "en")


def test_the_reply_goes_to_the_sender_and_reads_the_note(open_window: Any) -> None:
    local, window = open_window("lan")
    another(local, "minh", c.SendMemo(kind=MemoTo.PERSON, name="lan", text="A12 đâu?", incident=FIRE))
    (memo,) = local.night.state.memos.values()
    QTest.keyClick(window.bar.line, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert window.bar.line.text() == "dap "
    window.bar.run("dap đang về")
    sent = local.link.orders[-1].body
    assert (sent.name, sent.answers, sent.incident, sent.text) == ("minh", memo.id, FIRE, "đang về")
    assert said(window) == []


def test_unread_notes_are_there_again_after_a_restart(open_window: Any) -> None:
    local, _ = open_window("minh")
    another(local, "lan", c.SendMemo(kind=MemoTo.PERSON, name="minh", text="còn đó"))
    _, again = open_window("minh")
    assert "còn đó" in said(again)[0]


def test_all_notes_are_on_one_sheet(open_window: Any) -> None:
    local, window = open_window("lan")
    window.bar.run("nb minh một")
    another(local, "minh", c.SendMemo(kind=MemoTo.PERSON, name="hung", text="không phải của tôi"))
    window.bar.run("nb")
    table = window.dialog.table
    assert table.rowCount() == 1 and "chưa đọc" in table.index(0, 2).data()
    another(local, "minh", c.ReadMemo(memo=min(local.night.state.memos.values(), key=lambda it: it.at).id))
    assert "đã đọc" in table.index(0, 2).data()


def test_a_note_about_an_incident_stands_in_its_narrative(open_window: Any) -> None:
    local, window = open_window("lan")
    window.desk.show(CRASH)
    window.bar.run("nb tc #1 cần xe thang")
    story = window.panels.form.story_view.table
    told = [story.index(row, 1).data() for row in range(story.rowCount())]
    assert any("nhắn trưởng ca: cần xe thang" in (it or "") for it in told)


# --- handing over -----------------------------------------------------------------------------------------------------


def test_a_shift_is_handed_on_the_sheet_and_taken_on_another(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    window._drafts.put(CRASH, "note", "còn một người trong xe")
    QTest.keyClick(window.bar.line, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    sheet = window.dialog
    assert sheet.table.idents()[0] == CRASH, "the latest first"
    assert "gõ dở: “còn một người trong xe”" in sheet.whole.text()
    sheet.to.setCurrentIndex(sheet.to.findData("minh"))
    sheet.note.setText("trông giúp")
    QTest.keyClick(sheet.note, Qt.Key.Key_Return)
    sent = local.link.orders[-1].body
    assert (sent.to, sent.incidents, sent.text) == ("minh", (), "trông giúp")
    assert sent.drafts == {CRASH: "còn một người trong xe"} and window.dialog is None
    assert "Đang bàn giao cho Trần Quang Minh" in said(window)[0]
    assert local.night.state.incidents[CRASH].owner == "lan"

    other, there = open_window("minh")
    assert "bàn giao cho bạn" in said(there)[0] and "Ctrl+G" in said(there)[0]
    QTest.keyClick(there.bar.line, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    taking = there.dialog
    assert taking.takes == "lan" and taking.said.text() == "trông giúp"
    QTest.keyClick(taking.view, Qt.Key.Key_Return)
    assert other.link.orders[-1].body == c.TakeShift(user="lan")
    assert local.night.state.incidents[CRASH].owner == "minh" and said(there) == []


def test_a_part_is_taken_with_the_space_bar(open_window: Any) -> None:
    local, _ = open_window("lan")
    another(local, "lan", c.HandShift(to="minh"))
    other, there = open_window("minh")
    there.bar.run("bg")
    sheet = there.dialog
    for key in sheet.table.idents():
        if key != CRASH:
            sheet.view.choose(key)
            QTest.keyClick(sheet.view, Qt.Key.Key_Space)
    sheet.send()
    assert other.link.orders[-1].body == c.TakeShift(user="lan", incidents=(CRASH,))
    assert local.night.state.incidents[CRASH].owner == "minh"
    assert "bàn giao cho bạn" in said(there)[0], "the rest still stands"


def test_nothing_marked_takes_nothing(open_window: Any) -> None:
    local, _ = open_window("lan")
    another(local, "lan", c.HandShift(to="minh", incidents=(CRASH,)))
    other, there = open_window("minh")
    there.bar.run("bg")
    before = len(other.link.orders)
    QTest.keyClick(there.dialog.view, Qt.Key.Key_Space)
    there.dialog.send()
    assert len(other.link.orders) == before and there.dialog.trouble.text()


def test_what_is_closed_meanwhile_leaves_the_sheet_and_a_hand_over_taken_back_closes_it(open_window: Any) -> None:
    local, _ = open_window("lan")
    another(local, "lan", c.HandShift(to="minh"))
    other, there = open_window("minh")
    there.bar.run("bg")
    assert CRASH in there.dialog.table.idents()
    another(other, "hung", c.ReassignIncident(incident=CRASH, to="hung", reason="x"))
    assert CRASH not in there.dialog.table.idents()
    another(other, "lan", c.DropShift(user="lan"))
    assert there.dialog is None and said(there) == []


def test_typed_in_one_line_with_what_is_not_sent(open_window: Any) -> None:
    local, window = open_window("lan")
    window._drafts.put(CRASH, "note", "chưa gửi")
    window.bar.run("bg @minh #1 trông xe A2")
    assert local.link.orders[-1].body == c.HandShift(
        to="minh", incidents=(CRASH,), text="trông xe A2", drafts={CRASH: "chưa gửi"}
    )
    window.bar.run("bg-")
    assert local.link.orders[-1].body == c.DropShift(user="lan") and not local.night.state.hand_overs


def test_the_supervisor_sees_what_nobody_has_taken(open_window: Any) -> None:
    local, window = open_window("hung")
    another(local, "lan", c.HandShift(to="minh"))
    assert "Nguyễn Thị Ngọc Lan bàn giao cho Trần Quang Minh" in said(window)[0]
    state = local.night.state
    assert lines(state, "quan", window.desk.role, local.night.now, "vi"), "every supervisor"


def test_who_leaves_with_work_is_asked_once_and_never_held(open_window: Any) -> None:
    local, window = open_window("lan")
    before = len(local.link.orders)
    window.bar.run("pos-")
    assert len(local.link.orders) == before
    asked = window.bar.notices.notices[-1].sentence("vi")
    assert "#1" in asked and "pos- chac" in asked and "Ctrl+G" in asked
    window.bar.run("pos- chac")
    assert local.link.orders[-1].body == c.LeavePosition() and window.desk.position == ""


def test_closing_the_window_asks_once(open_window: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, window = open_window("lan")
    monkeypatch.setattr(QCloseEvent, "spontaneous", lambda self: True)  # as the window's own button does
    left: list[bool] = []
    window.closing.connect(left.append)
    window.close()
    assert not left and window.isVisible() and "#1" in window.bar.notices.notices[-1].sentence("vi")
    window.close()
    assert left == [True]


def test_who_has_nothing_in_hand_just_goes(open_window: Any, night: Any) -> None:
    for ident, incident in night.state.incidents.items():
        if incident.owner == "minh" and incident.state is not IncidentState.CLOSED:
            night.must(night.person("hung"), c.ReassignIncident(incident=ident, to="hung", reason="x"))
    local, window = open_window("minh")
    window.bar.run("pos-")
    assert local.link.orders[-1].body == c.LeavePosition()
