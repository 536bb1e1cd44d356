"""One piece of dear work in a turn of the loop: between two of them the screen's thread hears what came meanwhile.

Guards: however much is to be done, a ringing call waits for one piece at the most; a piece that was asked for twice is
done once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid


class Turn(QObject):
    """``take`` does ``act`` soon, after whatever waits already, in a turn of its own."""

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self.act, self.waits = act, False

    def take(self) -> None:
        if not self.waits:
            self.waits = True
            _line().join(self)


class _Line(QObject):
    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Turn] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._one)

    def join(self, turn: Turn) -> None:
        self._waiting.append(turn)
        if not self._next.isActive():
            self._next.start(0)

    def _one(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if isValid(turn):  # else its window was closed meanwhile
                break
        else:
            return
        turn.waits = False
        if self._waiting:
            self._next.start(0)  # before the work: what fails there must not stop the others
        turn.act()


_lines: list[_Line] = []


def _line() -> _Line:
    """The one line of the screen's thread."""
    if not _lines or not isValid(_lines[0]):
        _lines[:] = [_Line(QCoreApplication.instance())]
    return _lines[0]
