"""Zone files that GDAL reads: GeoPackage and Shapefile.

GDAL goes by what is in a file, not by its name, and knows formats that fetch other files or addresses: what is not of
the format that its name says is refused before GDAL sees it. The texts of a Shapefile come as bytes and are decoded
here (``texts``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from gis.errors import ZoneFileError
from gis.zones.shapefile import Shapefile, shapefile_in
from gis.zones.source_table import MAX_RECORDS, SourceTable, broken, check_count
from gis.zones.texts import AS_BYTES, UTF_8, codec, decoded, fitting

SQLITE = b"SQLite format 3\0"


def read_geopackage(path: Path, layer: str | None) -> SourceTable:
    _begins(path, SQLITE)
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except (DataSourceError, DataLayerError) as error:
        raise broken(path, str(error)) from error
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


def _begins(path: Path, magic: bytes) -> None:
    try:
        with path.open("rb") as opened:
            begin = opened.read(len(magic))
    except OSError as error:
        raise broken(path, str(error.strerror)) from error
    if begin != magic:
        raise broken(path, "≠ GeoPackage")


def _read_with_gdal(path: Path, opened: str, word: str, **how: Any) -> SourceTable:
    try:
        meta, fids, wkb, values = pyogrio.raw.read(opened, return_fids=True, max_features=MAX_RECORDS + 1, **how)
    except (DataSourceError, DataLayerError) as error:
        raise broken(path, str(error)) from error
    check_count(path, len(wkb))
    columns = {str(n): _plain(v) for n, v in zip(meta["fields"], values, strict=True)}
    records = [int(fid) for fid in fids]
    geometries = [_wkb_geometry(path, word, fid, blob) for fid, blob in zip(records, wkb, strict=True)]
    # SQLite's "undefined" reference systems 0 and -1 come back as an engineering or unnamed CRS: that is no
    # CRS.
    crs = meta["crs"]
    if crs is not None and ("undefined" in crs.lower() or crs.startswith(("ENGCRS", "LOCAL_CS"))):
        crs = None
    return SourceTable(columns, geometries, crs, word, records)


def read_shapefile(path: Path, layer: str | None, encoding: str | None) -> SourceTable:
    """A .shp with its .shx and .dbf beside it, or a zip with the three. Without a .cpg the texts are UTF-8, or the
    caller says what they are: a wrong guess would make rubbish of every name and look like data."""
    found = shapefile_in(path, layer)
    told = encoding or found.cpg
    name = codec(told) if told else UTF_8
    table = _read_with_gdal(path, found.opened, "feature", encoding=AS_BYTES)
    if len(table.records) != found.rows:
        raise _deleted(path, found.stem, found.rows - len(table.records))
    try:
        if not name:
            raise LookupError(told)
        columns = {decoded(key, name): [_text(it, name) for it in values] for key, values in table.columns.items()}
    except (UnicodeDecodeError, LookupError) as error:
        raise _encoding(path, found, told, table) from error
    own = "" if encoding or name == UTF_8 else name
    return SourceTable(columns, table.geometries, table.crs, table.record_word, table.records, own)


def _deleted(path: Path, stem: str, count: int) -> ZoneFileError:
    return ZoneFileError(
        "zone_file.deleted_rows",
        f"Tệp {path}: {count} dòng của {stem}.dbf bị đánh dấu xóa; hãy dọn (repack) hoặc xuất lại lớp địa bàn.",
        f"{path}: {count} rows of {stem}.dbf are marked as deleted; repack the layer of zones, or export it again.",
        file=str(path),
    )


def _text(value: Any, name: str) -> Any:
    return decoded(value, name) if isinstance(value, str) else value


def _encoding(path: Path, found: Shapefile, told: str, table: SourceTable) -> ZoneFileError:
    texts = [it for values in table.columns.values() for it in values if isinstance(it, str)]
    fits = fitting(texts)
    return ZoneFileError(
        "zone_file.encoding",
        f"Tệp {path}: chữ trong {found.stem}.dbf không phải mã {told or 'UTF-8'}; hãy ghi rõ bằng --encoding"
        f" (cp1258, tcvn3, utf-8), hoặc xuất lại với UTF-8." + (f" Chữ trong tệp hợp với: {fits}." if fits else ""),
        f"{path}: the texts in {found.stem}.dbf are not in {told or 'UTF-8'}; say it with --encoding (cp1258, tcvn3,"
        f" utf-8), or export again as UTF-8." + (f" The texts fit: {fits}." if fits else ""),
        file=str(path),
    )


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


def _plain(values: Any) -> list[Any]:
    """Numpy columns as Python values; GDAL's NaN for an empty number is None."""
    out = np.asarray(values).tolist()
    return [None if isinstance(v, float) and v != v else v for v in out]
