"""Making the call that was asked for."""

from __future__ import annotations

from dispatch_core.domain.commands import CallBackFailed, Command
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import CallBackAsked, Recorded
from dispatch_core.domain.numbers import digits
from dispatch_core.domain.state import State


class RingBack(SwitchOrder, frozen=True):
    """Ring the phone of ``position``, which picks up by itself, then ``number`` (digits and ``+``), to which the
    service number ``shown`` is shown. ``call`` is the id that the first channel must get."""

    call: str
    position: str
    number: str
    shown: str

    def failed(self, why: str) -> Command:
        return CallBackFailed(call=self.call, why=why)


@on(CallBackAsked)
def call_back_asked(event: CallBackAsked, _: Recorded, state: State) -> tuple[Effect, ...]:
    call = state.calls.get(event.call)
    if call is None or call.back is None or not call.state.live or call.hang_up_asked or call.back.unsure_at:
        return ()  # overtaken within its own batch
    return (RingBack(call.node, call.id, event.position, digits(event.number), event.shown),)
