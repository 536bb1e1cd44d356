"""Cut off and back: what is given waits in sight, is confirmed one by one, and is settled where its reply was lost."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console_gui.desk import Desk
from console_gui.hands import type_into
from console_gui.kept_orders import KeptOrders
from console_gui.main_window import MainWindow
from console_gui.notice import Notice
from console_gui.outbox import Fate
from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import Actor, ActorKind
from dispatch_core.domain.vocabulary import UnitStatus
from tests.console.held import held
from tests.console.local_desk import LocalDesk
from tests.console.scenario import busy_night
from tests.console.turns_taken import all_turns_taken

CRASH = "20261123-00001"
HUNG = Actor(ActorKind.PERSON, "hung")


def enter(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)


def cut(local: LocalDesk, seconds: float = 4.0) -> None:
    """Redis is gone: no pulse, no connection."""
    local.link.pulse(local.door.at, connected=False)
    local.door.at += seconds
    local.night.now += int(seconds * 1000)
    local.desk._tick()


def back(local: LocalDesk) -> None:
    local.link.pulse(local.door.at)
    local.link.show()


def rows(window: MainWindow) -> list[list[str]]:
    table = window.waiting.table
    return [[str(table.index(row, column).data() or "") for column in range(5)] for row in range(table.rowCount())]


def typed(local: LocalDesk) -> list[str]:
    return [it.typed for it in local.desk.outbox.waiting]


def test_what_is_given_while_cut_off_waits_in_sight_and_goes_only_when_confirmed(open_window: Any) -> None:
    local, window = open_window("lan")
    before = len(local.link.orders)
    assert not window.waiting.isVisible() and not window.band.waits.isVisible()
    cut(local)
    assert window.banner.isVisible() and local.desk.away
    for line in ("n #1 khói lan sang nhà bên", "p 1 #1", "n #2 hai người bị kẹt"):
        enter(window, line)
        assert window.bar.line.text() == ""
    assert len(local.link.orders) == before, "nothing leaves while cut off"
    assert window.band.waits.text() == "CHỜ GỬI 3" and window.band.waits.isVisible()
    assert [row[2] for row in rows(window)] == ["n #1 khói lan sang nhà bên", "p 1 #1", "n #2 hai người bị kẹt"]
    local.door.at += 75
    local.desk.ticked.emit()
    all_turns_taken()
    assert rows(window)[0][1] == "gõ 75 s trước"
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert window.waiting.view.hasFocus()
    QTest.keyClick(window.waiting.view, Qt.Key.Key_Return)
    assert typed(local)[0].startswith("n #1"), "Enter sends nothing while cut off"
    QTest.keyClick(window.waiting.view, Qt.Key.Key_Down)
    QTest.keyClick(window.waiting.view, Qt.Key.Key_Delete)
    assert typed(local) == ["n #1 khói lan sang nhà bên", "n #2 hai người bị kẹt"], "withdrawn before the return"

    local.night.ask(HUNG, c.SetPriority(incident=CRASH, priority=5, seen=local.night.state.incidents[CRASH].priority))
    back(local)
    assert not local.desk.away and len(local.link.orders) == before, "the return fires nothing"
    assert "P5" in rows(window)[0][4] and rows(window)[0][4].startswith("≠")
    assert rows(window)[1][4] == "không có gì thay đổi"
    window.waiting.take_keyboard()
    window.waiting.view.setCurrentIndex(window.waiting.table.index(0, 0))
    QTest.keyClick(window.waiting.view, Qt.Key.Key_Return)
    assert [it.body.text for it in local.link.orders[before:]] == ["khói lan sang nhà bên"], "one Enter, one command"
    QTest.keyClick(window.waiting.view, Qt.Key.Key_Delete)
    assert not window.waiting.isVisible() and not window.band.waits.isVisible()
    assert window.bar.line.hasFocus(), "the keyboard goes back to the line"
    texts = [it.text for it in local.night.state.incidents[CRASH].notes]
    assert texts.count("khói lan sang nhà bên") == 1
    assert len(local.link.orders) == before + 1


def test_a_key_that_is_held_down_confirms_or_drops_one(open_window: Any) -> None:
    local, window = open_window("lan")
    before = len(local.link.orders)
    cut(local)
    for number in range(4):
        enter(window, f"n #1 dòng {number}")
    back(local)
    window.waiting.take_keyboard()
    window.waiting.view.setCurrentIndex(window.waiting.table.index(0, 0))
    held(window.waiting.view, Qt.Key.Key_Return)
    assert len(local.link.orders) == before + 1 and len(typed(local)) == 3
    held(window.waiting.view, Qt.Key.Key_Delete)
    assert len(local.link.orders) == before + 1 and len(typed(local)) == 2


def test_by_line_too_and_refusals_are_told(open_window: Any) -> None:
    local, window = open_window("lan", "en")
    cut(local)
    enter(window, "n #1 one")
    enter(window, "n #1 two")
    heard: list[Notice] = []
    local.desk.noticed.connect(heard.append)
    enter(window, "send")
    assert "Still cut off" in heard[-1].sentence("en") and len(typed(local)) == 2
    enter(window, "drop 2")
    enter(window, "drop 7")
    assert "number 7" in heard[-1].sentence("en")
    back(local)
    assert "1 commands wait" in heard[-1].sentence("en") or typed(local) == ["n #1 one"]
    enter(window, "send 1")
    assert not typed(local) and local.link.orders[-1].body.text == "one"
    enter(window, "send")
    assert heard[-1].sentence("en") == "No command waits."


def test_a_hiccup_needs_no_ceremony(open_window: Any) -> None:
    local, window = open_window("lan")
    local.link.holding = True
    local.link.pulse(local.door.at, connected=False)
    local.door.at += 1.5
    local.desk._tick()
    enter(window, "n #1 trong lúc chập chờn")
    assert not local.desk.away and not typed(local)
    local.link.pulse(local.door.at)
    assert len(local.link.held) == 2, "sent, and sent again on the new connection"
    local.link.let_go()
    assert not local.desk.outbox.pending
    texts = [it.text for it in local.night.state.incidents[CRASH].notes]
    assert texts.count("trong lúc chập chờn") >= 1


def test_the_core_is_gone_while_redis_answers(open_window: Any) -> None:
    """No pulse for three seconds: what is given waits too, though it could be written to Redis."""
    local, window = open_window("lan")
    before = len(local.link.orders)
    local.door.at += 3.1
    enter(window, "n #1 máy chủ chết")  # before the next tick of the clock
    assert local.desk.away and local.desk.health.connected
    assert len(local.link.orders) == before and typed(local) == ["n #1 máy chủ chết"]


def test_a_reply_that_was_lost_is_settled_by_its_id_and_nothing_is_doubled(open_window: Any) -> None:
    local, window = open_window("lan")
    heard: list[Notice] = []
    local.desk.noticed.connect(heard.append)
    local.link.deaf = True
    enter(window, "n #1 đã tới")
    local.link.deaf, local.link.holding = False, True
    enter(window, "n #1 chưa tới")
    enter(window, "n #1 chưa tới, bỏ")
    local.link.holding, local.link.held = False, []  # those two are lost with the connection
    cut(local)
    assert local.link.holds == 1
    assert [it.fate for it in local.desk.outbox.waiting] == [Fate.UNKNOWN] * 3
    assert {row[3] for row in rows(window)} == {"không rõ đã tới chưa"}
    enter(window, "bo 3")
    assert len(rows(window)) == 2
    back(local)
    assert any("đã tới” gửi trước lúc mất kết nối đã có hiệu lực" in it.sentence("vi") for it in heard)
    assert typed(local) == ["n #1 chưa tới"] and rows(window)[0][3] == "chưa gửi"
    assert not [it for it in local.desk.outbox.pending.values() if it.withdrawn], "the dropped one is settled and gone"
    enter(window, "gui")
    texts = [it.text for it in local.night.state.incidents[CRASH].notes]
    assert [texts.count(it) for it in ("đã tới", "chưa tới", "chưa tới, bỏ")] == [1, 1, 0]


def test_one_that_was_dropped_and_had_arrived_is_told(open_window: Any) -> None:
    local, window = open_window("lan")
    heard: list[Notice] = []
    local.desk.noticed.connect(heard.append)
    local.link.deaf = True
    enter(window, "n #1 lỡ tay")
    local.link.deaf = False
    cut(local)
    enter(window, "bo")
    assert not typed(local)
    back(local)
    (told,) = [it for it in heard if it.code == "took_effect"]
    assert "bạn đã bỏ" in told.sentence("vi") and not told.quiet
    assert not local.desk.outbox.pending


def test_a_confirmed_field_overwrites_what_was_shown_beside_it_and_nothing_else(open_window: Any) -> None:
    """The person saw the new value beside the command: the version that it names is the one that was shown."""
    local, window = open_window("lan")
    cut(local)
    enter(window, "p 1 #1")
    was = local.night.state.incidents[CRASH].priority
    local.night.ask(HUNG, c.SetPriority(incident=CRASH, priority=5, seen=was))
    back(local)
    assert "P5" in rows(window)[0][4]
    enter(window, "gui")
    assert local.night.state.incidents[CRASH].priority == 1


def test_what_waits_survives_a_crash_and_a_new_session(open_window: Any, tmp_path: Path) -> None:
    file = tmp_path / "state" / "waiting-lan.bin"
    local, window = open_window("lan")
    local.desk._kept = KeptOrders(file)
    local.link.deaf = True
    enter(window, "n #1 gửi đi ngay trước khi hỏng")
    local.link.deaf = False
    cut(local)
    enter(window, "n #1 gõ lúc mất kết nối")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    night = local.night
    again = LocalDesk(night, "lan")  # kill -9: nothing was said to anybody
    again.link.outcomes = local.link.outcomes
    again.desk = Desk(
        _signed_in(again), again.link, again.questions, again.words, again.door, kept=KeptOrders(file)  # type: ignore[arg-type]
    )
    assert [(it.typed, it.fate) for it in again.desk.outbox.waiting] == [
        ("n #1 gửi đi ngay trước khi hỏng", Fate.UNKNOWN), ("n #1 gõ lúc mất kết nối", Fate.HELD),
    ]  # fmt: skip
    again.begin()
    assert [(it.typed, it.fate) for it in again.desk.outbox.waiting] == [("n #1 gõ lúc mất kết nối", Fate.HELD)]
    (waiting,) = again.desk.outbox.waiting
    assert again.desk.confirm(waiting.id)
    texts = [it.text for it in night.state.incidents[CRASH].notes]
    assert [texts.count(it) for it in ("gửi đi ngay trước khi hỏng", "gõ lúc mất kết nối")] == [1, 1]
    assert not file.exists(), "what is over does not lie about"
    again.desk._clock.stop()


def test_a_file_that_cannot_be_read_is_set_aside_and_said(tmp_path: Path) -> None:
    for harm in (b"\xc1", b"", b"\x91" * 50_000, b"\x91\x81\xa2id\xa1x"):
        file = tmp_path / "waiting-lan.bin"
        file.write_bytes(harm)
        kept = KeptOrders(file)
        assert kept.load() == () and kept.unreadable
        assert file.with_suffix(".unreadable").read_bytes() == harm
    assert KeptOrders(tmp_path / "none.bin").load() == ()


def test_a_disk_that_is_full_is_said_once_and_stops_nothing(open_window: Any, tmp_path: Path) -> None:
    local, window = open_window("lan")
    heard: list[Notice] = []
    local.desk.noticed.connect(heard.append)
    (tmp_path / "file").write_text("not a folder")
    local.desk._kept = KeptOrders(tmp_path / "file" / "waiting.bin")
    cut(local)
    enter(window, "n #1 một")
    enter(window, "n #1 hai")
    assert [it.code for it in heard].count("not_kept") == 1 and len(typed(local)) == 2


def test_a_core_of_before_that_cannot_settle_leaves_the_doubt_to_the_person(open_window: Any) -> None:
    local, window = open_window("lan")
    local.link.deaf = True
    enter(window, "n #1 đã tới")
    local.link.deaf = False
    ident = next(iter(local.desk.outbox.pending))
    cut(local)
    local.link.pulse(local.door.at, order_limit_s=0)
    assert [it.fate for it in local.desk.outbox.waiting] == [Fate.HELD]
    enter(window, "gui")
    assert local.link.orders[-1].id == ident, "with the id that it had: the core knows it"


def _signed_in(local: LocalDesk) -> Any:
    from dispatch_core.domain.views import VIEW_OF_ROLE
    from dispatch_core.wire.envelopes import RedisAccess, SignedIn

    person = local.night.state.people["lan"]
    return SignedIn(
        wire=1, session="another session", user="lan", name=person.name, role=person.role,
        view=VIEW_OF_ROLE[person.role].value, redis=RedisAccess(host="", port=0, user="", password="", tls=False),
    )  # fmt: skip


def test_every_object_that_a_command_names_is_compared() -> None:
    from console_gui.about import changed, facts

    night = busy_night()
    unit = next(it for it in night.state.units.values() if it.assignment is None)
    body = c.AssignUnits(incident=CRASH, units=(unit.call_sign,))
    before = facts(night.state, body)
    assert changed(before, facts(night.state, body), "vi") == []
    night.must(HUNG, c.ReassignIncident(incident=CRASH, to="hung", reason="ca trực"))
    night.must(HUNG, c.ReportStatus(unit=unit.call_sign, status=UnitStatus.OUT_OF_SERVICE))
    told = changed(before, facts(night.state, body), "vi")
    assert any("phụ trách" in it and "→" in it for it in told) and any(it.startswith(unit.call_sign) for it in told)
    assert changed(before, (), "en") and "no longer" in changed(before, (), "en")[0]
