"""The virtual environment `.venv` of the checkout, made again only when pyproject.toml has changed.

Guards: an environment that was left half made is not taken for a whole one (its mark is written last); the
Python is new enough before anything is downloaded.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from pathlib import Path

from scripts.stage.layout import ROOT
from scripts.stage.progress import StageError, run_shown, step

OLDEST = (3, 11)
MARK = "dispatch-made-from"


def ensure_venv(root: Path = ROOT, extras: str = "test") -> Path:
    """The Python of the virtual environment, made or brought up to date, with these extras of the project beside its
    own packages. Raises StageError."""
    if sys.version_info < OLDEST:
        raise StageError(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and {sys.executable} is "
            f"{sys.version_info[0]}.{sys.version_info[1]}: put a newer python3 first in PATH"
        )
    with (root / "pyproject.toml").open() as project:
        fcntl.flock(project, fcntl.LOCK_EX)  # two runs at once make it once
        return _ensured(root, extras)


def _ensured(root: Path, extras: str) -> Path:
    home = root / ".venv"
    python = home / "bin" / "python"
    wanted = _fingerprint(root)
    mark = home / MARK
    marked = mark.read_text() if python.exists() and mark.exists() else ""
    if marked.startswith(wanted) and set(extras.split(",")) <= set(marked[len(wanted) :].strip().split(",")):
        return python
    with step("virtual environment: .venv (the first time about 250 MB are downloaded)"):
        if not python.exists() or not _runs(python):
            shutil.rmtree(home, ignore_errors=True)
            run_shown(
                [sys.executable, "-m", "venv", str(home)],
                failure="the virtual environment could not be made (Debian's Python needs python3-venv)",
            )
        quiet = [] if sys.stderr.isatty() else ["--progress-bar=off"]
        run_shown(
            [
                str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *quiet,
                "--editable", f"{root}[{extras}]",
            ],
            {"PIP_REQUIRE_VIRTUALENV": "0"},
            failure="the Python packages could not be installed",
        )  # fmt: skip
        mark.write_text(f"{wanted}{extras}\n")
    return python


def _fingerprint(root: Path) -> str:
    project = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    return f"{project} {sys.version_info[0]}.{sys.version_info[1]} {root}\n"


def _runs(python: Path) -> bool:
    try:
        run_shown([str(python), "-c", "import pip"])
    except StageError:
        return False
    return True
