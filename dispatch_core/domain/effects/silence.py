"""The prompt that only the caller hears."""

from __future__ import annotations

from dispatch_core.domain.commands import Command, PromptFailed
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import PromptAsked, Recorded
from dispatch_core.domain.state import State


class PromptCaller(SwitchOrder, frozen=True):
    call: str

    def failed(self, why: str) -> Command:
        return PromptFailed(call=self.call, why=why)


@on(PromptAsked)
def prompt_asked(event: PromptAsked, _: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    if call is None or not (call.state.live and call.silence.prompt_asked_at):
        return ()
    return (PromptCaller(call.node, call.id),)
