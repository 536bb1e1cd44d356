"""How sipp is run here: a scenario written out from its template, one process, quiet, ended with its parent.

Guarded here: a template has no gap left unfilled; sipp's own watchdog never ends a run because the machine is
busy; a process counts as started when it answers SIP on its port.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.stage.processes import Child
from scripts.stage.progress import StageError

TEMPLATES = Path(__file__).parent / "sipp"
LOOPBACK = "127.0.0.1"
EVER = 86_400_000  # milliseconds: a day, where sipp must name a limit
READY_WITHIN = 30.0  # seconds; of a busy machine

_OPTIONS = (
    "OPTIONS sip:{host}:{port} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP {host}:{own};branch=z9hG4bK-ready-{number}\r\n"
    "From: <sip:ready@{host}:{own}>;tag=ready{number}\r\n"
    "To: <sip:{host}:{port}>\r\n"
    "Call-ID: ready-{own}-{number}\r\n"
    "CSeq: 1 OPTIONS\r\n"
    "Contact: <sip:ready@{host}:{own}>\r\n"
    "Max-Forwards: 70\r\n"
    "Content-Length: 0\r\n\r\n"
)


def sipp_command() -> str:
    """The path of sipp. StageError when there is none."""
    found = shutil.which("sipp")
    if found is None:
        raise StageError("there is no sipp on this machine: install the package sip-tester, or run scripts/run")
    return found


def write_scenario(template: str, gaps: Mapping[str, str | int], to: Path) -> Path:
    """Fill the @GAPS@ of a template and write it to `to`. ValueError when gaps and fillings do not match."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(fill(template, gaps), "utf-8")
    return to


def fill(template: str, gaps: Mapping[str, str | int]) -> str:
    """The text of a template with its @GAPS@ filled and without comments. ValueError as above."""
    text = re.sub(r"<!--.*?-->\n?", "", (TEMPLATES / template).read_text("utf-8"), flags=re.DOTALL)
    wanted = set(re.findall(r"@([A-Z_]+)@", text))
    if wanted != set(gaps):
        raise ValueError(f"{template} has the gaps {sorted(wanted)}, not {sorted(gaps)}")
    for name, value in gaps.items():
        text = text.replace(f"@{name}@", str(value))
    return text


def sipp_child(name: str, port: int, home: Path, arguments: Sequence[str], host: str = LOOPBACK) -> Child:
    """One sipp on `host`:`port`, not started yet. Its output and errors go to `home`."""
    command = [sipp_command(), "-i", host, "-p", str(port), "-nostdin", "-skip_rlimit"]
    command += ["-f", "86400", "-l", "100000", "-deadcall_wait", "1000"]
    command += ["-watchdog_minor_maxtriggers", "1000000", "-watchdog_major_maxtriggers", "1000000"]
    command += ["-trace_err", "-error_file", str(home / f"{name}.errors")]
    # sipp keeps nothing that an orderly end would save, and on SIGTERM it waits for its calls
    return Child(
        name,
        [*command, *arguments],
        home / f"{name}.log",
        cwd=home,
        stop_signal=signal.SIGKILL,
        death_signal=signal.SIGKILL,
    )


def await_sip(child: Child, port: int, timeout: float = READY_WITHIN, host: str = LOOPBACK) -> None:
    """Wait until `host`:`port` answers OPTIONS. StageError with the child's last words when it does not."""
    deadline = time.monotonic() + timeout
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((LOOPBACK, 0))
        asking.settimeout(0.05)
        own = asking.getsockname()[1]
        number = 0
        while time.monotonic() < deadline and child.alive:
            number += 1
            request = _OPTIONS.format(host=host, port=port, own=own, number=number)
            try:
                asking.sendto(request.encode(), (host, port))
                if asking.recv(2048).startswith(b"SIP/2.0 200"):
                    return
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.02)
    raise StageError(f"{child.name} did not answer SIP on port {port}; {child.log} says:\n{child.last_words()}")
