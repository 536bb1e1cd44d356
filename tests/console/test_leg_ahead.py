"""On a leg: how a unit's way was measured, metres on foot, and the stations that come next, in both languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from console_gui.models.lines import LegsTable, Part, leg_lines
from console_gui.translations import dispatching as said
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import CrewState, Measured, Reach, UnitStatus
from tests.console.local_desk import LocalDesk
from tests.console.scenario import CORE, Night
from tests.console.test_dispatching import trapped

pytestmark = pytest.mark.usefixtures("look")
PICTURES = os.environ.get("DISPATCH_PICTURES", "")
OTHER = "Đội Cảnh sát PCCC & CNCH khu vực Quận 1"


def measured(night: Night, incident: str, *reaches: Reach, **zone: Any) -> None:
    """What the geography answers of the fire leg, its zone's station being PC-BT."""
    known = night.state.incidents[incident]
    answer = known.legs["fire"].zone
    assert answer is not None
    night.must(
        CORE,
        c.RouteFound(
            incident=incident, location_version=known.location_version,
            answers={"fire": replace(answer, station="PC-BT", **zone)}, reaches={"fire": reaches},
        ),
    )  # fmt: skip


def alley(**zone: Any) -> tuple[Night, str]:
    """A fire at the end of an alley; one crew walks, of the next no way was found, one is far from every road."""
    night, incident = trapped()
    signs = sorted(it.call_sign for it in night.state.units.values() if it.service == "fire" and it.assignment is None)
    ways: tuple[dict[str, Any], ...] = (
        {"seconds": 284.0, "metres": 1_310.0, "measured": Measured.ROAD, "walk_m": 160.0, "age_ms": 95_000},
        {"seconds": 903.0, "metres": 9_240.0, "note": "beyond"},
        {"seconds": 1_020.0, "metres": 11_000.0, "note": "off_road"},
    )
    measured(night, incident, *(Reach(unit=sign, **way) for sign, way in zip(signs, ways, strict=False)), **zone)
    return night, incident


def without(night: Night, station: str) -> None:
    """Nobody of a station can go."""
    for unit in [it for it in night.state.units.values() if it.station == station and it.assignment is None]:
        night.must(night.person("lan"), c.SetCrew(unit=unit.call_sign, crew=CrewState.UNSTAFFED))


def words(night: Night, incident: str, language: str) -> dict[str, str]:
    local = LocalDesk(night, "lan", language).begin()
    table = LegsTable(local.desk)
    table.show(local.desk.state.incidents[incident])
    lines = {it: table.value(it) for it in table.idents()}
    return {it: table.cell(it, line, 1).text.replace("\u00a0", " ") for it, line in lines.items() if line is not None}


@pytest.mark.parametrize(
    ("language", "walk", "beyond", "off_road"),
    [
        ("vi", "4,7 phút 1,3 km (đi bộ 160 m, 95 s trước)", "≈15 phút 9,2 km (ngoài tầm dò đường)",
         "≈17 phút 11,0 km (không có đường gần đó)"),
        ("en", "4.7 min 1.3 km (160 m on foot, 95 s ago)", "≈15 min 9.2 km (beyond the roads searched)",
         "≈17 min 11.0 km (no road near)"),
    ],
)  # fmt: skip
def test_how_a_way_was_measured_stands_beside_its_time(language: str, walk: str, beyond: str, off_road: str) -> None:
    night, incident = alley()
    told = words(night, incident, language)
    assert walk in told["fire!"]
    assert beyond in told["fire?"] and off_road in told["fire?"]
    plain = Reach(unit="A", seconds=60, metres=900, measured=Measured.ROAD, walk_m=0.4, note="of_tomorrow")
    assert "(" not in said.how_far(plain, language)


@pytest.mark.parametrize(
    ("language", "own", "none"),
    [
        ("vi", "tại trạm này", "TRẠM NÀY KHÔNG CÒN ĐƠN VỊ"),
        ("en", "of this station", "THIS STATION HAS NO UNIT LEFT"),
    ],
)
def test_who_comes_next_and_that_the_zones_own_station_has_nobody(language: str, own: str, none: str) -> None:
    night, incident = alley()
    first, _, rest = words(night, incident, language)["fire/next"].partition(" · ")
    assert first.startswith("FE") and first.endswith(own) and rest.startswith(f"{OTHER} (FE")
    assert not LegsTable(LocalDesk(night, "lan", language).begin().desk).cell(
        "fire/next", leg_lines(night.state.incidents[incident], night.state, night.now)["fire/next"], 1
    ).attention  # fmt: skip
    without(night, "PC-BT")
    first, _, rest = words(night, incident, language)["fire/next"].partition(" · ")
    assert first == none and rest.startswith(f"{OTHER} (FE") and " · " not in rest
    shown = leg_lines(night.state.incidents[incident], night.state, night.now)["fire/next"]
    assert LegsTable(LocalDesk(night, "lan", language).begin().desk).cell("fire/next", shown, 1).attention


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("vi", "không còn trạm nào khác · xin chi viện Cảng Sài Gòn, Đội Cảnh sát PCCC & CNCH khu vực Quận 1"),
        ("en", "no other station is left · ask for help: Cảng Sài Gòn, Đội Cảnh sát PCCC & CNCH khu vực Quận 1"),
    ],
)
def test_where_nobody_is_left_the_zones_aid_is_named(language: str, end: str) -> None:
    night, incident = alley(mutual_aid=("Cảng Sài Gòn", "PC-Q1"))
    assert "Cảng" not in words(night, incident, language)["fire/next"]
    for station in ("PC-BT", "PC-Q1"):
        without(night, station)
    assert words(night, incident, language)["fire/next"].endswith(end)
    night, incident = alley()
    for station in ("PC-BT", "PC-Q1"):
        without(night, station)
    assert words(night, incident, language)["fire/next"].endswith(end.partition(" · ")[0])


def test_it_goes_when_the_leg_has_all_it_wants() -> None:
    night, incident = alley()
    before = leg_lines(night.state.incidents[incident], night.state, night.now)
    assert before["fire/next"].part is Part.NEXT
    assert before["fire/next"].order < before["fire!"].order < before["fire/zone"].order  # why this zone is read last
    chosen = [it.unit for it in before["fire!"].candidates[: before["fire!"].chosen]]
    night.must(night.person("lan"), c.AssignUnits(incident=incident, units=tuple(chosen)))
    assert "fire/next" in leg_lines(night.state.incidents[incident], night.state, night.now), "asked is not yet a yes"
    for unit in chosen:
        night.must(night.person("lan"), c.ReportStatus(unit=unit, status=UnitStatus.EN_ROUTE))
    assert "fire/next" not in leg_lines(night.state.incidents[incident], night.state, night.now)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_form_shows_it_whole(language: str, open_window: Any) -> None:
    night, incident = alley(backups=("PC-Q1",))
    without(night, "PC-BT")
    local, window = open_window("lan", language, night)
    window.resize(1600, 900)
    local.desk.show(incident)
    window.panels.form.legs_part.go_to("fire")
    for _ in range(20):  # until every layout has settled
        QApplication.processEvents()
    view = window.panels.form.legs
    row = view.table.row_of("fire/next")
    if PICTURES:
        view.scrollTo(view.table.index(view.table.row_of("fire<" if "fire<" in view.table.idents() else "fire?"), 1))
        window.grab().save(str(Path(PICTURES, f"ahead-{language}.png")))
    assert view.rowHeight(row) >= view.sizeHintForRow(row) > 0
