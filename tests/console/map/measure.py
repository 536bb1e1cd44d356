"""How long the map takes to paint a full city: ``python -m tests.console.map.measure``. Milliseconds of the
processor, off screen."""

from __future__ import annotations

import os
import statistics
import time

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from console_gui import typefaces
from console_gui.map.view import MapView
from dispatch_core.domain.state import put
from dispatch_core.domain.vocabulary import UnitStatus
from tests.console.map.city import crowded_state, square_zones

ROUNDS = 15


def measured(view: MapView, act: object = None) -> list[float]:
    """Milliseconds of each of ``ROUNDS`` paintings, after ``act`` of each round."""
    times = []
    for turn in range(ROUNDS):
        begun = time.process_time()
        if callable(act):
            act(turn)
        view.update()  # else it has its picture still
        view.grab()
        times.append((time.process_time() - begun) * 1000)
    return times


def full_map(units: int = 2_000, incidents: int = 1_500) -> MapView:
    view = MapView()
    view.resize(1400, 900)
    zones = square_zones()
    for service in ("police", "fire", "ambulance"):
        view.show_zones(service, zones)
    view.show_state(crowded_state(units, incidents))
    return view


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    typefaces.load()
    view = full_map()
    snapshots = [crowded_state(2_000, 1_500, seed) for seed in range(ROUNDS)]
    state = crowded_state(2_000, 1_500)
    changes = []
    for _, crew in zip(range(ROUNDS), state.units.values(), strict=False):
        state = replace(state, units=put(state.units, crew.call_sign, replace(crew, status=UnitStatus.ON_SCENE)))
        changes.append(state)
    for name, metres in (("the whole city", 60.0), ("the inner city", 12.0), ("a district", 4.0)):
        view.look_at(10.785, 106.695)
        view.zoom(view.viewport.metres_per_pixel / metres, 700, 450)
        view.grab()
        for what, act in (
            ("again", None),
            ("one unit changed", lambda turn: view.show_state(changes[turn])),
            ("a new snapshot", lambda turn: view.show_state(snapshots[turn])),
            ("dragged", lambda turn: view.move_to(view.viewport.panned(7, 3))),
            ("zoomed", lambda turn: view.zoom(1.02, 700, 450)),
        ):
            times = measured(view, act)
            figures = f"best {min(times):6.1f}  median {statistics.median(times):6.1f}  worst {max(times):6.1f} ms"
            print(f"{name:15} {what:16} {figures}")
    application.quit()


if __name__ == "__main__":
    main()
