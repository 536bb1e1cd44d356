"""Commands that wait for a person: what was given, how long ago, whether it may have arrived, what changed since."""

from __future__ import annotations

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.outbox import Fate, Pending
from console_gui.signs import OTHER_THAN_SEEN
from console_gui.translations.commands import called
from console_gui.translations.formats import ago, one_line

NUMBER, AGE, WHAT, STAND, CHANGED = range(5)


class WaitingTable(OrderedTable[Pending]):
    columns = ("", "", "", "", "")
    clock_columns = (AGE, STAND, CHANGED)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.words)
        self._desk = desk
        self._places: dict[str, int] = {}
        desk.pending_changed.connect(self.follow)
        desk.away_changed.connect(self.retell)
        desk.updated.connect(self._compare)
        desk.ticked.connect(self.tick)
        self.follow()

    def follow(self) -> None:
        waiting = self._desk.outbox.waiting
        self._places = {it.id: place for place, it in enumerate(waiting, 1)}
        self.replace_all({it.id: it for it in waiting})
        self.resort()

    def _compare(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, CHANGED), self.index(self.rowCount() - 1, CHANGED))

    def sort_key(self, ident: str, value: Pending) -> SortKey | None:
        return (self._places.get(ident, 0),)

    def cell(self, ident: str, value: Pending, column: int) -> Cell:
        words, desk = self.words, self._desk
        match column:
            case 0:
                return Cell(str(self._places.get(ident, "")), dim=True)
            case 1:
                since = desk.now() - value.given_at if value.given_at else 0
                return Cell(words("waiting.age", age=ago(since, words.language)) if since else "", dim=True)
            case 2:
                return Cell(
                    one_line(value.typed, 200) or called(desk.state, value.body, words.language), strong=True
                )
            case 3 if value.fate is Fate.HELD:
                return Cell(words("waiting.held"))
            case 3:
                return Cell(words("waiting.unknown" if desk.away else "waiting.asking"), attention=True)
            case _:
                differs = desk.differs(value, words.language)
                if differs:
                    return Cell("   ".join(differs), glyphs=((OTHER_THAN_SEEN, ""),), attention=True)
                return Cell("" if desk.away else words("waiting.same"), dim=True)
