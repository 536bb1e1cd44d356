"""A caller who says nothing: what is heard, which keys are pressed, and the prompt. It never closes anything."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.decide.story import Story, live_call, rule
from dispatch_core.domain.decide.surge import note_caller
from dispatch_core.domain.decide.switch import NOTHING, fact
from dispatch_core.domain.events import (
    CallerHeard,
    CallerQuiet,
    KeyPressed,
    PromptAsked,
    PromptDropped,
    PromptPlayed,
)
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.silence import KEYS
from dispatch_core.domain.vocabulary import Direction


@rule(c.CallerSounds)
def caller_sounds(story: Story, body: c.CallerSounds) -> Refusal | None:
    return fact(story, body.call, CallerHeard(call=body.call, at=body.at))


@rule(c.CallerFallsSilent)
def caller_falls_silent(story: Story, body: c.CallerFallsSilent) -> Refusal | None:
    return fact(story, body.call, CallerQuiet(call=body.call, at=body.at))


@rule(c.CallerPressed)
def caller_pressed(story: Story, body: c.CallerPressed) -> Refusal | None:
    if body.digit not in KEYS:
        return NOTHING
    no = fact(story, body.call, KeyPressed(call=body.call, digit=body.digit, at=body.at))
    if no is None:
        note_caller(story, body.call)
    return no


@rule(c.PlayPrompt)
def play_prompt(story: Story, body: c.PlayPrompt) -> Refusal | None:
    """People may ask as often as they like, one at a time; the core itself asks once a call."""
    call = live_call(story.state, body.call)
    if isinstance(call, Refusal):
        return call
    if call.direction is not Direction.INCOMING:
        return refuse("not_waiting")
    if call.silence.prompt_asked_at:
        return refuse("already_so")
    if story.asked.actor.kind is ActorKind.CORE and call.silence.prompts_asked:
        return NOTHING
    story.happen(PromptAsked(call=call.id))
    return None


@rule(c.PromptPlays)
def prompt_plays(story: Story, body: c.PromptPlays) -> Refusal | None:
    return fact(story, body.call, PromptPlayed(call=body.call, at=body.at))


@rule(c.PromptFailed)
def prompt_failed(story: Story, body: c.PromptFailed) -> Refusal | None:
    call = story.state.calls.get(body.call)
    if call is None or not call.silence.prompt_asked_at:
        return NOTHING
    story.happen(PromptDropped(call=call.id, why=one_line(body.why, REASON_LIMIT)))
    return None
