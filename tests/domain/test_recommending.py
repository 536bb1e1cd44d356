"""Who is recommended, the set that covers a plan, what is lacking, and why each other unit is not proposed."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.covering import AT_WORK, DEAR, Able, cover
from dispatch_core.domain.recommending import (
    CANDIDATES_KEPT,
    INCAPABLE_KEPT,
    PASSED_KEPT,
    Ranking,
    free_units,
    ranked,
    ranking_is_old,
    recommend,
)
from dispatch_core.domain.state import Incident, State, Unit
from dispatch_core.domain.vocabulary import (
    Candidate,
    Crew,
    CrewState,
    IncidentType,
    Need,
    Passed,
    Reach,
    RecommendRules,
    Tally,
    UnitStatus,
)
from tests.domain.examples import tries
from tests.domain.world import T0, World, place, unit


def reach(call_sign: str, seconds: float, **more: object) -> Reach:
    return Reach(unit=call_sign, seconds=seconds, metres=seconds * 8, **more)  # type: ignore[arg-type]


def fire(*units: Unit, needs: tuple[Need, ...] = (), **rules: object) -> tuple[State, Incident]:
    """A state with these engines, and an incident that wants ``needs`` of them."""
    world = World()
    state = world.state
    kind = IncidentType(code="fire", vi="Cháy", en="Fire", needs=needs)
    state = replace(
        state,
        types={"fire": kind},
        units={it.call_sign: it for it in units},
        site=replace(state.site, recommending=RecommendRules(**rules)),  # type: ignore[arg-type]
    )
    return state, Incident(id="20261123-00001", type="fire")


def engine(call_sign: str, *capabilities: str, **more: object) -> Unit:
    return unit(call_sign, "fire", "S-F", capabilities=capabilities, **more)


def wants(capability: str, count: int = 1, **more: object) -> Need:
    return Need(service="fire", capability=capability, count=count, **more)  # type: ignore[arg-type]


def found(state: State, incident: Incident, *reaches: Reach, now: int = T0) -> Ranking:
    return recommend(state, incident, "fire", reaches, now)


def why(ranking: Ranking) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {it.unit: (it.why, it.about) for it in ranking.passed}


# --- the set ----------------------------------------------------------------------------------------------------------


def test_two_pumpers_and_a_ladder() -> None:
    units = (engine("P1", "pumper"), engine("P2", "pumper"), engine("P3", "pumper"), engine("L1", "ladder"))
    state, incident = fire(*units, needs=(wants("pumper", 2), wants("ladder")))
    ranking = found(state, incident, reach("P1", 60), reach("P2", 70), reach("P3", 80), reach("L1", 300))
    assert [(it.unit, it.fills) for it in ranking.chosen] == [("P1", "pumper"), ("P2", "pumper"), ("L1", "ladder")]
    assert [it.unit for it in ranking.candidates] == ["P1", "P2", "L1", "P3"]
    assert ranking.lacking == ()


def test_the_nearest_is_not_spent_where_only_it_can_do_the_other_thing() -> None:
    """Greedy would take the engine with the ladder as the pumper, and leave the ladder's place empty."""
    state, incident = fire(
        engine("X", "pumper", "ladder"), engine("P", "pumper"), needs=(wants("pumper"), wants("ladder"))
    )
    ranking = found(state, incident, reach("X", 10), reach("P", 90))
    assert {it.unit: it.fills for it in ranking.chosen} == {"X": "ladder", "P": "pumper"}


def test_what_is_lacking_is_said_and_the_incapable_are_shown_then() -> None:
    state, incident = fire(engine("P1", "pumper"), engine("T1", "tanker"), needs=(wants("pumper"), wants("ladder", 2)))
    ranking = found(state, incident, reach("T1", 5), reach("P1", 60))
    assert ranking.lacking == (wants("ladder", 2),)
    assert [(it.unit, it.capable, it.chosen) for it in ranking.candidates] == [("P1", True, True), ("T1", False, False)]


