"""Small nets of streets: written as map files, or put together without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import osmium

from gis.geodesy import metres_per_degree
from gis.travel.build import _Read, assemble
from gis.travel.data import RoadData
from gis.travel.forbidden_turns import Restriction
from gis.travel.roads import RoadTimes
from gis.travel.tags import read_street

LAT, LON = 10.77, 106.69
AT = 1_795_410_000_000  # noon by the site's clock
NORTH, EAST = metres_per_degree(LAT)

Tags = Mapping[str, str]
Way = tuple[Sequence[int], Tags]


def place(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude so many metres east and north of a corner of the city."""
    return LAT + y / NORTH, LON + x / EAST


def roads(
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[Way],
    restrictions: Iterable[Restriction] = (),
    barriers: Mapping[int, int] | None = None,
) -> RoadData:
    """``nodes``: metres east and north; ways are numbered from 1."""
    read = _Read(barriers=dict(barriers or {}), restrictions=list(restrictions))
    for number, (refs, tags) in enumerate(ways, 1):
        street = read_street(tags)
        if street is not None:
            read.streets.append((number, street, list(refs), [place(*nodes[ref]) for ref in refs]))
    return assemble(read)


def answering(data: RoadData, **more: object) -> RoadTimes:
    times = RoadTimes(**more)  # type: ignore[arg-type]
    times.use(times.prepare(data))
    return times


def grid(columns: int = 6, rows: int = 6, metres: float = 200.0, tags: Tags | None = None) -> RoadData:
    """Streets like a chessboard; the crossing in column c and row r is node c + r * columns."""
    nodes = {c + r * columns: (c * metres, r * metres) for r in range(rows) for c in range(columns)}
    tags = tags or {"highway": "residential"}
    across = [([c + r * columns for c in range(columns)], {**tags, "name": f"Ngang {r}"}) for r in range(rows)]
    along = [([c + r * columns for r in range(rows)], {**tags, "name": f"Dọc {c}"}) for c in range(columns)]
    return roads(nodes, [*across, *along])


def write_pbf(
    file: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[Way],
    relations: Sequence[tuple[Sequence[tuple[str, int, str]], Tags]] = (),
    node_tags: Mapping[int, Tags] | None = None,
) -> Path:
    """``nodes``: metres east and north; numbers from 1 on for ways and relations."""
    mutable = osmium.osm.mutable
    with osmium.SimpleWriter(str(file), overwrite=True) as out:
        for number, at in sorted(nodes.items()):
            lat, lon = place(*at)
            tags = dict((node_tags or {}).get(number, {}))
            out.add_node(mutable.Node(id=number, location=(lon, lat), tags=tags))
        for number, (refs, tags) in enumerate(ways, 1):
            out.add_way(mutable.Way(id=number, nodes=list(refs), tags=dict(tags)))
        for number, (members, tags) in enumerate(relations, 1):
            out.add_relation(mutable.Relation(id=number, members=list(members), tags=dict(tags)))
    return file
