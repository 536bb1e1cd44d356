"""What was done to the trunk changes nothing by itself: a site that is in force comes as SiteConfigured."""

from __future__ import annotations

from dispatch_core.domain.events import Recorded, TrunkTouched
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import State


@rule(TrunkTouched)
def trunk_touched(state: State, _: TrunkTouched, __: Recorded) -> State:
    return state
