"""The trap of AMI's BlindTransfer: with the caller's own channel as the one that transfers, the caller is dropped.

No order of ours is that action; somebody else's program may send it. What must then be known is that we dropped the
caller, not that the caller hung up.
"""

from __future__ import annotations

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import rig
from scripts.acceptance.telephony.traces import stored
from scripts.stage.callers import Caller, Ending
from scripts.stage.secret_files import read_secret
from telephony.dialplan_contexts import START, WAIT_AGAIN
from tests.system.voice_stage import Ear


def dropped_by_us() -> str:
    r = rig()
    lan, number = r.console("lan"), r.number()
    with r.calling(Caller("113", number)) as carrier:
        r.answered(lan, number)
        name = next(fields[0] for fields in r.channels() if fields[0].startswith("PJSIP/viettel"))
        ear = Ear(r.system.site.site.at(r.system.site.node).ports.ami, read_secret(r.system.site.ami_secret))
        try:
            ear.act("BlindTransfer", Channel=name, Context=WAIT_AGAIN, Exten=START)
        finally:
            ear.close()
        r.shown(lan, number, "ended")
        need(carrier.wait(5.0) and carrier.calls[0].ending is Ending.RELEASED, f"{carrier.calls}")
    call = stored(r, number)
    need(call["ended_by"] == "us", f"stored as ended by {call['ended_by']}")
    incident = r.sql("SELECT state FROM incidents WHERE id = (SELECT incident FROM calls WHERE number = %s)", number)
    need(incident and incident[0][0] != "closed", f"incident {incident}")
    return "the caller was dropped; stored as ended by us, the incident stays open"


SCENARIOS = [
    Scenario(
        "trace 06x live", "a transfer of the wrong channel drops the caller: known as our doing", dropped_by_us,
    ),
]  # fmt: skip
