"""The one writer when the journal refuses, is away, cannot tell, or another core has taken over."""

from __future__ import annotations

import asyncio

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.events import NoteAdded
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.ports import Outcome
from tests.runtime.fakes import DOWN, REJECTED, House, Lost
from tests.runtime.house_at_work import call_came, has_note, note, with_lan
from tests.runtime.running import Run

# --- the database says no ---------------------------------------------------------------------------------------------


def test_a_rejected_batch_is_decided_one_by_one(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.rejects = has_note("ba")
        texts = ["một", "hai", "ba", "bốn", "năm"]
        outcomes = await asyncio.gather(*(house.person(note(text)) for text in texts))
        codes = [outcome.refusal.code if outcome.refusal else "" for outcome in outcomes]
        assert codes == ["", "", "malformed", "", ""]
        kept = [event.event.text for event in house.journal.events if isinstance(event.event, NoteAdded)]
        assert kept == ["một", "hai", "bốn", "năm"]
        house.check()
        house.journal.rejects = lambda batch: False
        await asyncio.gather(*(house.person(note("sau")) for _ in range(4)))
        assert len(house.journal.batches[-1].entries) == 4  # together again

    simulated(work())


def test_facts_keep_their_order_when_the_journal_goes_away_among_single_ones(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.next_appends.extend((REJECTED, DOWN, DOWN))
        for number in range(4):
            house.fact(call_came(f"f{number}"))
        await asyncio.sleep(5.0)
        assert [ident for ident in house.sequencer.state.calls if ident != "c1"] == ["f0", "f1", "f2", "f3"]
        house.check()

    simulated(work())


def test_the_journal_goes_away_while_a_rejection_is_looked_up(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.rejects = has_note("xấu")
        house.journal.gate = asyncio.Event()
        reply = house.later(house.person(note("xấu")))
        await asyncio.sleep(0.01)
        house.journal.gate.set()
        await asyncio.sleep(0.0005)
        looked = house.journal.outcomes

        async def away(ids: object) -> object:
            house.journal.outcomes = looked  # type: ignore[method-assign]
            raise DOWN

        house.journal.outcomes = away  # type: ignore[assignment, method-assign]
        outcome = await reply
        assert outcome.refusal is not None and outcome.refusal.code == "read_only"
        await asyncio.sleep(3.0)
        assert not house.sequencer.read_only
        house.check()

    simulated(work())


def test_a_command_in_the_journal_that_the_state_lacks_ends_the_process(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.forgotten["x"] = Outcome(seq=10_000)
        house.later(house.person(note(), ident="x"))
        await asyncio.sleep(0.1)
        assert house.running is not None
        with pytest.raises(RuntimeError, match="start again"):
            house.running.result()

    simulated(work())


# --- the journal is away ----------------------------------------------------------------------------------------------


def test_people_are_refused_and_facts_are_held_in_order(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.down = True
        for number in range(3):
            house.fact(call_came(f"f{number}"))
        waiting = house.later(house.person(note()))
        outcome = await waiting
        assert outcome.refusal is not None and outcome.refusal.code == "read_only"
        assert house.sequencer.read_only
        at_once = await house.person(note())
        assert at_once.refusal is not None and at_once.refusal.code == "read_only"
        for number in range(3, 6):
            house.fact(call_came(f"f{number}"))
        await asyncio.sleep(30.0)
        house.journal.down = False
        await asyncio.sleep(3.0)
        assert not house.sequencer.read_only
        calls = [ident for ident in house.sequencer.state.calls if ident != "c1"]
        assert calls == [f"f{number}" for number in range(6)]
        assert len(house.journal.committed) == len(set(house.journal.committed))
        again = await house.person(note())
        assert again.refusal is None
        house.check()

    simulated(work())


def test_what_a_person_was_told_stays_true_and_another_system_tries_again(house: House, simulated: Run) -> None:
    """An order may be delivered again after "not taken" was said; the intake repeats its report with its own id."""

    async def work() -> None:
        await with_lan(house)
        ident = house.ids.new()
        house.journal.next_appends.append(DOWN)
        first = await house.person(note(), ident=ident)
        assert first.refusal is not None and first.refusal.code == "read_only"
        await asyncio.sleep(3.0)
        assert await house.person(note(), ident=ident) == first
        assert (await house.person(note())).refusal is None
        report = c.ReportStatus(unit="A1", status=UnitStatus.OUT_OF_SERVICE)
        house.journal.next_appends.append(DOWN)
        away = await house.ask(ActorKind.INTAKE, "intake", report, "intake-7")
        assert away.refusal is not None and away.refusal.code == "read_only"
        await asyncio.sleep(3.0)
        assert (await house.ask(ActorKind.INTAKE, "intake", report, "intake-7")).refusal is None
        house.check()

    simulated(work())


def test_the_board_leaves_read_only_by_itself(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.down = True
        await house.person(note())
        await asyncio.sleep(10.0)
        assert house.sequencer.read_only
        house.journal.down = False
        await asyncio.sleep(2.5)
        assert not house.sequencer.read_only

    simulated(work())


def test_retries_are_spaced(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.down = True
        house.fact(call_came("f"))
        before = house.journal.begun
        await asyncio.sleep(60.0)
        assert 25 < house.journal.begun - before < 45

    simulated(work())


# --- a COMMIT whose outcome is unknown --------------------------------------------------------------------------------


@pytest.mark.parametrize("done", [True, False])
def test_an_unknown_commit_is_settled_by_its_ids(house: House, simulated: Run, done: bool) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.next_appends.append(Lost(done))
        idents = [house.ids.new() for _ in range(3)]
        outcomes = await asyncio.gather(*(house.person(note(ident), ident=ident) for ident in idents))
        assert all(outcome.refusal is None for outcome in outcomes)
        assert house.journal.asked_outcomes[-1] == tuple(idents)
        assert [house.journal.committed.count(ident) for ident in idents] == [1, 1, 1]
        assert not house.sequencer.read_only
        house.check()

    simulated(work())


@pytest.mark.parametrize("done", [True, False])
def test_the_look_waits_for_the_journal(house: House, simulated: Run, done: bool) -> None:
    """Who asked waits too: neither yes nor no would be true."""

    async def work() -> None:
        await with_lan(house)
        house.journal.next_appends.append(Lost(done))
        reply = house.later(house.person(note(), ident="x"))
        await asyncio.sleep(0.0015)
        house.journal.down = True
        await asyncio.sleep(20.0)
        assert not reply.done()
        again = house.later(house.person(note(), ident="x"))
        other = await house.person(note("khác"))
        assert other.refusal is not None and other.refusal.code == "read_only"
        house.journal.down = False
        assert (await reply).refusal is None
        assert await again == await reply
        assert house.journal.committed.count("x") == 1
        house.check()

    simulated(work())
