"""The database's tables and this program's: the same, or a sentence that says which is older.

Migrations run in one transaction under a lock of their own, so two cores that start together migrate once, and one
that fails leaves nothing half done.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db.engine import engine, questions
from db.errors import SchemaError
from db.tables import leadership

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x6469_7370_0001
UPGRADE_TIMEOUT_MS = 600_000


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def newest() -> str:
    """The revision that this program was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise AssertionError(f"no migrations in {MIGRATIONS}")
    return head


def current(connection: Connection) -> str | None:
    """The revision of the database, None where it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _known(revision: str) -> bool:
    return revision in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _ahead(found: str) -> SchemaError:
    return SchemaError(
        "schema_ahead",
        f"Cơ sở dữ liệu ở phiên bản {found}, mới hơn chương trình ({newest()}); hãy cài bản mới.",
        f"The database is at revision {found}, newer than this program ({newest()}); install the newer one.",
    )


def upgrade(dsn: str) -> str:
    """Bring the database to this program's tables; the revision it is at afterwards. SchemaError, DatabaseError."""
    config = _config()
    with questions(
        engine(dsn, "dispatch schema", statement_timeout_ms=UPGRADE_TIMEOUT_MS, lock_timeout_ms=UPGRADE_TIMEOUT_MS)
    ) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        found = current(connection)
        if found is not None and not _known(found):
            raise _ahead(found)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return newest()


def require(connection: Connection) -> None:
    """Raise SchemaError unless the database has this program's tables."""
    found = current(connection)
    if found == newest():
        return
    if found is None:
        raise SchemaError(
            "schema_missing",
            "Cơ sở dữ liệu còn trống; hãy chạy nâng cấp cơ sở dữ liệu (db.schema.upgrade) trước.",
            f"The database has no tables ({leadership.name} is missing); upgrade the database first.",
        )
    if not _known(found):
        raise _ahead(found)
    raise SchemaError(
        "schema_behind",
        f"Cơ sở dữ liệu ở phiên bản {found}, chương trình cần {newest()}; hãy nâng cấp cơ sở dữ liệu.",
        f"The database is at revision {found}, this program needs {newest()}; upgrade the database.",
    )
