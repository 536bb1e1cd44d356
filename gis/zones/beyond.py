"""Who serves a place that lies in none of our zones: a neighbouring province, who rescues at sea, or nobody we know.

Approximate by nature: of other provinces only the centres and sizes of their communes are known. It proposes whom to
call; who really has the place, the two centres settle.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from dispatch_core.domain.vocabulary import HandOver
from gis.addresses.wards import PROVINCE_CODE, communes_of_the_country
from gis.geodesy import metres_per_degree
from gis.table import read_rows
from gis.zones.rules import ZoneRules

SEA = Path(__file__).resolve().parents[1] / "data" / "sea.csv"
Floats = npt.NDArray[np.float64]


def hand_over(lat: float, lon: float, service: str, rules: ZoneRules) -> HandOver:
    """Whom to call for a place outside every zone of ``service``."""
    if shapely.intersects_xy(_sea(), lon, lat):
        sea = rules.sea
        return HandOver(
            kind="sea", code="sea", vi=sea.vi, en=sea.en, contact=sea.contacts.get(service, ""), sample=sea.sample
        )
    code, name, gap_m = _nearest_province(lat, lon)
    if gap_m > rules.far_m:
        return HandOver(kind="far", code="", vi="ngoài các tỉnh đã biết", en="beyond every province that is known")
    known = next((it for it in rules.neighbours if it.code == code), None)
    if known is None:
        plain = name.removeprefix("Tỉnh ").removeprefix("Thành phố ")
        return HandOver(kind="province", code=code, vi=plain, en=plain)
    return HandOver(
        kind="province", code=code, vi=known.vi, en=known.en, contact=known.contacts.get(service, ""),
        sample=known.sample,
    )  # fmt: skip


def _nearest_province(lat: float, lon: float) -> tuple[str, str, float]:
    """(code, name, metres from the edge of its nearest commune, taken as a circle of the commune's size)."""
    codes, names, places, radii = _communes()
    north, east = metres_per_degree(lat)
    away = np.hypot((places[:, 0] - lat) * north, (places[:, 1] - lon) * east) - radii
    nearest = int(np.argmin(away))
    return codes[nearest], names[nearest], float(away[nearest])


@lru_cache(maxsize=1)
def _communes() -> tuple[list[str], list[str], Floats, Floats]:
    others = [it for it in communes_of_the_country() if it[0] != PROVINCE_CODE]
    places = np.asarray([(lat, lon) for _, _, lat, lon, _ in others], dtype=np.float64)
    radii = np.sqrt(np.asarray([km2 for *_, km2 in others]) * 1e6 / np.pi)
    return [it[0] for it in others], [it[1] for it in others], places, radii


@lru_cache(maxsize=1)
def _sea() -> shapely.Polygon:
    rows = read_rows(SEA, ("lon", "lat"))
    sea = shapely.Polygon([(row.number("lon", 90.0, 130.0), row.number("lat", 0.0, 30.0)) for row in rows])
    shapely.prepare(sea)
    return sea
