"""The trunk changed under a core that leads and a switch that takes calls, and a core that dies in the middle of it."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch_core.main.trunk_command.client import TrunkClient, client_of
from dispatch_core.settings import read_settings
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    Edit,
    JobShown,
    JobState,
    Planned,
    RollbackWanted,
    SecretWanted,
)
from scripts.acceptance.spine.rig import Rig, until
from scripts.stage.callers import Caller
from scripts.stage.carrier_line import CarrierLine
from scripts.stage.layout import ROOT
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.secret_files import read_secret
from telephony.trunk.node_agent import agent_command

pytestmark = pytest.mark.timeout(600)  # the first test brings the whole system up
NEW = "mobi"
BACK_S = 10.0
SHARED_S = 90.0  # other tests are at work on the machine, and nobody promised how soon a core is up


class Admin:
    """The telephony admin at the core's HTTPS side, and what lies on the disk."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.file = rig, rig.system.site.file
        self.port = Ports(rig.layout.ports).udp(f"carrier-{NEW}")
        self.client: TrunkClient = self.signed_in()

    def signed_in(self) -> TrunkClient:
        client = client_of(read_settings(Path(self.rig.system.site.settings)))
        client.sign_in("hung", read_secret(self.rig.system.password_file("hung")))
        return client

    def line(self, **how: int) -> CarrierLine:
        return CarrierLine(self.port, [self.rig.system.site.site.ports.sip], **how)

    def added(self) -> Candidate:
        peer = {"peers": [f"{LOOPBACK}:{self.port}"], "capacity": 30}
        return Candidate(edits=(Edit(section="carriers", entry=NEW, value=peer),))

    def applied(self, plan: Planned) -> JobShown:
        assert plan.ident, plan.mistakes
        return self.over(self.client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm, why="thử")))

    def over(self, job: str) -> JobShown:
        def ended() -> JobShown | None:
            it = self.client.job(job)
            return it if it.state is not JobState.RUNNING else None

        found: JobShown = until(ended, "the end of the job")
        return found

    def sums(self) -> dict[str, str]:
        etc = self.rig.system.site.asterisk_home / "etc"
        return {it.name: hashlib.sha256(it.read_bytes()).hexdigest() for it in (self.file, *etc.glob("*.conf"))}

    def knows(self) -> bool:
        return f"Endpoint:  {NEW}" in self.rig.system.asterisk.ask("pjsip show endpoints")


@pytest.fixture
def admin(whole: Rig) -> Iterator[Admin]:
    """What was in force before the test is in force after it."""
    admin = Admin(whole)
    text = admin.client.shown().text
    yield admin
    admin.client = admin.signed_in()
    if (shown := admin.client.shown()).text != text or shown.drift:
        plan = admin.client.plan(Candidate(text=text))
        assert admin.applied(plan).state is JobState.DONE
    admin.client.close()


def test_a_carrier_is_added_while_people_wait_and_taken_out_again(admin: Admin) -> None:
    rig, before, text = admin.rig, admin.sums(), admin.file.read_text("utf-8")
    with admin.line(), rig.calling(*(Caller(number, rig.number()) for number in ("113", "114", "115"))):
        until(lambda: rig.system.health().get("calls_live") == 3, "three callers")
        channels = {it[0] for it in rig.channels()}
        plan = admin.client.plan(admin.added())
        assert plan.calls_up >= 3 and plan.confirm == NEW and not plan.restarts
        job = admin.applied(plan)
        assert job.state is JobState.DONE, job
        said = rig.system.asterisk.ask("pjsip show contacts")
        assert any(f"  {NEW}/" in line and " Avail " in line for line in said.splitlines()), said
        assert channels & {it[0] for it in rig.channels()} and rig.system.health().get("calls_live") == 3
        after = admin.file.read_text("utf-8")
        assert [line for line in text.splitlines() if "#" in line] == [it for it in after.splitlines() if "#" in it]
        assert not admin.client.shown().drift
        job = admin.over(admin.client.roll_back(RollbackWanted(why="trả lại")))
        assert job.state is JobState.DONE and rig.system.health().get("calls_live") == 3
    assert admin.sums() == before and not admin.knows()
    assert [it.kind for it in admin.client.history()][:2] == ["rollback", "apply"]


def test_a_carrier_that_refuses_is_gone_again_within_seconds(admin: Admin) -> None:
    before, began = admin.sums(), time.monotonic()
    with admin.line(options=403):
        plan = admin.client.plan(admin.added())
        began = time.monotonic()
        job = admin.applied(plan)
    assert job.state is JobState.ROLLED_BACK and "403" in job.why_en and f"carriers.{NEW}.peers" in job.why_vi
    assert time.monotonic() - began < BACK_S and admin.sums() == before and not admin.knows()


