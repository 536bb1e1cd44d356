"""Hospitals: all of them by id, or for one unit the ones to choose from, by travel time; each with why not."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations.formats import duration, metres, one_line, wall_clock
from dispatch_core.domain.choosing_hospitals import Choice, choose
from dispatch_core.domain.vocabulary import Hospital, Measured, Reach

NAME, SKILLS, BEDS, WAY = range(4)


class HospitalsTable(OrderedTable[Hospital]):
    """``measured``: how long the unit needs to each; without it every hospital stands there in the order of the ids."""

    columns = ("column.hospital", "column.skills", "column.beds", "column.way")
    right_columns = (WAY,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._reaches: tuple[Reach, ...] = ()
        self._wanted: tuple[str, ...] = ()
        self._choices: dict[str, tuple[int, Choice]] = {}

    def measured(self, reaches: tuple[Reach, ...], wanted: tuple[str, ...]) -> None:
        self._reaches, self._wanted = reaches, wanted
        self.renew()

    def renew(self) -> None:
        """The state has changed: choose anew."""
        state = self._desk.state
        found = choose(state, self._reaches, self._wanted, self._desk.now())
        self._choices = {it.hospital: (place, it) for place, it in enumerate(found)}
        self.apply(state.hospitals, list(state.hospitals), [it for it in self.idents() if it not in state.hospitals])

    def sort_key(self, ident: str, value: Hospital) -> SortKey | None:
        if not self._choices:
            return (0, ident)
        return (self._choices[ident][0], ident) if ident in self._choices else (len(self._choices), ident)

    def cell(self, ident: str, value: Hospital, column: int) -> Cell:
        choice = self._choices[ident][1] if ident in self._choices else None
        why = choice.why if choice is not None else ()
        divert = value.divert if value.divert is not None and value.divert.holds(self._desk.now()) else None
        against = divert is not None or bool(set(why) - {"beds_unknown"})
        if column == NAME:
            name = one_line(value.name, 80).removeprefix("Bệnh viện ")
            return Cell(f"{ident}  {name}", strong=not against, dim=against, middle=True)
        if column == SKILLS:
            return self._skills(value, why)
        if column == BEDS:
            return self._beds(value)
        if choice is None:
            return Cell()
        text = f"{duration(int(choice.seconds * 1000))}  {metres(choice.metres, self.words.language)}"
        if choice.measured is Measured.STRAIGHT:
            text = self.words("hospitals.straight", text=text)
        return Cell(text, right=True)

    def _skills(self, value: Hospital, why: tuple[str, ...]) -> Cell:
        words, terms = self.words, self._desk.state.place_rules.skills
        divert = value.divert
        if divert is not None and divert.holds(self._desk.now()):
            offset = self._desk.state.site.utc_offset_min
            until = words("hospitals.until", time=wall_clock(divert.until, offset, "%H:%M")) if divert.until else ""
            return Cell(words("hospitals.diverts", until=until, reason=one_line(divert.reason, 80)), attention=True)
        lacking = [it.removeprefix("lacks:") for it in why if it.startswith("lacks:")]
        if lacking:
            named = ", ".join(words.pick(terms[it].vi, terms[it].en) if it in terms else it for it in lacking)
            return Cell(words("hospitals.lacks", skill=named), attention=True)
        names = (words.pick(terms[it].vi, terms[it].en) if it in terms else it for it in value.skills)
        return Cell(", ".join(names), dim=True)

    def _beds(self, value: Hospital) -> Cell:
        rules, words = self._desk.state.place_rules, self.words
        parts = []
        for kind, beds in sorted(value.beds.items(), key=lambda it: (it[0] != rules.delivered, it[0])):
            term = rules.beds.get(kind)
            name = words.pick(term.vi, term.en) if term is not None else kind
            parts.append(f"{beds.free}" if kind == rules.delivered else f"{name} {beds.free}")
        told = max((beds.at for beds in value.beds.values()), default=0)
        text = " · ".join(parts)
        if text and told:
            text += f"  ({wall_clock(told, self._desk.state.site.utc_offset_min, '%H:%M')})"
        elif text and value.sample:
            text = words("hospitals.sample", text=text)
        emergency = value.beds.get(rules.delivered)
        full = emergency is not None and emergency.free == 0
        return Cell(text, attention=full, dim=not told and not full)
