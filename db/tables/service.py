"""Who may sign in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

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
