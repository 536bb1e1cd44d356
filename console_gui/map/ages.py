"""How old a unit's position is, and what that makes of its mark. Without Qt.

Guards: a position that is not of now never looks like one: *old* fades and says its age, *lost* is hollow and says so.
A unit that stands at its own station without a task is there, however long it said nothing; the core measures it so.
"""

from __future__ import annotations

from enum import Enum

from console_gui.limits import POSITION_FRESH_S
from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import Instant, UnitStatus

AT_STATION = frozenset({UnitStatus.AVAILABLE, UnitStatus.OFFERED, UnitStatus.ACKNOWLEDGED, UnitStatus.OUT_OF_SERVICE})
"""Without any report a unit in one of these statuses is where its station is."""

FRESH_MS = POSITION_FRESH_S * 1000
MINUTE_MS = 60_000


class Age(Enum):
    NOW = "now"
    OLD = "old"
    LOST = "lost"


def age_of(unit: Unit, seen_at: Instant, now: Instant, lost_ms: int) -> tuple[Age, int]:
    """And whole minutes, 0 for one that is of now or that nobody knows. ``seen_at`` 0: it never reported; ``now`` 0:
    not known yet, so nothing can be old; ``lost_ms`` is the site's limit, 0 = none."""
    if not seen_at:
        return (Age.NOW, 0) if unit.status in AT_STATION else (Age.LOST, 0)
    age = now - seen_at
    if age <= FRESH_MS or not now:
        return Age.NOW, 0
    return (Age.LOST if lost_ms and age > lost_ms else Age.OLD), age // MINUTE_MS
