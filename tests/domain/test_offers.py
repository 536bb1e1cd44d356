"""The handshake: who is asked, on what clock, what a no leads to, and what a supervisor sees of it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.decide.calming import exhausted
from dispatch_core.domain.effects import FindRoute, effects_of, unfinished
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.evolve.offers import LINES_KEPT, REASONS_KEPT, end_offers, with_offer
from dispatch_core.domain.offering import (
    OFFERS_KEPT,
    Ahead,
    declined_on,
    find_offer,
    free_at,
    offer_id,
    pending,
    station_order,
    stations_ahead,
)
from dispatch_core.domain.recommending import PASSED_KEPT
from dispatch_core.domain.route_clocks import ROUTE_LIMIT_MS, ROUTE_TRIES
from dispatch_core.domain.state import Incident, Leg, Offer, Unit
from dispatch_core.domain.surging import may_join
from dispatch_core.domain.vocabulary import (
    Candidate,
    CrewState,
    IncidentState,
    IncidentType,
    LegState,
    Need,
    OfferOutcome,
    OfferTo,
    Passed,
    Reach,
    RecommendRules,
    UnitStatus,
)
from tests.domain.examples import tries
from tests.domain.laws import check_decision, check_state
from tests.domain.world import SITE, T0, TYPES, UNITS, World, place, staffed, unit, zone

O = OfferOutcome  # noqa: E741
NEAR = ("P1", "P3", "P4", "P5", "P2")
"""The police in the order in which they would be there: three of S-P, then one of S-P3, then S-P2's."""

POLICE = (unit("P3", "police", "S-P"), unit("P4", "police", "S-P"), unit("P5", "police", "S-P3"))


def routed(world: World | None = None) -> World:
    """An incident with a police leg whose zone is S-P's, candidates as in NEAR."""
    world = world or staffed()
    stations = {**world.state.stations, "S-P3": replace(world.state.stations["S-P2"], id="S-P3", name="Công an 3")}
    world.core(c.LoadResources(stations=stations, units=(*UNITS, *POLICE)))
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    found(world)
    return world


def found(world: World, version: int = 1) -> None:
    reaches = tuple(Reach(unit=sign, seconds=60.0 * at, metres=500.0 * at) for at, sign in enumerate(NEAR, 1))
    answers = {"police": zone("police", station="S-P")}
    world.core(
        c.RouteFound(incident=it(world).id, location_version=version, answers=answers, reaches={"police": reaches})
    )


def it(world: World) -> Incident:
    return world.incident_of("c1")


def leg(world: World) -> Leg:
    return it(world).legs["police"]


def asked(world: World) -> list[str]:
    return [offer.unit if offer.to is OfferTo.CREW else offer.station for offer in pending(leg(world))]


def offer_crew(world: World, *units: str) -> tuple[e.Event, ...]:
    return world.person("lan", c.OfferUnits(incident=it(world).id, service="police", units=units))


def offer_station(world: World, station: str = "", service: str = "police") -> tuple[e.Event, ...]:
    return world.person("lan", c.OfferStation(incident=it(world).id, service=service, station=station))


def say_no(world: World, why: str = "far", reason: str = "") -> tuple[e.Event, ...]:
    (offer,) = pending(leg(world))
    return world.person("lan", c.DeclineOffer(offer=offer.id, why=why, reason=reason))


def told(world: World, kind: str) -> list[tuple[str, ...]]:
    return [note.about for note in it(world).notes if note.kind == kind]


# --- a crew -----------------------------------------------------------------------------------------------------------


def test_a_crew_is_held_while_it_is_asked_and_says_yes_with_its_first_word() -> None:
    world = routed()
    (event,) = offer_crew(world)
    assert isinstance(event, e.UnitAssigned) and (event.unit, event.until) == ("P1", T0 + 60_000)  # priority 3
    (offer,) = leg(world).offers
    assert (offer.id, offer.to, offer.station, offer.unit) == (f"{it(world).id}.police.1", OfferTo.CREW, "S-P", "P1")
    assert world.state.units["P1"].status is UnitStatus.OFFERED
    assert world.person_no("minh", c.AssignUnits(incident=it(world).id, units=("P1",))) == "unit_busy"
    world.later(5_000).person("lan", c.AcceptOffer(offer=offer.id))
    assert world.state.units["P1"].status is UnitStatus.ACKNOWLEDGED
    (offer,) = leg(world).offers
    assert (offer.outcome, offer.ended_at, offer.by) == (O.ACCEPTED, T0 + 5_000, "person:lan")


def test_any_word_of_the_crew_is_its_yes(world: World) -> None:
    routed(world)
    offer_crew(world)
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    assert leg(world).offers[0].outcome is O.ACCEPTED


@pytest.mark.parametrize("kind", [ActorKind.PERSON, ActorKind.INTAKE])
def test_who_is_asked_and_says_that_it_is_available_has_said_no(kind: ActorKind) -> None:
    world = routed()
    offer_crew(world)
    body = c.ReportStatus(unit="P1", status=UnitStatus.AVAILABLE)
    decision = decide(world.state, Asked(id="a" * 32, actor=Actor(kind, "lan"), body=body), world.now)
    assert isinstance(decision, Decision)
    world.state = decision.state
    assert leg(world).offers[0].outcome is O.DECLINED and world.state.units["P1"].assignment is None
    assert asked(world) == ["P3"] and world.state.declines["S-P"].declined == 1


def test_an_order_of_a_person_is_an_offer_without_a_clock(world: World) -> None:
    routed(world)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    (offer,) = pending(leg(world))
    assert offer.until == 0
    assert [body for body in due(world.state, T0 + 3_600_000) if isinstance(body, c.OfferExpired)] == []
    say_no(world)  # and who cannot go says so: the next one is asked
    assert asked(world) == ["P3"] and pending(leg(world))[0].until > 0


def test_who_says_no_is_free_and_the_next_is_asked(world: World) -> None:
    routed(world)
    offer_crew(world)
    ended, released, assigned = say_no(world, reason=" thủng lốp ")
    assert isinstance(ended, e.OfferEnded)
    assert (ended.outcome, ended.why, ended.reason) == (O.DECLINED, "far", "thủng lốp")
    assert isinstance(released, e.UnitReleased) and isinstance(assigned, e.UnitAssigned)
    assert asked(world) == ["P3"] and world.state.units["P1"].assignment is None
    assert (world.state.units["P1"].tally.runs, world.state.units["P3"].tally.runs) == (0, 1)
    assert assigned.passed == (Passed(unit="P1", why="declined"),)
    assert told(world, "released") == []  # its "no" has told it
    assert told(world, "passed_over") == [("police", "P1", "declined", "")]
    assert told(world, "offer_declined") == [("crew", "S-P", "P1", "far", "police")]


