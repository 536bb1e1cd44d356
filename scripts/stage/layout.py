"""Where a checkout keeps its runtime data: every path under `var/` has its name here.

Guards two limits of the kernel and of PostgreSQL: a unix socket's path has at most 107 bytes, and a server
that runs as another user must be able to walk to its files. Where `var/` lies too deep or too closed, the
directory is made elsewhere and `var/` keeps a symbolic link to it, so that everything is still found from one
place.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 107  # sun_path of unix(7) has 108 bytes, the last one is the terminating zero
LONGEST_SOCKET_NAME = len("/.s.PGSQL.65535.lock")


@dataclass(frozen=True, slots=True)
class Layout:
    """The tree of runtime data of one checkout, or of one test run."""

    var: Path

    @classmethod
    def of_checkout(cls) -> Layout:
        """`DISPATCH_VAR`, or `var/` in the checkout; created when absent."""
        named = os.environ.get("DISPATCH_VAR")
        layout = cls(Path(named).absolute() if named else ROOT / "var")
        layout.var.mkdir(parents=True, exist_ok=True)
        return layout

    @property
    def log(self) -> Path:
        return self._made("log")

    @property
    def secrets(self) -> Path:
        return self._made("secrets", mode=0o700)

    @property
    def tls(self) -> Path:
        return self._made("tls")

    @property
    def pids(self) -> Path:
        return self._made("pids")

    @property
    def asterisk(self) -> Path:
        return self._made("asterisk")

    @property
    def ports(self) -> Path:
        return self.var / "ports.json"

    def sockets(self, owner: str, user: str | None = None) -> Path:
        """A directory of mode 0700 for the unix sockets of one server, short enough for any socket name in
        it.

        `user`, for whom root starts the server, will own it.
        """
        near = self.var / "sockets" / owner
        near.parent.mkdir(parents=True, exist_ok=True)
        too_long = len(os.fsencode(near)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT
        if too_long or not reachable(near.parent, user):
            runtime = None if user else os.environ.get("XDG_RUNTIME_DIR")
            directory = elsewhere(near, Path(runtime or "/tmp"))
        else:
            directory = near
            directory.mkdir(mode=0o700, exist_ok=True)
        return owned(directory, user)

    def data(self, name: str, user: str | None = None) -> Path:
        """A directory of mode 0700 for the data of one server, where `user` can walk to it and owns it."""
        near = self.var / name
        if reachable(self.var, user):
            near.mkdir(mode=0o700, exist_ok=True)
            return owned(near, user)
        return owned(elsewhere(near, Path("/var/tmp")), user)

    def remove(self) -> None:
        """Delete the whole tree, and what was made elsewhere for it. For the trees of tests."""
        for link in [*self.var.glob("sockets/*"), *self.var.iterdir()]:
            if link.is_symlink():
                shutil.rmtree(link.resolve(), ignore_errors=True)
        shutil.rmtree(self.var)

    def _made(self, name: str, mode: int = 0o755) -> Path:
        path = self.var / name
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        return path


def reachable(directory: Path, user: str | None) -> bool:
    """Whether `user` can walk into the directory; asked of the kernel, as that user."""
    if user is None:
        return True
    asked = subprocess.run(
        ["/usr/bin/test", "-x", directory], user=user, group=user_group(user), extra_groups=[], check=False
    )
    return asked.returncode == 0


def user_group(user: str) -> int:
    """The primary group of a user."""
    return pwd.getpwnam(user).pw_gid


def owned(directory: Path, user: str | None) -> Path:
    """Give a directory to `user`; returns it."""
    if user is not None:
        os.chown(directory, pwd.getpwnam(user).pw_uid, user_group(user))
    return directory


def elsewhere(pointer: Path, base: Path) -> Path:
    """The directory that `pointer` links to; made under `base` with mode 0700 when there is none yet."""
    if pointer.is_symlink() and pointer.is_dir():
        return pointer.readlink()
    pointer.unlink(missing_ok=True)
    made = Path(tempfile.mkdtemp(prefix="dispatch-", dir=base))
    pointer.symlink_to(made)
    return made
