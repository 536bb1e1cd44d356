"""When a silent caller is asked to press a key, and when that is given up. Nothing here ever ends a call."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch_core.domain.commands import Command, PlayPrompt, PromptFailed
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import CallState, Direction, Instant

PROMPT_LIMIT_MS = 10_000
"""A prompt of which nothing was heard by then: somebody may ask again."""


def silent_since(call: Call) -> Instant:
    """From when on nothing has been heard of a caller who was answered; 0 where something was, or nobody answered, or
    others are in the call whom a prompt would interrupt."""
    known = call.silence
    heard = known.sounds or known.heard_at >= call.answered_at or known.cannot_speak_at
    if call.parties or not call.position:
        return 0
    if call.direction is not Direction.INCOMING or call.state is not CallState.ANSWERED or heard:
        return 0
    return call.answered_at


def due(state: State, now: Instant) -> Iterator[Command]:
    for ident, call in sorted(state.calls.items()):
        known = call.silence
        if known.prompt_asked_at and abs(now - known.prompt_asked_at) > PROMPT_LIMIT_MS:
            yield PromptFailed(call=ident, why="no_outcome")
        since, after = silent_since(call), state.site.prompt_after_s
        if after and since and not known.prompts_asked and now - since > after * 1000:
            yield PlayPrompt(call=ident)
