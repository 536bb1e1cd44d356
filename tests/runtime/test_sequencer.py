"""The one writer, against a journal that does as it is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.events import NoteAdded
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import EndedBy, Role, UnitStatus
from dispatch_core.ports import Batch, Deposed, Entry, Loaded, Outcome
from dispatch_core.runtime import candidate, sequencer
from dispatch_core.runtime.sequencer import Sequencer
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.runtime.conftest import Run
from tests.runtime.fakes import DOWN, REJECTED, House, Lost


@pytest.fixture
def house(loop: SimulatedLoop) -> House:
    return House(loop)


def call_came(call: str) -> Command:
    return c.CallCame(call=call, node=NODE, at=1, dialled="113", services=("police",))


def note(text: str = "cháy") -> Command:
    return c.AddNote(incident=INCIDENT, text=text)


INCIDENT = "20261123-00001"
"""The first one of a simulated night."""


async def with_lan(house: House) -> None:
    """Somebody signed in, a call and its incident."""
    await house.begin()
    await house.ask(ActorKind.CORE, "desk", c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="s"))
    house.fact(call_came("c1"))
    await asyncio.sleep(0.1)
    assert INCIDENT in house.sequencer.state.incidents


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


# --- the database says no ---------------------------------------------------------------------------------------------


def has_note(text: str) -> Callable[[Batch], bool]:
    def found(batch: Batch) -> bool:
        return any(isinstance(entry.asked.body, c.AddNote) and entry.asked.body.text == text for entry in batch.entries)

    return found


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
