"""A caller who came to be alone in a room, however that was: back at the front of the queue by itself."""

from __future__ import annotations

from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import rig, until
from scripts.stage.callers import Caller
from scripts.stage.secret_files import read_secret
from telephony.dialplan_contexts import ROOM, ROOM_CALLER
from tests.system.voice_stage import Ear

WITHIN_S = 6.0  # the dialplan looks for 2 s who is there


def alone_in_the_room() -> str:
    """The caller's channel is put into the room while nobody is there, as by a hang-up in the wrong moment."""
    r = rig()
    lan, number = r.console("lan"), r.number()
    with r.calling(Caller("113", number, patience=40.0)):
        r.answered(lan, number)
        ident = r.sql("SELECT id FROM calls WHERE number = %s", number)[0][0]
        ear = Ear(r.system.site.site.at(r.system.site.node).ports.ami, read_secret(r.system.site.ami_secret))
        try:
            said = ear.act("Redirect", Channel=ident, Context=ROOM, Exten=ROOM_CALLER, Priority="1")
        finally:
            ear.close()
        until(lambda: "B01" not in r.talking(), f"B01 gone ({said.get('Message')})")
        r.shown(lan, number, "queued", "ringing", seconds=WITHIN_S)
        again = r.answered(lan, number)
        need(again["position"] == "B01", f"{again}")
        lan.do(f"h {number}")
    return "back at the front of the queue by the dialplan alone, and answered again"


SCENARIOS = [
    Scenario(
        "alone in a room", f"a caller whom nobody hears is at the front of the queue within {WITHIN_S:g} s",
        alone_in_the_room,
    ),
]  # fmt: skip
