"""A zone file as its author wrote it: code, name, station and polygon of every record, in WGS84 degrees.

The fields are found by a short table of the names that people use, or named by the caller. Any reference
system that PROJ can bring to WGS84 without guessing is brought there. What the polygons are worth is the
gate's question.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from gis.errors import ZoneFileError
from gis.geodesy import WGS84
from gis.zones.source import SourceTable, read_source

# Compared in lower case, in this order of preference.
CODE_FIELDS = ("code", "ma", "ma_xa", "maxa", "ma_phuong", "ward_code", "zone_code", "ma_dia_ban", "id_xa")
NAME_FIELDS = (
    "fullname", "full_name", "ten_day_du",  # with «Phường» or «Xã» before it, where the file has both
    "name", "ten", "ten_xa", "tenxa", "ten_phuong", "ward_name", "zone_name", "ten_dia_ban", "ward",
)  # fmt: skip
STATION_FIELDS = ("station", "station_id", "station_code", "don_vi", "tram", "ma_tram")

MAX_CODE = 40
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class ZoneFileOptions:
    """What the caller knows better than the tables above; None lets the file decide."""

    code_field: str | None = None
    name_field: str | None = None
    station_field: str | None = None
    layer: str | None = None
    crs: str | None = None


@dataclass(frozen=True, slots=True)
class RawZone:
    """One record. ``label`` says where it stands in its file, e.g. ``fid 12``; ``geometry`` is polygonal, in
    degrees.
    """

    record: int
    label: str
    code: str
    name: str
    station: str
    geometry: Any


@dataclass(frozen=True, slots=True)
class RawZones:
    path: Path
    crs: str
    zones: tuple[RawZone, ...]


def read_zone_file(path: Path, options: ZoneFileOptions | None = None) -> RawZones:
    """Read all of ``path`` or raise ``ZoneFileError`` naming the file, the record and the field."""
    options = options or ZoneFileOptions()
    table = read_source(path, options.layer)
    code = _field(path, table, "--code-field", options.code_field, CODE_FIELDS, required=True)
    name = _field(path, table, "--name-field", options.name_field, NAME_FIELDS, required=True)
    station = _field(path, table, "--station-field", options.station_field, STATION_FIELDS, required=False)
    crs = options.crs or table.crs
    if crs is None:
        raise ZoneFileError(
            "zone_file.no_crs",
            f"Tệp {path} không nói hệ tọa độ; hãy ghi rõ, ví dụ EPSG:4326 hoặc EPSG:9210 (VN-2000 TP.HCM).",
            f"{path} names no reference system; say it, e.g. EPSG:4326 or EPSG:9210 (VN-2000, Ho Chi Minh"
            f" City).",
            file=str(path),
            field="crs",
        )
    geometries = _to_wgs84(path, table, crs, [_polygonal(path, table, i) for i in range(len(table.records))])
    zones = []
    for i, record in enumerate(table.records):
        zones.append(
            RawZone(
                record,
                f"{table.record_word} {record}",
                _text(path, table, code, i, MAX_CODE, required=True),
                _text(path, table, name, i, MAX_NAME, required=True),
                _text(path, table, station, i, MAX_CODE, required=False) if station else "",
                geometries[i],
            )
        )
    return RawZones(path, crs, tuple(zones))


def _field(
    path: Path, table: SourceTable, option: str, given: str | None, known: tuple[str, ...], *, required: bool
) -> str:
    """The column's name in the file, "" where it is optional and absent."""
    if not table.records:
        return ""
    if given is not None:
        if given in table.columns:
            return given
    else:
        lower = {column.lower(): column for column in table.columns}
        for word in known:
            if word in lower:
                return lower[word]
        if not required:
            return ""
    have = ", ".join(table.columns) or "-"
    wanted = given or " / ".join(known)
    raise ZoneFileError(
        "zone_file.field",
        f"Tệp {path} không có cột {wanted}; các cột có: {have}. Hãy chỉ rõ cột bằng tùy chọn {option}.",
        f"{path} has no field {wanted}; its fields are: {have}. Name the field with the option {option}.",
        file=str(path),
        field=wanted,
    )


def _text(path: Path, table: SourceTable, column: str, i: int, limit: int, *, required: bool) -> str:
    value = table.columns[column][i]
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # spreadsheets make 26743.0 of the code 26743
    text = "" if value is None else " ".join(str(value).split())
    if isinstance(value, bool | dict | list) or len(text) > limit or not text.isprintable() or (required and not text):
        raise ZoneFileError(
            "zone_file.value",
            f"Tệp {path}, {table.record_word} {table.records[i]}, cột {column}: cần chữ từ 1 đến {limit} ký"
            f" tự,"
            f" không phải {value!r:.60}.",
            f"{path}, {table.record_word} {table.records[i]}, field {column}: a text of 1 to {limit}"
            f" characters is"
            f" needed, not {value!r:.60}.",
            file=str(path),
            record=table.records[i],
            field=column,
        )
    return text


def _polygonal(path: Path, table: SourceTable, i: int) -> Any:
    geometry = table.geometries[i]
    kind = "-" if geometry is None else geometry.geom_type
    if kind in ("Polygon", "MultiPolygon") and not geometry.is_empty:
        if np.isfinite(shapely.get_coordinates(geometry)).all():
            return shapely.force_2d(geometry)
        kind = "NaN"
    raise ZoneFileError(
        "zone_file.geometry",
        f"Tệp {path}, {table.record_word} {table.records[i]}: cần Polygon hoặc MultiPolygon có tọa độ đầy đủ,"
        f" không phải {kind}.",
        f"{path}, {table.record_word} {table.records[i]}: a Polygon or MultiPolygon with finite coordinates"
        f" is"
        f" needed, not {kind}.",
        file=str(path),
        record=table.records[i],
        field="geometry",
    )


def _to_wgs84(path: Path, table: SourceTable, crs: str, geometries: list[Any]) -> list[Any]:
    """Bring the geometries to WGS84 with the axes in the order x, y; VN-2000 is 200 m off where this is left
    out.
    """
    try:
        source = CRS.from_user_input(crs)
        if source.equals(CRS.from_user_input(WGS84), ignore_axis_order=True):
            return geometries
        # allow_ballpark=False: without a known way PROJ would take one datum for the other and say nothing.
        # One way for the whole file: PROJ left alone picks one per point (VN-2000 has two, 0.8 m apart),
        # which tears shared borders.
        ways = TransformerGroup(source, WGS84, always_xy=True, allow_ballpark=False).transformers
        if not ways:
            raise CRSError("no known transformation")
        way = ways[0]
        out: list[Any] = shapely.transform(
            np.asarray(geometries, dtype=object),
            lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1], errcheck=True)),
        ).tolist()
    except (CRSError, ProjError) as error:
        raise ZoneFileError(
            "zone_file.crs",
            f"Tệp {path}: không đổi được hệ tọa độ {crs:.80} sang WGS84 ({error}); hãy xuất ra EPSG:4326.",
            f"{path}: the reference system {crs:.80} cannot be brought to WGS84 ({error}); export as"
            f" EPSG:4326.",
            file=str(path),
            field="crs",
        ) from error
    return out
