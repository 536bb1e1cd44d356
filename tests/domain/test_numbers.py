"""The number of an incident is given once: over midnight, with clocks that go back, and beyond five digits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import decode_state, encode_state
from dispatch_core.domain.decide.instants import local_clock, next_incident
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.state import Site, State
from dispatch_core.domain.vocabulary import Instant
from tests.domain.examples import tries
from tests.domain.world import SITE, T0, World, came

HOUR: Instant = 3_600_000
MIDNIGHT = T0 + 12 * HOUR  # of the 24th at UTC+7


def numbers(world: World) -> list[str]:
    return list(world.state.incidents)


def test_the_day_begins_at_the_sites_midnight(world: World) -> None:
    world.now = MIDNIGHT - 1
    world.switch(came("c1"))
    world.switch(came("c2"))
    world.now = MIDNIGHT
    world.switch(came("c3"))
    assert numbers(world) == ["20261123-00001", "20261123-00002", "20261124-00001"]


def test_a_clock_that_goes_back_over_midnight_repeats_no_number(world: World) -> None:
    """Counting the 23rd from one again would write a new incident over a live one."""
    world.now = MIDNIGHT - HOUR
    world.switch(came("c1"))
    world.now = MIDNIGHT + 60_000
    world.switch(came("c2"))
    world.now = MIDNIGHT - HOUR + 60_000
    world.switch(came("c3"))
    world.now = MIDNIGHT + HOUR
    world.switch(came("c4"))
    assert numbers(world) == ["20261123-00001", "20261124-00001", "20261124-00002", "20261124-00003"]


def test_another_offset_repeats_no_number(world: World) -> None:
    world.now = MIDNIGHT + 60_000
    world.switch(came("c1"))
    west = replace(SITE, utc_offset_min=-300)
    positions = {ident: (seat.label, seat.services) for ident, seat in world.state.positions.items()}
    world.core(c.ConfigureSite(site=west, positions=positions))
    world.switch(came("c2"))
    assert numbers(world) == ["20261124-00001", "20261124-00002"]


def test_half_hours_and_the_west_have_days_too() -> None:
    for minutes, day in ((345, "20261123"), (-720, "20261122"), (720, "20261123")):
        state = State(site=Site(utc_offset_min=minutes))
        assert next_incident(state, T0)[0] == day, minutes
    assert local_clock(State(), T0) == "12:00:00"


@pytest.mark.parametrize(("count", "number"), [(99_999, "20261123-100000"), (2**31, "20261123-2147483649")])
def test_a_day_has_as_many_numbers_as_it_needs(count: int, number: str) -> None:
    state = State(day="20261123", day_count=count)
    assert next_incident(state, T0) == ("20261123", count + 1, number)


@pytest.mark.parametrize("seq", [2**31 - 2, 2**53 - 2, 2**63 - 4])
def test_sequence_numbers_have_64_bits(seq: int) -> None:
    """Journal, wire and checksum agree on them to the last one that the database holds."""
    world = World(State(seq=seq), T0)
    world.switch(came("c1"))
    assert world.state.seq == seq + 2
    assert decode_state(encode_state(world.state)) == world.state
    for recorded in world.story:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(recorded), type=Recorded) == recorded


@given(st.lists(st.integers(-40, 40), max_size=60))
@tries(60, 2_000)
def test_no_walk_of_the_clock_gives_a_number_twice(steps: list[int]) -> None:
    state, now, given_out = State(), T0, set()
    for step in steps:
        now += step * HOUR
        day, count, number = next_incident(state, now)
        assert number not in given_out
        given_out.add(number)
        state = replace(state, day=day, day_count=count)
