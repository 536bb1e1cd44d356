"""What every program in scripts/ does first: packages, virtual environment, Asterisk; then it becomes that
program.

Runs on the machine's own Python with the standard library alone. Usage: python -m scripts.stage.bootstrap
[--window] [--screenshots] [--sound] [--peers] [--package] [--no-servers]
[MODULE [ARGUMENT...]]
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scripts.stage.asterisk_prefix import obtain
from scripts.stage.layout import ROOT, Layout
from scripts.stage.packages import ensure, needed_for
from scripts.stage.progress import StageError, say
from scripts.stage.venv import ensure_venv

OPTIONS = ("--window", "--screenshots", "--sound", "--peers", "--package", "--no-servers")


def main(arguments: list[str]) -> None:
    chosen = set()
    while arguments and arguments[0] in OPTIONS:
        chosen.add(arguments.pop(0))
    try:
        python = prepare(chosen)
    except StageError as error:
        say(f"cannot go on: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    if not arguments:
        return
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PATH"] = f"{python.parent}:/usr/local/bin:/usr/bin:/bin:{os.environ.get('PATH', '')}"
    os.execv(python, [str(python), "-m", *arguments])


def prepare(chosen: set[str]) -> Path:
    """Everything that has to be on the machine; the Python of the virtual environment. Raises StageError."""
    base = Path(getattr(sys, "_base_executable", sys.executable) or shutil.which("python3") or "python3")
    if "--no-servers" not in chosen:
        wanted = {name: f"--{name}" in chosen for name in ("window", "screenshots", "sound")}
        ensure(needed_for(base, **wanted))
    extras = ["test", *(name for name in ("peers", "package") if f"--{name}" in chosen)]
    python = ensure_venv(extras=",".join(extras))
    if "--no-servers" not in chosen:
        obtain(Layout.of_checkout())
    return python


if __name__ == "__main__":
    main(sys.argv[1:])