def test_a_station_whose_crews_declined_twice_is_passed_over_with_all_of_them(world: World) -> None:
    routed(world)
    offer_crew(world)
    say_no(world)
    say_no(world)
    assert asked(world) == ["P5"]  # not P4, which stands at S-P too
    assert leg(world).offers[-1].station == "S-P3"
    assert told(
        world, "passed_over"
    )[-1] == ("police", "P1", "declined", "", "P3", "declined", "", "P4", "station_declined", "S-P")
    assert [sign for sign in NEAR if declined_on(leg(world), world.state.units[sign], 2)] == ["P1", "P3", "P4"]
    found(world)
    assert [it.unit for it in leg(world).candidates] == ["P2"]  # P5 is being asked
    assert {it.unit: it.why for it in leg(world).passed}["P4"] == "declined"
    assert not declined_on(None, world.state.units["P1"], 2)


def test_a_clock_that_runs_out_goes_on_by_itself(world: World) -> None:
    routed(world)
    offer_crew(world)
    (offer,) = pending(leg(world))
    assert world.core_no(c.OfferExpired(offer=offer.id)) == "nothing_new"
    assert due(world.state, offer.until - 1) == ()
    assert due(world.state, offer.until) == (c.OfferExpired(offer=offer.id),)
    assert due(world.state, T0 - 3_600_000)[:1] == (c.OfferExpired(offer=offer.id),)  # the clock was set back
    assert due(world.state, T0 - 5_000) == ()
    world.later(60_000).core(c.OfferExpired(offer=offer.id))
    assert asked(world) == ["P3"]
    assert told(world, "offer_expired") == [("crew", "S-P", "P1", "", "police")]
    assert world.core_no(c.OfferExpired(offer=offer.id)) == "nothing_new"
    assert world.core_no(c.OfferExpired(offer="none")) == "nothing_new"


def test_nobody_left_is_told_to_a_supervisor_and_ends_when_somebody_goes(world: World) -> None:
    routed(world)
    offer_crew(world)
    for _ in range(3):
        say_no(world)
    assert asked(world) == ["P2"]
    events = say_no(world)
    assert [type(event) for event in events[2:]] == [e.OffersExhausted, e.AlarmRaised]
    key = exhausted(it(world).id, "police")
    assert world.state.alarms[key].level.value == "critical" and leg(world).spent_at == T0
    assert told(world, "offers_exhausted") == [("police",)]
    assert world.person_no("lan", c.OfferUnits(incident=it(world).id, service="police")) == "nobody_to_ask"
    found(world)  # nothing new: everybody said no
    assert key in world.state.alarms and asked(world) == []
    world.person("hoa", c.AssignUnits(incident=it(world).id, units=("P4",)))
    assert key not in world.state.alarms and leg(world).spent_at == 0


def test_a_unit_that_becomes_free_is_asked_when_the_geography_has_it(world: World) -> None:
    routed(world)
    for sign in ("P3", "P4", "P5", "P2"):
        world.person("lan", c.ReportStatus(unit=sign, status=UnitStatus.OUT_OF_SERVICE))
    found(world)
    offer_crew(world)
    say_no(world)
    assert leg(world).spent_at and asked(world) == []
    world.person("lan", c.ReportStatus(unit="P5", status=UnitStatus.AVAILABLE))
    found(world)
    assert asked(world) == ["P5"] and not leg(world).spent_at


def test_who_went_to_work_meanwhile_is_passed_over(world: World) -> None:
    routed(world)
    offer_crew(world)
    other = world.call("c2", "police")
    world.person("minh", c.AssignUnits(incident=other.id, units=("P3",)))
    world.person("minh", c.ReportStatus(unit="P4", status=UnitStatus.OUT_OF_SERVICE))
    *_, assigned = say_no(world)
    assert isinstance(assigned, e.UnitAssigned) and assigned.unit == "P5"
    assert assigned.passed == (
        Passed(unit="P1", why="declined"),
        Passed(unit="P3", why="at_work", about=(other.id,)),
        Passed(unit="P4", why="not_available", about=("out_of_service",)),
    )


def test_a_vehicle_without_a_crew_is_passed_over(world: World) -> None:
    routed(world)
    offer_crew(world)
    world.person("lan", c.SetCrew(unit="P3", crew=CrewState.UNSTAFFED))
    *_, assigned = say_no(world)
    assert isinstance(assigned, e.UnitAssigned) and assigned.unit == "P4"
    assert Passed(unit="P3", why="not_staffed") in assigned.passed


def test_taken_back_and_passed_on(world: World) -> None:
    routed(world)
    offer_crew(world)
    world.person("lan", c.WithdrawOffer(offer=leg(world).offers[0].id, skip=True))
    assert asked(world) == ["P3"] and leg(world).offers[0].why == "skipped"
    world.person("lan", c.WithdrawOffer(offer=leg(world).offers[1].id))
    assert asked(world) == [] and leg(world).spent_at == 0 and not world.state.alarms
    offer_crew(world)
    assert asked(world) == ["P3"]  # taken back is no "no"; P1 was passed on from
    assert told(world, "passed_over")[-1] == ("police", "P1", "skipped", "")


def test_the_named_ones_are_asked_and_refused_as_orders_are(world: World) -> None:
    routed(world)
    ident = it(world).id
    offer_crew(world, "P2", "F1", "P2")
    assert asked(world) == ["P2"] and it(world).legs["fire"].units == ("F1",)
    many = tuple(map(str, range(41)))
    for units, code in ((("P2",), "unit_busy"), (("X9",), "unknown_unit"), (many, "too_many_units")):
        assert world.person_no("lan", c.OfferUnits(incident=ident, units=units)) == code
    assert world.person_no("lan", c.OfferUnits(incident=ident, service="ambulance")) == "no_leg"
    assert world.person_no("lan", c.OfferUnits(incident="none", units=("P1",))) == "unknown_incident"


def test_several_are_asked_where_the_plan_wants_several_and_the_first_yes_ends_it(world: World) -> None:
    routed(world)
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))  # two police
    world.person("lan", c.SetPriority(incident=it(world).id, priority=5, seen=1))
    found(world)
    offer_crew(world)
    assert asked(world) == ["P1", "P3"]
    offer_crew(world, "P4")
    first, second, third = pending(leg(world))
    assert first.until == T0 + 120_000
    world.person("lan", c.AcceptOffer(offer=first.id))
    assert len(pending(leg(world))) == 2
    events = world.person("lan", c.AcceptOffer(offer=third.id))
    assert [type(event) for event in events] == [e.UnitStatusSet, e.OfferEnded, e.UnitReleased]
    assert leg(world).offers[1].why == "taken" and world.state.units["P3"].assignment is None
    no = world.refusal("lan", c.AcceptOffer(offer=second.id))
    assert (no.code, no.details["to"], no.details["outcome"]) == ("offer_over", "P3", "taken")


