"""Builds the folder, and looks through it: its weight, what it tells of the machine it was built on, what it needs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.stage.layout import ROOT
from scripts.stage.progress import StageError, step

NAME = "dispatch-console"
SPEC = Path(__file__).with_name("console.spec")
BUILT_WITHIN_S = 600
_NEEDED = re.compile(r"^\s+(\S+) => (not found|\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Built:
    """``needs``: libraries that the folder does not bring, to the file that gives each here ("" = none does)."""

    folder: Path
    needs: dict[str, str]

    @property
    def program(self) -> Path:
        return self.folder / NAME

    @property
    def megabytes(self) -> float:
        return sum(it.stat().st_size for it in self.folder.rglob("*") if it.is_file() and not it.is_symlink()) / 1e6


def build(into: Path) -> Built:
    """``into``/dispatch-console, anew. Raises StageError."""
    into.mkdir(parents=True, exist_ok=True)
    with step("the console is packaged (a minute)"), tempfile.TemporaryDirectory(prefix="dispatch-package-") as work:
        about = Path(work) / "about.json"
        about.write_text(json.dumps(version()), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "--distpath",
             str(Path(work) / "dist"), "--workpath", str(Path(work) / "work"), str(SPEC)],
            cwd=work, env={**os.environ, "DISPATCH_ROOT": str(ROOT), "DISPATCH_ABOUT": str(about)},
            capture_output=True, text=True, timeout=BUILT_WITHIN_S, check=False,
        )  # fmt: skip
        if done.returncode:
            raise StageError(f"PyInstaller: {done.stderr[-2000:]}")
        folder = into / NAME
        shutil.rmtree(folder, ignore_errors=True)
        shutil.move(Path(work) / "dist" / NAME, folder)
    return Built(folder, needs(folder))


def version() -> dict[str, str]:
    """As the project says it, and of which state of the sources."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return {"version": project["version"], "built_from": asked.stdout.strip()}


def tells_of_here(folder: Path, words: Iterable[str]) -> list[str]:
    """Files of the folder in which one of these words (paths of this machine) stands."""
    wanted = [word.encode() for word in words]
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
            if any(word in data for word in wanted):
                found.append(str(file.relative_to(folder)))
    return found


def needs(folder: Path) -> dict[str, str]:
    """What the folder's programs and libraries are linked with that is not in it."""
    outside: dict[str, str] = {}
    files = [it for it in folder.rglob("*") if it.is_file() and not it.is_symlink() and _is_elf(it)]
    own = {it.name for it in folder.rglob("*")}
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder / "_internal")}
    for file in files:
        first = file == folder / NAME  # nothing of the folder is found before this one runs
        told = subprocess.run(
            ["ldd", str(file)], env=os.environ if first else environment, capture_output=True, text=True, check=False
        ).stdout
        for name, where in _NEEDED.findall(told):
            if first or (name not in own and not where.startswith(str(folder))):
                outside[name] = "" if where == "not found" else where
    return outside


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"
