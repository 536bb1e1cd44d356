"""A published zone set, as it answers: whose zone is this point in, who is next, how near is the border.

Immutable and built in one go; deterministic: zones are ordered by code, and a point on a border or vertex belongs to
the smallest code that touches it. A point in no zone gets the nearest one and is told so (``outside``).
"""

from __future__ import annotations

from collections.abc import Sequence

from dispatch_core.domain.vocabulary import ZoneAnswer
from gis.errors import ZoneFileError
from gis.geodesy import check_place
from gis.zones.borders import ZoneBorders
from gis.zones.grid import ZoneGrid
from gis.zones.zone import Zone

# Beyond this a neighbour is no alternative: the runner-up of an island far out is nobody.
RUNNER_UP_LIMIT_M = 30_000.0


class ZoneSet:
    """Zones of one service under a name and version. Precondition: the zones passed the gate."""

    def __init__(
        self, service: str, name: str, version: int, zones: Sequence[Zone], *, approximate: bool = False
    ) -> None:
        if not zones:
            raise ZoneFileError(
                "zone_set.empty",
                f"Bộ địa bàn {name} của {service} không có địa bàn nào; hãy nhập lại.",
                f"The zone set {name} of {service} has no zones; import it again.",
            )
        self.service = service
        self.name = name
        self.version = version
        self.approximate = approximate
        self.zones = tuple(sorted(zones, key=lambda z: z.code))
        polygons = [z.geometry for z in self.zones]
        self._grid = ZoneGrid(polygons)
        self._borders = ZoneBorders(polygons)

    @property
    def label(self) -> str:
        """What an answer names as its zone set."""
        return f"{self.name} v{self.version}"

    def zone_at(self, lat: float, lon: float) -> Zone | None:
        """The zone that holds the point, None outside. The bare lookup: no border, no runner-up, no check of input."""
        number = self._grid.at(lat, lon)
        return None if number is None else self.zones[number]

    def answer(self, lat: float, lon: float) -> ZoneAnswer:
        """All that a decision keeps. Raises ``PlaceError`` for a coordinate that is no place."""
        check_place(lat, lon)
        number = self._grid.at(lat, lon)
        near = self._borders.nearest(lat, lon)
        outside = number is None
        if number is None:
            number = near.zones[0]
        runner = next((z for z in near.zones if z != number), None)
        if runner is None:
            beyond = self._borders.nearest_of_others(number, lat, lon)
            if beyond is not None and beyond.metres <= RUNNER_UP_LIMIT_M:
                runner = beyond.zones[0]
        zone = self.zones[number]
        return ZoneAnswer(
            service=self.service,
            zone_set=self.label,
            zone=zone.code,
            zone_name=zone.name,
            station=zone.station,
            runner_up="" if runner is None else self.zones[runner].code,
            runner_up_name="" if runner is None else self.zones[runner].name,
            border_m=near.metres,
            outside=outside,
            outside_m=near.metres if outside else 0.0,
            approximate=self.approximate,
        )
