"""A typed line is about what stood on the screen when its typing began: what changed meanwhile is a conflict that the
core tells, and never overwritten by an Enter that was already on its way."""

from __future__ import annotations

import dataclasses

from msgspec.structs import replace

from console_gui.command_line.outcomes import FindPlace, Outcome, Send
from dispatch_core.domain.commands import Command, Locate, SetPriority, SetType
from dispatch_core.domain.state import State


def as_seen(outcome: Outcome, then: State | None) -> Outcome:
    """``then``: the state at the first letter; None where nobody typed."""
    if then is None:
        return outcome
    if isinstance(outcome, Send):
        return Send(_seen(outcome.body, then))
    if isinstance(outcome, FindPlace):
        known = then.incidents.get(outcome.incident)
        return outcome if known is None else dataclasses.replace(outcome, seen=known.location_version)
    return outcome


def _seen(body: Command, then: State) -> Command:
    if not isinstance(body, SetType | SetPriority | Locate):
        return body
    known = then.incidents.get(body.incident)
    if known is None:
        return body
    if isinstance(body, SetType):
        return replace(body, seen=known.type)
    if isinstance(body, SetPriority):
        return replace(body, seen=known.priority)
    return replace(body, seen=known.location_version)
