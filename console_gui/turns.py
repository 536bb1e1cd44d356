"""One piece of dear work in a turn of the loop: between two of them the screen's thread hears what came meanwhile.

Guards: however much is to be done, a ringing call waits for one piece at the most; a piece that was asked for twice is
done once. Work that gives a generator is done in as many turns as it needs, each of about ``SLICE_S``.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid

SLICE_S = 0.002

Act = Callable[[], object]
"""Work that is short, or gives an iterator whose steps are."""


class Turn(QObject):
    """``take`` does ``act`` soon, after whatever waits already, in a turn of its own; what is asked for while its steps
    are under way is done once more after them."""

    def __init__(self, act: Act, parent: QObject) -> None:
        super().__init__(parent)
        self.waits = False
        self._act = act
        self._steps: Iterator[object] | None = None

    def take(self) -> None:
        if not self.waits:
            self.waits = True
            _line().join(self)

    @property
    def busy(self) -> bool:
        """Whether there is something to be done yet."""
        return self.waits or self._steps is not None

    def go_on(self) -> bool:
        """Some of the work. Whether there is more."""
        if self._steps is None:
            self.waits = False
            begun = self._act()
            if not isinstance(begun, Iterator):
                return False
            self._steps = begun
        end = time.thread_time() + SLICE_S
        try:
            next(self._steps)
            while time.thread_time() < end:
                next(self._steps)
        except BaseException as ended:
            self._steps = None
            if not isinstance(ended, StopIteration):
                raise
            return False
        return True


class _Line(QObject):
    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self.waiting: deque[Turn] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._one)

    def join(self, turn: Turn) -> None:
        self.waiting.append(turn)
        if not self._next.isActive():
            self._next.start(0)

    def _one(self) -> None:
        while self.waiting and not isValid(self.waiting[0]):
            self.waiting.popleft()  # its window was closed meanwhile
        if not self.waiting:
            return
        self._next.start(0)  # before the work: what fails there must not stop the others
        turn = self.waiting.popleft()
        if turn.go_on():
            self.waiting.appendleft(turn)


_lines: list[_Line] = []


def _line() -> _Line:
    """The one line of the screen's thread."""
    if not _lines or not isValid(_lines[0]):
        _lines[:] = [_Line(QCoreApplication.instance())]
    return _lines[0]


def at_rest() -> bool:
    """Whether nothing waits for a turn."""
    return not _line().waiting
