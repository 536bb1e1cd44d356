"""The agent as one file: what is in it, and that it is not handed out with what it must not need."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts.packaging import agent
from scripts.stage.layout import ROOT
from scripts.stage.progress import StageError


def test_it_is_built_and_tried_on_every_python_here(tmp_path: Path) -> None:
    ran = subprocess.run(
        [ROOT / "scripts/package-agent", tmp_path], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0 and "tried on a bare Python" in ran.stdout + ran.stderr, ran
    built = tmp_path / agent.NAME
    first = built.read_bytes()
    assert first.startswith(b"#!/usr/bin/env python3\n") and str(ROOT).encode() not in first
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
    assert {"__main__.py", "telephony/trunk/agent/serve.py", "telephony/trunk/agent/harmless.txt"} < set(names)
    assert not [name for name in names if not name.startswith(("__main__.py", "telephony/"))]
    assert agent.build(tmp_path).read_bytes() == first


@pytest.mark.parametrize("line", ["import msgspec", "from dispatch_core import ports", "from . import words"])
def test_more_than_the_standard_library_is_refused(line: str) -> None:
    with pytest.raises(StageError):
        agent._only_the_standard_library("x.py", f"import os\n{line}\n")


def test_what_an_old_python_does_not_read_is_refused() -> None:
    with pytest.raises(SyntaxError):
        agent._only_the_standard_library("x.py", "match 1:\n    case _:\n        pass\n")


def test_one_that_does_nothing_is_not_handed_out(tmp_path: Path) -> None:
    broken = tmp_path / agent.NAME
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("__main__.py", "print('hello')\n")
    with pytest.raises(StageError) as no:
        agent.try_it(broken, [next(iter(agent.bare_pythons()))])
    assert "hello" in str(no.value)
