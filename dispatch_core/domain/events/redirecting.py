"""What happened to units that were sent elsewhere, and to reassignments that were taken back."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import UnitStatus


class UnitRedirected(Happened, frozen=True, tag=True):
    """Told after the unit was released from ``incident`` and assigned to ``to``. ``missing``: how many the old leg
    lacks now. ``undo``: it goes back to where it was."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    unit: str
    incident: str
    service: str
    status: UnitStatus  # before
    to: str
    missing: int = 0
    undo: bool = False
    reason: str = ""


class ReassignUndone(Happened, frozen=True, tag=True):
    """``what`` and ``service`` as they were reassigned; it is ``to``'s no more but ``was``'s again."""

    incident: str
    what: str
    service: str
    was: str
    to: str
    fixed: bool = False
    also: tuple[str, ...] = ()
