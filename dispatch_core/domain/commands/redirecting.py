"""What a supervisor asks beside reassigning incidents and legs: a unit to another incident, and taking a slip back."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class RedirectUnit(Body, frozen=True, tag=True):
    """A unit at work goes to another incident instead."""

    unit: str
    incident: str
    reason: str


class UndoReassign(Body, frozen=True, tag=True):
    """The last reassignment of the incident or of one of its legs, or of the unit (one of both), is taken back: by
    whoever made it, within ``UNDO_MS``, while nothing else has come of it."""

    incident: str = ""
    unit: str = ""
