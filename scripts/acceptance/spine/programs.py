"""The programs of the checkout, run as a person runs them: headless shifts, a live start, checks, tests, pictures."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from scripts.acceptance.rows import Scenario, Unmet, need
from scripts.acceptance.spine.rig import prefix_directory
from scripts.stage.asterisk_prefix import OVERRIDE
from scripts.stage.layout import ROOT, Layout
from scripts.stage.ports import LOOPBACK

LAST_LINE = re.compile(
    r"calls (\d+), incidents (\d+), on every console (\d+), lost (\d+), ring-to-console p50 (\d+) ms p99 (\d+) ms"
)
P99_LIMIT_MS = 500
UP_WITHIN_S = 10.0
UP_LINE = "-- up; Ctrl-C stops everything"
MIRRORS = ("console that never stopped", "console killed and restarted", "console started late")
WORKPLACES = ("dispatcher", "supervisor", "admin")
DIALOG_LEAST = (400, 200)
"""The sign-in is two fields and a button; the sheet of keys is larger."""


@cache
def _var() -> Path:
    """Runtime data for the runs of this acceptance run; the second of them finds what the first has made."""
    var = Path(tempfile.mkdtemp(prefix="dispatch-runs-", dir="/tmp"))
    var.chmod(0o755)
    return var


def forget_runs() -> None:
    if _var.cache_info().currsize:
        Layout(_var()).remove()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "DISPATCH_VAR": str(_var()), OVERRIDE: str(prefix_directory())}


def _program(name: str, *arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "scripts" / name), *arguments], cwd=ROOT, env=_environment(), capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip


def _tail(ran: subprocess.CompletedProcess[str], lines: int = 12) -> str:
    return "\n".join((ran.stdout + ran.stderr).splitlines()[-lines:])


@cache
def _shift(calls: int, rate: float) -> subprocess.CompletedProcess[str]:
    return _program("run", "--headless", "--calls", str(calls), "--rate", f"{rate:g}", seconds=150 + calls * 4)


def judge_shift(output: str, status: int, calls: int) -> str:
    """What the last line must say; returns it. Unmet otherwise."""
    lines = output.splitlines()
    last = lines[-1] if lines else ""
    failed = [line for line in lines if line.startswith("FAIL")]
    need(status == 0, f"exit {status}; {failed or lines[-8:]}")
    said = LAST_LINE.fullmatch(last)
    if said is None:
        raise Unmet(f"last line: {last!r}")
    made, incidents, everywhere, lost, _, p99 = map(int, said.groups())
    need((made, incidents, everywhere, lost) == (calls, calls, calls, 0), last)
    need(p99 <= P99_LIMIT_MS, last)
    return last


def twelve_calls() -> str:
    ran = _shift(12, 1)
    last = judge_shift(ran.stdout, ran.returncode, 12)
    for must in (
        "ok   service numbers: ['113', '114', '115']", "ok   callers who gave up: 1", "ok   incidents closed: 12",
        "ok   as many as were planned, or more: True", "ok   legs reassigned by the supervisor: 1",
        "ok   units still assigned: 0",
    ):  # fmt: skip
        need(must in ran.stdout, f"not in the report: {must}")
    return last


def two_hundred_calls() -> str:
    ran = _shift(200, 5)
    return judge_shift(ran.stdout, ran.returncode, 200)


def three_mirrors() -> str:
    output = _shift(12, 1).stdout
    told = dict(re.findall(r"^ +([^:\n]+): (sequence \d+, checksum [0-9a-f]{32})$", output, re.MULTILINE))
    missing = [name for name in MIRRORS if name not in told]
    need(not missing, f"no sequence and checksum of: {missing}")
    need(len({told[name] for name in MIRRORS}) == 1, str(told))
    return f"all three: {told[MIRRORS[0]]}"


def second_start() -> str:
    """Starts live until it says that it is up; the second start is measured, then ended with SIGINT."""
    if not (_var() / "site.toml").exists():
        _live()
    seconds, left, ports = _live()
    need(seconds < UP_WITHIN_S, f"up after {seconds:.1f} s")
    need(not left, f"still running: {left}")
    need(not ports, f"ports still taken: {ports}")
    return f"up after {seconds:.1f} s; SIGINT left no process and no port taken"


def _live() -> tuple[float, list[str], list[Any]]:
    """Seconds until up; processes and ports that are left after SIGINT."""
    log = _var() / "live.out"
    began = time.monotonic()
    with log.open("wb") as output:
        run = subprocess.Popen(
            [str(ROOT / "scripts" / "run")], cwd=ROOT, env=_environment(), stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        while UP_LINE not in log.read_text("utf-8"):
            need(run.poll() is None, f"ended with {run.returncode}: {log.read_text('utf-8')[-400:]}")
            need(time.monotonic() - began < 180, f"not up in 180 s: {log.read_text('utf-8')[-400:]}")
            time.sleep(0.02)
        seconds = time.monotonic() - began
        started = descendants(run.pid)
        need(len(started) > 8, f"only {len(started)} processes were started")
        time.sleep(3.0)  # the city calls meanwhile
        started |= descendants(run.pid)
        run.send_signal(signal.SIGINT)
        need(run.wait(30) == 0, f"exit {run.returncode} after SIGINT")
    finally:
        if run.poll() is None:
            run.send_signal(signal.SIGTERM)
            run.wait(30)
    return seconds, sorted(started & alive()), _ports_taken()


def alive() -> set[str]:
    return {f"{pid} {name}" for pid, _, name in _processes()}


def descendants(root: int) -> set[str]:
    """`pid name` of every process below `root`."""
    known, found = {root}, set()
    rows = _processes()
    grown = True
    while grown:
        grown = False
        for pid, parent, name in rows:
            if parent in known and pid not in known:
                known.add(pid)
                found.add(f"{pid} {name}")
                grown = True
    return found


def _processes() -> list[tuple[int, int, str]]:
    rows = []
    for entry in Path("/proc").iterdir():
        try:
            text = (entry / "stat").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue  # it ended meanwhile
        if text:
            name, fields = text[text.find("(") + 1 : text.rfind(")")], text[text.rfind(")") + 2 :].split()
            if fields[0] not in "ZX":
                rows.append((int(entry.name), int(fields[1]), name))
    return rows


def _ports_taken() -> list[Any]:
    taken = []
    for name, numbers in json.loads((_var() / "ports.json").read_text("utf-8")).items():
        kind = socket.SOCK_STREAM if name in ("ami", "https", "redis-tls") else socket.SOCK_DGRAM
        port = numbers[0] if isinstance(numbers, list) else numbers
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind is socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a closed port's TIME_WAIT is no owner
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                taken.append((name, port))
    return taken


def house_rules() -> str:
    ran = _program("check", seconds=600)
    need(ran.returncode == 0, _tail(ran))
    return _tail(ran, 1)


def whole_tests() -> str:
    ran = _program("test", "-q", seconds=1500)
    need(ran.returncode == 0, _tail(ran))
    return _tail(ran, 1)


def simulated_nights() -> str:
    ran = _program("simulate", "--seeds", "20", seconds=600)
    need(ran.returncode == 0, _tail(ran))
    return _tail(ran, 1)


def pictures() -> str:
    """A PNG for each workplace, each with a window's size and more than one colour."""
    program = ROOT / "scripts" / "screenshots"
    need(program.exists(), "there is no scripts/screenshots")
    with tempfile.TemporaryDirectory(prefix="dispatch-shots-") as directory:
        ran = _program("screenshots", directory, seconds=300)
        need(ran.returncode == 0, _tail(ran))
        made = sorted(Path(directory).glob("*.png"))
        lacking = [place for place in WORKPLACES if not any(place in file.name for file in made)]
        need(not lacking, f"no picture of: {lacking}; made: {[file.name for file in made]}")
        for file in made:
            data = file.read_bytes()
            width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
            workplace = any(place in file.name for place in WORKPLACES)
            least = (1000, 600) if workplace else DIALOG_LEAST
            need(data[:8] == b"\x89PNG\r\n\x1a\n", f"{file.name} is no PNG")
            need(width >= least[0] and height >= least[1], f"{file.name}: {width}x{height}")
            seen = len(data) > (30_000 if workplace else 8_000)
            need(seen, f"{file.name} has {len(data)} bytes: nothing to see on it")
        return f"{len(made)} pictures: {', '.join(file.stem for file in made)}"


