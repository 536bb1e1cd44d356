"""Children end with their parent, are known by more than their number, and stop in order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.stage.layout import ROOT
from scripts.stage.processes import Child, Identity, read_identity, wait_until, write_identity
from scripts.stage.progress import StageError

PARENT = """
import sys
from pathlib import Path
from scripts.stage.processes import Child
child = Child("sleeper", ["/bin/sleep", "60"], Path(sys.argv[1]))
child.start()
print(child.pid, flush=True)
sys.stdin.read()
"""


def _ends_within(identity: Identity, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while identity.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not identity.alive


def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert parent.stdout is not None and parent.stdin is not None
    child = Identity.of(int(parent.stdout.readline()))
    assert child is not None and child.alive
    parent.kill()
    parent.communicate()
    assert _ends_within(child, 30)


def test_a_process_is_known_by_number_and_start(tmp_path: Path) -> None:
    child = Child("sleeper", ["/bin/sleep", "60"], tmp_path / "log")
    child.start()
    identity = Identity.of(child.pid)
    assert identity is not None
    file = tmp_path / "pid.json"
    write_identity(file, identity)
    assert read_identity(file) == identity
    # the same number in another life is somebody else
    file.write_text(json.dumps({"pid": identity.pid, "started": identity.started - 1}))
    assert read_identity(file) is None
    write_identity(file, identity)
    child.kill9()
    assert read_identity(file) is None and child.status == -signal.SIGKILL


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x", "started": 1}', '{"pid": 1}'])
def test_a_broken_pid_file_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid.json").write_text(text)
    assert read_identity(tmp_path / "pid.json") is None


def test_stop_kills_what_does_not_listen(tmp_path: Path) -> None:
    deaf = Child("deaf", ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], tmp_path / "log")
    deaf.start()
    wait_until(lambda: "ready" in deaf.last_words(), deaf, 30)
    assert deaf.stop(grace=0.3) == -signal.SIGKILL


def test_a_child_that_dies_at_once_is_reported_with_its_words(tmp_path: Path) -> None:
    child = Child("broken", ["/bin/sh", "-c", "echo no such thing; exit 3"], tmp_path / "log")
    child.start()
    with pytest.raises(StageError, match=r"(?s)broken ended at once \(status 3\).*no such thing"):
        wait_until(lambda: False, child, 30)


def test_a_program_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="cannot run /nonexistent/program"):
        Child("absent", ["/nonexistent/program"], tmp_path / "log").start()


def test_the_log_of_the_last_life_is_kept(tmp_path: Path) -> None:
    child = Child("speaker", ["/bin/echo", "first"], tmp_path / "log")
    child.start()
    child.wait(30)
    child.command = ["/bin/echo", "second"]
    child.start()
    child.wait(30)
    assert (tmp_path / "log").read_text() == "second\n"
    assert (tmp_path / "log.1").read_text() == "first\n"


def test_our_own_process_is_alive_and_a_zombie_is_not() -> None:
    own = Identity.of(os.getpid())
    assert own is not None and own.alive
    zombie = subprocess.Popen(["/bin/true"])
    deadline = time.monotonic() + 30
    while Identity.of(zombie.pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert Identity.of(zombie.pid) is None
    zombie.wait()
