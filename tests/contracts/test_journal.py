"""What every ``ports.Journal`` promises: the one in PostgreSQL, and the one in memory that simulations use."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.events import CallLocated, UnitAssigned
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Location, LocationSource
from dispatch_core.ports import CommitUnknown, Deposed, EntryRejected, Journal, JournalDown, Loaded
from tests.contracts.night import CORE, LAN, CountedIds, Night, made_up
from tests.contracts.stores import InMemory, InPostgres, Scene, Store, played


@pytest.fixture(params=["memory", "postgres"])
def play(request: pytest.FixtureRequest) -> Callable[[Scene], None]:
    if request.param == "memory":
        return lambda scene: played(InMemory, scene)
    dsn = request.getfixturevalue("fresh_database")
    return lambda scene: played(lambda: InPostgres(dsn), scene)


Play = Callable[[Scene], None]


async def led(store: Store) -> tuple[Journal, Loaded]:
    journal = store.journal()
    return journal, await journal.open()


async def loaded_again(store: Store, journal: Journal) -> Loaded:
    """What the next leader finds."""
    await journal.close()
    _, loaded = await led(store)
    return loaded


def test_the_first_leader_finds_nothing(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        assert (loaded.epoch, loaded.state, loaded.recent) == (1, State(), {})
        assert await journal.story(0, 100) == []
        assert (await loaded_again(store, journal)).epoch == 2

    play(scene)


def test_what_was_appended_is_there_for_the_next_leader(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        outcomes = {}
        for _ in range(3):
            night.busy(4)
            batch = night.batch(loaded.epoch)
            await journal.append(batch)
            outcomes.update({entry.asked.id: entry.outcome for entry in batch.entries})
        again = await loaded_again(store, journal)
        assert again.state == night.state
        assert checksum(again.state) == checksum(night.state)
        assert list(again.recent.items()) == list(outcomes.items()), "the same outcomes, oldest first"
        assert any(outcome.refusal is not None for outcome in again.recent.values())

    play(scene)


def test_a_state_may_be_kept_to_start_from(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        kept = []
        assert await journal.newest_snapshot() == 0
        for _ in range(5):
            night.busy(2)
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)
            kept.append(night.state.seq)
        assert store.snapshots() == kept[-3:] and await journal.newest_snapshot() == kept[-1]
        night.busy(2)
        await journal.append(night.batch(loaded.epoch))
        again = await loaded_again(store, journal)
        assert checksum(again.state) == checksum(night.state)
        assert again.state == night.state

    play(scene)


def test_the_story_comes_in_order_with_its_personal_fields(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        night.dispatched("A1")
        batch = night.batch(loaded.epoch)
        told = [recorded for entry in batch.entries for recorded in entry.events]
        await journal.append(batch)
        assert list(await journal.story(0, batch.after.seq)) == told
        assert list(await journal.story(3, 7)) == told[3:7]
        assert list(await journal.story(batch.after.seq, batch.after.seq + 10)) == []
        assert "0903123456" in str(told)

    play(scene)


def test_refusals_are_outcomes_too(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        refused = night.ask(LAN, c.CloseIncident(incident="none", disposition="done"))
        await journal.append(night.batch(loaded.epoch))
        found = await journal.outcomes([refused.asked.id, "never asked"])
        assert dict(found) == {refused.asked.id: refused.outcome}
        assert refused.outcome.refusal is not None

    play(scene)


def test_a_batch_of_refusals_alone_is_kept(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night()
        refused = night.ask(LAN, c.LeavePosition())
        await journal.append(night.batch(loaded.epoch))
        assert list(await journal.outcomes([refused.asked.id])) == [refused.asked.id]

    play(scene)


@pytest.mark.parametrize("name", ["a\0b", "\0", "n" * 60_000], ids=["NUL inside", "NUL alone", "a page"])
def test_a_refused_command_may_name_anything(play: Play, name: str) -> None:
    """What a forged order names is nobody's incident; were the journal to break on it, it would break at every start,
    for an order without an answer is delivered again."""

    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        orders = (c.AddNote(incident=name, text="x"), c.AnswerCall(call=name))
        refused = [night.ask(LAN, order) for order in orders]
        await journal.append(night.batch(loaded.epoch))
        found = await journal.outcomes([entry.asked.id for entry in refused])
        assert dict(found) == {entry.asked.id: entry.outcome for entry in refused}

    play(scene)


def test_one_leader_at_a_time(play: Play) -> None:
    async def scene(store: Store) -> None:
        first, _ = await led(store)
        second = store.journal()
        waiting = asyncio.ensure_future(second.open())
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await first.close()
        assert (await waiting).epoch == 2

    play(scene)


def test_a_deposed_core_writes_nothing(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        await journal.append(night.batch(loaded.epoch))
        night.call()
        stale = night.batch(loaded.epoch - 1)
        with pytest.raises(Deposed) as refused:
            await journal.append(stale)
        assert refused.value.code == "deposed"
        with pytest.raises(Deposed):
            await journal.keep_snapshot(loaded.epoch - 1, night.state)
        assert store.snapshots() == []
        assert (await journal.outcomes([stale.entries[0].asked.id])) == {}
        again = await loaded_again(store, journal)
        assert again.state.seq == stale.after.seq - 2

    play(scene)


def test_a_command_takes_effect_once(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        await journal.append(night.batch(loaded.epoch))
        before = night.state
        night.must(LAN, c.LeavePosition(), ident="once")
        await journal.append(night.batch(loaded.epoch))
        twice = Night(night.state, night.ids)
        twice.call()
        twice.must(LAN, c.TakePosition(position="B01"), ident="once")
        with pytest.raises(EntryRejected):
            await journal.append(twice.batch(loaded.epoch))
        again = await loaded_again(store, journal)
        assert again.state.seq == before.seq + 1, "nothing of the rejected batch was written"

    play(scene)


def test_events_follow_each_other_without_a_gap(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        night.batch(loaded.epoch)  # decided, and never appended
        night.call()
        with pytest.raises(EntryRejected):
            await journal.append(night.batch(loaded.epoch))

    play(scene)


def test_a_unit_has_one_live_assignment(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        _, first = night.dispatched("A1")
        _, second = night.dispatched("A2")
        await journal.append(night.batch(loaded.epoch))
        ids = CountedIds()
        twice = UnitAssigned(incident=second, service="ambulance", unit="A1")
        with pytest.raises(EntryRejected):
            await journal.append(made_up(night.state, loaded.epoch, [twice], ids))
        free = UnitAssigned(incident=second, service="ambulance", unit="A3")
        with pytest.raises(EntryRejected):
            await journal.append(made_up(night.state, loaded.epoch, [free, free], ids))
        night.must(LAN, c.ReleaseUnit(unit="A1"))
        night.must(LAN, c.AssignUnits(incident=second, units=("A1",)))
        night.must(LAN, c.ReleaseUnit(unit="A1"))
        night.must(LAN, c.AssignUnits(incident=first, units=("A1",)))
        await journal.append(night.batch(loaded.epoch))
        assert (await loaded_again(store, journal)).state == night.state

    play(scene)


@pytest.mark.parametrize(
    "place",
    [
        Location(label="ngã tư", source=LocationSource.PIDF_LO, lat=10.7, lon=106.6, uncertainty_m=math.nan),
        Location(label="ngã tư", source=LocationSource.PIDF_LO, lat=math.inf, lon=106.6),
        Location(label="half a \ud83d letter", source=LocationSource.SPOKEN),
    ],
    ids=["not a number", "infinite", "not unicode"],
)
def test_what_cannot_be_read_back_is_not_written(play: Play, place: Location) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        call, _ = night.call()
        await journal.append(night.batch(loaded.epoch))
        with pytest.raises(EntryRejected):
            located = CallLocated(call=call, location=place)
            await journal.append(made_up(night.state, loaded.epoch, [located], night.ids))
        night.call()
        await journal.append(night.batch(loaded.epoch))
        assert (await loaded_again(store, journal)).state == night.state

    play(scene)


def test_text_from_outside_is_kept_as_it_came(play: Play) -> None:
    """A caller's name may hold anything that is Unicode; it must never stop the journal."""

    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        hostile = ("a\0b", "'; DROP TABLE journal; --", "%s %(x)s {0} \\u0000", "Nguyễn \u202e 🚑", "=1+1", "x" * 9_000)
        for name in hostile:
            night.call(name=name)
        await journal.append(night.batch(loaded.epoch))
        assert (await loaded_again(store, journal)).state == night.state

    play(scene)


