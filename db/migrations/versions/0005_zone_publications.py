"""Zone sets serve from a moment on: who published which version from when, and what was withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT, BIG = sa.Text(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "zone_publications",
        sa.Column("id", BIG, sa.Identity(always=True), nullable=False),
        sa.Column("service", TEXT, nullable=False), sa.Column("version", BIG, nullable=False),
        sa.Column("valid_from", BIG, nullable=False), sa.Column("published_at", BIG, nullable=False),
        sa.Column("published_by", TEXT, nullable=False), sa.Column("rollback", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", BIG), sa.Column("withdrawn_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="zone_publications_pkey"),
    )  # fmt: skip
    op.create_index("zone_publications_service_idx", "zone_publications", ["service", "valid_from", "id"])
    op.execute(
        "INSERT INTO zone_publications (service, version, valid_from, published_at, published_by, rollback,"
        " withdrawn_by) SELECT service, version, published_at, published_at, coalesce(published_by, ''), false, ''"
        " FROM zone_sets WHERE published_at IS NOT NULL ORDER BY published_at, version"
    )
    op.drop_index("zone_sets_published_idx", "zone_sets")
    op.drop_column("zone_sets", "published_at")
    op.drop_column("zone_sets", "published_by")


def downgrade() -> None:
    op.add_column("zone_sets", sa.Column("published_at", BIG))
    op.add_column("zone_sets", sa.Column("published_by", TEXT))
    op.execute(
        "UPDATE zone_sets SET published_at = p.at, published_by = p.by FROM (SELECT DISTINCT ON (service, version)"
        " service, version, valid_from AS at, published_by AS by FROM zone_publications WHERE withdrawn_at IS NULL"
        " ORDER BY service, version, valid_from DESC, id DESC) p"
        " WHERE p.service = zone_sets.service AND p.version = zone_sets.version"
    )
    op.create_index(
        "zone_sets_published_idx", "zone_sets", ["service", "published_at"],
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )  # fmt: skip
    op.drop_table("zone_publications")
