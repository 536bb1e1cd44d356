"""The first tables: journal, projections, users, zone sets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT, BIG, INT, YES_NO, BYTES = sa.Text(), sa.BigInteger(), sa.Integer(), sa.Boolean(), sa.LargeBinary()
REAL: sa.Double[float] = sa.Double()
JSON, TEXTS = postgresql.JSON(), postgresql.ARRAY(sa.Text())


def needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)  # a key is given, never drawn from a sequence


def may(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    op.create_index(
        name, table, list(columns), unique=unique, postgresql_where=None if where is None else sa.text(where)
    )


def upgrade() -> None:
    truth()
    projections()
    people_and_geography()


def truth() -> None:
    op.create_table(
        "leadership", needed("id", INT), needed("epoch", BIG), may("since", BIG),
        sa.PrimaryKeyConstraint("id", name="leadership_pkey"),
        sa.CheckConstraint("id = 1", name=op.f("leadership_one_row_check")),
    )  # fmt: skip
    op.execute("INSERT INTO leadership (id, epoch) VALUES (1, 0)")
    op.create_table(
        "journal", needed("seq", BIG), needed("epoch", BIG), needed("at", BIG), needed("actor", TEXT),
        needed("command_id", TEXT), needed("type", TEXT), needed("version", INT), needed("payload", JSON),
        may("personal_digest", BYTES), needed("prev_hash", BYTES), needed("hash", BYTES), may("incident", TEXT),
        may("call", TEXT),
        sa.PrimaryKeyConstraint("seq", name="journal_pkey"),
        sa.CheckConstraint("seq > 0", name=op.f("journal_seq_check")),
    )  # fmt: skip
    index("journal_incident_idx", "journal", "incident", "seq", where="incident IS NOT NULL")
    index("journal_call_idx", "journal", "call", "seq", where="call IS NOT NULL")
    op.execute(
        """
        CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation'; END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
        """
    )
    op.create_table(
        "journal_personal", needed("seq", BIG), needed("salt", TEXT), needed("fields", JSON),
        sa.PrimaryKeyConstraint("seq", name="journal_personal_pkey"),
        sa.ForeignKeyConstraint(["seq"], ["journal.seq"], name="journal_personal_seq_fkey"),
    )  # fmt: skip
    op.create_table(
        "erasures", needed("seq", BIG), needed("erased_at", BIG), needed("erased_by", TEXT), needed("reason", TEXT),
        sa.PrimaryKeyConstraint("seq", name="erasures_pkey"),
        sa.ForeignKeyConstraint(["seq"], ["journal.seq"], name="erasures_seq_fkey"),
    )  # fmt: skip
    op.create_table(
        "commands", needed("command_id", TEXT), sa.Column("number", BIG, sa.Identity(always=True), nullable=False),
        needed("epoch", BIG), needed("actor", TEXT), needed("kind", TEXT), needed("at", BIG), needed("seq", BIG),
        may("incident", TEXT), may("call", TEXT), may("refusal", TEXT), may("refusal_details", JSON),
        sa.PrimaryKeyConstraint("command_id", name="commands_pkey"),
        sa.CheckConstraint("refusal IS NULL OR seq = 0", name=op.f("commands_refused_has_no_event_check")),
    )  # fmt: skip
    index("commands_number_idx", "commands", "number", unique=True)
    op.create_table(
        "snapshots", needed("seq", BIG), needed("evolve_version", INT), needed("at", BIG), needed("state", BYTES),
        sa.PrimaryKeyConstraint("seq", "evolve_version", name="snapshots_pkey"),
    )  # fmt: skip


def place() -> tuple[sa.Column[Any], ...]:
    return (
        may("location_label", TEXT), may("location_source", TEXT), may("lat", REAL), may("lon", REAL),
        may("uncertainty_m", REAL),
    )  # fmt: skip


def projections() -> None:
    op.create_table(
        "incidents", needed("id", TEXT), needed("state", TEXT), needed("version", BIG), needed("type", TEXT),
        needed("priority", INT), needed("services", TEXTS), needed("owner", TEXT), needed("disposition", TEXT),
        needed("received_at", BIG), may("closed_at", BIG), *place(),
        sa.PrimaryKeyConstraint("id", name="incidents_pkey"),
    )  # fmt: skip
    index("incidents_received_at_idx", "incidents", "received_at")
    index("incidents_live_idx", "incidents", "state", where="state <> 'closed'")
    op.create_table(
        "legs", needed("incident", TEXT), needed("service", TEXT), needed("state", TEXT), needed("priority", INT),
        needed("zone_set", TEXT), needed("zone", TEXT), needed("zone_name", TEXT), needed("station", TEXT),
        needed("dispatcher", TEXT), needed("opened_at", BIG), may("closed_at", BIG),
        sa.PrimaryKeyConstraint("incident", "service", name="legs_pkey"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="legs_incident_fkey"),
    )  # fmt: skip
    op.create_table(
        "calls", needed("id", TEXT), needed("node", TEXT), needed("direction", TEXT), needed("state", TEXT),
        needed("incident", TEXT), needed("number", TEXT), needed("name", TEXT), needed("dialled", TEXT),
        needed("services", TEXTS), needed("carrier", TEXT), needed("queue", TEXT), needed("overflowed", YES_NO),
        needed("position", TEXT), needed("positions", TEXTS), needed("arrived_at", BIG), may("queued_at", BIG),
        may("answered_at", BIG), may("ended_at", BIG), may("ended_by", TEXT), needed("cause", BIG),
        needed("recording", TEXT), *place(),
        sa.PrimaryKeyConstraint("id", name="calls_pkey"),
    )  # fmt: skip
    index("calls_arrived_at_idx", "calls", "arrived_at")
    index("calls_incident_idx", "calls", "incident", where="incident <> ''")
    index("calls_number_idx", "calls", "number", where="number <> ''")
    op.create_table(
        "assignments", needed("seq", BIG), needed("unit", TEXT), needed("incident", TEXT), needed("service", TEXT),
        needed("assigned_at", BIG), needed("assigned_by", TEXT), may("released_at", BIG), may("released_by", TEXT),
        sa.PrimaryKeyConstraint("seq", name="assignments_pkey"),
        sa.ForeignKeyConstraint(
            ["incident", "service"], ["legs.incident", "legs.service"], name="assignments_incident_service_fkey"
        ),
    )  # fmt: skip
    index("assignments_one_live_per_unit", "assignments", "unit", where="released_at IS NULL", unique=True)
    index("assignments_incident_idx", "assignments", "incident")
    op.create_table(
        "unit_log", needed("seq", BIG), needed("unit", TEXT), needed("status", TEXT), needed("at", BIG),
        needed("by", TEXT), may("incident", TEXT), may("service", TEXT),
        sa.PrimaryKeyConstraint("seq", name="unit_log_pkey"),
    )  # fmt: skip
    index("unit_log_unit_idx", "unit_log", "unit", "seq")


def people_and_geography() -> None:
    op.create_table(
        "users", needed("user", TEXT), needed("name", TEXT), needed("role", TEXT), needed("password", TEXT),
        needed("disabled", YES_NO), needed("created_at", BIG), needed("changed_at", BIG),
        sa.PrimaryKeyConstraint("user", name="users_pkey"),
    )  # fmt: skip
    op.create_table(
        "zone_sets", needed("service", TEXT), needed("version", BIG), needed("name", TEXT), needed("zones", INT),
        needed("approximate", YES_NO), needed("note_vi", TEXT), needed("note_en", TEXT), needed("geojson", BYTES),
        needed("report", TEXT), needed("kept_at", BIG), needed("kept_by", TEXT), may("published_at", BIG),
        may("published_by", TEXT),
        sa.PrimaryKeyConstraint("service", "version", name="zone_sets_pkey"),
        sa.CheckConstraint("version > 0", name=op.f("zone_sets_version_check")),
    )  # fmt: skip
    index(
        "zone_sets_published_idx", "zone_sets", "service", "published_at", where="published_at IS NOT NULL"
    )


def downgrade() -> None:
    for table in (
        "zone_sets", "users", "unit_log", "assignments", "calls", "legs", "incidents", "snapshots", "commands",
        "erasures", "journal_personal", "journal", "leadership",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DROP FUNCTION journal_is_append_only()")
