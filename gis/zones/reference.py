"""Reference systems of zone files: how one is brought to WGS84, and what looks wrong about it.

VN-2000 read as WGS84 lies some 200 m to the north-west of the truth, inside the city and looking right: nothing but the
system's own definition, or the zones that serve already, can tell. The seven parameters of VN-2000 are those published
in 2007 ("VN-2000 to WGS 84 (2)"); the older ones ("(1)") differ by 0.8 m here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from gis.geodesy import WGS84, in_viet_nam, metres_per_degree
from gis.zones.report import Problem

VN_2000 = "EPSG:4756"
TM_3 = {
    102.0: 5896, 103.0: 9205, 104.0: 9206, 104.5: 9207, 104.75: 9208, 105.0: 5897, 105.5: 9209, 105.75: 9210,
    106.0: 9211, 106.25: 9212, 106.5: 9213, 107.0: 9214, 107.25: 9215, 107.5: 9216, 107.75: 5899, 108.0: 5898,
    108.25: 9217, 108.5: 9218,
}  # fmt: skip
"""EPSG codes of VN-2000's three-degree zones by central meridian: 105°45' serves the city and former Bình Dương,
107°45' former Bà Rịa - Vũng Tàu."""
TM_3_SCALE = 0.9999
UTM_TWINS = {32648: 3405, 32649: 3406}
"""WGS84's UTM zones and those of VN-2000, whose figures look alike."""
OUR_GROUND = (8.4, 106.2, 11.7, 107.8)  # south, west, north, east of the city with Côn Đảo: for guesses alone

SHIFT_FROM_M, SHIFT_TO_M = 60.0, 5_000.0
SAME_SHIFT_M = 25.0  # zones that moved together moved by the same vector, to within this
LIKE_VN_2000_M = 40.0
SAME_AREA = 0.03
FEW = 3


@dataclass(frozen=True, slots=True)
class Brought:
    """``way`` names the transformation that was used, with its accuracy; "" where none was needed."""

    geometries: list[Any]
    way: str
    doubts: tuple[Problem, ...]


def bring(crs: str, geometries: list[Any]) -> Brought:
    """The geometries in WGS84 degrees, x = longitude. Raises ``CRSError`` or ``ProjError`` where there is no known way.

    Without ``allow_ballpark=False`` PROJ would take one datum for the other and say nothing; left alone it also picks a
    way per point (VN-2000 has two), which tears shared borders.
    """
    source = CRS.from_user_input(crs)
    doubts = [*_datum_lost(source)]
    if source.equals(CRS.from_user_input(WGS84), ignore_axis_order=True) or not geometries:
        return Brought(geometries, "", tuple(doubts))
    with warnings.catch_warnings():  # of grids for other continents: nothing that a person here can mend
        warnings.simplefilter("ignore", UserWarning)
        ways = TransformerGroup(source, WGS84, always_xy=True, allow_ballpark=False).transformers
    if not ways:
        remedy = vn_2000_for(source)
        raise CRSError("no known transformation" + (f"; VN-2000? --crs {remedy}" if remedy else ""))
    shapes = np.asarray(geometries, dtype=object)
    moved, problem = _through(ways[0], shapes, swapped=False)
    if problem is not None or not _on_our_ground(moved):
        turned, _ = _through(ways[0], shapes, swapped=True)
        if _on_our_ground(turned):  # swapped ones come out among the reefs of Truong Sa: in Viet Nam, and at sea
            doubts.append(_northing_first())
        elif problem is not None:
            raise problem
    accuracy = ways[0].accuracy
    way = f"{source.name} -> WGS 84: {ways[0].description}" + (f", {accuracy:g} m" if accuracy and accuracy > 0 else "")
    return Brought(moved.tolist(), way, tuple(doubts))


def _through(way: Transformer, shapes: Any, *, swapped: bool) -> tuple[Any, ProjError | None]:
    x, y = (1, 0) if swapped else (0, 1)
    try:
        return shapely.transform(
            shapes, lambda c: np.column_stack(way.transform(c[:, x], c[:, y], errcheck=True))
        ), None
    except ProjError as problem:
        return np.asarray([], dtype=object), problem