def test_fewer_are_asked_where_there_are_fewer(world: World) -> None:
    routed(world)
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))  # two police
    for sign in NEAR[1:]:
        world.person("lan", c.ReportStatus(unit=sign, status=UnitStatus.OUT_OF_SERVICE))
    found(world)
    offer_crew(world)
    assert asked(world) == ["P1"] and not world.state.alarms


def test_what_a_person_ordered_stands_when_another_says_yes(world: World) -> None:
    routed(world)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P4",)))
    offer_crew(world, "P1")
    world.person("lan", c.AcceptOffer(offer=leg(world).offers[1].id))
    assert asked(world) == ["P4"]


def test_an_answer_that_cannot_be(world: World) -> None:
    routed(world)
    offer_crew(world)
    offer = leg(world).offers[0].id
    for body, code in (
        (c.AcceptOffer(offer=offer, units=("P2",)), "offer_to_another"),
        (c.AcceptOffer(offer="none"), "unknown_offer"),
        (c.AcceptOffer(offer=f"{it(world).id}.police.9"), "unknown_offer"),
        (c.DeclineOffer(offer="none", why="far"), "unknown_offer"),
        (c.DeclineOffer(offer=offer, why="dance"), "unknown_reason"),
        (c.DeclineOffer(offer=offer, reason="  "), "reason_missing"),
        (c.DeclineOffer(offer=offer, reason="x" * 501), "text_too_long"),
        (c.WithdrawOffer(offer="none"), "unknown_offer"),
    ):
        assert world.person_no("lan", body) == code
    world.person("lan", c.AcceptOffer(offer=offer, units=("P1",)))


def test_whatever_ends_the_work_ends_the_asking(world: World) -> None:
    routed(world)
    offer_crew(world)
    world.person("lan", c.ReleaseUnit(unit="P1"))
    assert leg(world).offers[0].outcome is O.WITHDRAWN and told(world, "released") == [("P1", "police")]
    offer_station(world)
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    assert pending(leg(world)) == () and leg(world).state is LegState.CLOSED
    world.person("lan", c.OpenLeg(incident=it(world).id, service="police"))
    found(world)
    other = world.call("c2", "police")
    world.person("lan", c.FoldIncident(incident=it(world).id, into=other.id))
    offer = world.person("lan", c.OfferUnits(incident=other.id, units=("P1",)))[0]
    assert isinstance(offer, e.UnitAssigned)
    world.over("c1")
    world.over("c2")
    world.person("lan", c.CloseIncident(incident=other.id, disposition="done"))
    assert world.state.incidents[other.id].state is IncidentState.CLOSED
    assert pending(world.state.incidents[other.id].legs["police"]) == ()
    check_state(world.state)


def test_the_alarm_goes_with_its_leg_and_its_incident(world: World) -> None:
    for close in ("leg", "incident", "fold"):
        world = routed(staffed())
        for sign in NEAR[1:]:
            world.person("lan", c.ReportStatus(unit=sign, status=UnitStatus.OUT_OF_SERVICE))
        found(world)
        offer_crew(world)
        say_no(world)
        assert exhausted(it(world).id, "police") in world.state.alarms
        if close == "leg":
            world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
        elif close == "incident":
            world.over()
            world.person("lan", c.CloseIncident(incident=it(world).id, disposition="done"))
        else:
            other = world.call("c2", "police")
            world.person("lan", c.FoldIncident(incident=it(world).id, into=other.id))
        assert not world.state.alarms


# --- a station --------------------------------------------------------------------------------------------------------


def test_a_station_names_the_crew_that_goes(world: World) -> None:
    routed(world)
    (event,) = offer_station(world)
    assert event == e.StationOffered(
        incident=it(world).id, service="police", station="S-P", unit="P1", until=T0 + 90_000
    )
    (offer,) = pending(leg(world))
    assert leg(world).units == () and world.state.units["P1"].assignment is None  # nobody is held
    world.later(2_000).person("lan", c.AcceptOffer(offer=offer.id, units=("P3",)))
    assert leg(world).units == ("P3",) and world.state.units["P3"].status is UnitStatus.ACKNOWLEDGED
    (offer,) = leg(world).offers
    assert (offer.outcome, offer.unit, offer.ended_at) == (O.ACCEPTED, "P3", T0 + 2_000)
    assert told(world, "offer_accepted") == [("station", "S-P", "P3", "", "police")]


def test_a_station_that_names_nobody_sends_the_proposed_one_or_the_best_that_is_free(world: World) -> None:
    routed(world)
    offer_station(world)
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.OUT_OF_SERVICE))
    world.person("lan", c.AcceptOffer(offer=leg(world).offers[0].id))
    assert leg(world).units == ("P3",)
    offer_station(world, "S-P2")
    world.person("lan", c.AcceptOffer(offer=leg(world).offers[1].id))
    assert leg(world).units == ("P3", "P2")


def test_a_station_without_a_free_crew_cannot_say_yes_without_naming_one(world: World) -> None:
    routed(world)
    world.person("lan", c.ReportStatus(unit="P2", status=UnitStatus.OUT_OF_SERVICE))
    offer_station(world, "S-P2")
    offer = leg(world).offers[0].id
    assert leg(world).offers[0].unit == ""
    for units, code in (((), "station_empty"), (("P2",), "unit_out_of_service"), (("A1",), "wrong_service")):
        assert world.person_no("lan", c.AcceptOffer(offer=offer, units=units)) == code
    world.core(c.LoadResources(stations={}, units=world_units(world)))
    assert world.person_no("lan", c.AcceptOffer(offer=offer)) == "station_empty"  # told by its id
    assert world.person_no("lan", c.AcceptOffer(offer=offer, units=("P4",))) == "offer_to_another"  # of S-P
    world.person("hoa", c.ReportStatus(unit="P2", status=UnitStatus.AVAILABLE))
    world.person("lan", c.AcceptOffer(offer=offer, units=("P2",)))
    assert leg(world).units == ("P2",)


def world_units(world: World) -> tuple[Unit, ...]:
    return tuple(world.state.units.values())


