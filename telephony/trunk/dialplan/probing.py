"""The synthetic call: the node calls its own service numbers over real SIP, to see that a caller would come through.

It enters the very extension that a carrier's call enters and leaves it just before anything is told of a call: no
record, no recording, nobody rings. Guarded here: only the probe's own endpoint comes here, which is known by its
password; what it brings along is a token of hexadecimal digits, and it is told only where the caller would have found
the way to wait and the queue to wait in.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_NUMBER,
    CALL_SERVICE,
    PROBE_HEADER,
    PROBE_IN,
    PROBE_OVER,
    PROBED,
    START,
    service_queue,
)
from telephony.dialplan_events import PROBE
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.waiting import WAIT

TOKEN_LENGTH = 32
LEAVE = f'GotoIf($["${{CHANNEL(endpoint)}}" = "{PROBE_IN}"]?{PROBED},{START},1)'
"""The step at which a probe leaves the way of a caller."""


def probing() -> str:
    """The contexts of a probe that came through, and of its other end, should anybody pick it up."""
    queue = service_queue(f"${{{CALL_SERVICE}}}")
    steps = [
        f"GotoIf($[${{DIALPLAN_EXISTS({WAIT},${{{CALL_SERVICE}}},1)}} = 0]?over)",
        f"GotoIf($[${{QUEUE_EXISTS({queue})}} = 0]?over)",
        f"Set(PROBE_TOKEN=${{FILTER(0-9a-f,${{PJSIP_HEADER(read,{PROBE_HEADER})}}):0:{TOKEN_LENGTH}}})",
        tell(
            PROBE,
            Number=f"${{{CALL_NUMBER}}}",
            Token="${PROBE_TOKEN}",
            Ready=f"${{QUEUE_MEMBER({queue},ready)}}",
        ),
        "(over) Hangup()",
    ]
    return "\n".join([context(PROBED, {START: steps}), context(PROBE_OVER, {START: ["Hangup()"]})])
