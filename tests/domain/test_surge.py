"""A surge: proposed while many call about one thing, switched on by a supervisor, told to those who wait, over by
itself; and the callers who say by a key that they call about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import Command
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.decide.surge import LONGEST_MIN
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.evolve import surge as evolution
from dispatch_core.domain.surge import SurgeRules, SurgeWord
from dispatch_core.domain.surging import about_one, eased, far_from, pressed_at, presses, pressure, services_of
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.domain.vocabulary import CallState, IncidentState, Location, LocationSource
from tests.domain.world import FULL_SITE, NODE, PLANT, T0, World, came, place, staffed

RULES = SurgeRules(waiting=3, arrivals=6, alike=3, minutes=10, sounds=("surge", "fire"))
MINUTE = 60_000


@pytest.fixture
def world() -> World:
    return staffed(replace(FULL_SITE, again_ms=0, wrap_up_ms=0, surge=RULES))


def rings(world: World, ident: str, service: str = "fire") -> str:
    """A caller of a number of his own comes and waits; his incident."""
    world.switch(replace(came(ident, service, at=world.now), number=f"09{ident[1:]:0>8}"))
    world.switch(c.CallQueuedAt(call=ident, queue=f"q-{service}", at=world.now + 100))
    return world.the(ident).incident


def known(world: World, ident: str = "c1") -> str:
    """The incident that everybody is about to call about, with its place and type."""
    incident = rings(world, ident)
    world.switch(c.CallTakenAt(call=ident, position="B03", at=world.now + 200))
    world.person("hoa", c.SetType(incident=incident, type="crash", seen=""))
    world.person("hoa", c.Locate(incident=incident, location=place(), seen=0))
    return incident


def on(world: World, incident: str, **more: object) -> tuple[e.Event, ...]:
    return world.person("hoa", c.SurgeOn(incident=incident, reason="nhiều người gọi", **more))  # type: ignore[arg-type]


def hears(world: World, call: str, incident: str, at: int = 0) -> None:
    world.switch(c.CallerTold(call=call, incident=incident, at=at or world.now))


def presses_one(world: World, call: str, at: int = 0) -> tuple[e.Event, ...]:
    return world.switch(c.CallerPressed(call=call, digit="1", at=at or world.now + 1_000))


def clocks(world: World) -> list[str]:
    return [type(it).__name__ for it in due(world.state, world.now) if "Surge" in type(it).__name__]


# --- proposing --------------------------------------------------------------------------------------------------------


def test_many_waiting_about_one_thing_is_proposed_and_passes_by_itself(world: World) -> None:
    incident = known(world)
    for n in range(2, 5):
        rings(world, f"c{n}")
    assert clocks(world) == []  # three wait, but nothing says that it is one thing
    for n in range(2, 4):
        world.switch(c.CallPlaced(call=f"c{n}", location=place(source=LocationSource.AML, at=T0, uncertainty_m=30)))
    assert clocks(world) == ["ProposeSurge"]
    (ask,) = [it for it in due(world.state, world.now) if isinstance(it, c.ProposeSurge)]
    assert (ask.incident, ask.waiting, ask.arrivals, ask.alike) == (incident, 3, 4, 3)
    world.core(ask)
    assert world.state.surge_proposal is not None and world.core_no(ask) == "nothing_new" and clocks(world) == []
    for n in range(2, 5):
        world.over(f"c{n}")
    assert clocks(world) == []  # a minute has not gone by since they came
    world.later(MINUTE)
    assert clocks(world) == ["SurgePasses"]
    world.core(c.SurgePasses())
    assert world.state.surge_proposal is None and world.core_no(c.SurgePasses()) == "nothing_new"
    assert world.core_no(replace(ask, incident="x")) == "nothing_new"


def test_after_a_surge_nobody_is_asked_again_at_once(world: World) -> None:
    incident = known(world)
    for n in range(2, 5):
        rings(world, f"c{n}")
        world.switch(c.CallPlaced(call=f"c{n}", location=place(source=LocationSource.AML, at=T0, uncertainty_m=30)))
    assert clocks(world) == ["ProposeSurge"]
    on(world, incident)
    world.person("hoa", c.SurgeOff(reason="không cần nữa"))
    assert clocks(world) == []
    world.later(15 * MINUTE)
    assert clocks(world) == ["ProposeSurge"]


def test_a_proposal_whose_incident_is_closed_passes(world: World) -> None:
    incident = known(world)
    world.core(c.ProposeSurge(incident=incident, waiting=9, arrivals=9, alike=9))
    for n in range(2, 8):
        rings(world, f"c{n}")
    assert clocks(world) == []
    world.over("c1")
    world.person("hoa", c.CloseIncident(incident=incident, disposition="resolved"))
    assert clocks(world) == ["SurgePasses"]


def test_what_is_pressing_and_what_has_eased() -> None:
    it = pressure((), T0)
    assert not presses(RULES, it) and eased(RULES, it)
    assert presses(RULES, replace(it, arrivals=6)) and presses(RULES, replace(it, waiting=3))
    off = SurgeRules(waiting=0, arrivals=0)
    assert not presses(off, replace(it, waiting=99, arrivals=99)) and eased(off, it)
    assert not eased(RULES, replace(it, waiting=2)) and not eased(RULES, replace(it, arrivals=3))


def test_an_incident_of_which_nobody_has_called_for_long_is_not_it(world: World) -> None:
    known(world)
    world.state = replace(world.state, site=replace(world.state.site, surge=replace(RULES, alike=1)))
    assert about_one(world.state, world.now) is not None
    assert about_one(world.state, world.now + 31 * MINUTE) is None


# --- on, longer, off --------------------------------------------------------------------------------------------------


def test_it_is_switched_on_prolonged_and_off_and_every_switch_is_told(world: World) -> None:
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(c.NodeUp(node="hcm3", booted="1"))
    world.switch(c.NodeDown(node="hcm3", why="x"))
    incident = known(world)
    world.core(c.ProposeSurge(incident=incident, waiting=9, arrivals=9, alike=9))
    (began,) = on(world, incident, sound="fire", minutes=5)
    surge = world.state.surge
    assert surge is not None and clocks(world) == ["SurgePasses"]
    assert (surge.services, surge.sound, surge.by) == (("fire", "ambulance", "police"), "fire", "hoa")
    assert surge.until == world.now + 5 * MINUTE
    told = effects_of(world.story[-1], world.state)
    assert told == tuple(x.TellSurge(node, surge.services, incident, "fire", surge.until) for node in (NODE, "hcm2"))
    assert isinstance(began, e.SurgeBegan) and world.state.incidents[incident].notes[-1].kind == "surge_on"
    (longer,) = world.later(MINUTE).person("hoa", c.SurgeOn(incident=incident, reason="chưa hết"))
    assert isinstance(longer, e.SurgeProlonged) and world.state.surge is not None
    assert world.state.surge.until == world.now + 10 * MINUTE and len(effects_of(world.story[-1], world.state)) == 2
    assert world.core_no(c.SurgeOver()) == "nothing_new"
    world.person("hoa", c.SurgeOff(reason="đã dập"))
    assert world.state.surge is None
    assert effects_of(world.story[-1], world.state) == (x.TellSurge(NODE, ()), x.TellSurge("hcm2", ()))
    note = world.state.incidents[incident].notes[-1]
    assert (note.kind, note.about, note.text) == ("surge_off", ("asked", "0"), "đã dập")


def test_what_makes_no_sense_is_refused(world: World) -> None:
    incident = known(world)
    for body, code in (
        (c.SurgeOn(incident="x", reason="a"), "unknown_incident"),
        (c.SurgeOn(incident=incident, reason=" "), "reason_missing"),
        (c.SurgeOn(incident=incident, reason="x" * 501), "text_too_long"),
        (c.SurgeOn(incident=incident, reason="a", services=("moon",)), "unknown_service"),
        (c.SurgeOn(incident=incident, reason="a", sound="none"), "unknown_sound"),
        (c.SurgeOn(incident=incident, reason="a", minutes=LONGEST_MIN + 1), "surge_too_long"),
        (c.SurgeOn(incident=incident, reason="a", minutes=-1), "surge_too_long"),
        (c.SurgeOff(reason="a"), "no_surge"),
    ):
        assert world.person_no("hoa", body) == code
    assert world.person_no("lan", c.SurgeOn(incident=incident, reason="a")) == "not_allowed"
    on(world, incident)
    other = rings(world, "c2")
    assert world.person_no("hoa", c.SurgeOn(incident=other, reason="a")) == "surge_on_already"
    assert world.core_no(c.ProposeSurge(incident=incident, waiting=9, arrivals=9, alike=9)) == "nothing_new"
    assert world.person_no("hoa", c.FoldIncident(incident=incident, into=other)) == "surge_is_about"
    world.person("hoa", c.FoldIncident(incident=other, into=incident))
    assert world.person_no("hoa", c.SurgeOff(reason=" ")) == "reason_missing"
    assert world.person_no("hoa", c.SurgeOff(reason="x" * 501)) == "text_too_long"


def test_an_incident_of_no_service_needs_one_named(world: World) -> None:
    incident = known(world)
    site = replace(world.state.site, services={})
    world.core(c.ConfigureSite(site=site, positions={"B03": ("3", ())}))
    assert services_of(world.state, world.state.incidents[incident]) == ()
    assert world.person_no("hoa", c.SurgeOn(incident=incident, reason="a")) == "surge_for_nobody"


def test_it_ends_by_its_time_or_with_its_incident(world: World) -> None:
    incident = known(world)
    on(world, incident)
    assert clocks(world) == []
    world.later(10 * MINUTE)
    assert clocks(world) == ["SurgeOver"]
    (over,) = world.core(c.SurgeOver())
    assert isinstance(over, e.SurgeEnded) and over.why == "time" and world.core_no(c.SurgeOver()) == "nothing_new"
    on(world, incident, services=("fire",))
    world.over("c1")
    world.person("hoa", c.CloseIncident(incident=incident, disposition="resolved"))
    assert clocks(world) == ["SurgeOver"]
    (over,) = world.core(c.SurgeOver())
    assert isinstance(over, e.SurgeEnded) and over.why == "closed"


def test_a_switch_that_was_not_told_is_an_alarm_until_it_is_back(world: World) -> None:
    incident = known(world)
    on(world, incident)
    (order, *_) = effects_of(world.story[-1], world.state)
    assert isinstance(order, x.TellSurge)
    failed = order.failed("refused")
    world.core(failed)
    assert world.state.alarms[f"surge_not_told:{NODE}"].level == "high" and world.core_no(failed) == "nothing_new"
    world.switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00 again"))
    assert f"surge_not_told:{NODE}" not in world.state.alarms
    connected = next(it for it in reversed(world.story) if isinstance(it.event, e.NodeConnected))
    assert any(isinstance(it, x.TellSurge) and it.incident == incident for it in effects_of(connected, world.state))


# --- the key ----------------------------------------------------------------------------------------------------------


def test_a_caller_who_presses_the_key_is_counted_folded_and_not_missed(world: World) -> None:
    incident = known(world)
    on(world, incident)
    own = rings(world, "c2")
    hears(world, "c2", incident)
    told = presses_one(world, "c2")
    assert [type(it) for it in told] == [e.KeyPressed, e.CallerNoted, e.IncidentFolded]
    surge = world.state.surge
    assert surge is not None and (surge.told, surge.noted, surge.joined) == (1, 1, 1)
    folded, into = world.state.incidents[own], world.state.incidents[incident]
    assert folded.state is IncidentState.CLOSED and folded.owner == "" and folded.folded is not None
    assert into.calls == ("c1", "c2") and into.owner == "hoa"
    assert [it.kind for it in into.notes[-2:]] == ["caller_noted", "folded"]
    assert into.notes[-2].about == ("c2", "joined")
    noted = next(it for it in world.story if isinstance(it.event, e.CallerNoted))
    assert effects_of(noted, world.state) == (x.ThankCaller(NODE, "c2", incident),)
    assert world.core_no(x.ThankCaller(NODE, "c2", incident).failed("refused")) == "nothing_new"
    assert [type(it) for it in presses_one(world, "c2", world.now + 9_000)] == [e.KeyPressed]  # once
    world.over("c2")
    assert world.state.missed == {} and effects_of(noted, world.state) == ()
    assert effects_of(noted, replace(world.state, calls={})) == ()
    world.person("lan", c.UnfoldIncident(incident=own))
    assert world.the("c2").incident == own and world.state.incidents[own].state is IncidentState.RECEIVING


def test_whoever_stays_on_the_line_is_answered_in_turn(world: World) -> None:
    incident = known(world)
    on(world, incident)
    rings(world, "c2")
    hears(world, "c2", incident)
    presses_one(world, "c2")
    assert world.the("c2").state is CallState.QUEUED
    world.switch(c.CallTakenAt(call="c2", position="B01", at=world.now + 5_000))
    assert world.the("c2").position == "B01" and world.the("c2").incident == incident


def test_a_key_before_the_words_or_another_key_says_nothing(world: World) -> None:
    incident = known(world)
    on(world, incident)
    rings(world, "c2")
    presses_one(world, "c2", world.now)
    hears(world, "c2", incident, world.now + 500)
    world.switch(c.CallerPressed(call="c2", digit="5", at=world.now + 800))
    assert not world.the("c2").surge.same_at and pressed_at(world.the("c2")) == 0
    world.switch(c.CallTakenAt(call="c2", position="B01", at=world.now + 900))
    presses_one(world, "c2")  # to the call taker, who asks for keys too
    assert not world.the("c2").surge.same_at
    world.over("c2")
    rings(world, "c3")
    world.over("c3")
    assert set(world.state.missed) == {"c3"}


def test_the_order_of_the_words_and_the_key_does_not_matter(world: World) -> None:
    incident = known(world)
    on(world, incident)
    rings(world, "c2")
    presses_one(world, "c2", world.now + 2_000)
    hears(world, "c2", incident, world.now + 1_500)
    assert world.the("c2").surge == SurgeWord(
        incident=incident, announced_at=world.now + 1_500, same_at=world.now + 2_000
    )
    assert world.switch_no(c.CallerTold(call="c2", incident=incident, at=world.now + 60_000)) == "nothing_new"
    hears(world, "c2", incident, world.now + 1_000)
    assert world.the("c2").surge.announced_at == world.now + 1_000
    assert world.state.surge is not None and world.state.surge.told == 1
    assert world.switch_no(c.CallerTold(call="c99", incident=incident, at=T0)) == "nothing_new"


def test_words_of_another_surge_or_none_count_for_nothing(world: World) -> None:
    incident = known(world)
    rings(world, "c2")
    hears(world, "c2", incident)
    presses_one(world, "c2")
    assert not world.the("c2").surge.same_at  # it was over when he pressed
    on(world, incident)
    rings(world, "c3")
    hears(world, "c3", "20261123-99999")
    presses_one(world, "c3")
    assert not world.the("c3").surge.same_at
    hears(world, "c3", incident, world.now + 3_000)
    presses_one(world, "c3", world.now + 4_000)
    assert world.the("c3").surge.same_at
    rings(world, "c4")
    hears(world, "c4", incident)
    world.over("c1")
    world.person("hoa", c.SplitCall(call="c3"))
    world.over("c3")
    world.person("hoa", c.CloseIncident(incident=incident, disposition="resolved"))
    presses_one(world, "c4")
    assert not world.the("c4").surge.same_at  # it is closed, and says so within the second


def hears_from_afar(world: World) -> tuple[str, Location]:
    """A caller whose phone says that he is 14 km off hears of the surge; his own incident, and where he is."""
    incident = known(world)
    on(world, incident)
    own = rings(world, "c2")
    far = place(lat=10.9, lon=106.8, source=LocationSource.AML, at=T0, uncertainty_m=50)
    world.switch(c.CallPlaced(call="c2", location=far))
    hears(world, "c2", incident)
    return own, far


def test_a_caller_known_to_be_elsewhere_is_noted_and_not_folded(world: World) -> None:
    own, far = hears_from_afar(world)
    noted = presses_one(world, "c2")[-1]
    assert isinstance(noted, e.CallerNoted) and noted.how == "far" and world.the("c2").incident == own
    near = replace(world.the("c2"), location=place(source=LocationSource.AML))
    assert not far_from(world.state, near) and not far_from(replace(world.state, surge=None), near)
    unsure = replace(world.the("c2"), location=replace(far, uncertainty_m=30_000))
    assert not far_from(world.state, unsure)
    assert not far_from(world.state, replace(near, location=replace(far, doubt="old")))
    assert not far_from(world.state, replace(near, location=place(lat=None, lon=None)))
    assert not far_from(replace(world.state, incidents={}), world.the("c2"))


def test_who_calls_from_elsewhere_is_not_told_to_hang_up_and_is_missed_if_he_does(world: World) -> None:
    own, _ = hears_from_afar(world)
    presses_one(world, "c2")
    noted = world.story[-1]
    assert isinstance(noted.event, e.CallerNoted) and effects_of(noted, world.state) == ()
    world.over("c2")
    assert set(world.state.missed) == {"c2"} and world.state.incidents[own].state is IncidentState.RECEIVING


@pytest.mark.parametrize("forgotten", [False, True])
def test_who_said_that_they_differ_is_not_overruled_by_a_key(world: World, forgotten: bool) -> None:
    incident = known(world)
    on(world, incident)
    own = rings(world, "c2")
    world.person("lan", c.MarkDifferent(incident=own, other=incident))
    if forgotten:  # one of the two remembers it no longer
        known_as = replace(world.state.incidents[incident], unlike=())
        world.state = replace(world.state, incidents={**world.state.incidents, incident: known_as})
    hears(world, "c2", incident)
    noted = presses_one(world, "c2")[-1]
    assert isinstance(noted, e.CallerNoted) and noted.how == "unlike"
    assert world.the("c2").incident == own and world.state.incidents[own].state is IncidentState.RECEIVING
    assert effects_of(world.story[-1], world.state) == ()
    world.over("c2")
    assert set(world.state.missed) == {"c2"}


def test_an_incident_that_somebody_works_on_stays_with_them(world: World) -> None:
    incident = known(world)
    on(world, incident)
    hows = []
    acts: list[Callable[[str, str], Command | None]] = [
        lambda own, _: c.TakeIncident(incident=own),
        lambda own, _: c.SetType(incident=own, type="theft", seen=""),
        lambda own, _: c.AssignUnits(incident=own, units=("A1",)),
        lambda _, call: c.AnswerCall(call=call),
        lambda own, _: c.FoldIncident(incident=own, into=incident),
        lambda _, __: None,
    ]
    for n, act in enumerate(acts, 2):
        own = rings(world, f"c{n}")
        done = act(own, f"c{n}")
        if done is not None:
            world.person("lan", done)
        hears(world, f"c{n}", incident)
        noted = next(it for it in presses_one(world, f"c{n}") if isinstance(it, e.CallerNoted))
        hows.append(noted.how)
    assert hows == ["worked_on", "worked_on", "worked_on", "worked_on", "of_it", "joined"]


def test_an_incident_that_others_wait_with_is_not_folded_with_them(world: World) -> None:
    incident = known(world)
    on(world, incident)
    first, second = rings(world, "c2"), rings(world, "c3")
    world.state = replace(
        world.state,
        incidents={
            **world.state.incidents,
            second: replace(world.state.incidents[second], calls=("c3", "c2")),
            first: replace(world.state.incidents[first], calls=()),
        },
    )
    hears(world, "c3", incident)
    assert world.the("c2").state.waiting
    noted = presses_one(world, "c3")[-1]
    assert isinstance(noted, e.CallerNoted) and noted.how == "worked_on"
    gone = replace(world.the("c3"), incident="x")
    world.state = replace(world.state, calls={**world.state.calls, "c3": replace(gone, surge=SurgeWord())})
    hears(world, "c3", incident, world.now + 2_000)
    noted = presses_one(world, "c3", world.now + 3_000)[-1]
    assert isinstance(noted, e.CallerNoted) and noted.how == "worked_on"


# --- views and evolution ----------------------------------------------------------------------------------------------


def test_the_telephony_view_knows_that_there_is_one_and_nothing_of_what(world: World) -> None:
    incident = known(world)
    world.person("hoa", c.SurgeOn(incident=incident, reason=PLANT))
    shown = shown_state(View.TELEPHONY, world.state)
    assert shown.surge is not None and shown.surge.incident == "" and shown.surge.services
    event = shown_event(View.TELEPHONY, world.story[-1])
    assert event is not None and isinstance(event.event, e.SurgeBegan)
    assert (event.event.incident, event.event.reason) == ("", "")
    assert shown_event(View.OPERATIONS, world.story[-1]) == world.story[-1]


def test_events_about_what_is_gone_change_nothing(world: World) -> None:
    rings(world, "c2")
    state = world.state
    recorded = world.story[-1]
    heard = e.SurgeHeard(call="c2", incident="x", at=T0)
    assert evolution.surge_heard(state, heard, recorded).calls["c2"].surge.announced_at == T0
    noted = evolution.caller_noted(state, e.CallerNoted(call="c2", incident="x", at=T0, how="far"), recorded)
    assert noted.surge is None and noted.calls["c2"].surge.same_at == T0
    assert evolution.surge_prolonged(state, e.SurgeProlonged(incident="x", until=T0, user="hoa"), recorded) == state
    assert evolution.surge_ended(state, e.SurgeEnded(incident="x", why="time"), recorded) == state
