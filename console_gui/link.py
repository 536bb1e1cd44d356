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
    """Sends orders in the order given. One that cannot be sent is tried again until it is, until ``hold``, or the end.

    ``hold`` gives up everything that was posted before it: what certainly did not leave this machine is told by
    ``unsent``; of the rest nobody knows."""

    unsent = Signal(str)

    def __init__(self, user: str, connect: Connect, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._stream = names.commands(user)
        self._connect = connect
        self._door = door
        self._orders: queue.SimpleQueue[tuple[int, str, bytes] | None] = queue.SimpleQueue()
        self._life = 0  # of what is posted now; written by the screen's thread alone
        self._wake = threading.Event()
        self.ending = threading.Event()

    def post(self, ident: str, order: bytes) -> None:
        if self._orders.qsize() < 2 * PENDING_MOST:  # beyond that the connection is down and the outbox sends again
            self._orders.put((self._life, ident, order))

    def hold(self) -> None:
        self._life += 1
        self._wake.set()

    def stop(self) -> None:
        self.ending.set()
        self._wake.set()
        self._orders.put(None)

    def run(self) -> None:
        client: redis.Redis | None = None
        while not self.ending.is_set():
            posted = self._orders.get()
            if posted is None:
                continue
            life, ident, order = posted
            wait, tried = BACKOFF_FIRST_S, False
            while not self.ending.is_set():
                self._wake.clear()
                if life != self._life:
                    if not tried:
                        self.unsent.emit(ident)
                    break
                try:
                    client = client or self._connected()
                    tried = True
                    client.xadd(self._stream, {names.BODY_FIELD: order})
                    break
                except (redis.RedisError, OSError):
                    client = None
                    if life == self._life:
                        self._wake.wait(wait * (0.5 + self._door.jitter() / 2))
                    wait = min(wait * 2, BACKOFF_MOST_S)
        if client is not None:
            client.close()

    def _connected(self) -> redis.Redis:
        """A client with its connection open: what fails here has sent nothing."""
        client = self._connect()
        connection = getattr(client, "connection", None)
        if connection is not None:
            connection.connect()
        return client


class Link(QObject):
    """The two threads of one signed-in console. All signals arrive in the thread that made this object."""

    updated = Signal(object)  # Update
    health_changed = Signal(object)  # Health
    replied = Signal(object)  # Reply
    live_changed = Signal(object)  # tuple[LiveValue, ...]
    unsent = Signal(str)  # the id of an order that certainly never left this machine

    def __init__(self, view: View, user: str, connect: Connect, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = _Reader(view, user, connect, door, self)
        self._writer = _Writer(user, connect, door, self)
        self._reader.came.connect(self.updated)
        self._reader.felt.connect(self.health_changed)
        self._reader.answered.connect(self.replied)
        self._reader.lived.connect(self.live_changed)
        self._writer.unsent.connect(self.unsent)

    def start(self) -> None:
        self._reader.start()
        self._writer.start()

    def send(self, ident: str, order: bytes) -> None:
        self._writer.post(ident, order)

    def hold(self) -> None:
        """Send nothing of what was posted before now."""
        self._writer.hold()

    def stop(self) -> None:
        """End both threads; returns when they have ended (a read under way ends by its own time limit)."""
        self._reader.ending.set()
        self._writer.stop()
        self._reader.wait()
        self._writer.wait()
