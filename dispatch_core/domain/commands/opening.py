"""An incident that no call brought: seen on the map, told over the radio, met by a crew."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Location


class OpenIncident(Body, frozen=True, tag=True):
    """At a place; whoever opens it owns it, and it asks for the services of their position."""

    location: Location
