"""Coverage as the core last reckoned it: a line for each rule, under it its holes and the move-ups that close them.

The shape is said in ``dispatch_core.main.coverage``; a value that has another shape shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import dispatching, sentences
from console_gui.translations.formats import duration, one_line
from dispatch_core.wire.envelopes import LiveValue

KIND = "coverage"
HOLE_SHOWS = 0.5
"""Percent under full strength from which on the share asks for attention."""


class Part(StrEnum):
    RULE = "rule"
    HOLE = "hole"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class CoverageLine:
    part: Part
    order: tuple[int, str, int, int]
    value: dict[str, Any] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """What carries a move-up out."""
        return f"dct {self.value['unit']} {self.value['station']}" if self.part is Part.MOVE else ""


def coverage_lines(values: dict[str, dict[str, Any]], services: list[str]) -> dict[str, CoverageLine]:
    lines = {}
    for key, value in values.items():
        service, holes, moves = value.get("service"), value.get("holes"), value.get("moves")
        if not isinstance(service, str) or not isinstance(holes, list) or not isinstance(moves, list):
            continue
        place = services.index(service) if service in services else len(services)
        lines[key] = CoverageLine(Part.RULE, (place, key, 0, 0), value)
        for number, hole in enumerate(holes):
            lines[f"{key}/hole/{number}"] = CoverageLine(Part.HOLE, (place, key, 1, number), hole)
        for number, move in enumerate(moves):
            lines[f"{key}/move/{number}"] = CoverageLine(Part.MOVE, (place, key, 2, number), move)
    return lines


class CoverageTable(OrderedTable[CoverageLine]):
    columns = ("", "", "")
    right_columns = (2,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self.told: dict[str, dict[str, Any]] = {}

    def take(self, values: tuple[LiveValue, ...]) -> None:
        mine = {value.key: value.value for value in values if value.kind == KIND}
        if mine:
            self.told |= mine
            self.replace_all(coverage_lines(self.told, list(self._desk.state.site.services)))

    def sort_key(self, ident: str, value: CoverageLine) -> SortKey | None:
        return value.order

    def cell(self, ident: str, value: CoverageLine, column: int) -> Cell:
        match value.part:
            case Part.RULE:
                return self._rule_cell(value.value, column)
            case Part.HOLE:
                return self._hole_cell(value.value, column)
            case _:
                return self._move_cell(value.value, column)

    def _rule_cell(self, it: dict[str, Any], column: int) -> Cell:
        state, words, language = self._desk.state, self.words, self.words.language
        code = str(it.get("service"))
        if column == 0:
            known = state.site.services.get(code)
            glyphs = ((known.glyph, known.hue),) if known is not None else ()
            return Cell(sentences.number_of(state, code) or code, glyphs=glyphs, strong=True)
        share, full = _number(it.get("share")), _number(it.get("full"))
        if column == 2:
            return Cell(f"{share:.0f}%", right=True, strong=True, attention=share < full - HOLE_SHOWS)
        capability = str(it.get("capability") or "")
        name = f" · {dispatching.capability(state, capability, language)}" if capability else ""
        service = sentences.service(state, code, language)
        text = words("coverage.rule", service=service, capability=name, minutes=it.get("minutes"))
        parts = [text, words("coverage.full", full=f"{full:.0f}"), words("coverage.free", count=it.get("free"))]
        if not it.get("road"):
            parts.append(words("coverage.straight"))
        if it.get("cut"):
            parts.append(words("coverage.cut"))
        if _number(it.get("more")):
            parts.append(words("coverage.more", count=it.get("more")))
        return Cell("  ·  ".join(parts), dim=share >= full - HOLE_SHOWS)

    def _hole_cell(self, it: dict[str, Any], column: int) -> Cell:
        words = self.words
        if column == 0:
            return Cell("▨", right=True, attention=True)
        if column == 1:
            return Cell(words("coverage.hole", ward=one_line(str(it.get("ward")), 60)), attention=True)
        seconds = it.get("seconds")
        if not isinstance(seconds, int | float):
            return Cell(words("coverage.nobody"), right=True, attention=True)
        return Cell(words("coverage.minutes", minutes=round(seconds / 60)), right=True, attention=True)

    def _move_cell(self, it: dict[str, Any], column: int) -> Cell:
        state, words = self._desk.state, self.words
        if column == 0:
            return Cell("↪", right=True)
        saved = duration(int(_number(it.get("gained")) * 1000))
        if column == 2:
            return Cell(f"−{saved}", right=True)
        opens = [one_line(str(name), 40) for name in it.get("opens") or ()]
        return Cell(
            words(
                "coverage.move", unit=it.get("unit"), home=_station(state, it.get("home")),
                post=_station(state, it.get("station")), saved=saved,
                closes=", ".join(one_line(str(name), 40) for name in it.get("closes") or ()),
                opens=words("coverage.opens", wards=", ".join(opens)) if opens else words("coverage.opens_none"),
            ),
            strong=True,
        )  # fmt: skip


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _station(state: Any, ident: object) -> str:
    known = state.stations.get(ident)
    return one_line(known.name, 80) if known is not None else str(ident)
