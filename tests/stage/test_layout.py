"""Runtime directories: short enough for sockets, reachable for the user who needs them, found again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.stage.layout import LONGEST_SOCKET_NAME, SOCKET_PATH_LIMIT, Layout, reachable


def test_sockets_lie_under_var_when_the_path_is_short(short_tmp: Path) -> None:
    directory = Layout(short_tmp).sockets("redis")
    assert directory == short_tmp / "sockets" / "redis"
    assert directory.stat().st_mode & 0o777 == 0o700


def test_sockets_go_to_a_short_place_when_var_lies_deep(short_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    layout = Layout(short_tmp / ("d" * 100))
    directory = layout.sockets("redis")
    assert len(str(directory)) + LONGEST_SOCKET_NAME <= SOCKET_PATH_LIMIT
    assert directory.stat().st_mode & 0o777 == 0o700
    assert layout.sockets("redis") == directory, "a second run must find the same sockets"
    layout.remove()
    assert not directory.exists()


def test_the_place_of_sockets_is_made_again_after_a_reboot_emptied_tmp(
    short_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short_tmp))
    layout = Layout(short_tmp / ("d" * 100))
    gone = layout.sockets("redis")
    gone.rmdir()
    again = layout.sockets("redis")
    assert again.is_dir() and again != gone


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a server as another user")
def test_data_leaves_a_closed_directory_for_the_user_who_cannot_enter_it(short_tmp: Path) -> None:
    closed = short_tmp / "closed"
    closed.mkdir(mode=0o700)
    layout = Layout(closed / "var")
    layout.var.mkdir()
    assert not reachable(layout.var, "nobody")
    data = layout.data("postgresql", "nobody")
    assert not data.is_relative_to(closed)
    assert reachable(data, "nobody") and data.stat().st_mode & 0o777 == 0o700
    assert layout.data("postgresql", "nobody") == data
    assert (layout.var / "postgresql").readlink() == data
    layout.remove()
    assert not data.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start a server as another user")
def test_data_stays_under_var_when_the_user_can_enter(short_tmp: Path) -> None:
    assert Layout(short_tmp).data("postgresql", "nobody") == short_tmp / "postgresql"
