"""A unit's way to an incident and what is reached in some minutes: asked of the core, shown as layers of the map.

What was asked is asked anew when the incident's place, the unit's place or a closure changes; a newer question makes
the answer of an older one nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console_gui.changes import Changes
from console_gui.core_client import CoreClient
from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.notice import Kind, Notice
from dispatch_core.domain.errors import DispatchError

AGAIN_MS = 1_000
"""After a change the way is asked for anew, so often at most."""


class Ways(QObject):
    def __init__(self, desk: Desk, city: CityMap, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._route: tuple[str, str] | None = None  # incident, unit
        self._reach: tuple[float, str, str] | None = None  # minutes, "unit" or "service", which
        self._ticket = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._ask_anew)
        desk.updated.connect(self._update)

    def show_route(self, asked: str) -> None:
        """``incident unit``; "" takes the way off."""
        incident, _, unit = asked.partition(" ")
        self._route = (incident, unit) if unit else None
        self._map.show_route(None)
        if self._route is not None:
            self._map.show_layer("route", True)
            self._ask_route()

    def show_reach(self, asked: str) -> None:
        """``minutes unit A12`` or ``minutes service fire``; "" takes the area off."""
        minutes, _, rest = asked.partition(" ")
        kind, _, which = rest.partition(" ")
        self._reach = (float(minutes), kind, which) if which else None
        self._map.show_reach(None)
        if self._reach is not None:
            self._map.show_layer("reach", True)
            self._ask_reach()

    def _ask_route(self) -> None:
        if self._route is not None:
            incident, unit = self._route
            self._ask(lambda client: client.route(unit, incident), partial(self._routed, self._route))

    def _ask_reach(self) -> None:
        if self._reach is not None:
            minutes, kind, which = self._reach
            self._ask(lambda client: client.reachable(minutes, **{kind: which}), partial(self._reached, self._reach))

    def _ask(
        self, question: Callable[[CoreClient], Any], answer: Callable[[Any, DispatchError | None], None]
    ) -> None:
        self._desk.questions.ask(question, answer)

    def _routed(self, asked: tuple[str, str], found: Any, problem: DispatchError | None) -> None:
        if asked == self._route:
            self._map.show_route(found)
            self._tell(problem)

    def _reached(self, asked: tuple[float, str, str], found: Any, problem: DispatchError | None) -> None:
        if asked == self._reach:
            self._map.show_reach(found)
            self._tell(problem)

    def _tell(self, problem: DispatchError | None) -> None:
        if problem is not None:
            vi, en = problem.vi, problem.en
            self._desk.noticed.emit(
                Notice(Kind.WRONG, problem.code, lambda language: en if language == "en" else vi, "", self._desk.now())
            )

    def _update(self, changes: Changes) -> None:
        if self._route is not None:
            incident, unit = self._route
            if incident in changes.of("incidents").removed or unit in changes.of("units").removed:
                self.show_route("")
        touched = self._route is not None and (
            self._route[0] in changes.of("incidents").changed or self._route[1] in changes.of("units").changed
        )
        closed = (self._route is not None or self._reach is not None) and bool(changes.of("closures"))
        if (touched or closed) and not self._again.isActive():
            self._again.start()

    def _ask_anew(self) -> None:
        self._ask_route()
        self._ask_reach()
