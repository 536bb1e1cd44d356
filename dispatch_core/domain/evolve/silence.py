"""What the events of a silent caller mean: sets and newest moments, so that their order does not matter."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from dispatch_core.domain.events import (
    CallerHeard,
    CallerQuiet,
    KeyPressed,
    PromptAsked,
    PromptDropped,
    PromptPlayed,
    Recorded,
)
from dispatch_core.domain.evolve.rules import change_call, rule
from dispatch_core.domain.evolve.talks import earliest
from dispatch_core.domain.silence import CANNOT_SPEAK, KEYS_KEPT, SAME_KEY_MS, KeyPress, Silence
from dispatch_core.domain.state import State


def _change(state: State, call: str, **changes: Any) -> State:
    return change_call(state, call, lambda it: replace(it, silence=replace(it.silence, **changes)))


def _of(state: State, call: str) -> Silence:
    known = state.calls.get(call)
    return known.silence if known is not None else Silence()


@rule(CallerHeard)
def caller_heard(state: State, event: CallerHeard, _: Recorded) -> State:
    return _change(state, event.call, heard_at=max(_of(state, event.call).heard_at, event.at))


@rule(CallerQuiet)
def caller_quiet(state: State, event: CallerQuiet, _: Recorded) -> State:
    return _change(state, event.call, quiet_at=max(_of(state, event.call).quiet_at, event.at))


@rule(KeyPressed)
def key_pressed(state: State, event: KeyPressed, _: Recorded) -> State:
    known = _of(state, event.call)
    pressed = KeyPress(event.digit, event.at)
    if any(it.digit == pressed.digit and abs(it.at - pressed.at) < SAME_KEY_MS for it in known.keys):
        return state
    keys = tuple(sorted((*known.keys, pressed), key=lambda it: (it.at, it.digit)))[-KEYS_KEPT:]
    first = known.cannot_speak_at
    if event.digit == CANNOT_SPEAK:
        first = earliest(first, event.at)
    return _change(state, event.call, keys=keys, cannot_speak_at=first)


@rule(PromptAsked)
def prompt_asked(state: State, event: PromptAsked, recorded: Recorded) -> State:
    asked = _of(state, event.call).prompts_asked + 1
    return _change(state, event.call, prompt_asked_at=recorded.at, prompts_asked=asked)


@rule(PromptPlayed)
def prompt_played(state: State, event: PromptPlayed, _: Recorded) -> State:
    newest = max(_of(state, event.call).prompted_at, event.at)
    return _change(state, event.call, prompted_at=newest, prompt_asked_at=0)


@rule(PromptDropped)
def prompt_dropped(state: State, event: PromptDropped, _: Recorded) -> State:
    return _change(state, event.call, prompt_asked_at=0)
