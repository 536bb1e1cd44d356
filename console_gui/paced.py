"""Work that looks at the whole state: at once while it is cheap, and less often the more it costs.

Guards: it never takes more than a share of the screen's thread, however much is open; what it shows is never older
than ``MOST_S`` and the turns before its own; while it takes less than ``FREE_S`` nothing is put off; what takes longer
has a turn of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, QTimer

from console_gui.steps import in_one_go
from console_gui.turns import Turn

FREE_S = 0.001
SHARE = 0.02
"""Of the screen's thread that one such work may take."""

MOST_S = 1.0


class Paced(QObject):
    """``call`` does ``act``, now or soon; several calls until then are one. What it gives an iterator for is done in
    steps, once it is known to be dear."""

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._not_before = 0.0
        self._dear = False
        self._under_way = self._again = False
        self._turn = Turn(self._do, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._turn.take)

    def call(self) -> None:
        if self._soon.isActive() or self._turn.waits:
            return
        if self._under_way:
            self._again = True
            return
        wait = self._not_before - time.monotonic()
        if wait > 0:
            self._soon.start(max(1, int(wait * 1000)))
        else:
            self.promptly()

    def promptly(self) -> None:
        """However little ago it was: for what the clock asks once a second."""
        if self._dear:
            self._turn.take()
        else:
            in_one_go(self._do())

    def _do(self) -> Generator[None, None, None]:
        self._under_way, self._again = True, False
        try:
            cost = yield from self._timed()
        finally:
            self._under_way = False
        self._dear = cost > FREE_S
        self._not_before = time.monotonic() + (min(MOST_S, cost / SHARE) if self._dear else 0.0)
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
