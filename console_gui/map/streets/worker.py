"""The process that reads foreign bytes and paints: it takes what is wanted from a pipe and answers through it.

Guards: what is wanted is asked anew before each picture, so nothing is painted that nobody looks at any more; it ends
with the console, whatever way that ends; one unreadable tile is said and left empty.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from console_gui.map.streets.archive import Unreadable
from console_gui.map.streets.limits import WORKER_MEMORY
from console_gui.map.streets.messages import (
    Answer,
    Draw,
    NamesPainted,
    NamesWanted,
    Near,
    NearFound,
    Refused,
    TilePainted,
    TileWanted,
    Took,
    encode,
    read_request,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from console_gui.map.streets.atlas import Atlas

NICE = 5
"""Behind the console itself: a key press goes before a street."""


def main(pipe: Connection) -> None:
    """The process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, WORKER_MEMORY))
    from PySide6.QtGui import QGuiApplication

    from console_gui import typefaces

    application = QGuiApplication([sys.argv[0]])
    typefaces.load()
    with suppress(EOFError, OSError):  # the console is gone
        Worker(pipe).run()
    del application


class Worker:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._wanted: Draw | None = None
        self._done = 0
        self._file, self._atlas = "", None  # type: tuple[str, Atlas | None]

    def run(self) -> None:
        """Until the pipe ends."""
        while True:
            while self._wanted is None or self._pipe.poll():
                self._take(self._pipe.recv_bytes())
            self._work_on(self._wanted)

    def _take(self, frame: bytes) -> None:
        asked = read_request(frame)
        self._tell(Took(asked.number))
        if isinstance(asked, Near):
            self._open(asked.archive)
            street, metres = self._atlas.near(asked.lat, asked.lon) if self._atlas is not None else ("", 0.0)
            self._tell(NearFound(asked.number, street, metres if street else 0.0))
        else:
            self._wanted, self._done = asked, 0

    def _work_on(self, wanted: Draw) -> None:
        """One picture of what is wanted: names first, for they are read; then tiles in their order."""
        self._open(wanted.archive)
        if self._atlas is None:
            self._wanted = None
        elif wanted.names is not None and (self._done == len(wanted.tiles) or not wanted.tiles):
            self._names(self._atlas, wanted.names, wanted.archive)
            self._wanted = None
        elif self._done < len(wanted.tiles):
            self._tile(self._atlas, wanted.tiles[self._done], wanted.archive)
            self._done += 1
        else:
            self._wanted = None

    def _open(self, file: str) -> None:
        """The archive of this path; what cannot be used is said once."""
        if file == self._file:
            return
        self._file, self._atlas = file, None
        if not file:
            return
        from console_gui.map.streets.atlas import Atlas

        try:
            self._atlas = Atlas(Path(file))
        except (Unreadable, OSError) as problem:
            self._tell(Refused(file, str(problem)))

    def _tile(self, atlas: Atlas, wanted: TileWanted, file: str) -> None:
        began, why, image = time.perf_counter(), "", None
        try:
            image = atlas.paint(wanted)
        except (Unreadable, MemoryError) as problem:
            why = str(problem) or repr(problem)
        self._tell(TilePainted(wanted, file, why, (time.perf_counter() - began) * 1e3))
        self._send(image)

    def _names(self, atlas: Atlas, wanted: NamesWanted, file: str) -> None:
        began = time.perf_counter()
        try:
            image, written = atlas.letter(wanted)
        except (Unreadable, MemoryError):
            return
        placed = tuple((it.text, *it.letters[len(it.letters) // 2][1:3]) for it in written)
        ms = (time.perf_counter() - began) * 1e3
        self._tell(NamesPainted(wanted, file, image.width(), image.height(), placed, ms))
        self._send(image)

    def _tell(self, answer: Answer) -> None:
        self._pipe.send_bytes(encode(answer))

    def _send(self, image: QImage | None) -> None:
        self._pipe.send_bytes(image.constBits() if image is not None else b"")
