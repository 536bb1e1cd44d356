"""Where units last reported to be, for the map: live values beside the state. Without Qt.

A unit that never reported stands at its station, as the state has it. The placed state holds the same objects as before
wherever nothing moved, so that what is drawn from it is not drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from console_gui.map.mercator import finite_place
from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.envelopes import LiveValue

KIND = "positions"
"""Of the live values: {call sign: [lat, lon, at]}."""


class UnitPlaces:
    def __init__(self) -> None:
        self.at: dict[str, Instant] = {}  # when each position was taken
        self._places: dict[str, tuple[float, float]] = {}
        self._made_from: Mapping[str, Unit] = {}
        self._units: dict[str, Unit] = {}
        self._moved: set[str] = set()

    def take(self, values: Iterable[LiveValue]) -> bool:
        """Whether anything moved."""
        for value in values:
            for unit, told in value.value.items() if value.kind == KIND else ():
                place = _read(told)
                if place is not None and place[2] > self.at.get(unit, 0):
                    if self._places.get(unit) != place[:2]:
                        self._moved.add(unit)
                    self._places[unit], self.at[unit] = place[:2], place[2]
        return bool(self._moved)

    def placed(self, state: State) -> State:
        """The state with its units where they last reported to be. What did not move costs a look and no more."""
        if not self._places:
            return state
        units, before = state.units, self._made_from
        if units is not before:
            other = [sign for sign, unit in units.items() if unit is not before.get(sign)]
            if len(units) != len(before) or len(other) == len(units):
                self._units = dict(units)
                other = list(units)
            self._moved.update(other)
            self._made_from = units
        if self._moved:
            placed = dict(self._units)
            placed.update((sign, self._unit(units[sign])) for sign in self._moved if sign in units)
            self._units, self._moved = placed, set()
        return replace(state, units=self._units)

    def _unit(self, unit: Unit) -> Unit:
        place = self._places.get(unit.call_sign)
        return unit if place is None else replace(unit, lat=place[0], lon=place[1])


def _read(told: Any) -> tuple[float, float, Instant] | None:
    try:
        lat, lon, at = told
        return (float(lat), float(lon), int(at)) if finite_place(float(lat), float(lon)) else None
    except (TypeError, ValueError):
        return None
