"""A carrier more, while people talk and wait: nobody notices but its callers."""

from __future__ import annotations

import time

from dispatch_core.wire.trunk import Candidate, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import FIRST, NODES, SECOND, Centre, row, told, took
from scripts.acceptance.trunk.hearing import callers, heard_on, whole

NEW = "mobi"
REACHED_S = 10.0



def added(r: Centre) -> str:
    lan, minh = r.console("lan"), r.console("minh")
    port = r.port(f"carrier-{NEW}")
    with r.line() as viettel, r.line(second=True) as vnpt, r.line(port=port) as mobi:
        calls = callers(r, viettel, ["113", "113", "114", "114", "115", "115"])
        calls += callers(r, vnpt, ["113", "113", "114", "115"], at=6, first=r.sip(SECOND))
        r.answered(lan, calls[0].number)
        r.answered(minh, calls[2].number)
        heard_on(calls)
        with r.client() as client:
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port)))
            need(plan.calls_up >= len(calls), f"the plan knows of {plan.calls_up} calls")
            began = time.monotonic()
            job = r.applied(client, plan, "a second way in for the south")
            seconds = time.monotonic() - began
        need(job.state is JobState.DONE, told(job))
        for node in NODES:
            until(lambda node=node: r.reached(node, NEW), f"{NEW} reachable from {node}", REACHED_S)  # type: ignore[misc]
        need(not [it for it in calls if it.over], f"lost: {[it.number for it in calls if it.over]}")
        heard_on(calls)
        new = [mobi.call("113", r.number(), first=r.sip(node)).wait_connected() for node in NODES]
        need([it.centre for it in new] == [r.sip(it) for it in NODES], f"{[it.tried for it in new]}")
        heard_on(new)
        for call in (*new, *calls):
            call.hang_up()
    seen = whole(r, calls)
    return (
        f"applied in {took(job):.1f} s (seen by the admin {seconds:.1f} s); {NEW} reachable from and taken "
        f"at {FIRST} and {SECOND}; ten calls heard before and after; {seen}"
    )


SCENARIOS = [
    row("a second carrier while ten calls are up", "both nodes reach it; all ten heard to the end, and whole", added),
]
