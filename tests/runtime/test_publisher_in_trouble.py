"""What consoles are told after any trouble: what was missed, or a new generation; by the core that leads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import State
from dispatch_core.domain.views import View, shown_state
from dispatch_core.ports import Deposed, StreamEntry
from dispatch_core.runtime import publisher as publishing
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import encode
from scripts.simulation.redis_streams import parse
from tests.runtime.publishing import Publishing
from tests.runtime.running import Run

# --- trouble ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["down", "silent"])
def test_what_was_missed_is_sent_from_the_journal(told: Publishing, simulated: Run, trouble: str) -> None:
    async def work() -> None:
        await told.begin()
        generation = told.publisher.generation
        setattr(told.troubles, trouble, True)
        for number in range(5):
            await told.call(f"c{number}")
        await asyncio.sleep(8.0)
        assert told.publisher.behind == 10
        setattr(told.troubles, trouble, False)
        await asyncio.sleep(5.0)
        assert told.publisher.behind == 0
        assert told.publisher.generation == generation
        seqs = [seq for _, seq in told.entries()]
        assert seqs == list(range(seqs[0], told.house.sequencer.state.seq + 1))
        assert told.replica().in_step

    simulated(work())


def test_an_answer_that_is_lost_sends_nothing_twice(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        told.troubles.answers_lost = 0.3
        for number in range(40):
            await told.call(f"c{number}")
        told.troubles.answers_lost = 0.0
        await asyncio.sleep(5.0)
        seqs = [seq for _, seq in told.entries()]
        assert seqs == list(range(seqs[0], told.house.sequencer.state.seq + 1))

    simulated(work())


def test_a_new_core_goes_on_where_the_streams_stand(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        await told.call("c1")
        assert told.running is not None
        told.running.cancel()
        generation = told.publisher.generation
        await told.call("c2")  # committed, and never published by the first
        second = told.another(epoch=2)
        told.house.sequencer.on_commit(second.heard)
        running = asyncio.ensure_future(second.run())
        await asyncio.sleep(0.5)
        await told.call("c3")
        assert second.generation == generation
        newest = told.house.sequencer.state.seq
        assert told.entries()[-4:] == [(2, newest - 3), (2, newest - 2), (2, newest - 1), (2, newest)]
        assert told.replica().state == shown_state(View.OPERATIONS, told.house.sequencer.state)
        running.cancel()

    simulated(work())


def flushed(told: Publishing) -> None:
    told.redis.flush()


def restarted(told: Publishing) -> None:
    told.redis.restart()


def one_stream_gone(told: Publishing) -> None:
    told.redis.delete(names.GENERATION_KEY, names.stream(View.TELEPHONY))


def foreign(told: Publishing) -> None:
    told.redis.set(names.GENERATION_KEY, "somebody else's")


def ahead(told: Publishing) -> None:
    """Of another database: numbers that this journal does not have."""
    told.redis.xadd(names.stream(View.OPERATIONS), {names.EVENT_FIELD: b""}, id="1-999")


def not_ours(told: Publishing) -> None:
    told.redis.xadd(names.stream(View.OPERATIONS), {names.EVENT_FIELD: b""}, id="1795000000000-0")


def of_another_kind(told: Publishing) -> None:
    told.redis.set(names.stream(View.OPERATIONS), b"text")


@pytest.mark.parametrize(
    "harm", [flushed, restarted, one_stream_gone, foreign, ahead, not_ours, of_another_kind], ids=lambda it: it.__name__
)
def test_streams_that_cannot_be_trusted_begin_anew(
    told: Publishing, simulated: Run, harm: Callable[[Publishing], None]
) -> None:
    async def work() -> None:
        await told.begin()
        await told.call("c1")
        generation = told.publisher.generation
        harm(told)
        await told.call("c2")
        await asyncio.sleep(3.0)
        assert told.publisher.generation != generation
        assert told.snapshot().generation == told.publisher.generation == told.beats()[-1].generation
        assert told.redis.get(names.GENERATION_KEY) == told.publisher.generation.encode()
        await told.call("c3")
        for view in View:
            assert told.replica(view).state == shown_state(view, told.house.sequencer.state)

    simulated(work())


def test_a_new_generation_begins_with_the_newest_event_itself(told: Publishing, simulated: Run) -> None:
    """A console that is one event behind and has not yet heard of the new generation takes it for what it is."""

    async def work() -> None:
        await told.begin()
        await told.call("c1")
        replica = told.replica()
        told.troubles.down = True
        await told.call("c2")
        told.redis.flush()
        told.troubles.down = False
        await asyncio.sleep(3.0)
        for recorded in told.house.journal.events[replica.seq : -1]:
            replica.take_event(recorded.seq, encode(recorded))
        stream = told.redis.stream(names.stream(View.OPERATIONS))
        assert stream is not None
        ((_, seq), fields), *_ = stream.entries.items()
        replica.take_event(seq, fields[names.EVENT_FIELD])
        assert replica.in_step
        assert replica.state == shown_state(View.OPERATIONS, told.house.sequencer.state)

    simulated(work())


def test_a_core_that_may_be_deposed_begins_no_generation(told: Publishing, simulated: Run) -> None:
    """Redis was emptied and has forgotten which core leads, and the journal cannot tell: better stale than old."""

    async def work() -> None:
        await told.begin()
        told.house.journal.down = True
        await told.call("c1")
        told.redis.flush()
        await asyncio.sleep(5.0)
        assert told.redis.get(names.GENERATION_KEY) is None
        assert told.redis.get(names.snapshot(View.OPERATIONS)) is None
        told.house.journal.down = False
        await asyncio.sleep(5.0)
        assert told.replica().state == shown_state(View.OPERATIONS, told.house.sequencer.state)

    simulated(work())


def test_a_restored_database_behind_the_streams_begins_anew(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        for number in range(3):
            await told.call(f"c{number}")
        assert told.running is not None
        told.running.cancel()
        shorter = fold(State(), told.house.journal.events[:-2])
        restored = told.another(epoch=2, state=lambda: shorter)
        running = asyncio.ensure_future(restored.run())
        await asyncio.sleep(0.5)
        assert told.entries() == [(2, shorter.seq)]
        assert told.replica().state == shown_state(View.OPERATIONS, shorter)
        running.cancel()

    simulated(work())


def test_too_far_behind_begins_anew(told: Publishing, simulated: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "STREAM_LENGTH", 8)

    async def work() -> None:
        await told.begin()
        generation = told.publisher.generation
        told.troubles.down = True
        for number in range(10):
            await told.call(f"c{number}")
        told.troubles.down = False
        await asyncio.sleep(3.0)
        assert told.publisher.generation != generation
        assert told.replica().state == shown_state(View.OPERATIONS, told.house.sequencer.state)

    simulated(work())


# --- a deposed core ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["beating", "finding its place", "after a flush"])
def test_a_deposed_core_shows_nobody_its_old_state(told: Publishing, simulated: Run, moment: str) -> None:
    async def work() -> None:
        await told.begin()
        await told.call("c1")
        old_state = told.house.sequencer.state
        old = told.another(epoch=1, state=lambda: old_state)
        assert told.running is not None
        told.running.cancel()
        new = told.another(epoch=2)
        told.house.sequencer.on_commit(new.heard)
        running = asyncio.ensure_future(new.run())
        await asyncio.sleep(0.5)
        if moment == "beating":
            old._generation, old._shown = new.generation, old_state
            woken = old._work()
        else:
            await told.call("c2")
            woken = old.run()
        if moment == "after a flush":
            told.redis.flush()
            await asyncio.sleep(1.0)
        epochs = told.epochs_written()
        with pytest.raises(Deposed):
            await woken
        await told.call("c3")
        await asyncio.sleep(6.0)
        assert set(epochs) == {2}
        assert told.replica().state == shown_state(View.OPERATIONS, told.house.sequencer.state)
        running.cancel()

    simulated(work())


def test_a_late_event_of_a_deposed_core_is_refused(told: Publishing, simulated: Run) -> None:
    async def work() -> None:
        await told.begin()
        await told.broadcast.put(names.snapshot(View.OPERATIONS), 7, b"x")
        await told.broadcast.publish(names.stream(View.OPERATIONS), 7, [StreamEntry(50, b"")])
        with pytest.raises(Deposed):
            await told.broadcast.publish(names.stream(View.OPERATIONS), 1, [StreamEntry(51, b"")])
        assert parse(told.redis.xrevrange(names.stream(View.OPERATIONS), 1)[0][0]) == (7, 50)

    simulated(work())
