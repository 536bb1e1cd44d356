"""The private PostgreSQL, for real: start, adopt, kill, stop, start again on the same data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from scripts.stage.layout import Layout
from scripts.stage.postgres import PostgresServer, newest_binaries
from scripts.stage.progress import StageError


def test_its_whole_life(short_tmp: Path) -> None:
    layout = Layout(short_tmp)
    first = PostgresServer(layout, durable=False)
    first.start()
    first.query("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)", "dispatch")
    assert first.query("SHOW listen_addresses") == ""
    assert first.sockets.stat().st_mode & 0o777 == 0o700

    second = PostgresServer(layout, durable=False)
    second.start()
    assert second.adopted and second.pid == first.pid
    second.stop()
    assert first.alive, "who adopted a server must not stop it"
    with pytest.raises(StageError):
        second.kill9()

    killed = first.pid
    first.kill9()
    assert not second.alive
    second.start()
    assert not second.adopted and second.pid != killed
    assert second.query("SELECT n FROM kept", "dispatch") == "42"
    second.stop()
    assert not second.alive

    third = PostgresServer(layout, durable=False)
    third.start()
    assert third.query("SELECT n FROM kept", "dispatch") == "42"
    third.stop()


def test_each_test_has_a_database_of_its_own(fresh_database: str, postgres: PostgresServer) -> None:
    other = postgres.create_database("other")
    engine = sa.create_engine(fresh_database)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE here (n int)"))
    engine.dispose()
    assert postgres.query("SELECT to_regclass('here') IS NULL", "other") == "t"
    assert other == postgres.dsn("other")
    postgres.drop_database("other")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to start it as somebody else")
def test_root_starts_it_as_another_user(postgres: PostgresServer) -> None:
    owner = Path(f"/proc/{postgres.pid}").stat().st_uid
    assert postgres.user is not None and owner != 0


def test_data_of_another_release_is_refused_and_named(short_tmp: Path) -> None:
    server = PostgresServer(Layout(short_tmp), durable=False)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(StageError, match="was made by PostgreSQL 9"):
        server.start()


def test_a_statement_that_is_refused_is_told(postgres: PostgresServer) -> None:
    with pytest.raises(StageError, match="no_such_table"):
        postgres.query("SELECT * FROM no_such_table")
    with pytest.raises(StageError, match="no name for a database"):
        postgres.create_database('x"; DROP DATABASE dispatch')


def test_the_newest_release_is_taken(tmp_path: Path) -> None:
    for release in ("9.6", "13", "15", "17"):
        binary = tmp_path / release / "bin" / "postgres"
        binary.parent.mkdir(parents=True)
        binary.touch()
    assert newest_binaries(tmp_path) == tmp_path / "17" / "bin"
    with pytest.raises(StageError, match="install the package postgresql"):
        newest_binaries(tmp_path / "13")
