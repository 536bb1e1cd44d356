"""Zone sets as they were imported, and which of them served from when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Identity, Index, Integer, LargeBinary, Table, Text

from db.tables.shared import metadata

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
    CheckConstraint("version > 0", name="version"),
)
"""Versioned zone sets; none is ever changed."""

zone_publications = Table(
    "zone_publications",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("service", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("published_at", BigInteger, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("rollback", Boolean, nullable=False),
    Column("withdrawn_at", BigInteger),
    Column("withdrawn_by", Text, nullable=False),
    Index("zone_publications_service_idx", "service", "valid_from", "id"),
)
"""Which version of a service's zones serves from which moment: of those that began, the one that began last. Version 0
is the embedded approximate set. Lines are added; one whose moment has not come may be withdrawn."""
