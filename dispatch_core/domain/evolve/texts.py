"""What the events of text messages mean. The times of the messages order them, not when they were told."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dispatch_core.domain.conversations import LINES_KEPT, Conversation, TextLine, TextState
from dispatch_core.domain.events import (
    ConversationArchived,
    ConversationClosed,
    ConversationLate,
    ConversationLinked,
    ConversationTaken,
    Recorded,
    TextAsked,
    TextDropped,
    TextReceived,
    TextSent,
)
from dispatch_core.domain.evolve.rules import change_incident, rule, tell
from dispatch_core.domain.state import State, drop, put


def _change(state: State, ident: str, how: Callable[[Conversation], Conversation]) -> State:
    known = state.conversations.get(ident)
    return state if known is None else replace(state, conversations=put(state.conversations, ident, how(known)))


def _with(conversation: Conversation, line: TextLine) -> Conversation:
    others = tuple(it for it in conversation.lines if it.id != line.id)
    lines = tuple(sorted((*others, line), key=lambda it: (it.at, it.id)))
    return replace(conversation, lines=lines[-LINES_KEPT:])


def _become(state: State, conversation: str, text_id: str, outcome: TextState, why: str = "") -> State:
    def change(it: Conversation) -> Conversation:
        lines = tuple(replace(line, state=outcome, why=why) if line.id == text_id else line for line in it.lines)
        return replace(it, lines=lines)

    return _change(state, conversation, change)


@rule(TextReceived)
def text_received(state: State, event: TextReceived, _: Recorded) -> State:
    """A message to a closed conversation opens it again, for whoever is free."""
    ident = event.conversation or event.text_id
    known = state.conversations.get(ident)
    if known is None:
        known = Conversation(
            id=ident, node=event.node, carrier=event.carrier, dialled=event.dialled, number=event.number,
            began_at=event.at,
        )  # fmt: skip
    elif not known.open:
        known = replace(known, closed_at=0, owner="")
    known = replace(known, began_at=min(known.began_at, event.at))
    if event.at >= known.newest_at:
        known = replace(known, node=event.node, carrier=event.carrier or known.carrier)
    line = TextLine(id=event.text_id, at=event.at, state=TextState.CAME, text=event.text, origin=event.origin)
    return replace(state, conversations=put(state.conversations, ident, _with(known, line)))


@rule(TextAsked)
def text_asked(state: State, event: TextAsked, recorded: Recorded) -> State:
    """An answer stands after everything that its writer had seen, whatever the switch's clock says."""

    def ask(it: Conversation) -> Conversation:
        at = max(recorded.at, it.newest_at + 1)
        line = TextLine(id=event.text_id, at=at, state=TextState.ASKED, text=event.text, by=event.user)
        return _with(it, line)

    return _change(state, event.conversation, ask)


@rule(TextSent)
def text_sent(state: State, event: TextSent, _: Recorded) -> State:
    return _become(state, event.conversation, event.text_id, TextState.SENT)


@rule(TextDropped)
def text_dropped(state: State, event: TextDropped, _: Recorded) -> State:
    outcome = TextState.UNKNOWN if event.unknown else TextState.REFUSED
    return _become(state, event.conversation, event.text_id, outcome, event.why)


@rule(ConversationTaken)
def conversation_taken(state: State, event: ConversationTaken, _: Recorded) -> State:
    return _change(state, event.conversation, lambda it: replace(it, owner=event.user))


@rule(ConversationLinked)
def conversation_linked(state: State, event: ConversationLinked, recorded: Recorded) -> State:
    state = change_incident(state, event.incident, lambda it: tell(it, recorded, "texted", event.conversation))
    return _change(state, event.conversation, lambda it: replace(it, incident=event.incident))


@rule(ConversationLate)
def conversation_late(state: State, event: ConversationLate, _: Recorded) -> State:
    return _change(state, event.conversation, lambda it: replace(it, late_for=event.since))


@rule(ConversationClosed)
def conversation_closed(state: State, event: ConversationClosed, recorded: Recorded) -> State:
    return _change(state, event.conversation, lambda it: replace(it, closed_at=recorded.at))


@rule(ConversationArchived)
def conversation_archived(state: State, event: ConversationArchived, _: Recorded) -> State:
    return replace(state, conversations=drop(state.conversations, event.conversation))