def test_a_station_is_asked_for_its_next_crew_and_passed_over_after_the_second_no(world: World) -> None:
    routed(world)
    offer_station(world)
    say_no(world)
    assert [(it.station, it.unit) for it in pending(leg(world))] == [("S-P", "P3")]
    say_no(world, why="", reason="không còn ai")
    assert asked(world) == ["S-P3"]
    assert told(world, "passed_over")[-1] == ("police", "S-P", "station_declined", "")
    world.later(90_000).core(c.OfferExpired(offer=pending(leg(world))[0].id))
    assert asked(world) == ["S-P2"]
    assert told(world, "passed_over")[-1] == ("police", "S-P", "station_declined", "", "S-P3", "expired", "")
    world.person("lan", c.WithdrawOffer(offer=pending(leg(world))[0].id, skip=True))
    assert exhausted(it(world).id, "police") in world.state.alarms
    assert told(world, "passed_over")[-1][-3:] == ("S-P2", "skipped", "")
    assert world.person_no("lan", c.OfferStation(incident=it(world).id, service="police")) == "nobody_to_ask"
    offer_station(world, "S-P")  # a person may ask all the same
    assert exhausted(it(world).id, "police") not in world.state.alarms


def test_a_station_without_a_free_crew_is_passed_over(world: World) -> None:
    routed(world)
    for sign in ("P1", "P3", "P4"):
        world.person("lan", c.ReportStatus(unit=sign, status=UnitStatus.OUT_OF_SERVICE))
    (event,) = offer_station(world)
    assert isinstance(event, e.StationOffered)
    assert (event.station, event.passed) == ("S-P3", (Passed(unit="S-P", why="no_unit"),))


def test_every_leg_that_waits_is_offered_to_its_station_with_one_key(world: World) -> None:
    routed(world)
    ident = it(world).id
    for service in ("ambulance", "fire"):
        world.person("lan", c.OpenLeg(incident=ident, service=service))
    answers = {service: zone(service) for service in ("ambulance", "fire")}
    world.core(c.RouteFound(incident=ident, location_version=1, answers=answers, reaches={}))
    events = world.person("lan", c.OfferStation(incident=ident))
    assert [it.station for it in events if isinstance(it, e.StationOffered)] == ["S-P", "S-A", "S-F"]
    assert len({offer.until for leg in it(world).legs.values() for offer in leg.offers}) == 1
    assert world.person_no("lan", c.OfferStation(incident=ident)) == "no_open_leg"


def test_a_leg_without_anybody_is_told_where_another_one_is_asked(world: World) -> None:
    routed(world)
    world.person("lan", c.OpenLeg(incident=it(world).id, service="fire"))
    world.person("lan", c.OfferStation(incident=it(world).id))
    assert asked(world) == ["S-P"]
    assert exhausted(it(world).id, "fire") in world.state.alarms


def test_a_station_that_cannot_be_asked(world: World) -> None:
    routed(world)
    ident = it(world).id
    offer_station(world)
    for station, service, code in (
        ("S-9", "", "unknown_station"), ("S-P", "", "being_asked"), ("", "ambulance", "no_leg"), ("", "moon", "no_leg"),
    ):  # fmt: skip
        assert world.person_no("lan", c.OfferStation(incident=ident, station=station, service=service)) == code
    assert world.person_no("lan", c.OfferStation(incident="none")) == "unknown_incident"
    offer_station(world, "S-F", service="")  # opens the leg of its service
    assert it(world).legs["fire"].offers[0].unit == "F1"
    other = world.call("c2")
    world.person("lan", c.SetType(incident=other.id, type="theft", seen=""))
    no = world.refusal("lan", c.OfferStation(incident=other.id))
    assert no.code == "nobody_to_ask" and "Cấp cứu" in no.sentence("vi")


def test_a_service_that_the_site_no_longer_has_is_called_by_its_code(world: World) -> None:
    other = world.call("c2")
    world.person("lan", c.OpenLeg(incident=other.id, service="fire"))
    services = {code: it for code, it in SITE.services.items() if code != "fire"}
    seats = {ident: (seat.label, seat.services) for ident, seat in world.state.positions.items()}
    world.core(c.ConfigureSite(site=replace(SITE, services=services), positions=seats))
    no = world.refusal("lan", c.OfferStation(incident=other.id))
    assert no.details["service"] == "fire"


def test_several_stations_where_the_plan_says_so(world: World) -> None:
    routed(world)
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))  # two police
    found(world)
    offer_station(world)
    assert asked(world) == ["S-P", "S-P3"]
    world.person("lan", c.AcceptOffer(offer=leg(world).offers[0].id, units=("P1", "P3")))
    assert leg(world).offers[1].why == "taken" and leg(world).units == ("P1", "P3")


def test_where_the_plan_leaves_it_to_the_stations_no_crew_is_asked_unless_by_name() -> None:
    world = routed(staffed())
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))
    world.person("lan", c.RaiseAlarmLevel(incident=it(world).id, level=2, seen=1))  # fire: stations, two at once
    fire = c.OfferUnits(incident=it(world).id, service="fire")
    reaches = (Reach(unit="F1", seconds=60, metres=500), Reach(unit="F3", seconds=90, metres=700))
    world.core(c.LoadResources(stations=world.state.stations, units=(*UNITS, *POLICE, unit("F3", "fire", "S-F2"))))
    world.core(
        c.RouteFound(
            incident=it(world).id, location_version=1, answers={"fire": zone("fire")}, reaches={"fire": reaches}
        )
    )
    told = world.person("lan", fire)
    assert [(event.station, event.unit) for event in told if isinstance(event, e.StationOffered)] == [
        ("S-F", "F1"), ("S-F2", "F3"),
    ]  # fmt: skip
    assert not any(isinstance(event, e.UnitAssigned) for event in told)
    assert world.person_no("lan", fire) == "nobody_to_ask"
    offer_crew(world)
    assert {offer.to for offer in pending(leg(world))} == {OfferTo.CREW}, "of the police no plan says so"


def test_after_a_crew_that_was_named_the_stations_are_asked_where_the_plan_says_so() -> None:
    world = routed(staffed())
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))
    world.person("lan", c.RaiseAlarmLevel(incident=it(world).id, level=2, seen=1))
    *_, event = world.person("lan", c.OfferUnits(incident=it(world).id, service="fire", units=("F2",)))
    assert isinstance(event, e.UnitAssigned) and event.named
    (offer,) = pending(it(world).legs["fire"])
    world.core(
        c.RouteFound(
            incident=it(world).id, location_version=1, answers={"fire": zone("fire")},
            reaches={"fire": (Reach(unit="F1", seconds=60, metres=500),)},
        )
    )  # fmt: skip
    *_, event = world.person("lan", c.DeclineOffer(offer=offer.id, why="far"))
    assert isinstance(event, e.StationOffered) and (event.station, event.unit) == ("S-F", "F1")


