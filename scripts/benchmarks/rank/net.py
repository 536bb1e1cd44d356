"""A net of streets made from a seed: 160,000 crossings, a jittered grid of 44 by 39 km, some missing or one-way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium

from gis.geodesy import metres_per_degree
from gis.travel.build import _Read, assemble
from gis.travel.data import RoadData
from gis.travel.tags import Street, read_street

SEED = 20260702
COLUMNS = ROWS = 400
WIDE_M, HIGH_M = 44_000.0, 39_000.0
SOUTH, WEST = 10.65, 106.55
JITTER = 0.3
MISSING, ONE_WAY = 0.06, 0.08


@dataclass(frozen=True)
class MadeNet:
    data: RoadData
    lat: np.ndarray  # of the crossings
    lon: np.ndarray
    ways: list[tuple[int, int, str, bool]]  # from crossing, to crossing, kind of street, one-way


def made_net() -> MadeNet:
    """Always the same."""
    rng = np.random.default_rng(SEED)
    x = (np.arange(COLUMNS)[None, :] + rng.uniform(-JITTER, JITTER, (ROWS, COLUMNS))) * WIDE_M / (COLUMNS - 1)
    y = (np.arange(ROWS)[:, None] + rng.uniform(-JITTER, JITTER, (ROWS, COLUMNS))) * HIGH_M / (ROWS - 1)
    north, east = metres_per_degree(SOUTH + 0.18)
    lat, lon = (SOUTH + y / north).ravel(), (WEST + x / east).ravel()
    places = list(zip(lat.tolist(), lon.tolist(), strict=True))
    read, ways = _Read(), []
    chance = rng.uniform(size=(ROWS, COLUMNS, 2)).tolist()
    for row in range(ROWS):
        for column in range(COLUMNS):
            here = row * COLUMNS + column
            for way, (there, line) in enumerate(((here + 1, row), (here + COLUMNS, column))):
                if there >= ROWS * COLUMNS or (way == 0 and column == COLUMNS - 1):
                    continue
                draw = chance[row][column][way]
                if draw < MISSING and line % 10:
                    continue
                kind, one_way = _class(line), draw > 1 - ONE_WAY and line % 10 != 0
                ways.append((here, there, kind, one_way))
                street = _STREETS[kind, one_way]
                read.streets.append((len(read.streets) + 1, street, [here, there], [places[here], places[there]]))
    return MadeNet(assemble(read), lat, lon, ways)


def write_osm(net: MadeNet, file: Path) -> None:
    """The same streets as an OpenStreetMap file, for engines that read nothing else."""
    with osmium.SimpleWriter(str(file)) as writer:
        for number, (lat, lon) in enumerate(zip(net.lat.tolist(), net.lon.tolist(), strict=True), 1):
            writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=(lon, lat)))
        for number, (here, there, kind, one_way) in enumerate(net.ways, 1):
            tags = {"highway": kind, **({"oneway": "yes"} if one_way else {})}
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=[here + 1, there + 1], tags=tags))


def _class(line: int) -> str:
    return "primary" if line % 10 == 0 else "tertiary" if line % 4 == 0 else "residential"


def _street(highway: str, one_way: bool) -> Street:
    street = read_street({"highway": highway, **({"oneway": "yes"} if one_way else {})})
    assert street is not None
    return street


_STREETS = {(name, it): _street(name, it) for name in ("primary", "tertiary", "residential") for it in (False, True)}
