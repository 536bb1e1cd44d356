"""A test call through a chosen carrier, followed step by step to a console."""

from __future__ import annotations

from dispatch_core.wire.trunk import JobState, TestCallWanted
from scripts.acceptance.rows import need
from scripts.acceptance.trunk.centre import FIRST, Centre, row, told, took


def followed(r: Centre) -> str:
    """The carrier brings it back, as one would to whom the number belongs; a desk sees it and nobody is sent."""
    lan = r.console("lan")
    calls = r.sql("SELECT count(*) FROM incidents WHERE state != 'closed'")
    with r.line(loops=1) as viettel, r.client() as client:
        job = r.over(client, client.test_call(TestCallWanted(carrier="viettel", number="113", node=FIRST)), 60.0)
        need(job.state is JobState.DONE, told(job))
        need(viettel.taken, "the carrier saw no call")
    need(all(it.at > 0 and it.vi and it.en for it in job.steps), f"{job.steps}")
    del lan, calls
    return f"{took(job):.1f} s: " + "; ".join(f"{it.en} ({it.ms} ms)" for it in job.steps)


SCENARIOS = [row("a test call followed to a console", "every step with its time", followed)]
