"""Answering from a console: the caller's channel comes to (answer-at, position) and that phone picks up by itself.

Guarded here:
- one caller, one position: where another phone was lifted in the same moment, the call goes (back) to that
  one, and the console that asked is told;
- a phone that talks is not disturbed; one that rings for another caller stops ringing first;
- a phone that does not pick up in PICK_UP seconds costs the caller nothing: back to the front of the queue.
"""

from __future__ import annotations

from telephony.dialplan_contexts import ANSWER_AT, AUTO_ANSWER, START, WAIT_AGAIN, position_interface
from telephony.dialplan_events import ANSWERED_ELSEWHERE, ANSWERING, NOT_ANSWERED
from telephony.trunk.dialplan.prompting import unask
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.waiting import PICKED_UP
from telephony.trunk.site import Site

PICK_UP = 15  # seconds
SETTLE_STEP = 0.02  # seconds between looks at a phone that is still ringing or hanging up
SETTLE_STEPS = 25
PICK_UP_AT = "pick-up"
BY_ITSELF = "auto-answer"

_PHONE = position_interface("${CALL_AT}")
_STATE = f"${{DEVICE_STATE({_PHONE})}}"


def picking_up(site: Site) -> str:
    """The contexts of answering from a console."""
    positions = {
        position.id: [f"Set(CALL_AT={position.id})", f"Goto({PICK_UP_AT},{START},1)"]
        for position in site.positions
    }
    return "\n".join(
        [
            context(ANSWER_AT, positions),
            context(PICK_UP_AT, {START: _pick_up()}),
            context(BY_ITSELF, {START: _by_itself()}),
        ]
    )


def _pick_up() -> list[str]:
    talking = " | ".join(f'"{_STATE}" = "{state}"' for state in ("INUSE", "RINGINUSE", "BUSY", "ONHOLD"))
    return [
        *unask(),
        'GotoIf($["${CALL_ANSWERED_BY}" = "" | "${CALL_ANSWERED_BY}" = "${CALL_AT}"]?ask)',
        tell(ANSWERED_ELSEWHERE, Position="${CALL_AT}", AnsweredBy="${CALL_ANSWERED_BY}"),
        "Set(CALL_AT=${CALL_ANSWERED_BY})",
        "(ask) " + tell(ANSWERING, Position="${CALL_AT}"),
        "Set(CALL_LOOKS=0)",
        # this caller's own ringing is being cancelled just now
        f'(settle) GotoIf($["{_STATE}" = "NOT_INUSE" | ${{CALL_LOOKS}} >= {SETTLE_STEPS}]?settled)',
        f"Wait({SETTLE_STEP})",
        "Set(CALL_LOOKS=$[${CALL_LOOKS} + 1])",
        "Goto(settle)",
        f'(settled) GotoIf($["{_STATE}" != "RINGING"]?quiet)',
        f"SoftHangup({_PHONE},a)",
        "(quiet) Set(DIALSTATUS=BUSY)",
        f"GotoIf($[{talking}]?back)",
        f"Dial({_PHONE},{PICK_UP},riIb({BY_ITSELF}^{START}^1)U({PICKED_UP}^console))",
        'GotoIf($["${DIALSTATUS}" = "ANSWER"]?over)',
        "(back) " + tell(NOT_ANSWERED, Position="${CALL_AT}", Reason="${DIALSTATUS}"),
        "Set(CALL_ANSWERED_BY=)",
        f"Goto({WAIT_AGAIN},{START},1)",
        "(over) Hangup()",
    ]


def _by_itself() -> list[str]:
    """Runs on the position's channel before its phone is called."""
    return [*(f"Set({setting})".replace(";", r"\;") for setting in AUTO_ANSWER), "Return()"]
