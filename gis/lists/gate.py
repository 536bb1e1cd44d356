"""The gate of each list: whole and right, or refused with every fault. What passes is of the domain's own types."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import Beds, Hospital, PlaceRules, PremiseFound, Station
from gis.errors import DemoDataError, ListFileError
from gis.lists.faults import checked, refused
from gis.lists.sheet import ROWS_MOST, read_sheet
from gis.lists.where import Where
from gis.table import MAX_BYTES, MAX_TEXT, Row

VEHICLES = ("fire_engine", "ambulance", "patrol_car", "motorbike", "boat")
_ID = re.compile(r"[^\s/#@:;,]{1,20}")
_YES = {"yes": True, "no": False, "": False, "có": True, "không": False, "true": True, "false": False}
RADIUS_USUAL_M = 30.0
RADIUS_MOST_M = 5_000.0
TEXT_MOST = 1_000
SKILLS_MOST, SKILL_MOST = 60, 40


def read_station_list(path: Path, services: Collection[str], where: Where) -> tuple[Station, ...]:
    """Columns id, service, name, lat, lon; sample may be missing."""

    def station(row: Row) -> Station:
        lat, lon = where.place(row)
        return Station(
            id=_ident(row, "id"), service=_service(row, services), name=row.text("name"), lat=lat, lon=lon,
            sample=_yes(row),
        )  # fmt: skip

    rows = read_sheet(path, ("id", "service", "name", "lat", "lon"), ("sample",))
    return checked(path, rows, "id", station)


def read_unit_list(path: Path, stations: Mapping[str, Station], services: Collection[str]) -> tuple[Unit, ...]:
    """Columns call_sign, service, station, label, capabilities (a|b or a;b); vehicle and sample may be missing."""

    def unit(row: Row) -> Unit:
        service = _service(row, services)
        home = stations.get(row.values["station"])
        if home is None:
            near = _near(row.values["station"], stations)
            raise row.wrong("station", f"mã trạm có trong danh sách, như {near}", f"a station's id, such as {near}")
        if home.service != service:
            raise row.wrong("station", f"trạm của {service}", f"a station of {service}")
        vehicle = row.values["vehicle"]
        return Unit(
            call_sign=_ident(row, "call_sign"), service=service, station=home.id, label=_free(row, "label", MAX_TEXT),
            capabilities=_skills(row), lat=home.lat, lon=home.lon, sample=_yes(row),
            vehicle=row.one_of("vehicle", VEHICLES) if vehicle else "",
        )  # fmt: skip

    columns = ("call_sign", "service", "station", "label", "capabilities")
    return checked(path, read_sheet(path, columns, ("vehicle", "sample")), "call_sign", unit)


def read_hospital_list(path: Path, rules: PlaceRules, where: Where) -> tuple[Hospital, ...]:
    """Columns id, name, lat, lon; capabilities (a|b), beds (emergency:20|icu:4) and sample may be missing."""

    def hospital(row: Row) -> Hospital:
        lat, lon = where.place(row)
        skills = _codes(row.values["capabilities"])
        for skill in skills:
            if skill not in rules.skills:
                allowed = ", ".join(rules.skills)
                raise row.wrong("capabilities", f"một trong: {allowed}", f"one of: {allowed}")
        return Hospital(
            id=_ident(row, "id"), name=row.text("name"), lat=lat, lon=lon, skills=skills,
            beds=_beds(row, rules), sample=_yes(row),
        )  # fmt: skip

    rows = read_sheet(path, ("id", "name", "lat", "lon"), ("capabilities", "beds", "sample"))
    return checked(path, rows, "id", hospital)


def read_premise_list(
    path: Path, rules: PlaceRules, where: Where, *, kind: str = "", utc_offset_min: int = 420
) -> tuple[PremiseFound, ...]:
    """CSV with lat, lon (id, kind, label, text, radius_m, until as 2026-12-31 may be missing), or GeoJSON points with
    these as properties. ``kind`` is for rows that name none."""

    def note(row: Row) -> PremiseFound:
        lat, lon = where.place(row)
        named = row.values["kind"] or kind
        if named not in rules.kinds:
            allowed = ", ".join(rules.kinds)
            raise row.wrong("kind", f"một trong: {allowed} (hoặc --kind)", f"one of: {allowed} (or --kind)")
        radius = row.number("radius_m", 0.0, RADIUS_MOST_M) if row.values["radius_m"] else RADIUS_USUAL_M
        return PremiseFound(
            id=row.text("id"), kind=named, label=_free(row, "label", TEXT_MOST), text=_free(row, "text", TEXT_MOST),
            lat=lat, lon=lon, radius_m=radius, until=_until(row, utc_offset_min),
        )  # fmt: skip

    if path.suffix.casefold() in (".geojson", ".json"):
        return checked(path, _numbered(_features(path)), "id", note)
    columns = ("id", "kind", "label", "text", "radius_m", "until")
    return checked(path, _numbered(read_sheet(path, ("lat", "lon"), columns)), "id", note)


def _numbered(rows: list[Row]) -> list[Row]:
    """A note without an id is named after its line; that name too may be there once only."""
    return [replace(it, values={**it.values, "id": it.values["id"] or str(it.line)}) for it in rows]


# --- values -----------------------------------------------------------------------------------------------------------


def _ident(row: Row, column: str) -> str:
    if _ID.fullmatch(row.values[column]) is None or not row.values[column].isprintable():
        raise row.wrong(
            column,
            "mã từ 1 đến 20 ký tự, không có dấu cách và / # @ : ; ,",
            "an id of 1 to 20 characters without spaces and / # @ : ; ,",
        )
    return row.values[column]


def _free(row: Row, column: str, most: int) -> str:
    """May be empty and have lines, no other signs that a screen or a terminal obeys."""
    value = row.values[column]
    if len(value) > most or not value.replace("\n", " ").replace("\t", " ").isprintable():
        raise row.wrong(column, f"nhiều nhất {most} ký tự in được", f"{most} printable characters at most")
    return value


def _skills(row: Row) -> tuple[str, ...]:
    skills = _codes(row.values["capabilities"])
    if len(skills) > SKILLS_MOST or any(len(it) > SKILL_MOST or not it.isprintable() for it in skills):
        raise row.wrong(
            "capabilities", f"nhiều nhất {SKILLS_MOST} mã, mỗi mã nhiều nhất {SKILL_MOST} ký tự",
            f"{SKILLS_MOST} codes at most, of {SKILL_MOST} characters at most",
        )  # fmt: skip
    return skills


def _service(row: Row, services: Collection[str]) -> str:
    return row.one_of("service", services)


def _yes(row: Row) -> bool:
    said = row.values["sample"].casefold()
    if said not in _YES:
        raise row.wrong("sample", "yes hoặc no", "yes or no")
    return _YES[said]


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.strip() for code in re.split(r"[;|]", text) if code.strip()))


def _near(word: str, known: Iterable[str]) -> str:
    begins = [it for it in sorted(known) if word and it.casefold().startswith(word[:2].casefold())]
    return ", ".join((begins or sorted(known))[:5]) or "—"


def _beds(row: Row, rules: PlaceRules) -> dict[str, Beds]:
    beds = {}
    for part in _codes(row.values["beds"]):
        kind, _, count = part.partition(":")
        if kind.strip() not in rules.beds or not (count.isascii() and count.strip().isdecimal()) or len(count) > 4:
            allowed = ", ".join(rules.beds)
            raise row.wrong(
                "beds", f"dạng emergency:20|icu:4 với các loại {allowed}", f"such as emergency:20|icu:4, of {allowed}"
            )
        beds[kind.strip()] = Beds(free=int(count))
    return beds


def _until(row: Row, utc_offset_min: int) -> int:
    """The end of that day at the site, ms UTC; 0 where none is given."""
    if not row.values["until"]:
        return 0
    try:
        day = date.fromisoformat(row.values["until"])
        if not 2000 <= day.year < 3000:
            raise ValueError(day)
    except ValueError:
        raise row.wrong("until", "ngày dạng 2026-12-31", "a date such as 2026-12-31") from None
    zone = timezone(timedelta(minutes=utc_offset_min))
    return int(datetime.combine(day + timedelta(days=1), time(), zone).timestamp() * 1000)


def _features(path: Path) -> list[Row]:
    """GeoJSON points as rows: the line is the number of the feature."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"> {MAX_BYTES} byte")
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
        features = document["features"]
        if document.get("type") != "FeatureCollection" or len(features) > ROWS_MOST:
            raise ValueError(f"FeatureCollection, <= {ROWS_MOST}")
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as problem:
        raise ListFileError(
            "list.file",
            f"Tệp {path} không phải GeoJSON đọc được ({str(problem)[:120]}); cần FeatureCollection các điểm, UTF-8.",
            f"{path} is no readable GeoJSON ({str(problem)[:120]}); a FeatureCollection of points is needed, in UTF-8.",
            file=str(path),
        ) from problem
    rows, faults = [], []
    for number, feature in enumerate(features, 1):
        values = _properties(feature)
        row = Row(path, number, values)
        if values["lat"]:
            rows.append(row)
        else:
            faults.append(row.wrong("lat", "hình dạng Point [kinh độ, vĩ độ]", "a Point [longitude, latitude]"))
    if faults:
        raise refused(path, list[DemoDataError](faults))
    return rows


def _properties(feature: Any) -> dict[str, str]:
    names = ("id", "kind", "label", "text", "radius_m", "until")
    given = feature.get("properties") if isinstance(feature, dict) else None
    given = given if isinstance(given, dict) else {}
    values = {
        name: unicodedata.normalize("NFC", str(given[name])).strip() if given.get(name) is not None else ""
        for name in names
    }
    values |= {"lat": "", "lon": ""}
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if isinstance(point, list) and len(point) >= 2:
        values |= {"lat": str(point[1]), "lon": str(point[0])}
    return values
