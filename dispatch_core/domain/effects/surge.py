"""What the switches' waiting callers hear during a surge. A switch must know it without asking: it is told at once, and
anew when it connects; and it knows until when, so that nobody hears it for ever because we died."""

from __future__ import annotations

from dispatch_core.domain.commands import Command, PromptFailed, SurgeNotTold
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import (
    CallerNoted,
    NodeConnected,
    Recorded,
    SurgeBegan,
    SurgeEnded,
    SurgeProlonged,
)
from dispatch_core.domain.state import State
from dispatch_core.domain.surge import APART
from dispatch_core.domain.vocabulary import Instant


class TellSurge(SwitchOrder, frozen=True):
    """Callers of these services, and of no other, hear ``sound`` about ``incident`` until then; () is no surge."""

    services: tuple[str, ...]
    incident: str = ""
    sound: str = ""
    until: Instant = 0

    def failed(self, why: str) -> Command:
        return SurgeNotTold(node=self.node, why=why)


class ThankCaller(SwitchOrder, frozen=True):
    """He has been counted and may hang up: told to him alone, while he waits."""

    call: str
    incident: str

    def failed(self, why: str) -> Command:
        return PromptFailed(call=self.call, why=why)


def telling(state: State, node: str) -> TellSurge:
    """How it is now, for this node."""
    surge = state.surge
    if surge is None:
        return TellSurge(node, ())
    return TellSurge(node, surge.services, surge.incident, surge.sound, surge.until)


@on(SurgeBegan, SurgeProlonged, SurgeEnded)
def surge_changed(_: SurgeBegan | SurgeProlonged | SurgeEnded, __: Recorded, state: State) -> tuple[Effect, ...]:
    return tuple(telling(state, node) for node, it in sorted(state.nodes.items()) if it.up)


@on(NodeConnected)
def node_connected(event: NodeConnected, _: Recorded, state: State) -> tuple[Effect, ...]:
    return (telling(state, event.node),)


@on(CallerNoted)
def caller_noted(event: CallerNoted, _: Recorded, state: State) -> tuple[Effect, ...]:
    """Who calls about something else, as far as is known, is not told that he may hang up."""
    call = state.calls.get(event.call)
    if call is None or not call.state.waiting or event.how in APART:
        return ()
    return (ThankCaller(call.node, call.id, event.incident),)
