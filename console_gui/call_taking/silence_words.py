"""What is said of a caller who may not be able to speak, and of a number that stands behind."""

from __future__ import annotations

from console_gui.translations.language import Words
from dispatch_core.domain.nuisance import points, stands_behind
from dispatch_core.domain.silence import CANNOT_SPEAK
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Direction, Instant

SILENT_AFTER_MS = 5_000
"""From then on a caller of whom nothing was heard is said to be silent."""

KEYS_SHOWN = 24


def silence_flag(state: State, call: Call, words: Words, now: Instant) -> str:
    """In a word or two, "" where there is nothing to say (and where the site does not ask: then nobody listens)."""
    known = call.silence
    if call.direction is Direction.OUTGOING or not (call.state.live or known.cannot_speak_at):
        return ""
    if known.cannot_speak_at:
        return words("silence.five")
    if known.sounds:
        return words("silence.sounds")
    listens = state.site.prompt_after_s and not call.silence.heard_at
    if listens and now - (call.answered_at or call.arrived_at) > SILENT_AFTER_MS:
        return words("silence.silent")
    return ""


def silence_line(state: State, call: Call, words: Words, now: Instant) -> str:
    """For the card: the flag, every key, and what became of the prompt."""
    known = call.silence
    flag = words("silence.cannot_speak") if known.cannot_speak_at else silence_flag(state, call, words, now)
    parts = [flag] if flag else []
    if known.keys:
        keys = " ".join(it.digit for it in known.keys[-KEYS_SHOWN:])
        parts.append(words("silence.keys", keys=keys))
    if known.prompt_asked_at:
        parts.append(words("silence.asking"))
    elif known.prompted_at:
        parts.append(words("silence.asked"))
    elif flag and call.state.live and not known.cannot_speak_at and not known.sounds:
        parts.append(words("silence.ask_with", digit=CANNOT_SPEAK))
    return "   ".join(parts)


def behind(state: State, call: Call, now: Instant) -> bool:
    """Whether the caller's number stands behind others."""
    return call.direction is Direction.INCOMING and stands_behind(state.nuisance.get(call.number), now)


def behind_line(state: State, call: Call, words: Words, now: Instant, who: str) -> str:
    """Why the number stands behind, "" where it does not. ``who``: who set it, as he is called."""
    it = state.nuisance.get(call.number)
    if it is None or not behind(state, call, now):
        return ""
    if it.set_at > it.cleared_at:
        return words("nuisance.set", who=who, reason=it.reason)
    counted = sum(at > it.cleared_at for at in it.closures)
    return words("nuisance.history", count=counted, points=points(it, now))
