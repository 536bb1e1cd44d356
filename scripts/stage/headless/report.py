"""What a headless run shows, counted three times over: from PostgreSQL, from the carrier's own log, from each console.

Every check is a line; the last line is the sum. A figure that one of the three tells differently is a failed check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from scripts.benchmarks.figures import quantile
from scripts.stage.callers import CarrierCall, Ending
from scripts.stage.consoles import Console
from scripts.stage.headless.script import Part, Plan
from scripts.stage.progress import say

P99_LIMIT_MS = 500.0


@dataclass
class Report:
    """Checks in order, and whether all held."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def check(self, what: str, seen: Any, expected: Any) -> None:
        good = seen == expected
        self.lines.append(f"{'ok  ' if good else 'FAIL'} {what}: {seen}" + ("" if good else f", expected {expected}"))
        if not good:
            self.failed.append(what)


def ask(dsn: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    finally:
        connection.close()


def database_checks(report: Report, dsn: str, numbers: Sequence[str], parts: Sequence[Part]) -> dict[str, str]:
    """From PostgreSQL; returns incident by call."""
    calls = ask(dsn, "SELECT id, incident, state, recording, dialled FROM calls WHERE number = ANY(%s)", list(numbers))
    report.check("calls in PostgreSQL", len(calls), len(parts))
    by_call = {row[0]: row[1] for row in calls}
    ours = sorted(set(by_call.values()))
    found = ask(dsn, "SELECT id, state, disposition FROM incidents WHERE id = ANY(%s)", ours)
    report.check("incidents in PostgreSQL", len(found), len(parts))
    report.check("incidents closed", sum(row[1] == "closed" for row in found), len(parts))
    report.check("service numbers", sorted({row[4] for row in calls}), ["113", "114", "115"])
    report.check("callers who gave up", sum(row[2] == "abandoned" for row in calls), planned(parts, Plan.GIVES_UP))
    report.check("calls with a recording", sum(bool(row[3]) for row in calls), len(parts))
    legs = ask(dsn, "SELECT incident, count(*) FROM legs WHERE incident = ANY(%s) GROUP BY incident", ours)
    three = sum(row[1] == 3 for row in legs)
    report.lines.append(f"     incidents with three legs: {three}")
    report.check("as many as were planned, or more", three >= planned(parts, Plan.THREE_LEGS) > 0, True)
    zoned = ask(dsn, "SELECT count(*) FROM legs WHERE incident = ANY(%s) AND (zone = '' OR station = '')", ours)
    report.check("legs without zone or station", zoned[0][0], 0)
    moved = ask(
        dsn, "SELECT count(*) FROM journal WHERE type = 'LegReassigned' AND incident = ANY(%s)", ours
    )  # fmt: skip
    report.check("legs reassigned by the supervisor", moved[0][0], planned(parts, Plan.THREE_LEGS))
    live = ask(dsn, "SELECT count(*) FROM assignments WHERE incident = ANY(%s) AND released_at IS NULL", ours)
    report.check("units still assigned", live[0][0], 0)
    sent = ask(dsn, "SELECT count(*) FROM assignments WHERE incident = ANY(%s)", ours)
    report.lines.append(f"     units sent: {sent[0][0]}")
    return by_call


def planned(parts: Sequence[Part], plan: Plan) -> int:
    return sum(part.plan is plan for part in parts)


def carrier_checks(report: Report, calls: Sequence[CarrierCall], parts: Sequence[Part]) -> None:
    report.check("calls in the carrier's log", len(calls), len(parts))
    report.check("of them connected", sum(call.connected is not None for call in calls), len(parts))
    hung_up = sum(call.ending is Ending.HUNG_UP for call in calls)
    report.check("ended by the caller", hung_up, planned(parts, Plan.GIVES_UP))
    report.check("ended by the centre", sum(call.ending is Ending.RELEASED for call in calls), len(parts) - hung_up)


def console_checks(
    report: Report, name: str, console: Console, said: Mapping[str, Any], by_call: Mapping[str, str]
) -> int:
    """From the console's own state; returns how many of our calls with their incidents it has."""
    both: int = sum(
        console.calls.get(call, {}).get("incident") == incident and incident in console.incidents
        for call, incident in by_call.items()
    )
    report.check(f"{name}: calls with their incident", both, len(by_call))
    closed = sum(console.incidents.get(incident, {}).get("state") == "closed" for incident in by_call.values())
    report.check(f"{name}: incidents closed", closed, len(by_call))
    at_work = sum(count for status, count in said["units"].items() if status not in ("available", "out_of_service"))
    report.check(f"{name}: units at work", at_work, 0)
    trouble = (not said["in_step"], said["stale"], said["dropped"])
    report.check(f"{name}: out of step, stale, dropped", trouble, (False, False, 0))
    return both


def mirror_checks(report: Report, accounts: Mapping[str, Mapping[str, Any]]) -> None:
    """All consoles hold the same state, by sequence and by a checksum that each computed over its own."""
    for name, said in accounts.items():
        report.lines.append(f"     {name}: sequence {said['seq']}, checksum {said['checksum']}")
    report.check("different sequences", len({said["seq"] for said in accounts.values()}), 1)
    report.check("different checksums", len({said["checksum"] for said in accounts.values()}), 1)


def latencies(
    calls: Sequence[CarrierCall], ids: Mapping[str, str], rows: Sequence[Mapping[str, float]]
) -> list[float]:
    """Milliseconds from each INVITE to the call's row in each console's model. ``ids``: caller's number to call id."""
    found = []
    for call in calls:
        ident = ids.get(call.number)
        for row_at in rows:
            if ident is not None and ident in row_at:
                found.append((row_at[ident] - call.invited) * 1000)
            else:
                say(f"     no row for {call.number} ({ident}) on one console")
    return found


def latency_line(report: Report, found: Sequence[float], expected: int) -> tuple[float, float]:
    """p50 and p99; the number of pairs measured is a check of its own: a missing row is not a fast one."""
    report.check("latencies measured (calls x consoles)", len(found), expected)
    if not found:
        return 0.0, 0.0
    p50, p99 = quantile(found, 0.5), quantile(found, 0.99)
    report.check(f"p99 at most {P99_LIMIT_MS:.0f} ms", p99 <= P99_LIMIT_MS, True)
    return p50, p99
