"""Zone files in GeoJSON, as RFC 7946 or QGIS writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely

from gis.errors import ZoneFileError
from gis.zones.source_table import SourceTable, broken, check_count


def read_geojson(path: Path) -> SourceTable:
    features, crs = _features(path)
    names = {key for feature in features for key in (feature.get("properties") or {})}
    columns = {n: [(f.get("properties") or {}).get(n) for f in features] for n in sorted(names)}
    geometries = [_geojson_geometry(path, i, f.get("geometry")) for i, f in enumerate(features)]
    return SourceTable(columns, geometries, crs, "feature", list(range(len(features))))


def _features(path: Path) -> tuple[list[dict[str, Any]], str]:
    try:
        root = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except OSError as error:
        raise broken(path, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise ZoneFileError(
            "zone_file.not_utf8",
            f"Tệp {path} không phải UTF-8 (byte thứ {error.start}); hãy lưu lại với mã UTF-8.",
            f"{path} is not UTF-8 (byte {error.start}); save it again as UTF-8.",
            file=str(path),
        ) from error
    except (ValueError, RecursionError) as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
        raise ZoneFileError(
            "zone_file.not_json",
            f"Tệp {path} không phải JSON đúng, dòng:cột {where} ({error}); có thể tệp bị ghi dở, hãy xuất"
            f" lại.",
            f"{path} is not JSON, line:column {where} ({error}); it may be half written, export it again.",
            file=str(path),
        ) from error
    features = root.get("features") if isinstance(root, dict) else None
    if not isinstance(features, list) or root.get("type") != "FeatureCollection":
        raise ZoneFileError(
            "zone_file.not_collection",
            f"Tệp {path} không phải FeatureCollection của GeoJSON; hãy xuất cả lớp địa bàn ra GeoJSON.",
            f"{path} is no GeoJSON FeatureCollection; export the whole layer of zones as GeoJSON.",
            file=str(path),
        )
    check_count(path, len(features))
    for i, feature in enumerate(features):
        properties = feature.get("properties") if isinstance(feature, dict) else 0
        if not isinstance(feature, dict) or not isinstance(properties, dict | None):
            raise ZoneFileError(
                "zone_file.feature",
                f"Tệp {path}, feature {i}: không phải Feature với properties; hãy xuất lại.",
                f"{path}, feature {i}: no Feature with properties; export the file again.",
                file=str(path),
                record=i,
            )
    return features, _geojson_crs(path, root.get("crs"))


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number of JSON")


def _geojson_crs(path: Path, member: Any) -> str:
    """RFC 7946 knows only WGS84; the older ``crs`` member, which QGIS still writes, is believed where it is
    there.
    """
    if member is None:
        return "EPSG:4326"
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and name:
        return name
    raise ZoneFileError(
        "zone_file.crs_member",
        f"Tệp {path}: mục 'crs' không có properties.name; hãy ghi ví dụ 'urn:ogc:def:crs:OGC:1.3:CRS84' hoặc"
        f" bỏ mục này.",
        f"{path}: the member 'crs' has no properties.name; write e.g. 'urn:ogc:def:crs:OGC:1.3:CRS84' or"
        f" leave it out.",
        file=str(path),
        field="crs",
    )


def _geojson_geometry(path: Path, index: int, member: Any) -> Any:
    if member is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(member))
    except (shapely.errors.GEOSException, ValueError, TypeError) as error:
        raise ZoneFileError(
            "zone_file.geometry",
            f"Tệp {path}, feature {index}: hình không đọc được ({error}); hãy xuất lại dạng Polygon hoặc"
            f" MultiPolygon.",
            f"{path}, feature {index}: the geometry cannot be read ({error}); export it as Polygon or"
            f" MultiPolygon.",
            file=str(path),
            record=index,
            field="geometry",
        ) from error
