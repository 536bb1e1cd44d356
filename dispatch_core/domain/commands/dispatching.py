"""What people ask about alarm levels, recommendations and crews."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import CrewState


class RaiseAlarmLevel(Body, frozen=True, tag=True):
    """Greater alarm: opens what the plans add. ``seen`` is the level that the person saw."""

    incident: str
    level: int
    seen: int
    reason: str = ""


class LowerAlarmLevel(Body, frozen=True, tag=True):
    """Takes a greater alarm back: legs that it opened are closed, except those with units."""

    incident: str
    level: int
    seen: int
    reason: str = ""


class RankAgain(Body, frozen=True, tag=True):
    """Measure anew how long the units need; ``service`` "": for every open leg."""

    incident: str
    service: str = ""


class RouteOverdue(Body, frozen=True, tag=True):
    """An answer of the geography is waited for too long."""

    incident: str


class ExplainOverride(Body, frozen=True, tag=True):
    """Why this unit was sent although a better one was free."""

    incident: str
    unit: str
    reason: str


class SetCrew(Body, frozen=True, tag=True):
    """``rest_min``: a rest ends by itself after so many minutes; 0 = when somebody says so."""

    unit: str
    crew: CrewState
    rest_min: int = 0