def test_a_leg_asks_so_many_by_itself_and_then_a_person_must_look(world: World) -> None:
    seats = {ident: (seat.label, seat.services) for ident, seat in world.state.positions.items()}
    world.core(c.ConfigureSite(site=replace(SITE, offers=replace(SITE.offers, most=2)), positions=seats))
    routed(world)
    offer_crew(world)
    say_no(world)
    say_no(world)
    assert asked(world) == [] and exhausted(it(world).id, "police") in world.state.alarms


def test_a_person_may_ask_on_and_orders_do_not_use_up_what_a_leg_asks(world: World) -> None:
    seats = {ident: (seat.label, seat.services) for ident, seat in world.state.positions.items()}
    world.core(c.ConfigureSite(site=replace(SITE, offers=replace(SITE.offers, most=1)), positions=seats))
    routed(world)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1",)))
    say_no(world)
    assert asked(world) == ["P3"]  # the order was not one of the leg's own
    say_no(world)
    assert asked(world) == [] and leg(world).spent_at
    offer_crew(world)
    assert asked(world) == ["P5"] and not leg(world).spent_at
    (event,) = offer_station(world)
    assert isinstance(event, e.StationOffered) and event.station == "S-P2"


def test_a_no_on_a_leg_that_has_all_it_wants_asks_nobody(world: World) -> None:
    routed(world)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3")))
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    say_no(world)
    assert asked(world) == [] and not world.state.alarms and leg(world).units == ("P1",)


def test_who_was_named_is_not_taken_back_when_another_one_says_yes(world: World) -> None:
    routed(world)
    offer_crew(world, "P1", "P3")
    offer_station(world, "S-P2")
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    assert asked(world) == ["P3", "S-P2"]
    world.later(181_000).core(c.OfferExpired(offer=pending(leg(world))[0].id))
    assert asked(world) == ["S-P2"] and not world.state.alarms


def test_where_one_is_still_asked_another_no_is_not_the_end(world: World) -> None:
    routed(world)
    offer_crew(world, *NEAR)
    for offer in pending(leg(world))[:-1]:
        world.person("lan", c.DeclineOffer(offer=offer.id, why="far"))
    assert asked(world) == ["P2"] and not leg(world).spent_at


def test_a_new_place_asks_again_where_nobody_was_left(world: World) -> None:
    routed(world)
    offer_crew(world)
    world.person("lan", c.Locate(incident=it(world).id, location=place("hẻm 5"), seen=1))
    assert leg(world).candidates == ()
    say_no(world)
    assert leg(world).spent_at
    found(world, 2)
    assert asked(world) == ["P3"]


def test_the_stations_that_stand_in_come_before_the_candidates(world: World) -> None:
    routed(world)
    known = replace(leg(world), zone=replace(zone("police"), backups=("S-P2", "S-9")))
    assert station_order(world.state, known) == ("S-P", "S-P2", "S-P3")
    assert station_order(world.state, Leg(service="police", candidates=(Candidate(unit="X9", metres=1.0),))) == ()


def ahead(world: World, most: int = 9) -> list[tuple[str, str]]:
    return [(it.station, it.unit) for it in stations_ahead(world.state, it(world), leg(world), world.now, most)]


def test_the_stations_that_come_next_are_known_before_they_are_asked(world: World) -> None:
    routed(world)
    assert ahead(world) == [("S-P", "P1"), ("S-P3", "P5"), ("S-P2", "P2")]
    assert ahead(world, 1) == [("S-P", "P1")]
    for station, crew in (("S-P", "P1"), ("S-P3", "P5"), ("S-P2", "P2")):
        assert ahead(world)[0] == (station, crew)
        (event, *_) = offer_station(world)
        assert isinstance(event, e.StationOffered) and (event.station, event.unit) == (station, crew)
    assert ahead(world) == [], "all of them are being asked"


def test_the_zones_own_station_without_a_crew_stands_first(world: World) -> None:
    routed(world)
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P1", "P3", "P4")))
    assert ahead(world, 1) == [("S-P", ""), ("S-P3", "P5")]
    world.person("lan", c.SetCrew(unit="P5", crew=CrewState.UNSTAFFED))
    assert stations_ahead(world.state, it(world), leg(world), world.now, 3) == (Ahead("S-P"), Ahead("S-P2", "P2"))
    world.person("lan", c.ReportStatus(unit="P2", status=UnitStatus.OUT_OF_SERVICE))
    assert ahead(world) == [("S-P", "")]
    nobodys = replace(leg(world), station="")
    assert stations_ahead(world.state, it(world), nobodys, world.now, 3) == ()


def test_a_station_is_not_asked_for_a_crew_that_cannot_do_the_work(world: World) -> None:
    bomb = IncidentType(
        code="bomb", vi="bom", en="bomb", priority=1, needs=(Need(service="police", capability="eod"),)
    )
    types = {**world.state.types, "bomb": bomb}
    world.core(c.LoadTypes(types=types, plans=(), capabilities=world.state.capabilities))
    stations = {**world.state.stations, "S-P3": replace(world.state.stations["S-P2"], id="S-P3", name="Công an 3")}
    near = tuple(unit(f"N{number}", "police", "S-P2") for number in range(8))  # more than are kept of those who cannot
    able = replace(unit("E1", "police", "S-P3"), capabilities=("eod",))
    units = (*(it for it in UNITS if it.service != "police"), *near, unit("Z1", "police", "S-P"), able)
    world.core(c.LoadResources(stations=stations, units=units))
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="bomb", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    order = (*(it.call_sign for it in near), "Z1", "E1")
    reaches = tuple(Reach(unit=sign, seconds=60.0 + at, metres=100.0) for at, sign in enumerate(order))
    answers = {"police": zone("police", station="S-P")}
    world.core(
        c.RouteFound(incident=incident.id, location_version=1, answers=answers, reaches={"police": reaches})
    )
    (event,) = offer_station(world)
    assert isinstance(event, e.StationOffered) and (event.station, event.unit) == ("S-P3", "E1")
    world.person("lan", c.ReportStatus(unit="E1", status=UnitStatus.OUT_OF_SERVICE))
    found_at = free_at(world.state, it(world), leg(world), "S-P", world.now)
    assert found_at == ("Z1",)  # nobody can: the nearest go


