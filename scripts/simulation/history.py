"""What happened in a run, line by line, for the reader of a failure and for the proof that a seed repeats itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from scripts.simulation.invariants import NO_SURPRISE

LINES_MOST = 200_000


class History:
    """Lines of ``seconds who what``. ``broken`` collects the invariants that did not hold."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self.lines: list[str] = []
        self.broken: list[str] = []

    def tell(self, who: str, what: str) -> None:
        if len(self.lines) < LINES_MOST:
            self.lines.append(f"{self._time():9.4f} {who:<10} {what}")

    def breaks(self, invariant: str, what: str) -> None:
        self.tell("INVARIANT", f"{invariant}: {what}")
        self.broken.append(f"{invariant}: {what}")


class Overheard(logging.Handler):
    """Writes what the product logs into the history, while it is on."""

    def __init__(self, history: History, who: Callable[[], str]) -> None:
        super().__init__(logging.WARNING)
        self._history = history
        self._who = who

    def emit(self, record: logging.LogRecord) -> None:
        problem = record.exc_info[1] if record.exc_info else None
        suffix = f" [{problem!r}]" if problem is not None else ""
        self._history.tell(self._who(), f"log {record.levelname.lower()}: {record.getMessage()}{suffix}")
        if problem is not None or record.levelno >= logging.CRITICAL:
            self._history.breaks(NO_SURPRISE, f"{record.getMessage()}{suffix}")
