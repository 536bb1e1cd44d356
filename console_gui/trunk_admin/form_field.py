"""One field of the site's form: its name, what stands in it, and under it what to write, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from console_gui.desk import Desk
from console_gui.labels import repolish, wrapped_label
from console_gui.plain_field import PlainField
from console_gui.sizes import px
from console_gui.translations.formats import one_line
from console_gui.translations.tables import say
from console_gui.trunk_admin.boards import as_said
from console_gui.trunk_admin.field_values import TEXT_LENGTH, Slip, shown
from console_gui.typefaces import ROW
from dispatch_core.wire.trunk import FieldShown, Mistake

NAME_WIDTH = 190
FILE_MARKS = str.maketrans("", "", '"[]')
TRUTH = {"true": "trunk.yes", "false": "trunk.no"}


class ValueLine(PlainField):
    """``turned`` by up and down where only some values can stand there."""

    turned = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.isReadOnly():
            self.turned.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class FormField(QObject):
    """Puts its parts into ``grid``. ``typed`` is what stands there by the person's hand."""

    typed = Signal(str)
    left = Signal()
    entered = Signal()  # Enter: on to the next one

    def __init__(
        self, desk: Desk, told: FieldShown, grid: QGridLayout, row: int, parent: QWidget, rows: Sequence[str] = ()
    ) -> None:
        """``rows``: the keys of each row, where the field holds rows of a table."""
        super().__init__(parent)
        self._desk, self.told, self._rows = desk, told, rows
        self.name = wrapped_label(parent, ROW, "dim")
        self.name.setFixedWidth(px(NAME_WIDTH))
        self.name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.name.setContentsMargins(0, px(6), 0, 0)
        self.line = ValueLine(TEXT_LENGTH, parent)
        self.line.setObjectName(f"trunk_{told.section}_{told.key}".replace(".", "_"))
        self.note = wrapped_label(parent, ROW, "dim")
        grid.addWidget(self.name, 2 * row, 0, 2, 1)
        grid.addWidget(self.line, 2 * row, 1)
        grid.addWidget(self.note, 2 * row + 1, 1)
        for part in (self.name, self.line, self.note):
            part.show()  # at once: a field that is laid out later takes no keyboard now
        self.line.typed.connect(self._typed)
        self.line.turned.connect(self._turn)
        self.line.left.connect(self.left)
        self.line.returnPressed.connect(self.entered)
        self.retell()

    def retell(self) -> None:
        words = self._desk.words
        unit = f" ({self.told.unit})" if self.told.unit else ""
        name = one_line(words.pick(self.told.vi, self.told.en)) + unit
        self.name.setText(name)
        self.line.setAccessibleName(name)
        usual = self._word(shown(self.told.usual)) if self.told.usual not in (None, "", [], {}) else ""
        key = "trunk.form.required" if self.told.required else "trunk.form.usual"
        self.line.setPlaceholderText(words(key, value=usual) if self.told.required or usual else "")

    def put(self, text: str) -> None:
        """What stands in the description; a field that already reads so is left alone, with its cursor."""
        text = self._word(text)
        if self.line.text() != text:
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def _word(self, text: str) -> str:
        return self._desk.words(TRUTH[text]) if self.told.kind == "yes" and text in TRUTH else text

    def _typed(self, text: str) -> None:
        self.typed.emit(text)

    def _turn(self, step: int) -> None:
        choices = self.told.choices
        if self.told.kind == "yes":
            choices = tuple(self._desk.words(it) for it in TRUTH.values())
        if not choices or self.told.kind == "list":
            return
        now = self.line.text().strip()
        at = (choices.index(now) + step) % len(choices) if now in choices else (0 if step > 0 else len(choices) - 1)
        self.line.setText(choices[at])
        self.typed.emit(choices[at])

    def say(self, slip: Slip | None, mistakes: list[Mistake]) -> None:
        """What is wrong, and what to write instead; where nothing is, the hint."""
        words = self._desk.words
        hint = self._plain(words.pick(self.told.hint_vi, self.told.hint_en))
        if slip is not None:
            instead = words("slip.instead", hint=hint) if hint else ""
            text = f"✕ {say(words.language, slip.key, **dict(slip.values))} {instead}".strip()
        elif mistakes:
            each = [as_said(words.pick(it.vi, it.en), words.pick(it.instead_vi, it.instead_en)) for it in mistakes]
            text = "✕ " + one_line(" ".join(each), 500)
        else:
            text = self._hint(hint)
        wrong = slip is not None or bool(mistakes)
        repolish(self.note, "attention" if wrong else "dim")
        self.note.setText(text)
        self.line.setAccessibleDescription(text)

    def _plain(self, hint: str) -> str:
        """Without what only a line of the file needs."""
        hint = one_line(hint, 300)
        return hint if self.told.kind == "table" or "{" in hint else hint.translate(FILE_MARKS)

    def _hint(self, hint: str) -> str:
        words, choices = self._desk.words, self.told.choices
        named = all(re.search(rf"\b{re.escape(it)}\b", hint) for it in choices)
        parts = [hint]
        if self.told.kind == "yes":
            parts = [words("trunk.form.yes_no")]
        elif self.told.kind == "list":
            parts = [hint, words("trunk.form.several") + ("" if named else ": " + ", ".join(choices))]
        elif choices:
            parts = [hint, words("trunk.form.turn" if named else "trunk.form.choices", choices=", ".join(choices))]
        elif self._rows:
            parts = [hint, "[{ " + " = …, ".join(self._rows) + " = … }]"]
        return "; ".join(it.rstrip(".;") for it in parts if it)

    def bar(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)

    def remove(self) -> None:
        for part in (self.name, self.line, self.note):
            part.hide()
            part.setParent(None)
            part.deleteLater()
        self.deleteLater()


