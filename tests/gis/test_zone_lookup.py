"""The lookup against an oracle that shares nothing with it: every polygon asked, every border measured."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from zone_samples import cells, square

from gis.errors import PlaceError, ZoneFileError
from gis.geodesy import to_metric
from gis.zones.grid import CELL_DEG, PARTS, ZoneGrid
from gis.zones.zone import Zone
from gis.zones.zone_set import RUNNER_UP_LIMIT_M, ZoneSet

BOUNDS = (106.60, 10.70, 106.68, 10.76)  # about 9 x 7 km
lons = st.floats(BOUNDS[0], BOUNDS[2])
lats = st.floats(BOUNDS[1], BOUNDS[3])


class Oracle:
    """STRtree for what holds a point; UTM distances for what is near."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self.zones = sorted(zones, key=lambda z: z.code)
        polygons = np.asarray([z.geometry for z in self.zones], dtype=object)
        self.tree = shapely.STRtree(polygons)
        # long straight borders bend between degrees and metres: cut them first
        self.borders = to_metric(shapely.boundary(shapely.segmentize(polygons, 0.002)))

    def holders(self, lat: float, lon: float) -> list[str]:
        return sorted(self.zones[i].code for i in self.tree.query(shapely.Point(lon, lat), predicate="intersects"))

    def metres(self, lat: float, lon: float) -> dict[str, float]:
        away = shapely.distance(self.borders, to_metric(shapely.Point(lon, lat)))
        return {z.code: float(d) for z, d in zip(self.zones, away, strict=True)}


@st.composite
def coverages(draw: st.DrawFn) -> list[Zone]:
    """What lies nearest to each of some points; cells of all sizes, also below a grid cell's."""
    points = draw(st.lists(st.tuples(lons, lats), min_size=3, max_size=12, unique=True))
    points = list({(round(x, 4), round(y, 4)): None for x, y in points})
    if len(points) < 3:
        points = [(106.61, 10.71), (106.65, 10.72), (106.63, 10.75)]
    return cells(points, BOUNDS)


def places(zones: Sequence[Zone]) -> st.SearchStrategy[tuple[float, float]]:
    """(lon, lat) anywhere, on a vertex, on the middle of an edge, or next to either by a hair."""
    coords = shapely.get_coordinates([z.geometry for z in zones])
    index = st.integers(0, len(coords) - 2)
    vertex = index.map(lambda i: (float(coords[i, 0]), float(coords[i, 1])))
    middle = index.map(lambda i: tuple(((coords[i] + coords[i + 1]) / 2).tolist()))
    hair = st.sampled_from([0.0, 1e-12, -1e-12, 1e-9, -1e-9, 1e-6])
    near = st.tuples(st.one_of(vertex, middle), hair, hair).map(lambda t: (t[0][0] + t[1], t[0][1] + t[2]))
    anywhere = st.tuples(st.floats(BOUNDS[0] - 0.02, BOUNDS[2] + 0.02), st.floats(BOUNDS[1] - 0.02, BOUNDS[3] + 0.02))
    return st.one_of(anywhere, vertex, middle, near)


@tries(120, 3_000)
@given(coverages(), st.data())
def test_lookup_agrees_with_the_oracle(zones: list[Zone], data: st.DataObject) -> None:
    zone_set, oracle = ZoneSet("police", "sample", 3, zones), Oracle(zones)
    strategy = places(zones)
    for _ in range(25):
        lon, lat = data.draw(strategy)
        holders, metres = oracle.holders(lat, lon), oracle.metres(lat, lon)
        found, answer = zone_set.zone_at(lat, lon), zone_set.answer(lat, lon)
        assert (found.code if found else None) == (holders[0] if holders else None)
        assert answer.outside == (not holders)
        slack = 0.3 + 0.002 * metres[answer.zone]
        if holders:
            assert (answer.zone, answer.outside_m) == (holders[0], 0.0)
            assert answer.border_m == pytest.approx(metres[answer.zone], abs=slack)
        else:
            assert metres[answer.zone] <= min(metres.values()) + slack
            assert answer.outside_m == answer.border_m == pytest.approx(metres[answer.zone], abs=slack)
        others = {code: m for code, m in metres.items() if code != answer.zone}
        if answer.runner_up:
            assert others[answer.runner_up] <= min(others.values()) + 0.3 + 0.002 * min(others.values())
        else:
            assert not others or min(others.values()) > RUNNER_UP_LIMIT_M * 0.99


