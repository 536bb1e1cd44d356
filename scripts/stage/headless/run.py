"""`scripts/run --headless`: a whole shift on real components, its report, and an exit status."""

from __future__ import annotations

import time
from typing import Any

from scripts.stage.callers import Carrier
from scripts.stage.consoles import Console
from scripts.stage.headless import report as reports
from scripts.stage.headless.operators import Dispatcher, Shift, Supervisor
from scripts.stage.headless.report import Report
from scripts.stage.headless.script import Part, write_script
from scripts.stage.progress import say, step
from scripts.stage.stage import Stage
from scripts.stage.system import System

SEATS = (("lan", "B01"), ("minh", "B02"), ("thao", "B03"))
LATE_USER = "vy"
EACH_CALL_S = 4.0
SPARE_S = 90.0
IN_STEP_WITHIN_S = 20.0


def headless(stage: Stage, calls: int, rate: float) -> int:
    """Everything up, the shift worked, everything counted; 0 where every check held."""
    system = System(stage)
    system.up()
    run = int(time.time()) % 10_000
    parts = write_script(calls, run)
    with step("three consoles off screen"):
        consoles = [Console(stage, system, user, f"console-{user}") for user, _ in SEATS]
        for console, (_, seat) in zip(consoles, SEATS, strict=True):
            console.sign_in()
            free_seat(console)
            console.do(f"pos {seat}")
    report = Report()
    with step(f"{calls} calls at {rate:g} a second, answered and worked"):
        log, shift = work(stage, system, consoles, parts, rate)
    for problem in shift.problems:
        report.check(f"operator: {problem}", "failed", "well")
    rows = [dict(console.row_at) for console in consoles]
    with step("a console killed and started again, and a late one"):
        accounts = account(stage, system, consoles)
    return conclude(report, system, parts, shift, log, rows, consoles, accounts)


def free_seat(console: Console) -> None:
    """Leave the position of an earlier run, if there is one."""
    console.type("pos- chac")


def work(
    stage: Stage, system: System, consoles: list[Console], parts: list[Part], rate: float
) -> tuple[Carrier, Shift]:
    """The shift itself; returns when every caller is handled, or a problem arose, or the time is up."""
    shift = Shift({part.caller.number: part for part in parts})
    people = [
        Dispatcher(consoles[0], shift, SEATS[1][0]),
        Dispatcher(consoles[1], shift, SEATS[0][0]),
        Supervisor(consoles[2], shift),
    ]
    home = system.layout.var / "callers"
    port, centre = system.site.carrier_port, system.site.site.ports.sip
    carrier = Carrier(home, port, centre, [part.caller for part in parts], rate)
    stage.ending(carrier.stop)
    carrier.start()
    for person in people:
        person.start()
    deadline = time.monotonic() + SPARE_S + len(parts) * EACH_CALL_S
    told = 0.0
    while not shift.done and time.monotonic() < deadline:
        stage.check()
        if time.monotonic() - told > 5:
            told = time.monotonic()
            say(f"   {len(shift.handled)} of {len(parts)} callers handled")
        time.sleep(0.1)
    for person in people:
        person.join(5)
    if not shift.done:
        shift.problems.append(f"only {len(shift.handled)} of {len(parts)} callers were handled in time")
    carrier.wait(10)
    return carrier, shift


Accounts = dict[str, tuple[Console, dict[str, Any]]]


def account(stage: Stage, system: System, consoles: list[Console]) -> Accounts:
    """What four consoles say at rest: one that never stopped, one killed and started again, one that came late."""
    consoles[1].kill9()
    again = Console(stage, system, SEATS[1][0], f"console-{SEATS[1][0]}-again")
    again.sign_in()
    late = Console(stage, system, LATE_USER, f"console-{LATE_USER}-late")
    late.sign_in()
    watched = {
        "console that never stopped": consoles[0],
        "console killed and restarted": again,
        "console started late": late,
        "supervisor's console": consoles[2],
    }
    deadline = time.monotonic() + IN_STEP_WITHIN_S
    while True:
        accounts = {name: (console, console.report()) for name, console in watched.items()}
        in_step = len({said["seq"] for _, said in accounts.values()}) == 1
        if in_step or time.monotonic() > deadline:
            return accounts
        time.sleep(0.2)


def conclude(
    report: Report,
    system: System,
    parts: list[Part],
    shift: Shift,
    carrier: Carrier,
    rows: list[dict[str, float]],
    consoles: list[Console],
    accounts: Accounts,
) -> int:
    numbers = [part.caller.number for part in parts]
    dsn = system.postgres.dsn()
    log = [call for call in carrier.calls if call.number in shift.parts]
    by_call = reports.database_checks(report, dsn, numbers, parts)
    ids = dict(reports.ask(dsn, "SELECT number, id FROM calls WHERE number = ANY(%s)", numbers))
    reports.carrier_checks(report, log, parts)
    on_every = min(
        reports.console_checks(report, name, console, said, by_call) for name, (console, said) in accounts.items()
    )
    report.check("a dispatcher's reassignment refused", len(shift.refused_as_expected) > 0, True)
    told = sum(notice["code"] == "reassigned" for console in consoles for notice in console.notices)
    report.check("both sides told of the reassignment", told >= 2, True)
    reports.mirror_checks(report, {name: said for name, (_, said) in accounts.items()})
    for console in consoles:
        report.check(f"{console.name}: problems", console.problems, [])
    found = reports.latencies(log, ids, rows)
    p50, p99 = reports.latency_line(report, found, len(parts) * len(rows))
    for line in report.lines:
        print(line)
    lost = len(log) - len(set(ids.values()))
    print(
        f"calls {len(log)}, incidents {len(set(by_call.values()))}, on every console {on_every}, lost {lost}, "
        f"ring-to-console p50 {p50:.0f} ms p99 {p99:.0f} ms",
        flush=True,
    )
    return 1 if report.failed else 0
