"""The map at its heaviest: 2,000 units of which 200 report every second, 1,500 incidents, dragged and zoomed by a hand.

``python -m scripts.benchmarks.console.map [SECONDS] [ARCHIVE]`` prints one JSON object: of each part the longest turn
of the event loop and p50, p99 of a frame, in milliseconds, off screen or on the display that QT_QPA_PLATFORM says.
The real widgets over a real desk's worth of state; positions come as the live values in which the core tells them.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from console_gui import tempo, typefaces
from console_gui.map.city_map import CityMap
from console_gui.map.unit_places import KIND, UnitPlaces
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.wire.envelopes import LiveValue
from scripts.benchmarks.figures import quantile

UNITS, INCIDENTS = 2_000, 1_500
SHARDS = 16  # as the core tells positions: each value holds the units of one shard
TOLD_EVERY_MS = 2_000 // SHARDS
SHOWN_EVERY_MS = 200
HAND_MS = 16
SIZE = (1_180, 800)
MIDDLE = (10.7825, 106.6975)
STEP = 0.0004  # degrees that a unit moves between two reports: about 45 m


class Turns(QApplication):
    """How long each event works, and each painting of the map: while it lasts nothing else of the window does. In the
    processor's time of this thread, because the machine has other work; by the clock beside it."""

    def __init__(self) -> None:
        super().__init__([])
        self.turns: list[float] = []
        self.by_clock: list[float] = []
        self.frames: list[float] = []
        self._within = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self._within:
            return super().notify(receiver, event)
        self._within = True
        worked, began = time.thread_time(), time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self.turns.append((time.thread_time() - worked) * 1_000)
            self.by_clock.append((time.perf_counter() - began) * 1_000)
            self._within = False

    def clear(self) -> None:
        for one in (self.turns, self.by_clock, self.frames):
            one.clear()


class WatchedMap(CityMap):
    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        super().__init__()

    def paintEvent(self, event: QPaintEvent) -> None:
        worked = time.thread_time()
        super().paintEvent(event)
        self._turns.frames.append((time.thread_time() - worked) * 1_000)


class Feed(QObject):
    """Every unit reports once in ten seconds; its shard is told every two, with whoever moved since."""

    def __init__(self, state: State, city: CityMap) -> None:
        super().__init__(city)
        self._state, self._map = state, city
        self._places = UnitPlaces()
        self._chance = random.Random(7)
        self._at = {sign: (unit.lat, unit.lon) for sign, unit in state.units.items()}
        self._shards = [sorted(state.units)[number::SHARDS] for number in range(SHARDS)]
        self._turn = 0
        self._now: Instant = 1_800_000_000_000
        self._seen = {sign: self._now for sign in state.units}
        for every, act in ((TOLD_EVERY_MS, self._tell), (SHOWN_EVERY_MS, self._show), (1_000, self._second)):
            timer = QTimer(self)
            timer.timeout.connect(act)
            timer.start(every)

    def _tell(self) -> None:
        shard = self._shards[self._turn % SHARDS]
        self._turn += 1
        self._now += TOLD_EVERY_MS
        for sign in shard:
            if self._chance.random() < 0.2:
                lat, lon = self._at[sign]
                self._at[sign] = (lat + self._chance.gauss(0, STEP), lon + self._chance.gauss(0, STEP))
                self._seen[sign] = self._now
        told = {sign: [*self._at[sign], self._seen[sign]] for sign in shard}
        self._places.take((LiveValue(kind=KIND, key=str(self._turn % SHARDS), at=self._now, value=told),))

    def _show(self) -> None:
        """As the panel does it, five times a second."""
        self._map.seen_at = self._places.at
        self._map.show_state(self._places.placed(self._state))

    def _second(self) -> None:
        self._map.show_time(self._now)


def _hand(city: CityMap, kind: Any, at: QPointF, buttons: Qt.MouseButton) -> None:
    QApplication.sendEvent(
        city, QMouseEvent(kind, at, city.mapToGlobal(at), Qt.MouseButton.LeftButton, buttons,
                          Qt.KeyboardModifier.NoModifier),
    )  # fmt: skip


class Hand:
    """Drags to and fro, or turns the wheel, as fast as a screen shows it."""

    def __init__(self, city: CityMap) -> None:
        self._map, self._step = city, 0

    def drag(self) -> None:
        at = QPointF(SIZE[0] / 2 + self._step % 40 * 9, SIZE[1] / 2 + self._step % 40 * 4)
        if self._step % 40 == 0:
            _hand(self._map, QMouseEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton)
        elif self._step % 40 == 39:
            _hand(self._map, QMouseEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton)
            self._map.look_at(*MIDDLE)
        else:
            _hand(self._map, QMouseEvent.Type.MouseMove, at, Qt.MouseButton.LeftButton)
        self._step += 1

    def wheel(self) -> None:
        self._step += 1
        if self._step % 4:
            return
        notch = 120 if (self._step // 40) % 2 else -120
        middle = QPointF(SIZE[0] / 2, SIZE[1] / 2)
        QApplication.sendEvent(self._map, QWheelEvent(
            middle, self._map.mapToGlobal(middle), QPoint(), QPoint(0, notch), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ))  # fmt: skip


def _for(seconds: float, act: Callable[[], None] | None = None) -> None:
    timer = QTimer()
    if act is not None:
        timer.timeout.connect(act)
        timer.start(HAND_MS)
    loop = QEventLoop()  # quitting the application would close its windows
    QTimer.singleShot(round(seconds * 1_000), loop.quit)
    loop.exec()
    timer.stop()


def measured(turns: Turns, seconds: float, archive: Path | None = None) -> dict[str, dict[str, float]]:
    """Of each part: ``turn_most``, ``frame_p50``, ``frame_p99`` and how many frames there were."""
    from tests.console.map.city import crowded_state, square_zones  # the made-up city of the map's tests

    city = WatchedMap(turns)
    city.resize(*SIZE)
    zones = square_zones()
    for service in ("police", "fire", "ambulance"):
        city.show_zones(service, zones)
    if archive is not None:
        city.streets.use(str(archive))
    state = crowded_state(UNITS, INCIDENTS)
    city.show_state(state)
    city.select_incident(next(iter(state.incidents)))
    city.show()
    Feed(state, city)
    tempo.settle()
    told: dict[str, dict[str, float]] = {}
    for name, metres in (("city", 40.0), ("district", 6.0)):
        city.look_at(*MIDDLE)
        city.zoom(city.viewport.metres_per_pixel / metres, SIZE[0] / 2, SIZE[1] / 2)
        _for(1.5)
        hand = Hand(city)
        for part, act in (("still", None), ("drag", hand.drag), ("zoom", hand.wheel)):
            turns.clear()
            _for(seconds, act)
            frames = turns.frames or [0.0]
            told[f"{name} {part}"] = {
                "turn_most": round(max(turns.turns), 1), "turn_p99": round(quantile(turns.turns, 0.99), 1),
                "turn_most_by_clock": round(max(turns.by_clock), 1),
                "frame_p50": round(quantile(frames, 0.5), 1), "frame_p99": round(quantile(frames, 0.99), 1),
                "frames": len(frames),
            }  # fmt: skip
    city.streets.stop()
    city.close()
    return told


def main(given: list[str]) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tempo.tune()
    turns = Turns()
    typefaces.load()
    seconds = float(given[0]) if given else 6.0
    print(json.dumps(measured(turns, seconds, Path(given[1]) if len(given) > 1 else None)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
