"""What is known about places: notes, hydrants, what happened there before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dispatch_core.domain.vocabulary import Instant, PastIncident, PremiseFound


class Notes(Protocol):
    """An index of notes. Immutable, in memory; called from a worker thread."""

    def touching(self, lat: float, lon: float, reach_m: float, now: Instant) -> Sequence[PremiseFound]:
        """Those in force whose circle touches the circle of ``reach_m`` around the place, the nearest first."""
        ...

    def other_than(self, before: Notes) -> Sequence[PremiseFound] | None:
        """What is in only one of the two, as it is or was; None where that is not known."""
        ...

    def nearest(
        self, lat: float, lon: float, kinds: frozenset[str], within_m: float, most: int
    ) -> Sequence[PremiseFound]: ...


class PlaceHistory(Protocol):
    """Blocks. Raises DatabaseError."""

    def past_incidents(
        self, lat: float, lon: float, within_m: float, most: int, besides: str
    ) -> Sequence[PastIncident]:
        """The newest first."""
        ...
