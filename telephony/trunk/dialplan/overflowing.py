"""Waiting in a queue that has steps: before everybody is called, more call takers are, by wait, by how many wait, and
by the time of day.

One extension for each such service, in which the caller goes round: `CALL_STEP` is the last step that was looked at,
`CALL_STEP_QUEUE` where he waits. From step to step he is in a queue for as long as it takes; then the step is looked
at: is it due, do so many others wait, is it within its hours.

Guarded here:
- a caller is never let go, and after `overflow_after` everybody is called, whatever the steps say;
- where he must leave his queue only to be looked at, he is back before all who have waited less (QUEUE_PRIO);
- where nobody of his queue could ring he goes on to the next step at once, as he does where the queue is full;
- the configuration may be read anew while he waits: `Queue` stands at the same place (QUEUE_AT) as in an extension
  without steps, and what stands behind it here is right for whoever comes from there, and the other way round. A step
  or a queue that is not there any more sends him on.
"""

from __future__ import annotations

from telephony.dialplan_contexts import CALL_SERVICE, CALL_UUID, OVERFLOW_QUEUE, START, service_queue, services_queue
from telephony.dialplan_events import OVERFLOWED, WAITING
from telephony.trunk.dialplan.announcing import announce
from telephony.trunk.dialplan.prompting import ask
from telephony.trunk.dialplan.syntax import tell
from telephony.trunk.dialplan.testing import GIVE_WAY
from telephony.trunk.site import Site
from telephony.trunk.site_centre import DAY_S, EVERYBODY, OverflowStep, ServiceQueue

QUEUE_AT = 14
"""The priority of `Queue` in every service's extension; two steps behind it phones are given time to settle."""


def stepped(
    site: Site, queue: ServiceQueue, *, wait_all: str, settle: float, classes: tuple[int, int, int], enter: str
) -> list[str]:
    """The extension of a service with steps. `classes`: QUEUE_PRIO of those in front, of ordinary callers, of those
    behind; `enter`: what stands behind the queue's name in Queue."""
    front, ordinary, behind = classes
    own, longest, last = service_queue(queue.service), queue.overflow_after, len(queue.steps)
    in_front = f"${{IF($[${{QUEUE_PRIO}} >= {front}]?1:0)}}"
    known = [
        f"Set(CALL_STEP=${{IF($[0${{CALL_STEP}} > {last}]?{last}:$[0${{CALL_STEP}} + 0])}})",
        f'Set(CALL_STEP_QUEUE=${{IF($["${{CALL_STEP_QUEUE}}" = ""]?{own}:${{CALL_STEP_QUEUE}})}})',
    ]
    everybody = f'GotoIf($["${{CALL_OVERFLOWED}}" = "1"]?{wait_all},{START},1)'
    steps = [
        *ask(site.silence.prompt_after),
        everybody,
        'GotoIf($["${CALL_OVERFLOW_AT}" = ""]?new)',
        "(since) Set(CALL_HURRY=)",
        *known,
        "Set(QUEUESTATUS=TIMEOUT)",
        "Goto(from${CALL_STEP})",
        "(queue) " + tell(WAITING, Queue="${CALL_STEP_QUEUE}", Front=in_front),
        f"Queue(${{CALL_STEP_QUEUE}},{enter})",
        "Goto(back)",
        "NoOp()",
        f"(settle) Wait({settle})",
        everybody,
        GIVE_WAY,
        *known,  # while he waited the steps may have become fewer, and a label that is not there hangs up
        "Goto(from${CALL_STEP})",
        f"(new) Set(CALL_OVERFLOW_AT=$[${{EPOCH}} + {longest}])",
        "Set(CALL_STEP=0)",
        f"Set(CALL_STEP_QUEUE={own})",
        "Goto(since)",
        "(back) NoOp()",
        *known,
        'GotoIf($["${QUEUESTATUS}" = "TIMEOUT"]?due)',
        "Set(CALL_HURRY=1)",
        "Goto(from${CALL_STEP})",
        "(due) Goto(due$[${CALL_STEP} + 1])",
    ]
    kept = f"${{IF($[${{QUEUE_PRIO}} >= {ordinary}]?{ordinary}:{behind})}}"
    kept = f"${{IF($[${{QUEUE_PRIO}} >= {front}]?{front}:{kept})}}"
    for number, step in enumerate(queue.steps, 1):
        steps += _step(site, queue, number, step, kept)
    return [*steps, *_step(site, queue, last + 1, OverflowStep(after=longest, to=(EVERYBODY,)), kept)]


def _step(site: Site, queue: ServiceQueue, number: int, step: OverflowStep, kept: str) -> list[str]:
    """`kept`: the caller's priority among those whom he joins."""
    due = f"${{CALL_OVERFLOW_AT}} - {queue.overflow_after - step.after}"
    to = services_queue(site.called_by(queue, step))
    looked = [f"Set(CALL_STEP={number})", f"Goto(from{number})"]
    lines = [
        f"(from{number - 1}) Set(CALL_ALONE=$[{due} - ${{EPOCH}}])",
        *_within(site, step, number, due, looked),
        f'GotoIf($["${{CALL_HURRY}}" = "1"]?go{number})',
        f"GotoIf($[${{CALL_ALONE}} < 1]?due{number})",
        f"Set(CALL_ALONE=${{IF($[${{CALL_ALONE}} > {step.after}]?{step.after}:${{CALL_ALONE}})}})",
        "Goto(queue)",
        f"(due{number}) NoOp()",
    ]
    if step.waiting:
        count = f"${{QUEUE_WAITING_COUNT({service_queue(queue.service)})}}"
        again = ["Set(QUEUE_PRIO=$[${QUEUE_PRIO} + 1])"] if step.after else []
        lines += [f"GotoIf($[{count} >= {step.waiting}]?go{number})", *again, *looked]
    lines.append(f"(go{number}) " + tell(OVERFLOWED, From="${CALL_STEP_QUEUE}", To=to, Reason="${QUEUESTATUS}"))
    if step.announcement:
        lines.append(announce(step.announcement, "${UNIQUEID}", f"${{{CALL_UUID}}}", f"${{{CALL_SERVICE}}}"))
    lines += [f"Set(QUEUE_PRIO={kept})", f"Set(CALL_STEP={number})", "Set(CALL_HURRY=)"]
    return [*lines, "Set(CALL_OVERFLOWED=1)" if to == OVERFLOW_QUEUE else f"Set(CALL_STEP_QUEUE={to})", "Goto(settle)"]


def _within(site: Site, step: OverflowStep, number: int, due: str, looked: list[str]) -> list[str]:
    """Whether the step's hours hold when it is due (or now, for whoever goes on at once), by the switch's own clock."""
    hours = step.from_to
    if hours is None:
        return []
    begin, end = hours
    when = f'${{IF($["${{CALL_HURRY}}" = "1"]?${{EPOCH}}:$[{due}])}}'
    both = "&" if begin < end else "|"
    return [
        f"Set(CALL_DAY=$[({when} + {site.site.utc_offset_s % DAY_S}) % {DAY_S}])",
        f"GotoIf($[${{CALL_DAY}} >= {begin} {both} ${{CALL_DAY}} < {end}]?within{number})",
        *looked,
        f"(within{number}) NoOp()",
    ]
