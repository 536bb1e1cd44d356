"""Zone files and coverages made for a test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from gis.zones.coverage import DECIMALS
from gis.zones.file import RawZone, RawZones
from gis.zones.zone import Zone

WEST, SOUTH = 106.60, 10.70


def square(column: int, row: int, side: float = 0.01) -> Any:
    """One of a sheet of squares that share their borders vertex by vertex."""
    x0, x1 = round(WEST + column * side, DECIMALS), round(WEST + (column + 1) * side, DECIMALS)
    y0, y1 = round(SOUTH + row * side, DECIMALS), round(SOUTH + (row + 1) * side, DECIMALS)
    return shapely.Polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def raw(*geometries: Any, codes: Sequence[str] | None = None) -> RawZones:
    names = codes or [f"Z{i:02d}" for i in range(len(geometries))]
    named = enumerate(zip(names, geometries, strict=True))
    zones = tuple(RawZone(i, f"feature {i}", c, f"Zone {c}", "", g) for i, (c, g) in named)
    return RawZones(Path("sample.geojson"), "EPSG:4326", zones)


def cells(points: Sequence[tuple[float, float]], bounds: tuple[float, float, float, float]) -> list[Zone]:
    """A coverage of the box: what lies nearest to each (lon, lat) of ``points``."""
    box = shapely.box(*bounds)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=box))
    clean = shapely.coverage_clean(shapely.intersection(parts, box))
    rounded = shapely.transform(clean, lambda c: np.round(c, DECIMALS))
    return [Zone(f"Z{i:02d}", f"Zone {i}", g) for i, g in enumerate(rounded)]


def write_geojson(path: Path, features: Sequence[dict[str, Any]], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}), encoding="utf-8")
    return path


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))}


def write_gpkg(
    path: Path, geometries: Sequence[Any], fields: dict[str, list[Any]], crs: str | None, **more: Any
) -> Path:
    pyogrio.raw.write(
        path,
        geometry=np.array([None if g is None else shapely.to_wkb(g) for g in geometries], dtype=object),
        field_data=[np.array(v, dtype=object if isinstance(v[0], str) else None) for v in fields.values()],
        fields=list(fields),
        geometry_type="Unknown",
        crs=crs,
        driver="GPKG",
        **more,
    )
    return path
