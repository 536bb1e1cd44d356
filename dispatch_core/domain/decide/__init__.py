"""``decide(state, asked, now) -> Decision | Refusal``: the law of dispatch.

Pure: the same state, command and moment give the same events. One rule for each command type, in the module of its
subject; who may give the command is checked first, in ``authority``.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.authority import forbidden
from dispatch_core.domain.commands import Asked
from dispatch_core.domain.decide import (  # noqa: F401  (each registers its rules)
    call_back,
    calls,
    closing,
    closures,
    covering,
    dispatching,
    duty,
    folding,
    handing,
    hospitals,
    incidents,
    locations,
    look,
    map,
    memos,
    missed,
    nodes,
    nuisance,
    offers,
    opening,
    people,
    premises,
    recordings,
    redirecting,
    routing,
    safety,
    silence,
    steering,
    surge,
    switch,
    system,
    texts,
    triage,
    trunk,
    units,
    watch,
    watching,
)
from dispatch_core.domain.decide.story import RULES, Story
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


class Decision(Struct, frozen=True):
    """What happened, in order, and the state after it (always equal to folding ``events`` over the state before)."""

    events: tuple[Recorded, ...]
    state: State


def decide(state: State, asked: Asked, now: Instant) -> Decision | Refusal:
    no = forbidden(state, asked)
    if no is not None:
        return no
    story = Story(state, asked, now)
    no = RULES[type(asked.body)](story, asked.body)
    if no is not None:
        if story.events:
            raise AssertionError(f"{type(asked.body).__name__} refused after it had begun")
        return no
    return Decision(tuple(story.events), story.state)
