"""Who did not take what they were offered today: stations with their counts, and behind each its single times."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import offer_sentences, sentences
from console_gui.translations.formats import short, wall_clock
from dispatch_core.domain.evolve.offers import OTHER
from dispatch_core.domain.state import DeclineLine, Declines
from dispatch_core.domain.vocabulary import OfferOutcome

STATION, DECLINED, EXPIRED, UNITS, REASONS = range(5)


def counted(name: str, count: int, times: str) -> str:
    return f"{name}{times}{count}" if count > 1 else name


class DeclinesTable(OrderedTable[Declines]):
    """Who said no most often stands first."""

    columns = ("column.station", "column.declined", "column.expired", "column.units_named", "column.reasons")
    right_columns = (DECLINED, EXPIRED)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: Declines) -> SortKey | None:
        return (-value.declined - value.expired, ident)

    def cell(self, ident: str, value: Declines, column: int) -> Cell:
        state, language = self._desk.state, self.words.language
        if column == STATION:
            return Cell(offer_sentences.station(state, ident), strong=True, middle=True)
        if column == DECLINED:
            return Cell(str(value.declined), right=True, attention=value.declined >= state.site.offers.declines)
        if column == EXPIRED:
            return Cell(str(value.expired), right=True, dim=not value.expired)
        if column == UNITS:
            most = sorted(value.units.items(), key=lambda pair: (-pair[1], pair[0]))
            return Cell(", ".join(counted(unit, times, " ×") for unit, times in most))
        most = sorted(value.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        names = ((self._reason(code, language), times) for code, times in most)
        return Cell(", ".join(counted(name, times, " ×") for name, times in names), dim=True)

    def _reason(self, code: str, language: str) -> str:
        if code == OTHER and code not in self._desk.state.site.offers.reasons:
            return self.words("decline.other")
        return offer_sentences.why(self._desk.state, code, "", language)


class DeclineLinesTable(OrderedTable[DeclineLine]):
    """The single times of one station, the newest first; idents are their places."""

    columns = ("column.time", "column.incident", "column.unit", "column.reasons", "column.person")

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def show(self, declines: Declines | None) -> None:
        lines = declines.lines if declines is not None else ()
        self.replace_all({f"{len(lines) - place:03d}": line for place, line in enumerate(lines)})

    def sort_key(self, ident: str, value: DeclineLine) -> SortKey | None:
        return (ident,)

    def cell(self, ident: str, value: DeclineLine, column: int) -> Cell:
        state, language = self._desk.state, self.words.language
        if column == 0:
            return Cell(wall_clock(value.at, state.site.utc_offset_min, "%H:%M"), dim=True)
        if column == 1:
            return Cell(short(value.incident))
        if column == 2:
            return Cell(value.unit, strong=True)
        if column == 3:
            expired = value.outcome is OfferOutcome.EXPIRED
            told = offer_sentences.why(state, value.why, value.reason, language)
            return Cell(self.words("decline.expired") if expired else told)
        return Cell(sentences.who(state, value.by, language), dim=True)
