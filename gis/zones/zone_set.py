"""A published zone set, as it answers: whose zone is this point in, who is next, how near is the border.

Immutable and built in one go; deterministic: zones are ordered by code, and a point on a border or vertex belongs to
the smallest code that touches it. A point in no zone gets the nearest one, is told so (``outside``), and whom to hand
it over to. An uncertain place gets the zone of its point, an outlined one the zone that most of it lies in; the others
that it touches are told with their shares.
"""

from __future__ import annotations

from collections.abc import Sequence

from dispatch_core.domain.vocabulary import HandOver, ZoneAnswer, ZoneShare
from gis.errors import ZoneFileError
from gis.geodesy import check_place
from gis.zones.beyond import hand_over
from gis.zones.borders import Nearby, ZoneBorders
from gis.zones.grid import ZoneGrid
from gis.zones.rules import USUAL, ZoneRules
from gis.zones.shares import MOST_M, Outline, ZoneShares, area_of
from gis.zones.zone import Zone

# Beyond this a neighbour is no alternative: the runner-up of an island far out is nobody.
RUNNER_UP_LIMIT_M = 30_000.0


class ZoneSet:
    """Zones of one service under a name and version. Precondition: the zones passed the gate."""

    def __init__(
        self, service: str, name: str, version: int, zones: Sequence[Zone], *, approximate: bool = False,
        rules: ZoneRules = USUAL,
    ) -> None:  # fmt: skip
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
        self._shares = ZoneShares(polygons)
        self._rules = rules

    @property
    def label(self) -> str:
        """What an answer names as its zone set."""
        return f"{self.name} v{self.version}"

    def zone_at(self, lat: float, lon: float) -> Zone | None:
        """The zone that holds the point, None outside. The bare lookup: no border, no runner-up, no check of input."""
        number = self._grid.at(lat, lon)
        return None if number is None else self.zones[number]

    def answer(self, lat: float, lon: float, uncertainty_m: float = 0.0, outline: Outline = ()) -> ZoneAnswer:
        """All that a decision keeps. ``outline``: longitude first. Raises ``PlaceError`` for a coordinate that is no
        place."""
        check_place(lat, lon)
        holder = self._grid.at(lat, lon)
        near = self._borders.nearest(lat, lon)
        shares, outside_share = self._touched(lat, lon, uncertainty_m, outline, near)
        number = near.zones[0] if holder is None else holder
        if outline and shares:
            number = shares[0][0]
        runner = self._runner_up(number, near, lat, lon)
        zone = self.zones[number]
        outside = holder is None
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
            backups=zone.backups,
            mutual_aid=zone.mutual_aid,
            shares=self._told(shares) if len(shares) > 1 or outside_share else (),
            outside_share=outside_share,
            also=self._also(zone, shares),
            hand_over=self._hand_over(lat, lon, outside, outside_share),
        )

    def _runner_up(self, number: int, near: Nearby, lat: float, lon: float) -> int | None:
        runner = next((z for z in near.zones if z != number), None)
        if runner is None:
            beyond = self._borders.nearest_of_others(number, lat, lon)
            if beyond is not None and beyond.metres <= RUNNER_UP_LIMIT_M:
                runner = beyond.zones[0]
        return runner

    def _touched(
        self, lat: float, lon: float, uncertainty_m: float, outline: Outline, near: Nearby
    ) -> tuple[list[tuple[int, float]], float]:
        """Zones with their shares, and the share in none; nothing where a circle ends before the border."""
        if not outline and not min(uncertainty_m, MOST_M) > near.metres:
            return [], 0.0
        area = area_of(lat, lon, uncertainty_m, outline)
        return ([], 0.0) if area is None else self._shares.of(area)

    def _told(self, shares: Sequence[tuple[int, float]]) -> tuple[ZoneShare, ...]:
        found = [(self.zones[number], share) for number, share in shares]
        return tuple(
            ZoneShare(zone=zone.code, zone_name=zone.name, station=zone.station, share=round(share, 4))
            for zone, share in found
        )

    def _also(self, first: Zone, shares: Sequence[tuple[int, float]]) -> tuple[str, ...]:
        """Stations of further zones that hold enough of the place."""
        found: list[str] = []
        for number, share in shares:
            station = self.zones[number].station
            if share >= self._rules.also_from and station and station not in (first.station, *found):
                found.append(station)
        return tuple(found[: self._rules.also_most])

    def _hand_over(self, lat: float, lon: float, outside: bool, outside_share: float) -> HandOver | None:
        if not outside and outside_share < self._rules.also_from:
            return None
        return hand_over(lat, lon, self.service, self._rules)
