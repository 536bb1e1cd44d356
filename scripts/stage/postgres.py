"""A private PostgreSQL from the distribution's binaries, on a unix socket only.

Guards: no TCP port; who may connect is decided by the socket's directory, which has mode 0700; the system's
own clusters are neither used nor changed. PostgreSQL refuses to run as root, so root starts it as the user
`postgres` (or `nobody`), with its data where that user can reach it.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from scripts.stage.layout import Layout, user_group
from scripts.stage.processes import Child
from scripts.stage.progress import StageError, say
from scripts.stage.server import PrivateServer

OLDEST = 15
BINARIES = Path("/usr/lib/postgresql")
ROLE = "dispatch"
DATABASE = "dispatch"
ORPHANS_END_WITHIN = 10.0  # seconds
PORT = 5432  # only a part of the socket's name
OURS = "dispatch.conf"
SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
lc_messages = 'C'
cluster_name = 'dispatch'
fsync = {durable}
full_page_writes = {durable}
"""
HBA = "local all all trust\n"  # see the module's docstring: the directory's mode is the lock


class PostgresServer(PrivateServer):
    """One cluster in `layout`'s postgresql/, with the role and the database `dispatch`.

    `durable=False` is for tests: commits outlive a killed PostgreSQL, but not a power cut.
    """

    def __init__(self, layout: Layout, durable: bool = True) -> None:
        super().__init__("postgresql", layout.pids)
        self._log = layout.log / "postgresql.log"
        self._durable = durable
        self._binaries = newest_binaries()
        self.user = _unprivileged_user() if os.geteuid() == 0 else None
        self.sockets = layout.sockets("postgresql", self.user)
        self.home = layout.data("postgresql", self.user)
        self.data = self.home / "data"
        if self.home.parent != layout.var:
            say(f"   the user {self.user} cannot reach {layout.var}: PostgreSQL's data is in {self.home}")

    def dsn(self, database: str = DATABASE) -> str:
        """The address as libpq understands it."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def url(self, database: str = DATABASE) -> str:
        """The address as SQLAlchemy understands it, with psycopg2 as its driver."""
        return self.dsn(database).replace("postgresql:", "postgresql+psycopg2:", 1)

    def prepare(self) -> Child:
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        self._forget_dead_postmaster()
        durable = "on" if self._durable else "off"
        self._write(
            OURS,
            SETTINGS.format(port=PORT, sockets=str(self.sockets).replace("'", "''"), durable=durable),
        )
        self._write("pg_hba.conf", HBA)
        return Child(
            self.name,
            [str(self._binaries / "postgres"), "-D", str(self.data)],
            self._log,
            env=self._env(),
            cwd=self.home,
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast": sessions are ended, nothing is lost
            death_signal=signal.SIGINT,
        )

    def ready(self) -> bool:
        asked = [str(self._binaries / "pg_isready"), "-q", "-h", str(self.sockets), "-p", str(PORT)]
        return subprocess.run(asked, env=self._env(), check=False).returncode == 0

    def start(self, timeout: float = 30.0) -> None:
        super().start(timeout)
        if self.query(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'") != "1":
            self.create_database(DATABASE)

    def create_database(self, name: str) -> str:
        """A new, empty database; its address."""
        self.query(f'CREATE DATABASE "{_plain(name)}" TEMPLATE template0')
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Drop it, ending whatever sessions are still in it."""
        self.query(f'DROP DATABASE IF EXISTS "{_plain(name)}" WITH (FORCE)')

    def query(self, statement: str, database: str = "postgres") -> str:
        """What psql prints for a statement, unaligned. Raises StageError with what PostgreSQL says."""
        asked = subprocess.run(
            [str(self._binaries / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.dsn(database)],
            input=statement, env=self._env(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode != 0:
            raise StageError(f"PostgreSQL refused: {asked.stderr.strip()}")
        return asked.stdout.strip()

    def _make_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # an initdb that was interrupted leaves no PG_VERSION
        made = subprocess.run(
            [
                str(self._binaries / "initdb"), "--pgdata", str(self.data), "--username", ROLE, "--auth=trust",
                "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
                *([] if self._durable else ["--no-sync"]),
            ],
            user=self.user, group=self.user and user_group(self.user), extra_groups=[] if self.user else None,
            env=self._env(), cwd=self.home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise StageError(f"PostgreSQL's data could not be made in {self.data}: {made.stderr.strip()}")
        # initdb has tried out what this machine allows (shared memory, connections): ours is added to it
        found = (self.data / "postgresql.conf").read_text()
        self._write("postgresql.conf", f"{found}\ninclude = '{OURS}'\n")

    def _check_version(self) -> None:
        data = (self.data / "PG_VERSION").read_text().strip()
        program = self._binaries.parent.name
        if data != program:
            raise StageError(
                f"{self.data} was made by PostgreSQL {data}, but {program} is installed: install "
                f"postgresql-{data}, or move that directory away to begin with empty data"
            )

    def _forget_dead_postmaster(self) -> None:
        """Wait for the processes of a postmaster that was killed, then remove the lock file that it left.

        PostgreSQL refuses to start while one of them still holds its shared memory, and also when the number
        in the lock file by now belongs to a stranger.
        """
        deadline = time.monotonic() + ORPHANS_END_WITHIN
        while orphans := _processes_in(self.data):
            if time.monotonic() > deadline:
                raise StageError(
                    f"a PostgreSQL that this stage did not start runs on {self.data}: end process "
                    f"{', '.join(map(str, orphans))}, then start again"
                )
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        if self.user is not None:
            os.chown(path, pwd.getpwnam(self.user).pw_uid, user_group(self.user))

    def _env(self) -> dict[str, str]:
        # without the caller's PG* variables and locale
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def newest_binaries(base: Path = BINARIES) -> Path:
    """The bin directory of the newest installed PostgreSQL that serves. Raises StageError."""
    found = [
        (int(binary.parent.parent.name), binary.parent)
        for binary in base.glob("*/bin/postgres")
        if re.fullmatch(r"\d+", binary.parent.parent.name)
    ]
    good = [entry for entry in found if entry[0] >= OLDEST]
    if not good:
        raise StageError(f"no PostgreSQL from {OLDEST} on under {base}: install the package postgresql")
    return max(good)[1]


def _processes_in(data: Path) -> list[int]:
    """Processes whose working directory is `data`: a postmaster of it and its children."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == data.resolve():
                    found.append(int(entry.name))
            except OSError:
                continue  # it ended meanwhile, or is another user's
    return sorted(found)


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise StageError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _plain(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise StageError(f"{name!r} is no name for a database: small letters, digits and underscores")
    return name