def test_a_crew_that_rests_or_is_exhausted_is_not_asked_by_itself(world: World) -> None:
    routed(world)
    world.person("lan", c.SetCrew(unit="P1", crew=CrewState.RESTING, rest_min=30))
    (event,) = offer_crew(world)
    assert isinstance(event, e.UnitAssigned) and event.unit == "P3"
    assert [(it.unit, it.why) for it in event.passed] == [("P1", "resting")]
    assert "P1" not in free_at(world.state, it(world), leg(world), "S-P", world.now)
    world.person("lan", c.WithdrawOffer(offer=leg(world).offers[0].id))
    rules = replace(SITE.recommending, runs_most=1)
    seats = {ident: (seat.label, seat.services) for ident, seat in world.state.positions.items()}
    world.core(c.ConfigureSite(site=replace(SITE, recommending=rules), positions=seats))
    world.person("lan", c.AssignUnits(incident=it(world).id, units=("P3",)))
    world.person("lan", c.ReportStatus(unit="P3", status=UnitStatus.EN_ROUTE))
    world.person("lan", c.ReportStatus(unit="P3", status=UnitStatus.ON_SCENE))
    world.person("lan", c.ReportStatus(unit="P3", status=UnitStatus.AVAILABLE))
    (event,) = offer_crew(world)
    assert isinstance(event, e.UnitAssigned) and event.unit == "P4"
    assert [(it.unit, it.why) for it in event.passed] == [("P1", "resting"), ("P3", "exhausted")]


def test_a_crew_that_was_moved_up_goes_from_where_it_stands(world: World) -> None:
    routed(world)
    world.person("hoa", c.MoveUp(unit="P3", station="S-P2"))
    at = {station: free_at(world.state, it(world), leg(world), station, world.now) for station in ("S-P", "S-P2")}
    assert at == {"S-P": ("P1", "P4"), "S-P2": ("P3", "P2")}


def test_a_station_whose_id_is_a_call_sign_is_another_one(world: World) -> None:
    stations = {**world.state.stations, "P1": replace(world.state.stations["S-P2"], id="P1", name="Công an P1")}
    world.core(c.LoadResources(stations=stations, units=(*UNITS, *POLICE, unit("Q9", "police", "P1"))))
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    reaches = tuple(Reach(unit=sign, seconds=60.0 * at, metres=9.0) for at, sign in enumerate(("Q9", "P1", "P3"), 1))
    answers = {"police": zone("police", station="S-P2")}
    world.core(c.RouteFound(incident=incident.id, location_version=1, answers=answers, reaches={"police": reaches}))
    offer_crew(world, "P1")
    say_no(world)
    assert asked(world) == ["Q9"]  # of the station P1, which has not said no
    world.person("lan", c.WithdrawOffer(offer=pending(leg(world))[0].id))
    offer_station(world, "S-P2")
    world.later(181_000).core(c.OfferExpired(offer=pending(leg(world))[0].id))
    assert asked(world) == ["P1"] and leg(world).offers[-1].to is OfferTo.STATION


# --- what a supervisor sees -------------------------------------------------------------------------------------------


def test_who_declined_how_often_today(world: World) -> None:
    routed(world)
    offer_crew(world)
    say_no(world)
    say_no(world, why="", reason="xe đang sửa")
    world.later(60_000).core(c.OfferExpired(offer=pending(leg(world))[0].id))
    first, third = world.state.declines["S-P"], world.state.declines["S-P3"]
    assert (first.declined, first.expired, first.units) == (2, 0, {"P1": 1, "P3": 1})
    assert first.reasons == {"far": 1, "other": 1}
    assert [(it.unit, it.why, it.reason, it.by) for it in first.lines] == [
        ("P1", "far", "", "person:lan"), ("P3", "", "xe đang sửa", "person:lan"),
    ]  # fmt: skip
    assert (third.declined, third.expired, third.reasons) == (0, 1, {})
    world.later(24 * 3_600_000)
    say_no(world)
    assert set(world.state.declines) == {"S-P2"}
    world.later(-24 * 3_600_000)  # a day never comes back
    offer_station(world, "S-P")
    say_no(world)
    assert set(world.state.declines) == {"S-P2", "S-P"} and len({it.day for it in world.state.declines.values()}) == 1


def test_a_day_of_refusals_is_bounded(world: World) -> None:
    routed(world)
    for _ in range(OFFERS_KEPT + 5):
        offer_crew(world, "P1")
        world.person("lan", c.DeclineOffer(offer=leg(world).offers[-1].id, why="far"))
        for offer in pending(leg(world)):
            world.person("lan", c.WithdrawOffer(offer=offer.id))
    counted = world.state.declines["S-P"]
    assert (counted.declined, len(counted.lines)) == (OFFERS_KEPT + 5, LINES_KEPT)
    assert len(leg(world).offers) == OFFERS_KEPT < leg(world).offered
    many = {f"P{n}": 1 for n in range(REASONS_KEPT)}
    state = replace(world.state, declines={"S-P": replace(counted, units=many)})
    offer_crew(world, "P1")
    event = e.OfferEnded(incident=it(world).id, service="police", offer=leg(world).offers[-1].id, outcome=O.DECLINED)
    state = replace(world.state, declines=state.declines)
    after = evolve(state, e.Recorded(seq=state.seq + 1, at=T0, by="core:t", command="c", event=event))
    assert after.declines["S-P"].units == {**many, "P1": 2}
    gone = replace(state, declines={"S-P": replace(counted, units={f"Q{n}": 1 for n in range(REASONS_KEPT)})})
    after = evolve(gone, e.Recorded(seq=state.seq + 1, at=T0, by="core:t", command="c", event=event))
    assert "P1" not in after.declines["S-P"].units


def test_offers_that_stand_are_never_dropped() -> None:
    known = Leg(service="police")
    for number in range(OFFERS_KEPT + 3):
        known = with_offer(known, "i", Offer(id="", to=OfferTo.CREW, station="S", unit=f"P{number}"))
    assert len(pending(known)) == OFFERS_KEPT + 3
    recorded = e.Recorded(seq=1, at=T0, by="x:y", command="c", event=e.UnitChecked(unit="P1"))
    known = end_offers(known, lambda offer: offer.unit in ("P0", "P1", "P2", "P3"), O.DECLINED, recorded)
    known = with_offer(known, "i", Offer(id="", to=OfferTo.CREW, station="S", unit="P99"))
    assert len(known.offers) == OFFERS_KEPT and known.offered == OFFERS_KEPT + 4
    assert known.offers[0].unit == "P4"
    assert offer_id("20261123-00042", "fire", 3) == "20261123-00042.fire.3"