def test_whoever_is_there_already_fills_a_place() -> None:
    world = World()
    state, incident = fire(engine("P1", "pumper"), engine("P2", "pumper"), needs=(wants("pumper", 2),))
    world.state = state
    leg = e.LegOpened(incident=incident.id, service="fire", priority=3)
    from dispatch_core.domain.evolve import evolve

    state = replace(state, incidents={incident.id: incident})
    for number, event in enumerate((leg, e.UnitAssigned(incident=incident.id, service="fire", unit="P1")), 1):
        state = evolve(state, e.Recorded(seq=number, at=T0, by="person:lan", command="c", event=event))
    incident = state.incidents[incident.id]
    ranking = found(state, incident, reach("P1", 10), reach("P2", 900))
    assert [it.unit for it in ranking.chosen] == ["P2"] and ranking.lacking == ()
    assert why(ranking) == {}, "who is on the leg is not passed over"
    gone = replace(state, units={"P2": state.units["P2"]})  # the one on the leg has left the lists
    assert found(gone, incident, reach("P2", 900)).lacking == (wants("pumper"),)


def test_a_leg_of_which_no_plan_speaks_wants_one_unit() -> None:
    state, incident = fire(engine("P1", "pumper"), engine("P2"))
    ranking = found(state, replace(incident, type=""), reach("P2", 60), reach("P1", 61))
    assert [(it.unit, it.chosen) for it in ranking.candidates] == [("P2", True), ("P1", False)]
    assert found(state, incident).lacking == (Need(service="fire"),)


abilities = st.sets(st.sampled_from(["a", "b", "c"]), max_size=3).map(frozenset)
some_units = st.lists(st.tuples(abilities, st.integers(0, 60)), max_size=5).map(
    lambda drawn: [Able(f"U{n}", able, float(seconds)) for n, (able, seconds) in enumerate(drawn)]
)
some_places = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=0, max_size=4)


@given(some_places, some_units)
@tries(300, 20_000)
def test_no_other_set_covers_more_or_is_there_sooner(places: list[str], units: list[Able]) -> None:
    """Against every way there is."""
    chosen = cover(places, units)
    by_name = {it.unit: it for it in units}
    assert all(not place or place in by_name[name].capabilities for name, place in chosen.items())
    assert all(list(chosen.values()).count(place) <= places.count(place) for place in set(places))
    stand_ins: list[Able | None] = [*units, *[None] * len(places)]
    best = min(
        sum(
            it.seconds if it is not None and (not place or place in it.capabilities) else DEAR
            for place, it in zip(places, way, strict=True)
        )
        for way in permutations(stand_ins, len(places))
    )
    assert sum(by_name[it].seconds for it in chosen) + DEAR * (len(places) - len(chosen)) == best
    assert cover(places, units) == chosen


def test_one_at_work_is_worth_more_than_any_that_is_near() -> None:
    units = [Able("far", frozenset({"a"}), AT_WORK), Able("near", frozenset({"a"}), 0.0)]
    assert cover(["a"], units) == {"far": "a"}


# --- why not ----------------------------------------------------------------------------------------------------------


def test_each_absence_has_its_reason() -> None:
    rules = {"stale_s": 300, "runs_most": 4, "work_most_min": 60, "radius_km": {"fire": 20.0}}
    busy_shift = Tally(shift=T0 - 6 * 3_600_000, runs=4)
    state, incident = fire(
        engine("ok", "pumper"),
        engine("off", "pumper", status=UnitStatus.OUT_OF_SERVICE, status_at=7),
        engine("empty", "pumper"),
        engine("tired", "pumper", tally=busy_shift),
        engine("long", "pumper", tally=replace(busy_shift, runs=1, worked_ms=3_600_000)),
        engine("old", "pumper"),
        engine("far", "pumper"),
        engine("ladder", "ladder"),
        engine("island", "pumper"),
        unit("other", "police", "S-P"),
        needs=(wants("pumper"),),
        **rules,
    )
    empty = replace(state.units["empty"], crew=Crew(state=CrewState.UNSTAFFED, since=5))
    state = replace(state, units={**state.units, "empty": empty})
    reaches = [reach(it, 100) for it in ("ok", "off", "empty", "tired", "long", "ladder", "other", "gone")]
    ranking = found(state, incident, *reaches, reach("old", 100, age_ms=300_001), reach("far", 2_501))
    assert [it.unit for it in ranking.candidates] == ["ok"]
    assert why(ranking) == {
        "off": ("out_of_service", ("7",)),
        "empty": ("not_staffed", ("5",)),
        "tired": ("exhausted", ("runs", "4")),
        "long": ("exhausted", ("work", "3600000")),
        "old": ("position_stale", ("300001",)),
        "far": ("out_of_radius", ("20",)),
        "ladder": ("not_capable", ("pumper",)),
        "island": ("unreachable", ()),
    }
    measured = {it.unit: it.reach for it in ranking.passed}
    assert measured["off"] == reach("off", 100) and measured["island"] is None


