"""What a phone does by itself: it calls another position or a service, and hands a caller over (REFER).

Guarded here:
- a phone reaches the positions and the service numbers of this site, each by its exact extension, and nothing else:
  no pattern, no outside number; those are dialled from the console;
- a call between positions is no emergency call: it has no call id, is not recorded, and opens nothing;
- a caller who is handed over and not taken goes back to the front of a queue, also when the phone let go while it
  still rang at the other end; never to a hang-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from telephony.dialplan_contexts import (
    CALL_SERVICE,
    CALL_UUID,
    OVERFLOW_QUEUE,
    START,
    WAIT_AGAIN,
    position_interface,
    service_queue,
)
from telephony.dialplan_events import NOT_ANSWERED
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.waiting import OPTIONS, PICKED_UP, SETTLE
from telephony.trunk.files.pjsip_conf import FROM_POSITION, PHONE_TRANSFER
from telephony.trunk.site import Site

RING = 20  # seconds that a phone rings for another position, or for a caller who is handed over to it
RING_SERVICE = 60  # seconds that a position waits for another service's call takers
AMONG_US = "among-us"
AMONG_US_SERVICE = "among-us-service"
HANDED_OVER = "handed-over"
HANDED_TO_SERVICE = "handed-to-service"
NOT_TAKEN = "not-taken"
BUSY = "17"  # a Q.850 cause

_PHONE = position_interface("${PHONE_TO}")
_STATE = f"${{DEVICE_STATE({_PHONE})}}"
_TALKS = " | ".join(f'"{_STATE}" = "{state}"' for state in ("INUSE", "RINGINUSE", "BUSY", "ONHOLD"))
_NO_CALLER = f'$["${{{CALL_UUID}}}" = ""]'


def from_phones(site: Site) -> str:
    """The contexts of what phones do by themselves."""
    return "\n".join(
        [
            context(FROM_POSITION, _targets(site, AMONG_US, AMONG_US_SERVICE)),
            context(PHONE_TRANSFER, _targets(site, HANDED_OVER, HANDED_TO_SERVICE)),
            context(AMONG_US, {START: _among_us()}),
            context(AMONG_US_SERVICE, {START: _among_us_service()}),
            context(HANDED_OVER, {START: _handed_over()}),
            context(HANDED_TO_SERVICE, {START: _handed_to_service()}),
            context(NOT_TAKEN, {START: _not_taken()}),
        ]
    )


def dialled(site: Site) -> Mapping[str, str]:
    """What a phone dials for a position: its id, and the digits of it where they mean no other one."""
    digits: dict[str, list[str]] = {}
    for position in site.positions:
        digits.setdefault(re.sub(r"\D", "", position.id), []).append(position.id)
    taken = {"", *(number.dial for number in site.numbers)}
    short = {number: ids[0] for number, ids in digits.items() if len(ids) == 1 and number not in taken}
    return {position.id: position.id for position in site.positions} | short


def _targets(site: Site, to_phone: str, to_service: str) -> dict[str, list[str]]:
    """Extension to steps. PHONE_SERVICE: where a caller waits again whom that phone does not take."""
    homes = {position.id: position.services[0] for position in site.positions}
    phones = {
        exten: [f"Set(PHONE_TO={at})", f"Set(PHONE_SERVICE={homes[at]})", f"Goto({to_phone},{START},1)"]
        for exten, at in dialled(site).items()
    }
    services = {
        number.dial: [f"Set(PHONE_SERVICE={number.services[0]})", f"Goto({to_service},{START},1)"]
        for number in site.numbers
    }
    return phones | services


# --- among positions --------------------------------------------------------------------------------------------------
# A caller may be given this very place while it rings (REFER with Replaces): then there is a call id.


def _among_us() -> list[str]:
    return [
        f"Set(HANGUP_AS={BUSY})",
        f"GotoIf($[{_TALKS}]?over)",
        "Set(HANGUP_AS=)",
        f"Dial({_PHONE},{RING},{OPTIONS})",
        'GotoIf($["${DIALSTATUS}" = "ANSWER"]?over)',
        f"GotoIf({_NO_CALLER}?over:{NOT_TAKEN},{START},1)",
        "(over) Hangup(${HANGUP_AS})",
    ]


def _among_us_service() -> list[str]:
    """Behind everybody who waits: a position that asks something is no emergency. Everybody rings where none of the
    service's own phones could."""
    return [
        f"Queue({service_queue('${PHONE_SERVICE}')},{OPTIONS},,,{RING_SERVICE})",
        f"GotoIf({_NO_CALLER}?ours:{NOT_TAKEN},{START},1)",
        '(ours) GotoIf($["${QUEUESTATUS}" != "JOINEMPTY" & "${QUEUESTATUS}" != "LEAVEEMPTY"]?over)',
        f"Queue({OVERFLOW_QUEUE},{OPTIONS},,,{RING_SERVICE})",
        f"GotoIf({_NO_CALLER}?over:{NOT_TAKEN},{START},1)",
        "(over) Hangup()",
    ]


# --- a caller is handed over ------------------------------------------------------------------------------------------


def _handed_over() -> list[str]:
    """A phone that rings for somebody who waits stops: this caller has been spoken with and goes first."""
    return [
        f"GotoIf({_NO_CALLER}?{AMONG_US},{START},1)",
        "Set(CALL_ANSWERED_BY=)",
        f'GotoIf($["{_STATE}" != "RINGING"]?quiet)',
        f"SoftHangup({_PHONE},a)",
        "(quiet) Set(DIALSTATUS=BUSY)",
        f"GotoIf($[{_TALKS}]?back)",
        f"Dial({_PHONE},{RING},{OPTIONS}U({PICKED_UP}^phone))",
        'GotoIf($["${DIALSTATUS}" = "ANSWER"]?over)',
        "(back) " + tell(NOT_ANSWERED, Position="${PHONE_TO}", Reason="${DIALSTATUS}"),
        f"Goto({NOT_TAKEN},{START},1)",
        "(over) Hangup()",
    ]


def _handed_to_service() -> list[str]:
    return [
        f"GotoIf({_NO_CALLER}?{AMONG_US_SERVICE},{START},1)",
        f"Set(__{CALL_SERVICE}=${{PHONE_SERVICE}})",
        "Set(CALL_OVERFLOWED=)",
        "Set(CALL_OVERFLOW_AT=)",  # its call takers have their own time before everybody rings
        f"Goto({NOT_TAKEN},{START},1)",
    ]


def _not_taken() -> list[str]:
    """To the front of the queue. Who was called back has no service of their own, and gets that of the phone."""
    return [
        "Set(CALL_ANSWERED_BY=)",
        f'GotoIf($["${{{CALL_SERVICE}}}" != ""]?known)',
        f"Set(__{CALL_SERVICE}=${{PHONE_SERVICE}})",
        f"(known) Wait({SETTLE})",  # the phone that just stopped ringing rings again with the others
        f"Goto({WAIT_AGAIN},{START},1)",
    ]
