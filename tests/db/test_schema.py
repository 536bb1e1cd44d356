"""The migrations make exactly the tables that the program believes in."""

from __future__ import annotations

import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from db import schema
from db.engine import engine
from db.errors import DatabaseError, SchemaError
from db.tables import metadata
from scripts.stage.postgres import PostgresServer

CATALOG = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
}


def catalog(dsn: str) -> dict[str, list[tuple[object, ...]]]:
    with engine(dsn, "test").connect() as connection:
        found = {what: [tuple(row) for row in connection.execute(text(sql))] for what, sql in CATALOG.items()}
    return {what: [row for row in rows if "alembic_version" not in str(row)] for what, rows in found.items()}


def squeezed(rows: list[tuple[object, ...]]) -> list[tuple[str, ...]]:
    return [tuple(" ".join(str(value).split()) for value in row) for row in rows]


def test_models_and_migrations_agree(postgres: PostgresServer, fresh_database: str) -> None:
    schema.upgrade(fresh_database)
    postgres.create_database("by_models")
    try:
        modelled = postgres.url("by_models")
        with engine(modelled, "test").begin() as connection:
            metadata.create_all(connection)
        by_migration, by_models = catalog(fresh_database), catalog(modelled)
    finally:
        postgres.drop_database("by_models")
    for what in CATALOG:
        assert by_migration[what], f"no {what} at all: the question is wrong"
        assert squeezed(by_migration[what]) == squeezed(by_models[what]), what
    with engine(fresh_database, "test").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), metadata) == []


def test_there_and_back(fresh_database: str) -> None:
    schema.upgrade(fresh_database)
    made = catalog(fresh_database)
    config = schema._config()
    with engine(fresh_database, "test").begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert not any(catalog(fresh_database).values())
    schema.upgrade(fresh_database)
    assert catalog(fresh_database) == made


def test_every_counter_and_time_is_64_bit() -> None:
    """Whatever counts or tells time must outlive 2^31; small enumerations (priority, versions of code) need not."""
    small = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if type(column.type).__name__ == "Integer"
    }
    assert small == {
        "leadership.id", "journal.version", "snapshots.evolve_version", "incidents.priority", "legs.priority",
        "zone_sets.zones",
    }  # fmt: skip


def test_two_upgrades_at_once(fresh_database: str) -> None:
    problems: list[BaseException] = []

    def upgrade() -> None:
        try:
            schema.upgrade(fresh_database)
        except BaseException as problem:  # noqa: BLE001  (whatever it is, the test shows it)
            problems.append(problem)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def revision(dsn: str, change: str) -> None:
    with engine(dsn, "test").begin() as connection:
        connection.execute(text(change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DROP TABLE alembic_version", "schema_missing"),
        ("UPDATE alembic_version SET version_num = '9999'", "schema_ahead"),
    ],
)
def test_other_tables_are_refused(fresh_database: str, change: str, code: str) -> None:
    schema.upgrade(fresh_database)
    with engine(fresh_database, "test").connect() as connection:
        schema.require(connection)
    revision(fresh_database, change)
    with engine(fresh_database, "test").connect() as connection, pytest.raises(SchemaError) as refused:
        schema.require(connection)
    assert refused.value.code == code
    assert refused.value.vi and refused.value.en


def test_an_older_database_is_named(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.upgrade(fresh_database)
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    with engine(fresh_database, "test").connect() as connection, pytest.raises(SchemaError) as refused:
        schema.require(connection)
    assert refused.value.code == "schema_behind"


def test_upgrade_refuses_a_newer_database(fresh_database: str) -> None:
    schema.upgrade(fresh_database)
    revision(fresh_database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError) as refused:
        schema.upgrade(fresh_database)
    assert refused.value.code == "schema_ahead"


@pytest.mark.parametrize("dsn", ["", "sqlite:///x", "postgresql://nobody@/none?host=/nowhere"])
def test_no_database_is_said_in_words(dsn: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        schema.upgrade(dsn)
    assert refused.value.code == "database_down"


@pytest.mark.parametrize("change", ["UPDATE journal SET at = 1", "DELETE FROM journal", "TRUNCATE journal CASCADE"])
def test_the_journal_refuses_to_be_changed(fresh_database: str, change: str) -> None:
    schema.upgrade(fresh_database)
    with engine(fresh_database, "test").connect() as connection, pytest.raises(IntegrityError, match="append-only"):
        connection.execute(text(change))


def test_plain_engine_reads_it_too(fresh_database: str) -> None:
    """The address in the settings carries no driver's name."""
    schema.upgrade(fresh_database.replace("postgresql+psycopg2", "postgresql"))
    with create_engine(fresh_database).connect() as connection:
        assert connection.execute(text("SELECT epoch FROM leadership")).scalar() == 0
