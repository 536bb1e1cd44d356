"""An SSH server on loopback that belongs to this checkout, for what is done at another machine: one key may sign in,
and is held to one command.

The host's own sshd program serves where there is one, else the package of Debian's suite `sid`, unpacked and run by its
own dynamic loader. Guards: the host's accounts and settings are not changed: the account `sshd` that it wants stands in
a copy of /etc/passwd that only it sees, in a mount namespace of its own.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.stage.layout import Layout
from scripts.stage.ports import LOOPBACK
from scripts.stage.private_apt import fetch
from scripts.stage.processes import Child, wait_until
from scripts.stage.progress import StageError, step

PROGRAMS = {"sshd": "usr/sbin/sshd", "session": "usr/lib/openssh/sshd-session", "auth": "usr/lib/openssh/sshd-auth"}
CONFIG = """\
ListenAddress {loopback}:{port}
HostKey {home}/host_key
AuthorizedKeysFile {home}/authorized_keys
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
PrintMotd no
LogLevel ERROR
"""
CONFINED = """\
set -e
mount --bind {home}/passwd /etc/passwd
[ -d /run/sshd ] || {{ mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/sshd; }}
exec {sshd} -D -e -f {home}/sshd_config
"""


class SshServer:
    """`command` is what whoever signs in gets. `home` is made anew."""

    def __init__(self, layout: Layout, home: Path, port: int, command: Sequence[str]) -> None:
        self.home = home
        self.port = port
        self._programs = obtain(layout)
        self._command = list(command)
        self._child: Child | None = None

    def start(self) -> None:
        """Return when it takes connections. Raises StageError."""
        home = self.home
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o700, parents=True)
        for key in ("host_key", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / key], check=True)
        public = (home / "key.pub").read_text().strip()
        command = shlex.join(self._command).replace('"', '\\"')
        (home / "authorized_keys").write_text(f'restrict,command="{command}" {public}\n')
        config = CONFIG.format(loopback=LOOPBACK, port=self.port, home=home)
        for name in ("session", "auth"):
            if name in self._programs:
                config += f"Sshd{name.capitalize()}Path {self._programs[name]}\n"
        (home / "sshd_config").write_text(config)
        accounts = Path("/etc/passwd").read_text()
        if "\nsshd:" not in accounts:
            accounts += "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n"
        (home / "passwd").write_text(accounts)
        (home / "confined.sh").write_text(CONFINED.format(home=home, sshd=self._programs["sshd"]))
        run = [str(self._programs["sshd"]), "-D", "-e", "-f", str(home / "sshd_config")]
        if os.geteuid() == 0:  # only then it wants that account
            run = ["unshare", "-m", "/bin/sh", str(home / "confined.sh")]
        self._child = Child("sshd", run, home / "sshd.log", cwd=home)
        self._child.start()
        wait_until(self._serves, self._child, 15.0)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def client(self) -> list[str]:
        """The command line that signs in at it; what is to be run there follows, and is not what is run."""
        return [
            "ssh", "-T", "-F", "none", "-p", str(self.port), "-i", str(self.home / "key"),
            "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={self.home}/known",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR", f"{getpass.getuser()}@{LOOPBACK}",
        ]  # fmt: skip

    def _serves(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), 1.0) as line:
                return line.recv(4) == b"SSH-"
        except OSError:
            return False


def obtain(layout: Layout) -> dict[str, Path]:
    """"sshd" to a program that can be run, and "session" and "auth" where they are programs of their own."""
    if shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        raise StageError("no ssh on this machine: install the package openssh-client")
    own = shutil.which("sshd", path="/usr/local/sbin:/usr/sbin:/sbin")
    if own is not None:
        return {"sshd": Path(own)}
    home = layout.var / "ssh"
    home.mkdir(parents=True, exist_ok=True)
    prefix = home / "prefix"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once fetch it once
        if not prefix.exists():
            with step("SSH server: fetching a private one from Debian sid (about 15 MB, nothing is installed)"):
                whole = home / "unpacking"
                shutil.rmtree(whole, ignore_errors=True)
                fetch(["openssh-server"], whole)
                whole.rename(prefix)
        return {name: _script(home, prefix, name) for name in PROGRAMS if (prefix / PROGRAMS[name]).exists()}


def _script(home: Path, prefix: Path, name: str) -> Path:
    """Runs a program of the prefix with the prefix's own libraries, under this script's name: it starts itself anew."""
    loader = next(iter(sorted(prefix.glob("usr/lib/*/ld-linux-*.so.*"))), None)
    if loader is None:
        raise StageError(f"{prefix} holds no C library: delete {home}, and it is fetched anew")
    words = [str(loader), "--library-path", str(loader.parent), "--argv0"]
    script = home / f"run-{name}"
    text = f'#!/bin/sh\nexec {shlex.join(words)} "$0" {shlex.quote(str(prefix / PROGRAMS[name]))} "$@"\n'
    if not script.exists() or script.read_text() != text:
        new = script.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o755)
        new.replace(script)
    return script
