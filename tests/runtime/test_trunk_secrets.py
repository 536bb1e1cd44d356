"""Secrets are replaced, never shown, and a name leads nowhere but to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dispatch_core.main.trunk.threads import TEXTS_WAITING
from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.wire.trunk import ApplyWanted, Candidate, Edit, JobState, RollbackWanted, SecretWanted
from tests.runtime.running import Run
from tests.runtime.trunk_stage import SECOND, MadeTrunk, hurried

NEW = "another-secret-of-ours"
PHONE = Edit(section="positions", entry="B01", key="phone", value={"secret_file": "secrets/phone-B01"})
REGISTERS = (
    SECOND,
    *(
        Edit(section="carriers", entry="vnpt", key=key, value=value)
        for key, value in (("auth", "register"), ("user", "centre"), ("secret_file", "secrets/carrier-vnpt"))
    ),
)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)


@pytest.mark.parametrize(
    "name",
    [
        "secrets/redis", "secrets/ami", "secrets/token-mdt", "site.toml", "dispatch.toml", "../carrier-x",
        "secrets/../../carrier-x", "/etc/passwd", "/etc/carrier-x", "secrets/.hidden", "", ".", "secrets", "\x00",
        "secrets/link", "secrets/of-another-program", "secrets/carrier-" + "x" * 300, "secrets/carrier-x/y", "key.pem",
        "secrets/trunk-mask-key",
    ],
)  # fmt: skip
def test_a_name_leads_to_nothing_but_secrets_of_the_trunk(run: Run, tmp_path: Path, name: str) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        (trunk.secrets / "of-another-program").write_text("a-token-of-somebody-else\n")
        (tmp_path / "key.pem").write_text("x")
        os.symlink(tmp_path / "site.toml", trunk.secrets / "link")
        await trunk.laid()
        before = trunk.everywhere()
        with pytest.raises(TrunkRefused):
            await trunk.keeper.replace_secret(SecretWanted(name=name, secret=NEW), "tuan")
        assert trunk.everywhere() == before

    run(scene())


@pytest.mark.parametrize(
    "name",
    ["secrets/redis", "../x", "/etc/passwd", "/dev/zero", "secrets/pipe", "secrets/link", "secrets/trunk-mask-key",
     "secrets/db-password"],
)
def test_a_candidate_reads_no_file_that_is_no_secret(run: Run, tmp_path: Path, name: str) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        (trunk.secrets / "trunk-mask-key").write_text("a-key-of-the-core-itself\n")
        (trunk.secrets / "db-password").write_text("of-another-program\n")
        os.mkfifo(trunk.secrets / "pipe")
        os.symlink("/dev/zero", trunk.secrets / "link")
        await trunk.laid()
        edit = Edit(section="positions", entry="B01", key="phone", value={"secret_file": name})
        planned = await trunk.plan(edit)
        assert not planned.ident and planned.mistakes[0].key == "positions.B01.phone.secret_file"
        assert planned.mistakes[0].code in ("site.secret-place", "site.secret-unreadable", "site.secret-unusable")

    run(scene())


def test_a_secret_is_made_used_replaced_and_shown_nowhere(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        board = trunk.boards["pbx1"]
        planned = await trunk.plan(*REGISTERS)
        assert [it.code for it in planned.mistakes] == ["site.secret-unreadable"]
        asked = SecretWanted(name="secrets/carrier-vnpt", secret="the-first-secret")
        job = await trunk.over(await trunk.keeper.replace_secret(asked, "tuan"))
        assert (job.state, job.version) == (JobState.DONE, 0)
        assert (trunk.secrets / "carrier-vnpt").stat().st_mode & 0o777 == 0o600
        board.registration["vnpt"] = "Registered"
        assert (await trunk.applied(*REGISTERS)).state is JobState.DONE
        assert "password = the-first-secret" in board.loaded["pjsip.conf"]
        shown = await trunk.keeper.shown(True)
        assert [(it.name, it.used_by, it.state) for it in shown.secrets] == [
            ("secrets/carrier-vnpt", ("carriers.vnpt",), "good")
        ]
        before = trunk.everywhere()
        board.registration["vnpt"] = "Rejected"
        again = SecretWanted(name="secrets/carrier-vnpt", secret=NEW, why="hết hạn")
        job = await trunk.over(await trunk.keeper.replace_secret(again, "tuan"))
        assert job.state is JobState.ROLLED_BACK and "carriers.vnpt.secret_file" in job.why_en
        assert trunk.everywhere() == before and board.registered == ["vnpt", "vnpt"], "tried, and the old one again"
        board.registration["vnpt"] = "Unregistered"

        async def register_anew(name: str) -> None:
            board.registration[name] = "Registered"

        board.register_anew = register_anew  # type: ignore[method-assign]
        job = await trunk.over(await trunk.keeper.replace_secret(again, "tuan"))
        assert job.state is JobState.DONE and "password = " + NEW in board.loaded["pjsip.conf"]
        change = await trunk.keeper.change(3)
        assert "<secret:" in str(change.files) and change.kind == "secret"
        said = str((shown, change, trunk.told, trunk.history.changes, job, await trunk.keeper.history()))
        assert NEW not in said and "the-first-secret" not in said
        with pytest.raises(TrunkRefused) as refused:
            await trunk.keeper.replace_secret(SecretWanted(name="secrets/carrier-vnpt", secret="a;b"), "tuan")
        assert refused.value.code == "bad_secret" and "a;b" not in refused.value.en

    run(scene())


def test_one_job_at_a_time_and_few_plans_and_texts(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        trunk.boards["pbx1"].silent.add("vnpt")
        plans = [await trunk.plan(SECOND) for _ in range(10)]
        assert len(trunk.keeper._plans) == 8 and plans[0].ident not in trunk.keeper._plans
        started = await trunk.keeper.apply(ApplyWanted(plan=plans[-1].ident, confirm="vnpt"), "tuan")
        for again in (
            trunk.keeper.apply(ApplyWanted(plan=plans[-2].ident, confirm="vnpt"), "lan"),
            trunk.keeper.roll_back(RollbackWanted(version=1), "lan"),
            trunk.keeper.replace_secret(SecretWanted(name="secrets/carrier-x", secret=NEW), "lan"),
            trunk.plan(SECOND),
        ):
            with pytest.raises(TrunkRefused, match="tuan has an apply going on"):
                await again
        assert trunk.keeper.job(started.job).state is JobState.RUNNING
        trunk.keeper.stop(started.job)
        job = await trunk.over(started)
        assert job.state is JobState.STOPPED and trunk.noted[-1] == ("apply", "tuan", "stopped")
        with pytest.raises(TrunkRefused):
            trunk.keeper.stop(started.job)
        trunk.keeper._threads._reading = TEXTS_WAITING
        with pytest.raises(TrunkRefused) as refused:
            await trunk.keeper.check(Candidate())
        assert refused.value.code == "overloaded"

    run(scene())


def test_nothing_begins_that_the_journal_does_not_take(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        trunk = MadeTrunk(tmp_path)
        await trunk.laid()
        before = trunk.everywhere()
        trunk.refusing = True
        with pytest.raises(Exception, match="read only"):
            await trunk.applied(SECOND)
        assert trunk.everywhere() == before and len(trunk.history.changes) == 1
        trunk.refusing = False
        assert (await trunk.applied(SECOND)).state is JobState.DONE
        trunk.leads = False
        job = await trunk.over(await trunk.keeper.roll_back(RollbackWanted(), "tuan"))
        assert job.state is not JobState.DONE and "write" not in trunk.agents["pbx1"].done[-2:]

    run(scene())
