"""Which version of the city's map is in force."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import MapRef


class PublishMap(Body, frozen=True, tag=True):
    ref: MapRef
