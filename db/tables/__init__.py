"""The tables, as SQLAlchemy Core sees them. ``migrations`` makes them; a test holds the two together.

Three kinds of rows live here. The *journal* (with ``journal_personal`` and ``commands``) is the truth and is only ever
appended to. The *projections* (incidents, legs, calls, assignments, unit_log) say the same in rows that people query,
written in the transaction of the events they come from. The rest (leadership, snapshots, users, zone_sets,
zone_publications, trunk_changes, erasures) serves the core.

Times are ``Instant``: bigint milliseconds since 1970-01-01 UTC, NULL where it has not happened. Every counter is a
bigint. Columns marked personal are emptied by an erasure.
"""

from __future__ import annotations

from db.tables.places import place_lists, premise_notes
from db.tables.projections import (
    assignments,
    calls,
    incidents,
    legs,
    missed,
    recording_holds,
    recording_sweeps,
    recordings,
    unit_log,
)
from db.tables.service import users
from db.tables.shared import PERSONAL, metadata
from db.tables.trunk import trunk_changes
from db.tables.truth import commands, erasures, journal, journal_append_only, journal_personal, leadership, snapshots
from db.tables.zones import zone_publications, zone_sets

__all__ = [
    "PERSONAL",
    "assignments",
    "calls",
    "commands",
    "erasures",
    "incidents",
    "journal",
    "journal_append_only",
    "journal_personal",
    "leadership",
    "legs",
    "metadata",
    "missed",
    "place_lists",
    "premise_notes",
    "recording_holds",
    "recording_sweeps",
    "recordings",
    "snapshots",
    "trunk_changes",
    "unit_log",
    "users",
    "zone_publications",
    "zone_sets",
]
