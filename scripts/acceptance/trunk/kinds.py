"""A carrier with which we register, and that says our numbers in its own form, connected while somebody talks."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.trunk.centre import NODES, Centre, row, told, took
from scripts.stage.secret_files import secret_file

NEW = "account"
ACCOUNT = "842838230000"


def registered(r: Centre) -> str:
    lan = r.console("lan")
    port = r.port(f"carrier-{NEW}")
    secret_file(r.layout.secrets, NEW)
    lines = (
        'auth = "register"', f'user = "{ACCOUNT}"', f'secret_file = "{r.layout.secrets / NEW}"', 'did = ["+8428"]',
    )  # fmt: skip
    with r.line() as viettel, r.line(port=port) as account:
        before = viettel.call("113", r.number()).wait_connected()
        with r.client() as client:
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port, *lines)))
            need(not plan.restarts, f"a restart for the first account: {plan.summary}")
            job = r.applied(client, plan, "an account with a form of its own")
            need(job.state is JobState.DONE, told(job))
        asked = [where for method, where in account.asked if method == "REGISTER"]
        need(len(asked) >= len(NODES), f"registered from {asked}")
        calls = [account.call("+8428113", r.number(), first=r.sip(node)).wait_connected() for node in NODES]
        r.answered(lan, calls[0].number)
        found = r.sql("SELECT dialled FROM calls WHERE number = %s", calls[0].number)
        need([it[0] for it in found] == ["113"], f"arrived as {found}")
        stranger = viettel.call("+8428113", r.number())
        stranger.wait(lambda it: it.given_up, "refused everywhere")
        need({status for _, status in stranger.tried} == {404}, f"another carrier's form: {stranger.tried}")
        need(not before.over, "the call that was up is over")
        for call in (*calls, before):
            call.hang_up()
    return f"applied in {took(job):.1f} s, registered from {len(NODES)} nodes; +8428113 rings as 113 and is answered"


SCENARIOS = [
    row("a carrier with an account and a form of its own", "registered at both nodes, +8428113 is 113", registered)
]
