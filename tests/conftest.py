"""What all tests share: their order, the `--long` option, and real servers that start when first asked for.

The servers are private to one test run, with their data in a directory of its own that is removed afterwards. What
hypothesis thinks of is the same in every run, so that a test which fails fails again; with `--long` it is fresh.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.stage.asterisk_prefix import AsteriskPrefix, obtain
from scripts.stage.layout import ROOT, Layout
from scripts.stage.postgres import PostgresServer
from scripts.stage.redis import RedisServer
from scripts.stage.secret_files import read_secret

# fast ones first; a folder that is not named here comes between
FIRST = ("domain", "wire", "runtime", "telephony", "gis")
LAST = ("console", "db", "stage", "simulation", "faults", "system")
_MIDDLE = len(FIRST)

settings.register_profile("steady", derandomize=True, database=None)
if "--long" not in sys.argv:
    settings.load_profile("steady")


@dataclass(frozen=True, slots=True)
class RedisAccess:
    """A running Redis with nothing in it: how the core reaches it, and how consoles do."""

    server: RedisServer
    socket: Path
    url: str
    user: str
    password: str
    tls_port: int
    authority: Path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    if config.getoption("--long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def _place(item: pytest.Item) -> int:
    parts = item.path.relative_to(ROOT / "tests").parts if item.path.is_relative_to(ROOT / "tests") else ()
    folder = parts[0] if len(parts) > 1 else ""
    if item.get_closest_marker("long"):
        return _MIDDLE + len(LAST) + 1
    if folder in FIRST:
        return FIRST.index(folder)
    if folder in LAST:
        return _MIDDLE + 1 + LAST.index(folder)
    return _MIDDLE


@pytest.fixture(scope="session")
def stage_var() -> Iterator[Layout]:
    """Runtime data of this test run. Not in pytest's own directory, which PostgreSQL's user could not enter."""
    var = Path(tempfile.mkdtemp(prefix="dispatch-test-", dir="/tmp"))
    var.chmod(0o755)
    layout = Layout(var)
    yield layout
    layout.remove()


@pytest.fixture(scope="session")
def postgres(stage_var: Layout) -> Iterator[PostgresServer]:
    """A running PostgreSQL that does not wait for the disk."""
    server = PostgresServer(stage_var, durable=False)
    server.start()
    yield server
    server.stop()


_databases = itertools.count(1)


@pytest.fixture
def fresh_database(postgres: PostgresServer) -> Iterator[str]:
    """SQLAlchemy's address of a new, empty database, dropped after the test."""
    name = f"test_{next(_databases)}"
    postgres.start()  # a test may have killed it
    postgres.create_database(name)
    yield postgres.url(name)
    postgres.start()
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def _redis_session(stage_var: Layout) -> Iterator[RedisServer]:
    server = RedisServer(stage_var)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(_redis_session: RedisServer) -> RedisAccess:
    """A running Redis without keys and without users but the core's."""
    server = _redis_session
    server.start()  # a test may have killed it
    server.forget_everything()
    return RedisAccess(
        server,
        server.socket,
        server.url,
        server.user,
        read_secret(server.password_file),
        server.tls_port,
        server.certificate.authority,
    )


@pytest.fixture(scope="session")
def asterisk_prefix() -> AsteriskPrefix:
    """The checkout's Asterisk, fetched when it is not there."""
    return obtain(Layout.of_checkout())


@pytest.fixture
def short_tmp() -> Iterator[Path]:
    """A directory with a path short enough for unix sockets, which every user may enter."""
    path = Path(tempfile.mkdtemp(prefix="dispatch-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)
