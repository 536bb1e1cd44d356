"""What every answer to "how long do they need" must keep, whoever gives it: the straight line, or roads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.ports import Mover, TravelTimes
from gis.errors import PlaceError
from gis.travel.roads import RoadTimes
from gis.travel.straight import StraightLine
from tests.gis.road_samples import AT, answering, grid, place

VEHICLES = ("", "fire_engine", "ambulance", "patrol_car", "motorbike", "boat", "helicopter")

_GRID = answering(grid())
MAKERS: dict[str, Callable[[], TravelTimes]] = {
    "straight": StraightLine,
    "roads without a map": RoadTimes,
    "roads": lambda: _GRID,
}

spots = st.tuples(st.integers(-300, 1_300), st.integers(-300, 1_300)).map(lambda it: place(*it))
movers = st.lists(
    st.builds(
        lambda at, vehicle, age: (at, vehicle, age),
        spots, st.sampled_from(VEHICLES), st.none() | st.integers(0, 90_000),
    ),
    max_size=8,
).map(lambda rows: [Mover(f"U{n}", *at, vehicle, age) for n, (at, vehicle, age) in enumerate(rows)])  # fmt: skip


@pytest.fixture(params=MAKERS)
def times(request: pytest.FixtureRequest) -> TravelTimes:
    return MAKERS[request.param]()


def test_nobody_asks_about_nobody(times: TravelTimes) -> None:
    assert list(times.reaches(*place(0, 0), [], AT)) == []


@pytest.mark.parametrize("lat", [float("nan"), float("inf"), 91.0, -91.0])
def test_what_is_no_place_is_refused(times: TravelTimes, lat: float) -> None:
    with pytest.raises(PlaceError):
        times.reaches(lat, 106.7, [Mover("A", 10.7, 106.7)], AT)
    with pytest.raises(PlaceError):
        times.reaches(10.7, 106.7, [Mover("A", lat, 106.7)], AT)


@pytest.mark.parametrize("name", MAKERS)
@given(goal=spots, asked=movers)
@settings(max_examples=30, deadline=None)
def test_everybody_once_soonest_first(name: str, goal: tuple[float, float], asked: list[Mover]) -> None:
    times = MAKERS[name]()
    found = list(times.reaches(*goal, asked, AT))
    assert sorted(it.unit for it in found) == sorted(it.unit for it in asked)
    assert found == sorted(found, key=lambda it: (it.seconds, it.unit))
    ages = {it.unit: it.age_ms for it in asked}
    for it in found:
        assert it.seconds >= 0 and it.metres >= 0 and 0 <= it.walk_m <= it.metres + 0.2
        assert it.age_ms == ages[it.unit] and it.measured in Measured
    assert list(times.reaches(*goal, list(reversed(asked)), AT)) == found
    for it in asked[:2]:
        (alone,) = times.reaches(*goal, [it], AT)
        assert alone in found


@pytest.mark.parametrize("name", MAKERS)
@given(goal=spots, asked=movers, line=st.lists(spots, min_size=2, max_size=4, unique=True))
@settings(max_examples=20, deadline=None)
def test_a_closure_makes_nobody_faster(
    name: str, goal: tuple[float, float], asked: list[Mover], line: list[tuple[float, float]]
) -> None:
    """Within the rounding of what is told; a crew that must walk may come by another way, but never sooner."""
    times = MAKERS[name]()
    closure = Closure(id="D1", kind=ClosureKind.CLOSED, outline=tuple((lon, lat) for lat, lon in line))
    before = {it.unit: it.seconds for it in times.reaches(*goal, asked, AT)}
    for it in times.reaches(*goal, asked, AT, (closure,)):
        assert it.seconds >= before[it.unit] - 0.11


def test_who_stands_there_is_there(times: TravelTimes) -> None:
    (found,) = times.reaches(*place(100, 0), [Mover("A", *place(100, 0), "motorbike")], AT)
    assert found.seconds < 1 and found.metres < 1
