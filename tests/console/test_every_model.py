"""Every model that the console has, also one that is added tomorrow, goes through a lively night under Qt's tester."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel

import console_gui

BASES = {"console_gui.models.ordered_table.OrderedTable", "console_gui.models.live.LiveTable",
         "console_gui.trunk_admin.boards.TrunkTable"}  # fmt: skip
"""What only others are made from."""


def kinds() -> set[str]:
    found: set[str] = set()
    for module in pkgutil.walk_packages(console_gui.__path__, "console_gui."):
        if module.name.endswith("__main__"):
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            ours = isinstance(thing, type) and thing.__module__.startswith("console_gui")
            if ours and issubclass(thing, QAbstractItemModel):
                found.add(f"{thing.__module__}.{thing.__qualname__}")
    return found - BASES


def test_every_kind_of_model_is_under_the_tester_in_a_lively_night() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.console.lively"], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, f"a model told something wrong: {done.stderr[-2000:]}"
    watched = set(json.loads(done.stdout.splitlines()[-1]))
    there = kinds()
    assert len(there) >= 15
    assert there <= watched, f"never under the tester: {sorted(there - watched)}"


def test_a_warning_of_qt_fails_the_test_in_which_it_came() -> None:
    """While it is made ready, while it runs, in any thread, and while it is put away."""
    here = Path(__file__).with_name("warned.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(here)], capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    tests = here.read_text(encoding="utf-8").count("def test_")
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")) and "::" in line]
    blamed = {line.split("::")[1].split(" ")[0] for line in lines}
    assert len(blamed) == tests, done.stdout[-3000:]
