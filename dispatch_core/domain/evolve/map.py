"""Which version of the city's map is in force."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import MapPublished, Recorded
from dispatch_core.domain.evolve.routes import all_await
from dispatch_core.domain.evolve.rules import rule
from dispatch_core.domain.state import State


@rule(MapPublished)
def map_published(state: State, event: MapPublished, recorded: Recorded) -> State:
    """Ways are others on another map."""
    return replace(all_await(state, recorded), map=event.ref)
