"""Questions to the core over HTTPS, asked in a thread of their own; answers come back in the screen's thread."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from console_gui.core_client import CoreClient
from dispatch_core.domain.errors import DispatchError

Question = Callable[[CoreClient], Any]
Answer = Callable[[Any, DispatchError | None], None]


class _Asker(QThread):
    answered = Signal(int, object, object)

    def __init__(self, client: CoreClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self.questions: queue.SimpleQueue[tuple[int, Question] | None] = queue.SimpleQueue()

    def run(self) -> None:
        while (asked := self.questions.get()) is not None:
            ident, question = asked
            try:
                self.answered.emit(ident, question(self._client), None)
            except DispatchError as problem:
                self.answered.emit(ident, None, problem)
        self._client.close()


class Questions(QObject):
    """``ask(question, answer)``: ``question`` runs in the thread, ``answer(result, error)`` here, in order."""

    def __init__(self, client: CoreClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asker = _Asker(client, self)
        self._asker.answered.connect(self._answered)
        self._client = client
        self._lanes: list[Questions] = []
        self._waiting: dict[int, Answer] = {}
        self._last = 0
        self._asker.start()

    def beside(self, patience_s: float) -> Questions:
        """Another thread for the same session: what takes long there keeps nobody waiting here."""
        lane = Questions(self._client.beside(patience_s), self)
        self._lanes.append(lane)
        return lane

    def ask(self, question: Question, answer: Answer) -> None:
        self._last += 1
        self._waiting[self._last] = answer
        self._asker.questions.put((self._last, question))

    def stop(self) -> None:
        """Answer what was asked (each has its time limit), then end the thread."""
        for lane in self._lanes:
            lane._client.hang_up()
            lane.stop()
        self._lanes.clear()
        self._waiting.clear()
        self._asker.questions.put(None)
        self._asker.wait()

    def _answered(self, ident: int, result: Any, problem: DispatchError | None) -> None:
        answer = self._waiting.pop(ident, None)
        if answer is not None:
            answer(result, problem)
