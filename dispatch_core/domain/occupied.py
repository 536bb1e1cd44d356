"""Whether a call has a position's phone: one rule for who may answer, and for which switch may ring it."""

from __future__ import annotations

from dispatch_core.domain.state import Call


def occupies(call: Call, position: str) -> bool:
    """Whether the position's phone talks in this call, is about to pick it up, or is a party of it."""
    asked = call.intent is not None and call.intent.position == position
    calls_back = call.back is not None and not call.talks and call.back.position == position
    return call.state.live and (asked or calls_back or call.position == position or position in call.parties)
