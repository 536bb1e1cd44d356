"""What a screen reader is told: the name of each board and field, and words where the eye sees a glyph."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QPlainTextEdit, QScrollArea, QWidget

from console_gui.desk import Desk
from console_gui.models.ordered_table import without_marks
from console_gui.translations import sentences
from console_gui.workplace import Workplace

FIELDS = (QAbstractItemView, QLineEdit, QPlainTextEdit, QListWidget, QScrollArea)


def service_in_words(desk: Desk, glyph: str, hue: str) -> str:
    """The service whose sign it is, "" for another sign: those stand beside their own word."""
    for code, service in desk.state.site.services.items():
        if hue and (service.glyph, service.hue) == (glyph, hue):
            return sentences.service(desk.state, code, desk.words.language)
    return ""


def name_all(desk: Desk, workplace: Workplace) -> None:
    """Whatever takes the keyboard and has no name of its own is called as the panel that it stands in, or as its
    placeholder says; called again when the language changes."""
    for key, dock in workplace.docks.items():
        _name(dock, desk.words(key))
    centre = workplace.centralWidget()
    if centre is not None:
        _name(centre, desk.words(workplace.centre_name))


def _name(holder: QWidget, name: str) -> None:
    for widget in holder.findChildren(QWidget):
        if isinstance(widget, FIELDS):
            if widget.accessibleName() and widget.property("panel_name") is None:
                continue
            hint = widget.placeholderText() if isinstance(widget, QLineEdit | QPlainTextEdit) else ""
            widget.setProperty("panel_name", True)
            widget.setAccessibleName(without_marks(hint or name))
