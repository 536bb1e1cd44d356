"""Which version of the city's map is in force."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import MapPublished, Recorded
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import State


@rule(MapPublished)
def map_published(state: State, event: MapPublished, _: Recorded) -> State:
    return replace(state, map=event.ref)
