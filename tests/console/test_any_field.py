"""Whatever is pasted into whatever field of whatever window: plain, bounded, said, and the screen goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from console_gui.field_guard import FieldGuards, _PageDoor
from console_gui.limits import FIELD_LENGTH
from console_gui.main_window import MainWindow
from console_gui.notice import Notice
from console_gui.sign_in_dialog import SignInDialog
from console_gui.translations.language import Words

HOSTILE = "a\x00b\x1b[2J\u202etxet\u2066\u200b\u2028c\r\n\td\ufeff\x9f"
MB = "Nguyễn Huệ " * 100_000
FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)


def fields_of(root: QWidget) -> Iterator[QWidget]:
    for kind in (*FIELDS, QComboBox):
        yield from root.findChildren(kind)


def text_of(field: QWidget) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()  # type: ignore[attr-defined]


def bare(text: str, *, lines: bool) -> bool:
    return all(it.isprintable() or (lines and it == "\n") for it in text)


CHEAP_S = 0.25
"""A text without end costs what a short one costs: this is between that and the seconds it took without a bound. Turns
of the screen's thread are judged in ``scripts/bench console``."""

def paste(field: QWidget, words: str, html: str = "") -> float:
    """Ctrl+V; seconds of work for the screen's thread until it is laid out and painted."""
    data = QMimeData()
    data.setText(words)
    if html:
        data.setHtml(html)
    QApplication.clipboard().setMimeData(data)
    field.setEnabled(True)
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    began = time.thread_time()  # others' load on this machine is not in it
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    return time.thread_time() - began


def anew(field: Any, words: str) -> float:
    field.clear()
    return paste(field, words)


def windows(open_window: Any) -> Iterator[tuple[str, QWidget, list[str]]]:
    for user in ("lan", "hung", "quan"):
        local, window = open_window(user)
        told: list[str] = []

        def hear(notice: Notice, told: list[str] = told) -> None:
            told.append(notice.sentence("vi"))

        local.desk.noticed.connect(hear)
        local.desk.show("20261123-00001")
        for dock in window.panels.workplace.docks.values():
            dock.show()
        yield user, window, told
        for dialog in dialogs(window):
            yield f"{user} {type(dialog).__name__}", dialog, told
            dialog.reject()


def dialogs(window: MainWindow) -> Iterator[Any]:
    window.help()
    assert window.dialog is not None
    yield window.dialog
    window.reassign()
    if window.dialog is not None:
        yield window.dialog


def test_every_field_of_every_window(open_window: Any) -> None:
    seen = 0
    for name, window, told in windows(open_window):
        for field in fields_of(window):
            where = f"{name}: {type(field).__name__} {field.objectName()} of {type(field.parent()).__name__}"
            if isinstance(field, QComboBox):
                assert not field.isEditable() or field.lineEdit().property("guarded"), where
                continue
            assert field.property("guarded") or field.isReadOnly(), where  # type: ignore[attr-defined]
            if field.isReadOnly():  # type: ignore[attr-defined]
                continue
            seen += 1
            lines = not isinstance(field, QLineEdit)
            for html in ("", f"<b style='color:red'>{HOSTILE}</b><img src='file:///etc/passwd'>"):
                field.clear()  # type: ignore[attr-defined]
                told.clear()
                paste(field, HOSTILE, html)
                assert bare(text_of(field), lines=lines), (where, text_of(field))
                assert "a" in text_of(field) and "<b" not in text_of(field), where
                assert told or not text_of(field), f"{where}: nothing was said"
            field.clear()  # type: ignore[attr-defined]
            told.clear()
            paste(field, MB)
            assert 0 < len(text_of(field)) <= FIELD_LENGTH, (where, len(text_of(field)))
            assert told, f"{where}: nothing was said of what was cut"
            paste(field, MB)
            assert len(text_of(field)) <= FIELD_LENGTH, where
            for words in (MB, HOSTILE):
                took = min(anew(field, words) for _ in range(3))  # the quickest: others use this machine too
                assert took < CHEAP_S, f"{where}: {took * 1000:.0f} ms"
            field.clear()  # type: ignore[attr-defined]
    assert seen >= 15, "the walk finds the fields"


def test_the_sign_in(qtbot: Any, look: Any) -> None:
    dialog = SignInDialog(Words("vi"), "https://core", "")
    qtbot.addWidget(dialog)
    dialog.show()
    for field in (dialog.user, dialog.password):
        paste(field, MB)
        assert len(field.text()) == FIELD_LENGTH and "quá" in dialog.trouble.text()
        field.clear()
        paste(field, HOSTILE)
        assert bare(field.text(), lines=False)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_that_is_added_tomorrow_is_guarded_when_it_gets_the_keyboard(qtbot: Any, kind: Any) -> None:
    """Dropped on, or chosen from the menu, too."""
    told: list[str] = []
    first = QWidget()
    qtbot.addWidget(first)
    guards = FieldGuards(first, lambda key, values: told.append(key))
    later = QWidget()
    qtbot.addWidget(later)
    column = QVBoxLayout(later)
    field = kind(later)
    column.addWidget(field)
    later.show()
    later.activateWindow()
    assert not field.property("guarded")
    field.setFocus()
    qtbot.waitUntil(lambda: bool(field.property("guarded")))
    paste(field, MB, f"<i>{HOSTILE}</i>")
    assert len(text_of(field)) <= FIELD_LENGTH and told == ["pasted.cut"]
    field.clear()
    told.clear()
    data = QMimeData()
    data.setText(HOSTILE)
    drop = QDropEvent(
        QPointF(3, 3), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    if kind is QLineEdit:
        field.insert(HOSTILE)  # what Qt's own drop does
    else:
        (door,) = field.findChildren(_PageDoor)
        assert door.eventFilter(field.viewport(), drop), "the field itself never sees it"
    assert told == ["pasted.cleaned"] and bare(text_of(field), lines=kind is not QLineEdit)
    field.clear()
    if kind is not QLineEdit:
        field.setPlainText(MB[: 3 * FIELD_LENGTH])
        assert len(text_of(field)) == FIELD_LENGTH, "whatever brought it"
    del guards


def test_letters_of_every_kind_pass_as_they_are(open_window: Any) -> None:
    _, window = open_window("lan")
    line = window.bar.line
    for words in ("Nguyễn Thị Minh Khai", "cấp cứu 🚑", "ngã tư Hàng Xanh — P.25", "Ă Â Đ Ê Ô Ơ Ư"):
        line.clear()
        paste(line, words)
        assert line.text() == words
