"""What a person draws on the map, point by point: a stretch of road or an area, closed or flooded. Without Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from console_gui.map.mercator import Viewport, to_degrees
from dispatch_core.domain.vocabulary import ClosureKind

POINTS_MOST = 100
CLOSES_PX = 12.0
"""A click this near to the first point makes an area of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``points`` in world units; ``reason`` as far as it was told already. ``area``: it ends where it began."""

    kind: ClosureKind
    reason: str = ""
    points: tuple[tuple[float, float], ...] = ()
    area: bool = False

    def clicked(self, view: Viewport, px: float, py: float) -> Draft:
        """A point more; or an area, where it is the first point again."""
        if len(self.points) >= 3:
            first = view.to_screen(*self.points[0])
            if math.dist(first, (px, py)) <= CLOSES_PX:
                return replace(self, area=True)
        if self.area or len(self.points) >= POINTS_MOST:
            return self
        return replace(self, points=(*self.points, view.from_screen(px, py)))

    def back(self) -> Draft:
        """Without its last point; an area becomes a line again."""
        if self.area:
            return replace(self, area=False)
        return replace(self, points=self.points[:-1])

    def turned(self) -> Draft:
        """A line is an area, an area a line, where there are points enough."""
        return replace(self, area=not self.area) if len(self.points) >= 3 else self

    @property
    def done(self) -> bool:
        """Whether it can be sent."""
        return len(set(self.points)) >= 2

    def outline(self) -> tuple[tuple[float, float], ...]:
        """Longitude first, in degrees; an area ends at its first point."""
        around = (*self.points, self.points[0]) if self.area and self.points else self.points
        return tuple((round(lon, 6), round(lat, 6)) for lat, lon in (to_degrees(x, y) for x, y in around))
