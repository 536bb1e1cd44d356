"""A private Asterisk as a child in the foreground, on configuration files that somebody else has rendered.

Only `[directories]` of asterisk.conf is written here, because those paths differ from machine to machine; every
other file comes in as text. Guards: nothing of /etc/asterisk or /var/lib/asterisk is read or written; `start`
returns only when Asterisk says that it has fully booted.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.processes import Child, Identity, read_identity, wait_until, write_identity
from scripts.stage.progress import StageError

OPTIONS = "[options]\nnocolor = yes\ntimestamp = yes\ndocumentation_language = en_US\n"
# what Asterisk writes to is under its home; what it only reads comes from the prefix
WRITTEN = ("etc", "lib", "db", "spool", "log", "recordings")


class AsteriskServer:
    """One Asterisk with its home directory: etc/, lib/, db/, spool/, log/ and recordings/ in it.

    `run` is a short directory for its control socket. `files` are rendered configuration files by name; an
    asterisk.conf among them adds its sections to our `[directories]`.
    """

    def __init__(
        self, prefix: AsteriskPrefix, home: Path, run: Path, files: Mapping[str, str], name: str = "asterisk"
    ) -> None:
        self.prefix = prefix
        self.home = home
        self.run = run
        self.files = files
        self._pid_file = home / "pid.json"
        self._adopted: Identity | None = None
        self._child = Child(
            name,
            prefix.command("-C", str(self.etc / "asterisk.conf"), "-f"),
            home / "log" / f"{name}.out",
            stop_signal=signal.SIGTERM,
        )

    @property
    def etc(self) -> Path:
        return self.home / "etc"

    @property
    def log(self) -> Path:
        """What it printed; the logs that logger.conf asks for are beside it."""
        return self._child.log

    @property
    def pid(self) -> int:
        return self._adopted.pid if self._adopted else self._child.pid

    @property
    def alive(self) -> bool:
        return self._adopted.alive if self._adopted else self._child.alive

    def start(self, timeout: float = 20.0) -> None:
        """Write the files, start, and wait until it has booted; adopts one that already runs from this home.

        An adopted one keeps the configuration that it runs on. Raises StageError.
        """
        for directory in WRITTEN:
            (self.home / directory).mkdir(parents=True, exist_ok=True)
        self._adopted = read_identity(self._pid_file)
        if self._adopted is not None:
            return
        self.write_configuration()
        (self.run / "asterisk.ctl").unlink(missing_ok=True)
        self._child.start()
        identity = Identity.of(self._child.pid)
        if identity is not None:
            write_identity(self._pid_file, identity)
        wait_until((self.run / "asterisk.ctl").exists, self._child, timeout)
        wait_until(lambda: "fully booted" in self.ask("core waitfullybooted"), self._child, timeout, 0.05)

    def write_configuration(self) -> None:
        """Write every file anew, and remove those that are no longer rendered."""
        self.etc.mkdir(parents=True, exist_ok=True)
        files = {**self.files, "asterisk.conf": self._asterisk_conf()}
        for stale in self.etc.glob("*.conf"):
            if stale.name not in files:
                stale.unlink()
        for name, text in files.items():
            path = self.etc / name
            path.touch(mode=0o600)  # manager.conf and pjsip.conf hold secrets
            path.write_text(text)

    def ask(self, command: str, timeout: float = 20.0) -> str:
        """What a console command prints; empty when it cannot be reached."""
        line = self.prefix.command("-C", str(self.etc / "asterisk.conf"), "-rx", command)
        try:
            asked = subprocess.run(line, capture_output=True, text=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            return ""
        return asked.stdout if asked.returncode == 0 else ""

    def stop(self, grace: float = 5.0) -> None:
        """SIGTERM, then SIGKILL; one that was adopted is left alone."""
        self._child.stop(grace)

    def kill9(self) -> None:
        """SIGKILL without warning: no Hangup, no BYE."""
        if self._adopted is not None:
            raise StageError("this Asterisk was started by another process, which alone may kill it")
        self._child.kill9()

    def _asterisk_conf(self) -> str:
        prefix, home = self.prefix, self.home
        directories = {
            "astetcdir": self.etc,
            "astmoddir": prefix.modules,
            "astvarlibdir": home / "lib",
            "astdbdir": home / "db",
            "astkeydir": home / "lib",
            "astdatadir": prefix.data,
            "astagidir": home / "lib",
            "astspooldir": home / "spool",
            "astrundir": self.run,
            "astlogdir": home / "log",
            "astsbindir": prefix.binary.parent,
        }
        lines = "".join(f"{key} => {path}\n" for key, path in directories.items())
        return f"[directories]\n{lines}\n{self.files.get('asterisk.conf', OPTIONS)}"
