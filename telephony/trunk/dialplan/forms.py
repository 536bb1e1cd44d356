"""How a carrier says service numbers: each form that it may use leads to the number's own extension.

Guarded here: every form is a literal extension; what a caller wrote into To leads to one of them or nowhere; a call of
a carrier over tls must not have come to a port that is read in clear, since there its address could be forged.
"""

from __future__ import annotations

from telephony.trunk.dialplan.arrival import NUMBER_IN
from telephony.trunk.dialplan.syntax import context
from telephony.trunk.files.pjsip_carriers import FROM_CARRIER, call_context
from telephony.trunk.site import Carrier, Site

NO_SUCH_NUMBER = 1  # Q.850
REJECTED = 21


def forms(site: Site) -> str:
    """A context for each carrier that needs one of its own, and one of its numbers alone where we register."""
    return "\n".join(
        text
        for carrier in site.carriers
        if carrier.enabled and call_context(carrier) != FROM_CARRIER
        for text in _forms(site, carrier)
    )


def _forms(site: Site, carrier: Carrier) -> list[str]:
    own = call_context(carrier)
    guard = _not_in_clear(site) if carrier.transport == "tls" else []
    refusal = [f"(clear) Hangup({REJECTED})"] if guard else []
    numbers = carrier.arrivals(number.dial for number in site.numbers)
    told = {form: [*guard, f"Goto({FROM_CARRIER},{dial},1)", *refusal] for form, dial in numbers.items()}
    if carrier.auth != "register" or carrier.user in told:
        return [context(own, told)]
    return [context(own, {**told, carrier.user: [*guard, *_said_in_to(own), *refusal]}), context(_numbers(own), told)]


def _numbers(own: str) -> str:
    return f"{own}-numbers"


def _said_in_to(own: str) -> list[str]:
    """A registrar calls the name of the account; what was dialled stands in To."""
    numbers = _numbers(own)
    return [
        "Set(CALL_TO=${PJSIP_HEADER(read,To)})",
        f"Gosub({NUMBER_IN},s,1(CALL_TO))",
        f"GotoIf(${{DIALPLAN_EXISTS({numbers},${{GOSUB_RETVAL}},1)}}?{numbers},${{GOSUB_RETVAL}},1)",
        f"Hangup({NO_SUCH_NUMBER})",
    ]


def _not_in_clear(site: Site) -> list[str]:
    """Looked at by where it came to: a registrar calls over the connection that we opened, whose port here is any."""
    ports = [port for port in (site.ports.sip, site.ports.tcp) if port]
    came = "${CUT(LOCAL_ADDR,:,${FIELDQTY(LOCAL_ADDR,:)})}"
    in_clear = " | ".join(f'"{came}" = "{port}"' for port in dict.fromkeys(ports))
    return [
        "Set(LOCAL_ADDR=${CHANNEL(pjsip,local_addr)})",
        f"GotoIf($[{in_clear}]?clear)",
    ]
