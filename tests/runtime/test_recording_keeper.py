"""Recordings are summed up once their call is over, and go when their time has come: never before, never when held."""

from __future__ import annotations

import asyncio

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import RecordingFaulty, RecordingKept, RecordingRemoved
from dispatch_core.domain.vocabulary import EndedBy, Role
from dispatch_core.runtime.recordings.keeper import DAY_MS, RecordingKeeper, next_night
from dispatch_core.settings import SUM_UNFINISHED_AFTER_S
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.contracts.memory_recordings import MemoryIndex, MemoryRecordings, header
from tests.runtime.fakes import House
from tests.runtime.running import Run

SOUND = b"\1\2" * 8_000 * 10


class Kept:
    """A house with a keeper, its files and what the store knows."""

    def __init__(self, loop: SimulatedLoop, keep_days: int = 10) -> None:
        self.house = House(loop)
        self.files, self.index = MemoryRecordings(), MemoryIndex()
        self.house.sequencer.on_commit(self.index.heard)
        self.keep_days = keep_days
        self.keeper = self.made()

    def made(self, recording: bool = True) -> RecordingKeeper:
        house = self.house
        return RecordingKeeper(
            self.files, self.index, house.sequencer.ask, lambda: house.sequencer.state, house.clock, house.ids,
            None, self.keep_days, recording,  # type: ignore[arg-type]
        )  # fmt: skip

    async def begin(self) -> None:
        await self.house.begin()
        self.house.sequencer.on_commit(lambda batch: self.keeper.heard(batch))
        self.running = asyncio.ensure_future(self.keeper.run())
        await self.house.ask(
            ActorKind.CORE, "desk", c.SignIn(user="hoa", name="Lê Thị Hoa", role=Role.SUPERVISOR, session="s")
        )

    async def call(self, ident: str, data: bytes | None, heard_ms: int = 10_000) -> None:
        """A call of 10 s with this file; it is over."""
        now = self.house.clock.now()
        came = c.CallCame(call=ident, node=NODE, at=now, dialled="113", services=("police",), number="0903")
        facts: list[c.Command] = [came, c.CallTakenAt(call=ident, position="B01", at=now + 10)]
        if data is not None:
            self.files.put(NODE, f"{ident}.wav", data)
            facts.append(c.RecordingRuns(call=ident, file=f"/rec/{ident}.wav"))
        facts += [
            c.SoundCounted(call=ident, heard_ms=heard_ms, played_ms=0),
            c.CallOver(call=ident, at=now + 10_000, by=EndedBy.CALLER, cause=16),
        ]
        for fact in facts:
            await self.house.ask(ActorKind.SWITCH, NODE, fact)

    def told(self, *kinds: type) -> list[object]:
        return [it.event for it in self.house.journal.events if isinstance(it.event, kinds)]

    @property
    def sums(self) -> list[object]:
        return self.told(RecordingKept, RecordingFaulty)


@pytest.fixture
def kept(loop: SimulatedLoop) -> Kept:
    return Kept(loop)


