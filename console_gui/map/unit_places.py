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
        self._placed: dict[str, tuple[Unit, tuple[float, float], Unit]] = {}
        self._made_from: Mapping[str, Unit] | None = None
        self._units: dict[str, Unit] = {}
        self._moved = False

    def take(self, values: Iterable[LiveValue]) -> bool:
        """Whether anything moved."""
        for value in values:
            for unit, told in value.value.items() if value.kind == KIND else ():
                place = _read(told)
                if place is not None and place[2] > self.at.get(unit, 0):
                    self._moved = self._moved or self._places.get(unit) != place[:2]
                    self._places[unit], self.at[unit] = place[:2], place[2]
        return self._moved

    def placed(self, state: State) -> State:
        """The state with its units where they last reported to be."""
        if not self._places:
            return state
        if self._moved or state.units is not self._made_from:
            self._units = {sign: self._unit(unit) for sign, unit in state.units.items()}
            self._made_from, self._moved = state.units, False
        return replace(state, units=self._units)

    def _unit(self, unit: Unit) -> Unit:
        place = self._places.get(unit.call_sign)
        if place is None:
            return unit
        known = self._placed.get(unit.call_sign)
        if known is None or known[0] is not unit or known[1] != place:
            moved = replace(unit, lat=place[0], lon=place[1])
            known = self._placed[unit.call_sign] = (unit, place, moved)
        return known[2]


def _read(told: Any) -> tuple[float, float, Instant] | None:
    try:
        lat, lon, at = told
        return (float(lat), float(lon), int(at)) if finite_place(float(lat), float(lon)) else None
    except (TypeError, ValueError):
        return None
