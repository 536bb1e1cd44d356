"""What people ask of a call, and what becomes of it. Each is an intent: the event commits first, the switch is asked
after, and an intent without outcome is given up by a clock (``deadlines``), never repeated."""

from __future__ import annotations

from dispatch_core.domain.commands import AnswerCall, AnswerFailed, AnswerNotTaken, HangUp, HangUpFailed
from dispatch_core.domain.decide.story import Story, live_call, rule
from dispatch_core.domain.events import AnswerAsked, AnswerDropped, CallRingStopped, HangUpAsked, HangUpDropped
from dispatch_core.domain.occupied import occupies
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Direction, Role, SteerAct
from dispatch_core.domain.words import STEER_ACTS

GIVES_AWAY = frozenset({SteerAct.TRANSFER, SteerAct.COMPLETE, SteerAct.LEAVE})
"""Asked for by somebody who is about to be rid of the call, while the caller is to go on with another."""


@rule(AnswerCall)
def answer_call(story: Story, body: AnswerCall) -> Refusal | None:
    """The first who asks gets the call; a phone that already talks cannot pick up another."""
    call = live_call(story.state, body.call)
    if isinstance(call, Refusal):
        return call
    position = story.state.people[story.user].position
    if not position:
        return refuse("no_position")
    if call.position:
        return refuse("call_taken", position=call.position)
    if call.intent is not None:
        return refuse("call_taken", position=call.intent.position)
    if call.direction is Direction.OUTGOING or call.parties:
        return refuse("not_waiting")
    no = busy_with(story.state, position)
    if no is not None:
        return no
    story.happen(AnswerAsked(call=call.id, position=position, user=story.user))
    return None


def busy_with(state: State, position: str) -> Refusal | None:
    """None where the position's phone is free, else what it is doing."""
    for ident, other in sorted(state.calls.items()):
        if occupies(other, position):
            return refuse("position_busy", position=position, call=other.incident or ident)
    if position in state.watches:
        return refuse("watching_now", position=position)
    return None


def not_to_cut(story: Story, call: Call) -> Refusal | None:
    """None where the asker may end this call: the position that talks may, and a supervisor. A caller who still waits
    is never dropped, nor one who is just being given away: what ends is the caller's call, not the asker's part."""
    if call.state.waiting and call.direction is Direction.INCOMING:
        return refuse("caller_waits")
    if call.steer is not None and call.steer.act in GIVES_AWAY:
        return refuse("being_steered", act=STEER_ACTS[call.steer.act])
    person = story.state.people[story.user]
    if call.position and call.position != person.position and person.role is not Role.SUPERVISOR:
        return refuse("not_your_call", position=call.position)
    return None


@rule(HangUp)
def hang_up(story: Story, body: HangUp) -> Refusal | None:
    call = live_call(story.state, body.call)
    if isinstance(call, Refusal):
        return call
    if call.hang_up_asked:
        return refuse("already_so")
    no = not_to_cut(story, call)
    if no is not None:
        return no
    story.happen(HangUpAsked(call=call.id))
    return None


# --- outcomes ---------------------------------------------------------------------------------------------------------


def _intends(story: Story, call: str, position: str) -> bool:
    known = story.state.calls.get(call)
    return known is not None and known.intent is not None and known.intent.position == position


@rule(AnswerNotTaken)
def answer_not_taken(story: Story, body: AnswerNotTaken) -> Refusal | None:
    if not _intends(story, body.call, body.position):
        return refuse("nothing_new")
    if body.position in story.state.calls[body.call].ringing:
        story.happen(CallRingStopped(call=body.call, position=body.position))
    story.happen(AnswerDropped(call=body.call, position=body.position, why="not_picked_up"))
    return None


@rule(AnswerFailed)
def answer_failed(story: Story, body: AnswerFailed) -> Refusal | None:
    if not _intends(story, body.call, body.position):
        return refuse("nothing_new")
    why = one_line(body.why, REASON_LIMIT)
    story.happen(AnswerDropped(call=body.call, position=body.position, why=why))
    return None


@rule(HangUpFailed)
def hang_up_failed(story: Story, body: HangUpFailed) -> Refusal | None:
    call = story.state.calls.get(body.call)
    if call is None or not call.state.live or not call.hang_up_asked:
        return refuse("nothing_new")
    story.happen(HangUpDropped(call=body.call, why=one_line(body.why, REASON_LIMIT)))
    return None
