"""What somebody did to the trunk, or tried to."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened


class TrunkTouched(Happened, frozen=True, tag=True):
    """As the command NoteTrunk."""

    kind: str
    by: str
    outcome: str
    version: int = 0
    why: str = ""
    vi: str = ""
    en: str = ""
