"""What happened at hospitals, as far as dispatching knows."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Hospital, Instant, PlaceRules


class PlaceRulesLoaded(Happened, frozen=True, tag=True):
    rules: PlaceRules


class HospitalsLoaded(Happened, frozen=True, tag=True):
    hospitals: dict[str, Hospital]


class BedsSet(Happened, frozen=True, tag=True):
    hospital: str
    kind: str
    free: int


class DivertSet(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    hospital: str
    on: bool
    until: Instant
    reason: str = ""


class HospitalChosen(Happened, frozen=True, tag=True):
    incident: str
    unit: str
    hospital: str


class PatientDelivered(Happened, frozen=True, tag=True):
    """One bed of that kind is taken."""

    incident: str
    unit: str
    hospital: str
    kind: str
