"""What a console is told of ways: the route of a unit to an incident, and the area that is reached in some minutes."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Measured

Point = tuple[float, float]
"""Latitude, longitude."""


class StepShown(Struct, frozen=True, kw_only=True):
    turn: str
    street: str
    metres: float
    at: Point
    vi: str
    en: str


class RouteShown(Struct, frozen=True, kw_only=True):
    """``line``: its course; ``walk_m`` of it on foot at its end; ``measured`` straight: no road is known."""

    unit: str
    incident: str
    seconds: float
    metres: float
    line: tuple[Point, ...]
    steps: tuple[StepShown, ...] = ()
    measured: Measured = Measured.STRAIGHT
    walk_m: float = 0.0


class ReachableShown(Struct, frozen=True, kw_only=True):
    """``polygons``: each an outer ring and its holes, longitude first, closed; reached by ``units`` of them."""

    of: str
    seconds: float
    units: int
    polygons: tuple[tuple[tuple[Point, ...], ...], ...]
    measured: Measured = Measured.STRAIGHT


class AlongShown(Struct, frozen=True, kw_only=True):
    """How far it is by road along the points that were asked for; ``measured`` straight: a piece of it at least is no
    road."""

    metres: float
    seconds: float
    line: tuple[Point, ...] = ()
    measured: Measured = Measured.STRAIGHT


class HereShown(Struct, frozen=True, kw_only=True):
    """The ward at a place, "" where none is known, and what its ground was called up to 2025-06-30."""

    ward: str = ""
    former: tuple[str, ...] = ()
    approximate: bool = False
