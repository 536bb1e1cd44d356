"""What else a caller's INVITE says: looked at only for what was made to be taken for something else.

Guarded here: the headers go nowhere but into one event, as base64, and only where one of them holds more than plain
printable ASCII without a percent sign; so an ordinary call costs no event, and no header stands in a log.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CALL_CARRIER
from telephony.dialplan_events import HEADERS, SHIELD
from telephony.trunk.dialplan.syntax import context, tell

ODD_HEADERS = "odd-headers"
LOOKED_AT = (
    "To",
    "Contact",
    "Remote-Party-ID",
    "Diversion",
    "History-Info",
    "Call-Info",
    "Geolocation",
    "Reason",
    "Subject",
    "User-Agent",
)
EACH_BYTES = 150
ALL_BYTES = 2000
EXTENSION_HEADERS = 3  # of those that begin with X-, the first so many

_PLAIN = r"\x20-\x24\x26-\x7e"  # printable ASCII but the percent sign


def headers() -> str:
    """The context that looks at them."""
    return context(ODD_HEADERS, {"s": _look()})


def _look() -> list[str]:
    steps = ["Set(LOCAL(all)=${CHANNEL(pjsip,call-id):0:150} ${PJSIP_HEADER(read,Via,2):0:150})"]
    steps += [f"Set(LOCAL(all)=${{all}} ${{PJSIP_HEADER(read,{name}):0:{EACH_BYTES}}})" for name in LOOKED_AT]
    steps.append("Set(LOCAL(names)=${PJSIP_HEADERS(X-)})")
    for number in range(1, EXTENSION_HEADERS + 1):
        steps += [
            f"Set(LOCAL(name)=${{CUT(names,\\,,{number})}})",
            'GotoIf($["${name}" = ""]?gathered)',
            f"Set(LOCAL(all)=${{all}} ${{PJSIP_HEADER(read,${{name}}):0:{EACH_BYTES}}})",
        ]
    kept = f"${{FILTER({_PLAIN},{SHIELD}${{all}})}}"
    return [
        *steps,
        f"(gathered) GotoIf($[${{LEN({kept})}} = ${{LEN({SHIELD}${{all}})}}]?plain)",
        tell(HEADERS, Carrier=f"${{{CALL_CARRIER}}}", Text=f"${{all:0:{ALL_BYTES}}}"),
        "(plain) Return()",
    ]