def _on_our_ground(shapes: Any) -> bool:
    if not len(shapes):
        return False
    west, south, east, north = (float(it) for it in shapely.total_bounds(shapes))
    return OUR_GROUND[0] <= south and OUR_GROUND[1] <= west and north <= OUR_GROUND[2] and east <= OUR_GROUND[3]


def _datum_lost(source: CRS) -> list[Problem]:
    """A projection of VN-2000 on the datum of WGS84: drawn so by programs that do not know VN-2000."""
    if source.is_bound or source.geodetic_crs is None:
        return []
    datum = _datum_name(source)
    on_vn_2000 = "vietnam" in datum.lower()
    named = "vn2000" in "".join(ch for ch in source.name.lower() if ch.isalnum())
    remedy = vn_2000_for(source)
    if on_vn_2000 or not (named or remedy) or source.to_epsg() in UTM_TWINS:
        return []
    say = f" --crs {remedy}" if remedy else " --crs EPSG:9210 (TP.HCM), EPSG:3405 (UTM 48)"
    return [Problem(
        "vn2000_without_datum",
        f"Hệ tọa độ “{source.name}” giống VN-2000 nhưng ghi datum {datum}: mọi địa bàn sẽ lệch khoảng"
        f" 200 m. Nhập lại với{say}; nếu tệp đúng là như vậy, dùng --trust-crs.",
        f"The reference system “{source.name}” looks like VN-2000 but names the datum {datum}: every zone"
        f" would be some 200 m off. Import again with{say}; if the file is meant so, with --trust-crs.",
    )]  # fmt: skip


def vn_2000_for(source: CRS) -> str:
    """The EPSG code of VN-2000 for a transverse Mercator with its scale and meridian, "" for any other."""
    operation = source.coordinate_operation
    if operation is None or "Mercator" not in operation.method_name:
        return ""
    told = {it.name.lower(): float(it.value) for it in operation.params}
    scale = next((value for name, value in told.items() if "scale" in name), 0.0)
    meridian = next((value for name, value in told.items() if "longitude" in name or "meridian" in name), None)
    if meridian is None or abs(scale - TM_3_SCALE) > 1e-7:
        return ""
    code = next((code for at, code in TM_3.items() if abs(at - meridian) < 1e-6), None)
    return f"EPSG:{code}" if code else ""


def likely(x: float, y: float) -> tuple[str, ...]:
    """Reference systems in which a point in metres would lie on our ground, as ``EPSG:9210 (VN-2000 / TM-3 …)``."""
    south, west, north, east = OUR_GROUND
    found = []
    for code in (9210, 5899, 3405, 32648, *(c for c in TM_3.values() if c not in (9210, 5899)), 3406, 32649):
        name, way = _known(code)
        lon, lat = way.transform(x, y)
        if south <= lat <= north and west <= lon <= east:
            found.append(f"EPSG:{code} ({name})")
    return tuple(found[:4])


@lru_cache(maxsize=32)
def _known(code: int) -> tuple[str, Transformer]:
    return CRS.from_epsg(code).name, Transformer.from_crs(code, WGS84, always_xy=True)


def shifted(candidate: Mapping[str, Any], serving: Mapping[str, Any], crs: str) -> list[Problem]:
    """Whether the zones all lie beside those of the same code that serve, by one and the same vector.

    Both are polygons in degrees by code. Zones whose size changed are left out: they were redrawn.
    """
    vectors = _vectors(candidate, serving)
    if len(vectors) < FEW:
        return []
    middle = np.median(vectors, axis=0)
    away = float(np.hypot(*middle))
    together = np.hypot(*(vectors - middle).T) <= SAME_SHIFT_M
    if not SHIFT_FROM_M <= away <= SHIFT_TO_M or together.mean() < 0.8:
        return []
    lon, lat = _somewhere(serving)
    north, east = metres_per_degree(lat)
    true_lon, true_lat = Transformer.from_crs(VN_2000, WGS84, always_xy=True).transform(lon, lat)
    datum = np.asarray([(true_lon - lon) * east, (true_lat - lat) * north])
    if np.hypot(*(middle + datum)) <= LIKE_VN_2000_M:
        return [_read_as_wgs84(len(vectors), away, crs)]
    if np.hypot(*(middle - datum)) <= LIKE_VN_2000_M:
        return [_taken_for_vn_2000(len(vectors), away)]
    return [Problem(
        "all_shifted",
        f"Cả {len(vectors)} địa bàn cùng mã đều lệch {away:.0f} m so với bộ đang dùng; hãy kiểm tra hệ tọa độ của tệp,"
        " hoặc dùng --trust-crs nếu đúng là như vậy.",
        f"All {len(vectors)} zones with known codes lie {away:.0f} m beside those that serve; check the file's"
        " reference system, or use --trust-crs if it is meant so.",
    )]


