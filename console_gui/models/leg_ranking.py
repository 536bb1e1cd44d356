"""The lines under a leg that say who should go: the stations that come next, the recommended set, who else could, what
is lacking, who is passed over and why, and who was sent although a better one was free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console_gui.models.ordered_table import Cell
from console_gui.translations import dispatching as said
from console_gui.translations.formats import ago, one_line
from console_gui.translations.tables import say
from dispatch_core.domain.recommending import ranking_is_old
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Candidate, Instant

if TYPE_CHECKING:
    from console_gui.models.lines import LegLine

GAP = "     "
OPEN_KEY = "Enter"
RANK_KEY = "Alt+R"

NAME_LIMIT = 80

CAPTIONS = {"next": "leg.next", "set": "leg.set", "candidates": "leg.others"}


def ranking_cell(state: State, language: str, now: Instant, line: LegLine, column: int) -> Cell:
    if column == 2:
        return Cell()
    if line.part == "passed":
        (it,) = line.passed
        far = f"{said.how_far(it.reach, language)}   " if it.reach is not None else ""
        return Cell(it.unit if column == 0 else far + said.passed(state, it, language), dim=True)
    if column == 0:
        caption = CAPTIONS.get(line.part, "")
        return Cell(say(language, caption) if caption else "", dim=line.part != "set", strong=line.part == "set")
    if line.part == "lacking":
        what = said.needs(state, line.lacking, language)
        return Cell(say(language, "leg.lacking", what=what), attention=True, strong=True)
    if line.part == "override" and line.override is not None:
        return Cell(said.override(state, line.override, language), attention=not line.override.reason, dim=True)
    if line.part == "next":
        return _ahead(state, language, line)
    if line.part == "about":
        return Cell(_about(state, language, now, line), dim=True)
    return _units(state, language, line)


def _ahead(state: State, language: str, line: LegLine) -> Cell:
    """The stations that would be asked, in order. The own one is named above; that it has nobody stands out."""

    def name(ident: str) -> str:
        known = state.stations.get(ident)
        return one_line(known.name if known is not None else ident, NAME_LIMIT)

    parts = []
    for it in line.ahead:
        if it.station != line.leg.station:
            parts.append(say(language, "leg.ahead", station=name(it.station), unit=it.unit))
        else:
            parts.append(say(language, "leg.own", unit=it.unit) if it.unit else say(language, "leg.own_none"))
    without = any(not it.unit for it in line.ahead)
    if all(not it.unit for it in line.ahead):
        parts.append(say(language, "leg.no_more"))
        aid = line.leg.zone.mutual_aid if line.leg.zone is not None else ()
        if aid:
            parts.append(say(language, "leg.aid", names=", ".join(name(it) for it in aid)))
    return Cell(" · ".join(parts), attention=without, dim=not without)


def _units(state: State, language: str, line: LegLine) -> Cell:
    numbered = list(enumerate(line.candidates, 1))
    mine = numbered[: line.chosen] if line.part == "set" else numbered[line.chosen :]
    text = GAP.join(_unit(state, language, digit, it) for digit, it in mine)
    return Cell(text or say(language, "leg.nobody_free"), dim=not text or line.part != "set", strong=line.part == "set")


def _unit(state: State, language: str, digit: int, it: Candidate) -> str:
    text = f"{digit} {it.unit} {said.how_far(it, language)}".replace(" ", said.NB)
    if it.chosen and it.fills:  # long words: these may go on in the next line, between two words
        text += f" {said.capability(state, it.fills, language)}"
    if not it.capable:
        text += f" ({say(language, 'leg.not_capable')})"
    return text


def _about(state: State, language: str, now: Instant, line: LegLine) -> str:
    parts = [say(language, "leg.passed_more", count=len(line.passed), press=OPEN_KEY)]
    if ranking_is_old(state, line.leg, now):
        parts.insert(0, say(language, "leg.measured", ago=ago(now - line.leg.ranked_at, language), press=RANK_KEY))
    return " · ".join(parts)
