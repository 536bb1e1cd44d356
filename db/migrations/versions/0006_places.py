"""Lists of places that a site brings, premise notes written by hand, and incidents by their place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT, BIG = sa.Text(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "place_lists",
        sa.Column("kind", TEXT, nullable=False), sa.Column("version", BIG, nullable=False),
        sa.Column("name", TEXT, nullable=False), sa.Column("entries", BIG, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False), sa.Column("kept_at", BIG, nullable=False),
        sa.Column("kept_by", TEXT, nullable=False), sa.Column("published_at", BIG),
        sa.PrimaryKeyConstraint("kind", "version", name="place_lists_pkey"),
        sa.CheckConstraint("version > 0", name=op.f("place_lists_version_check")),
    )  # fmt: skip
    op.create_index(
        "place_lists_published_idx", "place_lists", ["kind", "published_at"],
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "premise_notes",
        sa.Column("premise", TEXT, nullable=False), sa.Column("seq", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False), sa.Column("by", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False), sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False), sa.Column("radius_m", sa.Double(), nullable=False),
        sa.Column("until", BIG, nullable=False), sa.Column("label", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False), sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("premise", "seq", name="premise_notes_pkey"),
    )  # fmt: skip
    op.create_index("incidents_place_idx", "incidents", ["lat", "lon"])


def downgrade() -> None:
    op.drop_index("incidents_place_idx", "incidents")
    op.drop_table("premise_notes")
    op.drop_table("place_lists")
