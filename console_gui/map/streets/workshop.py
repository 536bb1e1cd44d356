"""The worker process seen from the console: started, asked, listened to, started again when it dies or falls silent.

Guards: nothing here waits for the worker: what is wanted goes out only when the last wish was taken, so the pipe never
fills; answers are read by a thread. A worker that keeps dying rests, and a tile at which it died twice is left empty.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from console_gui.map.streets import worker
from console_gui.map.streets.limits import ANSWER_S, DIED_AT_MOST, RESTARTS, RESTARTS_WITHIN_S, WANTED_MOST
from console_gui.map.streets.messages import (
    Answer,
    Draw,
    NamesPainted,
    NamesWanted,
    Near,
    NearFound,
    TilePainted,
    TileWanted,
    Took,
    encode,
    read_answer,
)

log = logging.getLogger(__name__)

LOOK_MS = 500
ENDED_WITHIN_S = 2.0


class Workshop(QObject):
    """``want`` replaces what was wanted before. Signals come in the thread of this object."""

    tile_painted = Signal(object, object)  # TilePainted, QImage
    names_painted = Signal(object, object)  # NamesPainted, QImage
    near_found = Signal(object)  # NearFound
    refused = Signal(object)  # Refused
    health_changed = Signal()

    _heard = Signal(int, object, object)  # which worker, answer, QImage
    _lost = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._generation = 0
        self._number = 0
        self._archive = ""
        self._tiles: tuple[TileWanted, ...] = ()
        self._names: NamesWanted | None = None
        self._left: dict[TileWanted, None] = {}  # what the worker has not given yet, in its order
        self._names_left = False
        self._asks: deque[Near] = deque()
        self._ear: threading.Thread | None = None
        self._sent = self._taken = 0  # the newest request that went out, and that the worker has read
        self._stale = False  # something newer is wanted than what was sent
        self._heard_at = 0.0
        self._deaths: deque[float] = deque(maxlen=RESTARTS)
        self._died_at: Counter[TileWanted] = Counter()
        self._resting_until = 0.0
        self._stopped = False
        self.up = False
        """Whether a worker answers."""
        self.restarts = 0
        self._heard.connect(self._take)
        self._lost.connect(self._end)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._watch)

    @property
    def pid(self) -> int:
        """Of the worker; 0 where none runs."""
        return (self._process.pid or 0) if self._process is not None else 0

    def want(self, archive: str, tiles: tuple[TileWanted, ...], names: NamesWanted | None) -> None:
        """An archive of "" lets the worker rest."""
        tiles = tuple(tile for tile in tiles if self._died_at[tile] < DIED_AT_MOST)[:WANTED_MOST]
        self._archive, self._tiles, self._names = archive, tiles, names
        self._stale = True
        self._go_on()

    def ask_near(self, lat: float, lon: float) -> int:
        """Which street is there? ``near_found`` answers with this number; never, where no worker can tell."""
        self._number += 1
        self._asks.append(Near(self._number, self._archive, lat, lon))
        while len(self._asks) > WANTED_MOST:
            self._asks.popleft()
        self._go_on()
        return self._number

    def stop(self) -> None:
        """End the worker, for good."""
        self._stopped = True
        self._look.stop()
        self._generation += 1
        self._close()

    # --- asking -------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Send the newest wish where the last one was read."""
        if not (self._stale or self._asks) or (not self._archive and self._process is None):
            return
        if self._process is None and not self._begin():
            return
        if self._taken < self._sent:
            return
        if self._asks:
            self._send(self._asks.popleft())
        elif self._stale:
            self._stale = False
            self._number += 1
            self._left = dict.fromkeys(self._tiles)
            self._names_left = self._names is not None
            self._send(Draw(self._number, self._archive, self._tiles, self._names))

    def _send(self, asked: Draw | Near) -> None:
        if self._pipe is None:
            return
        self._sent = asked.number
        if not self._busy:
            self._heard_at = time.monotonic()
        try:
            self._pipe.send_bytes(encode(asked))
        except OSError:
            self._end(self._generation)

    @property
    def _busy(self) -> bool:
        return self._taken < self._sent or bool(self._left) or self._names_left

    # --- its life -----------------------------------------------------------------------------------------------------

    def _begin(self) -> bool:
        if self._stopped or time.monotonic() < self._resting_until:
            return False
        spawn = multiprocessing.get_context("spawn")
        self._pipe, there = spawn.Pipe()
        self._process = spawn.Process(target=worker.main, args=(there,), name="dispatch-streets", daemon=True)
        self._process.start()
        there.close()
        self._generation += 1
        self._taken = self._sent = self._number
        self._heard_at = time.monotonic()
        self._ear = threading.Thread(
            target=self._listen, args=(self._generation, self._pipe), name="streets", daemon=True
        )
        self._ear.start()
        self._look.start()
        return True

    def _listen(self, generation: int, pipe: Connection) -> None:
        """In a thread of its own, until the pipe ends."""
        with suppress(RuntimeError):  # this object is gone
            with suppress(EOFError, OSError, msgspec.DecodeError):
                while True:
                    answer = read_answer(pipe.recv_bytes())
                    image = None
                    if isinstance(answer, TilePainted | NamesPainted):
                        image = _image(answer, pipe.recv_bytes())
                    self._heard.emit(generation, answer, image)
            self._lost.emit(generation)

    def _take(self, generation: int, answer: Answer, image: QImage | None) -> None:
        if generation != self._generation:
            return
        self._heard_at = time.monotonic()
        if not self.up:
            self.up = True
            self.health_changed.emit()
        if isinstance(answer, Took):
            self._taken = max(self._taken, answer.number)
            self._go_on()
        elif isinstance(answer, TilePainted):
            self._left.pop(answer.tile, None)
            self.tile_painted.emit(answer, image)
        elif isinstance(answer, NamesPainted):
            self._names_left = False
            self.names_painted.emit(answer, image)
        elif isinstance(answer, NearFound):
            self.near_found.emit(answer)
        else:
            self._left.clear()
            self._names_left = False
            self.refused.emit(answer)

    def _watch(self) -> None:
        """One that is asked and silent is ended; one that rests is started again when its time has come."""
        if self._process is None:
            self._go_on()
        elif self._busy and time.monotonic() - self._heard_at > ANSWER_S:
            log.warning("the streets' worker does not answer: it is ended")
            self._process.kill()
            self._heard_at = time.monotonic()

    def _end(self, generation: int) -> None:
        """The worker is gone: what was wanted of it is wanted of the next one."""
        if generation != self._generation or self._process is None:
            return
        at = next(iter(self._left), None)
        if at is not None and self._taken >= self._sent:
            self._died_at[at] += 1
        log.warning("the streets' worker ended (tile %s)", at)
        self._close()
        now = time.monotonic()
        if len(self._deaths) == RESTARTS and now - self._deaths[0] < RESTARTS_WITHIN_S:
            self._resting_until = now + RESTARTS_WITHIN_S
            self._deaths.clear()
        self._deaths.append(now)
        self.up = False
        self.restarts += 1
        self._left.clear()
        self._names_left = False
        self._look.start()
        self.want(self._archive, self._tiles, self._names)
        self.health_changed.emit()

    def _close(self) -> None:
        """The process first, so that the thread's read ends; then the pipe, which nobody reads any more."""
        if self._process is not None:
            self._process.kill()
            self._process.join(ENDED_WITHIN_S)
            self._process = None
        if self._ear is not None:
            self._ear.join(ENDED_WITHIN_S)
            self._ear = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def _image(answer: TilePainted | NamesPainted, data: bytes) -> QImage:
    """Its own copy; null where the bytes are not what the head says."""
    if isinstance(answer, TilePainted):
        width = height = answer.tile.pixels
        form, ratio = QImage.Format.Format_RGB32, answer.tile.ratio
    else:
        width, height = answer.width, answer.height
        form, ratio = QImage.Format.Format_ARGB32_Premultiplied, answer.names.ratio
    if len(data) != width * height * 4:
        return QImage()
    image = QImage(data, width, height, width * 4, form).copy()
    image.setDevicePixelRatio(ratio)
    return image
