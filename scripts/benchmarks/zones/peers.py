"""Other ways to look a place up in the same process, each as a person would write it who wants it fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from gis.zones.zone_set import ZoneSet
from scripts.benchmarks.zones.coverage import Coverage
from scripts.stage.progress import say

H3_RESOLUTION = 9  # 0.1 km2: about the size of our grid's cells, and the fastest of 8 to 10 here


@dataclass(frozen=True)
class Peer:
    """``at`` takes lat, lon and gives the zone's code, None outside; ``points``: so many are asked a round."""

    name: str
    at: Callable[[float, float], str | None]
    points: int
    note: str = ""


def made(ground: Coverage) -> ZoneSet:
    return ZoneSet("police", "bench", 1, ground.zones)


def peers(ground: Coverage) -> list[Peer]:
    zones = sorted(ground.zones, key=lambda it: it.code)
    codes = [it.code for it in zones]
    polygons = np.asarray([it.geometry for it in zones], dtype=object)
    found = [_tree(codes, polygons), _tree_predicate(codes, polygons)]
    for name, make in (("h3, cell and polygon", _h3), ("geopandas.sjoin", _sjoin)):
        try:
            found.append(make(codes, polygons))
        except ImportError as missing:
            say(f"   {name}: not here ({missing})")
    return found


def _tree(codes: list[str], polygons: np.ndarray) -> Peer:
    """The boxes of the tree, then the prepared polygons in their order."""
    tree = shapely.STRtree(polygons)
    shapely.prepare(polygons)

    def at(lat: float, lon: float) -> str | None:
        near = tree.query(shapely.Point(lon, lat))
        near.sort()
        for k in near:
            if shapely.intersects_xy(polygons[k], lon, lat):
                return codes[k]
        return None

    return Peer("STRtree, prepared polygons", at, 10_000)


def _tree_predicate(codes: list[str], polygons: np.ndarray) -> Peer:
    tree = shapely.STRtree(polygons)

    def at(lat: float, lon: float) -> str | None:
        near = tree.query(shapely.Point(lon, lat), predicate="intersects")
        return codes[near.min()] if len(near) else None

    return Peer("STRtree, its own predicate", at, 5_000)


def _h3(codes: list[str], polygons: np.ndarray) -> Peer:
    """A cell wholly inside one polygon is that polygon's; for any other the polygons that it touches are asked."""
    import h3

    cells: dict[int, list[int]] = {}
    whole: dict[int, int] = {}
    for k, polygon in enumerate(polygons.tolist()):
        for part in shapely.get_parts(polygon):
            shape = h3.geo_to_h3shape(shapely.geometry.mapping(part))
            for cell in h3.h3shape_to_cells_experimental(shape, H3_RESOLUTION, contain="overlap"):
                cells.setdefault(h3.str_to_int(cell), []).append(k)
            for cell in h3.h3shape_to_cells_experimental(shape, H3_RESOLUTION, contain="full"):
                whole[h3.str_to_int(cell)] = k
    near = {cell: tuple(sorted(set(ks))) for cell, ks in cells.items()}
    from h3.api import basic_int

    cell_at = basic_int.latlng_to_cell
    shapely.prepare(polygons)

    def at(lat: float, lon: float) -> str | None:
        cell = cell_at(lat, lon, H3_RESOLUTION)
        k = whole.get(cell)
        if k is not None:
            return codes[k]
        for k in near.get(cell, ()):
            if shapely.intersects_xy(polygons[k], lon, lat):
                return codes[k]
        return None

    return Peer("h3, cell and polygon", at, 10_000, f", {len(near)} cells")


def _sjoin(codes: list[str], polygons: np.ndarray) -> Peer:
    """One place at a time, as calls come; for many at once it is made."""
    import geopandas

    frame = geopandas.GeoDataFrame({"code": codes}, geometry=polygons, crs="EPSG:4326")
    assert frame.sindex is not None  # built before it is measured

    def at(lat: float, lon: float) -> str | None:
        point = geopandas.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs="EPSG:4326")
        joined = geopandas.sjoin(point, frame, predicate="intersects")
        return min(joined["code"]) if len(joined) else None

    return Peer("geopandas.sjoin", at, 60)
