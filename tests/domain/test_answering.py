"""How soon callers are answered: counts that outlive the calls, whatever order the facts come in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.answering import (
    COUNTS,
    HOUR_MS,
    KEPT_MS,
    LATE_KEPT,
    added,
    counts_of,
    hour_began,
    late_of,
    line_counts,
    slot_began,
    this_hour,
    this_shift,
    total,
)
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.shifts import shift_began
from dispatch_core.domain.state import Answering, Call, Site, State
from dispatch_core.domain.vocabulary import Direction, EndedBy, RecommendRules
from tests.domain.examples import tries
from tests.domain.world import NODE, T0, World, staffed

MINUTE = 60_000


def counts(it: Answering) -> dict[str, int]:
    return {name: getattr(it, name) for name in COUNTS if getattr(it, name)}


def answered(world: World, ident: str, after_ms: int, service: str = "ambulance") -> None:
    world.call(ident, service)
    world.switch(c.CallTakenAt(call=ident, position="B02", at=world.now + after_ms))


def test_slots_end_with_each_hour_and_each_shift() -> None:
    site = Site(recommending=RecommendRules(shifts=(6 * 60 + 30, 18 * 60 + 30)))
    noon = T0  # 12:00 at the site
    assert hour_began(site, noon + 59 * MINUTE) == noon == slot_began(site, noon + 1)
    shift = noon - 5 * HOUR_MS - HOUR_MS // 2
    assert shift_began(site, noon) == shift
    assert slot_began(site, shift + 5 * MINUTE) == shift, "06:35: since the shift began, not since 06:00"
    assert slot_began(site, shift - 5 * MINUTE) == shift - HOUR_MS // 2


def test_answered_in_time_late_and_not_at_all() -> None:
    world = staffed()
    answered(world, "c1", 15_000)
    answered(world, "c2", 15_001)
    answered(world, "c3", 20_001, "police")
    world.call("c4", "fire")
    world.over("c4")
    world.call("c5")
    hour = this_hour(world.state, world.now)
    assert counts(hour) == {"answered": 3, "within_15": 1, "within_20": 2, "given_up": 1, "lines": 1}
    assert counts(this_hour(world.state, world.now, "police")) == {"answered": 1}
    late = world.state.late_calls
    assert {ident: (it.waited_ms, it.position) for ident, it in late.items()} == {
        "c2": (15_001, "B02"), "c3": (20_001, "B02"), "c4": (60_000, ""),
    }  # fmt: skip


def test_the_counts_outlive_the_calls_and_the_hour_goes_on() -> None:
    world = staffed()
    answered(world, "c1", 3_000)
    world.over("c1")
    incident = world.incident_of("c1").id
    world.person("lan", c.CloseIncident(incident=incident, disposition="resolved"))
    world.later(HOUR_MS)
    world.core(c.ArchiveIncident(incident=incident))
    assert not world.state.calls
    answered(world, "c2", 30_000)
    assert counts(this_hour(world.state, world.now)) == {"answered": 1}
    assert counts(this_shift(world.state, world.now)) == {"answered": 2, "within_15": 1, "within_20": 1}
    evening = world.now + 7 * HOUR_MS
    assert counts(this_shift(world.state, evening)) == {}, "another shift"


def test_a_line_of_missed_calls_and_that_its_caller_was_reached() -> None:
    world = staffed()
    world.call("c1")
    world.over("c1")
    world.later(2 * HOUR_MS)
    world.person("lan", c.CallBack(missed="c1", shown="115"))
    back = next(it for it in world.state.calls.values() if it.direction is Direction.OUTGOING)
    world.switch(c.CallBackStarted(call=back.id, node=NODE, at=world.now, number=back.number))
    world.switch(c.CallTakenAt(call=back.id, position="B02", at=world.now + 2_000))
    assert not world.state.missed
    shift = this_shift(world.state, world.now)
    assert (shift.lines, shift.reached, shift.answered) == (1, 1, 0), "what we dial is not answered"
    assert counts(this_hour(world.state, world.now)) == {}, "the line came in another hour"


def test_a_line_that_was_none_is_not_counted() -> None:
    world = staffed()
    world.call("c1")
    world.over("c1")
    assert this_hour(world.state, world.now).lines == 1
    world.switch(c.CallTakenAt(call="c1", position="B02", at=world.now + 4_000))
    hour = this_hour(world.state, world.now)
    assert counts(hour) == {"answered": 1, "within_15": 1, "within_20": 1}
    assert not world.state.late_calls


def test_old_slots_leave_and_what_is_older_or_in_the_future_is_not_counted() -> None:
    one = Answering(began=T0, service="fire", answered=1)
    slots = added({}, one, 1, T0)
    assert added(slots, None, 1, T0) is slots
    assert added(slots, replace(one, began=T0 + 2 * HOUR_MS), 1, T0) is slots
    assert added(slots, one, 1, T0 + KEPT_MS + 1) is slots
    assert added({}, one, -1, T0) == {}
    assert total(added(slots, one, -1, T0).values(), T0).answered == 0
    assert total(added(added(slots, one, -1, T0), one, -1, T0).values(), T0).answered == 0, "never below"
    later = added(slots, replace(one, began=T0 + 26 * HOUR_MS), 1, T0 + 26 * HOUR_MS)
    assert [it.began for it in later.values()] == [T0 + 26 * HOUR_MS]
    assert line_counts(Site(), (), T0, lines=1).service == ""


def test_a_call_without_a_time_or_not_from_outside_counts_nothing() -> None:
    for call in (None, Call(id="c", node="n", answered_at=5), Call(id="c", node="n", direction=Direction.OUTGOING)):
        assert counts_of(Site(), call) is None and late_of(call) is None
    assert counts_of(Site(), Call(id="c", node="n", arrived_at=T0)) is None, "it waits"


def test_the_newest_late_calls_are_kept() -> None:
    world = staffed()
    for number in range(LATE_KEPT + 5):
        world.later(1_000)
        world.call(f"c{number}", queued=False)
        world.over(f"c{number}")
    assert len(world.state.late_calls) == LATE_KEPT
    assert "c4" not in world.state.late_calls and "c5" in world.state.late_calls


facts = st.lists(
    st.tuples(st.sampled_from(["x", "y", "z"]), st.sampled_from(["arrived", "answered", "ended", "found"]),
              st.integers(0, 8).map(lambda step: T0 + step * 7_000)),
    max_size=14,
)  # fmt: skip


def happened(ident: str, what: str, at: int) -> e.Event:
    if what == "arrived":
        return e.CallArrived(
            call=ident, node="n", at=at, dialled="115", services=("ambulance",), direction=Direction.INCOMING
        )
    if what == "answered":
        return e.CallAnswered(call=ident, position="B01", at=at)
    if what == "ended":
        return e.CallEnded(call=ident, at=at, by=EndedBy.CALLER, cause=16)
    return e.CallFound(call=ident)


@tries(300, 3_000)
@given(facts)
def test_in_whatever_order_facts_come_the_counts_are_what_the_calls_add_up_to(told: list[tuple[str, str, int]]) -> None:
    state = State()
    for seq, (ident, what, at) in enumerate(told, 1):
        event = happened(ident, what, at)
        state = evolve(state, e.Recorded(seq=seq, at=T0 + 60_000, by="switch:n", command="c", event=event))
    fresh: dict[str, Answering] = {}
    for call in state.calls.values():
        fresh = added(fresh, counts_of(state.site, call), 1, T0 + 60_000)
    assert counts(total(state.answering.values(), 0)) == counts(total(fresh.values(), 0))
    assert set(state.late_calls) == {it.id for it in state.calls.values() if late_of(it) is not None}
