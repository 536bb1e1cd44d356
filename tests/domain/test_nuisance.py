"""Numbers that stand behind: by their history, until one real incident, and by a supervisor's word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.evolve import nuisance as evolution
from dispatch_core.domain.nuisance import (
    CLOSURES_KEPT,
    DAY_MS,
    KEPT_MS,
    LINE,
    Nuisance,
    points,
    stands_behind,
    worth_keeping,
)
from dispatch_core.domain.state import State
from tests.domain.examples import tries
from tests.domain.world import NODE, PLANT, T0, World, came

NUMBER = f"0903{PLANT}"  # of every call in this world


def days(*ages: float) -> tuple[int, ...]:
    return tuple(T0 - int(age * DAY_MS) for age in ages)


def rate(world: World, *closures: int, real_at: int = 0, number: str = NUMBER) -> None:
    world.core(c.NumbersRated(ratings=(c.Rating(number=number, closures=closures, real_at=real_at),)))


def behind(world: World, number: str = NUMBER) -> bool:
    return stands_behind(world.state.nuisance.get(number), world.now)


@pytest.mark.parametrize(
    ("ages", "weight"),
    [((), 0), ((0.1, 0.2, 0.9), 12), ((1, 2, 6.9), 6), ((7, 8, 29.9), 3), ((30, 31), 0), ((0.1, 3, 10, 40), 7)],
)
def test_older_closures_weigh_less(ages: tuple[float, ...], weight: int) -> None:
    assert points(Nuisance(closures=days(*ages)), T0) == weight


@given(st.lists(st.integers(0, 40 * DAY_MS)), st.integers(0, 60 * DAY_MS))
@tries(100, 2_000)
def test_time_only_heals_and_one_real_incident_heals_all(ages: list[int], later: int) -> None:
    it = Nuisance(closures=tuple(sorted(T0 - age for age in ages)))
    assert points(it, T0 + later) <= points(it, T0)
    assert points(it, T0 + KEPT_MS) == 0
    assert points(Nuisance(closures=it.closures, real_at=T0), T0) == 0


def test_three_in_a_day_stand_behind_until_something_real(world: World) -> None:
    few = c.NumbersRated(ratings=(c.Rating(number=NUMBER, closures=days(0.3, 0.2)),))
    assert world.core_no(few) == "nothing_new"  # nothing that changes whose turn it is
    rate(world, *days(0.3, 0.2, 0.1))
    assert behind(world)


def test_a_number_is_marked_at_every_switch_that_is_there(world: World) -> None:
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(c.NodeUp(node="hcm3", booted="1"))
    world.switch(c.NodeDown(node="hcm3", why="x"))
    rate(world, *days(0.3, 0.2, 0.1))
    assert behind(world)
    marks = ((NUMBER, True),)
    assert effects_of(world.story[-1], world.state) == (x.MarkNumbers(NODE, marks), x.MarkNumbers("hcm2", marks))
    world.switch(c.NodeUp(node="hcm3", booted="2"))
    told = effects_of(next(it for it in reversed(world.story) if hasattr(it.event, "booted")), world.state)
    assert x.MarkNumbers("hcm3", marks, everything=True) in told
    rate(world, real_at=T0)
    assert not world.state.nuisance
    assert effects_of(world.story[-1], world.state)[0] == x.MarkNumbers(NODE, ((NUMBER, False),))


def test_rating_again_tells_nothing_new(world: World) -> None:
    for no in ((), (c.Rating(number="", closures=days(0.1) * 5),), (c.Rating(number=NUMBER, closures=()),)):
        assert world.core_no(c.NumbersRated(ratings=no)) == "nothing_new"
    rate(world, *days(0.1, 0.2, 0.3))
    again = c.NumbersRated(ratings=(c.Rating(number=NUMBER, closures=days(0.3, 0.2, 0.1)),))
    assert world.core_no(again) == "nothing_new"
    rate(world, *(T0 - n for n in range(CLOSURES_KEPT + 5)))
    assert len(world.state.nuisance[NUMBER].closures) == CLOSURES_KEPT


def test_history_is_read_again_when_an_incident_closes_or_turns_out_real(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.person("lan", c.SetType(incident=incident.id, type="theft", seen=""))
    typed = next(it for it in world.story if type(it.event).__name__ == "TypeSet")
    assert x.RateNumbers((NUMBER,)) not in effects_of(typed, world.state)  # it has no history
    rate(world, *days(0.1, 0.2, 0.3))
    assert x.RateNumbers((NUMBER,)) in effects_of(typed, world.state)
    world.over("c1")
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="resolved"))
    closed = world.story[-1]
    assert effects_of(closed, world.state) == (x.RateNumbers((NUMBER,)),)
    assert effects_of(closed, State()) == ()
    assert x.MarkNumbers(NODE, ()).failed("unknown") == c.NumbersNotMarked(node=NODE, why="unknown")


def test_a_supervisor_sets_and_lifts_with_a_reason(world: World) -> None:
    put = c.SetNuisance(call="c1", on=True, reason="gọi phá")
    assert world.person_no("hoa", put) == "unknown_call"
    world.switch(came("c1"))
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=T0, number="09"))
    assert world.person_no("hoa", c.SetNuisance(call="cb1", on=True, reason="x")) == "no_number_to_rate"
    assert world.person_no("hoa", c.SetNuisance(call="c1", on=True, reason=" ")) == "reason_missing"
    assert world.person_no("hoa", c.SetNuisance(call="c1", on=True, reason="x" * 501)) == "text_too_long"
    lift = c.SetNuisance(call="c1", on=False, reason="trẻ em, đã nhắc")
    assert world.person_no("hoa", lift) == "already_so"
    world.person("hoa", put)
    known = world.state.nuisance[NUMBER]
    assert (known.by, known.reason, points(known, world.now)) == ("hoa", "gọi phá", LINE)
    assert world.person_no("hoa", put) == "already_so"
    world.person("hoa", lift)
    assert not behind(world) and NUMBER in world.state.nuisance
    rate(world, *days(0.1, 0.2, 0.3))  # what was before does not count any more
    assert not behind(world)
    world.person("hoa", put)
    assert behind(world)
    rate(world, *days(0.1), real_at=world.now + 10)
    assert not world.state.nuisance


def test_what_no_longer_weighs_is_forgotten(world: World) -> None:
    rate(world, *days(0.1, 0.2, 0.3))
    forget = c.ForgetNumber(number=NUMBER)
    assert world.core_no(forget) == world.core_no(c.ForgetNumber(number="1")) == "nothing_new"
    assert due(world.state, world.now) == ()
    assert due(world.later(DAY_MS).state, world.now)[-1] == forget
    world.core(forget)
    assert not world.state.nuisance
    assert effects_of(world.story[-1], world.state) == (x.MarkNumbers(NODE, ((NUMBER, False),)),)


def test_a_word_of_a_supervisor_holds_a_month() -> None:
    assert not worth_keeping(Nuisance(lifted_at=T0), T0 + KEPT_MS)
    assert worth_keeping(Nuisance(lifted_at=T0), T0 + KEPT_MS - 1)
    assert not stands_behind(Nuisance(set_at=T0), T0 + KEPT_MS)
    assert not stands_behind(None, T0)


def test_a_list_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evolution, "NUMBERS_KEPT", 2)
    for n in (3, 2, 1):
        rate(world, *(T0 - n * 1_000 for _ in range(3)), number=f"09{n}")
    assert sorted(world.state.nuisance) == ["091", "092"]


def test_a_switch_that_could_not_be_told_is_an_alarm_of_the_lowest_level(world: World) -> None:
    failed = c.NumbersNotMarked(node=NODE, why="refused")
    world.core(failed)
    assert world.state.alarms[f"numbers_not_marked:{NODE}"].level == "low"
    assert world.core_no(failed) == "nothing_new"
