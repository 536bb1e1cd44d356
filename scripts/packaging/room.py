"""A bare room: a root directory with nothing in it but the packaged console and the libraries that a desktop has.

No Python, no shell, no PATH, nobody's home. It is entered by chroot in a mount namespace of its own, as root.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from scripts.packaging.build import Built
from scripts.stage.progress import StageError

PROGRAM = "/opt/dispatch-console/dispatch-console"
LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
LOOKED_UP = ("libnss_files.so.2", "libnss_dns.so.2")
"""Libraries that are asked for by name while the program runs."""

LOCALE = "/usr/lib/locale/C.utf8"
DEVICES = ("null", "zero", "urandom", "random")


class Room:
    """``path`` is its root. ``without``: libraries that are left out, to see what is said then."""

    def __init__(self, path: Path, built: Built, without: Iterable[str] = ()) -> None:
        if os.geteuid() != 0:
            raise StageError("a bare room is made and entered by root: run this as root, or with --no-room")
        self.path = path
        shutil.rmtree(path, ignore_errors=True)
        for name in ("opt", "tmp", "dev/shm", "proc", "etc", "home/desk"):
            (path / name).mkdir(parents=True)
        os.chmod(path / "tmp", 0o1777)
        shutil.copytree(built.folder, path / "opt/dispatch-console", symlinks=True)
        self._libraries({name: where for name, where in built.needs.items() if name not in set(without)})
        for device in DEVICES:
            there = os.stat(f"/dev/{device}")
            os.mknod(path / "dev" / device, 0o666 | 0o020000, there.st_rdev)
            os.chmod(path / "dev" / device, 0o666)
        if Path(LOCALE).is_dir():
            shutil.copytree(LOCALE, path / LOCALE.lstrip("/"))
        (path / "etc/passwd").write_text("desk:x:0:0::/home/desk:/none\n")
        (path / "etc/hosts").write_text("127.0.0.1 localhost\n")

    def _libraries(self, needs: dict[str, str]) -> None:
        """Each where the loader looks for it."""
        into = self.path / "usr/lib"
        into.mkdir(parents=True)
        (self.path / "lib").symlink_to("usr/lib")
        (self.path / "lib64").symlink_to("usr/lib")
        for name, where in needs.items():
            if where:
                shutil.copy2(where, into / name)
        for loader in LOADERS:
            if Path(loader).exists():
                shutil.copy2(loader, into / Path(loader).name)
        beside = Path(next((it for it in needs.values() if it.endswith("libc.so.6")), "/lib/libc.so.6")).parent
        for name in LOOKED_UP:
            if (beside / name).exists():
                shutil.copy2(beside / name, into / name)

    def take(self, file: Path) -> str:
        """A copy of the file in the room; its name there."""
        shutil.copy2(file, self.path / "tmp" / file.name)
        return f"/tmp/{file.name}"

    def command(self) -> list[str]:
        """What starts the program in the room."""
        return ["/usr/bin/unshare", "--mount", "/usr/sbin/chroot", str(self.path), PROGRAM]

    @staticmethod
    def environment(display: str) -> dict[str, str]:
        """All that the program finds there."""
        return {"DISPLAY": display, "HOME": "/home/desk", "LANG": "C.UTF-8"}

    def programs(self) -> list[str]:
        """Whatever could be started there beside the console."""
        return sorted(
            str(it.relative_to(self.path)) for it in self.path.rglob("*")
            if it.is_file() and os.access(it, os.X_OK) and ".so" not in it.name and it.name != Path(PROGRAM).name
        )  # fmt: skip
