"""A core that dies in the middle of a change: whatever the moment, everything is old or new, and history says which."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch_core.ports.trunk_history import DONE, OPEN
from dispatch_core.wire.trunk import ApplyWanted, SecretWanted
from tests.contracts.memory_node_agent import MemoryNodeAgent
from tests.runtime.running import Run
from tests.runtime.trunk_stage import SECOND, MadeTrunk, hurried

MOMENTS = [
    "write pbx1", "write pbx2", "reload pbx1", "reload pbx2", "log_since pbx1", "answers pbx2", "settle pbx1",
    "settle pbx2",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


class Death:
    """Cancels the job as the core's death would: before what is named is done, or right after."""

    def __init__(self, trunk: MadeTrunk, moment: str, after: bool) -> None:
        self.trunk, self.after, self.came = trunk, after, asyncio.Event()
        what, _, node = moment.partition(" ")
        holder: object = trunk.agents[node]
        name = what
        if what in ("reload", "answers"):
            holder, name = trunk.boards[node], {"reload": "reload", "answers": "carrier_answers"}[what]
        self.holder, self.name, self.real = holder, name, getattr(holder, name)
        setattr(holder, name, self.at)

    async def at(self, *given: object, **named: object) -> object:
        done = await self.real(*given, **named) if self.after else None
        self.came.set()
        await asyncio.Event().wait()
        return done

    def over(self) -> None:
        setattr(self.holder, self.name, self.real)


async def died(trunk: MadeTrunk, moment: str, after: bool, begin: Callable[[], object]) -> None:
    death = Death(trunk, moment, after)
    await begin()  # type: ignore[misc]
    async with asyncio.timeout(10):
        await death.came.wait()
    await trunk.keeper._jobs.end()
    death.over()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_it_dies_everything_is_old_or_new(run: Run, tmp_path: Path, moment: str, after: bool) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path, ("pbx1", "pbx2"))
        await trunk.laid()
        old = trunk.everywhere()
        planned = await trunk.plan(SECOND)

        async def begin() -> None:
            await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm=planned.confirm), "tuan")

        await died(trunk, moment, after, begin)
        assert trunk.newest().outcome in OPEN
        trunk.told.clear()
        trunk.lead()
        new = moment.startswith("settle")
        assert (trunk.file.read_text("utf-8") == planned.text) is new, "right before anything is read of it"
        trunk.boards["pbx2"].up = False
        await trunk.keeper._mend()
        trunk.boards["pbx2"].up = True
        await trunk.mended()
        now = trunk.everywhere()
        if new:
            assert trunk.newest().outcome == DONE and "proven" in trunk.newest().en
            assert all("[vnpt]" in board.loaded["pjsip.conf"] for board in trunk.boards.values())
            assert all(trunk.agents[name].files == board.loaded for name, board in trunk.boards.items())
        else:
            assert now == old
            assert trunk.newest().outcome == "rolled_back" and "died in the middle" in trunk.newest().en
        assert trunk.noted == [("apply", "tuan", trunk.newest().outcome)]
        assert not (await trunk.keeper.shown(True)).drift
        again = await trunk.plan(SECOND)
        assert bool(again.ident) is not new

    run(scene())


@pytest.mark.parametrize("moment", ["write pbx1", "reload pbx1", "settle pbx1"])
def test_a_secret_that_was_being_replaced_is_whole_too(run: Run, tmp_path: Path, moment: str) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        text = trunk.file.read_text("utf-8")
        first = text.index("phone = ")
        line = text[first : text.index("\n", first)]
        trunk.file.write_text(text.replace(line, 'phone = { secret_file = "secrets/phone-B01" }', 1), "utf-8")
        (trunk.secrets / "phone-B01").write_text("the-first-secret\n")
        await trunk.laid()
        old = trunk.everywhere()

        async def begin() -> None:
            wanted = SecretWanted(name="secrets/phone-B01", secret="the-second-secret")
            await trunk.keeper.replace_secret(wanted, "tuan")

        await died(trunk, moment, False, begin)
        trunk.lead()
        await trunk.mended()
        if moment.startswith("settle"):
            assert (trunk.secrets / "phone-B01").read_text() == "the-second-secret\n"
            assert "the-second-secret" in trunk.boards["pbx1"].loaded["pjsip.conf"]
            assert sorted(it.name for it in trunk.secrets.iterdir()) == ["ami", "phone-B01", "redis", "token-mdt"]
        else:
            assert trunk.everywhere() == old
        assert not (await trunk.keeper.shown(True)).drift

    run(scene())


def test_a_copy_of_an_earlier_state_is_brought_up_to_date_and_a_hand_made_one_counts(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        first = trunk.file.read_text("utf-8")
        await trunk.applied(SECOND)
        second = trunk.file.read_text("utf-8")
        mark = trunk.file.with_name(".site.toml.applied")
        new_mark = mark.read_text()
        trunk.file.write_text(first, "utf-8")  # an old copy put back by hand
        trunk.lead()
        assert trunk.file.read_text("utf-8") == first and trunk.keeper.site_text == first
        assert [it.kind for it in trunk.history.changes.values()] == ["start", "apply", "start"]
        running = asyncio.ensure_future(trunk.keeper.run())
        async with asyncio.timeout(10):
            while ("start", "", "found") not in trunk.noted:
                await asyncio.sleep(0.01)
        running.cancel()
        trunk.history.changes.pop(3)  # as another machine, whose core led last, would have it
        trunk.lead()
        assert trunk.file.read_text("utf-8") == second and mark.read_text() == new_mark
        assert len(trunk.history.changes) == 2

    run(scene())


def test_an_agent_that_kept_nothing_is_left_alone(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        assert isinstance(trunk.agents["pbx1"], MemoryNodeAgent) and trunk.agents["pbx1"].good is None
        planned = await trunk.plan(SECOND)

        async def begin() -> None:
            await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm=planned.confirm), "tuan")

        await died(trunk, "write pbx1", False, begin)
        trunk.lead()
        await trunk.mended()
        assert "give_back" not in trunk.agents["pbx1"].done

    run(scene())
