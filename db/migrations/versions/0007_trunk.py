"""The history of the trunk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT, BIG = sa.Text(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "trunk_changes",
        sa.Column("version", BIG, nullable=False, autoincrement=False), sa.Column("at", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False), sa.Column("kind", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False), sa.Column("outcome", TEXT, nullable=False),
        sa.Column("reason_vi", TEXT, nullable=False), sa.Column("reason_en", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False), sa.Column("site_diff", TEXT, nullable=False),
        sa.Column("files", TEXT, nullable=False), sa.Column("secret", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("version", name="trunk_changes_pkey"),
        sa.CheckConstraint("version > 0", name=op.f("trunk_changes_version_check")),
    )  # fmt: skip
    op.create_index(
        "trunk_changes_open_idx", "trunk_changes", ["version"],
        postgresql_where=sa.text("outcome IN ('running', 'settling')"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("trunk_changes")