def first_lines() -> str:
    """The README begins with the two commands, and nothing that ships is left to be done."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```\w*\n(.*?)```", readme, re.DOTALL)
    need(block is not None and "scripts/run" in block[1] and "scripts/test" in block[1], "not in the first block")
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b|except Exception:\s*pass")
    found = [
        str(file.relative_to(ROOT))
        for part in ("dispatch_core", "telephony", "console_gui", "gis", "db", "scripts")
        for file in sorted((ROOT / part).rglob("*.py"))
        if file != Path(__file__) and unfinished.search(file.read_text("utf-8"))
    ]
    need(not found, f"unfinished: {found}")
    return "README begins with scripts/run and scripts/test; nothing is marked unfinished"


SHIFTS = [
    Scenario(
        "twelve calls without a display",
        "scripts/run --headless --calls 12 exits 0; its last line counts 12 everywhere, lost 0, p99 at most 500 ms",
        twelve_calls,
    ),
    Scenario(
        "late, restarted and never-stopped console",
        "the same sequence and the same checksum, each over its own state",
        three_mirrors,
    ),
    Scenario("200 calls at 5 a second", "every call on every console, lost 0, p99 at most 500 ms", two_hundred_calls),
    Scenario(
        "a second start", "up in under 10 s; SIGINT stops everything that was started, ports are free", second_start
    ),
]
CHECKS = [
    Scenario("first lines of the README", "the two commands; no stub", first_lines),
    Scenario("simulated nights", "scripts/simulate --seeds 20 holds", simulated_nights),
    Scenario("pictures of the workplaces", "scripts/screenshots writes a PNG of each", pictures),
    Scenario("the rules of the house", "scripts/check passes", house_rules),
    Scenario("all tests", "scripts/test passes", whole_tests),
]
