"""A carrier that does not work: applied, seen not to work, and what was before is back by itself with the reason."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from dispatch_core.wire.trunk import Candidate, JobState
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import NODES, Centre, row, told, took
from scripts.stage.secret_files import secret_file

NEW = "broken"
SECRET = f"carrier-{NEW}"
BACK_S = 10.0
ACCOUNT = ('auth = "register"', 'user = "centre"', 'secret_file = "secrets/carrier-broken"')


@dataclass(frozen=True)
class Broken:
    """``how``: what its line answers, None = there is no line. ``says``: what the reason must have in it."""

    name: str
    lines: tuple[str, ...]
    how: dict[str, int] | None
    says: tuple[str, ...]


BROKEN = (
    Broken("answers 403", (), {"options": 403}, ("403", f"carriers.{NEW}.peers")),
    Broken("answers 503", (), {"options": 503}, ("503", f"carriers.{NEW}.peers")),
    Broken("answers nothing", (), None, ("does not answer", f"carriers.{NEW}.peers")),
    Broken("has another password", ACCOUNT, {"register": 401}, ("password", f"carriers.{NEW}.secret_file")),
    Broken("refuses the registration", ACCOUNT, {"register": 403}, ("403", f"carriers.{NEW}.user")),
)


def rolled_back(broken: Broken, r: Centre) -> str:
    port = r.port(f"carrier-{NEW}")
    secret_file(r.layout.secrets, SECRET)
    lines = tuple(it.replace("secrets/carrier-broken", str(r.layout.secrets / SECRET)) for it in broken.lines)
    files = r.files()
    with ExitStack() as lines_up:
        viettel = lines_up.enter_context(r.line())
        if broken.how is not None:
            lines_up.enter_context(r.line(port=port, **broken.how))
        call = viettel.call("113", r.number()).wait_connected()
        with r.client() as client:
            plan = client.plan(Candidate(text=r.with_carrier(NEW, port, *lines)))
            job = r.applied(client, plan)
            change = client.history()[0]
        need(job.state is JobState.ROLLED_BACK, told(job))
        missing = [it for it in broken.says if it not in job.why_en]
        need(not missing and job.why_vi, f"the reason lacks {missing}: {job.why_en}")
        need(took(job) < BACK_S, f"{took(job):.1f} s until the last good state was back")
        need(change.outcome == "rolled_back" and change.reason_en == job.why_en, f"history: {change}")
        need(r.files() == files, f"other files: {[it for it, was in files.items() if r.files().get(it) != was]}")
        until(lambda: not any(r.knows(node, NEW) for node in NODES), "nobody knowing it any more", 5.0)
        need(not call.over, "the call that was up is over")
        call.hang_up()
    return f"back after {took(job):.1f} s: {job.why_en}"


SCENARIOS: list[Scenario] = [
    row(f"a carrier that {it.name}", f"rolled back in < {BACK_S:g} s, with the reason", partial(rolled_back, it))
    for it in BROKEN
]
