"""The packaged console: what it needs is said, what it is built of is looked through; and (long) it runs in a room
without Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from console_gui import needs
from console_gui.version import version
from scripts.packaging import build
from scripts.packaging.main import main


def test_what_lacks_is_named_with_its_package_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setitem(needs.X11, "libxcb-nowhere.so.9", "libxcb-nowhere9")
    monkeypatch.setitem(needs.SOUND, "libsilent.so.1", "libsilent1")
    assert needs.tell_what_lacks()
    vi, en = capsys.readouterr().err.strip().splitlines()
    for line in (vi, en):
        assert "libxcb-nowhere.so.9" in line and "apt-get install libsilent1 libxcb-nowhere9" in line
    assert vi.startswith("Máy này còn thiếu") and en.startswith("This machine lacks")


def test_a_machine_that_has_everything_hears_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not needs.tell_what_lacks()
    assert capsys.readouterr().err == ""


def test_off_screen_nothing_of_x11_is_wanted() -> None:
    assert "libxcb-cursor.so.0" in needs.wanted("") and "libxcb-cursor.so.0" in needs.wanted("xcb")
    assert "libxcb-cursor.so.0" not in needs.wanted("offscreen")


def test_a_packaged_console_says_what_it_was_built_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text(json.dumps(build.version()), "utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert version().startswith(build.version()["version"])
    assert build.version()["built_from"] in version()
    (tmp_path / "about.json").write_text("no version", "utf-8")
    assert version() == "?"


def test_files_that_tell_of_this_machine_are_found(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "one.bin").write_bytes(b"\x00\xff/home/somebody/checkout/console_gui/x.py\x00")
    (tmp_path / "two.bin").write_bytes(b"/usr/lib")
    assert build.tells_of_here(tmp_path, ("/home/somebody/checkout/",)) == ["inside/one.bin"]
    assert build.tells_of_here(tmp_path, ("/home/nobody/",)) == []


@pytest.mark.skipif(shutil.which("ldd") is None, reason="no ldd here")
def test_what_the_folder_does_not_bring_is_known(tmp_path: Path) -> None:
    """``env`` links with the C library; it is no library of the folder."""
    program = tmp_path / build.NAME
    shutil.copy2(shutil.which("env") or "/usr/bin/env", program)
    found = build.needs(tmp_path)
    assert Path(found["libc.so.6"]).is_file()
    (tmp_path / "_internal").mkdir()
    shutil.copy2(program, tmp_path / "_internal" / "beside")
    shutil.copy2(found["libc.so.6"], tmp_path / "_internal" / "libc.so.6")
    assert "libc.so.6" in build.needs(tmp_path), "the program itself starts before its folder is looked through"


@pytest.mark.long
@pytest.mark.skipif(find_spec("PyInstaller") is None, reason="PyInstaller is not installed: scripts/package-console")
def test_it_is_built_and_runs_in_a_room_without_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_VAR", str(tmp_path / "var"))
    assert main([str(tmp_path / "out")]) == 0
    folder = tmp_path / "out" / build.NAME
    assert (tmp_path / "out" / "board.png").stat().st_size > 20_000
    said = subprocess.run([folder / build.NAME, "--version"], env={}, capture_output=True, text=True, check=False)
    assert said.stdout.startswith(f"dispatch-console {build.version()['version']}"), said
