"""One number for several services, a step before everybody rings, a partner: each is an edit, while people are on the
line."""

from __future__ import annotations

from dispatch_core.wire.trunk import Candidate, Edit, JobState
from scripts.acceptance.rows import need
from scripts.acceptance.spine.rig import until
from scripts.acceptance.trunk.centre import Centre, row, told, took
from scripts.acceptance.trunk.hearing import callers, heard_on
from scripts.stage.consoles import Console

STEP_S = 2
EDITS = (
    Edit(section="numbers", entry="113", key="dial", value="112"),
    Edit(section="numbers", entry="112", key="services", value=["police", "fire", "ambulance"]),
    Edit(section="numbers", entry="114"),
    Edit(section="numbers", entry="115"),
    Edit(section="queues", entry="police", key="overflow_after", value=120),
    Edit(section="queues", entry="police", key="steps", value=[{"to": ["fire"], "after": STEP_S}]),
    Edit(section="partners", entry="dien-luc", value={
        "vi": "Điện lực TP.HCM", "en": "Power company", "dial": "19001006", "carrier": "vnpt",
    }),
)  # fmt: skip


def _waits_in(r: Centre, number: str, queue: str) -> bool:
    return r.sql("SELECT queue FROM calls WHERE number = %s", number) == [(queue,)]


def _position(console: Console, number: str) -> str:
    return next(str(it["position"]) for it in list(console.calls.values()) if it["number"] == number)


def merged(r: Centre) -> str:
    lan = r.console("lan")
    with r.line() as viettel, r.line(second=True) as vnpt:
        before = callers(r, viettel, ["113", "114", "115"])
        with r.client() as client:
            job = r.applied(client, client.plan(Candidate(edits=EDITS)), "one number for all")
        need(job.state is JobState.DONE, told(job))
        call = viettel.call("112", r.number()).wait_connected()
        until(lambda: _waits_in(r, call.number, "q-police+fire"), "fire and rescue called too after the step")
        services = r.sql("SELECT services FROM calls WHERE number = %s", call.number)
        refused = viettel.call("113", r.number()).wait(lambda it: it.over, "an end of a call to a number that is gone")
        need(not refused.connected and refused.status == 404, f"{refused.tried}")
        r.answered(lan, call.number)
        lan.do("ch điện lực")
        until(lambda: vnpt.taken, "the partner called through vnpt")
        need(not viettel.taken, "called through viettel")
        until(lambda: _position(lan, call.number) == "", "lan free again")
        heard_on([*before, call])
        need(not [it for it in before if it.over], "a caller of before was lost")
        for one in (call, *before):
            one.hang_up()
    return (
        f"applied in {took(job):.1f} s; 112 is for {', '.join(services[0][0])}, in q-police+fire after {STEP_S} s; "
        f"113 is answered 404; “ch điện lực” reached the partner through vnpt; 3 of 3 who waited before wait on"
    )


SCENARIOS = [
    row("113, 114, 115 become 112, with a step and a partner, while three wait", "taken at once, nobody lost", merged),
]
