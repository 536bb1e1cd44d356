"""What the console is compared with: an empty Qt window, a bare model in a view, a bare XREAD loop.

- ``python -m scripts.benchmarks.console.floors window``: says when the window was painted, then waits for its end of
  input;
- ``... model SECONDS``: a QAbstractTableModel of 1,500 rows in a QTableView, changed 500 times a second in 10 Hz steps
  in this process: how late its loop came round;
- ``... read HOST PORT USER PASSWORDFILE CA STREAM``: prints the moment at which each entry's number arrived.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROWS, CHANGES_A_SECOND, STEP_MS, BEAT_MS = 1_500, 500, 100, 5


def window() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    application = QApplication(["floor"])

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            QTimer.singleShot(0, lambda: print(json.dumps({"painted": time.monotonic()}), flush=True))

    main = QMainWindow()
    main.setCentralWidget(Empty())
    main.resize(1920, 1080)
    main.show()
    threading.Thread(target=lambda: (sys.stdin.read(), application.quit()), daemon=True).start()
    application.exec()


def model(seconds: float) -> None:
    from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
    from PySide6.QtWidgets import QApplication, QTableView

    application = QApplication(["floor"])
    rows = [[f"P{n % 5}", f"#{n}", "Tai nạn giao thông", "", "lan", "0:00"] for n in range(ROWS)]
    nobody = QModelIndex()

    class Bare(QAbstractTableModel):
        def rowCount(self, parent: QModelIndex | QPersistentModelIndex = nobody) -> int:
            return 0 if parent.isValid() else ROWS

        def columnCount(self, parent: QModelIndex | QPersistentModelIndex = nobody) -> int:
            return 0 if parent.isValid() else 6

        def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
            return rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    table, view, chance = Bare(), QTableView(), random.Random(3)
    view.setModel(table)
    view.resize(1920, 1080)
    view.show()
    turns: list[float] = []
    last = [0.0]

    def beat() -> None:
        now = time.monotonic()
        if last[0]:
            turns.append((now - last[0]) * 1000 - BEAT_MS)
        last[0] = now

    def change() -> None:
        for _ in range(CHANGES_A_SECOND * STEP_MS // 1000):
            row = chance.randrange(ROWS)
            rows[row][5] = f"{row}:{len(turns)}"
            table.dataChanged.emit(table.index(row, 0), table.index(row, 5))

    beats, changes = QTimer(timerType=Qt.TimerType.PreciseTimer), QTimer()
    beats.timeout.connect(beat)
    changes.timeout.connect(change)
    QTimer.singleShot(1000, lambda: (beats.start(BEAT_MS), changes.start(STEP_MS)))
    QTimer.singleShot(int(seconds * 1000) + 1000, application.quit)
    application.exec()
    print(json.dumps({"turns": turns}), flush=True)


def read(host: str, port: str, user: str, password_file: str, authority: str, stream: str) -> None:
    import redis

    client = redis.Redis(
        host=host, port=int(port), username=user, password=Path(password_file).read_text("utf-8").strip(), ssl=True,
        ssl_ca_certs=authority, protocol=2, single_connection_client=True,
    )  # fmt: skip
    came: dict[int, float] = {}
    last: bytes | str = "$"
    newest: Any = client.xrevrange(stream, count=1)
    last = newest[0][0] if newest else "0"
    ending = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ending.set()), daemon=True).start()
    print(json.dumps({"ready": True}), flush=True)
    while not ending.is_set():
        answer: Any = client.xread({stream: last}, block=200)
        now = time.monotonic()
        for _, entries in answer or []:
            for ident, fields in entries:
                came[int(fields[b"n"])] = now
                last = ident
    print(json.dumps({"came": came}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "window":
        window()
    elif sys.argv[1] == "model":
        model(float(sys.argv[2]))
    else:
        read(*sys.argv[2:8])
