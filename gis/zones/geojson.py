"""Zones as GeoJSON bytes and back: exact for the store, thinned for the console's map.

The properties of a feature are ``code``, ``name``, ``station`` and, if any, ``backups`` and ``mutual_aid``; the
collection carries ``approximate`` and the note in both languages. ``read`` takes back what ``write`` made, bit for bit,
and refuses anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import shapely

from gis.errors import ZoneFileError
from gis.zones.zone import APPROXIMATE_EN, APPROXIMATE_VI, Zone

MAP_SIMPLIFY_DEG = 5e-5  # 5 m: a pixel at the zoom of a district
MAP_DECIMALS = 5  # 1 m


class _Properties(msgspec.Struct, omit_defaults=True):
    code: str
    name: str
    station: str
    backups: tuple[str, ...] = ()
    mutual_aid: tuple[str, ...] = ()


class _Feature(msgspec.Struct, tag="Feature"):
    properties: _Properties
    geometry: msgspec.Raw


class _Collection(msgspec.Struct, tag="FeatureCollection"):
    features: list[_Feature]
    approximate: bool = False
    note_vi: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class StoredZones:
    zones: tuple[Zone, ...]
    approximate: bool
    note_vi: str
    note_en: str


def write(zones: Sequence[Zone], *, approximate: bool = False, note_vi: str = "", note_en: str = "") -> bytes:
    """A FeatureCollection in UTF-8 with every coordinate in full."""
    drawn = shapely.to_geojson(np.asarray([z.geometry for z in zones], dtype=object)) if zones else []
    features = [
        _Feature(_Properties(z.code, z.name, z.station, z.backups, z.mutual_aid), msgspec.Raw(str(g).encode()))
        for z, g in zip(zones, drawn, strict=True)
    ]
    return msgspec.json.encode(_Collection(features, approximate, note_vi, note_en))


def write_for_map(zones: Sequence[Zone], *, approximate: bool = False) -> bytes:
    """The same, small: borders thinned by 5 m (shared ones alike) and rounded to 1 m. For drawing, never for lookup."""
    note_vi, note_en = (APPROXIMATE_VI, APPROXIMATE_EN) if approximate else ("", "")
    if not zones:
        return write(())
    thinned = shapely.coverage_simplify(np.asarray([z.geometry for z in zones], dtype=object), MAP_SIMPLIFY_DEG)
    thin = shapely.transform(thinned, lambda c: np.round(c, MAP_DECIMALS))
    drawn = [replace(z, geometry=g, backups=(), mutual_aid=()) for z, g in zip(zones, thin, strict=True)]
    return write(drawn, approximate=approximate, note_vi=note_vi, note_en=note_en)


def read(data: bytes) -> StoredZones:
    """Zones out of ``write``'s bytes. Raises ``ZoneFileError``."""
    try:
        collection = msgspec.json.decode(data, type=_Collection)
        zones = tuple(_zone(f) for f in collection.features)
    except (msgspec.DecodeError, shapely.errors.GEOSException, UnicodeDecodeError) as error:
        raise ZoneFileError(
            "zone_set.stored",
            f"Bộ địa bàn đã lưu không đọc được ({error}); hãy nhập lại từ tệp gốc.",
            f"The stored zone set cannot be read ({error}); import it again from its file.",
        ) from error
    return StoredZones(zones, collection.approximate, collection.note_vi, collection.note_en)


def _zone(feature: _Feature) -> Zone:
    geometry: Any = shapely.from_geojson(bytes(feature.geometry))
    told = feature.properties
    return Zone(told.code, told.name, geometry, told.station, told.backups, told.mutual_aid)
