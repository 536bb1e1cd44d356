"""Preparing a checkout: the environment is made once, made again when it must be, and never half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scripts.stage import bootstrap, private_apt, venv
from scripts.stage.machine import debian_keyring
from scripts.stage.private_apt import PrivateApt
from scripts.stage.progress import StageError

Pip = Callable[..., None]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    return tmp_path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, checkout: Path) -> list[str]:
    """What would have been run; making an environment makes its Python."""
    seen: list[str] = []

    def run(command: Sequence[str], env: object = None, failure: str = "") -> None:
        seen.append("venv" if "venv" in command else "pip" if "install" in command else "look")
        if "venv" in command:
            python = checkout / ".venv/bin/python"
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(venv, "run_shown", run)
    return seen


def test_the_environment_is_made_once(checkout: Path, commands: list[str]) -> None:
    assert venv.ensure_venv(checkout) == checkout / ".venv/bin/python"
    assert commands == ["venv", "pip"]
    venv.ensure_venv(checkout)
    assert commands == ["venv", "pip"]


def test_a_changed_project_is_installed_again_into_the_same_environment(checkout: Path, commands: list[str]) -> None:
    venv.ensure_venv(checkout)
    (checkout / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    venv.ensure_venv(checkout)
    assert commands == ["venv", "pip", "look", "pip"]


def test_an_environment_that_was_left_half_made_is_finished(
    checkout: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(command: Sequence[str], env: object = None, failure: str = "") -> None:
        raise StageError(failure)

    with monkeypatch.context() as patch:
        patch.setattr(venv, "run_shown", broken)
        with pytest.raises(StageError, match="python3-venv"):
            venv.ensure_venv(checkout)
    assert not (checkout / ".venv" / venv.MARK).exists()
    venv.ensure_venv(checkout)
    assert commands == ["venv", "pip"]


def test_an_old_python_is_refused_in_a_sentence(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(StageError, match=r"Python 3\.11 or newer is needed, and .* is 3\.10"):
        venv.ensure_venv(checkout)


def test_what_cannot_be_done_ends_with_a_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(chosen: set[str]) -> Path:
        raise StageError("no sudo here; as root: apt-get install x")

    monkeypatch.setattr(bootstrap, "prepare", refuse)
    with pytest.raises(SystemExit) as ended:
        bootstrap.main(["scripts.stage.run"])
    assert ended.value.code == 1
    assert "cannot go on: no sudo here" in capsys.readouterr().err


def test_the_private_apt_has_nothing_of_the_hosts_state_and_hooks(short_tmp: Path) -> None:
    PrivateApt(short_tmp, "http://mirror.example/debian", debian_keyring() or Path("/dev/null"))
    dump = subprocess.run(
        ["apt-config", "dump"], env={"APT_CONFIG": str(short_tmp / "first.conf"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert f'Dir::State::status "{short_tmp}/status";' in dump
    assert f'Dir::Cache "{short_tmp}/cache";' in dump
    assert f'Dir::Etc::sourcelist "{short_tmp}/sources.list";' in dump
    hooks = ("Invoke::", "Invoke-Success::", "Install-Pkgs::")  # a list that was cleared has no members
    assert not [line for line in dump.splitlines() if any(hook in line for hook in hooks)]
    assert (short_tmp / "status").read_text() == ""
    assert "[signed-by=" in (short_tmp / "sources.list").read_text()


def test_a_mirror_that_fails_is_followed_by_the_next_and_at_last_by_expired_lists(
    short_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, bool]] = []

    class Apt:
        def __init__(self, home: Path, mirror: str, keyring: Path, expired_too: bool) -> None:
            tried.append((mirror, expired_too))

        def download(self, packages: Sequence[str]) -> list[Path]:
            if len(tried) < 3:
                raise StageError("the list has expired")
            return []

    monkeypatch.setattr(private_apt, "PrivateApt", Apt)
    monkeypatch.setattr(private_apt, "debian_keyring", lambda: Path("/keyring"))
    monkeypatch.setattr(private_apt, "debian_mirrors", lambda system: ["http://one/", "http://two/"])
    private_apt.fetch(["asterisk"], short_tmp / "into")
    assert tried == [("http://one/", False), ("http://two/", False), ("http://one/", True)]


def test_without_a_keyring_nothing_is_fetched(short_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_apt, "debian_keyring", lambda: None)
    with pytest.raises(StageError, match="debian-archive-keyring"):
        private_apt.fetch(["asterisk"], short_tmp)
