"""What the world is asked to do: only by committed intents, only while they stand, and nothing again after a crash."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.effects import effect, effects_of, unfinished
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import EndedBy, LocationSource, Role, ZoneSetRef
from tests.domain.world import (
    NODE,
    PLANTED_LAT,
    PLANTED_LON,
    REACHES,
    T0,
    World,
    busy,
    place,
    zone,
)


def all_effects(world: World, since: int) -> list[x.Effect]:
    """The effects of everything since, as one batch."""
    return [effect for it in world.story if it.seq > since for effect in effects_of(it, world.state)]


def route(incident: str, version: int, *services: str) -> x.FindRoute:
    return x.FindRoute(incident, version, PLANTED_LAT, PLANTED_LON, services)


def test_only_these_events_do_anything() -> None:
    acting = {type(it.event) for it in busy().story if effects_of(it, busy().state)}
    may = {
        e.AnswerAsked, e.HangUpAsked, e.PositionTaken, e.PositionLeft, e.PositionAdded, e.NodeConnected, e.TypeSet,
        e.CallBackAsked, e.PositionReady, e.PositionNotReady, e.WrapUpBegan,
        e.IncidentLocated, e.LegOpened, e.PositionAsked, e.ZoneSetPublished, e.PersonSignedOut,
        e.AnswerDropped, e.CallAnswered, e.PositionReleased, e.CallJoined, e.CallParted, e.CallEnded, e.CallFound,
        e.NodeLost, e.CallBackDialling, e.CallBackReached, e.CallBackEnded,
        e.TextAsked, e.PromptAsked, e.NumberRated, e.NumberSet, e.IncidentClosed,
        e.SteerAsked,
        e.PrioritySet, e.AlarmLevelSet, e.RankingAsked, e.RouteAskedAgain,
        e.WatchAsked, e.WatchStopAsked, e.WatchEnded,
        e.MapPublished, e.ClosureDrawn, e.ClosureEnded,
        e.OfferEnded, e.OffersExhausted,
        e.PremiseWritten, e.PremiseRemoved, e.PremiseUndone,
        e.SurgeBegan, e.CallerNoted,
    }  # fmt: skip
    assert acting <= may
    assert set(get_args(e.Event)) > may


def test_an_answer_goes_out_once_and_only_while_it_stands(world: World) -> None:
    world.call("c1")
    seq = world.state.seq
    world.person("lan", c.AnswerCall(call="c1"))
    asked = world.story[-1]
    assert all_effects(world, seq) == [x.AnswerAt(NODE, "c1", "B02")]
    # overtaken within the batch: another phone took it, and the caller hung up
    world.switch(c.CallTakenAt(call="c1", position="B01", at=T0 + 500))
    assert effects_of(asked, world.state) == ()
    world.over("c1")
    assert effects_of(asked, world.state) == ()
    assert effects_of(asked, State()) == ()


def test_of_two_intents_in_one_batch_only_the_one_that_stands_goes_out(world: World) -> None:
    world.call("c1")
    seq = world.state.seq
    world.person("lan", c.AnswerCall(call="c1"))
    world.core(c.AnswerFailed(call="c1", position="B02", why="refused"))
    world.person("minh", c.AnswerCall(call="c1"))
    assert all_effects(world, seq) == [x.AnswerAt(NODE, "c1", "B01")]


def test_a_hang_up(world: World) -> None:
    world.talk("c1", "B02")
    seq = world.state.seq
    world.person("lan", c.HangUp(call="c1"))
    asked = world.story[-1]
    assert all_effects(world, seq) == [x.EndCall(NODE, "c1")]
    world.over("c1", EndedBy.US)
    assert effects_of(asked, world.state) == () == effects_of(asked, State())


def test_a_hang_up_that_failed_or_moved_on_does_not_go_out(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.HangUp(call="c1"))
    asked = world.story[-1]
    world.core(c.HangUpFailed(call="c1", why="refused"))
    assert effects_of(asked, world.state) == ()


def test_a_phone_serves_while_somebody_sits_there(world: World) -> None:
    seq = world.state.seq
    world.person("lan", c.TakePosition(position="B04"))
    assert all_effects(world, seq) == [x.ServeQueues("B02", False), x.ServeQueues("B04", True)]
    seq = world.state.seq
    world.person("lan", c.SignOut(user="lan"))
    assert all_effects(world, seq) == [x.ServeQueues("B04", False), x.EndSession("lan")]
    # left and taken in one batch: both say how it ended
    seq = world.state.seq
    world.person("minh", c.LeavePosition())
    world.person("minh", c.TakePosition(position="B01"))
    assert all_effects(world, seq) == [x.ServeQueues("B01", True)] * 2


def test_a_switch_that_is_back_hears_again_who_sits_where(world: World) -> None:
    """After a restart it does not know; without this no phone would ring until somebody sat down anew."""
    world.person("tuan", c.AddPosition(position="B07", label="7", services=("fire",)))
    seq = world.state.seq
    world.switch(c.NodeUp(node=NODE, booted="2026-11-23 12:30:00"))
    assert all_effects(world, seq) == [
        x.ServeQueues("B01", True), x.ServeQueues("B02", True), x.ServeQueues("B03", True), x.ServeQueues("B04", False),
        x.MarkNumbers(NODE, (), everything=True), x.TellSurge(NODE, ()),
    ]  # fmt: skip


def test_a_seat_is_installed_and_then_serves_nobody(world: World) -> None:
    seq = world.state.seq
    world.person("tuan", c.AddPosition(position="B07", label="Bàn 7", services=("fire",)))
    assert all_effects(world, seq) == [x.InstallPosition("B07", "Bàn 7", ("fire",))]
    seq = world.state.seq
    world.core(c.PositionInstalled(position="B07"))
    assert all_effects(world, seq) == [x.ServeQueues("B07", False)]
    assert effects_of(world.story[-1], State()) == (x.ServeQueues("B07", False),)


def test_the_geography_is_asked_for_every_open_leg(world: World) -> None:
    incident = world.talk()
    seq = world.state.seq
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    found = x.FindPremises(incident.id, 1, PLANTED_LAT, PLANTED_LON, 0.0)
    assert all_effects(world, seq) == [route(incident.id, 1, "ambulance"), found]  # no leg yet: the first guess
    seq = world.state.seq
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    # the type decides which units are capable, so its legs are asked for anew
    assert route(incident.id, 1, "ambulance", "police") in all_effects(world, seq)
    seq = world.state.seq
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    assert all_effects(world, seq) == [route(incident.id, 1, "fire")]
    seq = world.state.seq
    world.person("lan", c.Locate(incident=incident.id, location=place("khác"), seen=1))
    found = x.FindPremises(incident.id, 2, PLANTED_LAT, PLANTED_LON, 0.0)
    assert all_effects(world, seq) == [route(incident.id, 2, "ambulance", "fire", "police"), found]
    located = world.story[-1]
    assert effects_of(located, State()) == ()


def test_words_alone_are_not_asked_about(world: World) -> None:
    incident = world.talk()
    seq = world.state.seq
    spoken = place("gần chợ", lat=None, lon=None, source=LocationSource.SPOKEN)
    world.person("lan", c.Locate(incident=incident.id, location=spoken, seen=0))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    assert all_effects(world, seq) == []
    assert unfinished(world.state) == ()


def test_events_of_things_that_are_gone_ask_nothing(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    gone = replace(world.state, incidents={}, calls={})
    for recorded in world.story:
        if isinstance(recorded.event, e.TypeSet | e.IncidentLocated | e.LegOpened):
            assert effects_of(recorded, gone) == ()


def test_a_call_to_no_service_at_an_unknown_place(world: World) -> None:
    world.switch(c.CallCame(call="c1", node=NODE, at=T0, dialled="112", services=()))
    incident = world.incident_of("c1")
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    found = x.FindPremises(incident.id, 1, PLANTED_LAT, PLANTED_LON, 0.0)
    assert effects_of(world.story[-1], world.state) == (found,)


def test_zones_and_sessions(world: World) -> None:
    seq = world.state.seq
    world.core(c.PublishZoneSet(ref=ZoneSetRef(service="fire", name="phường", version=3, zones=168)))
    world.core(c.SignOut(user="tuan"))
    assert all_effects(world, seq) == [x.UseZoneSet("fire", 3), x.EndSession("tuan")]
    world.core(c.SignIn(user="tuan", name="Tuấn", role=Role.TELEPHONY_ADMIN, session="s"))
    assert effects_of(world.story[-1], world.state) == ()


# --- after a crash ----------------------------------------------------------------------------------------------------


def test_after_a_crash_only_questions_are_asked_again() -> None:
    assert all(isinstance(effect, x.FindRoute) for effect in unfinished(busy().state))
    world = busy()
    assert any(call.intent for call in world.state.calls.values())
    assert any(call.hang_up_asked for call in world.state.calls.values())


def test_questions_whose_answer_never_came(world: World) -> None:
    incident = world.talk()
    assert unfinished(world.state) == ()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    assert unfinished(world.state) == (route(incident.id, 1, "ambulance", "police"),)
    one = c.RouteFound(
        incident=incident.id, location_version=1, answers={"police": zone("police")}, reaches=REACHES
    )
    world.core(one)
    assert unfinished(world.state) == (route(incident.id, 1, "ambulance"),)
    # another place, and the answer for one leg alone: the other leg is still asked for
    world.person("lan", c.Locate(incident=incident.id, location=place("khác"), seen=1))
    world.core(replace(one, location_version=2))
    assert unfinished(world.state) == (route(incident.id, 2, "ambulance"),)
    both = {"police": zone("police"), "ambulance": zone("ambulance")}
    world.core(replace(one, location_version=2, answers=both))
    assert unfinished(world.state) == ()


def test_nothing_is_asked_for_what_is_closed(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    world.over()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    assert unfinished(world.state) == ()


def test_several_subjects_may_act_on_one_event_each_rule_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effect, "RULES", rules := dict(effect.RULES))

    def more(event: e.HangUpAsked, recorded: e.Recorded, state: State) -> tuple[x.Effect, ...]:
        return (x.EndSession(event.call),)

    effect.on(e.HangUpAsked)(more)
    assert len(rules[e.HangUpAsked]) == 2 and rules[e.HangUpAsked][1] is more
    with pytest.raises(ValueError, match="the same rule twice for HangUpAsked"):
        effect.on(e.HangUpAsked)(more)


def test_what_the_switch_tells_itself_is_not_told_twice() -> None:
    assert x.AnswerAt(NODE, "c1", "B02").taken() is None


def test_an_order_that_fails_says_so_in_its_own_words() -> None:
    assert x.AnswerAt(NODE, "c1", "B02").failed("unknown") == c.AnswerFailed(call="c1", position="B02", why="unknown")
    assert x.EndCall(NODE, "c1").failed("refused") == c.HangUpFailed(call="c1", why="refused")
    with pytest.raises(TypeError, match="SwitchOrder"):
        x.SwitchOrder(NODE).failed("refused")
