"""A change of the trunk comes in force everywhere or nowhere, and says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch_core.main.trunk import applying, verdicts
from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.wire.trunk import ApplyWanted, Edit, JobState, RollbackWanted
from tests.runtime.running import Run
from tests.runtime.trunk_stage import SECOND, MadeTrunk, hurried


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


def test_a_carrier_is_added_shown_before_and_kept_after(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        before = trunk.file.read_text("utf-8")
        planned = await trunk.plan(SECOND)
        assert planned.confirm == "vnpt" and not planned.mistakes and not planned.restarts
        assert [(it.node, it.file) for it in planned.files if it.file == "pjsip.conf"] == [("pbx1", "pjsip.conf")]
        assert "+[vnpt]" in next(it.diff for it in planned.files if it.file == "pjsip.conf")
        assert "+enabled = true" in planned.site_diff
        assert planned.summary == (("sửa nhà mạng vnpt", "carrier vnpt changed"),)
        assert trunk.agents["pbx1"].tried and trunk.file.read_text("utf-8") == before, "nothing running was touched"
        started = await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm=" vnpt ", why="thêm đường"), "tuan")
        job = await trunk.over(started)
        assert job.state is JobState.DONE, job
        assert [it.code for it in job.steps] == ["write", "reload", "log", "look", "answers", "settle"]
        assert all(it.ok for it in job.steps)
        assert trunk.file.read_text("utf-8") == planned.text and "; comments stay" in planned.text
        assert "[vnpt]" in trunk.agents["pbx1"].files["pjsip.conf"] == trunk.boards["pbx1"].loaded["pjsip.conf"]
        assert trunk.boards["pbx1"].site is not None and len(trunk.configured) == 1
        assert trunk.noted == [("apply", "tuan", "asked"), ("apply", "tuan", "done")]
        change = await trunk.keeper.change(2)
        assert (change.by, change.why, change.outcome, change.in_force) == ("tuan", "thêm đường", "done", True)
        assert "+[vnpt]" in next(it.diff for it in change.files if it.file == "pjsip.conf")
        shown = await trunk.keeper.shown(True)
        assert (shown.version, shown.applied_by, shown.drift, shown.text) == (2, "tuan", (), planned.text)

    run(scene())


def test_a_carrier_that_does_not_answer_leaves_everything_as_it_was(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        trunk.boards["pbx1"].silent.add("vnpt")
        before = trunk.everywhere()
        job = await trunk.applied(SECOND)
        assert job.state is JobState.ROLLED_BACK
        assert "carriers.vnpt.peers" in job.why_en and "không trả lời" in job.why_vi
        assert trunk.everywhere() == before
        change = await trunk.keeper.change(2)
        assert (change.outcome, change.in_force, change.reason_en) == ("rolled_back", False, job.why_en)
        assert trunk.noted[-1] == ("apply", "tuan", "rolled_back") and not trunk.configured
        trunk.boards["pbx1"].silent.clear()
        assert (await trunk.applied(SECOND)).state is JobState.DONE

    run(scene())


def test_a_carrier_that_a_reload_overlooked_is_reloaded_once_more(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "UNASKED_S", 0.05)

    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        board = trunk.boards["pbx1"]
        board.unseen.add("vnpt")
        before = board.reloads
        job = await trunk.applied(SECOND)
        assert job.state is JobState.DONE and board.reloads == before + 2

    run(scene())


@pytest.mark.parametrize("status", [403, 503])
def test_a_carrier_that_refuses_is_told_by_what_it_answers(run: Run, tmp_path: Path, status: int) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        peer = next(it for it in trunk.keeper._in_force.site.carriers if it.name == "vnpt").peers[0]
        head = f"SIP/2.0 {status} No\r\nCSeq: 7 OPTIONS\r\n\r\n".encode()
        reload = trunk.boards["pbx1"].reload

        async def reloaded() -> None:
            await reload()
            trunk.answers.heard(peer, head, 1.0)

        trunk.boards["pbx1"].reload = reloaded  # type: ignore[method-assign]
        job = await trunk.applied(SECOND)
        assert job.state is JobState.ROLLED_BACK and f"answers {status}" in job.why_en

    run(scene())


def test_what_the_log_says_after_the_reload_counts(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        agent, before = trunk.agents["pbx1"], trunk.everywhere()
        reload = trunk.boards["pbx1"].reload

        async def reloaded() -> None:
            await reload()
            if len(agent.log) < 2:
                agent.log += [
                    "ERROR res_sorcery_config.c: Could not create an object of type 'endpoint' with id 'vnpt'",
                    "WARNING chan_iax2.c: not ours",
                ]

        trunk.boards["pbx1"].reload = reloaded  # type: ignore[method-assign]
        job = await trunk.applied(SECOND)
        assert job.state is JobState.ROLLED_BACK and "'endpoint' with id 'vnpt'" in job.why_en
        assert "chan_iax2" not in job.why_en and trunk.everywhere() == before

    run(scene())


@pytest.mark.parametrize("trouble", ["write", "settle", "reload", "silent"])
def test_several_nodes_follow_all_or_none(run: Run, tmp_path: Path, trouble: str) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path, ("pbx1", "pbx2"))
        await trunk.laid()
        before = trunk.everywhere()
        if trouble == "reload":
            trunk.boards["pbx2"].refusing = True
        elif trouble == "silent":
            trunk.boards["pbx2"].silent.add("vnpt")
        else:
            trunk.agents["pbx2"].failing.add(trouble)
        job = await trunk.applied(SECOND)
        if trouble == "settle":  # proven and in place: it stays
            assert job.state is JobState.DONE and any(it.ok is False for it in job.steps)
            assert all("[vnpt]" in agent.files["pjsip.conf"] for agent in trunk.agents.values())
            return
        assert trunk.everywhere() == before
        assert job.state is JobState.ROLLED_BACK

    run(scene())


def test_a_node_that_is_away_is_told_before_anything_is_touched(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path, ("pbx1", "pbx2"))
        await trunk.laid()
        trunk.boards["pbx2"].up = False
        job = await trunk.applied(SECOND)
        assert job.state is JobState.REFUSED and "pbx2" in job.why_vi and job.version == 0
        assert "write" not in trunk.agents["pbx1"].done

    run(scene())


def test_what_cannot_be_given_back_is_said_and_tried_until_it_is(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        trunk.boards["pbx1"].silent.add("vnpt")
        before = trunk.everywhere()
        agent = trunk.agents["pbx1"]
        agent.failing.add("give_back")
        job = await trunk.applied(SECOND)
        assert job.state is JobState.BROKEN and "xem ngay" in job.why_vi
        assert (await trunk.keeper.change(2)).outcome == "broken"
        await trunk.keeper._mend()
        with pytest.raises(TrunkRefused, match="left in the middle"):
            await trunk.plan(SECOND)
        agent.failing.clear()
        await trunk.mended()
        assert trunk.everywhere() == before and (await trunk.keeper.change(2)).outcome == "rolled_back"
        assert trunk.noted[-1] == ("apply", "tuan", "rolled_back")

    run(scene())


def test_a_plan_is_of_what_was_in_force(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        mine, other = await trunk.plan(SECOND), await trunk.plan(SECOND)
        with pytest.raises(TrunkRefused, match="vnpt"):
            await trunk.keeper.apply(ApplyWanted(plan=mine.ident, confirm="viettel"), "tuan")
        await trunk.over(await trunk.keeper.apply(ApplyWanted(plan=other.ident, confirm="vnpt"), "lan"))
        with pytest.raises(TrunkRefused) as refused:
            await trunk.keeper.apply(ApplyWanted(plan=mine.ident, confirm="vnpt"), "tuan")
        assert refused.value.code in ("unknown_plan", "stale_plan")
        same = await trunk.plan(SECOND)
        assert (same.ident, same.mistakes, same.summary[0][1]) == ("", (), "Nothing differs from what is in force")
        back = Edit(section="carriers", entry="vnpt", key="enabled", value=False)
        planned = await trunk.plan(back)
        trunk.agents["pbx1"].files["queues.conf"] += "; by hand\n"
        with pytest.raises(TrunkRefused) as refused:
            await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm=planned.confirm), "tuan")
        assert refused.value.code == "stale_plan"

    run(scene())


def test_drift_is_shown_and_must_be_named_to_be_overwritten(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        good = dict(trunk.agents["pbx1"].files)
        files = trunk.agents["pbx1"].files
        files["pjsip.conf"] = files["pjsip.conf"].replace("[global]", "[x]\npassword = a-stranger's-one\n\n[global]")
        files["mine.conf"] = "[general]\nsecret = my-own-secret\n"
        del files["cel.conf"]
        trunk.file.write_text(trunk.file.read_text("utf-8") + "# by hand\n", "utf-8")
        shown = await trunk.keeper.shown(True)
        assert [(it.node, it.file, it.how) for it in shown.drift] == [
            ("", "site.toml", "changed"), ("pbx1", "cel.conf", "missing"), ("pbx1", "mine.conf", "added"),
            ("pbx1", "pjsip.conf", "changed"),
        ]  # fmt: skip
        assert "+# by hand" in shown.drift[0].diff and "stranger" not in str(shown)
        planned = await trunk.plan(SECOND)
        assert planned.confirm == "vnpt site.toml cel.conf pjsip.conf" and "ghi đè" in planned.summary[0][0]
        with pytest.raises(TrunkRefused, match="pjsip.conf"):
            await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm="vnpt"), "tuan")
        await trunk.keeper._lookout.look_and_tell()
        assert trunk.noted[-1] == ("drift", "", "found")
        started = await trunk.keeper.apply(ApplyWanted(plan=planned.ident, confirm=planned.confirm), "tuan")
        assert (await trunk.over(started)).state is JobState.DONE
        left = (await trunk.keeper.shown(True)).drift
        assert [(it.file, it.how) for it in left] == [("mine.conf", "added")], "nobody's file is removed"
        assert trunk.agents["pbx1"].files["cel.conf"] == good["cel.conf"]

    run(scene())


def test_an_editors_own_file_is_no_drift_to_be_named(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        planned = await trunk.plan(SECOND)
        trunk.file.write_text(planned.text, "utf-8")
        again = await trunk.plan(text=planned.text)
        assert again.confirm == "vnpt" and again.files == planned.files, "as the form's"

    run(scene())


def test_any_earlier_state_comes_again(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        first = trunk.everywhere()
        await trunk.applied(SECOND)
        second = trunk.everywhere()
        await trunk.applied(Edit(section="duty", key="wrap_up", value=7))
        job = await trunk.over(await trunk.keeper.roll_back(RollbackWanted(why="nhầm"), "tuan"))
        assert job.state is JobState.DONE and trunk.everywhere() == second
        trunk.boards["pbx1"].silent.add("viettel")
        job = await trunk.over(await trunk.keeper.roll_back(RollbackWanted(version=1), "tuan"))
        assert job.state is JobState.DONE and trunk.everywhere() == first
        history = await trunk.keeper.history()
        assert [(it.version, it.kind, it.why, it.in_force) for it in history] == [
            (5, "rollback", "", True), (4, "rollback", "nhầm", False), (3, "apply", "", False),
            (2, "apply", "", False), (1, "start", "", False),
        ]  # fmt: skip
        with pytest.raises(TrunkRefused, match="no version 9"):
            await trunk.keeper.roll_back(RollbackWanted(version=9), "tuan")
        assert (await trunk.plan(version=3)).confirm == "Trung tâm mẫu 113 – 114 – 115"

    run(scene())


def test_a_return_by_hand_is_not_stopped_by_a_carrier_that_is_silent(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        await trunk.applied(SECOND)
        await trunk.applied(Edit(section="carriers", entry="vnpt", key="capacity", value=7))
        trunk.boards["pbx1"].silent.add("vnpt")
        trunk.agents["pbx1"].files["queues.conf"] += "; by a hand\n"
        job = await trunk.over(await trunk.keeper.roll_back(RollbackWanted(), "tuan"))
        assert job.state is JobState.DONE and [it.code for it in job.steps if it.ok is False] == ["silent"]
        assert [it.en for it in job.steps if it.code == "drift"] == ["overwriting what a hand changed: queues.conf"]

    run(scene())


def test_what_another_admin_tries_out_meanwhile_is_waited_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent does one thing after the other, and a trial lasts longer than a step may."""
    monkeypatch.setattr(applying, "NODE_WITHIN_S", 0.2)

    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        planned = await trunk.plan(SECOND)
        agent, at_it = trunk.agents["pbx1"], asyncio.Lock()
        begun = asyncio.Event()

        def after_the_other(do: Callable[..., Any], lasts_s: float = 0.0) -> Callable[..., Any]:
            async def asked(*given: Any, **named: Any) -> Any:
                async with at_it:
                    if lasts_s:
                        begun.set()
                        await asyncio.sleep(lasts_s)
                    return await do(*given, **named)

            return asked

        for name in ("taken", "write", "look", "log_mark", "log_since", "settle", "give_back"):
            setattr(agent, name, after_the_other(getattr(agent, name)))
        monkeypatch.setattr(agent, "try_out", after_the_other(agent.try_out, 1.0))
        keeper = trunk.keeper
        await keeper._lookout.look()
        monkeypatch.setattr(keeper, "_fresh", lambda plan: asyncio.sleep(0))  # it was looked at a moment before
        other = asyncio.ensure_future(trunk.plan(Edit(section="carriers", entry="vnpt", key="capacity", value=7)))
        await begun.wait()
        job = await trunk.over(await keeper.apply(ApplyWanted(plan=planned.ident, confirm="vnpt"), "tuan"))
        assert job.state is JobState.DONE, job.why_en
        await other

    run(scene())
