"""What is known of the open incident's place: hazards first, then access, earlier incidents, hydrants for fires."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.signs import PREMISE_SIGNS
from console_gui.translations.formats import metres, one_line, wall_clock
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState, PastIncident, PlaceRules, PremiseFound, PremiseGroup

ORDER = list(PremiseGroup)


@dataclass(frozen=True, slots=True)
class PremiseLine:
    order: tuple[int, float, str]
    group: PremiseGroup
    note: PremiseFound | None = None
    past: PastIncident | None = None


def premise_lines(incident: Incident | None, rules: PlaceRules) -> dict[str, PremiseLine]:
    """Ident -> line; the ident of a note is its own."""
    found = incident.premises if incident is not None else None
    if incident is None or found is None:
        return {}
    lines = {}
    for note in found.notes:
        kind = rules.kinds.get(note.kind)
        group = kind.group if kind is not None else PremiseGroup.OTHER
        lines[note.id] = PremiseLine((ORDER.index(group), note.metres, note.id), group, note=note)
    for past in found.history:
        place = (ORDER.index(PremiseGroup.HISTORY), 0.0, f"{10**15 - past.at:016d}")
        lines[past.incident] = PremiseLine(place, PremiseGroup.HISTORY, past=past)
    fire = incident.legs.get(rules.hydrant_service)
    if fire is not None and fire.state is LegState.OPEN:
        for note in found.hydrants:
            place = (ORDER.index(PremiseGroup.HYDRANT), note.metres, note.id)
            lines[note.id] = PremiseLine(place, PremiseGroup.HYDRANT, note=note)
    return lines


class PremisesTable(OrderedTable[PremiseLine]):
    """Columns: what kind, what is said, how far."""

    columns = ("", "", "")
    right_columns = (2,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def show(self, incident: Incident | None) -> None:
        self.replace_all(premise_lines(incident, self._desk.state.place_rules))

    def sort_key(self, ident: str, value: PremiseLine) -> SortKey | None:
        return value.order

    def cell(self, ident: str, value: PremiseLine, column: int) -> Cell:
        hazard = value.group is PremiseGroup.HAZARD
        if column == 0:
            return Cell(self._kind(value), glyphs=((PREMISE_SIGNS[value.group], ""),), attention=hazard, strong=hazard)
        if column == 1:
            return Cell(self._said(value), strong=hazard, dim=value.group is PremiseGroup.HYDRANT)
        told = value.note.metres if value.note is not None else value.past.metres if value.past is not None else 0.0
        return Cell(metres(told, self.words.language), right=True, dim=not hazard)

    def _kind(self, value: PremiseLine) -> str:
        if value.note is None:
            return self.words("premises.past")
        kind = self._desk.state.place_rules.kinds.get(value.note.kind)
        return self.words.pick(kind.vi, kind.en) if kind is not None else value.note.kind

    def _said(self, value: PremiseLine) -> str:
        state = self._desk.state
        if value.past is not None:
            known = state.types.get(value.past.type)
            name = self.words.pick(known.vi, known.en) if known is not None else value.past.type
            day = wall_clock(value.past.at, state.site.utc_offset_min, "%d/%m/%Y")
            return "  ".join(part for part in (day, name, one_line(value.past.disposition, 60)) if part)
        note = value.note
        if note is None:
            return ""
        label = one_line(note.label, 80)
        text = one_line(note.text, 500)
        parts = [": ".join(part for part in (label if label != text else "", text) if part)]
        if note.until:
            day = wall_clock(note.until - 1, state.site.utc_offset_min, "%d/%m/%Y")
            parts.append(f"({self.words('premises.until', date=day)})")
        if not note.id.startswith("P"):
            return " ".join(parts)
        return " ".join([*parts, f"[{note.id}]"])
