"""The one writer in everyday work, against a journal that does as it is told."""

from __future__ import annotations

import asyncio
import logging

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.events import NoteAdded
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import EndedBy, UnitStatus
from dispatch_core.ports import Deposed, Entry, Loaded, Outcome
from dispatch_core.runtime import candidate, sequencer
from dispatch_core.runtime.sequencer import Sequencer
from scripts.simulation.loop import SimulatedLoop
from tests.runtime.fakes import House
from tests.runtime.house_at_work import call_came, note, with_lan
from tests.runtime.running import Run

# --- order, groups, ids -----------------------------------------------------------------------------------------------


def test_many_commands_share_a_transaction(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        before = house.journal.begun
        outcomes = await asyncio.gather(*(house.person(note(f"dòng {number}")) for number in range(600)))
        assert all(outcome.refusal is None for outcome in outcomes)
        assert house.journal.begun - before == 3  # 256, 256, 88
        texts = [event.event.text for event in house.journal.events if isinstance(event.event, NoteAdded)]
        assert texts == [f"dòng {number}" for number in range(600)]
        house.check()

    simulated(work())


def test_what_comes_during_a_commit_is_the_next_group(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.gate = asyncio.Event()
        first = house.later(house.person(note("một")))
        await asyncio.sleep(0.01)
        others = [house.later(house.person(note(text))) for text in ("hai", "ba", "bốn")]
        await asyncio.sleep(0.01)
        assert not first.done() and len(house.heard) == len(house.journal.batches)
        house.journal.gate.set()
        await asyncio.gather(first, *others)
        assert [len(batch.entries) for batch in house.journal.batches[-2:]] == [1, 3]

    simulated(work())


def test_nobody_hears_before_the_commit(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        seq, heard = house.sequencer.state.seq, len(house.heard)
        house.journal.gate = asyncio.Event()
        reply = house.later(house.person(note()))
        await asyncio.sleep(5.0)
        assert not reply.done()
        assert house.sequencer.state.seq == seq
        assert len(house.heard) == heard
        house.journal.gate.set()
        outcome = await reply
        assert outcome.seq == seq + 1 == house.sequencer.state.seq
        assert house.heard[-1].after is house.sequencer.state

    simulated(work())


def test_an_id_takes_effect_once(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        ident = house.ids.new()
        together = await asyncio.gather(*(house.person(note(), ident=ident) for _ in range(5)))
        later = await house.person(note(), ident=ident)
        assert {outcome.seq for outcome in (*together, later)} == {together[0].seq}
        assert house.journal.committed.count(ident) == 1

    simulated(work())


def test_an_id_that_is_told_twice_takes_effect_once(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        ident = house.ids.new()
        for _ in range(3):
            house.fact(call_came("c9"), ident)
        await asyncio.sleep(0.1)
        house.fact(call_came("c10"), ident)
        await asyncio.sleep(0.1)
        assert house.journal.committed.count(ident) == 1
        assert "c10" not in house.sequencer.state.calls

    simulated(work())


def test_outcomes_from_before_the_start_are_known(loop: SimulatedLoop, simulated: Run) -> None:
    async def work() -> None:
        house = House(loop)
        old = Outcome(seq=17)
        house.sequencer = Sequencer(house.journal, house.clock, Loaded(epoch=2, state=State(), recent={"x": old}))
        assert await house.person(note(), ident="x") is old
        assert house.journal.begun == 0

    simulated(work())


def test_the_same_id_longer_ago_than_remembered(house: House, simulated: Run) -> None:
    """The database refuses the second one; its asker gets the first one's outcome, and nothing ends."""

    async def work() -> None:
        await with_lan(house)
        house.journal.forgotten["old"] = Outcome(seq=2)
        outcome, other = await asyncio.gather(house.person(note(), ident="old"), house.person(note("khác")))
        assert outcome == Outcome(seq=2)
        assert other.refusal is None
        house.check()

    simulated(work())


def test_outcomes_are_not_remembered_for_ever(
    house: House, simulated: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "OUTCOMES_REMEMBERED", 10)

    async def work() -> None:
        await with_lan(house)
        for number in range(30):
            await house.person(note(str(number)))
        assert len(house.sequencer._outcomes) == 10
        assert not house.sequencer._asking

    simulated(work())


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_refusals_of_people_are_the_audit(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        refused = await house.person(c.AddPosition(position="B09", label="", services=("police",)))
        assert refused.refusal is not None and refused.refusal.code == "not_allowed"
        entry: Entry = house.journal.batches[-1].entries[-1]
        assert entry.outcome == refused and entry.events == ()
        status = c.ReportStatus(unit="Z9", status=UnitStatus.EN_ROUTE)
        intake = await house.ask(ActorKind.INTAKE, "intake", status)
        assert intake.refusal is not None
        assert house.journal.batches[-1].entries[-1].outcome == intake

    simulated(work())


def test_a_stale_fact_is_not(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        before = house.journal.begun
        house.fact(c.CallOver(call="nobody", at=1, by=EndedBy.CALLER))
        await asyncio.sleep(0.1)
        assert house.journal.begun == before

    simulated(work())


def test_a_rule_that_breaks_refuses_its_own_command(
    house: House, simulated: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An order is delivered again at every start: were the process to end on it, it would end for ever."""
    decide = candidate.decide

    def broken(state: State, asked: c.Asked, now: int) -> object:
        if isinstance(asked.body, c.AddNote) and asked.body.text == "vỡ":
            raise KeyError("planted")
        return decide(state, asked, now)

    monkeypatch.setattr(candidate, "decide", broken)

    async def work() -> None:
        await with_lan(house)
        good, bad = await asyncio.gather(house.person(note("lành")), house.person(note("vỡ")))
        assert good.refusal is None
        assert bad.refusal is not None and bad.refusal.code == "malformed"
        house.check()

    with caplog.at_level(logging.ERROR):
        simulated(work())
    assert "planted" in caplog.text


# --- load and the end -------------------------------------------------------------------------------------------------


def test_people_are_refused_in_overload_and_facts_are_not(
    house: House, simulated: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "COMMANDS_WAITING", 10)

    async def work() -> None:
        await with_lan(house)
        house.journal.gate = asyncio.Event()
        replies = [house.later(house.person(note(str(number)))) for number in range(30)]
        await asyncio.sleep(0)
        for number in range(20):
            house.fact(call_came(f"f{number}"))
        await asyncio.sleep(0.1)
        refused = [reply.result() for reply in replies if reply.done()]
        assert len(refused) == 20
        assert {outcome.refusal.code for outcome in refused if outcome.refusal} == {"overloaded"}
        house.journal.gate.set()
        await asyncio.gather(*replies)
        await asyncio.sleep(0.1)
        assert len(house.sequencer.state.calls) == 21
        house.check()

    simulated(work())


@pytest.mark.parametrize("down", [True, False])
def test_more_facts_than_can_wait_end_the_process(
    house: House, simulated: Run, monkeypatch: pytest.MonkeyPatch, down: bool
) -> None:
    monkeypatch.setattr(sequencer, "FACTS_WAITING", 50)

    async def work() -> None:
        await with_lan(house)
        house.journal.down = down
        house.journal.gate = None if down else asyncio.Event()
        for number in range(100):
            house.fact(call_came(f"f{number}"))
            await asyncio.sleep(0.01)
        if house.journal.gate is not None:
            house.journal.gate.set()
        await asyncio.sleep(5.0)
        assert house.running is not None
        with pytest.raises(OverflowError):
            house.running.result()

    simulated(work())


def test_a_deposed_core_ends_and_tells_nobody(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        heard, seq = len(house.heard), house.sequencer.state.seq
        house.journal.next_appends.append(Deposed(1, 2))
        reply = house.later(house.person(note()))
        await asyncio.sleep(1.0)
        assert house.running is not None
        with pytest.raises(Deposed):
            house.running.result()
        assert not reply.done() and len(house.heard) == heard and house.sequencer.state.seq == seq
        reply.cancel()

    simulated(work())


def test_an_asker_who_goes_away_changes_nothing(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.gate = asyncio.Event()
        reply = house.later(house.person(note("đi"), ident="x"))
        await asyncio.sleep(0.01)
        reply.cancel()
        house.journal.gate.set()
        await asyncio.sleep(0.1)
        assert (await house.person(note("đi"), ident="x")).refusal is None
        assert house.journal.committed.count("x") == 1
        house.check()

    simulated(work())


def test_an_asker_who_goes_away_does_not_take_the_others_answer_along(house: House, simulated: Run) -> None:
    async def work() -> None:
        await with_lan(house)
        house.journal.gate = asyncio.Event()
        first, second = (house.later(house.person(note(), ident="x")) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        house.journal.gate.set()
        assert (await second).refusal is None
        assert first.cancelled()

    simulated(work())