def test_what_a_hand_changed_is_shown_and_must_be_named(admin: Admin) -> None:
    queues = admin.rig.system.site.asterisk_home / "etc" / "queues.conf"
    queues.write_text(queues.read_text("utf-8") + "; planted\n", "utf-8")
    drift = until(lambda: admin.client.shown().drift, "the drift")
    assert [(it.file, it.how) for it in drift] == [("queues.conf", "changed")] and "+; planted" in drift[0].diff
    plan = admin.client.plan(Candidate())
    assert plan.confirm.endswith(" queues.conf")
    assert admin.applied(plan).state is JobState.DONE and "planted" not in queues.read_text("utf-8")


def test_a_secret_is_replaced_where_the_carrier_takes_it(admin: Admin) -> None:
    name, secrets = "secrets/carrier-mobi", admin.rig.layout.secrets
    etc = admin.rig.system.site.asterisk_home / "etc"

    def replaced(secret: str) -> JobShown:
        return admin.over(admin.client.replace_secret(SecretWanted(name=name, secret=secret)))

    assert replaced("the-first-secret").state is JobState.DONE and (secrets / "carrier-mobi").stat().st_mode & 0o77 == 0
    account = {"auth": "register", "user": "centre", "secret_file": name}
    peer = {"peers": [f"{LOOPBACK}:{admin.port}"], "capacity": 30, **account}
    with admin.line():
        plan = admin.client.plan(Candidate(edits=(Edit(section="carriers", entry=NEW, value=peer),)))
        job = admin.applied(plan)
        assert job.state is JobState.DONE, job
        job = replaced("the-second-secret")
        assert job.state is JobState.DONE, job
    before = admin.sums()
    with admin.line(register=401):
        job = replaced("the-third-secret")
    assert job.state is JobState.ROLLED_BACK and f"carriers.{NEW}.secret_file" in job.why_en, job
    assert admin.sums() == before and "the-second-secret" in (etc / "pjsip.conf").read_text("utf-8")
    assert (secrets / "carrier-mobi").read_text() == "the-second-secret\n"
    said = str((admin.client.shown(), admin.client.history(), [admin.client.change(it) for it in (1, 2)]))
    journal = str(admin.rig.sql("SELECT payload::text FROM journal WHERE type = 'TrunkTouched'"))
    assert "-secret'" not in said and "the-second-secret" not in said + journal and "rolled_back" in journal


@pytest.fixture
def word(admin: Admin) -> Iterator[Path]:
    """Says at what the agent kills the core; the core is started through such an agent, and at the end without."""
    rig = admin.rig
    settings = Path(rig.system.site.settings)
    before = settings.read_text("utf-8")
    known = read_settings(settings)
    word = rig.layout.var / "deadly"
    command = [sys.executable, str(ROOT / "tests/system/trunk/deadly_agent.py"), str(word)]
    command += agent_command(known, known.nodes[0])
    settings.write_text(f"{before}agent = [{', '.join(repr(it) for it in command)}]\n", "utf-8")
    restarted(rig)
    yield word
    settings.write_text(before, "utf-8")
    word.unlink(missing_ok=True)
    restarted(rig)


def restarted(rig: Rig) -> None:
    rig.system.core.kill9()
    rig.start_core()
    rig.system.wait_for_core(SHARED_S)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("before write", marks=pytest.mark.long),
        pytest.param("after write", marks=pytest.mark.long),
        "before log_since",
        pytest.param("before settle", marks=pytest.mark.long),
        pytest.param("after settle", marks=pytest.mark.long),
    ],
)
def test_a_core_that_dies_leaves_all_old_or_all_new(admin: Admin, word: Path, moment: str) -> None:
    rig, before = admin.rig, admin.sums()
    admin.client = admin.signed_in()
    with admin.line():
        plan = admin.client.plan(admin.added())
        word.write_text(moment, "utf-8")
        admin.client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm))
        until(lambda: not rig.system.core.alive, f"the core's death {moment}")
        rig.start_core()
        rig.system.wait_for_core(SHARED_S)
        admin.client = admin.signed_in()
        ends = ("done", "rolled_back")
        change = until(lambda: it if (it := admin.client.history()[0]).outcome in ends else None, "the end of it")
        new = moment.endswith("settle")
        assert change.outcome == ("done" if new else "rolled_back") and change.reason_en, change
        assert not admin.client.shown().drift
        until(lambda: admin.knows() is new, "the switch knowing what is in force")
        assert (admin.file.read_text("utf-8") == plan.text) is new
        if not new:
            assert admin.sums() == before
