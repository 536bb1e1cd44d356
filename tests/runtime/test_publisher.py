"""What consoles are told: only what is committed, in order, from wherever the streams stand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from console_gui.replica import Replica
from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum, decode_state
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.domain.views import View, shown_state
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import Deposed, StreamEntry
from dispatch_core.runtime import publisher as publishing
from dispatch_core.runtime.doorbell import RedisBroadcast
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Beat, Snapshot, decode, encode
from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints
from scripts.simulation.redis_client import CoreClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.redis_streams import parse
from scripts.simulation.site import NODE
from tests.runtime.conftest import Run
from tests.runtime.fakes import House


class Publishing:
    """A house whose commits are published to a simulated Redis."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.redis = RedisServer(lambda: int(loop.time() * 1000))
        self.troubles = RedisTroubles()
        client = CoreClient(self.redis, self.troubles, loop, Chance(1, "redis"), CrashPoints())
        self.broadcast = RedisBroadcast(client)
        self.publisher = self.another(epoch=1)
        self.house.sequencer.on_commit(self.publisher.heard)
        self.running: asyncio.Task[None] | None = None

    def another(self, epoch: int, state: Callable[[], State] | None = None) -> Publisher:
        house = self.house
        return Publisher(
            self.broadcast, house.journal, house.clock, house.ids, epoch,
            state or (lambda: house.sequencer.state), lambda: house.sequencer.read_only,
        )  # fmt: skip

    async def begin(self) -> None:
        await self.house.begin()
        sign_in = c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="digest")
        await self.house.ask(ActorKind.CORE, "desk", sign_in)
        self.running = asyncio.ensure_future(self.publisher.run())
        await asyncio.sleep(0.5)

    async def call(self, ident: str) -> None:
        self.house.fact(c.CallCame(call=ident, node=NODE, at=1, dialled="113", services=("police",), number="0901"))
        await asyncio.sleep(0.05)

    def entries(self, view: View = View.OPERATIONS) -> list[tuple[int, int]]:
        stream = self.redis.stream(names.stream(view))
        return [] if stream is None else list(stream.entries)

    def beats(self, view: View = View.OPERATIONS) -> list[Beat]:
        stream = self.redis.stream(names.beat(view))
        return [] if stream is None else [decode(one[names.BODY_FIELD], Beat) for one in stream.entries.values()]

    def snapshot(self, view: View = View.OPERATIONS) -> Snapshot:
        return decode(self.redis.get(names.snapshot(view)) or b"", Snapshot)

    def epochs_written(self) -> list[int]:
        """From now on, whose pulses and snapshots reach Redis."""
        epochs: list[int] = []

        def written(command: str, key: str, value: Any) -> None:
            if key.endswith(":beat"):
                epochs.append(decode(value[1][names.BODY_FIELD], Beat).epoch)
            elif key.endswith(":snapshot"):
                epochs.append(decode(value, Snapshot).epoch)

        self.redis.watchers.append(written)
        return epochs

    def replica(self, view: View = View.OPERATIONS) -> Replica:
        """A console that comes now: snapshot, the events after it, then every pulse."""
        made = Replica()
        assert made.take_snapshot(self.redis.get(names.snapshot(view)) or b"")
        stream = self.redis.stream(names.stream(view))
        assert stream is not None
        for (_, seq), fields in stream.entries.items():
            made.take_event(seq, fields[names.EVENT_FIELD])
        for beat in stream and self.redis.stream(names.beat(view)).entries.values():  # type: ignore[union-attr]
            made.take_beat(beat[names.BODY_FIELD], 0.0)
        made.settle()
        return made


@pytest.fixture
def told(loop: SimulatedLoop) -> Publishing:
    return Publishing(loop)


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
