"""Closures and floods that a dispatcher draws, and the map in force."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.closing_roads import (
    CLOSURES_MOST,
    CONCERNED_MOST,
    OUTLINE_POINTS_MOST,
    UNTIL_MOST_MS,
    incidents_near,
    metres_apart,
)
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import FindRoute, UseMap, effects_of
from dispatch_core.domain.vocabulary import Closure, ClosureKind, LocationSource, MapRef
from tests.domain.world import FLOODED, PLANT, UNITS, World, place, unit

LINE = ((106.70, 10.80), (106.71, 10.80))


def drawn(world: World, **more: object) -> Closure:
    body = {"kind": ClosureKind.CLOSED, "outline": LINE, **more}
    (event,) = world.person("lan", c.DrawClosure(**body))  # type: ignore[arg-type]
    assert isinstance(event, e.ClosureDrawn)
    return world.state.closures[event.closure]


def located(world: World, lat: float | None = 10.8, lon: float | None = 106.7, call: str = "c1") -> str:
    incident = world.call(call)
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    where = place(lat=lat, lon=lon, source=LocationSource.MAP_PIN)
    world.person("lan", c.Locate(incident=incident.id, location=where, seen=0))
    return incident.id


def test_a_closure_stands_until_it_is_ended(world: World) -> None:
    one = drawn(world, reason=f" ngập {PLANT} ", kind=ClosureKind.FLOODED)
    assert one == Closure(
        id="D1", kind=ClosureKind.FLOODED, outline=LINE, reason=f"ngập {PLANT}", by="lan", at=world.now
    )
    two = drawn(world)
    assert [it.id for it in world.state.closures.values()] == ["D1", "D2"] and not due(world.state, world.now)
    world.person("hoa", c.EndClosure(closure=one.id))
    assert list(world.state.closures) == [two.id]
    assert world.person_no("lan", c.EndClosure(closure=one.id)) == "unknown_closure"
    assert drawn(world).id == "D3"  # never an old one's id


def test_its_clock_ends_it(world: World) -> None:
    drawn(world, until=world.now + 60_000)
    assert due(world.state, world.now + 59_999) == ()
    end = c.EndClosure(closure="D1")
    assert due(world.state, world.now + 60_000) == (end,)
    world.later(60_000).core(end)
    assert not world.state.closures


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"outline": LINE[:1]}, "bad_outline"),
        ({"outline": (LINE[0], LINE[0])}, "bad_outline"),
        ({"outline": tuple((106.7 + n / 10_000, 10.8) for n in range(OUTLINE_POINTS_MOST + 1))}, "bad_outline"),
        ({"outline": (LINE[0], (float("nan"), 10.8))}, "bad_outline"),
        ({"outline": (LINE[0], (106.7, 100.0))}, "bad_outline"),
        ({"outline": ((106.5, 10.8), (106.9, 10.8))}, "bad_outline"),  # half the city
        ({"outline": ((10.8, 106.7), (10.81, 106.7))}, "bad_outline"),  # swapped: latitude 106 is no place
        ({"outline": ((10.8, 85.0), (10.81, 85.0))}, "bad_outline"),  # outside the site's area
        ({"until": -1}, "bad_until"),
        ({"until": 1}, "bad_until"),
        ({"until": 10**15}, "bad_until"),
        ({"vehicles": ("tank",)}, "unknown_vehicle"),
        ({"reason": "x" * 501}, "text_too_long"),
    ],
)
def test_what_cannot_be_drawn(world: World, more: dict[str, object], code: str) -> None:
    assert world.person_no("lan", c.DrawClosure(**{"kind": ClosureKind.CLOSED, "outline": LINE, **more})) == code  # type: ignore[arg-type]
    assert not world.state.closures


def test_the_longest_end_and_known_vehicles(world: World) -> None:
    units = (*UNITS, unit("F9", "fire", "S-F", vehicle="lorry"))
    world.core(c.LoadResources(stations=world.state.stations, units=units))
    known = drawn(world, until=world.now + UNTIL_MOST_MS, vehicles=("lorry", "lorry"))
    assert known.vehicles == ("lorry",)


def test_there_is_an_end_to_drawing(world: World) -> None:
    for _ in range(CLOSURES_MOST):
        drawn(world)
    assert world.person_no("lan", c.DrawClosure(kind=ClosureKind.CLOSED, outline=LINE)) == "too_many_closures"


def test_the_admin_draws_nothing(world: World) -> None:
    assert world.person_no("tuan", c.DrawClosure(kind=ClosureKind.CLOSED, outline=LINE)) == "not_allowed"


def test_incidents_near_are_ranked_anew_and_told(world: World) -> None:
    near = located(world)
    nearer = located(world, 10.801, 106.702, "c2")
    far = located(world, 10.2, 106.7, "c3")
    words = located(world, None, None, "c4")
    closed = located(world, call="c5")
    world.over("c5")
    world.person("lan", c.CloseIncident(incident=closed, disposition="xong"))
    legless = world.call("c6")
    world.person("lan", c.Locate(incident=legless.id, location=place(lat=10.8, lon=106.7), seen=0))
    for service in world.state.incidents[legless.id].legs:
        world.person("lan", c.CloseLeg(incident=legless.id, service=service))
    drawn(world, kind=ClosureKind.FLOODED)
    asked = effects_of(world.story[-1], world.state)
    assert [it.incident for it in asked if isinstance(it, FindRoute)] == [near, nearer]
    line = world.state.incidents[near].notes[-1]
    assert (line.kind, line.about) == ("closure_drawn", ("D1", "flooded"))
    for other in (far, words, closed, legless.id):
        assert world.state.incidents[other].notes[-1].kind != "closure_drawn"
    world.person("lan", c.EndClosure(closure="D1"))
    assert world.state.incidents[nearer].notes[-1].kind == "closure_ended"
    assert len(effects_of(world.story[-1], world.state)) == 2


def test_only_so_many_are_ranked_anew(world: World) -> None:
    for number in range(CONCERNED_MOST + 1):
        located(world, 10.8, 106.7 + number / 10_000, f"n{number}")
    found = incidents_near(world.state, FLOODED)
    assert len(found) == CONCERNED_MOST
    far = metres_apart((106.7, 10.8), (106.71, 10.8))
    assert 1_080 < far < 1_100  # a hundredth of a degree of longitude there


def test_the_map_in_force(world: World) -> None:
    ref = MapRef(name="tp", version=1, counts={"streets": 3})
    (event,) = world.core(c.PublishMap(ref=ref))
    assert event == e.MapPublished(ref=ref) and world.state.map == ref
    assert effects_of(world.story[-1], world.state) == (UseMap(1),)
    assert world.core_no(c.PublishMap(ref=ref)) == "nothing_new"
