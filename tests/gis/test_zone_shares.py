"""An uncertain place: each zone's share against an oracle that throws points, both stations past the threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st
from test_zone_lookup import BOUNDS, coverages
from zone_samples import square

from gis.geodesy import metres_per_degree
from gis.zones.rules import ZoneRules
from gis.zones.shares import LEAST_SHARE, area_of
from gis.zones.zone import Zone
from gis.zones.zone_set import ZoneSet

LAT, LON = 10.705, 106.61  # on the border of squares 0 and 1, half way up
TWO = [Zone("1", "Một", square(0, 0), "PS01", ("PS07",), ("sân bay",)), Zone("2", "Hai", square(1, 0), "PS02")]


def pair(**rules: float) -> ZoneSet:
    return ZoneSet("police", "pair", 1, TWO, rules=ZoneRules(**rules))  # type: ignore[arg-type]


def test_half_and_half_alerts_both() -> None:
    answer = pair().answer(LAT, LON, 200.0)
    assert answer.zone == "1" and answer.station == "PS01"
    assert [(it.zone, it.station) for it in answer.shares] == [("1", "PS01"), ("2", "PS02")]
    assert [it.share for it in answer.shares] == pytest.approx([0.5, 0.5], abs=0.005)
    assert (answer.also, answer.outside_share, answer.hand_over) == (("PS02",), 0.0, None)
    assert (answer.backups, answer.mutual_aid) == (("PS07",), ("sân bay",))


def test_a_circle_that_ends_before_the_border_is_in_one_zone() -> None:
    east = metres_per_degree(LAT)[1]
    answer = pair().answer(LAT, LON - 201.0 / east, 200.0)
    assert (answer.zone, answer.shares, answer.also) == ("1", (), ())


def test_the_segment_of_a_circle_over_a_border() -> None:
    """The area beyond a chord, by its formula."""
    east, r, d = metres_per_degree(LAT)[1], 300.0, 150.0
    answer = pair().answer(LAT, LON - d / east, r)
    beyond = (r * r * math.acos(d / r) - d * math.sqrt(r * r - d * d)) / (math.pi * r * r)
    assert answer.shares[1].share == pytest.approx(beyond, abs=0.003) and beyond < 0.2
    assert answer.also == (), "below the threshold one station is alerted"
    assert pair(also_from=0.15).answer(LAT, LON - d / east, r).also == ("PS02",)
    assert pair(also_from=0.15, also_most=0).answer(LAT, LON - d / east, r).also == ()


def test_two_zones_of_one_station_alert_it_once() -> None:
    same = [Zone("1", "Một", square(0, 0), "PS01"), Zone("2", "Hai", square(1, 0), "PS01")]
    answer = ZoneSet("police", "one", 1, same).answer(LAT, LON, 200.0)
    assert len(answer.shares) == 2 and answer.also == ()


def test_an_outline_belongs_to_the_zone_that_most_of_it_lies_in() -> None:
    outline = ((106.608, 10.702), (106.616, 10.702), (106.616, 10.706), (106.608, 10.706))
    answer = pair().answer(10.704, 106.609, 600.0, outline)
    assert (answer.zone, answer.station, answer.runner_up) == ("2", "PS02", "1")
    assert [it.share for it in answer.shares] == pytest.approx([0.75, 0.25], abs=0.001)
    assert answer.also == ("PS01",)


@pytest.mark.parametrize(
    "outline",
    [
        ((106.61, 10.705),) * 3,
        ((106.60, 10.70), (106.61, 10.705)),
        ((106.6, 10.7), (106.61, 10.7), (106.6, 10.7)),
    ],
)
def test_an_outline_that_is_no_area_counts_as_its_circle(outline: tuple[tuple[float, float], ...]) -> None:
    answer = pair().answer(LAT, LON, 200.0, outline)
    assert [it.share for it in answer.shares] == pytest.approx([0.5, 0.5], abs=0.005)


def test_an_outline_that_crosses_itself_still_has_its_area() -> None:
    bow = ((106.605, 10.703), (106.615, 10.707), (106.615, 10.703), (106.605, 10.707))
    assert [it.share for it in pair().answer(LAT, LON, 0.0, bow).shares] == pytest.approx([0.5, 0.5], abs=0.01)


def test_partly_beyond_the_border() -> None:
    answer = pair().answer(10.7, 106.605, 200.0)
    assert answer.outside_share == pytest.approx(0.5, abs=0.005) and not answer.outside
    assert answer.hand_over is not None, "half of it is nobody's of ours"


@pytest.mark.parametrize("metres", [math.nan, -5.0, 0.0])
def test_an_uncertainty_that_says_nothing_is_a_point(metres: float) -> None:
    answer = pair().answer(LAT, LON, metres)
    assert (answer.zone, answer.shares, answer.also) == ("1", (), ())


def test_a_huge_circle_lists_what_it_can() -> None:
    answer = pair().answer(LAT, LON, 5e7)
    assert answer.outside_share > 0.99 and answer.also == ()


@tries(60, 1_500)
@given(coverages(), st.floats(BOUNDS[0], BOUNDS[2]), st.floats(BOUNDS[1], BOUNDS[3]), st.floats(1.0, 4_000.0))
def test_shares_agree_with_thrown_points(zones: list[Zone], lon: float, lat: float, metres: float) -> None:
    zone_set = ZoneSet("police", "sample", 1, zones)
    answer = zone_set.answer(lat, lon, metres)
    north, east = metres_per_degree(lat)
    # a sunflower of points: evenly over the circle, without chance
    k = np.arange(3_000)
    r, turn = np.sqrt((k + 0.5) / len(k)) * metres, k * math.pi * (3.0 - math.sqrt(5.0))
    found = [zone_set.zone_at(lat + b / north, lon + a / east)
             for a, b in zip((r * np.cos(turn)).tolist(), (r * np.sin(turn)).tolist(), strict=True)]  # fmt: skip
    thrown = {z.code: sum(f is not None and f.code == z.code for f in found) / len(k) for z in zones}
    told = {it.zone: it.share for it in answer.shares} or {answer.zone: 1.0 if answer.zone in thrown else 0.0}
    if not answer.shares and answer.outside:
        told = {}
    for code, share in thrown.items():
        assert told.get(code, 0.0) == pytest.approx(share, abs=0.02) or (code not in told and share < 0.03)
    assert [it.share for it in answer.shares] == sorted((it.share for it in answer.shares), reverse=True)
    assert sum(told.values()) + answer.outside_share <= 1.0 + 1e-3
    assert all(it.share >= LEAST_SHARE / 2 for it in answer.shares)


def test_a_circle_has_the_area_of_a_circle() -> None:
    area = area_of(LAT, LON, 100.0, ())
    north, east = metres_per_degree(LAT)
    assert shapely.area(area) * north * east == pytest.approx(math.pi * 100.0**2, rel=0.002)
