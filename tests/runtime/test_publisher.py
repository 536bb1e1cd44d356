"""What consoles are told in everyday work: only what is committed, in order, in both views."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from dispatch_core.domain.canonical import checksum, decode_state
from dispatch_core.domain.state import EVOLVE_VERSION
from dispatch_core.domain.views import View, shown_state
from dispatch_core.wire import names
from tests.runtime.publishing import Publishing
from tests.runtime.running import Run


def test_a_console_shows_what_the_core_has(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        for number in range(5):
            await told.call(f"c{number}")
        await asyncio.sleep(6.0)
        for view in View:
            replica = told.replica(view)
            assert replica.in_step and replica.seq == told.house.sequencer.state.seq
            assert replica.state == shown_state(view, told.house.sequencer.state)
        assert "0901" in str(told.replica(View.OPERATIONS).state.calls)
        assert "0901" not in str(told.replica(View.TELEPHONY).state)
        assert "digest" not in str(told.replica(View.OPERATIONS).state)

    simulated(work())


def test_only_after_the_commit(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        before = told.entries()
        told.house.journal.gate = asyncio.Event()
        await told.call("c1")
        await asyncio.sleep(3.0)
        assert told.entries() == before
        told.house.journal.gate.set()
        await asyncio.sleep(0.1)
        assert len(told.entries()) == len(before) + 2

    simulated(work())


def test_both_views_have_every_number(told: Publishing, simulated: Run) -> None:
    """What a view does not show is there with nothing in it, so that no number is missing."""

    async def work() -> None:
        await told.begin()
        await told.call("c1")
        ops, tel = (told.redis.stream(names.stream(view)) for view in View)
        assert ops is not None and tel is not None
        assert list(ops.entries) == list(tel.entries)
        newest = told.house.sequencer.state.seq
        assert ops.entries[1, newest][names.EVENT_FIELD] != b""  # IncidentReceived
        assert tel.entries[1, newest][names.EVENT_FIELD] == b""

    simulated(work())


def test_pulses_carry_a_checksum_now_and_then(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        await told.call("c1")
        await asyncio.sleep(20.0)
        for view in View:
            beats = told.beats(view)
            with_one = [beat for beat in beats if beat.checksum]
            assert 38 <= len(beats) <= 44 and 4 <= len(with_one) <= 5
            assert {beat.evolve for beat in beats} == {EVOLVE_VERSION}
            newest = with_one[-1]
            assert newest.seq == told.house.sequencer.state.seq
            assert newest.checksum == checksum(shown_state(view, told.house.sequencer.state))
            assert all(later.at > earlier.at for earlier, later in zip(beats, beats[1:], strict=False))

    simulated(work())


def test_a_changed_field_changes_the_checksum(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        await told.call("c1")
        replica = told.replica()
        good = replica.checksum()
        other = replace(replica.state.calls["c1"], number="0902")
        assert checksum(replace(replica.state, calls={"c1": other})) != good

    simulated(work())


def test_snapshots_follow_changes(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        first = told.snapshot()
        await asyncio.sleep(12.0)
        assert told.snapshot() == first  # nothing new, nothing written
        await told.call("c1")
        await asyncio.sleep(6.0)
        newest = told.snapshot()
        assert newest.seq == told.house.sequencer.state.seq > first.seq
        assert decode_state(newest.state) == shown_state(View.OPERATIONS, told.house.sequencer.state)

    simulated(work())


def test_read_only_is_in_the_pulse(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        told.house.journal.down = True
        await told.call("c1")
        await asyncio.sleep(1.0)
        assert told.beats()[-1].read_only
        told.house.journal.down = False
        await asyncio.sleep(4.0)
        assert not told.beats()[-1].read_only

    simulated(work())
