"""Whether a pair of numbers can be a place of this site; if not, what it looks like and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch_core.domain.vocabulary import Area
from gis.addresses.wards import present_wards
from gis.errors import DemoDataError
from gis.geodesy import in_viet_nam
from gis.table import Row
from gis.travel.straight import metres_between
from gis.zones.zone_set import ZoneSet

BEYOND_ZONES_M = 1_500.0
"""So far outside the zones in force something of the site may stand: a pier, the far bank."""

FROM_A_WARD_M = 13_000.0
"""Where no real zones are published: the largest communes have no point farther from their middle."""

PROJECTED_FROM = 1_000.0


class Where:
    """Judges places. ``zone_sets`` are real ones that are in force; without them the middles of the wards must do.
    ``anywhere``: places outside are meant (mutual aid)."""

    def __init__(
        self, area: Area | None = None, zone_sets: Sequence[ZoneSet] = (), *, anywhere: bool = False
    ) -> None:
        self._area, self._anywhere = area, anywhere
        self._sets = tuple(it for it in zone_sets if not it.approximate)
        self._wards = present_wards()
        self._middles = [(ward.lat, ward.lon) for ward in self._wards]

    def place(self, row: Row) -> tuple[float, float]:
        """(lat, lon). Raises DemoDataError naming file, line and column."""
        lat, lon = _number(row, "lat"), _number(row, "lon")
        if not in_viet_nam(lat, lon):
            raise _elsewhere(row, lat, lon)
        if not self._anywhere:
            self._check(row, lat, lon)
        return lat, lon

    def _check(self, row: Row, lat: float, lon: float) -> None:
        outside, name = self._outside(lat, lon)
        beyond = self._area is not None and not self._area.holds(lat, lon)
        if outside is None and not beyond:
            return
        km = f"{(outside or 0.0) / 1000:.1f}"
        raise row.wrong(
            "lat",
            f"điểm trong địa bàn của trung tâm (điểm này ở biển hoặc ngoài thành phố, cách {name} {km} km); "
            "nếu đúng là ở ngoài, thêm --outside",
            f"a point in the centre's area (this one is in the sea or outside the city, {km} km from {name}); "
            "add --outside if it is meant",
        )

    def _outside(self, lat: float, lon: float) -> tuple[float | None, str]:
        """(metres outside, nearest ward); None where it is not outside."""
        if self._sets:
            answer = min((it.answer(lat, lon) for it in self._sets), key=lambda it: it.outside_m)
            return (answer.outside_m if answer.outside_m > BEYOND_ZONES_M else None), answer.zone_name
        metres = metres_between(lat, lon, self._middles)
        nearest = int(np.argmin(metres))
        far = metres[nearest]
        return (far if far > FROM_A_WARD_M else None), self._wards[nearest].name


def _number(row: Row, column: str) -> float:
    text = row.values[column]
    written = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        value = float(written) if written.isascii() and "_" not in written else float("nan")
    except ValueError:
        value = float("nan")
    if value != value or value in (float("inf"), float("-inf")):
        raise row.wrong(column, "độ thập phân như 10.7769", "decimal degrees such as 10.7769")
    return value


def _elsewhere(row: Row, lat: float, lon: float) -> DemoDataError:
    if abs(lat) >= PROJECTED_FROM or abs(lon) >= PROJECTED_FROM:
        return row.wrong(
            "lat",
            "vĩ độ, kinh độ WGS84 (đây là mét của hệ chiếu, như VN-2000 hay UTM; hãy xuất lại ra WGS84)",
            "WGS84 latitude and longitude (these are metres of a projected system such as VN-2000 or UTM; "
            "export them again as WGS84)",
        )
    if in_viet_nam(lon, lat):
        return row.wrong(
            "lat",
            f"vĩ độ trước, kinh độ sau (đang đảo chỗ: viết {lon:g} và {lat:g})",
            f"latitude, then longitude (they are swapped: write {lon:g} and {lat:g})",
        )
    return row.wrong("lat", "một điểm ở Việt Nam", "a point in Viet Nam")