def test_who_works_elsewhere_is_said_with_where(world: World) -> None:
    other = world.at_work(("A1",))
    ranking = recommend(world.state, Incident(id="x", type="crash"), "ambulance", (reach("A1", 9),), T0)
    assert why(ranking)["A1"] == ("at_work", (other.id,))


def test_a_plan_may_reach_further_than_the_service() -> None:
    state, incident = fire(
        engine("B1", "boat"), engine("P1", "pumper"), needs=(wants("boat", radius_km=60.0), wants("pumper")),
        radius_km={"fire": 20.0},
    )  # fmt: skip
    ranking = found(state, incident, reach("B1", 7_000), reach("P1", 7_000))
    assert [it.unit for it in ranking.candidates] == ["B1"]
    assert why(ranking) == {"P1": ("out_of_radius", ("20",))}
    limitless = replace(state, site=replace(state.site, recommending=RecommendRules()))
    assert len(found(limitless, incident, reach("B1", 7_000), reach("P1", 70_000)).chosen) == 2


def test_no_limit_is_a_limit_of_none() -> None:
    state, incident = fire(engine("P1"), stale_s=0)
    assert len(found(state, incident, reach("P1", 90_000, age_ms=10**9)).chosen) == 1


def test_equal_ones_go_by_name_and_only_so_many_are_kept() -> None:
    many = [engine(f"P{n:02d}", "pumper") for n in range(40)]
    state, incident = fire(*many, needs=(wants("pumper", 2),))
    ranking = found(state, incident, *(reach(it.call_sign, 60) for it in reversed(many)))
    assert [it.unit for it in ranking.candidates] == [f"P{n:02d}" for n in range(2 + CANDIDATES_KEPT)]
    tankers = [engine(f"T{n:02d}", "tanker") for n in range(20)]
    both = {it.call_sign: it for it in (*many, *tankers)}
    ranking = found(replace(state, units=both), incident, *(reach(it, 60) for it in both))
    assert [it.unit for it in ranking.passed] == [f"T{n:02d}" for n in range(INCAPABLE_KEPT)]
    off = {it.call_sign: replace(it, status=UnitStatus.OUT_OF_SERVICE) for it in many}
    assert len(found(replace(state, units=off), incident, *(reach(it, 60) for it in off)).passed) == PASSED_KEPT


# --- reckoned anew ----------------------------------------------------------------------------------------------------


def routed(world: World, *reaches: Reach) -> str:
    """An ambulance incident whose units were measured."""
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    answer = {"ambulance": reaches}
    world.core(c.RouteFound(incident=incident.id, location_version=1, answers={}, reaches=answer))
    return incident.id


