"""What stands in the corners: the scale bar, the legend, and what must be said of the zones. Plain text only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from console_gui import typefaces
from console_gui.map.ages import Age
from console_gui.map.mercator import Viewport, scale_bar
from console_gui.map.sizes import INCIDENT_PX, URGENT_PX
from console_gui.map.sprites import Sprites
from console_gui.map.words import length, said
from console_gui.signs import STATUS_SIGNS
from console_gui.translations.tables import say
from dispatch_core.domain.vocabulary import Service, UnitStatus

EDGE_PX = 12.0
BAR_MOST_PX, BAR_HEIGHT_PX = 140.0, 30.0
FONT_PX = 12
ROW_PX = 22.0
ICON_PX = 34.0
NOTE_MOST_PX = 900.0
LEGEND_WIDE, LEGEND_HIGH = 0.37, 0.66
"""A legend that would cover more of the map's width or height than this is left out, unless it is asked for."""

Box = tuple[float, float, float, float]


class Furniture:
    """For one look, language and table of services; ``notes`` are sentences, the flag marks what went wrong."""

    def __init__(
        self, sprites: Sprites, language: str, services: Mapping[str, Service], notes: Sequence[tuple[str, bool]]
    ) -> None:
        self._sprites, self._language, self._notes = sprites, language, notes
        self._hand = typefaces.font(FONT_PX)
        self._metrics = QFontMetricsF(self._hand)
        rows, signs = _forms(sprites, language, services), _signs(language)
        self._rows, self._signs = rows, signs
        self._left = ICON_PX + 8 + max((self._wide(text) for _, text in rows), default=0)
        self._width = self._left + 24 + max(self._wide(text) for text in signs)
        self._height = max(len(rows), len(signs)) * ROW_PX + 12

    def _wide(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def legend_shown(self, view: Viewport, wanted: bool | None) -> bool:
        """``wanted`` None: where it leaves enough of the map."""
        wide, high = self._width / view.width, self._height / view.height
        fits = bool(self._rows) and wide < 1.0 and high < 1.0
        return fits and (wide <= LEGEND_WIDE and high <= LEGEND_HIGH if wanted is None else wanted)

    def boxes(self, view: Viewport, legend: bool | None) -> list[Box]:
        """What is covered: x, y, width, height."""
        boxes = [(EDGE_PX, view.height - EDGE_PX - BAR_HEIGHT_PX, BAR_MOST_PX + 14, BAR_HEIGHT_PX)]
        if self.legend_shown(view, legend):
            boxes.append(_plain(self._legend_box(view)))
        boxes += [_plain(box) for box, _, _ in self._noted(view)]
        return boxes

    def draw(self, painter: QPainter, view: Viewport, legend: bool | None) -> None:
        painter.setFont(self._hand)
        self._scale(painter, view)
        for box, note, wrong in self._noted(view):
            self._plate(painter, box)
            if wrong:
                painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), self._sprites.look.attention)
            painter.setPen(self._sprites.look.text if wrong else self._sprites.look.quiet)
            painter.drawText(box.adjusted(9, 4, -4, -4), _WRAPPED, note)
        if self.legend_shown(view, legend):
            self._legend(painter, self._legend_box(view))

    def _scale(self, painter: QPainter, view: Viewport) -> None:
        """Lower left."""
        metres, pixels = scale_bar(view.metres_per_pixel, BAR_MOST_PX)
        text = length(metres, self._language)
        width = max(pixels, self._wide(text)) + 14
        box = QRectF(EDGE_PX, view.height - EDGE_PX - BAR_HEIGHT_PX, width, BAR_HEIGHT_PX)
        self._plate(painter, box)
        painter.setPen(QPen(self._sprites.look.text, 1.5))
        left, bottom = box.left() + 7, box.bottom() - 7
        ends = ((0.0, -5.0), (0.0, 0.0), (pixels, 0.0), (pixels, -5.0))
        painter.drawPolyline([QPointF(left + dx, bottom + dy) for dx, dy in ends])
        painter.drawText(QPointF(left + 4, bottom - 5), text)

    def _noted(self, view: Viewport) -> list[tuple[QRectF, str, bool]]:
        """Upper left, one below the other."""
        placed, top = [], EDGE_PX
        most = max(40.0, min(NOTE_MOST_PX, view.width - 2 * EDGE_PX - 16))
        for note, wrong in self._notes:
            room = self._metrics.boundingRect(QRectF(0, 0, most, 400), _WRAPPED, note)
            box = QRectF(EDGE_PX, top, room.width() + 18, room.height() + 8)
            placed.append((box, note, wrong))
            top = box.bottom() + 4
        return placed

    def _legend_box(self, view: Viewport) -> QRectF:
        return QRectF(
            view.width - EDGE_PX - self._width, view.height - EDGE_PX - self._height, self._width, self._height
        )

    def _legend(self, painter: QPainter, box: QRectF) -> None:
        """Lower right: what the forms mean beside the signs of the statuses."""
        self._plate(painter, box)
        for index, (icon, text) in enumerate(self._rows):
            y = box.top() + 6 + ROW_PX * index
            size = icon.deviceIndependentSize()
            wide = min(1.0, (ROW_PX - 1) / size.height())
            spot = QRectF(0, 0, size.width() * wide, size.height() * wide)
            spot.moveCenter(QPointF(box.left() + 4 + ICON_PX / 2, y + ROW_PX / 2))
            painter.drawPixmap(spot, icon, QRectF(icon.rect()))
            painter.setPen(self._sprites.look.text)
            painter.drawText(QRectF(box.left() + ICON_PX + 8, y, self._left, ROW_PX), _LEVEL, text)
        painter.setPen(self._sprites.look.quiet)
        for index, text in enumerate(self._signs):
            y = box.top() + 6 + ROW_PX * index
            painter.drawText(QRectF(box.left() + self._left + 14, y, self._width, ROW_PX), _LEVEL, text)

    def _plate(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(self._sprites.look.edge, 1.0))
        painter.setBrush(self._sprites.look.plate)
        painter.drawRoundedRect(box, 3, 3)


_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
_LEVEL = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _forms(sprites: Sprites, language: str, services: Mapping[str, Service]) -> list[tuple[QPixmap, str]]:
    if not services:
        return []
    first = next(iter(services))
    return [
        (sprites.incident(URGENT_PX, 1, True, False, False), said("urgent", language)),
        (sprites.incident(URGENT_PX, 2, True, True, False), said("late_incident", language)),
        (sprites.incident(INCIDENT_PX, 3, False, False, False), said("incident", language)),
        (sprites.unit(first, UnitStatus.AVAILABLE), said("available", language)),
        (sprites.unit(first, UnitStatus.EN_ROUTE), said("at_work", language)),
        (sprites.unit(first, UnitStatus.EN_ROUTE, Age.OLD), said("age.legend_old", language)),
        (sprites.unit(first, UnitStatus.EN_ROUTE, Age.LOST), said("age.legend_lost", language)),
        (sprites.station(first), said("station", language)),
        *(
            (sprites.unit(code, UnitStatus.EN_ROUTE), it.en if language == "en" else it.vi)
            for code, it in services.items()
        ),
    ]


def status_rows(language: str) -> list[tuple[str, str]]:
    """(sign, word) of every status, from the one table of signs."""
    return [(sign, say(language, f"status.{status}")) for status, sign in STATUS_SIGNS.items()]


def _signs(language: str) -> list[str]:
    return [f"{sign}  {word}" for sign, word in status_rows(language)]


def _plain(box: QRectF) -> Box:
    return box.x(), box.y(), box.width(), box.height()
