"""Missed calls: one row for each line of the list, kept when it leaves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT, BIG = sa.Text(), sa.BigInteger()
TEXTS = postgresql.ARRAY(TEXT)


def upgrade() -> None:
    op.create_table(
        "missed",
        sa.Column("id", TEXT, nullable=False), sa.Column("services", TEXTS, nullable=False),
        sa.Column("dialled", TEXT, nullable=False), sa.Column("call_ids", TEXTS, nullable=False),
        sa.Column("calls", BIG, nullable=False), sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("first_at", BIG, nullable=False), sa.Column("last_at", BIG, nullable=False),
        sa.Column("incident", TEXT, nullable=False), sa.Column("tries", BIG, nullable=False),
        sa.Column("tried_at", BIG), sa.Column("tried_by", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False), sa.Column("ended", TEXT, nullable=False),
        sa.Column("ended_at", BIG), sa.Column("ended_by", TEXT, nullable=False),
        sa.Column("by_call", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="missed_pkey"),
    )  # fmt: skip
    op.create_index("missed_first_at_idx", "missed", ["first_at"])


def downgrade() -> None:
    op.drop_table("missed")
