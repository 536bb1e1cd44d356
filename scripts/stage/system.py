"""The whole system on one machine: servers, switch, phones and core, started in order and known to work.

Guards: nothing is said to be up before it answered; what a run leaves behind (database, site file, secrets) is what the
next one starts from.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.stage.asterisk import AsteriskServer
from scripts.stage.asterisk_prefix import obtain
from scripts.stage.layout import ROOT
from scripts.stage.phones import Phones
from scripts.stage.postgres import PostgresServer
from scripts.stage.processes import Child
from scripts.stage.progress import StageError, step
from scripts.stage.redis import RedisServer
from scripts.stage.secret_files import secret_file
from scripts.stage.site import ONE_NODE, PROBE_EVERY_S, StagedSite, stage_site
from scripts.stage.stage import Stage

CORE_UP_WITHIN_S = 30.0


@dataclass(frozen=True)
class SamplePerson:
    user: str
    name: str
    role: str


PEOPLE = (
    SamplePerson("lan", "Nguyễn Thị Lan", "dispatcher"),
    SamplePerson("minh", "Trần Quang Minh", "dispatcher"),
    SamplePerson("vy", "Đỗ Tường Vy", "dispatcher"),
    SamplePerson("thao", "Phạm Ngọc Thảo", "supervisor"),
    SamplePerson("hung", "Lê Mạnh Hùng", "telephony_admin"),
)


class System:
    """Brings everything up on construction order of `up`; each part can then be killed and started again."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.layout = stage.layout
        self.postgres: PostgresServer
        self.redis: RedisServer
        self.asterisks: dict[str, AsteriskServer] = {}
        self.phones: Phones
        self.core: Child
        self.site: StagedSite

    @property
    def asterisk(self) -> AsteriskServer:
        """The first node's."""
        return next(iter(self.asterisks.values()))

    def up(
        self,
        *,
        phones: bool = True,
        ami_through: Callable[[int], int] | None = None,
        nodes: Sequence[str] = ONE_NODE,
        probe_every: float = PROBE_EVERY_S,
    ) -> None:
        """`ami_through`: given Asterisk's AMI port, the port that the core shall connect to instead (a tap). `nodes`: a
        name for each Asterisk."""
        self.postgres = self.stage.server(PostgresServer(self.layout))
        self.redis = self.stage.server(RedisServer(self.layout))
        prefix = obtain(self.layout)
        self.site = stage_site(
            self.layout, self.postgres, self.redis, held=False, nodes=nodes, probe_every=probe_every
        )
        for node in self.site.site.node_names:
            name = "asterisk" if node == self.site.node else f"asterisk-{node}"
            files = self.site.asterisk_files(node)
            server = AsteriskServer(prefix, self.site.home_of(node), self.layout.sockets(name), files, name)
            self.asterisks[node] = self.stage.server(server)
        if ami_through is not None:
            self.site.connect_core_to(ami_through(self.site.site.ports.ami))
        if phones:
            with step("phones (sipp)"):
                self.phones = Phones(self.site.site, self.layout.var / "phones")
                self.stage.ending(self.phones.stop)
                self.phones.start()
        with step("core"):
            self.make_users()
            self.core = self.start_core()
            self.wait_for_core()

    # --- the core -----------------------------------------------------------------------------------------------------

    def start_core(self) -> Child:
        return self.stage.program(
            "core", "dispatch_core.main", "--settings", str(self.site.settings), "core"
        )

    def health(self) -> Mapping[str, Any]:
        """What the core says of itself; {"state": "down"} where it does not answer."""
        context = ssl.create_default_context(cafile=str(self.site.certificate.authority))
        try:
            with urllib.request.urlopen(f"{self.site.core_url}/health", timeout=2, context=context) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            return dict(json.load(error))
        except (OSError, ValueError):
            return {"state": "down"}

    def wait_for_core(self, timeout: float = CORE_UP_WITHIN_S) -> Mapping[str, Any]:
        """Until it leads and every switch is connected."""
        deadline = time.monotonic() + timeout
        while True:
            health = self.health()
            if health["state"] == "leading" and health["nodes_up"] >= len(self.asterisks) and not health["nodes_down"]:
                return health
            self.stage.check()
            if time.monotonic() > deadline:
                raise StageError(f"the core is not up within {timeout:g} s: {health}; {self.core.last_words()}")
            time.sleep(0.05)

    # --- people -------------------------------------------------------------------------------------------------------

    def password_file(self, user: str) -> Path:
        return secret_file(self.layout.secrets, f"user-{user}")

    def dispatch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `dispatch` as an administrator would."""
        return subprocess.run(
            [sys.executable, "-m", "dispatch_core.main", "--settings", str(self.site.settings), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def make_users(self) -> None:
        """The sample people, made at the first run."""
        known = self.dispatch("users", "list")
        if known.returncode:
            raise StageError(f"dispatch users list: {known.stderr}")
        for person in PEOPLE:
            if any(person.user in line.split() for line in known.stdout.splitlines()):
                continue
            made = self.dispatch(
                "users", "add", person.user, "--role", person.role, "--name", person.name,
                "--password-file", str(self.password_file(person.user)),
            )  # fmt: skip
            if made.returncode:
                raise StageError(f"dispatch users add {person.user}: {made.stderr}")
