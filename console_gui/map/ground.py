"""What lies under the marks: zone outlines, painted once for a viewport and kept as a transparent pixmap.

Guards: a change of the state never repaints a zone. Outlines that several services share are drawn once, in grey; only
where services differ do lines take a breath of their service's hue.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from console_gui.map.lettering import ZoneName
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport
from console_gui.map.zone_outlines import Outline, Outlines, thinned

PATHS_KEPT = 8_000
THIN_PX = 0.7
DOT_PX = 3.0
"""A zone smaller than this on the screen is left out."""

MARGIN_PX = 160
"""So far the map is dragged before outlines are painted again."""

STRETCH_MOST = 2.5


Paths = dict[tuple[str, int, int], QPainterPath]
"""By service, place in its set, and scale as a power of two."""


class Ground:
    def __init__(self) -> None:
        self._sets: dict[str, Outlines] = {}
        self._paths: Paths = {}
        self._shared: set[tuple[object, ...]] = set()
        self._key: tuple[object, ...] = ()
        self._names: list[ZoneName] = []
        self._names_for: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self._view: Viewport | None = None
        self._version = 0
        self.painted = 0
        """How often the pixmap was painted anew."""

    def put(self, service: str, outlines: Outlines | None) -> None:
        """Show these zones of a service; None takes them off."""
        self._sets.pop(service, None)
        if outlines is not None:
            self._sets[service] = outlines
        self._paths = {key: path for key, path in self._paths.items() if key[0] != service}
        self._version += 1
        seen: set[tuple[object, ...]] = set()
        self._shared = set()
        for one in self._sets.values():
            for zone in one.zones:
                (self._shared if _same(zone) in seen else seen).add(_same(zone))

    def by_service(self) -> dict[str, Outlines]:
        return self._sets

    def sets(self, services: frozenset[str] | None) -> list[Outlines]:
        return [it for code, it in self._sets.items() if services is None or code in services]

    def names(self, services: frozenset[str] | None) -> list[ZoneName]:
        """Of every zone shown."""
        if self._names_for == (services, self._version):
            return self._names
        self._names_for = (services, self._version)
        self._names = [
            ZoneName(zone.name, *zone.label_at, zone.bounds[2] - zone.bounds[0], zone.bounds[3] - zone.bounds[1])
            for one in self.sets(services)
            for zone in one.zones
        ]
        return self._names

    def zone_at(self, x: float, y: float) -> str:
        """The name of a zone that holds this world point, "" where none that is exactly known does."""
        for one in self._sets.values():
            for zone in one.zones:
                west, north, east, south = zone.bounds
                if not one.approximate and west <= x <= east and north <= y <= south and _holds(zone, x, y):
                    return zone.name
        return ""

    def paint(
        self, painter: QPainter, view: Viewport, services: frozenset[str] | None, look: Look, ratio: float,
        hue: Callable[[str], QColor], *, passing: bool = False,
    ) -> Iterator[None]:  # fmt: skip
        """In steps. Painted wider than the view, so that a drag lays the same picture down elsewhere; of a scale that
        is only ``passing`` by, the picture of before is stretched."""
        key = (services, look, ratio, self._version)
        held = self._view
        if held is not None and key == self._key:
            stretch = view.scale / held.scale
            wide, high = held.width * stretch, held.height * stretch
            px, py = view.to_screen(held.x, held.y)
            left, top = px - wide / 2, py - high / 2
            if stretch == 1.0 and left <= 0 and top <= 0 and left + wide >= view.width and top + high >= view.height:
                painter.drawPixmap(round(left), round(top), self._pixmap)
                return
            if passing and 1 / STRETCH_MOST < stretch < STRETCH_MOST:
                painter.drawPixmap(QRectF(left, top, wide, high), self._pixmap, QRectF(self._pixmap.rect()))
                return
        wider = view.sized(view.width + 2 * MARGIN_PX, view.height + 2 * MARGIN_PX)
        pixmap = yield from self._paint(wider, services, look, ratio, hue)
        self._pixmap, self._key, self._view = pixmap, key, wider
        self.painted += 1
        painter.drawPixmap(-MARGIN_PX, -MARGIN_PX, self._pixmap)

    def _paint(
        self, view: Viewport, services: frozenset[str] | None, look: Look, ratio: float, hue: Callable[[str], QColor]
    ) -> Generator[None, None, QPixmap]:
        pixmap = QPixmap(round(view.width * ratio), round(view.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        try:
            yield from self._outline(painter, view, services, look, hue)
        finally:
            painter.end()  # also of a picture that is given up: nothing may be painted on what is no more
        return pixmap

    def _outline(
        self, painter: QPainter, view: Viewport, services: frozenset[str] | None, look: Look,
        hue: Callable[[str], QColor],
    ) -> Iterator[None]:  # fmt: skip
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [(code, it) for code, it in self._sets.items() if services is None or code in services]
        paths = self._paths  # of these outlines: zones that are put in meanwhile have a store of their own
        drawn: set[tuple[object, ...]] = set()
        yield
        for code, outlines in shown:
            own = look.zone if len(shown) == 1 else _mixed(look.zone, hue(code), 0.45)
            for index, zone in enumerate(outlines.zones):
                same = _same(zone)
                if not _in_sight(zone, view) or same in drawn:
                    continue
                drawn.add(same)
                pen = QPen(look.zone if same in self._shared else own, 1.0)
                pen.setCosmetic(True)
                painter.setPen(pen)
                self._draw(painter, view, paths, (code, index), zone)
                yield

    @staticmethod
    def _draw(painter: QPainter, view: Viewport, paths: Paths, which: tuple[str, int], zone: Outline) -> None:
        """The path is kept in pixels of the nearest finer power of two, from the zone's own corner."""
        octave = math.ceil(math.log2(view.scale))
        path = paths.get((*which, octave))
        if path is None:
            if len(paths) >= PATHS_KEPT:
                paths.clear()
            path = paths[(*which, octave)] = _path(zone, 2.0**octave)
        left, top = view.to_screen(zone.bounds[0], zone.bounds[1])
        factor = view.scale / 2.0**octave
        painter.setTransform(QTransform(factor, 0, 0, factor, left, top))
        painter.drawPath(path)


def _holds(zone: Outline, x: float, y: float) -> bool:
    inside = False
    for kept in zone.rings:
        ring = list(kept)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                inside = not inside
    return inside


def _same(zone: Outline) -> tuple[object, ...]:
    return zone.code, zone.bounds, sum(len(ring) for ring in zone.rings)


def _path(zone: Outline, scale: float) -> QPainterPath:
    path = QPainterPath()
    west, north = zone.bounds[0], zone.bounds[1]
    for ring in zone.rings:
        points = [QPointF((x - west) * scale, (y - north) * scale) for x, y in thinned(ring, THIN_PX / scale)]
        path.addPolygon(QPolygonF(points))
    return path


def _in_sight(zone: Outline, view: Viewport) -> bool:
    west, north, east, south = zone.bounds
    left, top, right, bottom = view.bounds
    if east < left or west > right or south < top or north > bottom:
        return False
    return max(east - west, south - north) * view.scale >= DOT_PX


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    return QColor.fromRgbF(
        mix(one.redF(), other.redF()), mix(one.greenF(), other.greenF()), mix(one.blueF(), other.blueF())
    )
