"""Recordings: each file with its sums, what is held, which sweeps were asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT, BIG = sa.Text(), sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("call", TEXT, nullable=False), sa.Column("file", TEXT, nullable=False),
        sa.Column("node", TEXT, nullable=False), sa.Column("state", TEXT, nullable=False),
        sa.Column("began_at", BIG, nullable=False), sa.Column("bytes", BIG, nullable=False),
        sa.Column("ms", BIG, nullable=False), sa.Column("sha256", TEXT, nullable=False),
        sa.Column("silences", postgresql.JSON(), nullable=False),
        sa.Column("faults", postgresql.ARRAY(TEXT), nullable=False),
        sa.Column("checked_at", BIG), sa.Column("removed_at", BIG),
        sa.PrimaryKeyConstraint("call", "file", name="recordings_pkey"),
    )  # fmt: skip
    op.create_index(
        "recordings_removed_at_idx", "recordings", ["removed_at"],
        postgresql_where=sa.text("removed_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "recording_holds",
        sa.Column("about", TEXT, nullable=False), sa.Column("incident", TEXT, nullable=False),
        sa.Column("call", TEXT, nullable=False), sa.Column("held_at", BIG, nullable=False),
        sa.Column("held_by", TEXT, nullable=False), sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("about", name="recording_holds_pkey"),
    )  # fmt: skip
    op.create_table(
        "recording_sweeps",
        sa.Column("id", BIG, sa.Identity(always=True), nullable=False), sa.Column("asked_at", BIG, nullable=False),
        sa.Column("asked_by", TEXT, nullable=False), sa.Column("done_at", BIG),
        sa.Column("removed", BIG, nullable=False), sa.Column("refused", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="recording_sweeps_pkey"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("recording_sweeps", "recording_holds", "recordings"):
        op.drop_table(table)
