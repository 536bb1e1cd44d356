"""A private Redis from the distribution's binary: a unix socket for the core, TLS on loopback for consoles.

Guards: no TCP port without TLS; the user `default` is off, so that nobody comes in without a name; the one
user made here is the core's own, whose password lies in a file. Redis holds nothing that PostgreSQL has not:
it writes nothing to disk, and a fresh start is a new generation.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from pathlib import Path

from scripts.stage.certificates import Certificate, server_certificate
from scripts.stage.layout import Layout
from scripts.stage.ports import LOOPBACK, Ports
from scripts.stage.processes import Child, read_identity
from scripts.stage.progress import StageError
from scripts.stage.secret_files import read_secret, secret_file
from scripts.stage.server import PrivateServer

USER = "core"
SETTINGS = """\
port 0
bind {loopback}
tls-port {tls_port}
tls-cert-file {certificate}
tls-key-file {key}
tls-ca-cert-file {authority}
tls-auth-clients no
tls-protocols "TLSv1.2 TLSv1.3"
unixsocket {socket}
unixsocketperm 700
aclfile {acl}
dir {home}
daemonize no
save ""
appendonly no
stop-writes-on-bgsave-error no
maxmemory-policy noeviction
logfile ""
"""


class RedisServer(PrivateServer):
    """One Redis with its data in `layout`'s redis/, its certificate in tls/, its password in secrets/."""

    def __init__(self, layout: Layout) -> None:
        super().__init__("redis", layout.pids)
        self._log = layout.log / "redis.log"
        self.home = layout.data("redis")
        self.socket = layout.sockets("redis") / "redis.sock"
        self.user = USER
        self.password_file = secret_file(layout.secrets, "redis-core")
        self.certificate: Certificate = server_certificate(layout.tls, "redis")
        running = read_identity(self._pid_file) is not None
        self.tls_port = Ports(layout.ports).tcp("redis-tls", held_by_us=running)

    @property
    def url(self) -> str:
        """The core's address, password included: keep it out of logs."""
        return f"unix://{USER}:{read_secret(self.password_file)}@{self.socket}"

    def prepare(self) -> Child:
        binary = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:" + os.environ.get("PATH", ""))
        if binary is None:
            raise StageError("redis-server is not installed: install the package redis-server")
        acl = self._write("users.acl", _users(read_secret(self.password_file)))
        settings = SETTINGS.format(
            loopback=LOOPBACK,
            tls_port=self.tls_port,
            certificate=_quoted(self.certificate.certificate),
            key=_quoted(self.certificate.key),
            authority=_quoted(self.certificate.authority),
            socket=_quoted(self.socket),
            acl=_quoted(acl),
            home=_quoted(self.home),
        )
        self.socket.unlink(missing_ok=True)
        return Child(self.name, [binary, str(self._write("redis.conf", settings))], self._log, cwd=self.home)

    def ready(self) -> bool:
        try:
            return self.ask("PING") == "+PONG"
        except OSError:
            return False

    def ask(self, *words: str, timeout: float = 2.0) -> str:
        """The first line of Redis's answer to one command, asked as the core. Raises OSError."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout)
            link.connect(str(self.socket))
            answers = link.makefile("rb")
            for command in (("AUTH", USER, read_secret(self.password_file)), words):
                link.sendall(_resp(command))
                answer = answers.readline().decode().rstrip("\r\n")
        return answer

    def forget_everything(self) -> None:
        """Delete every key, and every user but the core's. For tests."""
        for words in (("FLUSHALL",), ("ACL", "LOAD"), ("SCRIPT", "FLUSH")):
            answer = self.ask(*words)
            if answer != "+OK":
                raise StageError(f"Redis answered {words[0]} with {answer}")

    def _write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
        return path


def _users(password: str) -> str:
    digest = hashlib.sha256(password.encode()).hexdigest()
    return f"user default off resetpass resetkeys resetchannels -@all\nuser {USER} on #{digest} ~* &* +@all\n"


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _resp(words: tuple[str, ...]) -> bytes:
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
