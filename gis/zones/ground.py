"""Whose ground a file is about: another city's, the right wards in the wrong place, or less than what is served now.

A file of Ha Noi, of half the wards or with the neighbour province's central meridian is sound in itself, and in Viet
Nam: only what is known of this city can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gis.addresses.wards import present_wards
from gis.travel.straight import metres_between
from gis.zones.report import Problem
from gis.zones.zone import Zone

LEAST_HERE = 0.5  # of a file's ground lies on that of the city
LOST = 0.5  # a zone that serves is lost where more than this of it would be nobody's
WARD_AWAY_M = 3_000.0  # from the known middle of a ward to a sound file's: hundreds of metres
FEW = 3
LISTED = 8


def judge_ground(candidate: Sequence[Any], serving: Sequence[Zone], *, approximate: bool) -> list[Problem]:
    """Polygons in degrees beside the zones that serve. Of ``approximate`` ones none is missed: they are nobody's
    borders. What is invalid is left to the gate."""
    shapes = np.asarray(candidate, dtype=object)
    if not len(shapes) or not serving or not shapely.is_valid(shapes).all():
        return []
    ours = shapely.union_all(shapes)
    known = shapely.union_all([it.geometry for it in serving])
    if not ours.area or shapely.intersection(ours, known).area < LEAST_HERE * ours.area:
        place = shapely.point_on_surface(ours)
        return [Problem(
            "other_ground",
            f"Hơn nửa diện tích của tệp (quanh {place.y:.3f}, {place.x:.3f}) nằm ngoài địa bàn thành phố; hãy lấy đúng"
            " tệp, kiểm tra hệ tọa độ, hoặc dùng --other-ground nếu đúng là như vậy.",
            f"More than half of the file's ground (near {place.y:.3f}, {place.x:.3f}) is none of the city's; take the"
            " right file, check its reference system, or use --other-ground if it is meant so.",
        )]  # fmt: skip
    if approximate:
        return []
    left = shapely.area(shapely.difference(np.asarray([it.geometry for it in serving], dtype=object), ours))
    lost = [it for it, area in zip(serving, left.tolist(), strict=True) if area > LOST * it.geometry.area]
    if not lost:
        return []
    some = ", ".join(f"{it.code} {it.name}" for it in lost[:LISTED]) + (", …" if len(lost) > LISTED else "")
    return [Problem(
        "ground_lost",
        f"{len(lost)} trên {len(serving)} địa bàn đang dùng sẽ không còn ai phụ trách ({some}); hãy xuất đủ các"
        " địa bàn, hoặc dùng --other-ground nếu đúng là như vậy.",
        f"{len(lost)} of the {len(serving)} zones that serve now would be nobody's ({some}); export all zones, or use"
        " --other-ground if it is meant so.",
    )]  # fmt: skip


def judge_wards(codes: Sequence[str], shapes: Sequence[Any]) -> list[Problem]:
    """Zones that carry wards' own codes, and lie elsewhere than these."""
    known = {it.code: it for it in present_wards()}
    away = []
    for code, shape in zip(codes, shapes, strict=True):
        ward, middle = known.get(code), shape.centroid
        if ward is not None and not middle.is_empty:
            away.append(metres_between(ward.lat, ward.lon, [(middle.y, middle.x)])[0])
    if len(away) < FEW or float(np.median(away)) <= WARD_AWAY_M:
        return []
    km = float(np.median(away)) / 1000
    return [Problem(
        "wards_elsewhere",
        f"{len(away)} địa bàn mang mã phường, xã nhưng nằm cách đó khoảng {km:.0f} km; hãy kiểm tra hệ tọa độ (kinh"
        " tuyến trục) bằng --crs, hoặc dùng --trust-crs nếu đúng là như vậy.",
        f"{len(away)} zones have the codes of wards and lie some {km:.0f} km away from them; check the reference system"
        " (its central meridian) with --crs, or use --trust-crs if it is meant so.",
    )]  # fmt: skip
