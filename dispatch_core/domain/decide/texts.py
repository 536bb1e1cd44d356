"""Conversations by text: a message is taken in once, answered by a person, and never sent twice by itself."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.conversations import (
    ANSWER_BYTES,
    ANSWERS_A_MINUTE,
    CONVERSATIONS_KEPT,
    SAME_TEXT_MS,
    Conversation,
    TextLine,
    TextState,
)
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS
from dispatch_core.domain.decide.incidents import not_a_desk
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.events import (
    AlarmHandled,
    AlarmRaised,
    ConversationArchived,
    ConversationClosed,
    ConversationLate,
    ConversationLinked,
    ConversationTaken,
    IncidentReceived,
    IncidentTaken,
    TextAsked,
    TextDropped,
    TextReceived,
    TextSent,
)
from dispatch_core.domain.plain_text import CALLER_LIMIT, MESSAGE_LIMIT, REASON_LIMIT, one_line, plain
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import AlarmLevel, IncidentState

NOTHING = refuse("nothing_new")
FLOOD = "text_flood"
LATE = "text_waits"
NOT_KNOWN = ("unknown", "no_outcome")
"""Reasons of a failure after which the answer may have gone out all the same."""


def alarm_key(conversation: str) -> str:
    return f"{LATE}:{conversation}"


# --- what comes in ----------------------------------------------------------------------------------------------------


@rule(c.TextCame)
def text_came(story: Story, body: c.TextCame) -> Refusal | None:
    """A message belongs to the conversation of its number; one without a number begins its own."""
    number, dialled = one_line(body.number, CALLER_LIMIT), one_line(body.dialled, CALLER_LIMIT)
    text = plain(body.text, MESSAGE_LIMIT)
    everything = story.state.conversations.values()
    of_number = [it for it in everything if (it.number, it.dialled) == (number, dialled)]
    told = any(line.id == body.text_id for it in everything for line in it.lines)
    if told or any(_again(line, body, text) for it in of_number for line in it.lines):
        return NOTHING
    known = max(of_number, key=lambda it: (it.open, it.newest_at, it.id)) if number and of_number else None
    if known is None:
        _make_room(story)
    story.happen(
        TextReceived(
            text_id=body.text_id, node=body.node, at=body.at, dialled=dialled, number=number, text=text,
            carrier=body.carrier, origin=body.origin, conversation=known.id if known is not None else body.text_id,
        )
    )  # fmt: skip
    return None


def _again(line: TextLine, body: c.TextCame, text: str) -> bool:
    """Whether a carrier sent once more what we have."""
    same = body.origin != "" and line.origin == body.origin and line.text == text
    return same and abs(line.at - body.at) < SAME_TEXT_MS


def _make_room(story: Story) -> None:
    """Strangers fill this list: beyond its length the one that matters least leaves, and somebody is told."""
    everything = story.state.conversations.values()
    if len(everything) < CONVERSATIONS_KEPT:
        return
    least = min(everything, key=lambda it: (it.open, bool(it.owner or it.incident), it.newest_at, it.id))
    _settle_alarm(story, least.id)
    story.happen(ConversationArchived(conversation=least.id))
    if FLOOD not in story.state.alarms:
        story.happen(AlarmRaised(key=FLOOD, kind=FLOOD, subject=str(CONVERSATIONS_KEPT), level=AlarmLevel.HIGH))


# --- what people do ---------------------------------------------------------------------------------------------------


def _open(story: Story, ident: str) -> Conversation | Refusal:
    known = story.state.conversations.get(ident)
    if known is None:
        return refuse("unknown_conversation")
    return known if known.open else refuse("conversation_closed")


@rule(c.SendText)
def send_text(story: Story, body: c.SendText) -> Refusal | None:
    conversation = _open(story, body.conversation)
    if isinstance(conversation, Refusal):
        return conversation
    text = plain(body.text.replace("\r\n", "\n").replace("\r", "\n").strip(), MESSAGE_LIMIT)
    if not text:
        return refuse("empty_text")
    if not conversation.number:
        return refuse("no_number_to_answer")
    over = len(text.encode()) - ANSWER_BYTES
    if over > 0:
        return refuse("answer_too_long", over=over)
    written = [line for line in conversation.lines if line.by and abs(story.now - line.at) < 60_000]
    if len(written) >= ANSWERS_A_MINUTE:
        return refuse("too_many_answers", limit=ANSWERS_A_MINUTE)
    _settle_alarm(story, conversation.id)
    if not conversation.owner:
        story.happen(ConversationTaken(conversation=conversation.id, user=story.user))
    story.happen(TextAsked(conversation=conversation.id, text_id=story.asked.id, user=story.user, text=text))
    return None


@rule(c.TakeConversation)
def take_conversation(story: Story, body: c.TakeConversation) -> Refusal | None:
    """What somebody holds is theirs; what was left behind at sign-out is free to take."""
    conversation = _open(story, body.conversation)
    if isinstance(conversation, Refusal):
        return conversation
    if conversation.owner == story.user:
        return refuse("already_so")
    if conversation.owner and not_a_desk(story, conversation.owner) is None:
        return refuse("conversation_taken", user=conversation.owner)
    story.happen(ConversationTaken(conversation=conversation.id, user=story.user))
    return None


@rule(c.OpenForText)
def open_for_text(story: Story, body: c.OpenForText) -> Refusal | None:
    """One key makes an incident of a conversation, with the services of the number that was written to."""
    conversation = _open(story, body.conversation)
    if isinstance(conversation, Refusal):
        return conversation
    linked = story.state.incidents.get(conversation.incident)
    if linked is not None and linked.state is not IncidentState.CLOSED:
        return refuse("already_so")
    day, count, incident = next_incident(story.state, story.now)
    services = story.state.site.numbers.get(conversation.dialled, ())
    story.happen(IncidentReceived(incident=incident, day=day, count=count, call="", services=services))
    story.happen(IncidentTaken(incident=incident, user=story.user))
    if not conversation.owner:
        story.happen(ConversationTaken(conversation=conversation.id, user=story.user))
    story.happen(ConversationLinked(conversation=conversation.id, incident=incident))
    return None


@rule(c.LinkConversation)
def link_conversation(story: Story, body: c.LinkConversation) -> Refusal | None:
    conversation = _open(story, body.conversation)
    if isinstance(conversation, Refusal):
        return conversation
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if conversation.incident == incident.id:
        return refuse("already_so")
    story.happen(ConversationLinked(conversation=conversation.id, incident=incident.id))
    return None


@rule(c.CloseConversation)
def close_conversation(story: Story, body: c.CloseConversation) -> Refusal | None:
    conversation = _open(story, body.conversation)
    if isinstance(conversation, Refusal):
        return conversation
    _settle_alarm(story, conversation.id)
    story.happen(ConversationClosed(conversation=conversation.id))
    return None


# --- what becomes of it -----------------------------------------------------------------------------------------------


def _answer(story: Story, conversation: str, text_id: str, *states: TextState) -> bool:
    """Whether there is such an answer, in one of these states."""
    known = story.state.conversations.get(conversation)
    return known is not None and any(line.id == text_id and line.state in states for line in known.lines)


@rule(c.TextHandedOn)
def text_handed_on(story: Story, body: c.TextHandedOn) -> Refusal | None:
    if not _answer(story, body.conversation, body.text_id, TextState.ASKED, TextState.UNKNOWN):
        return NOTHING
    story.happen(TextSent(conversation=body.conversation, text_id=body.text_id))
    return None


@rule(c.TextFailed)
def text_failed(story: Story, body: c.TextFailed) -> Refusal | None:
    if not _answer(story, body.conversation, body.text_id, TextState.ASKED):
        return NOTHING
    why = one_line(body.why, REASON_LIMIT)
    story.happen(
        TextDropped(conversation=body.conversation, text_id=body.text_id, why=why, unknown=why in NOT_KNOWN)
    )
    return None


@rule(c.TextWaitsLong)
def text_waits_long(story: Story, body: c.TextWaitsLong) -> Refusal | None:
    """One alarm for each time that somebody waits; who handled it is not told again of the same."""
    known = story.state.conversations.get(body.conversation)
    if known is None or not known.waits_since or known.late_for == known.waits_since:
        return NOTHING
    story.happen(ConversationLate(conversation=known.id, since=known.waits_since))
    key = alarm_key(known.id)
    if key not in story.state.alarms:
        story.happen(AlarmRaised(key=key, kind=LATE, subject=known.dialled, level=AlarmLevel.HIGH))
    return None


@rule(c.ArchiveConversation)
def archive_conversation(story: Story, body: c.ArchiveConversation) -> Refusal | None:
    known = story.state.conversations.get(body.conversation)
    if known is None or known.open or story.now - known.closed_at <= CLOSED_KEPT_MS:
        return NOTHING
    story.happen(ConversationArchived(conversation=known.id))
    return None


def _settle_alarm(story: Story, conversation: str) -> None:
    if alarm_key(conversation) in story.state.alarms:
        story.happen(AlarmHandled(key=alarm_key(conversation)))
