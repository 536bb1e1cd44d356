"""Errors of the store that a person may read, and what the database's own errors mean for a batch.

The four errors of the journal itself are in ``dispatch_core.ports``; everything else here derives from the same base.
"""

from __future__ import annotations

import psycopg2
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import EntryRejected, JournalDown

WORDS_KEPT = 300


class SchemaError(DispatchError):
    """The database's tables are not those of this program. Codes: ``schema_missing``, ``schema_behind``,
    ``schema_ahead``."""


class DatabaseError(DispatchError):
    """The database does not answer a command line or a question."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "database_down",
            f"Không dùng được cơ sở dữ liệu: {why}. Kiểm tra PostgreSQL và mục “database” trong cấu hình.",
            f"The database cannot be used: {why}. Look at PostgreSQL and at “database” in the settings.",
        )


class JournalUnreadable(DispatchError):
    """The journal has a gap or an event that this program cannot read: the core must not start on it."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(
            "journal_unreadable",
            f"Nhật ký không đọc được ở sự kiện {seq}: {why}. Chạy kiểm tra nhật ký, rồi khôi phục từ bản sao lưu.",
            f"The journal cannot be read at event {seq}: {why}. Run the audit, then restore from the backup.",
            seq=seq,
        )


class UserError(DispatchError):
    """A person's account cannot be made or changed as asked; the code says which rule."""


class PlaceListError(DispatchError):
    """No such list of places. ``details``: ``kind``."""


class ZoneStoreError(DispatchError):
    """A zone set that the store does not have."""


class ErasureRefused(DispatchError):
    """Personal data that cannot be erased now; the code says why."""


def words(problem: BaseException) -> str:
    """The first line of what the database said, without the statement and its (personal) values."""
    cause = problem.orig if isinstance(problem, StatementError) and problem.orig is not None else problem
    text = str(cause).strip().splitlines()
    return (text[0] if text else type(cause).__name__)[:WORDS_KEPT]


def before_commit(problem: Exception) -> DispatchError | None:
    """What an error before COMMIT means: the batch is certainly not there. None where it is a bug of ours.

    A value that the database cannot hold (a lone surrogate, a number or a key too large) is a rejected entry, as is
    one that the driver cannot send (``writes``): the batch is then decided one by one, and only the command that
    carries it fails.
    """
    if isinstance(problem, IntegrityError | DataError):
        return EntryRejected(words(problem))
    if isinstance(problem, UnicodeError | OverflowError):
        return EntryRejected(words(problem))
    if isinstance(problem, StatementError) and isinstance(problem.orig, ValueError | UnicodeError | OverflowError):
        return EntryRejected(words(problem))
    if isinstance(problem, DBAPIError) and _pgcode(problem)[:2] == TOO_LARGE_CLASS:
        return EntryRejected(words(problem))
    if isinstance(problem, psycopg2.Error) or (isinstance(problem, DBAPIError) and is_away(problem)):
        return JournalDown(words(problem))
    return None


def _pgcode(problem: DBAPIError) -> str:
    """SQLSTATE, "" where the server did not say one."""
    return getattr(problem.orig, "pgcode", None) or ""


def is_away(problem: DBAPIError) -> bool:
    """Whether the server is gone, too slow, full, shutting down or read-only, rather than asked something wrong."""
    state = _pgcode(problem)
    if not state:
        return True  # no answer of the server at all: the connection broke, or could not be made
    return state[:2] in AWAY_CLASSES or state in AWAY_STATES


TOO_LARGE_CLASS = "54"
"""SQLSTATE class of what no server takes, however often it is sent: a value too long for its index, for one."""

AWAY_CLASSES = frozenset({"08", "53", "57", "58", "XX"})
"""SQLSTATE classes: connection, resources (disk full, memory, too many sessions), intervention (shutdown, cancel by a
timeout), system, internal."""

AWAY_STATES = frozenset({"25006", "25P03", "40001", "40P01", "55P03"})
"""Read-only (a standby), ended while idle in a transaction, serialization, deadlock, lock not available in time."""
