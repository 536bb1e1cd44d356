"""Address suggestions for what is typed: only the newest text matters, and one question is under way at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.limits import SUGGEST_AFTER_S, SUGGEST_ROUTE_S
from console_gui.questions import Questions
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant, Location, LocationSource, Suggestion

Found = Callable[[Suggestion | None], None]


def location_of(suggestion: Suggestion, at: Instant) -> Location:
    """A place that a person chose among the suggestions."""
    of_ward = suggestion.kind in ("ward", "former_ward", "former_district")
    return Location(
        label=suggestion.label,
        source=LocationSource.WARD if of_ward else LocationSource.GAZETTEER,
        lat=suggestion.lat,
        lon=suggestion.lon,
        uncertainty_m=suggestion.uncertainty_m,
        confidence=max(0, min(100, round(suggestion.score))),
        at=at,
    )


class Typing(QObject):
    """Suggestions while somebody types: asks after a pause, drops answers to texts that were typed over."""

    suggested = Signal(str, tuple)

    def __init__(self, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._text = ""
        self._asked = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(int(SUGGEST_AFTER_S * 1000))
        self._pause.timeout.connect(self._ask)

    def type(self, text: str) -> None:
        self._text = text.strip()
        if self._text:
            self._pause.start()
        else:
            self._pause.stop()
            self.suggested.emit("", ())

    def _ask(self) -> None:
        if self._asked or not self._text:
            return  # the answer that is under way will look at the newest text
        self._asked = self._text
        self._questions.ask(lambda client, text=self._asked: client.suggest(text), self._answered)  # type: ignore[misc]

    def _answered(self, result: tuple[Suggestion, ...] | None, problem: DispatchError | None) -> None:
        asked, self._asked = self._asked, ""
        if asked == self._text:
            self.suggested.emit(asked, result or ())
        else:
            self._ask()


def first_place(questions: Questions, text: str, found: Found, owner: QObject) -> None:
    """The first suggestion for ``text``, or None where there is none or the core did not answer in time."""
    settled: list[bool] = []

    def once(suggestion: Suggestion | None) -> None:
        if not settled:
            settled.append(True)
            found(suggestion)

    def answered(result: tuple[Suggestion, ...] | None, problem: DispatchError | None) -> None:
        once(result[0] if result else None)

    questions.ask(lambda client: client.suggest(text), answered)
    QTimer.singleShot(int(SUGGEST_ROUTE_S * 1000), owner, partial(once, None))
