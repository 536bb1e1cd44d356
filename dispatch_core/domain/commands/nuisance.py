"""What a number's history says, and what a supervisor says of it."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant


class Rating(Struct, frozen=True, kw_only=True):
    """``closures`` without content within the time that counts; ``real_at`` of the newest real incident, 0 = none."""

    number: str
    closures: tuple[Instant, ...]
    real_at: Instant = 0


class NumbersRated(Body, frozen=True, tag=True):
    """Said by the worker that read the history."""

    ratings: tuple[Rating, ...]


class SetNuisance(Body, frozen=True, tag=True):
    """Put the number of a call behind, or lift it, whatever its history says."""

    call: str
    on: bool
    reason: str


class ForgetNumber(Body, frozen=True, tag=True):
    """Its history no longer weighs anything."""

    number: str


class NumbersNotMarked(Body, frozen=True, tag=True):
    """A switch could not be told which numbers stand behind: there they wait like everybody."""

    node: str
    why: str
