"""Where units stand on the streets of one map, remembered from one question to the next.

A memory and nothing else: what is not known, or was learnt for another place of the unit, is looked for anew. So it is
filled whenever a position is reported (``learn``), and a ranking seldom has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from dispatch_core.ports import Mover, Point
from gis.travel.driven import Driven
from gis.travel.net import RoadNet
from gis.travel.standing import Stands, stands

KEPT = 5_000
"""Units; beyond it only those that were asked for last are remembered."""

_Row = tuple[float, float, int, float, float]
"""Latitude and longitude, then piece, part of it before the place, metres off it."""


class Places:
    """Of one kind of vehicle. Thread-safe: each entry is whole, and says for which place it holds."""

    def __init__(self, net: RoadNet, driven: Driven) -> None:
        self._net = net
        self._driven = driven
        self._known: dict[str, _Row] = {}

    def of(self, movers: Sequence[Mover]) -> Stands:
        known = self._known
        rows = [known.get(it.unit) for it in movers]
        new = [
            n
            for n, (it, row) in enumerate(zip(movers, rows, strict=True))
            if row is None or row[0] != it.lat or row[1] != it.lon
        ]
        if new:
            for n, row in zip(new, self._find([movers[n] for n in new]), strict=True):
                rows[n] = row
        _, _, piece, part, off_m = np.array(rows, dtype=np.float64).reshape(-1, 5).T
        return Stands(piece.astype(np.int32), part, off_m)

    def learn(self, movers: Iterable[Mover]) -> None:
        """Look for their places now, so that a ranking need not."""
        known = self._known
        new = [it for it in movers if known.get(it.unit, ())[:2] != (it.lat, it.lon)]
        if new:
            self._find(new)

    def learn_from(self, other: Places) -> None:
        """Whom another map's memory knows, on these streets."""
        self.learn(Mover(unit, lat, lon) for unit, (lat, lon, *_) in other._known.copy().items())

    def _find(self, movers: Sequence[Mover]) -> list[_Row]:
        spots: list[Point] = list(dict.fromkeys((it.lat, it.lon) for it in movers))
        x, y = self._net.plane([lat for lat, _ in spots], [lon for _, lon in spots])
        at = stands(self._driven, x, y)
        told = zip(spots, at.piece.tolist(), at.part.tolist(), at.off_m.tolist(), strict=True)
        found = {spot: (*spot, piece, part, off_m) for spot, piece, part, off_m in told}
        rows = [found[it.lat, it.lon] for it in movers]
        fresh = {it.unit: row for it, row in zip(movers, rows, strict=True)}
        if len(self._known) + len(fresh) > KEPT:
            self._known = fresh
        else:
            self._known.update(fresh)
        return rows
