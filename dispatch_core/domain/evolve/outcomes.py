"""When what was asked of a call has come about: steps that the rules of calls and of steering share."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import SteerAct

HELD = (SteerAct.HOLD,)
RESUMED = (SteerAct.RESUME, SteerAct.BACK, SteerAct.JOIN)
JOINED = (SteerAct.CONSULT, SteerAct.INVITE, SteerAct.TRANSFER)
GONE = (SteerAct.COMPLETE, SteerAct.LEAVE)
MOVED = tuple(SteerAct)
"""Somebody else talks with the caller, or the caller waits again: whatever was asked of the talk before is over."""


def came_of(call: Call, *acts: SteerAct) -> Call:
    """The call without its intent, where that is one of these."""
    return replace(call, steer=None) if call.steer is not None and call.steer.act in acts else call


def present(call: Call) -> tuple[str, ...]:
    """Who is in the call besides the caller."""
    return tuple(name for name in (call.position, *call.parties) if name)


def only_present(call: Call) -> Call:
    """Who is no longer there is not muted either."""
    muted = tuple(position for position in call.muted if position in present(call))
    return call if muted == call.muted else replace(call, muted=muted)
