"""Picking a call up at a position, and ending it."""

from __future__ import annotations

from dispatch_core.domain.effects import AnswerAt, EndCall
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.dialplan_contexts import ANSWER_AT
from telephony.orders.table import carries

NORMAL_CLEARING = 16


@carries(AnswerAt)
async def answer(actions: Actions, order: AnswerAt) -> None:
    """Send the caller to where the position's phone is made to pick up."""
    await actions.must_know("answer", order.position)
    channel = actions.caller("answer", order.call)
    await actions.ask("Redirect", Channel=channel, Context=ANSWER_AT, Exten=order.position, Priority=1)


@carries(EndCall)
async def hang_up(actions: Actions, order: EndCall) -> None:
    """End the caller's channel; that we did it is known before the switch tells of it."""
    tracker = actions.tracker
    tracker.let_go(order.call, True)
    try:
        await actions.ask("Hangup", Channel=actions.caller("hang up", order.call), Cause=NORMAL_CLEARING)
    except ActionFailed as problem:
        if not problem.unknown:
            tracker.let_go(order.call, False)
        raise
