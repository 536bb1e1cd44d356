"""Lists that a site brought (stations, units, hospitals, sets of premise notes), and the notes written by hand."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Double, Index, LargeBinary, Table, Text, text

from db.tables.shared import metadata

place_lists = Table(
    "place_lists",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Column("kept_by", Text, nullable=False),
    Column("published_at", BigInteger),
    CheckConstraint("version > 0", name="version"),
    Index("place_lists_published_idx", "kind", "published_at", postgresql_where=text("published_at IS NOT NULL")),
)
"""Versioned lists, as JSON; of each kind the one published last serves. A version is never changed."""

premise_notes = Table(
    "premise_notes",
    metadata,
    Column("premise", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("radius_m", Double, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
)
"""Every version of every note; the one of the highest ``seq`` (of the journal) stands."""
