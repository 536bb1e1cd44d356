"""Is it the map of this city, and no less than the one in force? A whole file may still be another's, a corner of the
city, or older than what serves: that is said, and put in force only where somebody means it."""

from __future__ import annotations

import numpy as np

from gis.addresses.wards import present_wards
from gis.errors import MapImportError
from gis.map_import.source import Source
from gis.map_import.versions import Manifest

BEYOND_DEG = 0.1
"""So far beyond its streets (11 km) a map still is one of the wards there."""

LEAST = 0.5
"""Of the streets, and of the ground, of the map in force."""

OLDER_MS = 24 * 3_600_000

Bounds = tuple[float, float, float, float]


def judge(found: Source, serving: Manifest | None) -> None:
    """Raises MapImportError with what is odd about the file."""
    if not _holds_a_ward(found.bounds):
        south, west, north, east = found.bounds
        raise _odd(
            found, "map_other_city",
            f"đường nằm ở {south:.3f}, {west:.3f} đến {north:.3f}, {east:.3f}, không có phường, xã nào của thành phố ở"
            " đó",
            f"its streets lie at {south:.3f}, {west:.3f} to {north:.3f}, {east:.3f}, where no ward of the city is",
        )  # fmt: skip
    if serving is None:
        return
    before = serving.counts.get("streets", 0)
    if found.streets < LEAST * before:
        raise _odd(
            found, "map_smaller",
            f"chỉ có {found.streets} con đường, bản đang dùng (số {serving.version}) có {before}",
            f"it has {found.streets} streets, the map in force (version {serving.version}) has {before}",
        )  # fmt: skip
    kept = _kept(found.bounds, serving.bounds)
    if kept < LEAST:
        raise _odd(
            found, "map_smaller",
            f"chỉ phủ {kept:.0%} vùng của bản đang dùng (số {serving.version})",
            f"it covers {kept:.0%} of the ground of the map in force (version {serving.version})",
        )  # fmt: skip
    if found.dated and found.dated < serving.dated - OLDER_MS:
        days = round((serving.dated - found.dated) / OLDER_MS)
        raise _odd(
            found, "map_older",
            f"dữ liệu cũ hơn bản đang dùng (số {serving.version}) {days} ngày",
            f"its data are {days} days older than those of the map in force (version {serving.version})",
        )  # fmt: skip


def _odd(found: Source, code: str, vi: str, en: str) -> MapImportError:
    return MapImportError(
        code,
        f"{found.file}: {vi}; hãy lấy đúng tệp của thành phố, hoặc thêm --anyway nếu đúng là muốn dùng nó. Bản đồ đang"
        " dùng vẫn giữ nguyên.",
        f"{found.file}: {en}; take the file of the city, or add --anyway if this one is meant. The map in force stays.",
        file=str(found.file),
    )


def _holds_a_ward(bounds: Bounds) -> bool:
    south, west, north, east = bounds
    wards = np.array([(it.lat, it.lon) for it in present_wards()])
    lat, lon = wards[:, 0], wards[:, 1]
    beyond = BEYOND_DEG
    inside = (south - beyond <= lat) & (lat <= north + beyond) & (west - beyond <= lon) & (lon <= east + beyond)
    return bool(inside.any())


def _kept(new: Bounds, old: Bounds) -> float:
    """Which part of the old box lies in the new one; 1 where the old one has no size."""
    tall, wide = old[2] - old[0], old[3] - old[1]
    if tall <= 0 or wide <= 0:
        return 1.0
    north, east = min(new[2], old[2]) - max(new[0], old[0]), min(new[3], old[3]) - max(new[1], old[1])
    return max(0.0, north) * max(0.0, east) / (tall * wide)
