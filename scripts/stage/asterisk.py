"""A private Asterisk as a child in the foreground, on configuration files that somebody else has rendered.

Only `[directories]` of asterisk.conf is written here, because those paths differ from machine to machine;
every other file comes in as text. Guards: nothing of /etc/asterisk or /var/lib/asterisk is read or written;
`start` returns only when Asterisk says that it has fully booted.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.processes import Child
from scripts.stage.server import PrivateServer

CONF = "asterisk.conf"
OPTIONS = "[options]\nnocolor = yes\ntimestamp = yes\ndocumentation_language = en_US\n"
AGENT_SETTINGS = "agent.conf"
# what Asterisk writes to is under its home; what it only reads comes from the prefix
WRITTEN = ("etc", "lib", "db", "spool", "log", "recordings")


class AsteriskServer(PrivateServer):
    """One Asterisk with its home directory: etc/, lib/, db/, spool/, log/ and recordings/ in it.

    `run` is a short directory for its control socket. `files` are rendered configuration files by name; an
    asterisk.conf among them adds its sections to our `[directories]`. An adopted one keeps the configuration
    that it runs on.
    """

    def __init__(
        self, prefix: AsteriskPrefix, home: Path, run: Path, files: Mapping[str, str], name: str = "asterisk"
    ) -> None:
        super().__init__(name, home)
        self.prefix = prefix
        self.home = home
        self.run = run
        self.files = files

    @property
    def etc(self) -> Path:
        return self.home / "etc"

    @property
    def program(self) -> Path:
        """What runs it: an Asterisk that is told to restart runs this again, as the same process."""
        return self.home / "asterisk"

    def prepare(self) -> Child:
        for directory in WRITTEN:
            (self.home / directory).mkdir(parents=True, exist_ok=True)
        self.write_configuration()
        for left in ("asterisk.ctl", "asterisk.pid"):
            (self.run / left).unlink(missing_ok=True)
        self.program.write_text(self.prefix.script())
        self.program.chmod(0o755)
        command = [str(self.program), "-C", str(self.etc / CONF), "-f"]
        return Child(self.name, command, self.home / "log" / f"{self.name}.out", cwd=self.home)

    def ready(self) -> bool:
        if not (self.run / "asterisk.ctl").exists():
            return False
        return "fully booted" in self.ask("core waitfullybooted")

    def stop(self, grace: float = 5.0) -> None:
        super().stop(grace)

    def write_configuration(self) -> None:
        """Write every file anew, and remove those that are no longer rendered; and what an agent must know."""
        self.home.joinpath(AGENT_SETTINGS).write_text(self._agent_settings())
        files = {**self.files, CONF: self._asterisk_conf()}
        for stale in self.etc.glob("*.conf"):
            if stale.name not in files:
                stale.unlink()
        for name, text in files.items():
            path = self.etc / name
            path.touch(mode=0o600)  # manager.conf and pjsip.conf hold secrets
            path.write_text(text)

    def ask(self, command: str, timeout: float = 20.0) -> str:
        """What a console command prints; empty when it cannot be reached within `timeout` seconds."""
        line = self.prefix.command("-C", str(self.etc / CONF), "-rx", command)
        try:
            asked = subprocess.run(line, capture_output=True, text=True, timeout=timeout, check=False)
        except subprocess.TimeoutExpired:
            return ""
        return asked.stdout if asked.returncode == 0 else ""

    def _agent_settings(self) -> str:
        restart = [str(self.program), "-C", str(self.etc / CONF), "-rx", "core restart now"]
        return f"[agent]\netc = {self.etc}\nasterisk = {self.program}\nrestart = {shlex.join(restart)}\n"

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
        return f"[directories]\n{lines}\n{self.files.get(CONF, OPTIONS)}"
