"""What the console asks of the core about the trunk, each with the path and the shape of ``dispatch_core.wire.trunk``.

Questions never wait for one another where one may take long: a plan boots a switch, so it has a connection of its own.
What starts something is sent once, on a fresh connection: nothing is done twice because an answer was lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from console_gui.questions import Answer, Questions
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    ChangeShown,
    Checked,
    JobShown,
    JobStarted,
    Planned,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    SwitchEvents,
    TestCallWanted,
    TrunkShown,
    TrunkStatus,
)

QUICK_S = 10.0
SLOW_S = 180.0
"""A scratch switch boots at every node before a plan is answered."""

ROOT = "/v1/trunk"

Wanted = ApplyWanted | RollbackWanted | SecretWanted | RestartWanted | TestCallWanted
STARTS: dict[type[Any], str] = {
    ApplyWanted: "apply", RollbackWanted: "rollback", SecretWanted: "secret", RestartWanted: "restart",
    TestCallWanted: "test-call",
}  # fmt: skip


class TrunkCore:
    """``questions`` are those of the signed-in person; each method hands its answer to ``answer(result, problem)``."""

    def __init__(self, questions: Questions) -> None:
        self._quick, self._slow = questions.beside(QUICK_S), questions.beside(SLOW_S)

    def shown(self, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(ROOT, TrunkShown), answer)

    def check(self, candidate: Candidate, answer: Answer) -> None:
        self._quick.ask(lambda core: core.send(f"{ROOT}/check", candidate, Checked), answer)

    def plan(self, candidate: Candidate, answer: Answer) -> None:
        self._slow.ask(lambda core: core.send(f"{ROOT}/plan", candidate, Planned), answer)

    def start(self, wanted: Wanted, answer: Answer) -> None:
        path = f"{ROOT}/{STARTS[type(wanted)]}"
        self._quick.ask(lambda core: core.send(path, wanted, JobStarted, once=True), answer)

    def job(self, ident: str, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(f"{ROOT}/jobs/{quote(ident, safe='')}", JobShown), answer)

    def stop(self, ident: str, answer: Answer) -> None:
        path = f"{ROOT}/jobs/{quote(ident, safe='')}/stop"
        self._quick.ask(lambda core: core.send(path, None, JobShown), answer)

    def history(self, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(f"{ROOT}/history", tuple[ChangeShown, ...]), answer)

    def change(self, version: int, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(f"{ROOT}/history/{version}", ChangeShown), answer)

    def status(self, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(f"{ROOT}/status", TrunkStatus), answer)

    def events(self, after: int, answer: Answer) -> None:
        self._quick.ask(lambda core: core.fetch(f"{ROOT}/events?after={after}", SwitchEvents), answer)


class Poll(QObject):
    """Asks again some time after each answer, only while it is wanted; one question at a time."""

    def __init__(self, ask: Callable[[Answer], None], take: Answer, every_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._ask, self._take = ask, take
        self._asked = False
        self.on = False
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(every_ms)
        self._next.timeout.connect(self.now)

    def follow(self, wanted: bool) -> None:
        self.on = wanted
        if wanted:
            self.now()
        else:
            self._next.stop()

    def now(self) -> None:
        if not self._asked:
            self._asked = True
            self._ask(self._answered)

    def _answered(self, result: Any, problem: Any) -> None:
        if not isValid(self):
            return  # the window that asked is gone
        self._asked = False
        if self.on:
            self._next.start()
        self._take(result, problem)
