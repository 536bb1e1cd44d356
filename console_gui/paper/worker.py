"""The process that prints one sheet and ends: it takes a job from a pipe, writes the files, and says what became of it.

Guards: it stands behind the console in the queue for the processor; whatever goes wrong is said, in words.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from console_gui.paper.job import Job, Printed, encode, read_job
from console_gui.translations.formats import wall_clock

NICE = 10
PRINTER_S = 15.0


def main(pipe: Connection) -> None:
    """The process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with suppress(OSError):
        os.nice(NICE)
    with suppress(EOFError, OSError):  # the console is gone
        job = read_job(iter(pipe.recv_bytes, None))
        try:
            told = work(job)
        except Exception as problem:  # noqa: BLE001  (a sheet that cannot be made is said, whatever it was)
            told = Printed(problem=f"{type(problem).__name__}: {problem}"[:200])
        pipe.send_bytes(encode(told))


def work(job: Job) -> Printed:
    """Raises OSError where the disk says no."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    from console_gui import typefaces
    from console_gui.paper.pages import as_html, as_pdf
    from console_gui.paper.sheet import as_text, sheet
    from console_gui.paper.shelf import prune, put
    from console_gui.typefaces import FAMILY

    began = time.monotonic()
    application = QGuiApplication.instance() or QGuiApplication([sys.argv[0]])
    if FAMILY not in QFontDatabase.families():
        typefaces.load()
    lines = sheet(job)
    pdf, pages = as_pdf(job, lines)
    stamp = wall_clock(job.now, job.state.site.utc_offset_min, "%Y%m%d-%H%M%S")
    name = f"{job.incident}-{stamp}" if job.incident else f"board-{stamp}"
    parts = {".pdf": pdf, ".html": as_html(job, lines).encode(), ".txt": as_text(job, lines).encode()}
    file = put(Path(job.folder), name, parts)
    prune(Path(job.folder), job.keep, job.most_bytes)
    printer = to_printer(file) if job.to_printer else ""
    del application
    return Printed(
        file=str(file), pages=pages, bytes=sum(map(len, parts.values())), seconds=time.monotonic() - began,
        printer=printer,
    )  # fmt: skip


def to_printer(file: Path) -> str:
    """To the machine's usual printer, where it has the system's ``lp``: "sent", "none", or what it said."""
    lp = shutil.which("lp")
    if lp is None:
        return "none"
    try:
        done = subprocess.run(
            [lp, "-o", "media=A4", str(file)], capture_output=True, text=True, timeout=PRINTER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)[:120]
    return "sent" if done.returncode == 0 else (done.stderr.strip() or f"lp {done.returncode}")[:120]
