"""A carrier's INVITE to a service number: who calls, from where, to which service; then recording; then waiting.

Guarded here: the caller's number is the digits of what the carrier asserted (RFC 3325), else of From, and at
most 20; nothing that a caller chose stands in a channel's caller id or, undressed, in an event. Our call id
is the unique id of the caller's channel; it begins with the node's name and is inherited by every channel.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_CARRIER,
    CALL_NUMBER,
    CALL_SERVICE,
    CALL_TALKED,
    CALL_TEST,
    CALL_UUID,
    ENDINGS,
    NEWEST_CALL,
    SIP_CALL,
    ending_variable,
)
from telephony.dialplan_events import ARRIVED, ENDED, LINE, LINE_PARTS, RECORDING, SOUNDED
from telephony.oddities import HEADER_BYTES
from telephony.trunk.dialplan.draining import draining, leave_to_others
from telephony.trunk.dialplan.headers import ODD_HEADERS
from telephony.trunk.dialplan.probing import LEAVE
from telephony.trunk.dialplan.prompting import unask
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.testing import GIVE_WAY, KNOW
from telephony.trunk.dialplan.testing import WAIT as WAIT_AS_TEST
from telephony.trunk.dialplan.waiting import WAIT, standing
from telephony.trunk.files.pjsip_carriers import FROM_CARRIER
from telephony.trunk.site import Site
from telephony.trunk.site_centre import Number, Recording

ARRIVAL = "arrival"
NUMBER_IN = "number-in"
ENDING = "ended"
RECORD = "record"
SOUND = "sounded"
LINE_OVER = "line-over"

HEARD = " ".join(f"${{CHANNEL(rtcp,{part})}}" for part in LINE_PARTS)

NUMBER_LENGTH = 20


def arrival(site: Site, recordings: str) -> str:
    """The contexts of arrival. `recordings`: the directory, absolute."""
    return "\n".join(
        [
            context(FROM_CARRIER, {number.dial: _dialled(number) for number in site.numbers}),
            context(ARRIVAL, {"s": _arrival(site)}),
            context(NUMBER_IN, {"s": _number_in()}),
            context(RECORD, {"s": [*_recorded(site), *_record(site.recording, recordings)]}),
            draining(NUMBER_IN),
            context(SOUND, {"s": _sounded()}),
            context(ENDING, {"s": _ending()}),
            context(LINE_OVER, {"s": [tell(LINE, Line=HEARD), "Return()"]}),
        ]
    )


def _dialled(number: Number) -> list[str]:
    return [
        f"Set(__{CALL_SERVICE}={number.services[0]})",
        f"Set(__{CALL_NUMBER}={number.dial})",
        f"Set(__{CALL_CARRIER}=${{CHANNEL(endpoint)}})",
        f"Set(CALL_SERVICES={'+'.join(number.services)})",
        f"Goto({ARRIVAL},s,1)",
    ]


def _arrival(site: Site) -> list[str]:
    record = [f'GosubIf($["${{{CALL_TEST}}}" = ""]?{RECORD},s,1)'] if site.recording.ever else []
    return [
        LEAVE,
        leave_to_others(),
        KNOW,  # before anything can be told of a call
        f"Set(__{CALL_UUID}=${{UNIQUEID}})",
        f"Set(CHANNEL(hangup_handler_push)={ENDING},s,1)",
        f"Set(GLOBAL({NEWEST_CALL})=${{UNIQUEID}})",
        f"Set({SIP_CALL}=${{BASE64_ENCODE(${{CHANNEL(pjsip,call-id):0:{HEADER_BYTES}}})}})",
        "Set(CALL_FROM=${PJSIP_HEADER(read,From)})",
        "Set(CALL_ASSERTED=${PJSIP_HEADER(read,P-Asserted-Identity)})",
        f"Gosub({NUMBER_IN},s,1(CALL_ASSERTED))",
        'GotoIf($["${GOSUB_RETVAL}" != ""]?known)',
        f"Gosub({NUMBER_IN},s,1(CALL_FROM))",
        "(known) Set(CALLERID(num)=${GOSUB_RETVAL})",
        f"Set(CALLERID(name)=${{{CALL_NUMBER}}})",
        tell(
            ARRIVED,
            Number=f"${{{CALL_NUMBER}}}",
            Services="${CALL_SERVICES}",
            Caller="${CALLERID(num)}",
            Carrier=f"${{{CALL_CARRIER}}}",
            SipCallId=f"${{CHANNEL(pjsip,call-id):0:{HEADER_BYTES}}}",
            From=f"${{CALL_FROM:0:{HEADER_BYTES}}}",
            Asserted=f"${{CALL_ASSERTED:0:{HEADER_BYTES}}}",
            Test=f"${{{CALL_TEST}}}",
        ),
        f"Gosub({ODD_HEADERS},s,1)",
        "Answer(,i)",
        f"Set(TALK_DETECT(set)={site.silence.pause_ms},{site.silence.loud})",
        *record,
        *standing(),
        WAIT_AS_TEST,
        GIVE_WAY,
        f"Goto({WAIT},${{{CALL_SERVICE}}},1)",
    ]


def _number_in() -> list[str]:
    """The digits and '+' at the user part of the last URI in the header that the variable ARG1 holds.

    Cut by cut and by name of variable: Asterisk's own URI functions fail on tel: and on names with quotes.
    """
    cuts = ((">", "1"), ("@", "1"), (r"\;", "1"), ("%", "1"), (":", "2"))
    return [
        "Set(LOCAL(uri)=${CUT(${ARG1},<,${FIELDQTY(${ARG1},<)})})",
        *(f"Set(LOCAL(uri)=${{CUT(uri,{mark},{part})}})" for mark, part in cuts),
        f"Return(${{FILTER(0-9+,${{uri}}):0:{NUMBER_LENGTH}}})",
    ]


def _recorded(site: Site) -> list[str]:
    """The first rule that fits decides. A service is told by the numbers that are first taken for it, so that it is the
    same for a call-back; a rule about a carrier fits only who came through it."""
    rules = site.recording.rules
    if not rules:
        return []
    steps = []
    for rule in rules:
        numbers = [
            number.dial
            for number in site.numbers
            if rule.number in ("", number.dial) and rule.service in ("", number.services[0])
        ]
        dialled = " | ".join(f'"${{{CALL_NUMBER}}}" = "{number}"' for number in numbers)
        said = [f"({dialled})"] if rule.number or rule.service else []
        said += [f'"${{{CALL_CARRIER}}}" = "{rule.carrier}"'] if rule.carrier else []
        if numbers:
            fits = " & ".join(said) or "1"
            steps.append(f"GotoIf($[{fits}]?{'record' if rule.on else 'leave'})")
    return [
        *steps, f"Goto({'record' if site.recording.on else 'leave'})", "(leave) Return()", "(record) NoOp()",
    ]  # fmt: skip


def _record(recording: Recording, directory: str) -> list[str]:
    """Named by the channel's unique id: the call id of a call that came in, the channel id of a call-back."""
    path = f"{directory}/${{UNIQUEID}}.{recording.format}"
    return [
        f"Set(CHANNEL(hangup_handler_push)={SOUND},s,1)",
        f"MixMonitor({path})",
        tell(RECORDING, File=path),
        "Return()",
    ]


