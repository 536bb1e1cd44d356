"""A macro at work: its lines one after the other, each when the core has confirmed the one before.

Guards: nothing is sent after a step that was refused, was wrong or stayed unconfirmed; who started it is told where it
stopped and what was not done.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from console_gui.command_line.outcomes import FindPlace, Outcome, Send, Wrong
from console_gui.command_line.verbs_macros import RunMacro
from console_gui.desk import Desk
from console_gui.notice import Kind, Notice
from console_gui.outbox import Pending
from console_gui.translations.tables import sentence_of
from dispatch_core.wire.envelopes import Reply

CONFIRMED_WITHIN_S = 10.0


class MacroRun(QObject):
    def __init__(self, desk: Desk, run: Callable[[str], Outcome], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._run = desk, run
        self._name, self._at = "", 0
        self._lines: tuple[str, ...] = ()
        self._waits_for, self._inside = "", False
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(int(CONFIRMED_WITHIN_S * 1000))
        self._clock.timeout.connect(lambda: self._stop("macro.unconfirmed"))
        desk.settled.connect(self._settled)
        desk.came_back.connect(self._came_back)

    @property
    def running(self) -> bool:
        return self._at < len(self._lines)

    def start(self, wanted: RunMacro) -> None:
        if self.running:
            self._tell("macro.busy", name=self._name)
            return
        self._name, self._lines, self._at = wanted.argument, wanted.lines, 0
        self._go_on()

    def _go_on(self) -> None:
        """An answer may come while a step is still being carried out; the loop then finds the next one."""
        while self.running and not self._waits_for:
            line = self._waits_for = self._lines[self._at]
            self._inside = True
            outcome = self._run(line)
            self._inside = False
            if isinstance(outcome, Send | FindPlace):
                if self._waits_for:
                    self._clock.start()
            elif isinstance(outcome, Wrong):
                self._stop("macro.stopped")
            else:
                self._confirmed()

    def _confirmed(self) -> None:
        self._clock.stop()
        self._waits_for = ""
        self._at += 1

    def _settled(self, pending: Pending, reply: Reply) -> None:
        if not self._waits_for or pending.typed != self._waits_for:
            return
        if reply.refusal is not None:
            self._stop("macro.stopped")
            return
        self._confirmed()
        if not self._inside:
            self._go_on()

    def _came_back(self, line: str) -> None:
        """A place that was not found; a refusal comes here too, before or after it is settled."""
        if self._waits_for and line == self._waits_for:
            self._stop("macro.stopped")

    def _stop(self, key: str) -> None:
        self._clock.stop()
        self._waits_for = ""
        step, steps = self._at + 1, len(self._lines)
        line = self._lines[self._at] if self.running else ""
        self._lines, self._at = (), 0
        self._tell(key, name=self._name, step=step, steps=steps, line=line)

    def _tell(self, key: str, **values: object) -> None:
        self._desk.noticed.emit(Notice(Kind.WRONG, "macro", sentence_of(key, **values), "", self._desk.now()))
