"""Several calls about one incident: folding incidents, and taking a call out again."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body


class FoldIncident(Body, frozen=True, tag=True):
    """``incident`` is the same event as ``into``: its calls and notes go there."""

    incident: str
    into: str


class UnfoldIncident(Body, frozen=True, tag=True):
    incident: str


class SplitCall(Body, frozen=True, tag=True):
    """A call that joined an incident wrongly gets one of its own."""

    call: str