def test_candidates_are_measured_anew_after_a_no(world: World) -> None:
    routed(world)
    offer_crew(world)
    say_no(world)
    ended = next(recorded for recorded in reversed(world.story) if isinstance(recorded.event, e.OfferEnded))
    (question,) = effects_of(ended, world.state)
    assert isinstance(question, FindRoute) and question.services == ("police",)
    world.person("lan", c.WithdrawOffer(offer=leg(world).offers[-1].id))
    assert effects_of(world.story[-2], world.state) == ()
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    assert effects_of(ended, world.state) == ()
    assert effects_of(ended, replace(world.state, incidents={})) == ()


def test_an_incident_whose_station_is_being_asked_is_not_folded() -> None:
    world = routed()
    offer_station(world)
    source, into = it(world).id, world.call("c2", "police").id
    no = world.refusal("lan", c.FoldIncident(incident=source, into=into))
    assert (no.code, no.details["asked"]) == ("leg_is_asked", "S-P") and asked(world) == ["S-P"]
    assert not joins_by_itself(world)
    world.person("lan", c.WithdrawOffer(offer=leg(world).offers[-1].id))
    assert joins_by_itself(world)
    world.person("lan", c.FoldIncident(incident=source, into=into))
    assert world.state.incidents[into].legs["police"].offers == ()


def joins_by_itself(world: World) -> bool:
    """Whether a key of its caller would fold the incident, were nobody else at work on it."""
    nobodys = replace(it(world), owner="", type="")
    state = replace(world.state, incidents={**world.state.incidents, nobodys.id: nobodys})
    return may_join(state, replace(world.the("c1"), talks=(), intent=None))


def test_an_offer_of_which_nobody_knows() -> None:
    assert find_offer(staffed().state, "none.at.all") is None


# --- in any order -----------------------------------------------------------------------------------------------------


class Handshakes(RuleBasedStateMachine):
    """Dispatchers ask, stations and crews answer or do not, clocks run: an offer ends once, a crew is on one leg, and
    whoever says no is followed by somebody or by an alarm."""

    @initialize()
    def two_incidents(self) -> None:
        world = routed(staffed())
        other = world.call("c2", "police")
        world.person("minh", c.OpenLeg(incident=other.id, service="police"))
        world.person("minh", c.Locate(incident=other.id, location=place(), seen=0))
        self.ids = (it(world).id, other.id)
        self.world = world
        self.found(self.ids[1])

    def ask(self, body: c.Command, kind: ActorKind = ActorKind.PERSON, name: str = "lan") -> None:
        world = self.world
        world._asked += 1
        asked = Asked(id=f"{world._asked:032x}", actor=Actor(kind, name), body=body)
        decision = decide(world.state, asked, world.now)
        check_decision(world.state, asked, world.now, decision)
        if isinstance(decision, Decision):
            world.state = decision.state
            world.story += decision.events

    def found(self, incident: str) -> None:
        reaches = tuple(Reach(unit=sign, seconds=60.0 * at, metres=1.0) for at, sign in enumerate(NEAR, 1))
        answers = {"police": zone("police", station="S-P")}
        body = c.RouteFound(incident=incident, location_version=1, answers=answers, reaches={"police": reaches})
        self.ask(body, ActorKind.CORE, "geography")

    def offers(self) -> list[str]:
        legs = [leg for incident in self.world.state.incidents.values() for leg in incident.legs.values()]
        return [offer.id for leg in legs for offer in leg.offers[-3:]] or ["none"]

    @rule(which=st.integers(0, 1), units=st.lists(st.sampled_from(NEAR), max_size=2).map(tuple))
    def offer(self, which: int, units: tuple[str, ...]) -> None:
        self.ask(c.OfferUnits(incident=self.ids[which], service="police", units=units))

    @rule(which=st.integers(0, 1), station=st.sampled_from(["", "", "S-P", "S-P2"]))
    def offer_to_station(self, which: int, station: str) -> None:
        self.ask(c.OfferStation(incident=self.ids[which], service="police", station=station))

    @rule(which=st.integers(0, 1), unit=st.sampled_from(NEAR))
    def order(self, which: int, unit: str) -> None:
        self.ask(c.AssignUnits(incident=self.ids[which], units=(unit,)))

    @rule(data=st.data(), units=st.sampled_from([(), (), ("P2",)]), by=st.sampled_from(list(ActorKind)[:1]))
    def accept(self, data: st.DataObject, units: tuple[str, ...], by: ActorKind) -> None:
        self.ask(c.AcceptOffer(offer=data.draw(st.sampled_from(self.offers())), units=units))

    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        offer = data.draw(st.sampled_from(self.offers()))
        self.ask(c.DeclineOffer(offer=offer, why="far"), ActorKind.INTAKE, "radio")

    @rule(data=st.data(), skip=st.booleans())
    def withdraw(self, data: st.DataObject, skip: bool) -> None:
        self.ask(c.WithdrawOffer(offer=data.draw(st.sampled_from(self.offers())), skip=skip))

    @rule(unit=st.sampled_from(NEAR), status=st.sampled_from(UnitStatus))
    def report(self, unit: str, status: UnitStatus) -> None:
        self.ask(c.ReportStatus(unit=unit, status=status))

    @rule(which=st.integers(0, 1))
    def routed_again(self, which: int) -> None:
        self.found(self.ids[which])

    @rule(which=st.integers(0, 1), close=st.booleans())
    def leg_closes_and_opens(self, which: int, close: bool) -> None:
        make = c.CloseLeg if close else c.OpenLeg
        self.ask(make(incident=self.ids[which], service="police"))

    @rule(ms=st.sampled_from([1_000, 61_000, 181_000, -3_600_000]))
    def time_passes(self, ms: int) -> None:
        self.world.now += ms
        for body in due(self.world.state, self.world.now):
            self.ask(body, ActorKind.CORE, "timer")

    @invariant()
    def no_clock_is_forgotten(self) -> None:
        if hasattr(self, "world"):
            check_state(self.world.state)


TestHandshakes = Handshakes.TestCase
TestHandshakes.settings = tries(40, 2_000, stateful_step_count=30)
TestHandshakes = pytest.mark.timeout(1_800)(TestHandshakes)


# --- free units that nobody measured ----------------------------------------------------------------------------------


def all_busy(world: World, *signs: str) -> None:
    other = world.call("c2", "police")
    world.person("minh", c.AssignUnits(incident=other.id, units=signs))


def late_comer(world: World) -> None:
    """P9 of S-P4 was never measured: they come into the lists after the way was asked for."""
    stations = {**world.state.stations, "S-P4": replace(world.state.stations["S-P2"], id="S-P4", name="Công an 4")}
    world.core(c.LoadResources(stations=stations, units=(*UNITS, *POLICE, unit("P9", "police", "S-P4"))))


