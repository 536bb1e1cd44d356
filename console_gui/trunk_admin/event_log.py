"""The switches' events as the event view holds them: so many at most, filtered, frozen while somebody reads. No Qt.

Guards: what came while the view was frozen stands in it afterwards; whatever is not there any more is said, with its
count, at the place where it lacks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from console_gui.folding import fold
from dispatch_core.wire.trunk import SwitchEvent, SwitchEvents

EVENTS_MOST = 2_000
GAP = "…"
"""The name of the row that says how many lack."""


def words_of(event: SwitchEvent) -> str:
    details = " ".join(f"{key}={value}" for key, value in event.details.items())
    return fold(f"{event.node} {event.name} {event.about} {details}")


def fits(event: SwitchEvent, wanted: Iterable[str]) -> bool:
    """Every word; one that begins with − leaves out what has it."""
    text = words_of(event)
    for word in wanted:
        out = len(word) > 1 and word[0] in "-−"
        if ((word[1:] if out else word) in text) is out:
            return False
    return True


def lack(count: int, before: int, at: int) -> SwitchEvent:
    return SwitchEvent(number=before, at=at, node="", name=GAP, about=str(count), details={})


@dataclass(slots=True)
class EventLog:
    after: int = 0
    frozen: bool = False
    wanted: tuple[str, ...] = ()
    held: deque[SwitchEvent] = field(default_factory=lambda: deque(maxlen=EVENTS_MOST))
    waiting: list[SwitchEvent] = field(default_factory=list)
    missed: int = 0

    def take(self, came: SwitchEvents) -> None:
        """``came`` since ``after``. One that the core has begun anew counts from its beginning again."""
        if came.newest < self.after:
            self.after = 0
        fresh = [it for it in came.events if it.number > self.after]
        gap = came.missed if self.after or came.missed == 0 else 0  # before the view was opened nothing lacks
        if gap:
            first = fresh[0] if fresh else None
            fresh.insert(0, lack(gap, first.number if first else came.newest, first.at if first else 0))
            self.missed += gap
        self.after = max(came.newest, max((it.number for it in fresh), default=0))
        if not self.frozen:
            self.held.extend(fresh)
            return
        self.waiting += fresh
        over = len(self.waiting) - EVENTS_MOST
        if over > 0:
            self._let_go(over + 1)

    def _let_go(self, count: int) -> None:
        """The oldest that wait, and what already lacked among them, are one row that says how many."""
        lost, self.waiting = self.waiting[:count], self.waiting[count:]
        fresh = sum(it.name != GAP for it in lost)
        before = sum(int(it.about) for it in lost if it.name == GAP)
        self.missed += fresh
        self.waiting.insert(0, lack(fresh + before, lost[-1].number, lost[-1].at))

    def freeze(self, frozen: bool) -> None:
        self.frozen = frozen
        if not frozen:
            self.held.extend(self.waiting)
            self.waiting = []

    def filter(self, text: str) -> None:
        self.wanted = tuple(fold(text).split())

    def shown(self) -> list[SwitchEvent]:
        """A lack is shown whatever is filtered."""
        if not self.wanted:
            return list(self.held)
        return [it for it in self.held if it.name == GAP or fits(it, self.wanted)]
