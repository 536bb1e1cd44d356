"""Units on the map stand where they last reported to be, and say how long ago."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from console_gui.map.picking import Kind, Target
from console_gui.map.telling import tell
from console_gui.map.unit_places import KIND, UnitPlaces
from dispatch_core.wire.envelopes import LiveValue
from tests.console.scenario import busy_night

NIGHT = busy_night()
NOW = NIGHT.now


def value(told: dict[str, Any], kind: str = KIND) -> LiveValue:
    return LiveValue(kind=kind, key="00", at=NOW, value=told)


def test_without_reports_the_state_is_as_it_was() -> None:
    places = UnitPlaces()
    assert places.placed(NIGHT.state) is NIGHT.state
    assert not places.take((value({"A1": [1, 2, 3]}, "trunk"),))
    assert places.placed(NIGHT.state) is NIGHT.state


def test_a_unit_moves_and_the_others_stay_the_same_objects() -> None:
    places = UnitPlaces()
    assert places.take((value({"A1": [10.9, 106.9, NOW - 90_000]}),))
    placed = places.placed(NIGHT.state)
    assert (placed.units["A1"].lat, placed.units["A1"].lon) == (10.9, 106.9)
    assert placed.units["A2"] is NIGHT.state.units["A2"]
    assert places.placed(NIGHT.state).units is placed.units
    other = replace(NIGHT.state, units={**NIGHT.state.units})
    assert places.placed(other).units["A1"] is placed.units["A1"]
    assert not places.take((value({"A1": [10.9, 106.9, NOW - 80_000], "A2": [1, 2, 0]}),)), "it stands still"
    assert places.at == {"A1": NOW - 80_000}
    assert not places.take((value({"A1": [11.0, 106.9, NOW - 85_000]}),)), "an older one changes nothing"


def test_what_is_no_place_is_left_out() -> None:
    places = UnitPlaces()
    odd = {"A1": None, "A2": [1, 2], "A3": ["x", 2, 3], "A4": [float("nan"), 106, NOW], "A5": [1, 2, "x"]}
    assert not places.take((value(odd),)) and places.at == {}


def test_the_hover_says_how_old_the_position_is() -> None:
    target = _target("A1")
    assert tell(target, NIGHT.state, "vi", NOW, {"A1": NOW - 90_000}).endswith("vị trí báo 90 s trước")
    assert tell(target, NIGHT.state, "en", NOW, {}).endswith("no position reported: shown at its station")


def _target(unit: str) -> Target:
    fields = {name: 0 for name in Target.__dataclass_fields__}
    return Target(**{**fields, "kind": Kind.UNIT, "id": unit, "members": ()})
