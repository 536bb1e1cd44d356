"""A board that follows one table of the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject

from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.models.ordered_table import OrderedTable
from console_gui.turns import Turn

Touched = Callable[[Changes], Iterable[str]]


class Follower(QObject):
    """Keeps ``table`` equal to ``state.<name>``.

    ``also`` are tables of the state whose change shows in every row that is there; ``touched`` names the rows that
    other changes show in; ``after`` is called when anything was taken over.
    """

    def __init__(
        self, desk: Desk, table: OrderedTable[Any], name: str, also: tuple[str, ...] = (),
        touched: Touched = lambda changes: (), after: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(table)
        self._desk, self._table, self._name = desk, table, name
        self._also, self._touched, self._after = also, touched, after
        desk.updated.connect(self._update)
        desk.ticked.connect(Turn(table.tick, self).take)  # each board is painted in a turn of its own

    def _update(self, changes: Changes) -> None:
        things = getattr(self._desk.state, self._name)
        step = changes.of(self._name)
        if changes.site:
            changed: Iterable[str] = list(things)
        else:
            shown = self._table.idents() if any(changes.of(other) for other in self._also) else ()
            touched = (ident for ident in (*shown, *self._touched(changes)) if ident in things)
            changed = {*step.changed, *touched}
        if changed or step.removed:
            self._table.apply(things, changed, step.removed)
            if self._after is not None:
                self._after()
