"""What is typed is kept at every key, comes back after a crash with a word that says so; the next call hides none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from console_gui.drafts import LINE, NOTE, Drafts
from console_gui.hands import type_into
from console_gui.limits import LINE_LENGTH
from console_gui.main_window import MainWindow
from console_gui.models.incidents import WHAT
from console_gui.plain_field import plain_words
from console_gui.theme import Look
from dispatch_core.domain import commands as c
from dispatch_core.domain.plain_text import LABEL_LIMIT, NOTE_LIMIT
from tests.console.hand_sounds import HandSounds
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night

MINE = "20261123-00007"
CRASH = "20261123-00001"
WORDS = "xe tai toong xe may"


def fields(window: Any) -> dict[tuple[str, str], QLineEdit]:
    form = window.panels.form
    return {
        (MINE, "type"): form.type_field.field, (MINE, "priority"): form.priority_field.field,
        (MINE, "place"): form.address_field.field, (MINE, NOTE): form.note_field, ("", LINE): window.bar.line,
    }  # fmt: skip


@pytest.fixture
def kept(qtbot: Any, look: Look, preferences: Any, night: Night, tmp_path: Path) -> Iterator[Any]:
    """``kept()`` gives a desk and its window whose drafts lie in a file; again, as after a crash."""
    made = []

    def opened() -> tuple[LocalDesk, MainWindow]:
        local = LocalDesk(night, "lan", "vi")
        drafts = Drafts(tmp_path / "drafts.json")
        window = MainWindow(local.desk, look, drafts, preferences.of("lan"), sounds=HandSounds())
        made.append(window)
        qtbot.addWidget(window)
        window.show()
        local.begin()
        return local, window

    yield opened
    for window in made:
        window.desk._clock.stop()


def test_every_key_in_every_field_is_in_the_file_before_the_next(kept: Any, tmp_path: Path) -> None:
    local, window = kept()
    for (incident, name), field in fields(window).items():
        field.setFocus()
        field.selectAll()
        text = "P2" if name == "priority" else WORDS
        for n, letter in enumerate(text, 1):
            QTest.keyClicks(field, letter)
            assert Drafts(tmp_path / "drafts.json").get(incident, name) == text[:n]
    field = fields(window)[MINE, NOTE]
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert Drafts(tmp_path / "drafts.json").get(MINE, NOTE) == WORDS[:-1]
    window.bar.line.clear()
    assert Drafts(tmp_path / "drafts.json").draft("", LINE) is None


KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
from console_gui import typefaces
from console_gui.drafts import Drafts
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences
from console_gui.theme import Look
from tests.console.hand_sounds import HandSounds
from tests.console.local_desk import LocalDesk
from tests.console.scenario import busy_night
from tests.console.test_drafts import WORDS, fields
home = Path(sys.argv[1])
app = QApplication([])
typefaces.load()
look = Look()
look.wear(app, "dark")
own = Preferences("lan", QSettings(str(home / "own.ini"), QSettings.Format.IniFormat))
local = LocalDesk(busy_night(), "lan", "vi")
window = MainWindow(local.desk, look, Drafts(home / "drafts.json"), own)
window.show()
local.begin()
for (incident, name), field in fields(window).items():
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "P2" if name == "priority" else WORDS)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_directly_after_a_key_nothing_is_lost_and_its_return_is_said(kept: Any, tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=environment, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    local, window = kept()
    form = window.panels.form
    for (_, name), field in fields(window).items():
        assert field.text() == ("P2" if name == "priority" else WORDS), name
    for trouble in (form.type_field.trouble, form.priority_field.trouble, form.address_field.trouble):
        assert trouble.text().startswith("bản nháp gõ lúc 21:0") and trouble.isVisible()
        assert trouble.objectName() == "dim"
    assert form.narrative.told.text().startswith("bản nháp gõ lúc 21:0")
    assert window.bar.hint.text().startswith("dòng lệnh gõ lúc 21:0")
    QTest.keyClicks(form.note_field, "!")
    assert not form.narrative.told.isVisible()
    QTest.keyClick(form.address_field.field, Qt.Key.Key_Escape)
    assert not form.address_field.trouble.isVisible() and Drafts(tmp_path / "drafts.json").get(MINE, "place") == ""


def test_the_next_call_hides_no_words_that_are_not_sent(open_window: Any, night: Night) -> None:
    local, window = open_window("lan", "vi")
    form, board = window.panels.form, window.panels.incidents.table
    type_into(form.address_field.field, "12 nguyen hue")
    assert not form.unsaved.isVisible() and "chưa ghi" not in board.cell(MINE, board.value(MINE), WHAT).text
    local.happen(lambda it: _next_call(it))
    assert local.desk.current != MINE and form.address_field.field.text() == ""
    assert form.unsaved.isVisible() and form.unsaved.lines[0].text() == "chưa ghi: #7  địa chỉ: “12 nguyen hue”"
    assert form.unsaved.key.text() == "Alt+Q quay lại"
    shown = board.cell(MINE, board.value(MINE), WHAT)
    assert shown.text.startswith("chưa ghi · ") and shown.attention
    type_into(form.note_field, "khói đen")
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    assert local.desk.current == MINE and form.address_field.field.text() == "12 nguyen hue"
    assert form.address_field.field.hasFocus() and form.address_field.field.isModified()
    assert form.unsaved.lines[0].text().startswith("chưa ghi: #8  ghi chú: “khói đen”")
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    assert form.note_field.hasFocus() and form.note_field.text() == "khói đen"
    QTest.keyClick(form.note_field, Qt.Key.Key_Return)
    window.bar.run("chuaghi")
    QTest.keyClick(form.address_field.field, Qt.Key.Key_Escape)
    assert not form.unsaved.isVisible()
    window.bar.run("chuaghi")
    assert "Không còn chữ nào" in " ".join(window.bar.notices.lines()[0])


def _next_call(night: Night) -> None:
    night.end(next(it.id for it in night.state.calls.values() if it.state.live and it.position == "B01"))
    call = night.ring("115", "0933000111")
    night.rings_at(call, "B01")
    night.answer(call, "B01")


def test_several_incidents_with_unsent_words_are_counted(open_window: Any) -> None:
    local, window = open_window("lan", "vi")
    form = window.panels.form
    for incident in ("20261123-00001", "20261123-00002", "20261123-00003", MINE):
        local.wait(1)
        local.desk.show(incident)
        type_into(form.note_field, f"chữ của {incident[-1]}")
    assert [line.text()[:13] for line in form.unsaved.lines] == ["chưa ghi: #3 ", "chưa ghi: #2 "]
    assert form.unsaved.key.text().startswith("+1") and form.unsaved.lines[1].isVisible()


def test_a_line_in_the_making_stays_about_its_incident_when_a_call_comes(open_window: Any) -> None:
    local, window = open_window("lan", "vi")
    type_into(window.bar.line, "n mắc kẹt")
    local.happen(lambda it: _next_call(it))
    assert local.desk.current != MINE and window.bar.prompt.text() == "#7 >"
    type_into(window.bar.line, "n mắc kẹt hai người")  # over the old words: still no line of the new call
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert window.bar.prompt.text() == ">"
    local.desk.show(MINE)
    type_into(window.bar.line, "n còn thở")
    local.desk.show(CRASH)  # by the person's own hand: then it is about that one
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert local.night.state.incidents[CRASH].notes[-1].text == "còn thở"


def test_a_note_for_the_call_before_goes_there(open_window: Any) -> None:
    local, window = open_window("lan", "vi")
    window.bar.line.setFocus()
    QTest.keyClicks(window.bar.line, "n mac ket")
    local.happen(lambda it: _next_call(it))
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert local.night.state.incidents[MINE].notes[-1].text == "mac ket"
    assert all(note.text != "mac ket" for note in local.night.state.incidents[local.desk.current].notes)


def test_words_of_an_incident_that_somebody_closes_are_still_a_note(open_window: Any, night: Night) -> None:
    local, window = open_window("lan", "vi")
    form = window.panels.form
    local.desk.show("20261123-00002")
    type_into(form.note_field, "cháy lan sang nhà bên")
    type_into(form.type_field.field, "chay")
    local.happen(lambda it: it.end(next(i.id for i in it.state.calls.values() if i.state.live and i.position == "B02")))
    local.happen(
        lambda it: it.must(it.person("hung"), c.CloseIncident(incident="20261123-00002", disposition="resolved"))
    )
    assert window._drafts.get("20261123-00002", NOTE) == "cháy lan sang nhà bên" == form.note_field.text()
    QTest.keyClick(form.note_field, Qt.Key.Key_Return)
    assert local.night.state.incidents["20261123-00002"].notes[-1].text == "cháy lan sang nhà bên"
    assert not window._drafts.incidents()


# --- what may be pasted -----------------------------------------------------------------------------------------------

LIMITS = {"type": 200, "priority": 8, "place": LABEL_LIMIT, NOTE: NOTE_LIMIT, LINE: LINE_LENGTH}


def told(window: Any, name: str) -> str:
    form = window.panels.form
    return {
        "type": lambda: form.type_field.trouble.text(), "priority": lambda: form.priority_field.trouble.text(),
        "place": lambda: form.address_field.trouble.text(), NOTE: lambda: form.narrative.told.text(),
        LINE: lambda: window.bar.hint.text(),
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", list(LIMITS))
def test_a_megabyte_is_cut_and_said(open_window: Any, qtbot: Any, name: str) -> None:
    local, window = open_window("lan", "vi")
    field = next(it for (_, key), it in fields(window).items() if key == name)
    field.setFocus()
    field.selectAll()
    QGuiApplication.clipboard().setText("ạ" * 1_000_000)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(field.text()) == LIMITS[name]
    qtbot.waitUntil(lambda: f"chỉ giữ {LIMITS[name]} ký tự đầu" in told(window, name))


@pytest.mark.parametrize("name", ["type", "place", NOTE, LINE])
def test_breaks_and_control_characters_become_spaces_and_it_is_said(open_window: Any, qtbot: Any, name: str) -> None:
    local, window = open_window("lan", "vi")
    field = next(it for (_, key), it in fields(window).items() if key == name)
    field.setFocus()
    field.selectAll()
    QGuiApplication.clipboard().setText("số 7\nđường\tLê\x00 Lợi\u202e\u2028!")
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "số 7 đường Lê  Lợi !" and field.isModified()
    assert "Đã bỏ xuống dòng" in told(window, name)
    QTest.keyClicks(field, "a")
    qtbot.waitUntil(lambda: "Đã bỏ xuống dòng" not in told(window, name))
    assert field.text().endswith("!a")


def test_rich_text_is_plain(open_window: Any) -> None:
    local, window = open_window("lan", "vi")
    data = QMimeData()
    data.setHtml("<b>đám</b> <script>x</script>cháy")
    data.setText("đám cháy")
    QGuiApplication.clipboard().setMimeData(data)
    field = window.panels.form.note_field
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "đám cháy"


def test_letters_are_never_touched() -> None:
    for text in ("đường Trần Hưng Đạo", "dduwowngf", "Ngã tư 😀", "a b"):
        assert plain_words(text) is text
    assert plain_words("a\u200bb") == "ab"


@pytest.mark.parametrize("letters", ["dduwowngf", "+-1=>smzx", "?/#@"])
def test_single_letters_do_nothing_but_stand_in_a_field(open_window: Any, letters: str) -> None:
    local, window = open_window("lan", "vi")
    for (_, name), field in fields(window).items():
        field.setFocus()
        field.selectAll()
        asked = len(local.link.orders)
        QTest.keyClicks(field, letters)
        assert field.text() == letters[: LIMITS[name]] and len(local.link.orders) == asked
        assert field.hasFocus()
        field.clear()


def test_a_file_that_cannot_be_read_is_set_aside_and_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "drafts-lan.json"
    file.write_bytes(b'{"20261123-00007": {"note": {"text": "hai ng')
    drafts = Drafts(file)
    assert drafts.incidents() == []
    drafts.put(MINE, NOTE, "ba người")
    assert b"hai ng" in file.with_suffix(".unreadable").read_bytes()
    assert Drafts(file).get(MINE, NOTE) == "ba người"
