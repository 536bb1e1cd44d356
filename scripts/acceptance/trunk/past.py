"""What was: every change is kept with its reason and its difference, and any earlier state is applied again."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, Edit, JobState, RollbackWanted
from scripts.acceptance.rows import need
from scripts.acceptance.trunk.centre import ADMIN, Centre, row, told, took


def again(r: Centre) -> str:
    files = r.files()
    with r.line(second=True), r.client() as client:
        first = client.shown().version
        for value, why in ((41, "one"), (42, "two")):
            edit = Edit(section="carriers", entry="vnpt", key="capacity", value=value)
            job = r.applied(client, client.plan(Candidate(edits=(edit,))), why)
            need(job.state is JobState.DONE, told(job))
        versions = [it.version for it in client.history()[:2]]
        need(versions == sorted(versions, reverse=True) and first not in versions, f"{versions} after {first}")
        two, one = (client.change(it) for it in versions)
        seen = (two.why, one.why, two.by, two.in_force, one.in_force)
        need(seen == ("two", "one", ADMIN, True, False), f"{two} {one}")
        need("-capacity = 41" in two.site_diff and "+capacity = 42" in two.site_diff, two.site_diff)
        need(two.files or "capacity" not in str(r.system.site.asterisk_files()), "no rendered difference is kept")
        job = r.over(client, client.roll_back(RollbackWanted(version=one.version, why="two was wrong")))
        need(job.state is JobState.DONE, told(job))
        need(client.shown().text == one.text, "what is in force is not what was then")
        job = r.over(client, client.roll_back(RollbackWanted(version=first)))
        need(job.state is JobState.DONE, told(job))
        need(r.files() == files, "the files are not those of before")
        kinds = [(it.kind, it.outcome) for it in client.history()[:4]]
    wanted = [("rollback", "done"), ("rollback", "done"), ("apply", "done"), ("apply", "done")]
    need(kinds == wanted, f"history: {kinds}")
    listed = r.command("history", str(versions[0]))
    need("+capacity = 42" in listed.stdout and "two" in listed.stdout, listed.stdout + listed.stderr)
    return f"versions {versions[::-1]} kept with reason and difference; {first} again after {took(job):.1f} s"


SCENARIOS = [row("any earlier state applied again", "history has who, when, why, what; the files as then", again)]
