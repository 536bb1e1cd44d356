"""The wards of Ho Chi Minh City since 2025-07-01 and the names that they replaced, out of ``vietnamadminunits`` (MIT).

Only the package's data files are read: importing its code would load the whole country, and its functions call a
public geocoder. Of former wards and districts the names alone are taken, never the coordinates, whose origin is
doubtful: a former name answers with the centre of the ward that it became.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from math import pi, sqrt
from pathlib import Path
from typing import Any

from gis.errors import WardDataError

PROVINCE_CODE = "79"
PROVINCE_KEY = "thanhphohochiminh"
WARDS = 168

# Gone into Thành phố Thủ Đức since 2021 and still said every day; the package knows them only as words for all of it.
DISTRICTS_OF_2020 = {
    "Quận 2": ("27094", "27097", "27112"),
    "Quận 9": ("26833", "26842", "26848", "26857", "26860"),
    "Quận Thủ Đức": ("26800", "26803", "26809", "26824"),
}


@dataclass(frozen=True, slots=True)
class Ward:
    """``name`` is in full (``Phường Bến Thành``); ``lat``/``lon`` is its published centre."""

    code: str
    key: str
    name: str
    lat: float
    lon: float
    area_km2: float

    @property
    def radius_m(self) -> float:
        """Of a circle as large as the ward: how far off its centre may be as an answer."""
        return sqrt(self.area_km2 * 1e6 / pi)


@dataclass(frozen=True, slots=True)
class FormerWard:
    """A ward up to 2025-06-30 and the present wards that took its ground, the usual one first."""

    name: str
    district: str
    district_of_2020: str  # "" where it is the same
    merged: tuple[int, ...]  # numbers of older wards that had gone into it before (Phường 8 of Quận 5 into 7)
    became: tuple[Ward, ...]


@dataclass(frozen=True, slots=True)
class FormerDistrict:
    name: str
    became: tuple[Ward, ...]


@lru_cache(maxsize=1)
def present_wards() -> tuple[Ward, ...]:
    """The 168 of the city, sorted by code. Raises ``WardDataError`` where the package is not as expected."""
    rows = _rows(
        "SELECT wardCode, wardKey, ward, wardLat, wardLon, wardAreaKm2 FROM admin_units WHERE provinceCode = ?",
        (PROVINCE_CODE,),
    )
    wards = tuple(sorted((Ward(*row) for row in rows), key=lambda w: w.code))
    if len(wards) != WARDS or len({w.code for w in wards}) != WARDS:
        raise _changed(f"{len(wards)} wards of province {PROVINCE_CODE}, not {WARDS}")
    return wards


@lru_cache(maxsize=1)
def communes_of_the_country() -> tuple[tuple[str, str, float, float, float], ...]:
    """(code of the province, its name, lat, lon, km2) of every ward and commune since 2025-07-01."""
    rows = _rows("SELECT provinceCode, province, wardLat, wardLon, wardAreaKm2 FROM admin_units ORDER BY wardCode", ())
    return tuple((code, name, lat, lon, area or 0.0) for code, name, lat, lon, area in rows)


@lru_cache(maxsize=1)
def former_wards() -> tuple[FormerWard, ...]:
    """Every ward of the three former provinces that made the city, sorted by district and name."""
    became = _became()
    rows = _rows(
        "SELECT provinceKey, districtKey, wardKey, ward, district, wardAlias FROM admin_units_legacy"
        f" WHERE provinceKey IN ({','.join('?' * len(_former_provinces()))}) ORDER BY district, ward",
        _former_provinces(),
    )
    wards = []
    for province, district_key, ward_key, ward, district, alias in rows:
        key = f"{province}_{district_key}_{ward_key or ''}"
        if key not in became:
            raise _changed(f"the former ward {key} has become nothing")
        older = next((d for d, codes in DISTRICTS_OF_2020.items() if became[key][0].code in codes), "")
        wards.append(FormerWard(ward or "", district, older, _merged_numbers(alias), became[key]))
    return tuple(wards)


@lru_cache(maxsize=1)
def former_districts() -> tuple[FormerDistrict, ...]:
    """Districts, towns and cities up to 2025-06-30, and those of 2020, with the present wards that lie there."""
    wards: dict[str, dict[str, Ward]] = {}
    for former in former_wards():
        default = former.became[0]
        wards.setdefault(former.district, {})[default.code] = default
    by_code = {w.code: w for w in present_wards()}
    for name, codes in DISTRICTS_OF_2020.items():
        wards[name] = {code: by_code[code] for code in codes}
    return tuple(FormerDistrict(n, tuple(wards[n][c] for c in sorted(wards[n]))) for n in sorted(wards))


@lru_cache(maxsize=1)
def _former_names() -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for former in former_wards():
        for ward in former.became:
            names.setdefault(ward.code, []).append(", ".join(filter(None, (former.name, former.district))))
    return {code: tuple(them) for code, them in names.items()}


def former_names(code: str) -> tuple[str, ...]:
    """What the ground of this present ward was called up to 2025-06-30: ``Phường 22, Quận Bình Thạnh``."""
    return _former_names().get(code, ())


def _became() -> dict[str, tuple[Ward, ...]]:
    """Present wards by the former ward's key, the default one first."""
    by_key = {w.key: w for w in present_wards()}
    table = json.loads((_data() / "converter_2025.json").read_text(encoding="utf-8"))
    out: dict[str, tuple[Ward, ...]] = {}
    try:
        for ward_key, former in table["DICT_PROVINCE_WARD_NO_DIVIDED"][PROVINCE_KEY].items():
            out.update({key: (by_key[ward_key],) for key in former})
        for key, parts in table["DICT_PROVINCE_WARD_DIVIDED"][PROVINCE_KEY].items():
            ordered = sorted(parts, key=lambda p: not p["isDefaultNewWard"])
            out[key] = tuple(by_key[p["newWardKey"]] for p in ordered)
    except (KeyError, TypeError) as error:
        raise _changed(f"the mapping of 2025 lacks {error}") from error
    return out


@lru_cache(maxsize=1)
def _former_provinces() -> tuple[str, ...]:
    table = json.loads((_data() / "converter_2025.json").read_text(encoding="utf-8"))
    try:
        return tuple(sorted(table["DICT_PROVINCE"][PROVINCE_KEY]))
    except KeyError as error:
        raise _changed(f"the provinces of 2025 lack {error}") from error


def _merged_numbers(alias: str | None) -> tuple[int, ...]:
    """The numbers out of a JSON list of words like ``phuong08``."""
    words = json.loads(alias) if alias else []
    tails = (w.removeprefix("phuong") for w in words if w.startswith("phuong"))
    return tuple(sorted({int(t) for t in tails if t.isdecimal()}))


def _rows(sql: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    path = _data() / "dataset.db"
    try:
        # immutable: the package may lie where nothing may be written, not even SQLite's lock
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            return db.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        raise _changed(str(error)) from error


def _data() -> Path:
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise _changed("the package is not installed")
    return Path(spec.submodule_search_locations[0]).resolve() / "data"


def _changed(why: str) -> WardDataError:
    return WardDataError(
        "wards.data",
        f"Dữ liệu phường xã của gói vietnamadminunits không dùng được ({why}); hãy cài lại gói này.",
        f"The ward data of the package vietnamadminunits cannot be used ({why}); install the package again.",
    )
