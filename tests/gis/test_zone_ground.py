"""A sound file may be about other ground than the city's."""

from __future__ import annotations

import shapely

from gis.addresses.wards import present_wards
from gis.zones.defaults import default_zone_set
from gis.zones.ground import judge_ground, judge_wards
from gis.zones.zone import Zone
from tests.gis.zone_samples import square


def test_wards_by_their_codes_in_the_wrong_place() -> None:
    wards = present_wards()
    codes = [it.code for it in wards]
    right = [shapely.Point(it.lon + 0.005, it.lat).buffer(0.01) for it in wards]
    assert judge_wards(codes, right) == []
    moved = [shapely.transform(it, lambda c: c + (0.25, 0.0)) for it in right]  # 106°00' taken for 105°45'
    (problem,) = judge_wards(codes, moved)
    assert problem.code == "wards_elsewhere" and "28 km" in problem.en and "--crs" in problem.vi
    assert judge_wards([f"own-{it}" for it in codes], moved) == [], "codes of a site's own say nothing"


def test_the_ground_of_the_city() -> None:
    approximate = default_zone_set("fire").zones
    assert judge_ground([square(8, 7)], approximate, approximate=True) == []
    ha_noi = shapely.transform(square(8, 7), lambda c: c + (-0.85, 10.3))
    assert [it.code for it in judge_ground([ha_noi], approximate, approximate=True)] == ["other_ground"]
    country = shapely.box(103.0, 7.0, 118.0, 23.0)
    assert [it.code for it in judge_ground([country], approximate, approximate=True)] == ["other_ground"]


def test_zones_that_serve_are_not_forgotten() -> None:
    serving = [Zone(f"Z{i}", f"Zone {i}", square(i, 0)) for i in range(4)]
    shapes = [it.geometry for it in serving]
    assert judge_ground(shapes, serving, approximate=False) == []
    assert judge_ground([shapely.union_all(shapes)], serving, approximate=False) == [], "merged is not forgotten"
    (problem,) = judge_ground(shapes[1:], serving, approximate=False)
    assert problem.code == "ground_lost" and "1 of the 4" in problem.en and "Z0 Zone 0" in problem.vi
    assert judge_ground(shapes[1:], serving, approximate=True) == []
    bow_tie = shapely.Polygon([(106.6, 10.7), (106.7, 10.8), (106.7, 10.7), (106.6, 10.8)])
    assert judge_ground([bow_tie], serving, approximate=False) == [], "for the gate to refuse"
