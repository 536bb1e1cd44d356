"""How much longer a street takes at each hour of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gis.travel.classes import CLASSES
from gis.travel.vehicles import Vehicles

HOURS = 24


class SpeedTable:
    """A factor on the time that a street of a class takes, by the hour of the site's clock: 1 = as in the profile.

    Immutable; whoever learns better factors makes another one and gives it to ``RoadTimes.use_speeds``.
    """

    def __init__(self, factors: Mapping[str, Sequence[float]] | None = None) -> None:
        """``factors``: 24 numbers by class; a class that is missing has 1 throughout. Raises ValueError."""
        self._table = np.ones((HOURS, len(CLASSES)))
        for name, row in (factors or {}).items():
            if len(row) != HOURS or not all(0.05 < it < 20 for it in row):
                raise ValueError(f"{name}: 24 factors between 0.05 and 20 are needed")
            self._table[:, CLASSES.index(name)] = row

    @classmethod
    def of(cls, vehicles: Vehicles) -> SpeedTable:
        return cls({name: vehicles.hours[group] for group, names in vehicles.hours_of.items() for name in names})

    def slowed(self, by_hour: Sequence[float]) -> SpeedTable:
        """All classes take ``by_hour`` (24 numbers) times as long. Raises ValueError."""
        if len(by_hour) != HOURS:
            raise ValueError(f"{HOURS} factors are needed, not {len(by_hour)}")
        slower = SpeedTable()
        slower._table = self._table * np.asarray(by_hour, dtype=np.float64)[:, None]
        return slower

    def factor(self, road_class: str, hour: int) -> float:
        return float(self._table[hour % HOURS, CLASSES.index(road_class)])

    def row(self, hour: int) -> NDArray[np.float64]:
        """The factors of all classes at an hour, in the order of ``CLASSES``."""
        row: NDArray[np.float64] = self._table[hour % HOURS]
        return row
