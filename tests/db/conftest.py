"""A database that has its tables already, copied from one that was migrated once for all tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from db.schema import upgrade
from scripts.stage.postgres import PostgresServer

TEMPLATE = "migrated_template"
_databases = itertools.count(1)


@pytest.fixture(scope="session")
def _template(postgres: PostgresServer) -> str:
    postgres.start()
    postgres.create_database(TEMPLATE)
    upgrade(postgres.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture
def migrated(postgres: PostgresServer, _template: str) -> Iterator[str]:
    """SQLAlchemy's address of a new database with this program's tables and nothing in them; dropped after the test."""
    name = f"migrated_{next(_databases)}"
    postgres.start()  # a test may have killed it
    postgres.query(f"CREATE DATABASE {name} TEMPLATE {_template}")
    yield postgres.url(name)
    postgres.start()
    postgres.drop_database(name)
