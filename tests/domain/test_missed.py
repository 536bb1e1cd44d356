"""Calls that nobody took: a line for each number until somebody reached the caller."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.decide import aftermath
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.evolve.missed import CALLS_IN_LINE, DONE_KEPT
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import EndedBy, MissedEnd
from tests.domain.test_call_back import NUMBER, asked, missed
from tests.domain.world import FULL_SITE, NODE, T0, World, staffed


def test_several_of_one_number_are_one_line(world: World) -> None:
    missed(world, "c1")
    missed(world, "c2", "+84912345678", "police")
    missed(world, "c3", "0999")
    line = world.state.missed["c1"]
    assert (line.count, line.calls, line.services) == (2, ("c1", "c2"), ("ambulance", "police"))
    assert (line.dialled, line.incident) == ("113", world.the("c2").incident)
    assert (line.first_at, line.last_at) == (T0 + 4_000, T0 + 14_000)
    assert set(world.state.missed) == {"c1", "c3"}
    assert (world.state.missed_today.lines, world.state.missed_today.calls) == (2, 3)


def test_withheld_numbers_are_a_line_each(world: World) -> None:
    missed(world, "c1", "")
    missed(world, "c2", "")
    assert set(world.state.missed) == {"c1", "c2"}


def test_who_rings_again_and_is_answered_is_off_the_list(world: World) -> None:
    missed(world)
    world.call("c2")
    world.switch(c.CallTakenAt(call="c2", position="B02", at=world.now))
    assert "c1" in world.state.missed  # another number
    world.switch(c.CallCame(call="c3", node=NODE, at=world.now, dialled="115", services=("ambulance",), number=NUMBER))
    assert "c1" in world.state.missed  # it only rings
    told = world.switch(c.CallTakenAt(call="c3", position="B01", at=world.now))
    assert e.MissedTaken(line="c1", end=MissedEnd.RANG_AGAIN, user="minh", call="c3") in told
    assert world.state.missed_today.rang_again == 1
    assert world.state.missed_today.wait_ms == world.now - (T0 + 4_000) == world.state.missed_today.longest_ms


def test_a_call_that_turns_out_to_have_been_answered_was_not_missed(world: World) -> None:
    missed(world)
    missed(world, "c2")
    told = world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 2_000))
    assert e.MissedWithdrawn(call="c1", line="c1") in told
    assert not world.state.missed  # the other one of that number had been taken, too


def test_a_call_that_lives_leaves_its_line_alone_to_the_others(world: World) -> None:
    missed(world)
    world.switch(c.CallCame(call="c2", node=NODE, at=world.now, dialled="115", services=("ambulance",), number=NUMBER))
    world.switch(c.SwitchLooked(node=NODE, asked_at=world.now + 9_000, calls=()))
    assert world.state.missed["c1"].cut and world.state.missed["c1"].count == 2
    alive = c.LiveCall(call="c2", dialled="115", services=("ambulance",))
    world.switch(c.SwitchLooked(node=NODE, asked_at=world.now + 20_000, calls=(alive,)))
    assert world.state.missed["c1"].calls == ("c1",)


def test_by_hand_with_a_reason_and_the_second_is_told(world: World) -> None:
    missed(world)
    assert world.person_no("lan", c.TakeOffMissed(missed="c1", reason=" ")) == "reason_missing"
    assert world.person_no("lan", c.TakeOffMissed(missed="c1", reason="x" * 501)) == "text_too_long"
    cb = asked(world, "minh")
    no = world.refusal("lan", c.TakeOffMissed(missed="c1", reason="báo nhầm"))
    assert (no.code, no.details) == ("being_called_back", {"user": "minh", "position": "B01"})
    world.core(c.CallBackFailed(call=cb, why="refused"))
    world.person("lan", c.TakeOffMissed(missed="c1", reason="báo nhầm"))
    for body in (c.TakeOffMissed(missed="c1", reason="x"), c.CallBack(missed="c1")):
        no = world.refusal("hoa", body)
        assert (no.code, no.details) == ("missed_gone", {"user": "lan"})
    assert world.state.missed_today.by_hand == 1


def test_nobody_looks_after_a_line() -> None:
    world = staffed(FULL_SITE)
    missed(world, "c1", service="fire")
    missed(world, "c2", "0988")
    waits = c.MissedWaits(missed="c1")
    world.now = T0 + 4_000 + FULL_SITE.unattended_ms
    assert due(world.state, world.now) == ()
    world.later(1)
    assert due(world.state, world.now) == (waits,)
    world.core(waits)
    assert world.core_no(waits) == world.core_no(c.MissedWaits(missed="c9")) == "nothing_new"
    assert world.state.alarms["missed_unattended:fire"].subject == "fire"
    missed(world, "c3", "0977", "fire")
    world.core(c.MissedWaits(missed="c3"))
    cb = asked(world, "hoa", missed="c1")  # somebody does something: the line may wait again
    assert "missed_unattended:fire" in world.state.alarms
    world.person("minh", c.TakeOffMissed(missed="c3", reason="đã xử lý"))
    assert "missed_unattended:fire" not in world.state.alarms
    world.later(FULL_SITE.unattended_ms + 1)
    assert waits not in due(world.state, world.now)  # while somebody calls
    world.core(c.CallBackFailed(call=cb, why="refused"))
    assert waits in due(world.state, world.now)


def test_a_line_of_no_service_has_an_alarm_too(world: World) -> None:
    world.switch(c.CallCame(call="c1", node=NODE, at=T0, dialled="112", services=(), number=NUMBER))
    world.over("c1")
    world.core(c.MissedWaits(missed="c1"))
    assert "missed_unattended:" in world.state.alarms
    world.person("lan", c.TakeOffMissed(missed="c1", reason="đã xử lý"))


def test_the_list_is_bounded_the_oldest_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aftermath, "MISSED_KEPT", 2)
    for number in range(4):
        missed(world, f"c{number}", f"09{number}{number}")
    assert set(world.state.missed) == {"c2", "c3"}
    assert world.state.missed_done["c0"].end is MissedEnd.TOO_MANY


def test_what_has_left_and_the_calls_of_a_line_are_bounded(world: World) -> None:
    for number in range(CALLS_IN_LINE + 2):
        missed(world, f"a{number}")
    assert (len(world.state.missed["a0"].calls), world.state.missed["a0"].count) == (CALLS_IN_LINE, CALLS_IN_LINE + 2)
    for number in range(DONE_KEPT + 2):
        missed(world, f"b{number}", f"09{number:04d}")
        world.person("lan", c.TakeOffMissed(missed=f"b{number}", reason="thử"))
    assert len(world.state.missed_done) == DONE_KEPT and "b0" not in world.state.missed_done


def test_the_figures_are_of_one_day(world: World) -> None:
    missed(world)
    world.later(24 * 3_600_000)
    missed(world, "c2", "0988")
    assert (world.state.missed_today.day, world.state.missed_today.lines) == ("20261124", 1)
    world.later(-24 * 3_600_000)
    missed(world, "c3", "0977")
    assert (world.state.missed_today.day, world.state.missed_today.lines) == ("20261124", 2)


def test_a_call_whose_end_was_told_without_a_time() -> None:
    """As an older journal may have it: the moment of the decision stands for it."""
    world = staffed()
    world.switch(c.CallCame(call="c1", node=NODE, at=T0, dialled="115", services=("ambulance",), number=NUMBER))
    event = e.CallMissed(call="c1", line="c1")
    recorded = e.Recorded(seq=world.state.seq + 1, at=T0 + 7, by="switch:x", command="c", event=event)
    assert evolve(world.state, recorded).missed["c1"].first_at == T0 + 7
    assert evolve(State(seq=world.state.seq), recorded).missed == {}


def test_a_caller_whom_we_let_go_was_missed(world: World) -> None:
    world.call("c1")
    world.switch(c.CallOver(call="c1", at=world.now + 500, by=EndedBy.US, cause=0))
    assert "c1" in world.state.missed