def test_what_changed_since_is_reckoned_without_measuring_again(world: World) -> None:
    incident = routed(world, reach("A1", 60), reach("A2", 30), reach("A3", 20, age_ms=0))
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert [it.unit for it in now.chosen] == ["A1"]
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.OUT_OF_SERVICE))
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert now.chosen == () and now.lacking == (Need(service="ambulance", capability="als"),)
    assert [it.unit for it in now.candidates] == ["A3", "A2"] and why(now)["A1"][0] == "out_of_service"
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AVAILABLE))
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert now.chosen == (Candidate(unit="A1", seconds=60, metres=480, chosen=True, fills="als"),)
    assert ranked(world.state, world.state.incidents[incident], "police", world.now) == Ranking()
    assert ranked(world.state, world.state.incidents[incident], "fire", world.now) == Ranking()


def test_what_was_measured_of_a_unit_stays_with_it(world: World) -> None:
    incident = routed(world, reach("A1", 60, walk_m=160), reach("A2", 901, note="beyond"))
    leg = world.state.incidents[incident].legs["ambulance"]
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    for told in (leg.candidates, now.candidates):
        assert [(it.unit, it.walk_m, it.note) for it in told if it.chosen] == [("A1", 160.0, "")]
    far = next(it.reach for it in now.passed if it.unit == "A2")
    assert far is not None and far.note == "beyond"
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.OUT_OF_SERVICE))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AVAILABLE))
    again = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert again == now, "reckoned anew without measuring"


def test_one_that_cannot_get_there_stays_unreachable(world: World) -> None:
    incident = routed(world, reach("A1", 60))
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert now.passed == (Passed(unit="A2", why="unreachable"), Passed(unit="A3", why="unreachable"))


def test_travel_times_grow_old_and_are_measured_again_on_demand(world: World) -> None:
    incident = routed(world, reach("A1", 60))
    leg = world.state.incidents[incident].legs["ambulance"]
    assert leg.ranked_at == T0
    assert not ranking_is_old(world.state, leg, T0 + 180_000)
    assert ranking_is_old(world.state, leg, T0 + 180_001)
    assert not ranking_is_old(world.state, world.state.incidents[incident].legs["police"], T0 + 10**9)
    (asked,) = world.person("lan", c.RankAgain(incident=incident))
    assert asked == e.RankingAsked(incident=incident, services=("ambulance", "police"))
    (asked,) = world.person("lan", c.RankAgain(incident=incident, service="police"))
    assert asked == e.RankingAsked(incident=incident, services=("police",))
    assert world.person_no("lan", c.RankAgain(incident=incident, service="fire")) == "no_place_to_rank"
    assert world.person_no("lan", c.RankAgain(incident="x")) == "unknown_incident"
    assert world.person_no("lan", c.RankAgain(incident=world.call("c2").id)) == "no_place_to_rank"


# --- another one goes -------------------------------------------------------------------------------------------------


def test_sending_another_one_is_told_and_never_refused(world: World) -> None:
    incident = routed(world, reach("A1", 60), reach("A2", 30), reach("A3", 900))
    told = world.person("lan", c.AssignUnits(incident=incident, units=("A2",), reason=" A1 kẹt\nphà "))
    assert [type(it) for it in told] == [e.RecommendationOverridden, e.UnitAssigned]
    assert told[0] == e.RecommendationOverridden(
        incident=incident, service="ambulance", unit="A2", instead="A1", sooner_s=0.0, lacks=("als",),
        reason="A1 kẹt\ufffdphà",
    )  # fmt: skip
    kept = world.state.incidents[incident].legs["ambulance"].overrides
    assert [(it.unit, it.by, it.at, it.reason) for it in kept] == [("A2", "person:lan", T0, "A1 kẹt\ufffdphà")]
    assert world.state.incidents[incident].notes[-2].kind == "overridden"


