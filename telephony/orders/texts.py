"""An answer by text, through the carrier that brought the message (RFC 3428).

Guarded here: the words cross AMI as base64, the numbers are digits, the carrier is one that the switch knows and finds
reachable at this moment; so nothing that anybody typed is ever a header of AMI or of SIP. Asterisk does not tell what
the carrier answered: that an order was carried out means that the carrier was handed the text.
"""

from __future__ import annotations

import base64
import re

from dispatch_core.domain.effects import SendTextTo
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.orders.table import carries

SEND = "send text"
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_CARRIER = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PEER = re.compile(r"sip:([0-9A-Fa-f.:\[\]]+)((?:;transport=(?:tcp|tls))?)")
REACHED = ("Reachable", "NonQualified", "Created")


@carries(SendTextTo)
async def send_text(actions: Actions, order: SendTextTo) -> None:
    if not _NUMBER.fullmatch(order.number) or not _NUMBER.fullmatch(order.dialled):
        raise ActionFailed(SEND, "not a number")
    peer, transport = await _peer(actions, order.carrier)
    await actions.ask(
        "MessageSend",
        Destination=f"pjsip:{order.carrier}/sip:{order.number}@{peer}{transport}",
        From=f"<sip:{order.dialled}@{peer}>",
        Base64Body=base64.b64encode(order.text.encode()).decode(),
    )


async def _peer(actions: Actions, carrier: str) -> tuple[str, str]:
    """Where the carrier takes calls and texts now: address and port, and over what. Raises ActionFailed where it takes
    none."""
    if not _CARRIER.fullmatch(carrier):
        raise ActionFailed(SEND, "no carrier")
    for item in (await actions.ask("PJSIPShowEndpoint", Endpoint=carrier)).items:
        peer = _PEER.fullmatch(item.get("URI"))
        if item.name == "ContactStatusDetail" and peer and item.get("Status") in REACHED:
            return peer[1], peer[2]
    raise ActionFailed(SEND, f"{carrier} cannot be reached")
