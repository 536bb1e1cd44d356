"""The core dies in the middle of an apply: at its next start the last good state is back, and the history says so."""

from __future__ import annotations

from dispatch_core.wire.trunk import ApplyWanted, Candidate
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import NODES, Centre, row

NEW = "silent"


def in_the_middle(r: Centre) -> str:
    """A carrier that never answers: while it is waited for, its files are in place at every node."""
    files = r.files()
    with r.line() as viettel:
        call = viettel.call("113", r.number()).wait_connected()
        with r.client() as client:
            plan = client.plan(Candidate(text=r.with_carrier(NEW, r.port(f"carrier-{NEW}"))))
            need(plan.ident, f"refused: {plan.mistakes}")
            client.apply(ApplyWanted(plan=plan.ident, confirm=plan.confirm, why="will be cut short"))
            until(lambda: all(r.knows(node, NEW) for node in NODES), "both nodes running on the new files", 10.0)
            r.system.core.kill9()
        need(r.files() != files, "it died before anything was in place")
        caller = viettel.call("113", r.number()).wait_connected()  # voice needs none of us
        r.start_core()
        r.system.wait_for_core()
        with r.client() as client:
            until(lambda: not client.shown().job, "no job", 20.0)
            until(lambda: r.files() == files, "the files of before", 20.0)
            until(lambda: not any(r.knows(node, NEW) for node in NODES), "nobody knowing it any more", 10.0)
            until(lambda: not client.shown().drift, "no drift", 10.0)
            change = client.history()[0]
        need(change.outcome == "rolled_back" and change.reason_vi, f"history: {change}")
        need(not call.over and not caller.over, "a call was lost")
        for it in (call, caller):
            it.hang_up()
    return f"both calls went on; back at the next start: {change.reason_en}"


SCENARIOS = [row("the core dies in the middle of an apply", "the last good state is back, and said why", in_the_middle)]
