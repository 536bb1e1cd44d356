"""A text message (SIP MESSAGE, RFC 3428) to a service number: told to the core, body and all, and no call.

Guarded here: neither the body nor the sender ever stands in a variable or a log line as it came (Asterisk decodes
%0d%0a in the sender); both cross AMI as base64, and the number is read out of the sender only behind it.
"""

from __future__ import annotations

from telephony.dialplan_events import MESSAGE
from telephony.oddities import HEADER_BYTES
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.files.pjsip_carriers import message_context
from telephony.trunk.site import Carrier, Site

BODY_BYTES = 2000  # as base64 well within the 8,192 bytes of a dialplan step


def messages(site: Site) -> str:
    """A context for each carrier, because a message does not say which endpoint brought it."""
    return "\n".join(
        context(
            message_context(carrier),
            {form: _message(carrier, dial) for form, dial in carrier.arrivals(_numbers(site)).items()},
        )
        for carrier in site.carriers
        if carrier.enabled
    )


def _numbers(site: Site) -> list[str]:
    """What a message may be sent to: the service numbers, and those for phones' locations."""
    return list(dict.fromkeys([*(number.dial for number in site.numbers), *site.locations.sms_numbers]))


def _message(carrier: Carrier, dial: str) -> list[str]:
    return [
        tell(
            MESSAGE,
            Number=dial,
            Carrier=carrier.name,
            From=f"${{MESSAGE(from):0:{HEADER_BYTES}}}",
            SipCallId=f"${{MESSAGE_DATA(Call-ID):0:{HEADER_BYTES}}}",
            CSeq="${MESSAGE_DATA(CSeq):0:40}",
            ContentType="${MESSAGE_DATA(Content-Type):0:100}",
            Body=f"${{MESSAGE(body):0:{BODY_BYTES}}}",
        ),
        "Hangup()",
    ]
