"""The projections: what the journal tells, as rows that people query."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db.json_text import JsonText
from db.tables.shared import PERSONAL, metadata

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
    Index("incidents_place_idx", "lat", "lon"),
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
