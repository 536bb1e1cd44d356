"""Which packages are missing, told from what dpkg says; and that root's rights are asked for only then."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts.stage import packages
from scripts.stage.machine import System, debian_mirrors
from scripts.stage.packages import INSTALLER, Package, installed_packages, missing, needed_for
from scripts.stage.progress import StageError

BARE = """\
ii |amd64|libc6|libc6-i386 (= 2.36)
ii |amd64|python3-minimal|
ii |all|debian-archive-keyring|
"""
BOOKWORM = (
    BARE
    + """\
ii |all|postgresql|
ii |amd64|redis-server|
ii |amd64|sip-tester|sipp
ii |amd64|libgl1|libgl1-mesa-swx11
ii |amd64|libegl1|
ii |amd64|libxkbcommon0|
hi |amd64|libdbus-1-3|
ii |amd64|libfontconfig1|
ii |amd64|libglib2.0-0|
ii |amd64|libpulse0|
ii |amd64|python3-venv|
"""
)
TRIXIE = BOOKWORM.replace("libglib2.0-0|", "libglib2.0-0t64|libglib2.0-0 (= 2.84.4-3)")
SYSTEM_PYTHON = Path("/usr/bin/python3.11")
OWN_PYTHON = Path("/opt/python/bin/python3")


def _missing(status: str, wanted: list[Package]) -> list[str]:
    empty = Path("/nonexistent")
    return [p.name for p in missing(wanted, installed_packages("amd64", status), str(empty), empty)]


def test_on_a_bare_machine_everything_is_missing() -> None:
    wanted = needed_for(SYSTEM_PYTHON)
    assert _missing(BARE, wanted) == [package.name for package in wanted]
    assert {"postgresql", "redis-server", "sip-tester", "libgl1", "python3-venv"} <= {p.name for p in wanted}


@pytest.mark.parametrize("status", [BOOKWORM, TRIXIE], ids=["bookworm", "trixie"])
def test_nothing_is_missing_where_all_is_installed(status: str) -> None:
    assert _missing(status, needed_for(SYSTEM_PYTHON)) == []


@pytest.mark.parametrize("state", ["rc ", "un ", "iU ", "iF "])
def test_a_package_that_is_not_whole_is_missing(state: str) -> None:
    status = BOOKWORM.replace("ii |amd64|redis-server", f"{state}|amd64|redis-server")
    assert _missing(status, needed_for(SYSTEM_PYTHON)) == ["redis-server"]


def test_a_library_of_another_architecture_does_not_serve() -> None:
    status = BOOKWORM.replace("ii |amd64|libgl1|", "ii |i386|libgl1|")
    assert _missing(status, needed_for(SYSTEM_PYTHON)) == ["libgl1"]


def test_a_server_built_by_hand_serves(short_tmp: Path) -> None:
    program = short_tmp / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    newest = short_tmp / "usr/lib/postgresql/17/bin/postgres"
    newest.parent.mkdir(parents=True)
    newest.touch()
    wanted = [p for p in needed_for(OWN_PYTHON) if p.name in ("redis-server", "postgresql", "sip-tester")]
    left = missing(wanted, installed_packages("amd64", BARE), str(short_tmp), short_tmp)
    assert [p.name for p in left] == ["sip-tester"]


def test_venv_is_wanted_only_for_the_distributions_python() -> None:
    assert "python3-venv" in {p.name for p in needed_for(SYSTEM_PYTHON)}
    assert "python3-venv" not in {p.name for p in needed_for(OWN_PYTHON)}


def test_a_display_and_pictures_want_more() -> None:
    headless = {p.name for p in needed_for(OWN_PYTHON)}
    window = {p.name for p in needed_for(OWN_PYTHON, window=True)}
    pictures = {p.name for p in needed_for(OWN_PYTHON, screenshots=True)}
    heard = {p.name for p in needed_for(OWN_PYTHON, sound=True)}
    assert heard - headless == {"pulseaudio", "pulseaudio-utils"}
    assert headless < window < pictures
    assert "libxcb-cursor0" in window - headless and "xvfb" in pictures - window


def test_this_machine_lacks_nothing_of_what_these_tests_run_on() -> None:
    names = {p.name for p in missing(needed_for(OWN_PYTHON), installed_packages("amd64"))}
    assert not names & {"postgresql", "redis-server"}


def test_nothing_is_run_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "installed_packages", lambda architecture: frozenset({"libgl1"}))
    monkeypatch.setattr(packages, "install", lambda lacking: pytest.fail(f"{lacking} is not missing"))
    packages.ensure([Package("libgl1", "the console")])


def test_sudo_is_asked_by_who_is_not_root_and_reasons_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(packages, "run_shown", lambda command, failure: commands.append(command))
    packages.install([Package("sip-tester", "carrier and callers")])
    assert commands == [["sudo", "/bin/sh", str(INSTALLER), "sip-tester"]]
    assert "sip-tester: carrier and callers" in capsys.readouterr().err


def test_without_sudo_the_command_for_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(StageError, match="apt-get install --no-install-recommends sip-tester xvfb"):
        packages.install([Package("sip-tester", "callers"), Package("xvfb", "pictures")])


def test_the_installer_is_a_program_that_the_shell_understands() -> None:
    assert subprocess.run(["/bin/sh", "-n", INSTALLER], check=False).returncode == 0


@pytest.mark.parametrize(
    ("system", "targets", "expected"),
    [
        (
            System("debian", "12", "bookworm"),
            "http://mirror.example/debian/ bookworm\nhttp://security.example/ bookworm-security\n",
            ["http://mirror.example/debian/", "https://template.example/debian/"],
        ),
        (
            System("debian", "13", "trixie"),
            "https://template.example/debian/ trixie\nhttps://template.example/debian/ trixie\n",
            ["https://template.example/debian/"],
        ),
        (
            System("ubuntu", "24.04", "noble"),
            "http://mirror.example/ubuntu/ noble\n",
            ["https://template.example/debian/"],
        ),
    ],
)
def test_the_machines_own_mirror_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: System, targets: str, expected: list[str]
) -> None:
    template = tmp_path / "Debian.info"
    template.write_text("Suite: sid\nBaseURI: https://template.example/debian/\nBaseURI: https://safe.example/\n")
    monkeypatch.delenv("DISPATCH_DEBIAN_MIRROR", raising=False)
    assert debian_mirrors(system, targets, template) == expected
    assert "https://template.example/debian/" not in debian_mirrors(system, "", tmp_path / "none")
    monkeypatch.setenv("DISPATCH_DEBIAN_MIRROR", "http://override.example/debian")
    assert debian_mirrors(system, targets, template)[0] == "http://override.example/debian"
