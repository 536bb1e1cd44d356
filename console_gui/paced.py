"""Work that looks at the whole state: at once while it is cheap, and less often the more it costs.

Guards: it never takes more than a share of the screen's thread, however much is open; what it shows is never older
than ``MOST_S``; while it takes less than ``FREE_S`` nothing is put off.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

FREE_S = 0.001
SHARE = 0.02
"""Of the screen's thread that one such work may take."""

MOST_S = 1.0


class Paced(QObject):
    """``call`` does ``act``, now or soon; several calls until then are one."""

    def __init__(self, act: Callable[[], object], parent: QObject, aside_ms: int = 0) -> None:
        super().__init__(parent)
        self._act, self._aside_ms = act, aside_ms
        self._not_before = 0.0
        self._dear = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._do)

    def call(self) -> None:
        if self._soon.isActive():
            return
        wait = self._not_before - time.monotonic()
        if wait <= 0:
            self._do()
        else:
            self._soon.start(max(1, int(wait * 1000)))

    def aside(self) -> None:
        """For what the clock asks once a second: where it costs something, ``aside_ms`` later, in a turn of its own,
        because ten such works in one turn would be a turn that a person feels."""
        if not self._dear:
            self._do()
        elif not self._soon.isActive():
            self._soon.start(self._aside_ms)

    def _do(self) -> None:
        began = time.thread_time()  # its own cost, whatever else this machine does
        self._act()
        cost = time.thread_time() - began
        self._dear = cost > FREE_S
        self._not_before = time.monotonic() + (min(MOST_S, cost / SHARE) if self._dear else 0.0)
