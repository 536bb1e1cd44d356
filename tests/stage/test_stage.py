"""The stage as a whole: whatever ends it, nothing that it started stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.stage.layout import ROOT, Layout
from scripts.stage.processes import Identity
from scripts.stage.progress import StageError
from scripts.stage.run import only_one
from scripts.stage.stage import Stage, Stopped

SERVERS_ALONE = """
import scripts.stage.progress
from scripts.stage.layout import Layout
from scripts.stage.postgres import PostgresServer
from scripts.stage.redis import RedisServer
from scripts.stage.stage import Stage, Stopped
try:
    with Stage(Layout.of_checkout()) as stage:
        stage.server(PostgresServer(stage.layout))
        stage.server(RedisServer(stage.layout))
        scripts.stage.progress.say("up")
        stage.watch()
except Stopped as stopped:
    scripts.stage.progress.say(f"stopped by {stopped}")
"""


def test_everything_is_stopped_in_the_opposite_order(short_tmp: Path) -> None:
    said = short_tmp / "said"
    script = 'trap "echo $1 >>$2; exit" TERM; echo up; while :; do sleep 0.05; done'
    with Stage(Layout(short_tmp)) as stage:
        children = [stage.spawn(name, ["/bin/sh", "-c", script, "sh", name, str(said)]) for name in ("one", "two")]
        while not all("up" in child.last_words() for child in children):
            stage.check()
        stage.ending(lambda: said.write_text("three\n"))
    assert said.read_text().split() == ["three", "two", "one"]


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


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_when_the_run_command_ends_its_servers_end(short_tmp: Path, number: signal.Signals, status: int) -> None:
    run, servers = _run_servers(short_tmp)
    run.send_signal(number)
    rest = run.communicate(timeout=60)[1]
    assert run.returncode == status
    assert number == signal.SIGKILL or f"stopped by {number.name}" in rest
    deadline = time.monotonic() + 30  # a killed stage leaves it to the kernel, which does not wait for them
    while any(server.alive for server in servers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(server.alive for server in servers)


def test_after_a_kill_the_next_run_comes_up_at_once(short_tmp: Path) -> None:
    first, _ = _run_servers(short_tmp)
    first.kill()
    first.communicate()
    second, servers = _run_servers(short_tmp)
    assert all(server.alive for server in servers)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=60)
    assert second.returncode == 0


def _run_servers(var: Path) -> tuple[subprocess.Popen[str], list[Identity]]:
    run = subprocess.Popen(
        [sys.executable, "-c", SERVERS_ALONE],
        cwd=ROOT, env={**os.environ, "DISPATCH_VAR": str(var)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    for line in run.stderr:
        if "up" in line.split():
            break
    servers = [Identity(**json.loads(path.read_text())) for path in (var / "pids").glob("*.json")]
    assert len(servers) == 2 and all(server.alive for server in servers)
    return run, servers


def test_one_run_at_a_time_has_the_data(short_tmp: Path) -> None:
    lock = short_tmp / "run.lock"
    with only_one(lock), pytest.raises(StageError, match=f"already runs as process {os.getpid()}"), only_one(lock):
        pass
    with only_one(lock):
        assert lock.read_text() == f"{os.getpid()}\n"
