"""A zone and a draft of a zone set, as the gate hands them on and the store keeps them.

Geometry is a shapely Polygon or MultiPolygon in EPSG:4326, x = longitude. A draft is complete or does not
exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from dispatch_core.domain.vocabulary import Station
from gis.travel.straight import metres_between

if TYPE_CHECKING:
    from gis.zones.report import GateReport


# Said in the data and on every screen that shows a set which is nobody's border.
APPROXIMATE_VI = "Ranh gần đúng, để minh họa"
APPROXIMATE_EN = "Approximate, for demonstration"

BACKUPS = 2  # stations beside the nearest one, where a site names none for a zone


@dataclass(frozen=True, slots=True)
class Zone:
    code: str
    name: str
    geometry: Any
    station: str = ""  # id of the station that serves it, "" where none is known
    backups: tuple[str, ...] = ()  # stations that come where that one cannot, in order
    mutual_aid: tuple[str, ...] = ()  # who may be asked beyond them, as the site wrote it


@dataclass(frozen=True, slots=True)
class ZoneSetDraft:
    """Zones of one service that passed the gate, not yet versioned or published. Sorted by code."""

    service: str
    name: str
    zones: tuple[Zone, ...]
    report: GateReport
    approximate: bool = False  # areas for demonstration, not anybody's border
    note_vi: str = ""
    note_en: str = ""


def with_nearest_stations(zones: Sequence[Zone], service: str, stations: Sequence[Station]) -> tuple[Zone, ...]:
    """Give every zone whose station is none of ``service`` the nearest one, measured from a point inside the zone, and
    the next ``BACKUPS`` as its backups: the set may be older than the site's list of stations.

    Equal distances are settled by the smaller station id. Without a station of that service nothing is given.
    """
    own = sorted((s for s in stations if s.service == service), key=lambda s: s.id)
    if not own:
        return tuple(zones)
    known = {s.id for s in own}
    places = [(s.lat, s.lon) for s in own]
    out = []
    for zone in zones:
        if zone.station in known:
            out.append(zone)
            continue
        inside = shapely.point_on_surface(zone.geometry)
        metres = metres_between(inside.y, inside.x, places)
        nearest = [own[k].id for k in sorted(range(len(own)), key=metres.__getitem__)[: BACKUPS + 1]]
        out.append(replace(zone, station=nearest[0], backups=zone.backups or tuple(nearest[1:])))
    return tuple(out)
