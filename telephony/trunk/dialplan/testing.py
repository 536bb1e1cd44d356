"""The test call: one that we make through a carrier, and that comes in again on a trunk, is known by its token.

Guarded here: the token is a secret of one call that the core sets a moment before; it counts once, on the trunk alone
and for seconds; what an INVITE says of it is cut to hexadecimal digits before it is compared. Whoever calls meanwhile
is a caller as any other. A test call stands behind everybody: it rings only where nobody waits, and whoever comes to
this node while it rings or talks takes its place at once, also with the core dead. It is not recorded, has no way to
overflow, and ends by itself.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_SERVICE,
    CALL_TALKED,
    CALL_TEST,
    OVERFLOW_QUEUE,
    START,
    TEST_AGAIN,
    TEST_HEADER,
    TEST_MARK,
    TEST_OUT,
    TEST_UNTIL,
    TEST_WAITS,
    service_queue,
    services_queue,
)
from telephony.trunk.dialplan.syntax import context
from telephony.trunk.site import Site

KNOWN = "test-known"
GIVES_WAY = "test-gives-way"
OVER = "test-over"
TOKEN_LENGTH = 32
RINGS = "TEST_RINGS"  # global: the test call that rings or talks now
LASTS_S = 90  # of a test call in all
ROUND_S = 15  # of ringing, before it is looked again whether somebody waits
LAST = 0  # QUEUE_PRIO: behind everybody
SETTLE = 0.3  # as in `waiting`: until the phones that just stopped ringing count as free
APART_S = 2  # a caller who took its place is in the queue by then

TONE = "440/300,0/1700"

KNOW = f'GosubIf($["${{GLOBAL({TEST_MARK})}}" != ""]?{KNOWN},{START},1)'
"""The step of arrival at which a test call is known."""
GIVE_WAY = f'GosubIf($["${{GLOBAL({RINGS})}}" != ""]?{GIVES_WAY},{START},1)'
"""The step at which a caller takes the place of a test call."""
WAIT = f'GotoIf($["${{{CALL_TEST}}}" = "1"]?{TEST_WAITS},{START},1)'
AGAIN = f'GotoIf($["${{{CALL_TEST}}}" = "1"]?{TEST_WAITS},{START},{TEST_AGAIN})'


def testing(site: Site, line_over: str) -> str:
    """The contexts. `line_over`: what tells how the line was heard when a channel ends."""
    return "\n".join(
        [
            context(KNOWN, {START: _known()}),
            context(GIVES_WAY, {START: _gives_way()}),
            context(TEST_WAITS, {START: _waits(site)}),
            context(OVER, {START: [*_rings_no_more(), "Return()"]}),
            context(TEST_OUT, {START: _out(line_over)}),
        ]
    )


def _known() -> list[str]:
    return [
        f"Set(TEST_SAID=${{FILTER(0-9a-f,${{PJSIP_HEADER(read,{TEST_HEADER})}}):0:{TOKEN_LENGTH}}})",
        f'GotoIf($["${{TEST_SAID}}" = "" | "${{TEST_SAID}}" != "${{GLOBAL({TEST_MARK})}}"]?over)',
        f"GotoIf($[${{EPOCH}} > 0${{FILTER(0-9,${{GLOBAL({TEST_UNTIL})}})}}]?over)",
        f"Set(GLOBAL({TEST_MARK})=)",
        f"Set(__{CALL_TEST}=1)",
        f"Set(TIMEOUT(absolute)={LASTS_S})",
        f"Set(CHANNEL(hangup_handler_push)={OVER},{START},1)",
        "(over) Return()",
    ]


def _gives_way() -> list[str]:
    """On the channel of whoever has come. The phones that rang for the test call are free when this one rings them."""
    return [
        f'GotoIf($["${{{CALL_TEST}}}" = "1"]?over)',
        f"Set(TEST_OTHER=${{GLOBAL({RINGS})}})",
        # somebody who came at the same moment was first: ChannelRedirect of nobody would hang this caller up
        'GotoIf($["${TEST_OTHER}" = ""]?settle)',
        f"Set(GLOBAL({RINGS})=)",
        f"ChannelRedirect(${{TEST_OTHER}},{TEST_WAITS},{START},{TEST_AGAIN})",
        f"(settle) Wait({SETTLE})",
        "(over) Return()",
    ]


def _rings_no_more() -> list[str]:
    other = f'"${{GLOBAL({RINGS})}}" != "${{CHANNEL(name)}}"'
    return [f"Set(GLOBAL({RINGS})=${{IF($[{other}]?${{GLOBAL({RINGS})}}:)}})"]


def _waits(site: Site) -> list[str]:
    queues = [OVERFLOW_QUEUE, *(service_queue(queue.service) for queue in site.queues)]
    queues += [services_queue(site.called_by(queue, step)) for queue in site.queues for step in queue.steps]
    waiting = " + ".join(f"${{QUEUE_WAITING_COUNT({queue})}}" for queue in dict.fromkeys(queues))
    queue = service_queue(f"${{{CALL_SERVICE}}}")
    return [
        f"Set(QUEUE_PRIO={LAST})",
        f"(look) GotoIf($[{waiting} > 0]?later)",
        f"Set(GLOBAL({RINGS})=${{CHANNEL(name)}})",
        f"Queue({queue},riI,,,{ROUND_S},,picked-up)",
        f"(later) {_rings_no_more()[0]}",
        f'GotoIf($["${{{CALL_TALKED}}}" = "1"]?over)',
        "Wait(1)",
        "Goto(look)",
        f'({TEST_AGAIN}) GotoIf($["${{{CALL_TALKED}}}" = "1"]?over)',
        f"Wait({APART_S})",
        "Goto(look)",
        "(over) Hangup()",
    ]


def _out(line_over: str) -> list[str]:
    """The other end of it, once the called has picked up: a tone, so that both ways are heard."""
    return [
        f"Set(CHANNEL(hangup_handler_push)={line_over},{START},1)",
        f"PlayTones({TONE})",
        f"Wait({LASTS_S})",
        "Hangup()",
    ]
