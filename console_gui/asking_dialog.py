"""A dialog that asks the core for something: open with the core's reason while it refuses, closed when it accepts."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from console_gui.desk import Desk
from console_gui.labels import wrapped_label
from console_gui.outbox import Pending
from console_gui.translations import sentences
from console_gui.typefaces import ROW
from dispatch_core.domain.commands import Command
from dispatch_core.wire.envelopes import Reply


class AskingDialog(QDialog):
    """``trouble`` is where its heir shows what the core says; nothing is asked while an answer is waited for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: Command | None = None
        self.trouble = wrapped_label(self, ROW, "attention")
        desk.settled.connect(self._settled)

    def ask(self, body: Command) -> bool:
        """False where it could not be sent: why has been told as a notice."""
        self._waiting = body
        self.trouble.setText(self._desk.words("line.pending"))
        self.waited()
        if self._desk.ask(body) is None:
            self._waiting = None
            self.waited()
            return False
        return True

    def waited(self) -> None:
        """It begins, or ends, that an answer is waited for."""

    def _settled(self, pending: Pending, reply: Reply) -> None:
        if self._waiting is None or pending.body is not self._waiting:
            return
        self._waiting = None
        if reply.refusal is None:
            self.accept()
            return
        self.trouble.setText(sentences.refusal(self._desk.state, reply.refusal, self._desk.words.language))
        self.waited()
