"""The one set of signs: each means one thing, each can be drawn, each stands with its word."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QRawFont

from console_gui import signs, typefaces
from console_gui.command_line.parsing import BY_NAME
from console_gui.map.furniture import status_rows
from console_gui.map.keys import map_key_of
from console_gui.map.look import DAY as MAP_DAY
from console_gui.map.look import NIGHT as MAP_NIGHT
from console_gui.map.streets.palette import PALETTES
from console_gui.models.ordered_table import CELL_ROLE
from console_gui.models.units import STATUS, UnitsTable
from console_gui.theme import contrast
from console_gui.translations.tables import say
from dispatch_core.domain.vocabulary import AlarmLevel, UnitStatus
from tests.console.local_desk import LocalDesk
from tests.console.scenario import Night

ROOT = Path(typefaces.__file__).parent
ALARM_ONLY = re.compile("[▲△]")


def test_each_sign_means_one_thing() -> None:
    twice = [sign for sign, count in Counter(signs.SIGNS).items() if count > 1]
    assert twice == []
    assert set(signs.STATUS_SIGNS) == set(UnitStatus) and set(signs.ALARM_SIGNS) == set(AlarmLevel)


def test_the_sign_of_an_alarm_is_nowhere_else() -> None:
    users = [it.name for it in ROOT.rglob("*.py") if ALARM_ONLY.search(it.read_text()) and it.name != "signs.py"]
    assert users == []
    site = tomllib.loads((ROOT.parent / "scripts" / "demo_data" / "site.toml").read_text())
    glyphs = [it["glyph"] for it in site["services"]]
    assert len(set(glyphs)) == len(glyphs) and not set(glyphs) & set(signs.SIGNS)


@pytest.mark.parametrize("face", ["Inter-Regular.otf", "Inter-SemiBold.otf"])
def test_every_sign_is_in_the_bundled_letters(face: str, qapp: Any) -> None:
    letters = QRawFont(str(ROOT / "fonts" / face), 12.0)
    assert [sign for sign in "".join(signs.SIGNS) if not letters.supportsCharacter(ord(sign))] == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_legend_and_the_board_say_the_same(night: Night, qapp: Any, language: str) -> None:
    legend = dict(status_rows(language))
    assert legend == {signs.STATUS_SIGNS[it]: say(language, f"status.{it}") for it in UnitStatus}
    local = LocalDesk(night, "lan", language)
    table = UnitsTable(local.desk)
    local.begin()
    table.refresh()
    for row in range(table.rowCount()):
        cell = table.index(row, STATUS).data(CELL_ROLE)
        (glyph, _), = cell.glyphs
        unit = local.desk.state.units[table.index(row, 0).data().split()[-1]]
        assert glyph == signs.STATUS_SIGNS[unit.status]


def test_on_the_map_a_unit_has_the_sign_of_its_status() -> None:
    assert signs.unit_words("A12", UnitStatus.EN_ROUTE) == "A12 →"
    assert signs.unit_words("A12", UnitStatus.AVAILABLE) == "A12", "its hollow mark says that"


@pytest.mark.parametrize("dark", [True, False])
def test_names_of_streets_are_readable_by_day_and_by_night(dark: bool) -> None:
    """WCAG AA: every name on its halo, those of streets on the street too; an old unit's words on their plate."""
    palette, look = PALETTES[dark], MAP_NIGHT if dark else MAP_DAY
    for kind, colour in palette.names.items():
        assert contrast(QColor(colour), QColor(palette.halo)) >= 4.5, kind
    for kind, road in palette.roads.items():
        name = palette.names["major" if kind not in ("street", "alley", "path") else "minor"]
        assert contrast(QColor(name), QColor(road)) >= 4.5, kind
    assert contrast(look.quiet, look.plate) >= 4.5 and contrast(look.text, look.plate) >= 7
    for colour in (look.closed, look.flooded, look.way, look.attention):
        assert contrast(colour, look.plate) >= 3.0


def test_the_sheet_tells_the_maps_keys() -> None:
    assert map_key_of(BY_NAME["do"].names) == "M" and map_key_of(BY_NAME["tim"].names) == "G"
    assert map_key_of(BY_NAME["a"].names) == ""
