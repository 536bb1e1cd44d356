"""Where units stand is remembered and never changes an answer: not after they moved, not on another map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.ports import Mover
from gis.errors import PlaceError
from gis.travel import places as module
from gis.travel.roads import RoadTimes
from gis.travel.standing import stands
from tests.gis.gis_tries import tries
from tests.gis.road_samples import AT, answering, grid, place
from tests.gis.test_road_ranking import Net, nets

SPOTS = st.tuples(st.integers(-300, 1_500), st.integers(-300, 1_500)).map(lambda it: place(*it))
VEHICLES = st.sampled_from(["fire_engine", "motorbike", "patrol_car"])


@given(first=nets(), second=nets(), data=st.data())
@tries(60, 2_000)
def test_the_ranking_is_that_of_one_who_remembers_nothing(first: Net, second: Net, data: st.DataObject) -> None:
    """Whatever was learnt before, in whatever order, of places, vehicles and maps."""
    maps = (first.data(), second.data())
    known = answering(maps[0])
    here = 0
    units = [f"U{n}" for n in range(3)]
    for _ in range(data.draw(st.integers(1, 6))):
        movers = [Mover(unit, *data.draw(SPOTS), data.draw(VEHICLES)) for unit in units]
        match data.draw(st.sampled_from(["learn", "rank", "swap", "swap late", "again"])):
            case "learn":
                known.learn_places(movers)
            case "swap":
                here = 1 - here
                known.use(known.prepare(maps[here]))
            case "swap late":  # they report while the map is being opened
                here = 1 - here
                prepared = known.prepare(maps[here])
                known.learn_places(movers)
                known.use(prepared)
            case "again":
                known.learn_places(movers)
                known.learn_places(movers[:1])
        goal = data.draw(SPOTS)
        asked = data.draw(st.sampled_from([movers, movers[::-1], [*movers, *movers[:1]]]))
        assert known.reaches(*goal, asked, AT) == answering(maps[here]).reaches(*goal, asked, AT)


def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many places were looked for on the streets, from now on."""
    counts: list[int] = []

    def counted(driven, x, y):  # type: ignore[no-untyped-def]
        counts.append(len(x))
        return stands(driven, x, y)

    monkeypatch.setattr(module, "stands", counted)
    return counts


def units(count: int, east: float = 0.0, vehicle: str = "patrol_car") -> list[Mover]:
    return [Mover(f"U{n}", *place(10.0 * n + east, 3.0), vehicle) for n in range(count)]


def test_a_unit_that_has_reported_is_not_looked_for_when_it_is_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    times, counts = answering(grid()), looked_for(monkeypatch)
    times.learn_places(units(20))
    assert counts == [20]
    times.reaches(*place(600, 600), units(20), AT)
    times.learn_places(units(20))
    assert counts == [20], "they stand where they stood"
    times.learn_places(units(20, east=7)[:5])
    times.reaches(*place(600, 600), units(20, east=7)[:5] + units(20)[5:], AT)
    assert counts == [20, 5]
    times.reaches(*place(600, 600), units(1, east=9), AT)
    assert counts == [20, 5, 1], "one that moved unseen is looked for"
    times.reaches(*place(600, 600), units(1, east=9, vehicle="motorbike"), AT)
    assert counts == [20, 5, 1, 1], "another vehicle may stand elsewhere"


def test_another_map_knows_them_before_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    times, counts = answering(grid()), looked_for(monkeypatch)
    times.learn_places(units(20))
    times.use(times.prepare(grid(5, 5, 250.0)))
    assert counts == [20, 20]
    times.reaches(*place(600, 600), units(20), AT)
    assert counts == [20, 20]


def test_no_more_is_remembered_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 30)
    times, counts = answering(grid()), looked_for(monkeypatch)
    whole = units(40)
    times.learn_places(whole[:20])
    times.learn_places(whole[20:])
    times.reaches(*place(600, 600), whole[20:], AT)
    assert counts == [20, 20]
    times.reaches(*place(600, 600), whole[:20], AT)
    assert counts == [20, 20, 20]
    assert times.reaches(*place(600, 600), whole, AT) == answering(grid()).reaches(*place(600, 600), whole, AT)


def test_without_streets_nothing_is_learnt_and_no_place_is_refused() -> None:
    RoadTimes().learn_places(units(3))
    times = answering(grid())
    times.learn_places([Mover("B", *place(0, 0), "boat")])
    with pytest.raises(PlaceError):
        times.learn_places([Mover("U1", float("nan"), 106.7)])
