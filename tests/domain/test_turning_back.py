"""A crew that was sent and does not come: somebody is asked in its place, or people are told."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.effects import FindRoute, effects_of
from dispatch_core.domain.offering import free_at, next_crew, places_left
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.vocabulary import AlarmLevel, IncidentType, Need, Passed, UnitStatus
from tests.domain.test_offers import (
    all_busy,
    asked,
    found,
    it,
    late_comer,
    leg,
    measured_with,
    offer_crew,
    offer_station,
    routed,
    told,
)
from tests.domain.world import T0, TYPES, World

S = UnitStatus


def says(world: World, unit: str, *statuses: UnitStatus) -> tuple[e.Event, ...]:
    return [world.person("lan", c.ReportStatus(unit=unit, status=status)) for status in statuses][-1]


def two_wanted() -> World:
    world = routed()
    crash = IncidentType(code="crash", vi="x", en="x", priority=1, needs=(Need(service="police", count=2),))
    world.core(c.LoadTypes(types={**TYPES, "crash": crash}, plans=()))
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))
    return world


def alarm(world: World) -> str:
    return f"turned_back:{it(world).id}.police"


@pytest.mark.parametrize("kind", [ActorKind.PERSON, ActorKind.INTAKE])
@pytest.mark.parametrize("away", [S.AVAILABLE, S.RETURNING])
def test_who_was_asked_and_turns_back_is_replaced_by_the_next(kind: ActorKind, away: UnitStatus) -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.ACKNOWLEDGED, S.EN_ROUTE)
    body = c.ReportStatus(unit="P1", status=away)
    decision = decide(world.state, Asked(id="a" * 32, actor=Actor(kind, "lan"), body=body), world.now)
    assert isinstance(decision, Decision)
    world.state = decision.state
    assert asked(world) == ["P3"] and told(world, "turned_back") == [("P1", "police")]
    assert alarm(world) not in world.state.alarms
    assert told(world, "passed_over")[-1][:3] == ("police", "P1", "turned_back")


def test_its_station_is_asked_where_the_station_sent_it() -> None:
    world = routed()
    offer_station(world)
    (offer,) = leg(world).offers
    world.person("lan", c.AcceptOffer(offer=offer.id, units=("P1",)))
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    assert asked(world) == ["S-P"] and leg(world).offers[-1].unit == "P3"
    assert free_at(world.state, it(world), leg(world), "S-P", world.now)[0] == "P1", "it may be named all the same"


def test_who_was_sent_by_a_person_and_turns_back_is_an_alarm() -> None:
    world = routed()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    assert asked(world) == [] and told(world, "turned_back") == [("P1", "police")]
    assert world.state.alarms[alarm(world)].level is AlarmLevel.CRITICAL
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P3",)))
    assert alarm(world) not in world.state.alarms, "somebody goes"
    says(world, "P3", S.AVAILABLE)  # an order that nobody answered, and that is not taken
    assert alarm(world) in world.state.alarms
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    assert alarm(world) not in world.state.alarms


def test_where_the_plan_leaves_it_to_the_stations_one_is_asked_whoever_sent_it() -> None:
    world = routed()
    crash = IncidentType(code="crash", vi="x", en="x", needs=(Need(service="police", stations=True),))
    world.core(c.LoadTypes(types={**TYPES, "crash": crash}, plans=()))
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    assert asked(world) == ["S-P"] and alarm(world) not in world.state.alarms


def test_nobody_left_is_the_alarm_of_the_handshake() -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.EN_ROUTE)
    for unit in ("P3", "P4", "P5", "P2"):
        says(world, unit, S.OUT_OF_SERVICE)
    says(world, "P1", S.AVAILABLE)
    assert leg(world).spent_at == T0 and f"offers_exhausted:{it(world).id}.police" in world.state.alarms


@pytest.mark.parametrize("last", [S.ON_SCENE, S.TRANSPORTING, S.RETURNING])
def test_who_was_there_has_done_its_work(last: UnitStatus) -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.EN_ROUTE, S.ON_SCENE)
    if last is not S.ON_SCENE:
        says(world, "P1", last)
    says(world, "P1", S.AVAILABLE)
    assert asked(world) == [] and told(world, "turned_back") == [] and not world.state.alarms


def test_a_desk_that_takes_its_unit_back_knows_it() -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.EN_ROUTE)
    world.person("lan", c.ReleaseUnit(unit="P1"))
    assert asked(world) == [] and told(world, "turned_back") == [] and not world.state.alarms


def test_where_the_leg_has_enough_or_somebody_is_being_asked_nothing_more_is_done() -> None:
    world = routed()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3")))
    says(world, "P1", S.EN_ROUTE)
    says(world, "P1", S.AVAILABLE)
    assert alarm(world) not in world.state.alarms, "P3 was ordered too, and has not answered"
    says(world, "P3", S.EN_ROUTE)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P4",)))
    says(world, "P4", S.EN_ROUTE, S.AVAILABLE)
    assert alarm(world) not in world.state.alarms, "P3 goes"
    says(world, "P3", S.RETURNING)
    assert alarm(world) in world.state.alarms and places_left(world.state, it(world), leg(world)) == 1
    says(world, "P3", S.AVAILABLE)
    assert told(world, "turned_back") == [("P1", "police"), ("P4", "police"), ("P3", "police")]


def test_it_is_not_asked_again_by_itself_but_may_be_sent() -> None:
    world = two_wanted()
    offer_crew(world)
    assert asked(world) == ["P1", "P3"]
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    assert asked(world) == ["P3", "P4"]
    assert next_crew(world.state, it(world), leg(world), world.now)[0] == "P5"
    now = ranked(world.state, it(world), "police", world.now)
    assert {one.unit: one.why for one in now.passed}["P1"] == "turned_back"
    found(world)
    assert replace(leg(world).passed[0], reach=None) == Passed(unit="P1", why="turned_back")
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    assert leg(world).turned_back == () and "P1" in leg(world).units


@pytest.mark.parametrize("order", [True, False])
def test_who_was_counted_on_in_its_place_and_is_taken_back_is_missed(order: bool) -> None:
    world = routed()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    says(world, "P1", S.EN_ROUTE)
    for unit in ("P3", "P4"):
        ask = c.AssignUnits if order else c.OfferUnits
        world.person("lan", ask(incident=it(world).id, units=(unit,)))
    says(world, "P1", S.AVAILABLE)
    for unit in ("P3", "P4"):
        assert alarm(world) not in world.state.alarms, "somebody is being asked"
        offer = next(offer for offer in leg(world).offers if offer.unit == unit)
        world.person("lan", c.ReleaseUnit(unit=unit) if order else c.WithdrawOffer(offer=offer.id))
    assert world.state.alarms[alarm(world)].level is AlarmLevel.CRITICAL and asked(world) == []


def test_who_was_there_in_its_place_is_not_missed() -> None:
    world = routed()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3")))
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    says(world, "P3", S.ON_SCENE)
    world.person("lan", c.ReleaseUnit(unit="P3"))
    assert not world.state.alarms


def test_the_alarm_stays_when_another_one_says_yes_to_its_own_order() -> None:
    world = two_wanted()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3")))
    says(world, "P1", S.EN_ROUTE, S.AVAILABLE)
    says(world, "P3", S.EN_ROUTE)
    assert alarm(world) in world.state.alarms, "nobody goes in P1's place"
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P4",)))
    assert alarm(world) not in world.state.alarms


@pytest.mark.parametrize("station", [True, False])
def test_the_alarm_of_two_stays_when_one_is_asked(station: bool) -> None:
    world = two_wanted()
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3")))
    for unit in ("P1", "P3"):
        says(world, unit, S.EN_ROUTE, S.AVAILABLE)
    if station:
        offer_station(world, "S-P")
    else:
        offer_crew(world, "P4")
    assert alarm(world) in world.state.alarms
    world.person("hoa", c.ReassignLeg(incident=it(world).id, service="police", reason="x", unit="P5"))
    assert alarm(world) not in world.state.alarms


def test_a_free_crew_that_was_never_measured_is_found_in_its_place() -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.EN_ROUTE)
    all_busy(world, "P3", "P4", "P5", "P2")
    late_comer(world)
    says(world, "P1", S.AVAILABLE)
    spent = next(recorded for recorded in world.story if isinstance(recorded.event, e.OffersExhausted))
    (question,) = effects_of(spent, world.state)
    assert isinstance(question, FindRoute) and question.services == ("police",)
    (event, *_) = measured_with(world, "P9")
    assert isinstance(event, e.IncidentRouted) and asked(world) == ["P9"]
    assert not world.state.alarms
    world.person("lan", c.ReleaseUnit(unit="P9"))
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    assert effects_of(spent, world.state) == ()


def test_where_the_measuring_finds_nobody_it_is_told_once() -> None:
    world = routed()
    offer_crew(world)
    says(world, "P1", S.EN_ROUTE)
    all_busy(world, "P3", "P4", "P5", "P2")
    says(world, "P1", S.AVAILABLE)
    (event,) = measured_with(world, "P1")
    assert isinstance(event, e.IncidentRouted) and told(world, "offers_exhausted") == [("police",)]
