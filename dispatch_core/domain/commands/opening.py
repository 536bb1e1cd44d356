"""An incident that no call brought: seen on the map, told over the radio, met by a crew."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant, Location


class OpenIncident(Body, frozen=True, tag=True):
    """At a place; whoever opens it owns it, and it asks for the services of their position. ``happened_at`` other than
    0 says that it was written on paper at that time and is entered afterwards; ``text`` begins its narrative."""

    location: Location
    happened_at: Instant = 0
    text: str = ""