def _vectors(candidate: Mapping[str, Any], serving: Mapping[str, Any]) -> Any:
    """Metres east and north from each serving zone's middle to the candidate's."""
    found = []
    for code in sorted(candidate.keys() & serving.keys()):
        ours, theirs = candidate[code], serving[code]
        if not theirs.area or abs(ours.area / theirs.area - 1.0) > SAME_AREA:
            continue
        a, b = theirs.centroid, ours.centroid
        north, east = metres_per_degree(a.y)
        found.append(((b.x - a.x) * east, (b.y - a.y) * north))
    return np.asarray(found, dtype=np.float64).reshape(-1, 2)


def _somewhere(zones: Mapping[str, Any]) -> tuple[float, float]:
    middle = zones[min(zones)].centroid
    return float(middle.x), float(middle.y)


def _read_as_wgs84(count: int, away: float, crs: str) -> Problem:
    try:
        twin = UTM_TWINS.get(CRS.from_user_input(crs).to_epsg() or 0)
    except CRSError:
        twin = None
    remedy = f"EPSG:{twin}" if twin else VN_2000
    return Problem(
        "vn2000_read_as_wgs84",
        f"Cả {count} địa bàn cùng mã lệch {away:.0f} m so với bộ đang dùng, đúng bằng độ lệch VN-2000 và WGS84: tệp ghi"
        f" {crs:.60} nhưng tọa độ là VN-2000. Nhập lại với --crs {remedy}; nếu tệp đúng là như vậy, dùng --trust-crs.",
        f"All {count} zones with known codes lie {away:.0f} m beside those that serve, just as VN-2000 does beside"
        f" WGS84: the file says {crs:.60} and is in VN-2000. Import again with --crs {remedy}; if it is meant so, with"
        " --trust-crs.",
    )


def _taken_for_vn_2000(count: int, away: float) -> Problem:
    return Problem(
        "wgs84_read_as_vn2000",
        f"Cả {count} địa bàn cùng mã lệch {away:.0f} m so với bộ đang dùng: tệp ghi VN-2000 nhưng tọa độ có lẽ đã là"
        " WGS84. Nhập lại với --crs EPSG:4326 (hoặc EPSG:32648); nếu tệp đúng là như vậy, dùng --trust-crs.",
        f"All {count} zones with known codes lie {away:.0f} m beside those that serve: the file says VN-2000 and is"
        " probably in WGS84 already. Import again with --crs EPSG:4326 (or EPSG:32648); if it is meant so, with"
        " --trust-crs.",
    )


def _northing_first() -> Problem:
    return Problem(
        "northing_first",
        "Tọa độ trong tệp ghi hướng bắc (X) trước, hướng đông (Y) sau, theo lối trắc địa; hãy xuất lại với hướng đông"
        " trước.",
        "The coordinates have the northing first, as surveyors write them; export the file with the easting first.",
    )


def _datum_name(source: CRS) -> str:
    geodetic = source.geodetic_crs
    return geodetic.datum.name if geodetic is not None and geodetic.datum is not None else "?"


def guess(geometries: Sequence[Any]) -> tuple[str, ...]:
    """What the figures of a file without a reference system fit."""
    west, south, east, north = (float(it) for it in shapely.total_bounds(np.asarray(geometries, dtype=object)))
    if in_viet_nam(south, west) and in_viet_nam(north, east):
        return ("EPSG:4326 (WGS 84)", f"{VN_2000} (VN-2000)")
    return likely((west + east) / 2.0, (south + north) / 2.0)
