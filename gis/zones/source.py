"""The formats of zone files: GeoJSON, GeoPackage and Shapefile into one table of columns and geometries.

Nothing is repaired and nothing skipped here: a record that cannot be read refuses the file. Limits:
``MAX_BYTES`` a file, ``MAX_RECORDS`` records.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from gis.errors import ZoneFileError
from gis.zones.shapefile import shapefile_in

MAX_BYTES = 256 * 1024 * 1024
MAX_RECORDS = 20_000


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Columns by name (one value a record) beside the geometries; ``crs`` is what the file says, None if
    nothing.
    """

    columns: dict[str, list[Any]]
    geometries: list[Any]
    crs: str | None
    record_word: str  # what the format calls a record: "feature" counts from 0, "fid" is the row's own number
    records: list[int]


def read_source(path: Path, layer: str | None, encoding: str | None = None) -> SourceTable:
    """Read ``path`` by its ending. Raises ``ZoneFileError``."""
    if not path.is_file():
        raise ZoneFileError(
            "zone_file.missing",
            f"Không có tệp {path}; hãy kiểm tra lại đường dẫn.",
            f"There is no file {path}; check the path.",
            file=str(path),
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ZoneFileError(
            "zone_file.too_big",
            f"Tệp {path} nặng {size} byte, quá giới hạn {MAX_BYTES}; hãy chỉ xuất các địa bàn.",
            f"{path} has {size} bytes, the limit is {MAX_BYTES}; export the zones alone.",
            file=str(path),
        )
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        return _read_geojson(path)
    if suffix == ".gpkg":
        return _read_geopackage(path, layer)
    if suffix in (".shp", ".zip"):
        return _read_shapefile(path, layer, encoding)
    raise ZoneFileError(
        "zone_file.format",
        f"Không đọc được tệp {path}; hãy dùng GeoJSON (.geojson), GeoPackage (.gpkg) hoặc Shapefile (.shp, .zip).",
        f"{path} is of no known format; give GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.shp, .zip).",
        file=str(path),
    )


def _read_geojson(path: Path) -> SourceTable:
    features, crs = _features(path)
    names = {key for feature in features for key in (feature.get("properties") or {})}
    columns = {n: [(f.get("properties") or {}).get(n) for f in features] for n in sorted(names)}
    geometries = [_geojson_geometry(path, i, f.get("geometry")) for i, f in enumerate(features)]
    return SourceTable(columns, geometries, crs, "feature", list(range(len(features))))


def _features(path: Path) -> tuple[list[dict[str, Any]], str]:
    try:
        root = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
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
    _check_count(path, len(features))
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
    name = member.get("properties", {}).get("name") if isinstance(member, dict) else None
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


def _read_geopackage(path: Path, layer: str | None) -> SourceTable:
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except (DataSourceError, DataLayerError) as error:
        raise _broken(path, str(error)) from error
    if layer is None and len(layers) == 1:
        layer = layers[0]
    if layer not in layers:
        names = ", ".join(layers) or "-"
        raise ZoneFileError(
            "zone_file.layer",
            f"Tệp {path} có các lớp: {names}; hãy ghi rõ lớp nào là địa bàn (layer).",
            f"{path} has the layers: {names}; say which one holds the zones (layer).",
            file=str(path),
            field="layer",
        )
    return _read_with_gdal(path, str(path), "fid", layer=layer)


def _read_with_gdal(path: Path, opened: str, word: str, **how: Any) -> SourceTable:
    try:
        meta, fids, wkb, values = pyogrio.raw.read(opened, return_fids=True, **how)
    except (DataSourceError, DataLayerError) as error:
        raise _broken(path, str(error)) from error
    _check_count(path, len(wkb))
    columns = {str(n): _plain(v) for n, v in zip(meta["fields"], values, strict=True)}
    records = [int(fid) for fid in fids]
    geometries = [_wkb_geometry(path, word, fid, blob) for fid, blob in zip(records, wkb, strict=True)]
    # SQLite's "undefined" reference systems 0 and -1 come back as an engineering or unnamed CRS: that is no
    # CRS.
    crs = meta["crs"]
    if crs is not None and ("undefined" in crs.lower() or crs.startswith(("ENGCRS", "LOCAL_CS"))):
        crs = None
    return SourceTable(columns, geometries, crs, word, records)


def _read_shapefile(path: Path, layer: str | None, encoding: str | None) -> SourceTable:
    """A .shp with its .shx and .dbf beside it, or a zip with the three. Without a .cpg the texts are UTF-8, or the
    caller says what they are: a wrong guess would make rubbish of every name and look like data."""
    found = shapefile_in(path, layer)
    opened = found.opened
    if encoding is None and not found.has_cpg:
        encoding = "UTF-8"
    try:
        return _read_with_gdal(path, opened, "feature", encoding=encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise ZoneFileError(
            "zone_file.encoding",
            f"Tệp {path}: chữ trong {found.stem}.dbf không phải mã {encoding or 'ghi trong .cpg'}; hãy ghi rõ bằng"
            " --encoding, ví dụ cp1258, hoặc xuất lại với UTF-8.",
            f"{path}: the texts in {found.stem}.dbf are not in {encoding or 'what the .cpg says'}; say it with"
            " --encoding, such as cp1258, or export again as UTF-8.",
            file=str(path),
        ) from error


def _wkb_geometry(path: Path, word: str, fid: int, blob: bytes | None) -> Any:
    if blob is None:
        return None
    try:
        return shapely.from_wkb(blob)
    except shapely.errors.GEOSException as error:
        raise ZoneFileError(
            "zone_file.geometry",
            f"Tệp {path}, {word} {fid}: hình không đọc được ({error}); hãy xuất lại dạng Polygon hoặc MultiPolygon.",
            f"{path}, {word} {fid}: the geometry cannot be read ({error}); export it as Polygon or MultiPolygon.",
            file=str(path),
            record=fid,
            field="geometry",
        ) from error


def _broken(path: Path, why: str) -> ZoneFileError:
    return ZoneFileError(
        "zone_file.broken",
        f"Tệp {path} hỏng hoặc bị ghi dở ({why}); hãy chép hoặc xuất lại.",
        f"{path} is damaged or half written ({why}); copy or export it again.",
        file=str(path),
    )


def _check_count(path: Path, count: int) -> None:
    if count > MAX_RECORDS:
        raise ZoneFileError(
            "zone_file.too_many",
            f"Tệp {path} có {count} bản ghi, quá giới hạn {MAX_RECORDS}; hãy chỉ xuất các địa bàn.",
            f"{path} has {count} records, the limit is {MAX_RECORDS}; export the zones alone.",
            file=str(path),
        )


def _plain(values: Any) -> list[Any]:
    """Numpy columns as Python values; GDAL's NaN for an empty number is None."""
    out = np.asarray(values).tolist()
    return [None if isinstance(v, float) and v != v else v for v in out]
