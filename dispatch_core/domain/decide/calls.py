"""What people ask of a call. Each is an intent: the event commits first, the switch is asked after."""

from __future__ import annotations

from dispatch_core.domain.commands import AnswerCall, HangUp
from dispatch_core.domain.decide.story import Story, live_call, rule
from dispatch_core.domain.events import AnswerAsked, HangUpAsked
from dispatch_core.domain.refusals import Refusal, refuse


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
    for other in story.state.calls.values():
        if not other.state.live:
            continue
        if other.position == position or (other.intent is not None and other.intent.position == position):
            return refuse("position_busy", position=position, call=other.number or other.id)
    story.happen(AnswerAsked(call=call.id, position=position, user=story.user))
    return None


@rule(HangUp)
def hang_up(story: Story, body: HangUp) -> Refusal | None:
    call = live_call(story.state, body.call)
    if isinstance(call, Refusal):
        return call
    if call.hang_up_asked:
        return refuse("already_so")
    story.happen(HangUpAsked(call=call.id))
    return None
