"""The trunk's workplace: by keys alone from a carrier that is typed to the steps of its applying, and back again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console_gui.core_client import CoreClient
from console_gui.hands import press, type_into
from console_gui.questions import Questions
from console_gui.trunk_admin.asking import TrunkCore
from console_gui.trunk_admin.trunk_desk import TABS
from dispatch_core.wire import trunk as w
from scripts.stage.certificates import server_certificate
from tests.console.local_https import LocalHttps
from tests.console.local_trunk import LocalTrunk
from tests.console.readable import cut_off, hard_to_read
from tests.console.scenario import busy_night

ALT = Qt.KeyboardModifier.AltModifier


class Seat:
    """An admin, or somebody who looks, at the window."""

    def __init__(self, open_window: Any, qtbot: Any, user: str = "quan", language: str = "vi") -> None:
        self.local, self.window = open_window(user, language)
        self.qtbot = qtbot
        self.core: LocalTrunk = self.local.questions.trunk
        self.desk = self.window.panels.trunk
        self.said: list[str] = []
        self.local.desk.noticed.connect(lambda it: self.said.append(it.sentence("vi")))
        self.window.activateWindow()
        if user == "quan":
            qtbot.waitUntil(lambda: self.desk.book.shown is not None)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def type(self, text: str) -> None:
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(QApplication.focusWidget(), event)

    def at(self, name: str) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.objectName() == f"trunk_{name}"

    def field(self, key: str) -> QLineEdit:
        return next(it.line for it in self.desk.form.column.fields if it.told.key == key)

    def note(self, key: str) -> str:
        return next(it.note.text() for it in self.desk.form.column.fields if it.told.key == key)

    def checked(self) -> None:
        """What was typed has been checked by the core."""
        self.desk.book.check_now()

    def asked(self, what: str) -> list[Any]:
        return [body for _, path, body in self.core.asked if path.endswith(what)]


@pytest.fixture
def seat(open_window: Any, qtbot: Any) -> Seat:
    return Seat(open_window, qtbot)


def add_mobifone(seat: Seat) -> None:
    """As the manual has it, with keys alone."""
    seat.key(Qt.Key.Key_3, ALT)
    assert seat.at("entries")
    seat.type("+")
    assert seat.at("carriers_name")
    seat.type("mobifone")
    seat.key(Qt.Key.Key_Return)
    assert seat.at("carriers_peers")
    seat.type("10.40.0.1:5060")
    seat.key(Qt.Key.Key_Return)
    seat.type("30")
    seat.checked()


# --- a change ---------------------------------------------------------------------------------------------------------


def test_a_plus_where_nothing_or_a_single_thing_is_chosen_begins_a_carrier(seat: Seat) -> None:
    seat.key(Qt.Key.Key_3, ALT)
    form = seat.desk.form
    before = len(form._book.draft.now["carriers"])
    form._at = ("", -1)
    seat.type("+")
    assert seat.at("carriers_name") and len(form._book.draft.now["carriers"]) == before + 1


def test_a_carrier_is_added_and_applied_with_keys_alone(seat: Seat) -> None:
    add_mobifone(seat)
    seat.key(Qt.Key.Key_F3)
    assert seat.desk.open == "change" and seat.at("confirm")
    assert seat.asked("/plan") == [
        {"text": "", "version": 0, "edits": [
            {"section": "carriers", "entry": "mobifone", "key": "",
             "value": {"name": "mobifone", "peers": ["10.40.0.1:5060"], "capacity": 30}}]}]  # fmt: skip
    page = seat.desk.pages["change"]
    assert [page.files.value(it).file for it in page.files.idents()] == ["site.toml", "pjsip.conf", "extensions.conf"]
    assert "+name = \"mobifone\"" in page.diff.toPlainText()
    assert not page.apply.isEnabled()
    seat.type("mobi")
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/apply") == [] and "mobifone" in seat.said[-1]
    seat.type("fone")
    seat.key(Qt.Key.Key_Tab)
    seat.type("mở thêm đường")
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/apply") == [{"plan": "p1", "confirm": "mobifone", "why": "mở thêm đường"}]
    assert [it.vi for it in seat.desk.book.job.steps] == ["Ghi 3 tệp", "Nạp lại"]
    assert seat.said[-1] == "✓ Áp dụng: xong" and seat.desk.book.unread is None
    assert seat.desk.book.shown.version == 13 and not seat.desk.book.draft.changed
    assert "mobifone" in [seat.desk.form.table.value(it).name for it in seat.desk.form.table.idents()]


def test_a_broken_one_comes_back_and_says_why_until_it_is_read(seat: Seat) -> None:
    seat.core.ends = w.JobState.ROLLED_BACK
    seat.core.why = ("mobifone tại pbx1 không trả lời trong 8 s", "mobifone at pbx1 did not answer within 8 s")
    add_mobifone(seat)
    seat.key(Qt.Key.Key_F3)
    seat.type("mobifone")
    seat.key(Qt.Key.Key_Return)
    notice = seat.desk.notice
    assert notice.isVisible() and "mobifone tại pbx1 không trả lời trong 8 s" in notice.said["why"].text()
    assert "chạy lại bản trước" in notice.said["now"].text() and "Khai báo" in notice.said["do"].text()
    assert "bản cũ đã tự trở về" in notice.title.text()
    seat.key(Qt.Key.Key_2, ALT)
    seat.key(Qt.Key.Key_1, ALT)
    seat.key(Qt.Key.Key_3, ALT)
    assert notice.isVisible()  # it stays, wherever the admin looks
    assert seat.desk.form.table.value("carriers/2").name == "mobifone"  # and so does what was typed
    seat.key(Qt.Key.Key_S, ALT)
    assert not notice.isVisible() and seat.desk.book.unread is None


def test_what_a_person_types_is_judged_as_he_types(seat: Seat, qtbot: Any) -> None:
    add_mobifone(seat)
    type_into(seat.field("peers"), "10.40.0")
    assert "“10.40.0” không đúng dạng" in seat.note("peers") and "ví dụ 10.20.0.1:5060" in seat.note("peers")
    seat.key(Qt.Key.Key_F3)
    assert seat.asked("/plan") == [] and "Địa chỉ" in seat.said[-1] and seat.at("carriers_peers")
    type_into(seat.field("peers"), "10.20.0.1:5060")
    assert "không đúng dạng" not in seat.note("peers")
    qtbot.waitUntil(lambda: "là của viettel rồi" in seat.note("peers"))  # by the core, a moment after the last key
    assert seat.desk.form.mistakes.rowCount() == 1
    assert "1 lỗi" in seat.desk.form.table.cell("carriers/2", seat.desk.form.table.value("carriers/2"), 2).text
    seat.key(Qt.Key.Key_F3)
    assert seat.desk.book.planned.ident == "" and "1 chỗ phải sửa" in seat.desk.pages["change"].told.text()
    assert seat.desk.pages["change"].confirm.isHidden()


def test_enter_on_a_mistake_goes_to_its_field(seat: Seat) -> None:
    add_mobifone(seat)
    type_into(seat.field("peers"), "10.30.0.1:5060")
    seat.checked()
    seat.desk.form.mistakes_view.setFocus()
    seat.desk.form.mistakes_view.choose(seat.desk.form.mistakes.ident(0))
    seat.desk.form.entries.choose("numbers/0")
    press(seat.desk.form.mistakes_view, Qt.Key.Key_Return)
    assert seat.desk.form._at == ("carriers", 2)
    assert seat.at("carriers_peers"), QApplication.focusWidget()


def test_undo_goes_back_field_by_field_and_drop_can_be_undone(seat: Seat) -> None:
    add_mobifone(seat)
    names = [it[0] for it in seat.desk.book._undo]
    assert names == ["", "carriers/2/name", "carriers/2/peers", "carriers/2/capacity"]
    seat.key(Qt.Key.Key_Z, ALT)
    assert seat.field("capacity").text() == "" and seat.field("peers").text() == "10.40.0.1:5060"
    for _ in range(3):
        seat.key(Qt.Key.Key_Z, ALT)
    assert not seat.desk.book.draft.changed
    seat.key(Qt.Key.Key_Z, ALT)
    assert seat.said[-1] == "Không có gì để hoàn lại."
    seat.window.bar.run("themmuc nhamang gtel")
    seat.window.bar.run("bothaydoi")
    assert not seat.desk.book.draft.changed
    seat.window.bar.run("hoanlai")
    assert seat.field("name").text() == "gtel"


def test_a_part_of_the_form_is_added_to_by_the_name_that_the_list_shows(seat: Seat) -> None:
    seat.window.bar.run("themmuc bantruc B09")
    assert seat.desk.form.title.text() == "bàn trực B09"
    seat.window.bar.run("themmuc noinhan tp-1022")
    assert seat.desk.form.title.text() == "nơi nhận tp-1022"


def test_the_list_copies_switches_off_and_takes_out(seat: Seat) -> None:
    seat.key(Qt.Key.Key_3, ALT)
    seat.type("e")
    assert seat.desk.book.draft.edits()[0] == w.Edit(section="carriers", entry="viettel", key="enabled", value=False)
    seat.desk.form.entries.setFocus()
    seat.type("c")
    assert seat.field("name").text() == "viettel-2"
    seat.desk.form.entries.setFocus()
    seat.key(Qt.Key.Key_Delete)
    seat.key(Qt.Key.Key_Delete)
    assert [it.name for it in map(seat.desk.form.table.value, seat.desk.form.table.idents())][:2] == ["viettel", "113"]


def test_up_and_down_turn_what_can_be_chosen(seat: Seat) -> None:
    seat.key(Qt.Key.Key_3, ALT)
    seat.key(Qt.Key.Key_Return)
    seat.field("auth").setFocus()
    seat.key(Qt.Key.Key_Down)
    assert seat.field("auth").text() == "digest"
    seat.field("enabled").setFocus()
    for wanted in ("có", "không", "có"):
        seat.key(Qt.Key.Key_Down)
        assert seat.field("enabled").text() == wanted
    assert w.Edit(section="carriers", entry="viettel", key="auth", value="digest") in seat.desk.book.draft.edits()


# --- when the core does not answer ------------------------------------------------------------------------------------


def test_the_form_keeps_what_was_typed_whatever_fails(seat: Seat) -> None:
    add_mobifone(seat)
    seat.core.answers["/v1/trunk/plan"] = (409, '{"code":"busy","vi":"Đang áp dụng.","en":"Busy."}'.encode())
    seat.key(Qt.Key.Key_F3)
    assert "Đang áp dụng." in seat.desk.problem.text() and seat.desk.problem.isVisible()
    del seat.core.answers["/v1/trunk/plan"]
    seat.core.answers["/v1/trunk/apply"] = (503, '{"code":"x","vi":"Máy chủ đang tắt.","en":"Down."}'.encode())
    seat.key(Qt.Key.Key_F3)
    seat.type("mobifone")
    seat.key(Qt.Key.Key_Return)
    assert "Máy chủ đang tắt." in seat.desk.problem.text() and not seat.desk.book.busy
    seat.key(Qt.Key.Key_3, ALT)
    assert seat.field("name").text() == "mobifone" and seat.field("capacity").text() == "30"


def test_a_job_whose_start_was_not_heard_of_is_found_again(seat: Seat) -> None:
    seat.core.held = True
    seat.core._start("apply")
    seat.desk.book.shown_poll.now()
    assert seat.desk.book.busy and seat.desk.book.job.ident == "j1"
    seat.core.held = False
    seat.qtbot.waitUntil(lambda: not seat.desk.book.busy)


def test_a_change_by_somebody_else_leaves_what_is_typed(seat: Seat) -> None:
    add_mobifone(seat)
    seat.core.values["carriers"][1]["capacity"] = 99
    seat.core.version += 1
    seat.desk.book.shown_poll.now()
    draft = seat.desk.book.draft
    assert [it.values.get("capacity") for it in draft.now["carriers"]] == [30, 99, 30]
    assert [it.entry for it in draft.edits()] == ["mobifone"]


def test_a_window_of_another_size_shows_what_was_typed(seat: Seat, look: Any) -> None:
    from console_gui.drafts import Drafts
    from console_gui.main_window import MainWindow
    from tests.console.hand_sounds import HandSounds

    add_mobifone(seat)
    after = MainWindow(seat.local.desk, look, Drafts(), seat.window._preferences, sounds=HandSounds())
    seat.qtbot.addWidget(after)
    after.show()
    seat.window.retire()
    after.bar.run("mang 3")
    assert after.panels.trunk.form.table.value("carriers/2").name == "mobifone"
    QApplication.processEvents()
    seat.desk = after.panels.trunk
    seat.checked()


# --- history, secrets, switches, test calls, events -------------------------------------------------------------------


def test_an_earlier_version_is_previewed_and_applied_again(seat: Seat) -> None:
    seat.key(Qt.Key.Key_5, ALT)
    page = seat.desk.pages["history"]
    assert page.table.rowCount() == 3 and "+capacity = 60" in page.diff.toPlainText()
    seat.key(Qt.Key.Key_Down)
    assert "viettel tại pbx1 không trả lời" in page.reason.text()
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/plan") == [{"text": "", "version": 11, "edits": []}] and seat.desk.open == "change"
    assert "Lấy lại bản 11" in seat.desk.pages["change"].told.text()


def test_going_back_at_once_wants_a_reason(seat: Seat) -> None:
    seat.window.bar.run("tralai 11")
    assert seat.asked("/rollback") == []
    seat.window.bar.run("tralai 11 viettel báo lỗi")
    seat.window.bar.run("tralai nhầm địa chỉ")
    assert seat.asked("/rollback") == [
        {"version": 11, "why": "viettel báo lỗi"}, {"version": 0, "why": "nhầm địa chỉ"},
    ]  # fmt: skip


def test_a_secret_is_typed_twice_and_stands_nowhere_afterwards(seat: Seat) -> None:
    seat.window.bar.run("doimk secrets/vnpt.txt")
    page = seat.desk.pages["secrets"]
    assert seat.at("secret_new") and page.new.echoMode() is QLineEdit.EchoMode.Password
    seat.type("mat-khau-moi")
    seat.key(Qt.Key.Key_Return)
    assert seat.at("secret_again")
    seat.type("khac")
    seat.key(Qt.Key.Key_Return)
    assert "không giống nhau" in page.trouble.text() and seat.asked("/secret") == []
    seat.type("mat-khau-moi")
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/secret") == [{"name": "secrets/vnpt.txt", "secret": "mat-khau-moi", "why": ""}]
    assert page.new.text() == page.again.text() == ""
    kept = [field.text() for field in seat.window.findChildren(QLineEdit)]
    assert not any("mat-khau" in text for text in (*kept, *seat.said, *seat.window.bar.line.history.lines))
    page.new.setText("x")
    seat.key(Qt.Key.Key_2, ALT)
    assert page.new.text() == ""


def test_a_restart_wants_the_name_typed_and_can_be_stopped(seat: Seat) -> None:
    seat.core.held = True
    seat.window.bar.run("khoidong pbx1 đổi cổng")
    page = seat.desk.pages["nodes"]
    assert seat.at("node_confirm") and page.why.text() == "đổi cổng" and not page.do.isEnabled()
    seat.type("pbx2")
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/restart") == []
    type_into(page.confirm, "pbx1")
    seat.key(Qt.Key.Key_Return)
    assert seat.asked("/restart") == [{"node": "pbx1", "why": "đổi cổng", "patience_s": 3600, "confirm": "pbx1"}]
    assert page.job.isVisible() and page.job.stop.isVisible()
    seat.window.bar.run("thoiviec")
    seat.qtbot.waitUntil(lambda: not seat.desk.book.busy)
    assert "đã thôi" in page.job.title.text() and seat.desk.notice.isHidden()
    assert page.table.cell("pbx2", page.table.value("pbx2"), 1).text == "◐ không nhận thêm"


def test_a_test_call_is_followed_step_by_step(seat: Seat) -> None:
    seat.window.bar.run("goithu khongco 115")
    assert seat.asked("/test-call") == [] and "viettel, vnpt" in seat.said[-1]
    seat.window.bar.run("goithu vnpt 115 pbx1")
    assert seat.asked("/test-call") == [{"carrier": "vnpt", "number": "115", "node": "pbx1"}]
    assert seat.desk.pages["test"].job.table.rowCount() == 2


def test_events_are_filtered_and_frozen(seat: Seat) -> None:
    seat.core.happen("Newchannel", "DialBegin", "Hangup")
    seat.key(Qt.Key.Key_6, ALT)
    page = seat.desk.pages["events"]
    assert page.table.rowCount() == 3 and seat.at("events_filter")
    seat.type("dial")
    assert page.table.rowCount() == 1
    seat.window.bar.run("lsk")
    seat.window.bar.run("dungsk")
    seat.core.happen("Newchannel", "Hangup")
    page.poll.now()
    assert page.table.rowCount() == 3 and "2 sự kiện mới" in page.waits.text()
    page.view.setFocus()
    seat.type(" ")
    assert page.table.rowCount() == 5 and page.waits.isHidden()
    seat.core.missed = 7
    seat.core.happen("Hangup")
    page.poll.now()
    assert any("7 sự kiện không kịp lấy" in page.table.cell(it, page.table.value(it), 4).text
               for it in page.table.idents())  # fmt: skip
    before = len(seat.core.asked)
    seat.key(Qt.Key.Key_5, ALT)
    assert not page.poll.on and not any("events" in it[1] for it in seat.core.asked[before:])


def test_health_begins_at_what_is_not_well(seat: Seat) -> None:
    seat.key(Qt.Key.Key_2, ALT)
    page = seat.desk.pages["health"]
    assert page.view.ident() == "vnpt @ pbx1"
    row = [page.table.cell(it, page.table.value(it), 4).text for it in page.table.idents()]
    assert row == ["—", "—", "✕ 403 Forbidden"]
    assert "403 Forbidden" in page.remedy.text() and "trang Mật khẩu" in page.remedy.text()
    seat.key(Qt.Key.Key_Up)
    seat.key(Qt.Key.Key_Up)
    assert "máy bận: 3, hết kênh: 1" in page.causes.text() and page.about.text() == "viettel · pbx1"
    assert page.remedy.isHidden(), "it is well"


def test_drift_is_a_banner_with_its_difference(seat: Seat) -> None:
    assert seat.desk.drift.isHidden()
    diff = "@@ -3 +3 @@\n-bind = 10.0.0.1\n+bind = 0.0.0.0"
    seat.core.drift = (w.DriftShown(node="pbx1", file="pjsip.conf", how="changed", diff=diff),)
    seat.key(Qt.Key.Key_2, ALT)
    seat.desk.book.shown_poll.now()
    assert seat.desk.drift.isVisible() and "pbx1: pjsip.conf" in seat.desk.drift.said.text()
    seat.window.bar.run("mang lech")
    assert "−bind = 10.0.0.1\n+bind = 0.0.0.0" in seat.desk.pages["drift"].diff.toPlainText()


# --- who may ----------------------------------------------------------------------------------------------------------


def test_a_supervisor_looks_and_changes_nothing(open_window: Any, qtbot: Any) -> None:
    seat = Seat(open_window, qtbot, "hung")
    seat.core.may = False
    assert seat.desk.isHidden() and seat.desk.tabs.isHidden() and seat.core.asked == []
    seat.key(Qt.Key.Key_X, ALT)
    assert seat.desk.isVisible() and seat.desk.open == "health" and seat.window.panels.workplace.isHidden()
    assert "chỉ xem" in seat.desk.tabs.in_force.accessibleName() + seat.desk.tabs.in_force._whole
    for page in TABS[1:]:
        seat.window.bar.run(f"mang {TABS.index(page) + 1}")
        for name in ("apply", "form_plan", "form_add", "secret_do", "node_do", "test_do", "history_again"):
            button = seat.desk.findChild(object, f"trunk_{name}")
            assert not button.isVisible(), (page, name)
    seat.window.bar.run("mang 3")
    seat.key(Qt.Key.Key_Return)
    assert seat.field("capacity").isReadOnly()
    seat.window.bar.run("xemtruoc")
    assert {path for method, path, _ in seat.core.asked if method == "POST"} <= {"/v1/trunk/check"}
    seat.key(Qt.Key.Key_X, ALT)
    assert seat.desk.isHidden() and seat.window.panels.workplace.isVisible()
    assert not seat.desk.book.shown_poll.on


def test_a_dispatcher_has_none_of_it(open_window: Any) -> None:
    _, window = open_window("lan")
    said: list[str] = []
    window.desk.noticed.connect(lambda it: said.append(it.sentence("vi")))
    assert window.panels.trunk is None
    for line in ("mang", "apdung x", "xemtruoc", "lsk x", "themmuc nhamang"):
        window.bar.run(line)
        assert "là việc của" in said[-1], line


# --- what is seen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["quan", "hung"])
def test_every_page_can_be_read(user: str, open_window: Any, qtbot: Any) -> None:
    seat = Seat(open_window, qtbot, user)
    seat.core.happen("Newchannel", "Hangup")
    seat.core.may = user == "quan"
    bad: dict[str, object] = {}
    for width, height in ((1366, 768), (1920, 1080)):
        seat.window.resize(width, height)
        for language, theme in (("vi", "dark"), ("en", "light")):
            seat.window.set_language(language)
            seat.window.set_theme(theme)
            for number, page in enumerate(TABS[1:], 2):
                seat.window.bar.run(f"mang {number}")
                if page == "form" and seat.core.may:
                    seat.window.bar.run("themmuc nhamang")
                if page == "change" and seat.core.may:
                    seat.window.bar.run("xemtruoc 11")
                for _ in range(3):
                    QApplication.processEvents()
                if (seat.window.width(), seat.window.height()) != (width, height):
                    bad[f"{width} {page} window"] = (seat.window.width(), seat.window.height())
                if cut := cut_off(seat.window):
                    bad[f"{width} {language} {page} cut"] = cut
                if faint := hard_to_read(seat.window):
                    bad[f"{width} {theme} {page} faint"] = faint
    assert bad == {}


def test_whatever_takes_the_keyboard_has_a_name_to_hear(seat: Seat) -> None:
    nameless = []
    for number in range(2, len(TABS) + 1):
        seat.window.bar.run(f"mang {number}")
        page = seat.desk.pages[seat.desk.open]
        for widget in page.findChildren(QLineEdit) + page.boards():
            if not widget.accessibleName():
                nameless.append((seat.desk.open, widget.objectName() or type(widget).__name__))
    assert nameless == []


def test_tab_reaches_every_field_of_the_form_in_order(seat: Seat) -> None:
    seat.key(Qt.Key.Key_3, ALT)
    reached = []
    for _ in range(9):
        seat.key(Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget().objectName())
    assert reached[:8] == [it.line.objectName() for it in seat.desk.form.column.fields]
    assert reached[8] == "trunk_form_undo"


# --- over HTTPS -------------------------------------------------------------------------------------------------------


def test_questions_about_the_trunk_go_over_https_in_lanes_of_their_own(tmp_path: Any, qtbot: Any) -> None:
    certificate = server_certificate(tmp_path, "core")
    server, trunk = LocalHttps(busy_night(), certificate, 6390), LocalTrunk()
    usual = server.answer

    def answer(method: str, path: str, body: bytes, known: str) -> tuple[int, bytes, str]:
        return (*trunk.answer(method, path, body), "") if "/trunk" in path else usual(method, path, body, known)

    server.answer = answer  # type: ignore[method-assign]
    questions = Questions(CoreClient(server.address, certificate.authority))
    core = TrunkCore(questions)
    came: dict[str, Any] = {}

    def take(name: str) -> Any:
        return lambda result, problem: came.update({name: result if problem is None else problem})

    try:
        core.shown(take("shown"))
        core.check(w.Candidate(), take("check"))
        edit = w.Edit(section="carriers", entry="vnpt", key="capacity", value=61)
        core.plan(w.Candidate(edits=(edit,)), take("plan"))
        core.status(take("status"))
        core.history(take("history"))
        core.change(11, take("change"))
        core.events(0, take("events"))
        qtbot.waitUntil(lambda: len(came) == 7)
        core.start(w.ApplyWanted(plan="p1", confirm="viettel"), take("start"))
        qtbot.waitUntil(lambda: "start" in came)
        core.job(came["start"].job, take("job"))
        qtbot.waitUntil(lambda: "job" in came)
    finally:
        questions.stop()
        server.stop()
    assert came["shown"].version == 12 and came["plan"].confirm == "viettel" and came["job"].state is w.JobState.DONE
    assert len(came["status"].carriers) == 3 and len(came["history"]) == 3 and came["change"].version == 11
    assert all(msgspec.json.encode(it) for it in came.values())
