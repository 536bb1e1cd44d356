"""How late this machine runs what is due: a bound in seconds is judged with what others took of it meanwhile."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

EVERY_S = 0.005


class Lateness:
    """Sleeps beside the work that is measured. `lost`: the seconds so far by which it was woken too late, in all; next
    to nothing on an idle machine. Whoever waits often for a turn of a processor is late about as much."""

    def __init__(self) -> None:
        self.lost = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lateness", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            before = time.monotonic()
            time.sleep(EVERY_S)
            late = time.monotonic() - before - EVERY_S
            if late > EVERY_S / 10:  # what a timer is late by on any machine
                self.lost += late
