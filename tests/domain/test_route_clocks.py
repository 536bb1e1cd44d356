"""Answers of the geography that do not come, or would be others by now: asked for again by a clock, then told."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.offering import free_at
from dispatch_core.domain.recommending import PASSED_KEPT, somebody_unmeasured
from dispatch_core.domain.route_clocks import ROUTE_LIMIT_MS, ROUTE_TRIES, ROUTES_AT_ONCE
from dispatch_core.domain.state import Incident, Leg
from dispatch_core.domain.vocabulary import AlarmLevel, MapRef, Reach, RecommendRules, Station
from tests.domain.test_offers import POLICE
from tests.domain.world import SITE, STATIONS, T0, UNITS, World, place, staffed, unit, zone

REACH = (Reach(unit="P1", seconds=60.0, metres=500.0),)
LATE = ROUTE_LIMIT_MS + 1


def waiting(world: World | None = None) -> World:
    """A police leg at a place, of which the geography has said nothing."""
    world = world or staffed()
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    return world


def it(world: World) -> Incident:
    return world.incident_of("c1")


def leg(world: World) -> Leg:
    return it(world).legs["police"]


def overdue(world: World) -> list[c.Command]:
    return [body for body in due(world.state, world.now) if isinstance(body, c.RouteOverdue)]


def found(world: World, station: str = "S-P", *, reaches: bool = True, answers: bool = True) -> None:
    world.core(
        c.RouteFound(
            incident=it(world).id, location_version=it(world).location_version,
            answers={"police": zone("police", station=station)} if answers else {},
            reaches={"police": REACH} if reaches else {},
        )
    )  # fmt: skip


def lines(world: World, kind: str) -> list[tuple[str, ...]]:
    return [note.about for note in it(world).notes if note.kind == kind]


# --- no answer --------------------------------------------------------------------------------------------------------


def test_an_answer_that_does_not_come_is_asked_for_again_and_then_told() -> None:
    world = waiting()
    again = c.RouteOverdue(incident=it(world).id)
    assert world.later(ROUTE_LIMIT_MS).core_no(again) == "nothing_new" and overdue(world) == []
    world.later(1)
    for tries in range(1, ROUTE_TRIES + 1):
        assert overdue(world) == [again]
        (event,) = world.core(again)
        assert event == e.RouteAskedAgain(incident=it(world).id, services=("police",))
        (question,) = effects_of(world.story[-1], world.state)
        assert isinstance(question, x.FindRoute) and question.services == ("police",)
        assert leg(world).route_tries == tries and overdue(world) == []
        assert world.core_no(again) == "nothing_new"
        world.later(LATE)
    world.core(again)
    key = f"not_routed:{it(world).id}.police"
    assert world.state.alarms[key].level is AlarmLevel.HIGH and lines(world, "not_routed") == [("police",)]
    assert overdue(world.later(3_600_000)) == [], "people know: nothing more by itself"
    world.person("lan", c.RankAgain(incident=it(world).id))
    assert overdue(world.later(LATE)) == [again], "somebody asked: the clock looks after it again"
    found(world)
    assert key not in world.state.alarms and leg(world).routing_at == 0 and overdue(world.later(LATE)) == []


def test_any_answer_ends_the_waiting() -> None:
    for more in ({"reaches": False}, {"answers": False}, {}):
        world = waiting()
        assert leg(world).routing_at == T0
        found(world, **more)
        assert leg(world).routing_at == 0


def test_a_clock_that_was_set_back_does_not_wait_for_an_hour() -> None:
    world = waiting()
    assert overdue(world.later(-3_600_000)) == [c.RouteOverdue(incident=it(world).id)]


def test_where_nothing_is_asked_nothing_is_waited_for(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    assert leg(world).routing_at == 0
    world.person("lan", c.Locate(incident=incident.id, location=place(lat=None, lon=None), seen=0))
    assert leg(world).routing_at == 0
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=1))
    world.later(5).person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    assert it(world).legs["fire"].routing_at == T0 + 5 and overdue(world.later(LATE)) != []
    for service in ("police", "fire"):
        world.person("lan", c.CloseLeg(incident=incident.id, service=service))
    assert overdue(world) == []
    world.over()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="done"))
    assert overdue(world) == []
    assert world.core_no(c.RouteOverdue(incident=incident.id)) == "nothing_new"
    assert world.core_no(c.RouteOverdue(incident="x")) == "nothing_new"


def test_some_of_its_legs_may_be_given_up_while_others_are_asked_for() -> None:
    world = waiting()
    again = c.RouteOverdue(incident=it(world).id)
    for _ in range(ROUTE_TRIES):
        world.later(LATE).core(again)
    world.person("lan", c.OpenLeg(incident=it(world).id, service="fire"))
    events = world.later(LATE).core(again)
    assert events[0] == e.RouteAskedAgain(incident=it(world).id, services=("fire",))
    assert events[1] == e.RouteGivenUp(incident=it(world).id, service="police")


# --- another map ------------------------------------------------------------------------------------------------------


def test_a_new_map_has_every_open_incident_measured_anew_a_few_at_a_time_the_most_urgent_first() -> None:
    world = staffed()
    incidents = []
    for number in range(3 * ROUTES_AT_ONCE):
        incident = world.talk(f"c{number}")
        world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
        world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
        answer = c.RouteFound(
            incident=incident.id, location_version=1, answers={"police": zone("police")}, reaches={"police": REACH}
        )
        world.core(answer)
        incidents.append(incident.id)
    nowhere = world.talk("d1").id
    world.person("lan", c.OpenLeg(incident=nowhere, service="police"))
    world.person("lan", c.SetPriority(incident=incidents[-1], priority=1, seen=3))
    world.later(LATE)
    assert overdue(world) == []
    world.core(c.PublishMap(ref=MapRef(name="tp", version=2, dated=T0)))
    assert overdue(world) == []
    assert world.state.incidents[incidents[0]].legs["police"].candidates, "it stands until then"
    world.later(LATE)
    asked: list[str] = []
    for _ in range(3):
        batch = overdue(world)
        assert len(batch) == ROUTES_AT_ONCE
        for body in batch:
            assert isinstance(body, c.RouteOverdue)
            world.core(body)
            asked.append(body.incident)
    assert overdue(world) == [] and asked[0] == incidents[-1] and sorted(asked) == incidents


# --- other stations ---------------------------------------------------------------------------------------------------

REAL: dict[str, Station] = {**STATIONS, "REAL1": replace(STATIONS["S-P"], id="REAL1", name="Công an phường 1")}
WITHOUT = {ident: it for ident, it in REAL.items() if ident != "S-P"}


def test_open_legs_of_a_station_that_is_gone_are_asked_for_anew() -> None:
    world = waiting()
    found(world)
    world.core(c.LoadResources(stations=WITHOUT, units=UNITS))
    assert (leg(world).station, leg(world).routing_at) == ("", T0)
    assert lines(world, "station_gone") == [("police", STATIONS["S-P"].name)]
    world.later(LATE).core(c.RouteOverdue(incident=it(world).id))
    found(world, "REAL1")
    assert (leg(world).station, leg(world).routing_at, leg(world).route_tries) == ("REAL1", 0, 0)
    world.core(c.LoadResources(stations=WITHOUT, units=(*UNITS, *POLICE)))
    assert leg(world).routing_at == 0, "its station is still there"


def test_zones_that_still_name_the_station_that_is_gone_are_asked_again_and_then_told() -> None:
    world = waiting()
    found(world)
    world.person("hoa", c.ReassignLeg(incident=it(world).id, service="police", reason="x", station="S-P"))
    world.core(c.LoadResources(stations=WITHOUT, units=UNITS))
    assert not leg(world).station_fixed
    for _ in range(ROUTE_TRIES):
        world.later(LATE).core(c.RouteOverdue(incident=it(world).id))
        found(world)
        assert (leg(world).station, leg(world).routing_at) == ("", world.now)
    world.later(LATE).core(c.RouteOverdue(incident=it(world).id))
    assert f"not_routed:{it(world).id}.police" in world.state.alarms


def test_what_is_closed_or_had_no_station_keeps_what_it_has() -> None:
    world = waiting()
    found(world)
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    before = world.state.incidents
    world.core(c.LoadResources(stations=WITHOUT, units=UNITS))
    assert world.state.incidents == before


# --- crews that cannot come -------------------------------------------------------------------------------------------


def test_a_crew_too_far_away_is_not_proposed_however_many_are_nearer() -> None:
    """More crews are out of reach than are kept with their reasons; one of them stands at the zone's station."""
    site = replace(SITE, recommending=RecommendRules(radius_km={"police": 1.0}))
    nearer = tuple(unit(f"N{number:02d}", "police", "S-P2") for number in range(PASSED_KEPT))
    far = (unit("Z1", "police", "S-P"), unit("Z2", "police", "S-P2"), unit("Z3", "police", "S-P3"))
    stations = {**STATIONS, "S-P3": replace(STATIONS["S-P"], id="S-P3")}
    others = tuple(it for it in UNITS if it.service != "police")
    world = staffed(site)
    world.core(c.LoadResources(stations=stations, units=(*others, *nearer, *far)))
    waiting(world)
    reaches = tuple(
        Reach(unit=it.call_sign, seconds=60.0 + at, metres=2_000.0) for at, it in enumerate((*nearer, *far))
    )
    answers = {"police": replace(zone("police", station="S-P"), backups=("S-P2",))}
    world.core(c.RouteFound(incident=it(world).id, location_version=1, answers=answers, reaches={"police": reaches}))
    assert [it.why for it in leg(world).passed] == ["out_of_radius"] * PASSED_KEPT
    assert leg(world).unfit == ("Z1", "Z2"), "Z3's station is not asked"
    for station in ("S-P", "S-P2"):
        assert free_at(world.state, it(world), leg(world), station, world.now) == ()
    assert somebody_unmeasured(world.state, it(world), leg(world), world.now), "Z3"
    world.person("lan", c.Locate(incident=it(world).id, location=place("xa"), seen=1))
    assert leg(world).unfit == () and leg(world).candidates == ()
