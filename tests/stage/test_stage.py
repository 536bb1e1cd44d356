"""The stage as a whole: whatever ends it, nothing that it started stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scripts.stage.layout import ROOT, Layout
from scripts.stage.processes import Identity
from scripts.stage.progress import StageError
from scripts.stage.run import only_one
from scripts.stage.stage import Stage, Stopped


def test_everything_is_stopped_in_the_opposite_order(short_tmp: Path) -> None:
    said = short_tmp / "said"
    script = 'trap "echo $1 >>$2; exit" TERM; echo up; while :; do sleep 0.05; done'
    with Stage(Layout(short_tmp)) as stage:
        children = [stage.spawn(name, ["/bin/sh", "-c", script, "sh", name, str(said)]) for name in ("one", "two")]
        while not all("up" in child.last_words() for child in children):
            stage.check()
    assert said.read_text().split() == ["two", "one"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_its_children(short_tmp: Path, number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGTERM)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), number))
    with pytest.raises(Stopped, match=number.name), Stage(Layout(short_tmp)) as stage:
        child = stage.spawn("sleeper", ["/bin/sleep", "60"])
        timer.start()
        stage.watch()
    assert not child.alive
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_program_that_fails_is_reported(short_tmp: Path) -> None:
    with (
        pytest.raises(StageError, match=r"(?s)core ended with status 7.*out of cheese"),
        Stage(Layout(short_tmp)) as stage,
    ):
        other = stage.spawn("console", ["/bin/sleep", "60"])
        stage.spawn("core", ["/bin/sh", "-c", "echo out of cheese; exit 7"])
        stage.watch()
    assert not other.alive


def test_a_program_that_ends_well_gives_its_status(short_tmp: Path) -> None:
    with Stage(Layout(short_tmp)) as stage:
        assert stage.watch(stage.program("report", "this")) == 0
    assert "Zen of Python" in (short_tmp / "log/report.log").read_text()


def test_ctrl_c_on_the_run_command_stops_the_servers(short_tmp: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-m", "scripts.stage.run"],
        cwd=ROOT, env={**os.environ, "DISPATCH_VAR": str(short_tmp)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    for line in run.stderr:
        if "Ctrl-C" in line:
            break
    servers = [Identity(**json.loads(path.read_text())) for path in (short_tmp / "pids").glob("*.json")]
    assert len(servers) >= 2 and all(server.alive for server in servers)
    run.send_signal(signal.SIGINT)
    rest = run.communicate(timeout=20)[1]
    assert run.returncode == 0 and "stopped by SIGINT" in rest
    assert not any(server.alive for server in servers)


def test_one_run_at_a_time_has_the_data(short_tmp: Path) -> None:
    lock = short_tmp / "run.lock"
    with only_one(lock), pytest.raises(StageError, match=f"already runs as process {os.getpid()}"), only_one(lock):
        pass
    with only_one(lock):
        assert lock.read_text() == f"{os.getpid()}\n"
