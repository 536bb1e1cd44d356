"""The tables, as SQLAlchemy Core sees them. ``migrations`` makes them; a test holds the two together.

Three kinds of rows live here. The *journal* (with ``journal_personal`` and ``commands``) is the truth and is only ever
appended to. The *projections* (incidents, legs, calls, assignments, unit_log) say the same in rows that people query,
written in the transaction of the events they come from. The rest (leadership, snapshots, users, zone_sets, erasures)
serves the core.

Times are ``Instant``: bigint milliseconds since 1970-01-01 UTC, NULL where it has not happened. Every counter is a
bigint. Columns marked personal are emptied by an erasure.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import ExecutableDDLElement

from db.json_text import JsonText

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

PERSONAL = {"personal": True}

# --- the truth --------------------------------------------------------------------------------------------------------

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

# --- the projections --------------------------------------------------------------------------------------------------

incidents = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("services", ARRAY(Text), nullable=False),
    Column("owner", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("location_label", Text, info=PERSONAL),
    Column("location_source", Text, info=PERSONAL),
    Column("lat", Double, info=PERSONAL),
    Column("lon", Double, info=PERSONAL),
    Column("uncertainty_m", Double, info=PERSONAL),
    Index("incidents_received_at_idx", "received_at"),
    Index("incidents_live_idx", "state", postgresql_where=text("state <> 'closed'")),
)

legs = Table(
    "legs",
    metadata,
    Column("incident", Text, ForeignKey("incidents.id"), primary_key=True),
    Column("service", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("zone_set", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("zone_name", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("dispatcher", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("number", Text, nullable=False, info=PERSONAL),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("dialled", Text, nullable=False, info=PERSONAL),  # of an outgoing call it is the number
    Column("services", ARRAY(Text), nullable=False),
    Column("carrier", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("overflowed", Boolean, nullable=False),
    Column("position", Text, nullable=False),
    Column("positions", ARRAY(Text), nullable=False),
    Column("arrived_at", BigInteger, nullable=False),
    Column("queued_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("ended_by", Text),
    Column("cause", BigInteger, nullable=False),
    Column("recording", Text, nullable=False),
    Column("location_label", Text, info=PERSONAL),
    Column("location_source", Text, info=PERSONAL),
    Column("lat", Double, info=PERSONAL),
    Column("lon", Double, info=PERSONAL),
    Column("uncertainty_m", Double, info=PERSONAL),
    Index("calls_arrived_at_idx", "arrived_at"),
    Index("calls_incident_idx", "incident", postgresql_where=text("incident <> ''")),
    Index("calls_number_idx", "number", postgresql_where=text("number <> ''")),
)

assignments = Table(
    "assignments",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("incident", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("assigned_at", BigInteger, nullable=False),
    Column("assigned_by", Text, nullable=False),
    Column("released_at", BigInteger),
    Column("released_by", Text),
    ForeignKeyConstraint(["incident", "service"], ["legs.incident", "legs.service"]),
    Index("assignments_one_live_per_unit", "unit", unique=True, postgresql_where=text("released_at IS NULL")),
    Index("assignments_incident_idx", "incident"),
)
"""One unit on one leg, named by the event that made it. The unique index is law: one live assignment per unit."""

unit_log = Table(
    "unit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("incident", Text),
    Column("service", Text),
    Index("unit_log_unit_idx", "unit", "seq"),
)
"""What each unit reported, and on which leg it was then (NULL = on none)."""

recordings = Table(
    "recordings",
    metadata,
    Column("call", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("node", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("ms", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("silences", JsonText, nullable=False),
    Column("faults", ARRAY(Text), nullable=False),
    Column("checked_at", BigInteger),
    Column("removed_at", BigInteger),
    Index("recordings_removed_at_idx", "removed_at", postgresql_where=text("removed_at IS NOT NULL")),
)
"""Every file that was begun for a call; ``state`` is running, kept, faulty or removed. A call that should have been
recorded and was not has one row with ``file`` ''. ``silences``: [[from, length], ...] in milliseconds."""

recording_holds = Table(
    "recording_holds",
    metadata,
    Column("about", Text, primary_key=True),
    Column("incident", Text, nullable=False),
    Column("call", Text, nullable=False),
    Column("held_at", BigInteger, nullable=False),
    Column("held_by", Text, nullable=False),
    Column("reason", Text, nullable=False, info=PERSONAL),
)
"""The holds that are on: of an incident, or of one call."""

recording_sweeps = Table(
    "recording_sweeps",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("done_at", BigInteger),
    Column("removed", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
)
"""Sweeps that somebody asked for beside the running core, which does them."""

missed = Table(
    "missed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("services", ARRAY(Text), nullable=False),
    Column("dialled", Text, nullable=False),
    Column("call_ids", ARRAY(Text), nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("cut", Boolean, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("incident", Text, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("tried_at", BigInteger),
    Column("tried_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("ended_at", BigInteger),
    Column("ended_by", Text, nullable=False),
    Column("by_call", Text, nullable=False),
    Index("missed_first_at_idx", "first_at"),
)
"""Lines of missed calls, each by its first call; ``ended`` "" while it is on the list. Whose number it is, is in
``calls``, where it can be erased."""

# --- people and geography ---------------------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)
"""Who may sign in. ``password`` is an argon2id hash with its parameters."""

zone_sets = Table(
    "zone_sets",
    metadata,
    Column("service", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("zones", Integer, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("note_vi", Text, nullable=False),
    Column("note_en", Text, nullable=False),
    Column("geojson", LargeBinary, nullable=False),
    Column("report", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("published_at", BigInteger),
    Column("published_by", Text),
    CheckConstraint("version > 0", name="version"),
    Index("zone_sets_published_idx", "service", "published_at", postgresql_where=text("published_at IS NOT NULL")),
)
"""Versioned zone sets; the one published last serves."""
