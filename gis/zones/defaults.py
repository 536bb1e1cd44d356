"""The zone set that needs no download: areas around the centres of the city's 168 wards.

APPROXIMATE, FOR DEMONSTRATION: each area is what lies nearer to this ward's centre than to any other's, cut off where
the wards' own sizes end. Codes and names are the wards' own, the borders are nobody's; every answer and the data say
so (``approximate``, ``note_vi``, ``note_en``). Computed at load from ``vietnamadminunits``: the same areas every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from dispatch_core.domain.vocabulary import Station
from gis.addresses.wards import Ward, present_wards
from gis.errors import WardDataError
from gis.geodesy import from_metric, to_metric
from gis.zones.coverage import DECIMALS, is_whole
from gis.zones.report import GateReport
from gis.zones.zone import APPROXIMATE_EN, APPROXIMATE_VI, Zone, ZoneSetDraft, with_nearest_stations

NAME = "wards-approximate"
NOTE_VI = f"{APPROXIMATE_VI}: vùng quanh tâm của 168 phường, xã, đặc khu; không phải địa giới hành chính."
NOTE_EN = f"{APPROXIMATE_EN}: areas around the centres of the 168 wards; not the administrative borders."

REACH = 1.6  # a ward is taken to reach this many radii of a circle of its own size: long wards need more than one
BRIDGE_M = 3000.0  # water and gaps up to twice this wide between wards belong to the nearer one
ARC_STEPS = 4  # vertices per quarter circle: the outline is a guess, smoother would only look surer


def default_zone_set(service: str, stations: Sequence[Station] = ()) -> ZoneSetDraft:
    """The demonstration set for one service; each ward goes to the nearest of that service's ``stations``."""
    zones = with_nearest_stations(_areas(), service, stations)
    vertices = sum(int(shapely.get_num_coordinates(z.geometry)) for z in zones)
    return ZoneSetDraft(
        service=service,
        name=NAME,
        zones=zones,
        report=GateReport(NAME, len(zones), vertices, vertices_after=vertices),
        approximate=True,
        note_vi=NOTE_VI,
        note_en=NOTE_EN,
    )


@lru_cache(maxsize=1)
def _areas() -> tuple[Zone, ...]:
    wards = present_wards()
    centres = to_metric(shapely.points([(w.lon, w.lat) for w in wards]))
    ground = _ground(wards, centres)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=ground))
    _, order = shapely.STRtree(cells).query(centres, predicate="within")
    # Cutting makes corners on one side of a border only; cleaning matches them.
    flat = shapely.coverage_clean(shapely.intersection(cells[order], ground))
    areas = shapely.transform(from_metric(flat), lambda c: np.round(c, DECIMALS))
    if not is_whole(areas):
        raise WardDataError(
            "wards.centres",
            "Không dựng được vùng quanh tâm phường từ gói vietnamadminunits; hãy cài lại gói này.",
            "The centres of vietnamadminunits give no clean areas; install the package again.",
        )
    return tuple(Zone(w.code, w.name, g) for w, g in zip(wards, areas, strict=True))


def _ground(wards: Sequence[Ward], centres: Any) -> Any:
    """Discs of the wards' own sizes, joined over narrow gaps: the mainland, and each far island for itself."""
    reach = np.asarray([REACH * w.radius_m for w in wards])
    discs = shapely.buffer(centres, reach + BRIDGE_M, quad_segs=ARC_STEPS)
    ground = shapely.buffer(shapely.union_all(discs), -BRIDGE_M, quad_segs=ARC_STEPS)
    whole = [shapely.Polygon(p.exterior) for p in shapely.get_parts(ground)]  # no holes: every place has a ward
    return shapely.simplify(shapely.union_all(whole), 50.0)
