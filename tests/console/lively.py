"""A lively night with every window open and every model under Qt's own tester, in Fatal mode: a model that tells
something wrong ends this program. ``python -m tests.console.lively`` says which kinds of models were there; a test
compares.

In a process of its own, because Qt's answer to a wrong model is to abort.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractItemModel, QObject, QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from console_gui import typefaces
from console_gui.drafts import Drafts
from console_gui.hands import type_into
from console_gui.main_window import MainWindow
from console_gui.preferences import Preferences
from console_gui.theme import Look
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.wire.envelopes import LiveValue
from tests.console.local_desk import LocalDesk
from tests.console.scenario import busy_night

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
USERS = ("lan", "hung", "quan")
LINES = (
    "t tngt #1", "p 2 #1", "n #1 hai xe máy", "d A1 B1 #1", "/st A1 nhan", "/st A1 di", "r B1", "/ 115", "/",
    "leg 114 #3", "#2", "#1", "n #2 khói", "bv", "tn", "caodiem", "lang en", "lang vi", "cap 2 #1",
)  # fmt: skip


def watch(root: QObject, testers: dict[int, QAbstractItemModelTester], models: list[QAbstractItemModel]) -> None:
    """Put every model under ``root`` that is not there yet under the tester."""
    for model in root.findChildren(QAbstractItemModel):
        if id(model) not in testers:
            testers[id(model)] = QAbstractItemModelTester(model, FATAL)
            models.append(model)


def main() -> None:
    qInstallMessageHandler(_tell)
    application = QApplication([sys.argv[0]])
    typefaces.load()
    look = Look()
    look.wear(application, "dark")
    home = Path(tempfile.mkdtemp())
    night = busy_night()
    settings = QSettings(str(home / "console.ini"), QSettings.Format.IniFormat)
    made: list[tuple[LocalDesk, MainWindow]] = []
    testers: dict[int, QAbstractItemModelTester] = {}
    models: list[QAbstractItemModel] = []

    def look_again() -> None:
        for _, window in made:
            watch(window, testers, models)
            if window.dialog is not None:
                watch(window.dialog, testers, models)

    for user in USERS:
        local = LocalDesk(night, user)
        window = MainWindow(local.desk, look, Drafts(), Preferences(user, settings))
        window.show()
        made.append((local, window))
        look_again()
    for local, window in made:
        local.begin()
        for dock in window.panels.workplace.docks.values():
            dock.show()
        window.help()
        QApplication.processEvents()
        look_again()
        if window.dialog is not None:
            window.dialog.reject()
    for turn in range(3):
        _happen(made, night, turn)
        for local, window in made:
            for line in LINES:
                type_into(window.bar.line, line)
                window.bar.run(line)
                window.bar.line.clear()
            for sheet in ("nb", "bg"):
                window.bar.run(sheet)
                look_again()
                if window.dialog is not None:
                    window.dialog.reject()
            if turn == 2:
                window.reassign()
            look_again()
            if window.dialog is not None:
                window.dialog.reject()
            local.wait(1.0)
            local.link.show()
        QTest.qWait(20)
        look_again()
    print(json.dumps(sorted({f"{type(it).__module__}.{type(it).__qualname__}" for it in models})))
    sys.stdout.flush()
    os._exit(0)


def _happen(made: list[tuple[LocalDesk, MainWindow]], night: Any, turn: int) -> None:
    """Calls come and go, units move, a console is cut off and comes back with what waited."""
    call = night.ring("115", f"09091112{turn:02d}")
    night.rings_at(call, "B01")
    if turn % 2:
        night.answer(call, "B01")
    busy = night.person("hung")
    night.ask(busy, c.ReportStatus(unit=f"A{turn + 5}", status=UnitStatus.OUT_OF_SERVICE))
    for local, window in made:
        local.link.live(LiveValue(kind="trunk", key=f"t{turn}", at=turn + 1, value={"reachable": bool(turn % 2)}))
        local.link.pulse(local.door.at, connected=False)
        local.door.at += 5.0
        local.desk._tick()
        window.bar.run("n #1 gõ lúc mất kết nối")
        window.bar.run("n #2 dòng nữa")
        window.bar.run("bo 2")
        local.link.pulse(local.door.at)
        local.link.show()
        window.bar.run("gui")
    night.end(call)
    for local, _ in made:
        local.link.show()


def _tell(kind: QtMsgType, where: Any, text: str) -> None:
    if "propagateSizeHints" not in text:  # what the off-screen plugin says of every window
        sys.stderr.write(f"qt {kind.name}: {text}\n")


if __name__ == "__main__":
    main()
