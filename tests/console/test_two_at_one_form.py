"""Two people, two windows, one core over a real Redis, both typing into one incident at once: nothing is lost, and both
see both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console_gui.desk import Desk
from console_gui.door import SystemDoor
from console_gui.drafts import Drafts
from console_gui.hands import type_into
from console_gui.link import Link
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences
from console_gui.redis_door import connect
from console_gui.theme import Look
from console_gui.translations.language import Words
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Role
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import RedisAccess, SignedIn
from tests.console.hand_sounds import HandSounds
from tests.console.local_core import LocalCore
from tests.console.local_desk import LocalQuestions
from tests.console.scenario import busy_night

PASSWORD = "for-this-test-only"
CRASH = "20261123-00001"


class Seat:
    """One person's window, joined to the core as the program joins it."""

    def __init__(
        self, user: str, core: LocalCore, access: RedisAccess, authority: Path, look: Look, home: Path
    ) -> None:
        person = core.night.state.people[user]
        self.link = Link(View.OPERATIONS, user, lambda: connect(access, authority), SystemDoor())
        signed_in = SignedIn(
            wire=1, session=person.session, user=user, name=person.name, role=Role.DISPATCHER, view="operations",
            redis=access,
        )  # fmt: skip
        self.questions = LocalQuestions()
        self.desk = Desk(signed_in, self.link, self.questions, Words("vi"), SystemDoor())  # type: ignore[arg-type]
        own = Preferences(user, QSettings(str(home / f"{user}.ini"), QSettings.Format.IniFormat))
        self.window = MainWindow(self.desk, look, Drafts(home / f"{user}.json"), own, sounds=HandSounds())
        self.form = self.window.panels.form
        assert self.form is not None
        self.window.show()
        self.link.start()

    def end(self) -> None:
        self.desk._clock.stop()
        self.link.stop()


@pytest.fixture
def seats(qtbot: Any, look: Look, redis_server: Any, tmp_path: Path) -> Iterator[tuple[Seat, Seat, LocalCore]]:
    client = redis.Redis(
        unix_socket_path=str(redis_server.socket), username=redis_server.user, password=redis_server.password
    )
    for user in ("lan", "minh"):
        keys = [f"%R~{key}" for view in View for key in names.readable_keys(view)]
        client.execute_command(
            "ACL", "SETUSER", user, "reset", "on", f">{PASSWORD}", *keys, f"%R~{names.replies(user)}",
            f"%W~{names.commands(user)}", "-@all", "+xread", "+xadd", "+get", "+hgetall",
        )  # fmt: skip
    core = LocalCore(busy_night(), client).begin().run("lan", "minh")
    made = []
    for user in ("lan", "minh"):
        access = RedisAccess(
            host="localhost", port=redis_server.tls_port, user=user, password=PASSWORD, tls=True
        )
        made.append(Seat(user, core, access, redis_server.authority, look, tmp_path))
        qtbot.addWidget(made[-1].window)
    lan, minh = made
    qtbot.waitUntil(lambda: all(CRASH in it.desk.state.incidents for it in made))
    for seat in made:
        seat.desk.show(CRASH)
    yield lan, minh, core
    for seat in made:
        seat.end()
    core.stop()
    client.close()


def enter(field: Any) -> None:
    QTest.keyClick(field, Qt.Key.Key_Return)


def of(seat: Seat) -> Any:
    return seat.desk.state.incidents[CRASH]


