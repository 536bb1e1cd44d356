"""Which picture of the map is the newest, and when the next is composed: at once where somebody waits, else in steps.

Guards: where much happens the map goes on all the same, with a picture that is a little older; one that a hand has
overtaken is given up, so that nothing of it (where words stand) is left behind.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from console_gui.map.framed import Framed
from console_gui.map.picture import Picture
from console_gui.steps import in_one_go

ASIDE_PX, COMPOSE_MS = 70.0, 50
"""So far the marks of before are laid aside under a dragging hand, and so long at most."""

Drawn = tuple[Picture, float, float]
"""What is painted, and by how many pixels it is laid aside."""


class Composed(Framed):
    """Its heir composes (``_composing``) and says ``_renew`` when the picture is another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None  # of now
        self._last: Picture | None = None
        self._asked = 0  # for pictures, since the beginning
        self.composed = 0
        """How many pictures were composed since the beginning."""
        self._compose = QTimer(self)
        self._compose.setSingleShot(True)
        self._compose.setInterval(COMPOSE_MS)
        self._compose.timeout.connect(self._composed.take)

    def picture(self) -> Picture:
        """What stands where, in pixels of this widget."""
        if self._picture is None:
            in_one_go(self._compose_in_steps())
        assert self._picture is not None
        return self._picture

    # what an heir gives

    def _composing(self) -> Generator[None, None, Picture]:
        raise TypeError(f"{type(self).__name__} composes nothing")

    # within

    def _renew(self, aside: bool = False) -> None:
        """The picture is another: shown at once, or ``aside``, composed and painted in turns of their own. A map that
        nobody sees is painted when it is seen."""
        self._picture, self._asked = None, self._asked + 1
        if aside and self.isVisible():
            self._composed.take()
        else:
            self.update()

    def _compose_in_steps(self) -> Generator[None, None, None]:
        asked = self._asked
        self.composed += 1
        picture = yield from self._composing()
        self._last = picture  # overtaken or not
        if asked == self._asked:
            self._picture = picture

    def _compose_now(self) -> Iterator[None]:
        if not self.isVisible():
            return
        view = self.viewport
        for _ in self._compose_in_steps() if self._picture is None else ():
            yield
            if self._picture is not None or self.viewport != view:
                break  # one was composed at once meanwhile, or is when it is painted
        self._painted.take()

    def _drawn(self) -> Drawn:
        """What is painted at once: under a hand that drags the map the picture of before is laid aside, and the new one
        is composed in a turn of its own, so that no frame waits for it."""
        last, view = self._last, self.viewport
        if self._picture is None and self._dragging and last is not None and last.view.scale == view.scale:
            dx, dy = (last.view.x - view.x) * view.scale, (last.view.y - view.y) * view.scale
            same = (last.view.width, last.view.height) == (view.width, view.height)
            if same and abs(dx) < ASIDE_PX and abs(dy) < ASIDE_PX:
                if not self._compose.isActive():
                    self._compose.start()
                return last, dx, dy
        return self.picture(), 0.0, 0.0

    def _composed_already(self) -> Drawn | None:
        """What is painted in steps: the newest picture there is of this view; what has changed since has asked for one
        of its own."""
        newest = self._picture or self._last
        if newest is not None and newest.view == self.viewport:
            return newest, 0.0, 0.0
        self._composed.take()
        return None