@tries(100, 5_000)
@given(
    st.lists(st.tuples(lons, lats, st.floats(1e-5, 0.03), st.floats(1e-5, 0.03)), min_size=1, max_size=8),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)), min_size=1, max_size=20),
)
def test_grid_takes_the_first_of_overlapping_polygons(
    boxes: list[tuple[float, float, float, float]], shares: list[tuple[float, float]]
) -> None:
    """The grid itself asks for no coverage: precedence is the order, also where polygons lie over each other."""
    polygons = [shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes]
    grid = ZoneGrid(polygons)
    for (x, y, w, h), (sx, sy) in zip(boxes * len(shares), shares * len(boxes), strict=True):
        lon, lat = x + w * sx, y + h * sy
        expected = next((i for i, p in enumerate(polygons) if shapely.intersects_xy(p, lon, lat)), None)
        assert grid.at(lat, lon) == expected


@tries(150, 400)
@given(st.integers(-3, 3), st.integers(-3, 3), st.sampled_from([0.0, 1e-13, -1e-13, 1e-10, -1e-10]))
def test_borders_along_the_grid_lines(column: int, row: int, hair: float) -> None:
    """Zones whose borders are the cells' own edges, or those of their parts, where the arithmetic is most likely to
    slip."""
    for part in (0, 1, PARTS - 1):
        along_a_line(column, row, hair, part * CELL_DEG / PARTS)


def along_a_line(column: int, row: int, hair: float, beside: float) -> None:
    k = round(106.6 / CELL_DEG)
    x0, y0 = k * CELL_DEG + beside, round(10.7 / CELL_DEG) * CELL_DEG + beside
    left = shapely.box(x0 - 4 * CELL_DEG, y0 - 4 * CELL_DEG, x0, y0 + 4 * CELL_DEG)
    right = shapely.box(x0, y0 - 4 * CELL_DEG, x0 + 4 * CELL_DEG, y0 + 4 * CELL_DEG)
    zones = [Zone("L", "left", left), Zone("R", "right", right)]
    oracle, zone_set = Oracle(zones), ZoneSet("fire", "grid", 1, zones)
    lat, lon = y0 + row * CELL_DEG, x0 + column * CELL_DEG + hair
    holders = oracle.holders(lat, lon)
    assert zone_set.zone_at(lat, lon).code == holders[0]  # type: ignore[union-attr]


def test_a_shared_vertex_belongs_to_the_smallest_code_whatever_the_order() -> None:
    squares = {"D": square(0, 0), "B": square(1, 0), "C": square(0, 1), "A": square(1, 1)}
    corner = (10.71, 106.61)
    for order in ("ABCD", "DCBA", "BDAC"):
        zone_set = ZoneSet("police", "corner", 1, [Zone(c, c, squares[c]) for c in order])
        answer = zone_set.answer(*corner)
        assert (answer.zone, answer.runner_up, answer.border_m, answer.outside) == ("A", "B", 0.0, False)


def test_outside_as_near_to_several_takes_the_smallest_code() -> None:
    squares = {"D": square(0, 0), "B": square(1, 0), "C": square(0, 1), "A": square(1, 1)}
    corners = {"BD": (10.695, 106.61), "AC": (10.725, 106.61), "CD": (10.71, 106.595), "AB": (10.71, 106.625)}
    for order in ("ABCD", "DCBA", "BDAC", "CABD"):
        zone_set = ZoneSet("police", "corner", 1, [Zone(c, c, squares[c]) for c in order])
        for pair, place in corners.items():
            answer = zone_set.answer(*place)
            assert (answer.zone, answer.runner_up, answer.outside) == (pair[0], pair[1], True)


