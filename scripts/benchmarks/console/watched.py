"""The real console with watches hung into it: when the loop turned, when models changed, when boards were painted.

`python -m scripts.benchmarks.console.watched USER PASSWORDFILE CONSOLE-ARGUMENT...`. It signs in by typing into the
dialog. ``tell`` on standard input gives one JSON line of all that was noted since the last one, times in seconds of the
machine's monotonic clock; ``line TEXT`` types a line and enters it; the end of input ends the console.

A watched loop: a timer of 5 ms notes how late it comes round, so a turn (what is painted, applied or waited for in one
go) is never longer than what is told here.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent

from console_gui import tempo

tempo.tune()  # as the program itself does before it loads the rest; what the window needs is left to it

from console_gui import program  # noqa: E402
from console_gui.session import Session  # noqa: E402

if TYPE_CHECKING:
    from console_gui.board_view import BoardView
    from console_gui.main_window import MainWindow

CALLS, INCIDENTS = "CallsTable", "IncidentsTable"
BEAT_MS = 5
TOLD_FROM_MS = 8.0  # shorter turns are counted and not listed


class Watch(QObject):
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.window: MainWindow | None = None
        self._password = Path()
        self.updates: list[tuple[float, int]] = []
        self.rows: dict[str, tuple[float, bool]] = {}
        self.painted: list[tuple[float, str]] = []
        self.turns: list[tuple[float, float]] = []
        self.beats = 0
        self.marks: dict[str, float] = {}
        self._unpainted: set[str] = set()
        self.said.connect(self._do)
        self._last = time.monotonic()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def begin(self, session: Session, user: str, password: Path) -> None:
        session.opened.connect(self._opened)
        session.ended.connect(lambda: self.tell())
        self._timer.start()
        self._last = time.monotonic()
        self.marks["dialog"] = time.monotonic()
        from console_gui.hands import type_into

        type_into(session.dialog.user, user)
        type_into(session.dialog.password, password.read_text("utf-8").strip())
        session.dialog.enter.click()
        threading.Thread(target=self._listen, args=(session,), daemon=True).start()

    def _listen(self, session: Session) -> None:
        for line in sys.stdin:
            self.said.emit(line.strip())
        self.said.emit("end")

    def _beat(self) -> None:
        now = time.monotonic()
        late = (now - self._last) * 1000 - BEAT_MS
        self._last = now
        self.beats += 1
        if late >= TOLD_FROM_MS:
            self.turns.append((now, late))

    def _watch_boards(self) -> None:
        from console_gui.board_view import BoardView

        paint = BoardView.paintEvent

        def painted(board: BoardView, event: QPaintEvent) -> None:
            paint(board, event)
            self.paint_ended(board)

        BoardView.paintEvent = painted  # type: ignore[method-assign]

    def _opened(self, window: MainWindow) -> None:
        self._watch_boards()  # the window is made, and not yet painted
        self.window = window
        self.marks["window"] = time.monotonic()
        window.desk.updated.connect(self._updated)  # the last of its listeners: every model has the change
        if window.panels.calls is not None:
            window.panels.calls.table.rowsInserted.connect(self._inserted)

    def _updated(self, changes: object) -> None:
        assert self.window is not None
        now, desk = time.monotonic(), self.window.desk
        self.marks.setdefault("state", now)
        self.updates.append((now, desk.state.seq))

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        assert self.window is not None and self.window.panels.calls is not None
        now, view = time.monotonic(), self.window.panels.calls.view
        for row in range(first, last + 1):
            in_sight = view.rowViewportPosition(row) + view.rowHeight(row) <= view.viewport().height()
            self.rows[view.table.ident(row)] = (now, in_sight)

    def paint_ended(self, board: BoardView) -> None:
        """The picture goes to the window system when this pass of the loop ends: the next one notes it."""
        name = type(board.table).__name__
        if name in (CALLS, INCIDENTS) and board.table.rowCount():
            if not self._unpainted:
                QTimer.singleShot(0, self, self._flushed)
            self._unpainted.add(name)

    def _flushed(self) -> None:
        now = time.monotonic()
        self.painted += [(now, name) for name in self._unpainted]
        first = INCIDENTS in self._unpainted and "painted" not in self.marks
        self._unpainted.clear()
        if first and self.window is not None and self.window.panels.incidents is not None:
            self.marks["painted"] = now
            self._open(self.window.panels.incidents.table.ident(0))

    def _open(self, incident: str) -> None:
        """A person's first line: the console is usable when the form shows what was typed."""
        from console_gui.hands import press, type_into

        assert self.window is not None
        self.window.desk.current_changed.connect(lambda _: self.marks.setdefault("usable", time.monotonic()))
        type_into(self.window.bar.line, f"#{int(incident.rpartition('-')[2])}")
        press(self.window.bar.line, Qt.Key.Key_Return)

    def _do(self, line: str) -> None:
        if line == "tell":
            self.tell()
        elif line == "worker":
            panel = self.window.panels.map if self.window is not None else None
            streets = panel.map.streets if panel is not None else None
            self._say(pid=streets.workshop.pid if streets is not None else 0,
                      complete=bool(streets is not None and streets.complete))  # fmt: skip
        elif line == "end" and self.window is not None:
            self.window.close()

    def tell(self) -> None:
        self._say(updates=self.updates, rows=self.rows, painted=self.painted, turns=self.turns, beats=self.beats,
                  marks=self.marks)  # fmt: skip
        self.updates, self.rows, self.painted, self.turns, self.beats = [], {}, [], [], 0
        self._last = time.monotonic()  # writing the account is no turn of the console's

    @staticmethod
    def _say(**values: Any) -> None:
        print(json.dumps(values), flush=True)


def main(given: list[str]) -> int:
    user, password = given[0], Path(given[1])
    watch: list[Watch] = []

    class Watched(Session):
        def start(self) -> None:
            super().start()
            watch.append(Watch())
            watch[0].begin(self, user, password)

    program.Session = Watched  # type: ignore[misc]
    return program.main(given[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
