"""What a person reads on the screen now: which part has the keyboard, what stands in the fields, lists and boards."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from console_gui.board_view import BoardView
from console_gui.main_window import MainWindow

ROWS = 60
"""So many rows of a board are told; nobody reads more at a glance."""


def shown(window: MainWindow) -> dict[str, Any]:
    """See `console_gui.drill`, event ``shown``."""
    parts = parts_of(window)
    focused = QApplication.focusWidget()
    board = focused if isinstance(focused, BoardView) else None
    form = window.panels.form
    return {
        "focus": name_of(focused, parts, window),
        "chosen": board.ident() if board is not None else "",
        "fields": {name: text_of(it) for name, it in parts.items() if isinstance(it, (QLineEdit, QPlainTextEdit))},
        "choices": choices(window),
        "said": [" ".join(filter(None, line[1:])) for line in window.bar.notices.lines()],
        "desks": [" ".join(filter(None, line)) for line in window.desk_bar.lines()],
        "hint": window.bar.hint.text(),
        "form": labels(form) if form is not None else [],
        "labels": labels(window),
        "boards": {name: rows(it) for name, it in parts.items() if isinstance(it, QAbstractItemView) and _seen(it)},
        "dialog": type(window.dialog).__name__ if window.dialog is not None else "",
        "active": window.isActiveWindow() or QApplication.activeWindow() is not None,
        "size": [window.width(), window.height()],
        "open": window.desk.current,
        "language": window.desk.words.language,
    }


def parts_of(window: MainWindow) -> dict[str, QWidget]:
    """The parts that a row of an acceptance run speaks of, by name, as far as this workplace has them."""
    panels = window.panels
    named: dict[str, QWidget] = {"line": window.bar.line, "waiting": window.waiting.view, **panels.spots()}
    if panels.form is not None:
        named |= {"leg": panels.form.legs, "story": panels.form.story_view}
    if panels.history is not None:
        named["history"] = panels.history.view
    if panels.calls is not None:
        named["missed"] = panels.calls.missed_view
    if panels.units is not None:
        named["filter"] = panels.units.filter_field
    if panels.hospitals is not None:
        named["hospitals"] = panels.hospitals.view
    if panels.texts is not None:
        named |= {"texts": panels.texts.view, "answer": panels.texts.field}
    return named


def name_of(widget: QWidget | None, parts: dict[str, QWidget], window: MainWindow) -> str:
    """The name of a part, "dialog" in one, else what kind of a widget it is; "" where nothing has the keyboard."""
    if widget is None:
        return ""
    named = next((name for name, it in parts.items() if it is widget), "")
    inside = window.dialog is not None and window.dialog.isAncestorOf(widget)
    spoken = widget.objectName() if widget.objectName().startswith("trunk_") else ""
    return named or ("dialog" if inside else spoken or type(widget).__name__)


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def labels(root: QWidget) -> list[str]:
    """What the labels say that stand there."""
    return [it.text() for it in root.findChildren(QLabel) if it.text() and _seen(it)]


def choices(window: MainWindow) -> list[str]:
    """The list under a field, the marked choice with ▶ before it."""
    listed = next((it for it in window.findChildren(QListWidget, "choices") if _seen(it)), None)
    if listed is None:
        return []
    marked = listed.currentRow()
    return [f"{'▶' if at == marked else ''}{listed.item(at).text()}" for at in range(listed.count())]


def rows(board: QAbstractItemView) -> list[str]:
    """Each row as a person reads it, its cells with a bar between them; the chosen one with ▶ before it."""
    model, chosen = board.model(), board.currentIndex().row()
    return [f"{'▶' if at == chosen else ''}{_row(model, at)}" for at in range(min(ROWS, model.rowCount()))]


def _row(model: QAbstractItemModel, row: int) -> str:
    cells = (model.index(row, column).data(Qt.ItemDataRole.DisplayRole) for column in range(model.columnCount()))
    return " | ".join(str(cell) for cell in cells if cell)


def _seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def side_by_side(*windows: QWidget) -> QPixmap:
    """Windows on several monitors as one picture, from the left one to the right one, a finger's breadth between."""
    shots = [window.grab() for window in sorted(windows, key=lambda it: it.geometry().left())]
    gap = 12
    whole = QPixmap(sum(it.width() for it in shots) + gap * (len(shots) - 1), max(it.height() for it in shots))
    whole.fill(QColor("#000000"))
    painter = QPainter(whole)
    left = 0
    for shot in shots:
        painter.drawPixmap(left, 0, shot)
        left += shot.width() + gap
    painter.end()
    return whole


def with_menu(window: QWidget) -> QPixmap:
    """A window, and over it the menu that is open."""
    picture, menu = window.grab(), QApplication.activePopupWidget()
    if menu is not None:
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
        painter.end()
    return picture
