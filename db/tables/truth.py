"""The truth: leadership, journal, commands, snapshots, erasures. Only ever appended to."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.schema import ExecutableDDLElement

from db.json_text import JsonText
from db.tables.shared import PERSONAL, metadata

leadership = Table(
    "leadership",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("since", BigInteger),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the epoch that may write. Every write transaction holds it FOR SHARE; a new leader raises it by one."""

journal = Table(
    "journal",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("personal_digest", LargeBinary),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("incident", Text),
    Column("call", Text),
    CheckConstraint("seq > 0", name="seq"),
    Index("journal_incident_idx", "incident", "seq", postgresql_where=text("incident IS NOT NULL")),
    Index("journal_call_idx", "call", "seq", postgresql_where=text("call IS NOT NULL")),
)
"""The events. ``payload`` is kept to the byte (json, never jsonb); ``incident`` and ``call`` repeat what it says, so
that the story of one incident is found. ``hash`` covers everything else in the row (``chain``)."""

journal_append_only: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]
    """
    CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
    """
)
event.listen(journal, "after_create", journal_append_only)

journal_personal = Table(
    "journal_personal",
    metadata,
    Column("seq", BigInteger, ForeignKey("journal.seq"), primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("fields", JsonText, nullable=False, info=PERSONAL),
)
"""The personal fields of an event, apart from it, so that they can be erased. The salt goes with them."""

erasures = Table(
    "erasures",
    metadata,
    Column("seq", BigInteger, ForeignKey("journal.seq"), primary_key=True, autoincrement=False),
    Column("erased_at", BigInteger, nullable=False),
    Column("erased_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Which events lost their personal fields lawfully: any other missing row of ``journal_personal`` is tampering."""

commands = Table(
    "commands",
    metadata,
    Column("command_id", Text, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("incident", Text),
    Column("call", Text),
    Column("refusal", Text),
    Column("refusal_details", JsonText, info=PERSONAL),
    CheckConstraint("refusal IS NULL OR seq = 0", name="refused_has_no_event"),
    Index("commands_number_idx", "number", unique=True),
)
"""Every command once, in order of ``number``, with its outcome: the last event's ``seq`` (0 = none) or the refusal."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("evolve_version", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False, info=PERSONAL),
)
"""States to start from. They may be deleted at any time: the journal says the same."""
