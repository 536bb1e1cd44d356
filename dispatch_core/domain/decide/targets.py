"""Whom a call may be given to, or be asked about: a position where somebody is free, a service, an outside number."""

from __future__ import annotations

import re

from msgspec import Struct

from dispatch_core.domain.decide.calls import busy_with
from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import TargetKind

NUMBER_LENGTH = 20
_NUMBER = re.compile(r"\+?[0-9]{3,20}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,15}")
_BETWEEN = re.compile(r"[ .\-]")


class Target(Struct, frozen=True):
    """``name``: a position or a service; ``number``: an outside number instead."""

    kind: TargetKind
    name: str = ""
    number: str = ""


def target_of(story: Story, call: Call, kind: TargetKind, typed: str) -> Target | Refusal:
    """The target, or why nothing can be sent there."""
    if kind is TargetKind.POSITION:
        no = not_to_ring(story, call, typed)
        return Target(kind, name=typed) if no is None else no
    if kind is TargetKind.SERVICE:
        if typed not in story.state.site.services:
            return refuse("unknown_service", service=_to_echo(typed))
        return Target(kind, name=typed)
    number = _BETWEEN.sub("", typed)
    if kind is not TargetKind.NUMBER or not _NUMBER.fullmatch(number) or len(number) > NUMBER_LENGTH:
        return refuse("bad_number")
    if number in story.state.site.numbers:
        return refuse("own_number", number=number)
    return Target(kind, number=number)


def _to_echo(typed: str) -> str:
    """A refusal is kept for ever, and what was typed may be somebody's number: then it is not repeated."""
    return typed if _NAME.fullmatch(typed) else "…"


def not_to_ring(story: Story, call: Call, position: str) -> Refusal | None:
    """None where the position's phone may be rung for this call: somebody sits there, who is on no call."""
    seat = story.state.positions.get(position)
    if seat is None:
        return refuse("unknown_position", position=_to_echo(position))
    if seat.installing:
        return refuse("position_installing", position=position)
    if position in (call.position, *call.parties):
        return refuse("already_in_call", position=position)
    if not seat.user:
        return refuse("nobody_there", position=position)
    return busy_with(story.state, position)
