"""Units are looked for on the streets when they report where they are, so that no ranking has to wait for it.

Of each unit only the last position waits. Whatever is missed here is found by the ranking itself, a little later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Lock

from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Mover

log = logging.getLogger(__name__)


class LookingAhead:
    """``heard`` from any thread; ``learn`` blocks and runs in a thread of its own, never before an emergency's way."""

    def __init__(self, learn: Callable[[Sequence[Mover]], None], worker: Executor | None = None) -> None:
        self._learn, self._worker = learn, worker or ThreadPoolExecutor(1, thread_name_prefix="looking")
        self._waiting: dict[str, Mover] = {}
        self._busy = False
        self._lock = Lock()

    def heard(self, movers: Sequence[Mover]) -> None:
        with self._lock:
            self._waiting.update((it.unit, it) for it in movers)
            if self._busy or not self._waiting:
                return
            self._busy = True
        self._worker.submit(self._work)

    def _work(self) -> None:
        while True:
            with self._lock:
                movers, self._waiting = list(self._waiting.values()), {}
                if not movers:
                    self._busy = False
                    return
            try:
                self._learn(movers)
            except DispatchError as problem:
                log.warning("%d units were not looked for on the streets: %s", len(movers), problem)
            except Exception:
                log.exception("%d units were not looked for on the streets", len(movers))
