"""Texts, silent callers and numbers that stand behind."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target, target_first_of, target_last_of
from dispatch_core.domain import commands as c
from dispatch_core.domain.conversations import Conversation
from dispatch_core.domain.state import Call


def conversation(context: Context, word: str) -> Conversation | Wrong:
    """By id or the end of its number; without a word the one that waits longest."""
    everything = [it for it in context.state.conversations.values() if it.open]
    if not word:
        waiting = sorted(everything, key=lambda it: (not it.waits_since, it.waits_since, it.id))
        return waiting[0] if waiting else wrong("no_text")
    fits = [it for it in everything if it.id == word or (it.number and it.number.endswith(word.replace(" ", "")))]
    if len(fits) == 1:
        return fits[0]
    return wrong("text", text=word, near=resolve.listed(it.number or it.dialled for it in fits or everything))


def the_one(context: Context, word: str) -> Conversation | Wrong:
    """As above, but of several none is guessed: what is closed or linked must have been meant."""
    everything = [it for it in context.state.conversations.values() if it.open]
    if not word and len(everything) > 1:
        return wrong("which_text", near=resolve.listed(it.number or it.dialled for it in everything))
    return conversation(context, word)


def show(line: Line, context: Context) -> Outcome:
    """``tn``, ``tn 456``, or with words: ``tn 456 Xe đang đến`` sends them."""
    word, _, words = line.rest.partition(" ")
    found = conversation(context, word)
    if isinstance(found, Wrong):
        return found
    if words.strip():
        return Send(c.SendText(conversation=found.id, text=words.strip()))
    return Screen(Act.TEXTS, found.id)


def take(line: Line, context: Context) -> Outcome:
    found = conversation(context, line.rest)
    return found if isinstance(found, Wrong) else Send(c.TakeConversation(conversation=found.id))


def close(line: Line, context: Context) -> Outcome:
    found = the_one(context, line.rest)
    return found if isinstance(found, Wrong) else Send(c.CloseConversation(conversation=found.id))


def open_incident(line: Line, context: Context) -> Outcome:
    found = the_one(context, line.rest)
    return found if isinstance(found, Wrong) else Send(c.OpenForText(conversation=found.id))


def link(line: Line, context: Context) -> Outcome:
    """``tn= 456 #42``: the conversation is about that incident, or about the one that is open."""
    word, named = target_last_of(line.rest) if not line.rest.startswith("#") else ("", target(line.rest))
    found = the_one(context, word)
    incident = resolve.incident(context, named)
    if isinstance(found, Wrong):
        return found
    if isinstance(incident, Wrong):
        return incident
    return Send(c.LinkConversation(conversation=found.id, incident=incident.id))


def _call(context: Context, word: str) -> Call | Wrong:
    if word:
        return resolve.live_call(context.state, word)
    return resolve.own_call(context) or wrong("no_call")


def prompt(line: Line, context: Context) -> Outcome:
    call = _call(context, line.rest)
    return call if isinstance(call, Wrong) else Send(c.PlayPrompt(call=call.id))


def put_behind(line: Line, context: Context) -> Outcome:
    return _stand(line, context, on=True)


def lift(line: Line, context: Context) -> Outcome:
    return _stand(line, context, on=False)


def _stand(line: Line, context: Context, *, on: bool) -> Outcome:
    """``qr #42 LÝ DO``: the number of the newest call of an incident."""
    reason, named = target_first_of(line.rest)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    calls = [call for call in incident.calls if call in context.state.calls]
    if not calls:
        return wrong("no_call")
    return Send(c.SetNuisance(call=calls[-1], on=on, reason=reason))
