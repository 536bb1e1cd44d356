"""Coverage against counting by hand: what is reached, where a hole opens, which unit closes it and what that opens."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch_core.domain.vocabulary import Measured, Reach
from gis.coverage import covering
from gis.coverage.covering import Post, cover
from gis.coverage.demand import POINTS_MOST, Demand, demand_of
from gis.coverage.times import WayTimes, straight
from gis.travel.straight import StraightLine
from gis.zones.defaults import default_zone_set
from gis.zones.zone import Zone
from gis.zones.zone_set import ZoneSet


def line(count: int) -> Demand:
    """Wards W0, W1, … along a street, one point each."""
    return Demand(
        np.full(count, 10.8), 106.6 + np.arange(count) * 0.01, np.full(count, 1 / count), np.arange(count),
        tuple(f"c{n}" for n in range(count)), tuple(f"W{n}" for n in range(count)),
    )  # fmt: skip


def at(demand: Demand, name: str, ward: float) -> Post:
    """A post at that place of the street: a minute from ward to ward."""
    return Post(name, np.abs(np.arange(len(demand.lat)) - ward) * 60.0)


def test_a_hole_opens_where_the_unit_left_and_the_move_up_closes_it() -> None:
    demand = line(9)
    home = [at(demand, "U1", 1), at(demand, "U4", 4), at(demand, "U7", 7), at(demand, "V7", 7)]
    stations = [at(demand, f"S{n}", n) for n in (1, 4, 7)]
    all_free = cover(demand, 60, home, home, stations, {"U1": "S1", "U4": "S4", "U7": "S7", "V7": "S7"})
    assert (round(all_free.share, 6), round(all_free.full, 6), all_free.holes, all_free.moves) == (1.0, 1.0, (), ())
    found = cover(demand, 60, home[1:], home, stations, {"U4": "S4", "U7": "S7", "V7": "S7"})
    assert round(found.share, 6) == round(6 / 9, 6)
    assert [(it.ward, it.seconds) for it in found.holes] == [("W0", 240.0), ("W1", 180.0), ("W2", 120.0)]
    (best, *_) = found.moves
    assert (best.unit, best.station, best.opens) == ("U7", "S1", ()), "one of two that stand at one place"
    assert best.closes == ("W0", "W1", "W2") and round(best.gained) == round((180 + 180 + 60) / 3)
    nobody = cover(demand, 60, [], home, stations, {})
    assert nobody.share == 0 and nobody.moves == () and nobody.holes[0].seconds is None


def test_what_a_move_up_would_open_is_said() -> None:
    demand = line(12)
    home = [at(demand, "U2", 2), at(demand, "U9", 9)]
    stations = [Post("S2", np.where(np.arange(12) < 7, 10.0, 900.0)), at(demand, "S9", 9)]
    full = [Post("U2", stations[0].seconds), home[1]]
    found = cover(demand, 60, home[1:], full, stations, {"U9": "S9"})
    (move,) = found.moves
    assert move.unit == "U9" and move.opens == ("W10", "W8", "W9") and move.closes[-1] == "+4"


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_best_move_is_the_best_of_all(data: st.DataObject) -> None:
    demand = line(10)
    places = st.integers(0, 9)
    free = [at(demand, f"U{n}", data.draw(places)) for n in range(data.draw(st.integers(0, 4)))]
    gone = [at(demand, f"G{n}", data.draw(places)) for n in range(data.draw(st.integers(0, 3)))]
    stations = [at(demand, f"S{n}", n) for n in range(0, 10, 3)]
    found = cover(demand, 60, free, [*free, *gone], stations, {})
    reached = {ward for unit in free for ward in range(10) if unit.seconds[ward] <= 60}
    could = {ward for unit in (*free, *gone) for ward in range(10) if unit.seconds[ward] <= 60}
    assert {it.ward for it in found.holes} == {f"W{ward}" for ward in could - reached}
    assert round(found.share * 10) == len(reached)
    best = 0
    for unit in free:
        others = {ward for other in free if other is not unit for ward in range(10) if other.seconds[ward] <= 60}
        for station in stations:
            cover_b = {ward for ward in range(10) if station.seconds[ward] <= 60}
            if cover_b & (could - reached):
                best = max(best, len(others | cover_b) - len(reached))
    assert round(max((it.net for it in found.moves), default=0.0) * 10) == best


def test_with_too_many_pairs_the_nearest_units_are_tried(monkeypatch: object) -> None:
    demand = line(9)
    units = [at(demand, f"U{n}", 7) for n in range(5)]
    stations = [at(demand, "S1", 1), at(demand, "S7", 7)]
    full = [*units, at(demand, "X", 1)]
    monkeypatch.setattr(covering, "PAIRS_MOST", 2)  # type: ignore[attr-defined]
    found = cover(demand, 60, units, full, stations, {})
    assert found.cut and found.moves[0].station == "S1" and found.moves[0].opens == ()


def test_points_of_demand_lie_in_their_wards_and_every_ward_counts_alike() -> None:
    draft = default_zone_set("fire", ())
    zone_set = ZoneSet("fire", "n", 1, draft.zones, approximate=True)
    demand = demand_of(zone_set)
    assert 168 <= len(demand.lat) <= POINTS_MOST * 1.5
    assert round(float(demand.weight.sum()), 9) == 1.0 and set(demand.ward) == set(range(168))
    for number in range(0, len(demand.lat), 17):
        zone = draft.zones[demand.ward[number]]
        assert shapely.intersects_xy(zone.geometry, demand.lon[number], demand.lat[number])
    sums = np.bincount(demand.ward, demand.weight)
    assert np.allclose(sums, 1 / 168)
    tiny = Zone("1", "nhỏ", shapely.box(106.7001, 10.8001, 106.7002, 10.8002))
    assert len(demand_of(ZoneSet("fire", "n", 1, (tiny, draft.zones[0]))).lat) >= 2


def test_ways_over_roads_are_measured_once_from_the_stations() -> None:
    demand = line(4)
    times = WayTimes(demand)
    here = (10.8, 106.6, "ambulance")
    assert np.allclose(times.of(here), straight(here, demand)) and not times.over_roads
    expected = [it.seconds for it in StraightLine().reaches(10.8, 106.63, [], 0)]
    assert expected == []

    class Roads:
        def reaches(self, lat: float, lon: float, movers: object, at: int, closures: object = ()) -> list[Reach]:
            return [Reach(unit=it.unit, seconds=lon * 2, metres=1, measured=Measured.ROAD) for it in movers]  # type: ignore[attr-defined]

    assert not times.measure(Roads(), [here], 0, (), lambda: True) and times.known == {}
    assert times.measure(Roads(), [here], 0, (), lambda: False) and times.over_roads
    assert np.allclose(times.of((10.8001, 106.6001, "ambulance")), demand.lon * 2)
    elsewhere = (10.9, 106.6, "ambulance")
    assert np.allclose(times.of(elsewhere), straight(elsewhere, demand))
