"""A test call through a chosen carrier, followed step by step to a console."""

from __future__ import annotations

from dispatch_core.wire.trunk import JobState, TestCallWanted
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import FIRST, Centre, row, told
from scripts.stage.looping_carrier import LoopingCarrier

DIAL = "113"
REACHED_S = 15.0


def followed(r: Centre) -> str:
    """The carrier sends it back, as one would to whom the number belongs; a desk answers it, no incident is made."""
    lan = r.console("lan")
    incidents = r.sql("SELECT count(*) FROM incidents")
    number = r.number()
    carrier = LoopingCarrier(r.system.site.carrier_port, r.sip(FIRST), [DIAL], {}, calls_as=f"<sip:{number}@carrier>")
    with carrier, r.client() as client:
        until(lambda: r.reached(FIRST, "viettel"), "the carrier reached again", REACHED_S)
        wanted = TestCallWanted(carrier="viettel", number=DIAL, node=FIRST)
        ident = client.test_call(wanted)

        def seen() -> str:
            job = client.job(ident)
            need(job.state is JobState.RUNNING, f"over already: {told(job)}")
            return _test_call(lan.calls)

        call = until(seen, "the test call at the console")
        lan.do(f"a {call}")
        job = r.over(client, ident, 60.0)
        need(job.state is JobState.DONE, told(job))
        need(carrier.invites, "the carrier saw no call")
    need(all(it.at > 0 and it.vi and it.en for it in job.steps), f"{job.steps}")
    wanted_codes = ("asked", "sent", "ringing", "answered")
    codes = [it.code for it in job.steps]
    need(all(it in codes for it in wanted_codes), f"steps {codes}")
    need(r.sql("SELECT count(*) FROM incidents") == incidents, "an incident was made of it")
    return "; ".join(f"{it.en} ({it.ms} ms)" for it in job.steps)


def _test_call(calls: dict[str, dict[str, object]]) -> str:
    return next((ident for ident, it in list(calls.items()) if it.get("state") in ("queued", "ringing")), "")


SCENARIOS = [row("a test call followed to a console", "every step with its time", followed)]
