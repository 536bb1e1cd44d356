"""`dispatch trunk` at the real core, with a real switch and a console beside it."""

from __future__ import annotations

import subprocess
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from dispatch_core.main import cli
from scripts.acceptance.spine.rig import Rig

pytestmark = pytest.mark.timeout(600)


def trunk(rig: Rig, *given: str, user: str = "hung") -> subprocess.CompletedProcess[str]:
    """In this process: a Python more for each would take longer than what it does."""
    who = ["--user", user, "--password-file", str(rig.system.password_file(user))]
    line = ["--settings", str(rig.system.site.settings), "trunk", *given, *who]
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(line)
    return subprocess.CompletedProcess(line, status, out.getvalue(), err.getvalue())


@pytest.fixture
def changed(whole: Rig, tmp_path: Path) -> Path:
    """A description with one figure of the second carrier changed; that carrier answers nobody here, and need not."""
    text = whole.system.site.file.read_text("utf-8")
    assert "capacity = 60" in text
    file = tmp_path / "changed.toml"
    file.write_text(text.replace("capacity = 60", "capacity = 61   # of the contract"), "utf-8")
    return file


def test_a_change_is_compared_applied_and_given_back_beside_the_console(whole: Rig, changed: Path) -> None:
    hung = whole.console("hung")
    before = whole.system.site.file.read_text("utf-8")
    same = trunk(whole, "diff")
    assert same.returncode == 0 and "Nothing differs from what is in force" in same.stdout, same
    diff = trunk(whole, "diff", str(changed))
    assert diff.returncode == 0 and "+capacity = 61   # of the contract" in diff.stdout, diff
    assert whole.system.site.file.read_text("utf-8") == before

    wrong = trunk(whole, "apply", str(changed), "--confirm", "viettel")
    assert wrong.returncode == 1 and "not applied" in wrong.stdout, wrong
    done = trunk(whole, "apply", str(changed), "--confirm", "vnpt", "--why", "hợp đồng mới")
    assert done.returncode == 0 and done.stdout.splitlines()[-1].startswith("xong"), done
    assert whole.system.site.file.read_text("utf-8") == changed.read_text("utf-8"), "comments are kept"

    listed = trunk(whole, "history").stdout.splitlines()
    newest = next(line for line in listed if line.startswith("*"))
    assert "hung" in newest and "hợp đồng mới" in newest
    version = newest[1:].split()[0]
    assert "+capacity = 61" in trunk(whole, "history", version).stdout

    back = trunk(whole, "rollback", "--why", "thử xong")
    assert back.returncode == 0, back
    assert whole.system.site.file.read_text("utf-8") == before
    status = trunk(whole, "status")
    assert status.returncode == 0 and " viettel " in status.stdout, status
    assert hung.alive and not hung.report()["stale"]
    assert hung.type("lang vi").accepted, "the console is still signed in"


def test_what_each_may(whole: Rig, changed: Path) -> None:
    before = whole.system.site.file.read_text("utf-8")
    assert trunk(whole, "status", user="thao").returncode == 0
    for user in ("thao", "lan"):
        refused = trunk(whole, "apply", str(changed), "--confirm", "vnpt", user=user)
        assert refused.returncode == 1 and refused.stderr.startswith("dispatch: "), refused
    assert trunk(whole, "status", user="lan").returncode == 1
    assert whole.system.site.file.read_text("utf-8") == before
    assert "intact" in whole.audit()


def test_mistakes_are_the_same_with_and_without_the_core(whole: Rig, changed: Path) -> None:
    changed.write_text(changed.read_text("utf-8").replace("capacity = 61", "capacity = 0"), "utf-8")
    alone = whole.system.dispatch("trunk", "check", str(changed))
    asked = trunk(whole, "diff", str(changed))
    assert alone.returncode == asked.returncode == 1
    assert alone.stderr == asked.stderr
    assert f"{changed}:" in alone.stderr and "carriers.vnpt.capacity" in alone.stderr
