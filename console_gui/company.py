"""Who is in a call and what is being done with it, in words for the caller's card and the list of calls. No Qt."""

from __future__ import annotations

from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone
from console_gui.translations.tables import say
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import CallState, TargetKind


def party(state: State, call: Call, name: str, language: str) -> str:
    """A position by its id; somebody outside by the number that was dialled, where it is known."""
    if name in state.positions:
        return name
    return outside(state, call.guest, language) or say(language, "call.outsider")


def outside(state: State, number: str, language: str) -> str:
    """A partner by its name, somebody else by the number."""
    known = next((it for it in state.site.partners.values() if number and it.dial == number), None)
    if known is not None:
        return one_line(known.vi if language == "vi" else known.en, 40)
    return phone(one_line(number, 40))


def being_done(state: State, call: Call, language: str) -> str:
    """What was asked of the call and is not done yet, "" where nothing is."""
    wish = call.steer
    if wish is None:
        return ""
    to = wish.target
    if wish.kind is TargetKind.NUMBER:
        to = outside(state, wish.number, language) or say(language, "form.hidden_number")
    elif wish.kind is TargetKind.SERVICE:
        to = sentences.service(state, wish.target, language)
    doing = say(language, f"steer.{wish.act.value}")
    return say(language, "steer.to", doing=doing, to=to) if to else doing


def company(state: State, call: Call, language: str) -> tuple[str, ...]:
    """Who else is there, whom the position asks meanwhile, whose microphone is off."""
    parts: list[str] = []
    others = ", ".join(party(state, call, name, language) for name in call.parties)
    if others:
        asks = call.state is CallState.HELD
        parts.append(say(language, "call.consulting" if asks else "call.with", others=others))
    if call.muted:
        own = call.muted == (call.position,)
        parts.append(say(language, "call.muted_own" if own else "call.muted", positions=", ".join(call.muted)))
    return tuple(parts)


def heard_by_me(state: State, call: Call, position: str, language: str) -> str:
    """What one's own phone hears of the call as a supervisor's ear, "" where it does not."""
    watch = state.watches.get(position)
    return heard_at(state, position, language) if watch is not None and watch.call == call.id else ""


def heard_at(state: State, position: str, language: str) -> str:
    """Which position one's own phone listens at, and how; "" where at none."""
    watch = state.watches.get(position)
    if watch is None:
        return ""
    return say(language, f"watch.{watch.how.value}" if watch.running else "watch.beginning", position=watch.watched)
