"""A node that is being emptied: a new caller of a carrier is answered 503, so that the carrier goes on to its next way.

Guarded here: nobody is blocked. The core says only up to when, a few seconds ahead, and must say it anew again and
again: should it die, the node takes callers within these seconds by itself. A time that lies further ahead than that (a
clock that was set back) does not count. Whoever comes again soon has no other way and is taken; so is whoever merely
looks like somebody who does, by the last digits of the number. Only in the last moments before the node is stopped,
when nobody is on it and whoever came would be cut off, everybody is sent on; that too ends by itself.
"""

from __future__ import annotations

from dispatch_core.settings import DRAIN_LASTS_S, SHUT_LASTS_S
from telephony.dialplan_contexts import DRAIN_UNTIL, SHUT_UNTIL, START, drained_variable
from telephony.trunk.dialplan.syntax import context

DRAINING = "draining"
AGAIN_S = 60
"""Who comes within this after he was sent on is taken."""

CONGESTION = 34  # Q.850; answered 503
_KNOWN_BY = 3  # last digits of the number: at most so many thousands of variables, whoever calls
_LAST = "0${FILTER(0-9,${GLOBAL(%s)})}"


def draining(number_in: str) -> str:
    """The context. `number_in`: the one that finds the digits in a header."""
    until, slot = _LAST % DRAIN_UNTIL, drained_variable("${DRAIN_CALLER}")
    return context(
        DRAINING,
        {
            START: [
                f"Set(DRAIN_LEFT=$[{_LAST % SHUT_UNTIL} - ${{EPOCH}}])",
                f"GotoIf($[${{DRAIN_LEFT}} > 0 & ${{DRAIN_LEFT}} <= {SHUT_LASTS_S}]?on)",
                f"Set(DRAIN_LEFT=$[{until} - ${{EPOCH}}])",
                f"GotoIf($[${{DRAIN_LEFT}} < 1 | ${{DRAIN_LEFT}} > {DRAIN_LASTS_S}]?take)",
                "Set(DRAIN_FROM=${PJSIP_HEADER(read,P-Asserted-Identity)})",
                f"Gosub({number_in},{START},1(DRAIN_FROM))",
                'GotoIf($["${GOSUB_RETVAL}" != ""]?known)',
                "Set(DRAIN_FROM=${PJSIP_HEADER(read,From)})",
                f"Gosub({number_in},{START},1(DRAIN_FROM))",
                "(known) Set(DRAIN_CALLER=${FILTER(0-9,${GOSUB_RETVAL})})",
                f"Set(DRAIN_CALLER=${{DRAIN_CALLER:-{_KNOWN_BY}}})",
                f"GotoIf($[${{EPOCH}} - {_LAST % slot} < {AGAIN_S}]?take)",
                f"Set(GLOBAL({slot})=${{EPOCH}})",
                f"(on) Hangup({CONGESTION})",
                "(take) Return()",
            ]
        },
    )


def leave_to_others() -> str:
    """The step at which a caller leaves a node that is being emptied."""
    return f'GosubIf($["${{GLOBAL({DRAIN_UNTIL})}}${{GLOBAL({SHUT_UNTIL})}}" != ""]?{DRAINING},{START},1)'
