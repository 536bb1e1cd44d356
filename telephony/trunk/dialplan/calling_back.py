"""A call that we make: the position's phone has picked up (Originate), the number is dialled through a carrier.

Guarded here: only digits and '+' are dialled, whatever was asked; the called sees the service number; the
next carrier is tried only when one could not take the call at all, so that nobody is rung twice.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CALL_NUMBER, CALLBACK, CALLBACK_NUMBER, START
from telephony.dialplan_events import CALLBACK_DIALLING, CALLBACK_ENDED, CALLBACK_REACHED
from telephony.trunk.dialplan.arrival import LINE_OVER, NUMBER_LENGTH, RECORD
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.site import Site

DIAL_SECONDS = 60
CALLBACK_HEARD = "callback-reached"
CALLBACK_OVER = "callback-ended"


def calling_back(site: Site) -> str:
    """The contexts of a call-back."""
    reached = [
        f"Set(CHANNEL(hangup_handler_push)={LINE_OVER},{START},1)",
        tell(CALLBACK_REACHED, Carrier="${CHANNEL(endpoint)}"),
        "Return()",
    ]
    ended = [tell(CALLBACK_ENDED, Outcome="${DIALSTATUS}", Cause="${HANGUPCAUSE}"), "Return()"]
    return "\n".join(
        [
            context(CALLBACK, {START: _callback(site)}),
            context(CALLBACK_HEARD, {START: reached}),
            context(CALLBACK_OVER, {START: ended}),
        ]
    )


def _callback(site: Site) -> list[str]:
    carriers = [carrier.name for carrier in site.carriers if carrier.enabled]
    steps = [
        f"Set(CALLBACK_TO=${{FILTER(0-9+,${{{CALLBACK_NUMBER}}}):0:{NUMBER_LENGTH}}})",
        "Set(DIALSTATUS=INVALIDARGS)",
        f"Set(CHANNEL(hangup_handler_push)={CALLBACK_OVER},{START},1)",
        'GotoIf($["${CALLBACK_TO}" = ""]?over)',
        f"Set(CALLERID(num)=${{{CALL_NUMBER}}})",
        f"Set(CALLERID(name)=${{{CALL_NUMBER}}})",
        *([f"Gosub({RECORD},s,1)"] if site.recording.ever else []),
    ]
    for carrier in carriers:
        steps += [
            tell(
                CALLBACK_DIALLING,
                Position="${CHANNEL(endpoint)}",
                Number="${CALLBACK_TO}",
                Carrier=carrier,
            ),
            f"Dial(PJSIP/${{CALLBACK_TO}}@{carrier},{DIAL_SECONDS},riIU({CALLBACK_HEARD}))",
            'GotoIf($["${DIALSTATUS}" != "CHANUNAVAIL" & "${DIALSTATUS}" != "CONGESTION"]?over)',
        ]
    return [*steps, "(over) Hangup()"]