def test_how_much_sooner_is_said_beyond_the_sites_threshold(world: World) -> None:
    incident = world.talk().id
    world.person("lan", c.SetType(incident=incident, type="theft", seen=""))
    world.person("lan", c.OpenLeg(incident=incident, service="police"))
    world.person("lan", c.Locate(incident=incident, location=place(), seen=0))
    reaches = {"police": (reach("P1", 60), reach("P2", 60 + 119.9))}
    world.core(c.RouteFound(incident=incident, location_version=1, answers={}, reaches=reaches))
    before = world.state
    assert [type(it) for it in world.person("lan", c.AssignUnits(incident=incident, units=("P2",)))] == [e.UnitAssigned]
    world.state = before
    reaches = {"police": (reach("P1", 60), reach("P2", 180))}
    world.core(c.RouteFound(incident=incident, location_version=1, answers={}, reaches=reaches))
    measured = world.state
    told = world.person("lan", c.AssignUnits(incident=incident, units=("P2",)))
    assert isinstance(told[0], e.RecommendationOverridden) and told[0].sooner_s == 120 and told[0].lacks == ()
    world.state = measured
    both = world.person("lan", c.AssignUnits(incident=incident, units=("P2", "P1")))
    assert [type(it) for it in both] == [e.UnitAssigned, e.UnitAssigned], "nobody better stays behind"
    world.state = measured
    world.person("lan", c.AssignUnits(incident=incident, units=("P1",)))
    more = world.person("lan", c.AssignUnits(incident=incident, units=("P2",)))
    assert [type(it) for it in more] == [e.UnitAssigned], "the plan is covered: more is no slight to anybody"
    indifferent = replace(measured.site, recommending=RecommendRules(better_by_s=0))
    world.state = replace(measured, site=indifferent)
    assert len(world.person("lan", c.AssignUnits(incident=incident, units=("P2",)))) == 1


def test_one_that_was_too_far_to_be_kept(world: World) -> None:
    incident = routed(world, reach("A1", 60))
    far = unit("A8", "ambulance", "S-A", capabilities=("als",))
    world.state = replace(world.state, units={**world.state.units, "A8": far})
    told = world.person("lan", c.AssignUnits(incident=incident, units=("A8",)))
    assert isinstance(told[0], e.RecommendationOverridden) and (told[0].sooner_s, told[0].lacks) == (0.0, ())


def test_the_reason_may_be_given_afterwards(world: World) -> None:
    incident = routed(world, reach("A1", 60), reach("A2", 30))
    world.person("lan", c.AssignUnits(incident=incident, units=("A2",)))
    explain = c.ExplainOverride(incident=incident, unit="A2", reason="gần nhất, bệnh nhân ngưng tim")
    assert world.person_no("lan", replace(explain, incident="x")) == "unknown_incident"
    assert world.person_no("lan", replace(explain, reason=" ")) == "reason_missing"
    assert world.person_no("lan", replace(explain, reason="x" * 501)) == "text_too_long"
    assert world.person_no("lan", replace(explain, unit="A1")) == "no_override"
    (told,) = world.person("lan", explain)
    assert told == e.OverrideExplained(
        incident=incident, service="ambulance", unit="A2", reason="gần nhất, bệnh nhân ngưng tim"
    )
    assert world.state.incidents[incident].legs["ambulance"].overrides[0].reason == told.reason
    long = c.AssignUnits(incident=incident, units=("A3",), reason="x" * 501)
    assert world.person_no("lan", long) == "text_too_long"


def test_explaining_one_leaves_the_others(world: World) -> None:
    incident = routed(world, reach("A1", 60), reach("A2", 30), reach("A3", 40))
    world.person("lan", c.AssignUnits(incident=incident, units=("A2", "A3")))
    world.person("lan", c.ExplainOverride(incident=incident, unit="A3", reason="kẹt xe"))
    kept = world.state.incidents[incident].legs["ambulance"].overrides
    assert [(it.unit, it.reason) for it in kept] == [("A2", ""), ("A3", "kẹt xe")]


# --- crews ------------------------------------------------------------------------------------------------------------


def test_a_unit_without_a_crew_does_not_go(world: World) -> None:
    incident = routed(world, reach("A1", 60))
    (told,) = world.person("lan", c.SetCrew(unit="A1", crew=CrewState.UNSTAFFED))
    assert told == e.CrewSet(unit="A1", crew=CrewState.UNSTAFFED)
    refusal = world.refusal("lan", c.AssignUnits(incident=incident, units=("A1",)))
    assert (refusal.code, refusal.details) == ("unit_unstaffed", {"unit": "A1", "at": "12:00:00"})
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert why(now)["A1"] == ("not_staffed", (str(T0),))
    assert world.person_no("lan", c.SetCrew(unit="A1", crew=CrewState.UNSTAFFED)) == "already_so"


