"""What serves the core: who may sign in, and the zone sets."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text, text

from db.tables.shared import metadata

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
