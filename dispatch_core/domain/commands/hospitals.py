"""Hospitals: which there are, their beds, whether they ask to be spared, and who is taken where."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Hospital, PlaceRules


class LoadPlaceRules(Body, frozen=True, tag=True):
    rules: PlaceRules


class LoadHospitals(Body, frozen=True, tag=True):
    hospitals: dict[str, Hospital]


class SetBeds(Body, frozen=True, tag=True):
    hospital: str
    kind: str
    free: int


class SetDivert(Body, frozen=True, tag=True):
    """For so many ``minutes``; 0: until it is taken back."""

    hospital: str
    on: bool
    reason: str = ""
    minutes: int = 0


class TakeTo(Body, frozen=True, tag=True):
    """The unit takes its patient there. ``confirmed``: although the hospital asks to be spared."""

    unit: str
    hospital: str
    confirmed: bool = False
