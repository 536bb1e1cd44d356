"""The formats of zone files: GeoJSON, GeoPackage and Shapefile into one table of columns and geometries.

Nothing is repaired and nothing skipped here: a record that cannot be read refuses the file. Limits:
``MAX_BYTES`` a file, ``source_table.MAX_RECORDS`` records.
"""

from __future__ import annotations

from pathlib import Path

from gis.errors import ZoneFileError
from gis.zones.source_gdal import read_geopackage, read_shapefile
from gis.zones.source_geojson import read_geojson
from gis.zones.source_table import SourceTable

MAX_BYTES = 256 * 1024 * 1024


def read_source(path: Path, layer: str | None, encoding: str | None = None) -> SourceTable:
    """Read ``path`` by its ending. Raises ``ZoneFileError``."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:  # a name longer than any that there can be
        size = None
    if size is None:
        raise ZoneFileError(
            "zone_file.missing",
            f"Không có tệp {path}; hãy kiểm tra lại đường dẫn.",
            f"There is no file {path}; check the path.",
            file=str(path),
        )
    if size > MAX_BYTES:
        raise ZoneFileError(
            "zone_file.too_big",
            f"Tệp {path} nặng {size} byte, quá giới hạn {MAX_BYTES}; hãy chỉ xuất các địa bàn.",
            f"{path} has {size} bytes, the limit is {MAX_BYTES}; export the zones alone.",
            file=str(path),
        )
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        return read_geojson(path)
    if suffix == ".gpkg":
        return read_geopackage(path, layer)
    if suffix in (".shp", ".zip"):
        return read_shapefile(path, layer, encoding)
    raise ZoneFileError(
        "zone_file.format",
        f"Không đọc được tệp {path}; hãy dùng GeoJSON (.geojson), GeoPackage (.gpkg) hoặc Shapefile (.shp, .zip).",
        f"{path} is of no known format; give GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.shp, .zip).",
        file=str(path),
    )