def test_a_rest_ends_by_itself_or_where_work_comes(world: World) -> None:
    from dispatch_core.domain.deadlines import due

    incident = routed(world, reach("A1", 60))
    rest = c.SetCrew(unit="A1", crew=CrewState.RESTING, rest_min=30)
    world.person("lan", rest)
    now = ranked(world.state, world.state.incidents[incident], "ambulance", world.now)
    assert why(now)["A1"] == ("resting", (str(T0 + 1_800_000),))
    over = c.SetCrew(unit="A1", crew=CrewState.STAFFED)
    assert over not in due(world.state, T0 + 1_799_999)
    assert over in due(world.state, T0 + 1_800_000)
    before = world.state
    world.core(over)
    assert world.state.units["A1"].crew.state is CrewState.STAFFED
    world.state = before
    world.person("lan", c.AssignUnits(incident=incident, units=("A1",)))
    assert world.state.units["A1"].crew.state is CrewState.STAFFED, "who is called to work rests no more"
    world.person("lan", c.SetCrew(unit="A2", crew=CrewState.RESTING))
    assert due(world.state, T0 + 10**10)[0] != c.SetCrew(unit="A2", crew=CrewState.STAFFED), "until somebody says so"


def test_crews_that_cannot_be_set(world: World) -> None:
    world.at_work(("A1",))
    assert world.person_no("lan", c.SetCrew(unit="X9", crew=CrewState.STAFFED)) == "unknown_unit"
    assert world.person_no("lan", c.SetCrew(unit="A2", crew=CrewState.RESTING, rest_min=721)) == "bad_rest"
    assert world.person_no("lan", c.SetCrew(unit="A2", crew=CrewState.RESTING, rest_min=-1)) == "bad_rest"
    assert world.person_no("lan", c.SetCrew(unit="A2", crew=CrewState.UNSTAFFED, rest_min=5)) == "bad_rest"
    assert world.person_no("lan", c.SetCrew(unit="A1", crew=CrewState.UNSTAFFED)) == "crew_at_work"
    assert world.person_no("lan", c.SetCrew(unit="A1", crew=CrewState.STAFFED)) == "already_so"
    outcome = world.give(world.asked(ActorKind.INTAKE, "roster", c.SetCrew(unit="A2", crew=CrewState.UNSTAFFED)))
    assert not hasattr(outcome, "code")


def test_runs_and_hours_are_counted_by_the_shift(world: World) -> None:
    incident = world.at_work(("A1",))
    world.later(600_000).person("lan", c.ReleaseUnit(unit="A1"))
    assert world.state.units["A1"].tally == Tally(shift=T0 - 6 * 3_600_000, runs=1, worked_ms=600_000)
    world.person("lan", c.AssignUnits(incident=incident.id, units=("A1",)))
    assert world.state.units["A1"].tally.runs == 2
    world.later(6 * 3_600_000)  # 18:10: the next shift has begun while it was at work
    world.person("lan", c.ReleaseUnit(unit="A1"))
    evening = T0 + 6 * 3_600_000
    assert world.state.units["A1"].tally == Tally(shift=evening, runs=0, worked_ms=600_000)
    world.person("lan", c.SetCrew(unit="A1", crew=CrewState.UNSTAFFED))
    world.person("lan", c.SetCrew(unit="A1", crew=CrewState.STAFFED))
    assert world.state.units["A1"].tally == Tally(), "a new crew has done nothing yet"


def test_who_is_free(world: World) -> None:
    world.at_work(("A2",))
    world.person("lan", c.SetCrew(unit="A3", crew=CrewState.UNSTAFFED))
    assert [it.call_sign for it in free_units(world.state, "ambulance")] == ["A1"]
    assert free_units(world.state, "moon") == ()