def test_a_commit_that_was_lost_is_found_missing(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        await journal.append(night.batch(loaded.epoch))
        entry = night.must(CORE, c.SignOut(user="hung"))
        batch = night.batch(loaded.epoch)
        store.lose_commit()
        with pytest.raises(CommitUnknown):
            await journal.append(batch)
        assert (await journal.outcomes([entry.asked.id])) == {}
        await journal.append(batch)
        assert (await loaded_again(store, journal)).state == night.state

    play(scene)


def test_a_commit_whose_answer_was_lost_is_found_there(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        batch = night.batch(loaded.epoch)
        store.cut_commit()
        with pytest.raises(CommitUnknown):
            await journal.append(batch)
        found = await journal.outcomes([entry.asked.id for entry in batch.entries])
        assert dict(found) == {entry.asked.id: entry.outcome for entry in batch.entries}
        call, incident = night.dispatched("A1")
        night.finish(call, incident)
        await journal.append(night.batch(loaded.epoch))
        assert (await loaded_again(store, journal)).state == night.state

    play(scene)


def test_it_says_that_it_is_down_and_comes_back_by_itself(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        await journal.append(night.batch(loaded.epoch))
        night.call()
        batch = night.batch(loaded.epoch)
        store.down()
        with pytest.raises(JournalDown):
            await journal.append(batch)
        for question in (journal.outcomes(["x"]), journal.story(0, 1), journal.keep_snapshot(loaded.epoch, State())):
            with pytest.raises(JournalDown):
                await question
        other = store.journal()
        with pytest.raises(JournalDown):
            await other.open()
        store.up()
        await journal.append(batch)
        assert len(await journal.story(0, batch.after.seq)) == batch.after.seq

    play(scene)


def test_an_opening_that_failed_may_be_tried_again(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal = store.journal()
        store.down()
        with pytest.raises(JournalDown):
            await journal.open()
        store.up()
        assert (await journal.open()).epoch == 1

    play(scene)


def test_a_snapshot_ahead_of_the_journal_is_a_bug(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        with pytest.raises(ValueError, match="ends at 0"):
            await journal.keep_snapshot(loaded.epoch, State(seq=7))
        assert store.snapshots() == []

    play(scene)


def test_a_state_that_is_not_after_its_events_is_a_bug(play: Play) -> None:
    async def scene(store: Store) -> None:
        journal, loaded = await led(store)
        night = Night().begin()
        batch = night.batch(loaded.epoch)
        night.call()
        wrong = type(batch)(epoch=batch.epoch, entries=batch.entries, after=night.state)
        with pytest.raises(ValueError, match="its last event"):
            await journal.append(wrong)
        await journal.append(batch)

    play(scene)
