"""Address suggestions for what is typed: only the newest text matters, and one question is under way at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import cos, hypot, radians

from PySide6.QtCore import QObject, QTimer, Signal

from console_gui.limits import SUGGEST_AFTER_S, SUGGEST_ROUTE_S
from console_gui.questions import Questions
from console_gui.translations.formats import one_line
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant, Location, LocationSource, Suggestion

Found = Callable[[Suggestion | None, DispatchError | None], None]
"""The first suggestion, or None and why the core refused to look, where it did."""

Near = Callable[[], tuple[float, float] | None]
"""(lat, lon) from which distances count, asked when a question goes out."""

OF_MAP = ("house", "house_between", "house_unknown", "alley", "street", "crossing")
REFUSED_TEXT = ("place.unknown_ward", "address_too_long", "place.several")
"""What is wrong with the text itself; whatever else goes wrong is no matter of who types."""


GUESSED = 65.0
"""Below such a score the likest name is another place: words without a place find one 20 km away (62 at the most), a
place with a slip of the hand 92 and more. Nobody has chosen a first suggestion, so it must be better than that."""


ALIKE, APART_M = 4.0, 3_000.0
"""Two names so alike in score and so far apart are two answers: the second "Bến xe Miền Đông" is 14 km from the first,
the second airport is 230. Whoever typed the words is asked, never the one taken that stands a point higher."""


def location_of(suggestion: Suggestion, at: Instant) -> Location:
    """A place that a person chose among the suggestions."""
    of_ward = suggestion.kind in ("ward", "former_ward", "former_district")
    with_ward = suggestion.kind in OF_MAP and suggestion.ward
    return Location(
        label=f"{suggestion.label}, {suggestion.ward}" if with_ward else suggestion.label,
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
    refused = Signal(object)  # DispatchError: the text cannot be an address

    def __init__(self, questions: Questions, near: Near = lambda: None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._near = near
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
        text, near = self._text, self._near()
        self._asked = text
        self._questions.ask(lambda client: client.suggest(text, near), self._answered)

    def _answered(self, result: tuple[Suggestion, ...] | None, problem: DispatchError | None) -> None:
        asked, self._asked = self._asked, ""
        if asked == self._text:
            self.suggested.emit(asked, result or ())
            if problem is not None and problem.code in REFUSED_TEXT:
                self.refused.emit(problem)
        else:
            self._ask()


def _several(text: str, found: tuple[Suggestion, ...]) -> DispatchError | None:
    """That the words name places far apart, or None."""
    first, degree = found[0], 111_195.0
    for other in found[1:]:
        away = hypot(other.lat - first.lat, (other.lon - first.lon) * cos(radians(first.lat))) * degree
        if first.score - other.score < ALIKE and away > APART_M:
            said, one, two = (one_line(it, 60) for it in (text, first.label, other.label))
            return DispatchError(
                "place.several",
                f"“{said}” có thể là {one} hoặc {two}; hãy gõ rõ hơn, hoặc chọn trong danh sách ở ô địa chỉ.",
                f"“{said}” may be {one} or {two}; type more of it, or choose in the list of the address field.",
            )
    return None


def first_place(
    questions: Questions, text: str, near: tuple[float, float] | None, found: Found, owner: QObject
) -> None:
    """The first suggestion for ``text``, or None where there is none that is like it, where it may be one of several
    places far apart, or where the core did not answer."""
    settled: list[bool] = []

    def once(suggestion: Suggestion | None, problem: DispatchError | None) -> None:
        if not settled:
            settled.append(True)
            found(suggestion, problem if problem is not None and problem.code in REFUSED_TEXT else None)

    def answered(result: tuple[Suggestion, ...] | None, problem: DispatchError | None) -> None:
        best = result[0] if result and result[0].score >= GUESSED else None
        several = _several(text, result) if best is not None and result else None
        once(None if several is not None else best, several or problem)

    questions.ask(lambda client: client.suggest(text, near), answered)
    QTimer.singleShot(int(SUGGEST_ROUTE_S * 1000), owner, partial(once, None, None))