def _sounded() -> list[str]:
    """What passed through a recorded channel, so that a recording that lacks some of it is found."""
    told = tell(SOUNDED, Received="${CHANNEL(rtcp,rxcount)}", Sent="${CHANNEL(rtcp,txcount)}")
    return [told, "Return()"]


def _ending() -> list[str]:
    """Told, and remembered: a core that was cut off meanwhile asks who ended the call, and when; and who had called, if
    it was cut off all the time."""
    dialled = f'${{IF($["${{{CALL_TEST}}}" = "1"]?-:${{{CALL_NUMBER}}})}}'  # nobody's, so that nobody was missed
    caller = f"{dialled} ${{{CALL_CARRIER}}} ${{CALLERID(num)}} ${{{CALL_TALKED}}} ${{MIXMONITOR_FILENAME}}"
    slot = f"$[${{CUT(UNIQUEID,.,${{FIELDQTY(UNIQUEID,.)}})}} % {ENDINGS}]"
    return [
        tell(ENDED, Cause="${HANGUPCAUSE}", Line=HEARD),
        f"Set(GLOBAL({ending_variable(slot)})=${{UNIQUEID}} ${{STRFTIME(,,%s%3q)}} ${{HANGUPCAUSE}}"
        f" ${{CHANNEL(hangupsource)}} {caller})",
        *unask(),
        "Return()",
    ]