def test_a_recording_is_summed_soon_after_its_call(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        await asyncio.sleep(2.0)
        (one,) = kept.sums
        assert isinstance(one, RecordingKept) and one.files[0].ms == 10_000
        assert one.incident == kept.house.sequencer.state.calls["c1"].incident
        await asyncio.sleep(60.0)
        assert len(kept.sums) == 1

    simulated(work())


def test_it_waits_for_the_switch_to_close_the_file(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(0) + SOUND)
        await asyncio.sleep(3.0)
        assert kept.sums == []
        kept.files.put(NODE, "c1.wav", header(len(SOUND)) + SOUND)
        await asyncio.sleep(1.0)
        assert isinstance(kept.sums[0], RecordingKept)

    simulated(work())


def test_one_that_is_never_closed_is_called_unfinished(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(0) + SOUND)
        await asyncio.sleep(SUM_UNFINISHED_AFTER_S + 1.0)
        (one,) = kept.sums
        assert isinstance(one, RecordingFaulty) and one.faults == ("unfinished",)
        assert "recording_gap:c1" in kept.house.sequencer.state.alarms

    simulated(work())


def test_one_that_was_never_begun_and_one_that_is_short(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", None)
        await kept.call("c2", header(len(SOUND)) + SOUND, heard_ms=20_000)
        await kept.call("c3", b"no WAV at all")
        await asyncio.sleep(2.0)
        assert {it.call: it.faults for it in kept.sums} == {  # type: ignore[attr-defined]
            "c1": ("missing",), "c2": ("short",), "c3": ("unreadable",),
        }  # fmt: skip

    simulated(work())


def test_where_nothing_is_recorded_nothing_is_missed(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        kept.keeper = kept.made(recording=False)
        await kept.begin()
        await kept.call("c1", None)
        await asyncio.sleep(60.0)
        assert kept.sums == []

    simulated(work())


def test_after_a_restart_what_is_not_summed_yet_is(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        kept.running.cancel()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        kept.keeper = kept.made()
        asyncio.ensure_future(kept.keeper.run())
        await asyncio.sleep(2.0)
        assert len(kept.sums) == 1

    simulated(work())


def test_while_the_database_or_the_folder_is_away(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        kept.index.down = True
        await kept.call("c1", header(len(SOUND)) + SOUND)
        await asyncio.sleep(20.0)
        assert kept.sums == []
        kept.index.down = False
        kept.house.journal.down = True
        await asyncio.sleep(20.0)
        kept.house.journal.down = False
        await asyncio.sleep(10.0)
        assert len(kept.sums) == 1
        await kept.call("c2", header(len(SOUND)) + SOUND)
        kept.files.files.clear()
        await asyncio.sleep(20.0)
        assert len(kept.sums) == 1, "a folder that is away is no missing recording"

    simulated(work())


# --- what is past its time --------------------------------------------------------------------------------------------


async def pause(kept: Kept, seconds: float) -> None:
    """Time passes without a core; a new one starts after it."""
    await asyncio.sleep(3.0)
    kept.running.cancel()
    await asyncio.sleep(seconds)
    kept.keeper = kept.made()
    kept.running = asyncio.ensure_future(kept.keeper.run())


def test_at_night_what_is_past_its_time_goes(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        await pause(kept, 9 * 86_400)
        await kept.call("c2", header(len(SOUND)) + SOUND)
        now = kept.house.clock.now()
        night = next_night(now + 2 * DAY_MS, 420)
        await pause(kept, (night - now) / 1000 - 10.0)
        await asyncio.sleep(2.0)
        assert kept.told(RecordingRemoved) == []
        await asyncio.sleep(15.0)
        assert [it.call for it in kept.told(RecordingRemoved)] == ["c1"]  # type: ignore[attr-defined]
        assert list(kept.files.files) == [(NODE, "c2.wav")]

    simulated(work())


def test_a_hold_outlives_the_time(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        incident = kept.house.sequencer.state.calls["c1"].incident
        await kept.house.person(c.HoldRecording(incident=incident, reason="toà án"), user="hoa")
        await pause(kept, 30 * 86_400)
        kept.index.asked[1] = None
        await asyncio.sleep(5.0)
        assert kept.index.asked[1] == (0, 0) and kept.told(RecordingRemoved) == []
        assert (NODE, "c1.wav") in kept.files.files
        await kept.house.person(c.ReleaseHold(incident=incident, reason="xong"), user="hoa")
        kept.index.asked[2] = None
        await asyncio.sleep(5.0)
        assert kept.index.asked[2] == (1, 0) and not kept.files.files

    simulated(work())


def test_a_hold_that_comes_in_between_keeps_it(kept: Kept, simulated: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store was asked before the hold was placed: the domain has the last word."""

    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        await kept.house.person(c.HoldRecording(call="c1", reason="toà án"), user="hoa")
        await asyncio.sleep(3.0)
        rows = kept.index.of_call("c1")
        monkeypatch.setattr(kept.index, "past", lambda until, limit: rows)
        assert await kept.keeper.sweep() == (0, 1)
        assert (NODE, "c1.wav") in kept.files.files

    simulated(work())


def test_what_a_crash_left_is_deleted_and_what_is_out_of_reach_is_not(kept: Kept, simulated: Run) -> None:
    async def work() -> None:
        await kept.begin()
        await kept.call("c1", header(len(SOUND)) + SOUND)
        await asyncio.sleep(3.0)
        row = kept.index.of_call("c1")[0]
        await kept.house.ask(
            ActorKind.CORE, "recordings", c.RemoveRecording(call="c1", file="c1.wav", incident=row.incident)
        )
        kept.index.put("c2", "c2.wav", node="elsewhere", ended_at=1)
        assert await kept.keeper.sweep() == (0, 1)
        assert not kept.files.files
        kept.index.down = True
        with pytest.raises(DispatchError):
            await kept.keeper.sweep()

    simulated(work())


@pytest.mark.parametrize(("hour", "wait"), [(0, 3), (2, 1), (3, 24), (23, 4)])
def test_the_next_night_by_the_sites_clock(hour: int, wait: int) -> None:
    now = 20_000 * DAY_MS + hour * 3_600_000 - 420 * 60_000
    assert next_night(now, 420) == now + wait * 3_600_000
