"""The history of the trunk."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text, text

from db.tables.shared import metadata

trunk_changes = Table(
    "trunk_changes",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason_vi", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("site_diff", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("secret", Text, nullable=False),
    CheckConstraint("version > 0", name="version"),
    Index("trunk_changes_open_idx", "version", postgresql_where=text("outcome IN ('running', 'settling')")),
)
"""Every site.toml that was brought to the switches, or was to be; ``files`` is JSON. No secret stands in it."""
