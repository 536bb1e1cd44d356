"""A carrier's INVITE to a service number: who calls, from where, to which service; then recording; then waiting.

Guarded here: the caller's number is the digits of what the carrier asserted (RFC 3325), else of From, and at
most 20; nothing that a caller chose stands in a channel's caller id or, undressed, in an event. Our call id
is the unique id of the caller's channel; it begins with the node's name and is inherited by every channel.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CALL_CARRIER, CALL_NUMBER, CALL_SERVICE, CALL_UUID
from telephony.dialplan_events import ARRIVED, ENDED, LOCATED, RECORDING
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.waiting import WAIT
from telephony.trunk.files.pjsip_conf import FROM_CARRIER
from telephony.trunk.site import Number, Recording, Site

ARRIVAL = "arrival"
LOCATION = "location"
ENDING = "ended"
RECORD = "record"

NUMBER_LENGTH = 20
HEADER_BYTES = 300


def digits_of(variable: str) -> str:
    """The expression for the digits and '+' of the user part of the URI that a channel variable holds."""
    return f"${{FILTER(0-9+,${{PJSIP_PARSE_URI_FROM({variable},user)}}):0:{NUMBER_LENGTH}}}"


def arrival(site: Site, recordings: str) -> str:
    """The contexts of arrival. `recordings`: the directory, absolute."""
    return "\n".join(
        [
            context(FROM_CARRIER, {number.dial: _dialled(number) for number in site.numbers}),
            context(ARRIVAL, {"s": _arrival(site)}),
            context(LOCATION, {"s": _location()}),
            context(RECORD, {"s": _record(site.recording, recordings)}),
            context(ENDING, {"s": _ending()}),
        ]
    )


def _dialled(number: Number) -> list[str]:
    return [
        f"Set(__{CALL_UUID}=${{UNIQUEID}})",
        f"Set(__{CALL_SERVICE}={number.services[0]})",
        f"Set(__{CALL_NUMBER}={number.dial})",
        f"Set(__{CALL_CARRIER}=${{CHANNEL(endpoint)}})",
        f"Set(CALL_SERVICES={'+'.join(number.services)})",
        f"Goto({ARRIVAL},s,1)",
    ]


def _arrival(site: Site) -> list[str]:
    record = [f"Gosub({RECORD},s,1)"] if site.recording.on else []
    return [
        f"Set(CHANNEL(hangup_handler_push)={ENDING},s,1)",
        "Set(CALL_ASSERTED=${PJSIP_HEADER(read,P-Asserted-Identity)})",
        "Set(CALL_FROM=${CHANNEL(pjsip,remote_uri)})",
        # one character is enough to see whether there is any, and cannot upset the expression
        "GotoIf($[${LEN(${CALL_ASSERTED:0:1})} = 0]?unasserted)",
        f"Set(CALLERID(num)={digits_of('CALL_ASSERTED')})",
        'GotoIf($["${CALLERID(num)}" != ""]?known)',
        f"(unasserted) Set(CALLERID(num)={digits_of('CALL_FROM')})",
        f"(known) Set(CALLERID(name)=${{{CALL_NUMBER}}})",
        tell(
            ARRIVED,
            Number=f"${{{CALL_NUMBER}}}",
            Services="${CALL_SERVICES}",
            Caller="${CALLERID(num)}",
            Carrier=f"${{{CALL_CARRIER}}}",
            SipCallId=f"${{CHANNEL(pjsip,call-id):0:{HEADER_BYTES}}}",
            # remote_uri prints the name between \" and \"; a SIP packet (4,000 bytes) bounds its length
            Name="${PJSIP_PARSE_URI_FROM(CALL_FROM,display):2:-2}",
            From=f"${{PJSIP_HEADER(read,From):0:{HEADER_BYTES}}}",
            Asserted=f"${{CALL_ASSERTED:0:{HEADER_BYTES}}}",
        ),
        f"Gosub({LOCATION},s,1)",
        "Answer(,i)",
        *record,
        f"Goto({WAIT},${{{CALL_SERVICE}}},1)",
    ]


def _location() -> list[str]:
    """RFC 6442. A body that could not be read leaves no method, and then nothing is told."""
    fields = {
        "Source": "location_source",
        "Info": "location_info",
        "Effective": "effective_location",
        "Element": "pidf_element",
        "ElementId": "pidf_element_id",
        "Confidence": "confidence",
        "UsageRules": "usage_rules",
        "DeviceId": "device_id",
        "Notes": "notes",
    }
    told = tell(
        LOCATED,
        Format="${GEOLOC_PROFILE(format)}",
        Method="${GEOLOC_PROFILE(method)}",
        **{header: f"${{GEOLOC_PROFILE({field}):0:1000}}" for header, field in fields.items()},
        Header=f"${{PJSIP_HEADER(read,Geolocation):0:{HEADER_BYTES}}}",
    )
    return [
        "GotoIf($[${LEN(${PJSIP_HEADER(read,Geolocation):0:1})} = 0]?none)",
        'GotoIf($["${GEOLOC_PROFILE(format)}" = ""]?none)',
        told,
        "(none) Return()",
    ]


def _record(recording: Recording, directory: str) -> list[str]:
    """Named by the channel's unique id: the call id of a call that came in, the channel id of a call-back."""
    path = f"{directory}/${{UNIQUEID}}.{recording.format}"
    return [f"MixMonitor({path})", tell(RECORDING, File=path), "Return()"]


def _ending() -> list[str]:
    return [tell(ENDED, Cause="${HANGUPCAUSE}"), "Return()"]
