"""Redis to Qt: a thread that reads and one that writes, joined to the screen by queued signals.

Guards: the screen's thread never waits for the network; bytes are decoded and evolved outside it; what arrives there
is immutable.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import redis
from PySide6.QtCore import QObject, QThread, Signal

from console_gui.door import Door
from console_gui.limits import BACKOFF_FIRST_S, BACKOFF_MOST_S, PENDING_MOST
from console_gui.reading import Health, Reading, Update
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, Reply

Connect = Callable[[], redis.Redis]


class _Reader(QThread):
    """Runs one ``Reading``; its listener is this object, whose signals are queued to the screen's thread."""

    came = Signal(object)
    felt = Signal(object)
    answered = Signal(object)
    lived = Signal(object)

    def __init__(self, view: View, user: str, connect: Connect, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._reading = Reading(view, user, connect, self, door)
        self.ending = threading.Event()

    def run(self) -> None:
        self._reading.run(self.ending)

    def updated(self, update: Update) -> None:
        self.came.emit(update)

    def health(self, health: Health) -> None:
        self.felt.emit(health)

    def replied(self, reply: Reply) -> None:
        self.answered.emit(reply)

    def live(self, values: tuple[LiveValue, ...]) -> None:
        self.lived.emit(values)


class _Writer(QThread):
    """Sends orders in the order given. One that cannot be sent is tried again until it is, or until the end."""

    def __init__(self, user: str, connect: Connect, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._stream = names.commands(user)
        self._connect = connect
        self._door = door
        self._orders: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.ending = threading.Event()

    def post(self, order: bytes) -> None:
        if self._orders.qsize() < 2 * PENDING_MOST:  # beyond that the connection is down and the outbox sends again
            self._orders.put(order)

    def stop(self) -> None:
        self.ending.set()
        self._orders.put(None)

    def run(self) -> None:
        client: redis.Redis | None = None
        while not self.ending.is_set():
            order = self._orders.get()
            wait = BACKOFF_FIRST_S
            while order is not None and not self.ending.is_set():
                try:
                    client = client or self._connect()
                    client.xadd(self._stream, {names.BODY_FIELD: order})
                    break
                except (redis.RedisError, OSError):
                    client = None
                    self.ending.wait(wait * (0.5 + self._door.jitter() / 2))
                    wait = min(wait * 2, BACKOFF_MOST_S)
        if client is not None:
            client.close()


class Link(QObject):
    """The two threads of one signed-in console. All signals arrive in the thread that made this object."""

    updated = Signal(object)  # Update
    health_changed = Signal(object)  # Health
    replied = Signal(object)  # Reply
    live_changed = Signal(object)  # tuple[LiveValue, ...]

    def __init__(self, view: View, user: str, connect: Connect, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = _Reader(view, user, connect, door, self)
        self._writer = _Writer(user, connect, door, self)
        self._reader.came.connect(self.updated)
        self._reader.felt.connect(self.health_changed)
        self._reader.answered.connect(self.replied)
        self._reader.lived.connect(self.live_changed)

    def start(self) -> None:
        self._reader.start()
        self._writer.start()

    def send(self, order: bytes) -> None:
        self._writer.post(order)

    def stop(self) -> None:
        """End both threads; returns when they have ended (a read under way ends by its own time limit)."""
        self._reader.ending.set()
        self._writer.stop()
        self._reader.wait()
        self._writer.wait()