def measured_with(world: World, *signs: str) -> tuple[e.Event, ...]:
    reaches = tuple(Reach(unit=sign, seconds=60.0, metres=500.0) for sign in signs)
    return world.core(
        c.RouteFound(incident=it(world).id, location_version=1, answers={}, reaches={"police": reaches})
    )


@pytest.mark.parametrize("to", OfferTo)
def test_where_all_that_were_measured_are_busy_the_others_are_measured_and_asked(world: World, to: OfferTo) -> None:
    routed(world)
    all_busy(world, *NEAR)
    offer = offer_crew if to is OfferTo.CREW else offer_station
    assert world.person_no("lan", c.OfferUnits(incident=it(world).id, service="police")) == "nobody_to_ask"
    late_comer(world)
    (event,) = offer(world)
    assert event == e.RankingAsked(incident=it(world).id, services=("police",), then=to)
    recorded = e.Recorded(seq=1, at=T0, by="person:lan", command="c", event=event)
    (question,) = effects_of(recorded, world.state)
    assert isinstance(question, FindRoute) and question.services == ("police",)
    assert told(world, "measured_first") == [("police",)] and leg(world).then is to
    assert question in unfinished(world.state), "a core that starts anew asks it again"
    measured_with(world, "P1", "P9")
    assert asked(world) == ["P9" if to is OfferTo.CREW else "S-P4"] and leg(world).then is None
    assert question not in unfinished(world.state)
    measured_with(world, "P1", "P9")
    assert len(leg(world).offers) == 1, "asked once"


def test_nobody_is_measured_for_who_said_no_or_cannot_do_the_work_or_where_there_is_no_place(world: World) -> None:
    routed(world)
    all_busy(world, *NEAR)
    late_comer(world)
    world.person("lan", c.SetCrew(unit="P9", crew=CrewState.RESTING, rest_min=30))
    assert world.person_no("lan", c.OfferUnits(incident=it(world).id, service="police")) == "nobody_to_ask"
    world.person("lan", c.SetCrew(unit="P9", crew=CrewState.STAFFED))
    world.person("lan", c.OfferUnits(incident=it(world).id, service="police"))
    measured_with(world, "P9")
    say_no(world)
    measured_with(world, "P1")
    assert world.person_no("lan", c.OfferUnits(incident=it(world).id, service="police")) == "nobody_to_ask"
    nowhere = world.call("c3", "police")
    world.person("lan", c.OpenLeg(incident=nowhere.id, service="police"))
    assert world.person_no("lan", c.OfferUnits(incident=nowhere.id, service="police")) == "nobody_to_ask"


def test_what_ends_the_leg_ends_the_wish(world: World) -> None:
    routed(world)
    all_busy(world, *NEAR)
    late_comer(world)
    offer_crew(world)
    world.person("lan", c.CloseLeg(incident=it(world).id, service="police"))
    assert leg(world).then is None
    measured_with(world, "P9")
    assert not leg(world).offers


def test_a_leg_that_waited_and_finds_nobody_tells_the_supervisor(world: World) -> None:
    routed(world)
    all_busy(world, *NEAR)
    late_comer(world)
    offer_crew(world)
    world.person("lan", c.ReportStatus(unit="P9", status=UnitStatus.OUT_OF_SERVICE))
    measured_with(world, "P9")
    assert exhausted(it(world).id, "police") in world.state.alarms


def test_a_press_that_finds_nobody_is_told_each_time() -> None:
    """One more crew out of reach than is kept with its reason: to the leg it is never measured."""
    site = replace(SITE, recommending=RecommendRules(radius_km={"police": 1.0}))
    crews = tuple(unit(f"N{number:02d}", "police", "S-P2") for number in range(PASSED_KEPT + 1))
    world = staffed(site)
    world.core(c.LoadResources(stations=world.state.stations, units=crews))
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    far = tuple(Reach(unit=it.call_sign, seconds=60.0 + at, metres=2_000.0) for at, it in enumerate(crews))
    answer = c.RouteFound(incident=incident.id, location_version=1, answers={}, reaches={"police": far})
    world.core(answer)
    for press in range(1, 4):
        (event,) = offer_crew(world)
        assert isinstance(event, e.RankingAsked)
        world.core(answer)
        assert len(told(world, "offers_exhausted")) == press
        world.person("hoa", c.HandleAlarm(key=exhausted(incident.id, "police")))
    world.core(answer)
    assert not world.state.alarms, "told to who presses, not by itself"


@pytest.mark.parametrize("to", OfferTo)
def test_a_yes_that_fills_the_leg_ends_the_wish(world: World, to: OfferTo) -> None:
    routed(world)
    offer = offer_crew if to is OfferTo.CREW else offer_station
    offer(world)
    all_busy(world, *NEAR[1:])
    late_comer(world)
    offer(world)
    assert leg(world).then is to
    world.person("lan", c.AcceptOffer(offer=leg(world).offers[0].id, units=("P1",)))
    assert leg(world).then is None and leg(world).units == ("P1",)
    measured_with(world, "P9")
    assert asked(world) == []


def test_a_wish_for_one_more_stands_until_it_is_done(world: World) -> None:
    """Beyond the plan, by a person who knows that one goes."""
    routed(world)
    offer_crew(world)
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    all_busy(world, *NEAR[1:])
    late_comer(world)
    offer_crew(world)
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.ON_SCENE))
    measured_with(world, "P9")
    assert asked(world) == ["P9"]


def test_a_yes_that_leaves_a_place_open_leaves_the_wish(world: World) -> None:
    routed(world)
    crash = IncidentType(code="crash", vi="x", en="x", priority=1, needs=(Need(service="police", count=2),))
    world.core(c.LoadTypes(types={**TYPES, "crash": crash}, plans=()))
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen=""))
    offer_crew(world)
    all_busy(world, *NEAR[2:])
    late_comer(world)
    offer_crew(world)
    world.person("lan", c.ReportStatus(unit="P1", status=UnitStatus.EN_ROUTE))
    assert leg(world).then is OfferTo.CREW
    measured_with(world, "P9")
    assert asked(world) == ["P3", "P9"]


def test_a_wish_ends_where_the_geography_is_given_up(world: World) -> None:
    routed(world)
    all_busy(world, *NEAR)
    late_comer(world)
    offer_crew(world)
    for _ in range(ROUTE_TRIES + 1):
        assert leg(world).then is OfferTo.CREW
        world.later(ROUTE_LIMIT_MS + 1).core(c.RouteOverdue(incident=it(world).id))
    assert leg(world).then is None and f"not_routed:{it(world).id}.police" in world.state.alarms
    measured_with(world, "P9")
    assert asked(world) == [], "hours later nobody is asked by itself"
