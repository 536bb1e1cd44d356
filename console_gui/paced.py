"""Work that looks at the whole state: at once while it is cheap, and less often the more it costs.

Guards: it never takes more than a share of the screen's thread, however much is open; what it shows is never older
than ``MOST_S`` and the turns before its own; while it takes less than ``FREE_S`` nothing is put off; what takes longer
has a turn of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from console_gui.turns import Turn

FREE_S = 0.001
SHARE = 0.02
"""Of the screen's thread that one such work may take."""

MOST_S = 1.0


class Paced(QObject):
    """``call`` does ``act``, now or soon; several calls until then are one."""

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        self._not_before = 0.0
        self._dear = False
        self._turn = Turn(self._do, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._turn.take)

    def call(self) -> None:
        if self._soon.isActive() or self._turn.waits:
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
            self._do()

    def _do(self) -> None:
        began = time.thread_time()  # its own cost, whatever else this machine does
        self._act()
        cost = time.thread_time() - began
        self._dear = cost > FREE_S
        self._not_before = time.monotonic() + (min(MOST_S, cost / SHARE) if self._dear else 0.0)
