"""Trunks, queues, phones and test calls as the switches last reported them: last values, not journalled.

Their shapes are said in ``telephony.last_values``; a value that has another shape reads as unknown.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.models.gathered import name_of, together
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations.formats import one_line, since
from dispatch_core.domain.state import Call, Node
from dispatch_core.wire.envelopes import GONE, LiveValue

PHONE_STATES = {
    "NOT_INUSE": "phone.idle",
    "RINGING": "phone.ringing",
    "INUSE": "phone.talking",
    "BUSY": "phone.talking",
    "RINGINUSE": "phone.talking",
    "ONHOLD": "phone.talking",
    "UNAVAILABLE": "phone.away",
    "INVALID": "phone.away",
}
"""Asterisk's device states in our words."""


class LiveTable(OrderedTable[LiveValue]):
    """Base of the four: one kind of live value each. ``of_all``: a row for each name, whatever switch told of it."""

    kind = ""
    of_all = False

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._each: dict[str, dict[str, LiveValue]] = {}

    def take(self, values: tuple[LiveValue, ...]) -> None:
        told = {value.key: value for value in values if value.kind == self.kind}
        gone = [] if self.of_all else [key for key, value in told.items() if value.value == GONE]
        mine = {key: value for key, value in told.items() if value.value != GONE}
        if self.of_all:
            for value in mine.values():
                self._each.setdefault(name_of(value), {})[value.key] = value
            mine = {name: together(self._each[name].values()) for name in map(name_of, mine.values())}
        self.apply(mine, mine, gone)

    def sort_key(self, ident: str, value: LiveValue) -> SortKey | None:
        return (natural_key(ident),)

    def _since(self, value: LiveValue) -> Cell:
        at = value.value.get("since")
        return Cell(since(at, self._desk.now()) if isinstance(at, int) else "", right=True, dim=True)

    def _reachable(self, value: LiveValue) -> Cell:
        reachable = value.value.get("reachable")
        if not isinstance(reachable, bool):
            return Cell(self.words("reach.unknown"), dim=True)
        if reachable:
            return Cell(self.words("reach.yes"))
        away = value.value.get("away")
        where = f" {one_line(' '.join(away), 40)}" if isinstance(away, list) and away else ""
        return Cell(self.words("reach.no") + where, attention=True, strong=True)


class TrunksTable(LiveTable):
    kind = "trunk"
    columns = ("column.carrier", "column.reach", "column.channels", "column.node", "column.since")
    clock_columns = (4,)
    right_columns = (2, 4)

    def cell(self, ident: str, value: LiveValue, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(name_of(value), 60), strong=True)
        if column == 1:
            return self._reachable(value)
        if column == 2:
            calls = sum(call.state.live and self._of(call, value) for call in self._desk.state.calls.values())
            return Cell(str(calls), right=True, dim=not calls)
        if column == 3:
            return Cell(_text(value.value.get("node")), dim=True)
        return self._since(value)


    def _of(self, call: Call, value: LiveValue) -> bool:
        node = _text(value.value.get("node"))
        return call.carrier == name_of(value) and node in ("", call.node)


class PhonesTable(LiveTable):
    kind = "phone"
    of_all = True
    columns = ("column.phone", "column.state", "column.reach", "column.since")
    clock_columns = (3,)
    right_columns = (3,)

    def cell(self, ident: str, value: LiveValue, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(ident, 40), strong=True)
        if column == 1:
            state = PHONE_STATES.get(_text(value.value.get("state")), "phone.unknown")
            return Cell(self.words(state), dim=state == "phone.idle")
        if column == 2:
            return self._reachable(value)
        return self._since(value)


class QueuesTable(LiveTable):
    kind = "queue"
    of_all = True
    columns = ("column.queue", "column.waiting", "column.longest", "column.members", "column.free")
    clock_columns = (2,)
    right_columns = (1, 2, 4)

    def cell(self, ident: str, value: LiveValue, column: int) -> Cell:
        members = value.value.get("members")
        members = members if isinstance(members, dict) else {}
        waiting = self._waiting(ident)
        if column == 0:
            return Cell(one_line(ident, 40), strong=True)
        if column == 1:
            count = value.value.get("waiting")
            shown = count if isinstance(count, int) else len(waiting)
            return Cell(str(shown), right=True, strong=bool(shown), dim=not shown)
        if column == 2:
            oldest = min((call.arrived_at for call in waiting), default=0)
            return Cell(since(oldest, self._desk.now()) if oldest else "", right=True)
        if column == 3:
            return Cell(" ".join(sorted(map(_text, members), key=natural_key)), dim=True)
        serving = [name for name, paused in members.items() if paused is not True]
        talking = {call.position for call in self._desk.state.calls.values() if call.state.live}
        free = sum(name not in talking for name in serving)
        return Cell(str(free), right=True, attention=not free and bool(members))

    def _waiting(self, queue: str) -> list[Call]:
        return [call for call in self._desk.state.calls.values() if call.state.waiting and call.queue == queue]


class ProbesTable(LiveTable):
    """The test calls: a number that is not heard at a switch is one that nobody reaches there."""

    kind = "probe"
    columns = ("column.dialled", "column.node", "column.state", "column.delay", "column.free", "column.heard")
    clock_columns = (5,)
    right_columns = (3, 4, 5)

    def cell(self, ident: str, value: LiveValue, column: int) -> Cell:
        heard = value.value.get("heard") is True
        if column == 0:
            return Cell(one_line(name_of(value), 20), strong=True)
        if column == 1:
            return Cell(_text(value.value.get("node")), dim=True)
        node = self._desk.state.nodes.get(_text(value.value.get("node")))
        if column == 2 and node is not None and not node.up:
            return Cell(self.words("node.down"), attention=True)
        if column == 2:
            return Cell(self.words("probe.heard" if heard else "probe.silent"), attention=not heard, strong=not heard)
        at, count = value.value.get("at"), value.value.get("ready" if column == 4 else "ms")
        known = isinstance(at, int) and at > 0 and isinstance(count, int)
        if column == 5:
            return Cell(since(at, self._desk.now()) if known and isinstance(at, int) else "", right=True)
        if not known:
            return Cell("", right=True)
        if column == 4:
            return Cell(str(count), right=True, attention=not count)
        return Cell(f"{count} ms", right=True, dim=True)


class NodesTable(OrderedTable[Node]):
    """The switches themselves, from the state."""

    columns = ("column.node", "column.state", "column.since")
    clock_columns = (2,)
    right_columns = (2,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: Node) -> SortKey | None:
        return (ident,)

    def cell(self, ident: str, value: Node, column: int) -> Cell:
        if column == 0:
            return Cell(ident, strong=True)
        if column == 1:
            up = value.up
            return Cell(self.words("node.up" if up else "node.down"), attention=not up, strong=not up)
        return Cell(since(value.since, self._desk.now()), right=True, dim=True)


def _text(value: Any) -> str:
    return one_line(value, 60) if isinstance(value, str) else ""
