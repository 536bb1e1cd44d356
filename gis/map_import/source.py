"""Is this a whole OpenStreetMap file? Proven before anything is built from it.

Every block of the file is unpacked once, so a file that was cut short or damaged is refused. A file that was cut
exactly between two blocks cannot be told from a whole one by its form: a sum beside it (``FILE.md5``, as download sites
have it) is checked where there is one, and a file without streets, or whose streets run over points that it lacks, is
refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import osmium

from dispatch_core.domain.vocabulary import Instant
from gis.errors import MapImportError
from gis.geodesy import in_viet_nam
from gis.map_import.versions import file_sum

SOURCE_LIMIT_BYTES = 4 * 1024**3
"""All of Viet Nam is 0.3 GB."""

SUM_FILE_MOST = 4096

POINTS_MISSING_MOST = 0.2
"""Of the points of the streets: extracts may cut streets at their edge, a half-written file lacks most."""


@dataclass(frozen=True, slots=True)
class Source:
    """What was proven of a file. ``bounds``: south, west, north, east of its streets."""

    file: Path
    sha256: str
    dated: Instant
    bounds: tuple[float, float, float, float]
    streets: int


def prove(file: Path, say: Callable[[str], None]) -> Source:
    """Read the whole file. Raises MapImportError that says what is wrong with it."""
    _is_a_file(file)
    _sum_beside(file)
    say(f"đọc hết tệp / reading the whole file: {file} ({file.stat().st_size / 1e6:.1f} MB)")
    try:
        reader = osmium.io.Reader(str(file))
        try:
            where = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
            where.ignore_errors()
            osmium.apply(reader, where)
            stamp = reader.header().get("osmosis_replication_timestamp", "")
        finally:
            reader.close()
        return _streets(file, stamp)
    except (RuntimeError, ValueError) as problem:
        raise MapImportError(
            "map_unreadable",
            f"{file} không phải tệp OpenStreetMap đọc được, hoặc chỉ ghi được một phần ({problem}); "
            "hãy tải lại tệp .osm.pbf rồi nhập lại. Bản đồ đang dùng vẫn giữ nguyên.",
            f"{file} is no readable OpenStreetMap file, or only part of one ({problem}); "
            "download the .osm.pbf file again, then import it. The map in force stays.",
            file=str(file),
        ) from None


def _is_a_file(file: Path) -> None:
    if not file.is_file():
        raise MapImportError(
            "map_missing", f"Không có tệp {file}.", f"There is no file {file}.", file=str(file)
        )
    if file.stat().st_size > SOURCE_LIMIT_BYTES:
        raise MapImportError(
            "map_too_large",
            f"{file} lớn hơn {SOURCE_LIMIT_BYTES // 1024**3} GB; hãy cắt lấy thành phố và vùng quanh nó.",
            f"{file} is larger than {SOURCE_LIMIT_BYTES // 1024**3} GB; cut the city and its surroundings out of it.",
            file=str(file),
        )


def _sum_beside(file: Path) -> None:
    beside = file.with_name(file.name + ".md5")
    if not beside.is_file():
        return
    with beside.open("rb") as opened:
        told = opened.read(SUM_FILE_MOST).decode("utf-8-sig", errors="replace").lower().split()[:1]
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if told != [found]:
        raise MapImportError(
            "map_sum",
            f"{file} không khớp tổng kiểm {beside.name}; tệp tải thiếu hoặc hỏng, hãy tải lại. "
            "Bản đồ đang dùng vẫn giữ nguyên.",
            f"{file} does not match its sum {beside.name}; it is incomplete or damaged, download it again. "
            "The map in force stays.",
            file=str(file),
        )


def _streets(file: Path, stamp: str) -> Source:
    """Count the streets and where they lie. Raises RuntimeError where the file cannot be read."""
    south, west, north, east = 90.0, 180.0, -90.0, -180.0
    streets = points = missing = newest = 0
    reader = osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY)
    for way in reader.with_locations().with_filter(osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way):
            continue
        streets += 1
        newest = max(newest, int(way.timestamp.timestamp()))
        for node in way.nodes:
            points += 1
            if not node.location.valid():
                missing += 1
                continue
            lat, lon = node.location.lat, node.location.lon
            south, north = min(south, lat), max(north, lat)
            west, east = min(west, lon), max(east, lon)
    if not streets or missing == points or missing > POINTS_MISSING_MOST * points:
        raise MapImportError(
            "map_incomplete",
            f"{file} có {streets} con đường, thiếu {missing} trên {points} điểm của chúng: tệp không trọn vẹn; "
            "hãy tải lại. Bản đồ đang dùng vẫn giữ nguyên.",
            f"{file} has {streets} streets and lacks {missing} of their {points} points: it is not whole; "
            "download it again. The map in force stays.",
            file=str(file),
        )
    if not (in_viet_nam(south, west) and in_viet_nam(north, east)):
        raise MapImportError(
            "map_elsewhere",
            f"Đường trong {file} trải từ {south:.3f}, {west:.3f} đến {north:.3f}, {east:.3f}, ngoài Việt Nam; "
            "hãy lấy đúng tệp của thành phố.",
            f"The streets of {file} reach from {south:.3f}, {west:.3f} to {north:.3f}, {east:.3f}, outside Viet Nam; "
            "take the file of the city.",
            file=str(file),
        )
    dated = datetime.fromisoformat(stamp).timestamp() if stamp else newest
    return Source(file, file_sum(file).sha256, int(dated) * 1000, (south, west, north, east), streets)
