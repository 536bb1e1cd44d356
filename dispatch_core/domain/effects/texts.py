"""Answers by text, on their way to the carrier that brought the message."""

from __future__ import annotations

from dispatch_core.domain.commands import Command, TextFailed, TextHandedOn
from dispatch_core.domain.conversations import TextState
from dispatch_core.domain.effects.effect import Effect, SwitchOrder, on
from dispatch_core.domain.events import Recorded, TextAsked
from dispatch_core.domain.state import State


class SendTextTo(SwitchOrder, frozen=True):
    """A text from the service number ``dialled`` to ``number`` through ``carrier``."""

    conversation: str
    text_id: str
    carrier: str
    dialled: str
    number: str
    text: str

    def failed(self, why: str) -> Command:
        return TextFailed(conversation=self.conversation, text_id=self.text_id, why=why)

    def taken(self) -> Command:
        return TextHandedOn(conversation=self.conversation, text_id=self.text_id)


@on(TextAsked)
def text_asked(event: TextAsked, _: Recorded, state: State) -> tuple[Effect, ...]:
    it = state.conversations.get(event.conversation)
    stands = it is not None and any(line.id == event.text_id and line.state is TextState.ASKED for line in it.lines)
    if it is None or not stands:
        return ()
    return (SendTextTo(it.node, it.id, event.text_id, it.carrier, it.dialled, it.number, event.text),)
