"""What the sounds come out of: the machine's own output, by way of a process of its own. That there is none is told.

Guards: a device that vanishes, a server that dies, a sound that fails to start and a process that ends all say "no
sound", and none of them takes the console with it; each later look may say "sound" again. Where nothing could sound no
process is started at all.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from console_gui.sounds import player

LOOK_S = 2.0
"""So often the sound server is knocked at: it dies without a word."""

AGAIN_S = 20.0
"""So long after its end the process is begun again."""

HEARD_WITHIN_S = 15.0
"""So long a process that has just begun counts as one that may sound: no alarm while it loads."""


class SoundDevice(Protocol):
    def works(self) -> bool:
        """Whether there is something to play on, as far as is known."""
        ...

    def play(self, wave: bytes, volume: float) -> bool:
        """Begin a sound (mono, 16 bits, ``waves.RATE``); whether it could begin. ``volume`` is 0 to 1."""
        ...

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever ``works`` may say something else."""
        ...

    def stop(self) -> None:
        """Be silent."""
        ...

    def close(self) -> None:
        """It is not used again."""
        ...


def could_sound() -> bool:
    """Whether this machine has a sound server that answers, or a sound card; True where that cannot be known."""
    if not sys.platform.startswith("linux"):
        return True
    server = os.environ.get("PULSE_SERVER", "")
    if server and not server.startswith(("unix:", "/")):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    sockets = [server.removeprefix("unix:")] if server else [f"{runtime}/pulse/native", f"{runtime}/pipewire-0"]
    if any(map(_answers, sockets)):
        return True
    return not server and any(Path("/dev/snd").glob("pcm*p"))


def _answers(path: str) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(0.2)
        knock.connect(path)
        return True
    return False


class MachineSounds(QObject):
    """Begins its process with the first look that finds that there could be sound."""

    _told = Signal(int, bool)  # which process, and whether it can play; its end counts as that it cannot
    _ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._number = 0
        self._says: bool | None = None
        self._begun_at = self._looked_at = -AGAIN_S
        self._could = False
        self._closed = False
        self._changed: Callable[[], None] = lambda: None
        self._told.connect(self._take)
        self._ended.connect(self._end)

    def watch(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def works(self) -> bool:
        self._look()
        if self._process is None or not self._could:
            return False
        if self._says is None:
            return time.monotonic() - self._begun_at < HEARD_WITHIN_S
        return self._says

    def play(self, wave: bytes, volume: float) -> bool:
        if not self.works() or self._pipe is None:
            return False
        return self._send((wave, volume))

    def stop(self) -> None:
        if self._pipe is not None:
            self._send((b"", 0.0))

    def close(self) -> None:
        self._closed = True
        self._drop()

    # --- the process --------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_S:
            self._looked_at = now
            self._could = could_sound()
            if not self._could:
                self._drop()  # what it has loaded would not outlive the next sound
                self._begun_at = -AGAIN_S
        if self._could and self._process is None and not self._closed and now - self._begun_at >= AGAIN_S:
            self._begin(now)

    def _begin(self, now: float) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, there = spawn.Pipe()
        self._process = spawn.Process(target=player.main, args=(there,), name="dispatch-sounds", daemon=True)
        self._process.start()
        there.close()
        self._number += 1
        self._begun_at, self._says = now, None
        ear = threading.Thread(target=self._listen, args=(self._number, self._pipe), name="sounds", daemon=True)
        ear.start()

    def _listen(self, number: int, pipe: Connection) -> None:
        with suppress(EOFError, OSError, RuntimeError):  # RuntimeError: this object is gone
            try:
                while True:
                    self._told.emit(number, bool(pipe.recv()))
            finally:
                pipe.close()
                self._ended.emit(number)

    def _take(self, number: int, can: bool) -> None:
        if number == self._number and self._process is not None:
            self._says = can
            self._changed()

    def _end(self, number: int) -> None:
        if number == self._number and self._process is not None:
            self._drop()
            self._changed()

    def _send(self, order: player.Order) -> bool:
        try:
            if self._pipe is not None:
                self._pipe.send(order)
                return True
        except OSError:
            self._drop()
        return False

    def _drop(self) -> None:
        """The thread that listens closes the pipe, once nothing more can come."""
        if self._process is not None:
            self._process.terminate()
        self._process = self._pipe = None
        self._says = None
