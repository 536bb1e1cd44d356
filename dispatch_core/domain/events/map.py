"""Which version of the city's map is in force."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import MapRef


class MapPublished(Happened, frozen=True, tag=True):
    ref: MapRef
