"""The ground to look up in: the real wards, cleaned, or a coverage of their size made from a seed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gis.zones.coverage import DECIMALS
from gis.zones.file import read_zone_file
from gis.zones.gate import admit
from gis.zones.zone import Zone
from scripts.stage.layout import ROOT

WARDS = "hcmc_wards_2025_raw.gpkg"
ZONES, VERTICES, SEED = 168, 217_352, 7
BOX = (106.3, 10.3, 107.6, 11.5)
DENSE = (106.60, 10.70, 106.80, 10.90)


@dataclass(frozen=True)
class Coverage:
    """``box`` and ``dense``: west, south, east, north of where places are asked for."""

    told: str
    zones: tuple[Zone, ...]
    box: tuple[float, float, float, float] = BOX
    dense: tuple[float, float, float, float] = DENSE


def coverage() -> Coverage:
    file = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data")) / WARDS
    if file.is_file():
        draft = admit(read_zone_file(file), service="police", name="wards", clean=True)
        return Coverage(f"the real wards, cleaned: {_size(draft.zones)}", draft.zones)
    zones = generated()
    return Coverage(f"a generated coverage (the real wards are not here): {_size(zones)}", zones)


def generated() -> tuple[Zone, ...]:
    """As many zones and about as many vertices: what lies nearest to each of some places, dense in the middle, with
    borders that meander like rivers."""
    rng = np.random.default_rng(SEED)
    spread = np.vstack([rng.normal((106.70, 10.80), 0.09, (110, 2)), rng.uniform(BOX[:2], BOX[2:], (58, 2))])
    centres = np.clip(spread, (BOX[0] + 0.01, BOX[1] + 0.01), (BOX[2] - 0.01, BOX[3] - 0.01))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=shapely.box(*BOX)))
    clean = shapely.coverage_clean(shapely.intersection(cells, shapely.box(*BOX)))
    fine = shapely.segmentize(clean, shapely.length(clean).sum() / VERTICES)

    def meander(c: np.ndarray) -> np.ndarray:  # one displacement of the plane: shared borders stay shared
        u, v = c[:, 0] * 900.0, c[:, 1] * 900.0
        bent = c + 4e-4 * np.column_stack([np.sin(v) + np.sin(2.3 * v + u), np.sin(u) + np.sin(1.7 * u - v)])
        out: np.ndarray = np.round(bent, DECIMALS)
        return out

    bent = shapely.coverage_clean(shapely.transform(fine, meander))
    return tuple(Zone(f"{k:05d}", f"Zone {k}", shape) for k, shape in enumerate(bent))


def _size(zones: tuple[Zone, ...]) -> str:
    vertices = sum(int(shapely.get_num_coordinates(zone.geometry)) for zone in zones)
    return f"{len(zones)} zones, {vertices} vertices"
