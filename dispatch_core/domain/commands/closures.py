"""Where nobody can pass for a while, drawn by who was told of it."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import ClosureKind, Instant


class DrawClosure(Body, frozen=True, tag=True):
    """``outline``: longitude first; an area where it ends at its first point, else a line. ``vehicles``: travel
    profiles that cannot pass, () = none can. ``until`` 0: until somebody ends it."""

    kind: ClosureKind
    outline: tuple[tuple[float, float], ...]
    vehicles: tuple[str, ...] = ()
    reason: str = ""
    until: Instant = 0


class EndClosure(Body, frozen=True, tag=True):
    closure: str
