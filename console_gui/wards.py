"""In which ward places lie, and what it was called before: asked of the core once for each place."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal

from console_gui.questions import Questions
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Location
from dispatch_core.wire.ways import HereShown

REMEMBERED = 500
DIGITS = 4
"""Of a degree: eleven metres, nearer than any ward's border is known."""

Spot = tuple[float, float]


class Wards(QObject):
    found = Signal()

    def __init__(self, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._known: OrderedDict[Spot, HereShown | None] = OrderedDict()

    def of(self, place: Location | None) -> HereShown | None:
        """What is known already."""
        spot = _spot(place)
        return self._known.get(spot) if spot is not None else None

    def want(self, place: Location | None) -> None:
        """Ask where nothing is known and nobody has asked; ``found`` tells."""
        spot = _spot(place)
        if spot is None or spot in self._known:
            return
        self._known[spot] = None
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

        def answered(result: HereShown | None, problem: DispatchError | None) -> None:
            if result is None:
                self._known.pop(spot, None)  # asked again when the place is shown again
                return
            self._known[spot] = result
            self.found.emit()

        self._questions.ask(lambda client: client.here(*spot), answered)


def _spot(place: Location | None) -> Spot | None:
    if place is None or place.lat is None or place.lon is None:
        return None
    return round(place.lat, DIGITS), round(place.lon, DIGITS)
