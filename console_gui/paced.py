"""Work that looks at the whole state: at once while it is cheap, and less often the more it costs.

Guards: it never takes more than a share of the screen's thread, however much is open; what it shows is never older
than ``MOST_S`` and the turns before its own; while it takes less than ``FREE_S`` nothing is put off; what takes longer
has a turn of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, QTimer

from console_gui.turns import Turn

FREE_S = 0.001
SHARE = 0.02
"""Of the screen's thread that one such work may take."""

MOST_S = 1.0


class Paced(QObject):
    """``call`` does ``act``, now or soon; several calls until then are one. What it gives an iterator for goes on in
    turns of its own once ``FREE_S`` is spent; what is asked for meanwhile is done once more after it."""

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._not_before = 0.0
        self._dear = False
        self._under_way = self._again = False
        self._begun: Generator[None, None, None] | None = None
        self._turn = Turn(self._in_its_turn, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._turn.take)

    def call(self) -> None:
        if self._under_way:
            self._again = True
        elif not self._soon.isActive() and not self._turn.waits:
            wait = self._not_before - time.monotonic()
            if wait > 0:
                self._soon.start(max(1, int(wait * 1000)))
            else:
                self.promptly()

    def promptly(self) -> None:
        """However little ago it was: for what the clock asks once a second."""
        if self._under_way:
            self._again = True
        elif self._dear:
            self._turn.take()
        else:
            self._begin()

    def _begin(self) -> None:
        """What it costs may be another thing than the last time."""
        steps, end = self._do(), time.thread_time() + FREE_S
        for _ in steps:
            if time.thread_time() >= end:
                self._begun = steps
                self._turn.take()
                return

    def _in_its_turn(self) -> Generator[None, None, None]:
        begun, self._begun = self._begun, None
        return begun if begun is not None else self._do()

    def _do(self) -> Generator[None, None, None]:
        self._under_way, self._again = True, False
        try:
            cost = yield from self._timed()
        except Exception:
            self._ended()
            raise
        self._dear = cost > FREE_S
        self._not_before = time.monotonic() + (min(MOST_S, cost / SHARE) if self._dear else 0.0)
        self._ended()

    def _ended(self) -> None:
        self._under_way = False
        if self._again:
            self.call()

    def _timed(self) -> Generator[None, None, float]:
        """The work, and the seconds that it took of this thread: its own cost, whatever else this machine does."""
        cost, began = 0.0, time.thread_time()
        steps = self._act()
        if isinstance(steps, Iterator):
            for _ in steps:
                cost += time.thread_time() - began
                yield
                began = time.thread_time()
        return cost + time.thread_time() - began
