"""Waiting: first for the service's own call takers, after `overflow_after` seconds for everybody, without end.

Guarded here: a caller who waits is never let go, nor one who has no service any more, or never had (called back);
coming back from a position that did not pick up neither starts the time anew nor loses the place (QUEUE_PRIO). The one
time that counts is when the caller joined first, and a step of the clock backwards cannot make it longer than
`overflow_after`.
"""

from __future__ import annotations

from telephony.dialplan_contexts import (
    CALL_SERVICE,
    CALL_TALKED,
    NUISANCE_FAMILY,
    OVERFLOW_QUEUE,
    START,
    WAIT_AGAIN,
    nuisance_key,
    service_queue,
)
from telephony.dialplan_events import ANSWERED, OVERFLOWED, WAITING
from telephony.trunk.dialplan.overflowing import stepped
from telephony.trunk.dialplan.prompting import ask, unask_from_phone
from telephony.trunk.dialplan.syntax import context, tell
from telephony.trunk.dialplan.testing import AGAIN as AGAIN_AS_TEST
from telephony.trunk.dialplan.testing import GIVE_WAY
from telephony.trunk.site import Site
from telephony.trunk.site_centre import ServiceQueue

WAIT = "wait"
WAIT_ALL = "wait-all"
PICKED_UP = "picked-up"
# Seconds until the phones that just stopped ringing count as free; one that does not is left out of the next
# queue's first round, which is as long as `ring`.
SETTLE = 0.3
# Priorities, the higher the sooner: whom a position did not pick up, everybody, and numbers that the core has marked
# in AstDB. A marked number rings, overflows and is answered like every other, as soon as nobody else waits.
FRONT, ORDINARY, BEHIND = 20, 10, 1

# Ringing is what is heard, and a phone cannot forward the caller elsewhere. Not C (no missed call on the other
# phones): with it the call that was answered ends with cause 26, "answered elsewhere", too.
OPTIONS = "riI"


def waiting(site: Site) -> str:
    """The contexts of waiting, and what a phone that was lifted tells."""
    return "\n".join(
        [
            context(WAIT, {it.code: _way(site, site.queue_of(it.code)) for it in site.services}),
            context(WAIT_ALL, {START: _wait_all()}),
            context(WAIT_AGAIN, {START: _wait_again()}),
            context(PICKED_UP, {START: _picked_up()}),
        ]
    )


def _way(site: Site, queue: ServiceQueue) -> list[str]:
    if not queue.steps:
        return _wait(queue, site.silence.prompt_after)
    enter = f"{OPTIONS},,,${{CALL_ALONE}},,{PICKED_UP}"
    classes = (FRONT, ORDINARY, BEHIND)
    return stepped(site, queue, wait_all=WAIT_ALL, settle=SETTLE, classes=classes, enter=enter)


def _wait(queue: ServiceQueue, asked_after: int) -> list[str]:
    name = service_queue(queue.service)
    longest = queue.overflow_after
    return [
        *ask(asked_after),
        f'GotoIf($["${{CALL_OVERFLOWED}}" = "1"]?{WAIT_ALL},{START},1)',
        'GotoIf($["${CALL_OVERFLOW_AT}" != ""]?since)',
        f"Set(CALL_OVERFLOW_AT=$[${{EPOCH}} + {longest}])",
        "(since) Set(CALL_ALONE=$[${CALL_OVERFLOW_AT} - ${EPOCH}])",
        f"Set(CALL_ALONE=${{IF($[${{CALL_ALONE}} > {longest}]?{longest}:${{CALL_ALONE}})}})",
        "Set(QUEUESTATUS=TIMEOUT)",
        "GotoIf($[${CALL_ALONE} < 1]?over)",
        tell(WAITING, Queue=name, Front=_in_front()),
        f"Queue({name},{OPTIONS},,,${{CALL_ALONE}},,{PICKED_UP})",
        "(over) " + tell(OVERFLOWED, From=name, To=OVERFLOW_QUEUE, Reason="${QUEUESTATUS}"),
        "Set(CALL_OVERFLOWED=1)",
        f"Wait({SETTLE})",
        f"Goto({WAIT_ALL},{START},1)",
    ]


def _wait_all() -> list[str]:
    return [
        GIVE_WAY,  # it may have begun to ring while he was between two queues
        tell(WAITING, Queue=OVERFLOW_QUEUE, Front=_in_front()),
        f"(again) Queue({OVERFLOW_QUEUE},{OPTIONS},,,,,{PICKED_UP})",
        "Wait(1)",  # the queue let the caller go: never more than one attempt a second
        "Goto(again)",
    ]


def _wait_again() -> list[str]:
    known = f"${{DIALPLAN_EXISTS({WAIT},${{{CALL_SERVICE}}},1)}}"
    return [
        AGAIN_AS_TEST,
        GIVE_WAY,
        f"Set(QUEUE_PRIO={FRONT})",
        f"GotoIf($[0{known} = 0]?{WAIT_ALL},{START},1)",
        f"Goto({WAIT},${{{CALL_SERVICE}}},1)",
    ]


def _picked_up() -> list[str]:
    """Runs on the position's channel. The caller's channel remembers who was first."""
    return [
        "Set(MASTER_CHANNEL(CALL_ANSWERED_BY)=${CHANNEL(endpoint)})",
        f"Set(MASTER_CHANNEL({CALL_TALKED})=1)",
        *unask_from_phone(),
        tell(ANSWERED, Position="${CHANNEL(endpoint)}", By='${IF($["${ARG1}" = ""]?queue:${ARG1})}'),
        "Return()",
    ]


def standing() -> list[str]:
    """Where a caller stands among those who wait. Read from the switch's own database: the core may be dead."""
    mark = f"${{DB({NUISANCE_FAMILY}/{nuisance_key('${CALLERID(num)}')})}}"
    return [f'Set(QUEUE_PRIO=${{IF($["{mark}" = ""]?{ORDINARY}:{BEHIND})}})']


def _in_front() -> str:
    return f'${{IF($["${{QUEUE_PRIO}}" = "{FRONT}"]?1:0)}}'
