"""The private Asterisk, for real, on a configuration of a few lines: boot, ask, adopt, kill, stop."""

from __future__ import annotations

import dataclasses
import os
import socket
from pathlib import Path

import pytest

from scripts.stage.asterisk import AsteriskServer
from scripts.stage.asterisk_prefix import AsteriskPrefix, new_enough, obtain, unpacked
from scripts.stage.layout import Layout
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.progress import StageError

FILES = {
    "modules.conf": "[modules]\nautoload=no\nload = pbx_config.so\n",
    "extensions.conf": "[trunk]\nexten => 113,1,NoOp(xin chào)\n",
    "logger.conf": "[general]\n[logfiles]\nconsole => notice,warning,error\n",
}


def _files(port: int) -> dict[str, str]:
    manager = f"[general]\nenabled = yes\nport = {port}\nbindaddr = {LOOPBACK}\n"
    return {**FILES, "manager.conf": manager}


def test_its_whole_life(short_tmp: Path, asterisk_prefix: AsteriskPrefix) -> None:
    layout = Layout(short_tmp)
    port = Ports(layout.ports).tcp("ami")
    home, run = layout.asterisk / "site", layout.sockets("asterisk")
    first = AsteriskServer(asterisk_prefix, home, run, _files(port))
    first.start()
    with socket.create_connection((LOOPBACK, port), 2) as ami:
        assert ami.recv(100).startswith(b"Asterisk Call Manager/")
    assert "xin chào" in first.ask("dialplan show trunk")
    assert str(home) in first.ask("core show settings")

    second = AsteriskServer(asterisk_prefix, home, run, _files(port))
    second.start()
    assert second.adopted and second.pid == first.pid
    second.stop()
    assert first.alive
    first.kill9()
    assert not second.alive
    second.start()
    assert not second.adopted
    second.stop()
    assert not second.alive and second.log is not None and "cleanly ending" in second.log.read_text()


def test_files_that_are_no_longer_rendered_are_removed(short_tmp: Path, asterisk_prefix: AsteriskPrefix) -> None:
    home = short_tmp / "site"
    home.joinpath("etc").mkdir(parents=True)
    home.joinpath("etc/pjsip.conf").write_text("[stale]\n")
    server = AsteriskServer(asterisk_prefix, home, short_tmp, {**FILES, "asterisk.conf": "[options]\nx = y\n"})
    server.write_configuration()
    assert not (home / "etc/pjsip.conf").exists()
    written = (home / "etc/asterisk.conf").read_text()
    assert written.startswith("[directories]\n") and written.endswith("[options]\nx = y\n")
    assert (home / "etc/asterisk.conf").stat().st_mode & 0o777 == 0o600


def test_one_that_cannot_start_says_why(short_tmp: Path, asterisk_prefix: AsteriskPrefix) -> None:
    broken = {**FILES, "modules.conf": "[modules]\nautoload=no\nrequire = no_such_module.so\n"}
    server = AsteriskServer(asterisk_prefix, short_tmp / "site", short_tmp, broken)
    with pytest.raises(StageError, match=r"(?s)ended at once.*no_such_module"):
        server.start()


def test_the_prefix_is_whole_and_new_enough(asterisk_prefix: AsteriskPrefix) -> None:
    assert new_enough(asterisk_prefix.version())
    assert asterisk_prefix.lacks() == []
    assert (asterisk_prefix.data / "sounds/en").is_dir()


def test_a_missing_library_is_named(short_tmp: Path, asterisk_prefix: AsteriskPrefix) -> None:
    if asterisk_prefix.loader is None:
        pytest.skip("the host's own Asterisk has the host's libraries")
    libraries = asterisk_prefix.loader.parent
    for library in libraries.glob("*.so*"):
        if not library.name.startswith("libjansson"):
            (short_tmp / library.name).symlink_to(library)
    (short_tmp / "asterisk").symlink_to(libraries / "asterisk")
    less = dataclasses.replace(asterisk_prefix, libraries=f"{short_tmp}{os.pathsep}{short_tmp}/asterisk")
    assert less.lacks() and all("libjansson" in entry for entry in less.lacks())
    without = dataclasses.replace(asterisk_prefix, modules=short_tmp)
    assert "app_queue.so" in without.lacks()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((16, 28), False), ((18, 25), False), ((18, 26), True), ((20, 6), False), ((20, 11), True),
        ((19, 99), False), ((21, 5), False), ((22, 0), False), ((22, 1), True), ((23, 0), True),
    ],
)  # fmt: skip
def test_which_releases_serve(version: tuple[int, int], expected: bool) -> None:
    assert new_enough(version) is expected


def test_a_named_prefix_that_holds_nothing_is_refused(short_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCH_ASTERISK_PREFIX", str(short_tmp))
    assert unpacked(short_tmp) is None
    with pytest.raises(StageError, match="holds no unpacked Asterisk"):
        obtain(Layout(short_tmp))