def test_answer_says_everything() -> None:
    zones = [Zone("1", "Một", square(0, 0), "PS01"), Zone("2", "Hai", square(1, 0), "PS02")]
    zone_set = ZoneSet("police", "sheet", 7, zones, approximate=True)
    answer = zone_set.answer(10.705, 106.609)
    assert (answer.service, answer.zone_set, answer.approximate) == ("police", "sheet v7", True)
    assert (answer.zone, answer.zone_name, answer.station) == ("1", "Một", "PS01")
    assert (answer.runner_up, answer.runner_up_name) == ("2", "Hai")
    metres = Geod(ellps="WGS84").inv(106.609, 10.705, 106.61, 10.705)[2]
    assert answer.border_m == pytest.approx(metres, rel=1e-4)
    assert (answer.outside, answer.outside_m) == (False, 0.0)


def test_outside_names_the_nearest_and_how_far() -> None:
    zones = [Zone("1", "Một", square(0, 0)), Zone("2", "Hai", square(1, 0))]
    answer = ZoneSet("fire", "sheet", 1, zones).answer(10.705, 106.63)
    metres = Geod(ellps="WGS84").inv(106.62, 10.705, 106.63, 10.705)[2]
    assert (answer.zone, answer.outside, answer.runner_up) == ("2", True, "1")
    assert answer.outside_m == pytest.approx(metres, rel=1e-4)


def test_a_lonely_zone_has_no_runner_up() -> None:
    alone = ZoneSet("fire", "alone", 1, [Zone("1", "Một", square(0, 0))]).answer(10.705, 106.605)
    assert (alone.zone, alone.runner_up, alone.runner_up_name) == ("1", "", "")
    far = ZoneSet("fire", "far", 1, [Zone("1", "Một", square(0, 0)), Zone("2", "Hai", square(60, 0))])
    assert far.answer(10.705, 106.605).runner_up == ""  # 65 km away


def test_runner_up_beyond_the_outer_edge_is_the_nearest_other_zone() -> None:
    zones = [Zone("1", "Một", square(0, 0)), Zone("2", "Hai", square(5, 0)), Zone("3", "Ba", square(9, 0))]
    assert ZoneSet("fire", "row", 1, zones).answer(10.705, 106.605).runner_up == "2"


def test_a_hole_is_outside() -> None:
    ring = [Zone(f"{c}{r}", "", square(c, r)) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    answer = ZoneSet("fire", "ring", 1, ring).answer(10.7151, 106.612)
    assert (answer.outside, answer.zone) == (True, "01")


@pytest.mark.parametrize(
    ("lat", "lon"), [(math.nan, 106.6), (10.7, math.nan), (math.inf, 106.6), (106.6, 10.7), (10.7, 200.0)]
)
def test_a_coordinate_that_is_no_place(lat: float, lon: float) -> None:
    zone_set = ZoneSet("fire", "sheet", 1, [Zone("1", "Một", square(0, 0))])
    with pytest.raises(PlaceError) as caught:
        zone_set.answer(lat, lon)
    assert caught.value.code == "place.impossible"


def test_no_zones_is_no_set() -> None:
    with pytest.raises(ZoneFileError):
        ZoneSet("fire", "none", 1, [])


def test_a_huge_zone_gets_coarser_cells() -> None:
    huge = shapely.box(102.0, 8.0, 110.0, 23.0)
    grid = ZoneGrid([huge])
    whole, touched = grid.cells
    assert whole + touched < 4_500_000
    assert grid.at(16.0, 106.0) == 0 and grid.at(24.0, 106.0) is None