def test_both_type_at_once_in_every_field(seats: tuple[Seat, Seat, LocalCore], qtbot: Any) -> None:
    lan, minh, core = seats
    typed = {
        "lan": ("chay nha", "10.77, 106.69", "P3", "lửa bùng lên"),
        "minh": ("cuop", "10.80, 106.71", "P4", "có kẹt"),
    }
    for letter in range(max(len(text) for texts in typed.values() for text in texts)):  # key by key, one and the other
        for seat in (lan, minh):
            form = seat.form
            parts = (form.type_field.field, form.address_field.field, form.priority_field.field, form.note_field)
            for field, text in zip(parts, typed[seat.desk.user], strict=True):
                if letter == 0:
                    type_into(field, "")
                if letter < len(text):
                    field.setFocus()
                    QApplication.sendEvent(
                        field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text[letter])
                    )
    for seat in (lan, minh):
        texts = typed[seat.desk.user]
        assert (seat.form.type_field.field.text(), seat.form.address_field.field.text()) == texts[:2]
        assert (seat.form.priority_field.field.text(), seat.form.note_field.text()) == texts[2:]

    # Minh enters all of his first; Lan's stand there untouched, each with his beside it
    enter(minh.form.priority_field.field)
    qtbot.waitUntil(lambda: of(lan).priority == 4)
    minh.form.address_field.field.close_list()
    enter(minh.form.address_field.field)
    qtbot.waitUntil(lambda: of(lan).location.lat == 10.80)
    enter(minh.form.note_field)
    qtbot.waitUntil(lambda: of(lan).notes[-1].text == "có kẹt")
    assert lan.form.address_field.field.text() == "10.77, 106.69" and lan.form.note_field.text() == "lửa bùng lên"
    for field, his, mine in (
        (lan.form.priority_field, "“P4”", "“P3”"), (lan.form.address_field, "“ghim", "“10.77, 106.69”"),
    ):  # fmt: skip
        text = field.trouble.text()
        assert text.startswith("Trần Quang Minh vừa đổi thành ") and "Enter ghi đè, Esc bỏ" in text and "21:0" in text
        assert his in text and mine in text and field.trouble.isVisible()

    # an Enter that was already on its way overwrites nothing; one that comes after reading does
    lan.form.priority_field._told = (lan.form.priority_field._told[0], lan.desk.door.monotonic())
    enter(lan.form.priority_field.field)
    qtbot.waitUntil(lambda: not lan.desk.outbox.pending)
    assert core.night.state.incidents[CRASH].priority == 4 and lan.form.priority_field.field.text() == "P3"
    qtbot.wait(750)
    enter(lan.form.priority_field.field)
    qtbot.waitUntil(lambda: of(minh).priority == 3)
    assert "Nguyễn Thị Ngọc Lan đổi lúc" in minh.form.priority_field.trouble.text()
    assert "trước đó: “P4”" in minh.form.priority_field.trouble.text()
    enter(lan.form.address_field.field)
    qtbot.waitUntil(lambda: of(minh).location.lat == 10.77)
    assert "trước đó: “ghim" in minh.form.address_field.trouble.text()
    enter(lan.form.note_field)

    # of the type both: Minh's goes first, Lan drops hers
    minh.form.type_field.field.setFocus()
    enter(minh.form.type_field.field)
    qtbot.waitUntil(lambda: of(lan).type == "theft")
    assert lan.form.type_field.field.text() == "chay nha"
    assert "Minh vừa đổi thành “Trộm cắp, cướp giật”" in lan.form.type_field.trouble.text()
    lan.form.type_field.field.close_list()
    QTest.keyClick(lan.form.type_field.field, Qt.Key.Key_Escape)
    assert lan.form.type_field.field.text() == "Trộm cắp, cướp giật" and not lan.form.type_field.trouble.isVisible()

    def both_see_both() -> bool:
        notes = [[it.text for it in of(seat).notes if it.kind == "note"] for seat in (lan, minh)]
        return notes[0] == notes[1] and {"có kẹt", "lửa bùng lên"} <= set(notes[0])

    qtbot.waitUntil(both_see_both)
    for seat in (lan, minh):
        told = [seat.form.narrative.story.cell(it, seat.form.narrative.story.value(it), 1).text
                for it in seat.form.narrative.story.idents()]  # fmt: skip
        assert "Trần Quang Minh: có kẹt" in told and "Nguyễn Thị Ngọc Lan: lửa bùng lên" in told
        assert seat.form.note_field.text() == "" and not seat.window._drafts.incidents()
        assert not seat.desk.outbox.pending


def test_a_typed_line_overwrites_nothing_that_changed_while_it_was_typed(
    seats: tuple[Seat, Seat, LocalCore], qtbot: Any
) -> None:
    lan, minh, core = seats
    for line, given, changed in (
        ("p 2", "p 5", lambda it: it.priority == 5),
        ("t chay nha", "t cuop", lambda it: it.type == "theft"),
        ("@ 10.70,106.60", "@ 10.81,106.72", lambda it: it.location.lat == 10.81),
    ):
        lan.window.bar.line.setFocus()
        QTest.keyClicks(lan.window.bar.line, line)
        minh.window.bar.run(given)
        qtbot.waitUntil(lambda changed=changed: changed(of(lan)))
        enter(lan.window.bar.line)
        qtbot.waitUntil(lambda line=line: lan.window.bar.line.text() == line)  # refused, it came back
        assert changed(core.night.state.incidents[CRASH]), "what Minh gave stands"
        enter(lan.window.bar.line)  # after reading
        qtbot.waitUntil(lambda: not lan.desk.outbox.pending and lan.window.bar.line.text() == "")
        assert not changed(core.night.state.incidents[CRASH])
    assert core.night.state.incidents[CRASH].location.lat == 10.70
