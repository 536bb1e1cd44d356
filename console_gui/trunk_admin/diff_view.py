"""A unified diff as it is read: what comes begins with + in one colour, what goes with − in another."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from console_gui.theme import Look, readable
from console_gui.typefaces import ROW, font

LINES_MOST = 4_000
COMES, GOES = "#009E73", "#D55E00"
MINUS = "−"


class _Painter(QSyntaxHighlighter):
    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self._look = look

    def highlightBlock(self, text: str) -> None:
        theme = self._look.now
        made = QTextCharFormat()
        if text.startswith("@@"):
            made.setForeground(QColor(theme.dim))
        elif text.startswith("+"):
            made.setForeground(readable(COMES, theme.surface))
        elif text.startswith(MINUS):
            made.setForeground(readable(GOES, theme.surface))
        else:
            made.setForeground(QColor(theme.text))
        self.setFormat(0, len(text), made)


class DiffView(QPlainTextEdit):
    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFont(font(ROW))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._painter = _Painter(self.document(), look)
        self._diff = ""

    def show_diff(self, diff: str, otherwise: str = "") -> None:
        """``otherwise`` stands there where nothing differs."""
        if (diff or otherwise) == self._diff:
            return
        self._diff = diff or otherwise
        lines = [_line(it) for it in diff.splitlines() if not it.startswith(("+++ ", "--- "))]
        more = len(lines) - LINES_MOST
        self.setPlainText("\n".join(lines[:LINES_MOST] + [f"… +{more}"] * (more > 0)) if diff else otherwise)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._painter.rehighlight()


def _line(text: str) -> str:
    plain = "".join(mark if mark.isprintable() or mark == "\t" else "·" for mark in text)
    return MINUS + plain[1:] if plain.startswith("-") else plain
