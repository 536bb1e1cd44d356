"""A call that we make through a carrier and that comes in again: seen and answered like any other, and nobody's."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.answering import counts_of
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.recorded import must_be_recorded
from dispatch_core.domain.silence_clocks import silent_since
from dispatch_core.domain.surging import pressure
from dispatch_core.domain.views import View, shown_state
from dispatch_core.domain.vocabulary import AlarmLevel, CallState, Direction, DutyState, EndedBy, TargetKind
from tests.domain.world import NODE, World

TEST = "t1"


def _came(world: World) -> tuple[e.Happened, ...]:
    came = c.CallCame(
        call=TEST, node=NODE, at=world.now, dialled="115", services=("ambulance",), carrier="viettel", test=True
    )
    return world.switch(came)


def test_it_opens_no_incident_and_is_counted_nowhere(world: World) -> None:
    (arrived,) = _came(world)
    assert isinstance(arrived, e.CallArrived) and arrived.direction is Direction.TEST
    call = world.state.calls[TEST]
    assert not world.state.incidents and not call.incident and call.state is CallState.ARRIVING
    assert counts_of(world.state.site, call) == counts_of(world.state.site, None)
    assert pressure([call], world.now).arrivals == pressure([call], world.now).waiting == 0
    again = c.CallCame(
        call=TEST, node=NODE, at=world.now - 50, dialled="115", services=("ambulance",), carrier="viettel", test=True
    )
    assert len(world.switch(again)) == 1  # the switch's own word on when it came
    assert world.state.calls[TEST].direction is Direction.TEST and not world.state.incidents


def test_it_rings_is_answered_and_leaves_nothing_behind(world: World) -> None:
    _came(world)
    world.switch(c.CallQueuedAt(call=TEST, queue="q-ambulance", at=world.now, overflow=False))
    world.switch(c.CallRings(call=TEST, position="B02"))
    told = world.switch(c.CallTakenAt(call=TEST, position="B02", at=world.now + 1))
    assert [type(it) for it in told] == [e.CallAnswered]
    call = world.state.calls[TEST]
    assert call.position == "B02" and silent_since(call) == 0 and not must_be_recorded(call)
    told = world.switch(c.CallOver(call=TEST, at=world.now + 9_000, by=EndedBy.CALLER, cause=16))
    assert [type(it) for it in told] == [e.CallEnded]
    assert world.state.positions["B02"].duty.state is not DutyState.WRAP_UP
    assert not world.state.missed and not must_be_recorded(world.state.calls[TEST])


def test_one_that_nobody_answers_is_not_missed(world: World) -> None:
    _came(world)
    told = world.switch(c.CallOver(call=TEST, at=world.now + 30_000, by=EndedBy.US, cause=0))
    assert [type(it) for it in told] == [e.CallEnded] and not world.state.missed
    later = world.now + 40 * 60_000
    assert any(isinstance(it, c.ArchiveIncident) for it in due(world.state, later))


def test_it_is_not_handed_on_nor_prompted(world: World) -> None:
    _came(world)
    world.switch(c.CallTakenAt(call=TEST, position="B02", at=world.now))
    user = world.state.positions["B02"].user
    no = world.person_no(user, c.TransferCall(call=TEST, kind=TargetKind.SERVICE, target="police"))
    assert no == "our_own_call"
    assert world.person_no(user, c.PlayPrompt(call=TEST)) == "not_waiting"


def test_a_look_that_finds_it_first_knows_what_it_is(world: World) -> None:
    live = c.LiveCall(call=TEST, dialled="115", services=("ambulance",), queue="q-ambulance", test=True)
    world.switch(c.SwitchLooked(node=NODE, asked_at=world.now, calls=(live,)))
    assert world.state.calls[TEST].direction is Direction.TEST and not world.state.incidents
    assert shown_state(View.TELEPHONY, world.state).calls[TEST].dialled == "115"


def test_a_carrier_that_fills_up_is_told_before_it_is_full(world: World) -> None:
    def used(count: int, of: int = 30) -> list[str]:
        world.core(c.CarrierUsed(carrier="viettel", in_use=count, capacity=of))
        return sorted(world.state.alarms)

    assert world.core_no(c.CarrierUsed(carrier="viettel", in_use=23, capacity=30)) == "nothing_new"
    assert used(24) == ["trunk_busy:viettel"]
    assert world.state.alarms["trunk_busy:viettel"].level is AlarmLevel.HIGH
    assert world.core_no(c.CarrierUsed(carrier="viettel", in_use=21, capacity=30)) == "nothing_new"
    assert used(30) == ["trunk_busy:viettel", "trunk_full:viettel"]
    assert world.state.alarms["trunk_full:viettel"].level is AlarmLevel.CRITICAL
    assert world.core_no(c.CarrierUsed(carrier="viettel", in_use=28, capacity=30)) == "nothing_new"
    assert used(26) == ["trunk_busy:viettel"]
    assert used(20) == []
    assert used(30) == ["trunk_busy:viettel", "trunk_full:viettel"]
    assert used(0, 0) == []  # the site has it no more
