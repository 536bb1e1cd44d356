"""A zone file as its author wrote it: code, name, station and polygon of every record, in WGS84 degrees.

The fields are found by a short table of the names that people use, or named by the caller. Any reference
system that PROJ can bring to WGS84 without guessing is brought there. What the polygons are worth is the
gate's question.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj.exceptions import CRSError, ProjError

from gis.errors import ZoneFileError
from gis.zones.reference import Brought, bring, guess
from gis.zones.report import Problem
from gis.zones.source import read_source
from gis.zones.source_table import SourceTable
from gis.zones.texts import plausible

# Compared in lower case, in this order of preference.
CODE_FIELDS = ("code", "ma", "ma_xa", "maxa", "ma_phuong", "ward_code", "zone_code", "ma_dia_ban", "id_xa")
NAME_FIELDS = (
    "fullname", "full_name", "ten_day_du",  # with «Phường» or «Xã» before it, where the file has both
    "name", "ten", "ten_xa", "tenxa", "ten_phuong", "ward_name", "zone_name", "ten_dia_ban", "ward",
)  # fmt: skip
STATION_FIELDS = ("station", "station_id", "station_code", "don_vi", "tram", "ma_tram")
BACKUP_FIELDS = ("backups", "backup", "backup_stations", "du_phong", "tram_du_phong")
AID_FIELDS = ("mutual_aid", "aid", "chi_vien", "tuong_tro")
DBF_NAME = 10  # a Shapefile cuts names of fields off there

MAX_CODE = 40
MAX_NAME = 120
MAX_LISTED = 20


@dataclass(frozen=True, slots=True)
class ZoneFileOptions:
    """What the caller knows better than the tables above; None lets the file decide."""

    code_field: str | None = None
    name_field: str | None = None
    station_field: str | None = None
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None  # of a Shapefile's texts


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
    backups: tuple[str, ...] = ()
    mutual_aid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawZones:
    """``way``: how the coordinates were brought to WGS84; ``doubts``: what looks wrong about the reference system;
    ``ground``: about whose ground it is."""

    path: Path
    crs: str
    zones: tuple[RawZone, ...]
    way: str = ""
    doubts: tuple[Problem, ...] = ()
    ground: tuple[Problem, ...] = ()


def read_zone_file(path: Path, options: ZoneFileOptions | None = None) -> RawZones:
    """Read all of ``path`` or raise ``ZoneFileError`` naming the file, the record and the field."""
    options = options or ZoneFileOptions()
    table = read_source(path, options.layer, options.encoding)
    code = _field(path, table, "--code-field", options.code_field, CODE_FIELDS, required=True)
    name = _field(path, table, "--name-field", options.name_field, NAME_FIELDS, required=True)
    station = _field(path, table, "--station-field", options.station_field, STATION_FIELDS, required=False)
    backups = _field(path, table, "", None, BACKUP_FIELDS, required=False)
    aid = _field(path, table, "", None, AID_FIELDS, required=False)
    shapes = [_polygonal(path, table, i) for i in range(len(table.records))]
    crs = options.crs or table.crs
    if crs is None:
        raise _no_crs(path, shapes)
    brought = _brought(path, crs, shapes)
    _check_letters(path, table, name)
    zones = []
    for i, record in enumerate(table.records):
        zones.append(
            RawZone(
                record,
                f"{table.record_word} {record}",
                _text(path, table, code, i, MAX_CODE, required=True),
                _text(path, table, name, i, MAX_NAME, required=True),
                _text(path, table, station, i, MAX_CODE, required=False) if station else "",
                brought.geometries[i],
                split(_text(path, table, backups, i, MAX_CODE * MAX_LISTED, required=False)) if backups else (),
                split(_text(path, table, aid, i, MAX_NAME * MAX_LISTED, required=False)) if aid else (),
            )
        )
    return RawZones(path, crs, tuple(zones), brought.way, brought.doubts)


def split(text: str) -> tuple[str, ...]:
    """``PS02; PS07`` as its parts, each once, in their order."""
    parts = (part.strip() for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MAX_LISTED]


def _no_crs(path: Path, shapes: list[Any]) -> ZoneFileError:
    fits = ", ".join(guess(shapes)) if shapes else ""
    return ZoneFileError(
        "zone_file.no_crs",
        f"Tệp {path} không nói hệ tọa độ; hãy ghi rõ bằng --crs, ví dụ EPSG:4326 hoặc EPSG:9210 (VN-2000 TP.HCM)."
        + (f" Số liệu trong tệp hợp với: {fits}." if fits else ""),
        f"{path} names no reference system; say it with --crs, e.g. EPSG:4326 or EPSG:9210 (VN-2000, Ho Chi Minh City)."
        + (f" The file's figures fit: {fits}." if fits else ""),
        file=str(path),
        field="crs",
    )


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
            for spelt in (word, word[:DBF_NAME]):
                if spelt in lower:
                    return lower[spelt]
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
    text = "" if value is None else unicodedata.normalize("NFC", " ".join(str(value).split()))
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


def _check_letters(path: Path, table: SourceTable, column: str) -> None:
    """What the file itself says of its encoding is believed only where it gives Vietnamese names."""
    names = [str(it) for it in table.columns.get(column, ()) if it is not None] if table.encoding else []
    strange = next((it for it in names if not plausible(it)), None)
    if strange is None:
        return
    raise ZoneFileError(
        "zone_file.letters",
        f"Tệp {path} ghi mã chữ {table.encoding} nhưng đọc ra “{strange:.40}”, không phải chữ Việt; hãy ghi mã đúng"
        " bằng --encoding (cp1258, tcvn3, utf-8).",
        f"{path} says that its texts are in {table.encoding}, which gives “{strange:.40}”, no Vietnamese; say the right"
        " one with --encoding (cp1258, tcvn3, utf-8).",
        file=str(path),
        field=column,
    )


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


def _brought(path: Path, crs: str, geometries: list[Any]) -> Brought:
    try:
        return bring(crs, geometries)
    except (CRSError, ProjError, UnicodeError) as error:
        raise ZoneFileError(
            "zone_file.crs",
            f"Tệp {path}: không đổi được hệ tọa độ {crs:.80} sang WGS84 ({error}); hãy ghi đúng hệ bằng --crs hoặc xuất"
            f" ra EPSG:4326.",
            f"{path}: the reference system {crs:.80} cannot be brought to WGS84 ({error}); say the right one with"
            f" --crs, or export as EPSG:4326.",
            file=str(path),
            field="crs",
        ) from error
