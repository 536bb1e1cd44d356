"""Conversations by text: who waits longest first; and the messages of one, oldest first."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, short, since, wall_clock
from dispatch_core.domain.conversations import Conversation, TextLine, TextState
from dispatch_core.domain.text_clocks import WAIT_LIMIT_MS

NUMBER, DIALLED, LAST, CLOCK = range(4)
TROUBLED = (TextState.REFUSED, TextState.UNKNOWN)


def shown_number(desk: Desk, it: Conversation) -> str:
    return phone(one_line(it.number, 40)) or desk.words("form.hidden_number")


class ConversationsTable(OrderedTable[Conversation]):
    columns = ("column.number", "column.dialled", "column.message", "column.clock")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)
    whole_columns = (0,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: Conversation) -> SortKey | None:
        if not value.open:
            return None
        waits = value.waits_since
        return (0, waits) if waits else (1, -value.newest_at)

    def cell(self, ident: str, value: Conversation, column: int) -> Cell:
        waits, now = value.waits_since, self._desk.now()
        if column == NUMBER:
            return Cell(shown_number(self._desk, value), strong=bool(waits))
        if column == DIALLED:
            services = self._desk.state.site.services
            codes = self._desk.state.site.numbers.get(value.dialled, ())
            glyphs = tuple((services[code].glyph, services[code].hue) for code in codes if code in services)
            return Cell(one_line(value.dialled, 20), glyphs=glyphs)
        if column == LAST:
            return Cell(self._last(value), dim=not waits)
        return Cell(since(waits or value.newest_at, now), late=bool(waits) and now - waits > WAIT_LIMIT_MS, right=True)

    def _last(self, value: Conversation) -> str:
        parts = [short(value.incident)] if value.incident else []
        if value.owner:
            parts.append(sentences.person(self._desk.state, value.owner, self.words.language))
        if value.lines:
            parts.append(one_line(value.lines[-1].text, 120))
        return "  ".join(parts)


class LinesTable(OrderedTable[TextLine]):
    """The messages of one conversation. Each stands on one line however many it has; marks are shown, never obeyed."""

    columns = ("", "")

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def show(self, conversation: Conversation | None) -> None:
        lines = conversation.lines if conversation is not None else ()
        self.replace_all({f"{line.at:015d} {line.id}": line for line in lines})

    def sort_key(self, ident: str, value: TextLine) -> SortKey | None:
        return (ident,)

    def cell(self, ident: str, value: TextLine, column: int) -> Cell:
        state, language = self._desk.state, self.words.language
        if column == 0:
            return Cell(wall_clock(value.at, state.site.utc_offset_min, "%H:%M:%S"), dim=True)
        text = one_line(value.text.replace("\n", " ⏎ "))
        if value.state is TextState.CAME:
            return Cell(text, strong=True)
        who = sentences.person(state, value.by, language)
        told = self.words(f"text.{value.state.value}")
        return Cell(f"{who}: {text}   ({told})", attention=value.state in TROUBLED)
