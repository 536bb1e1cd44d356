"""What the switch is asked to do with a call."""

from __future__ import annotations

from dispatch_core.domain.commands import AnswerFailed, Command, HangUpFailed
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import AnswerAsked, HangUpAsked, Recorded
from dispatch_core.domain.state import AnswerIntent, State


class AnswerAt(SwitchOrder, frozen=True):
    """Make the phone of ``position`` pick up ``call``."""

    call: str
    position: str

    def failed(self, why: str) -> Command:
        return AnswerFailed(call=self.call, position=self.position, why=why)


class EndCall(SwitchOrder, frozen=True):
    call: str

    def failed(self, why: str) -> Command:
        return HangUpFailed(call=self.call, why=why)


@on(AnswerAsked)
def answer_asked(event: AnswerAsked, recorded: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    if call is None or call.intent != AnswerIntent(position=event.position, user=event.user, at=recorded.at):
        return ()  # overtaken within its own batch: the call ended, or the intent was given up
    return (AnswerAt(call.node, call.id, event.position),)


@on(HangUpAsked)
def hang_up_asked(event: HangUpAsked, _: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    if call is None or not (call.state.live and call.hang_up_asked):
        return ()
    return (EndCall(call.node, call.id),)
