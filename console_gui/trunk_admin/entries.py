"""The list at the left of the form: every part of the description with its entries, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell
from console_gui.theme import Look
from console_gui.translations.formats import one_line
from console_gui.translations.tables import WORDS
from console_gui.trunk_admin.boards import NAME_LENGTH, TrunkTable
from console_gui.trunk_admin.site_draft import SiteDraft
from dispatch_core.wire.trunk import Mistake


@dataclass(frozen=True, slots=True)
class EntryRow:
    """``at`` -1: the row where one is added."""

    section: str
    at: int
    name: str
    several: bool = True
    first: bool = False
    off: bool = False
    new: bool = False
    changed: bool = False
    wrong: int = 0


def section_word(language: str, section: str) -> str:
    key = f"trunk.section.{section}"
    return WORDS[key][0 if language == "vi" else 1] if key in WORDS else one_line(section, NAME_LENGTH)


def at_fault(draft: SiteDraft, section: str, at: int, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """The core's mistakes that are about this entry: by its name, or by its number from 1."""
    entry = draft.entry(section, at)
    if entry is None:
        return []
    if not draft.ident(section):
        return [it for it in mistakes if it.key == section or it.key.startswith(f"{section}.")]
    names = {f"{section}.{draft.name(section, entry)}", f"{section}[{at + 1}]"}
    if entry.origin:
        names.add(f"{section}.{entry.origin}")
    begins = tuple(f"{name}{mark}" for name in names for mark in ".[")
    return [it for it in mistakes if it.key in names or it.key.startswith(begins)]


def of_field(draft: SiteDraft, section: str, at: int, key: str, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Those about one field of it: ``…peers`` and ``…peers[2]``."""
    found = []
    for it in at_fault(draft, section, at, mistakes):
        entry = draft.entry(section, at)
        name = draft.name(section, entry) if entry is not None else ""
        rest = it.key.removeprefix(section).removeprefix(f"[{at + 1}]").removeprefix(f".{name}" if name else "")
        if entry is not None and entry.origin and rest == it.key.removeprefix(section):
            rest = rest.removeprefix(f".{entry.origin}")
        rest = rest.lstrip(".")
        lacks = not rest and it.instead_en.startswith(f"{key} = ")  # of the whole entry: this key is missing
        if lacks or rest.partition("[")[0] == key or rest.startswith(f"{key}."):
            found.append(it)
    return found


class EntriesTable(TrunkTable):
    columns = ("column.trunk.section", "column.trunk.entry", "")

    def take(self, draft: SiteDraft, mistakes: Sequence[Mistake], *, may_add: bool) -> None:
        slips = [(section, at) for section, at, _, _ in draft.slips()]
        rows: dict[str, EntryRow] = {}
        alone = [section for section in draft.now if not draft.ident(section)]
        for section, entries in draft.now.items():
            for at, entry in enumerate(entries):
                wrong = slips.count((section, at)) or len(at_fault(draft, section, at, mistakes))
                rows[f"{section}/{at}"] = EntryRow(
                    section, at, draft.name(section, entry), section not in alone,
                    first=section == alone[0] if section in alone else not at, off=entry.values.get("enabled") is False,
                    new=entry.new, changed=draft.touched(section, entry), wrong=wrong,
                )  # fmt: skip
            if not entries and may_add:
                rows[f"{section}/-1"] = EntryRow(section, -1, "", first=True)
        self.show(rows)

    def cell(self, ident: str, value: EntryRow, column: int) -> Cell:
        words = self.words
        if column == 0:
            said = section_word(words.language, value.section) if value.several else words("trunk.entry.rest")
            return Cell(said if value.first else "", dim=True)
        if column == 1:
            if value.at < 0:
                return Cell(words("trunk.entry.add"), dim=True)
            if not value.several:
                return Cell(section_word(words.language, value.section), strong=True)
            named = one_line(value.name, NAME_LENGTH)
            return Cell(named or words("trunk.entry.unnamed"), strong=True, dim=not named)
        if value.wrong:
            return Cell(words("trunk.entry.wrong", count=value.wrong), attention=True, strong=True)
        if value.new:
            return Cell(words("trunk.entry.new"))
        if value.changed:
            return Cell(words("trunk.entry.changed"))
        return Cell(words("trunk.entry.off") if value.off else "", dim=True)


class EntriesView(BoardView):
    """Keys of its own: + adds, c copies, e switches on and off, Del takes out."""

    wanted = Signal(str)  # add, copy, toggle, remove

    KEYS = {"+": "add", "c": "copy", "e": "toggle"}

    def __init__(self, table: EntriesTable, look: Look, parent: QWidget, desk: Desk) -> None:
        super().__init__(table, look, (104, STRETCH, 96), "empty.trunk.entries", parent=parent)
        self.setObjectName("trunk_entries")
        desk.words.put(self, "setAccessibleName", "trunk.page.form")

    def key_typed(self, text: str) -> bool:
        if text in self.KEYS:
            self.wanted.emit(self.KEYS[text])
        return text in self.KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.wanted.emit("remove")
            return
        super().keyPressEvent(event)
