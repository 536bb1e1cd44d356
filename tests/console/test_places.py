"""Hospitals, what is known of a place and coverage, as the screen shows them and the command line says them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from PySide6.QtCore import Qt

from console_gui.command_line.outcomes import Act, Context, Screen, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.desk import Desk
from console_gui.models.coverage import CoverageTable, Part, coverage_lines
from console_gui.models.ordered_table import CELL_ROLE
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import (
    Beds,
    Hospital,
    Location,
    LocationSource,
    PastIncident,
    PremiseFound,
    Reach,
    Role,
)
from dispatch_core.wire.envelopes import LiveValue
from tests.console.scenario import CORE, Night, busy_night

FIRE = "20261123-00002"
HOSPITALS = {
    "H1": Hospital(id="H1", name="Bệnh viện Chợ Rẫy", lat=10.7577, lon=106.6595, skills=("trauma", "stroke"),
                   beds={"emergency": Beds(free=12), "icu": Beds(free=2)}, sample=True),
    "H2": Hospital(id="H2", name="Bệnh viện Nhi đồng 2", lat=10.7812, lon=106.7027, skills=("paediatric",),
                   beds={"emergency": Beds(free=0)}),
    "H3": Hospital(id="H3", name="Bệnh viện Trưng Vương", lat=10.7707, lon=106.6587, skills=("trauma",)),
}  # fmt: skip


def note(ident: str, kind: str, text: str, metres: float, **more: Any) -> PremiseFound:
    return PremiseFound(id=ident, kind=kind, text=text, lat=10.78, lon=106.70, metres=metres, radius_m=50, **more)


@pytest.fixture
def placed() -> Night:
    """The busy night with hospitals, and notes at the place of the fire."""
    night = busy_night()
    night.must(CORE, c.LoadHospitals(hospitals=HOSPITALS))
    version = night.state.incidents[FIRE].location_version
    if not version:
        pin = Location(label="Chợ Bến Thành", source=LocationSource.MAP_PIN, lat=10.7721, lon=106.6983)
        night.must(night.person("lan"), c.Locate(incident=FIRE, location=pin, seen=0))
        version = 1
    night.must(
        CORE,
        c.PremisesTold(
            incident=FIRE, location_version=version,
            notes=(note("P1", "gas", "40 bình gas sau bếp", 8.0, label="Quán cơm", until=1_798_736_400_000),
                   note("yard:7", "access", "xe lớn vào từ hẻm 12", 21.0)),
            hydrants=(note("hydrants:TN06", "hydrant", "", 31.0, label="Trụ nước chợ Bến Thành"),),
            history=(PastIncident(incident="20260301-00007", type="house_fire", at=1_772_400_000_000, metres=4.0),),
        ),
    )  # fmt: skip
    return night


def rows(table: Any) -> list[tuple[str, ...]]:
    return [
        tuple(table.index(row, column).data(CELL_ROLE).text for column in range(table.columnCount()))
        for row in range(table.rowCount())
    ]


def said(line: str, night: Night, role: Role = Role.SUPERVISOR) -> Any:
    return parse(line, Context(night.state, "hung", role, FIRE))


def test_what_is_known_of_a_place_stands_under_its_address(open_window: Any, placed: Night, qtbot: Any) -> None:
    local, window = open_window("lan", of=placed)
    local.desk.show(FIRE)
    view = window.panels.form.premises
    assert not view.isHidden()
    kinds = [row[0] for row in rows(view.table)]
    assert kinds[:3] == ["gas, hoá chất", "lối vào", "vụ cũ"]
    assert "40 bình gas" in rows(view.table)[0][1] and "hết hạn 31/12/2026" in rows(view.table)[0][1]
    if "fire" in placed.state.incidents[FIRE].legs:
        assert kinds[-1] == "trụ nước"
    with qtbot.waitSignal(view.line_wanted) as wanted:
        view.view.entered_row.emit("P1")
    assert wanted.args == ["dd P1 40 bình gas sau bếp"]
    local.desk.words.set_language("en")
    assert rows(view.table)[0][0] == "gas, chemicals"
    local.desk.show("20261123-00001")
    assert view.isHidden(), "nothing is known of that place"


def test_the_choice_of_a_hospital(open_window: Any, placed: Night, qtbot: Any) -> None:
    placed.must(placed.person("hung"), c.SetDivert(hospital="H3", on=True, reason="hết máy thở", minutes=60))
    _, window = open_window("lan", of=placed)
    panel = window.panels.hospitals
    panel.unit, panel._skill = "A1", "stroke"
    reaches = tuple(Reach(unit=it, seconds=s, metres=s * 8) for it, s in (("H3", 120), ("H2", 200), ("H1", 400)))
    panel._measured("A1", reaches, None)
    shown = rows(panel.table)
    assert [row[0][:2] for row in shown] == ["H1", "H2", "H3"]
    assert shown[0][2].startswith("12 · hồi sức 2") and "mẫu" in shown[0][2] and shown[0][3].startswith("~6:40")
    assert "không có đột quỵ" in shown[1][1] and "NGƯNG NHẬN" in shown[2][1] and "hết máy thở" in shown[2][1]
    with qtbot.waitSignal(panel.run_wanted) as wanted:
        panel.view.entered_row.emit("H1")
    assert wanted.args == ["bv A1 H1"]
    panel._measured("A9", (), None)
    assert len(rows(panel.table)) == 3, "an answer for another unit changes nothing"


COVERAGE = LiveValue(
    kind="coverage", key="ambulance/", at=1,
    value={
        "service": "ambulance", "capability": "", "minutes": 12, "free": 9, "share": 81.2, "full": 96.4, "road": False,
        "cut": False, "more": 2, "codes": ["1"],
        "holes": [{"code": "1", "ward": "Xã Củ Chi", "seconds": 1_500, "since": 1},
                  {"code": "2", "ward": "Xã Hóc Môn", "seconds": None, "since": 1}],
        "moves": [{"unit": "A2", "station": "CC-TT", "home": "CC-TT", "gained": 540, "net": 4.1,
                   "closes": ["Xã Củ Chi"], "opens": ["Phường Gò Vấp"]}],
    },
)  # fmt: skip


def test_coverage_names_its_holes_and_the_move_up(open_window: Any, placed: Night, qtbot: Any) -> None:
    _, window = open_window("hung", of=placed)
    panel = window.panels.coverage
    panel._take((COVERAGE, LiveValue(kind="phone", key="B01", at=1, value={})))
    shown = rows(panel.table)
    assert shown[0][2] == "81%" and "trong 12 phút" in shown[0][1] and "đủ quân 96%" in shown[0][1]
    assert shown[1][1:] == ("hở: Xã Củ Chi", "25 phút") and shown[2][2] == "không ai"
    assert "A2 từ" in shown[3][1] and "hở thêm Phường Gò Vấp" in shown[3][1] and shown[3][2] == "−9:00"
    with qtbot.waitSignal(panel.line_wanted) as wanted:
        panel.view.entered_row.emit("ambulance//move/0")
    assert wanted.args == ["dct A2 CC-TT"]
    panel._take((LiveValue(kind="coverage", key="ambulance/", at=2, value={}),))
    assert rows(panel.table) == []
    assert coverage_lines({"x": {"service": 7}}, []) == {}
    assert {line.part for line in coverage_lines({"a": COVERAGE.value}, []).values()} == set(Part)


def test_coverage_told_before_the_services_are_known_stands_in_their_order_later(open_window: Any) -> None:
    _, window = open_window("hung")
    desk = SimpleNamespace(words=window.desk.words, state=State())
    table = CoverageTable(cast(Desk, desk))
    of = {it: COVERAGE.value | {"service": it, "holes": [], "moves": []} for it in ("ambulance", "fire")}
    told = tuple(msgspec.structs.replace(COVERAGE, key=f"{it}/", value=value) for it, value in of.items())
    table.take(told)
    assert table.idents() == ["ambulance/", "fire/"]
    desk.state = window.desk.state
    assert [it for it in window.desk.state.site.services if it != "police"] == ["fire", "ambulance"]
    table.take(told)
    assert table.idents() == ["fire/", "ambulance/"]


def test_hospitals_are_only_chosen_by_dispatchers(open_window: Any, placed: Night) -> None:
    _, window = open_window("lan", of=placed)
    assert window.panels.coverage is None and window.panels.hospitals is not None
    window.panels.hospitals.show_for("")
    assert len(rows(window.panels.hospitals.table)) == 3
    assert window.panels.hospitals.view.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_lines_about_places(placed: Night) -> None:
    sign = "A1"
    assert said("bv", placed) == Screen(Act.HOSPITALS)
    assert said(f"bv {sign}", placed) == Screen(Act.HOSPITALS, sign)
    assert said(f"hospital {sign} đột quỵ", placed) == Screen(Act.HOSPITALS, f"{sign} stroke")
    assert said(f"bv {sign} chợ rẫy", placed) == Send(c.TakeTo(unit=sign, hospital="H1"))
    assert said(f"bv {sign} h3 chắc", placed) == Send(c.TakeTo(unit=sign, hospital="H3", confirmed=True))
    assert said("giuong H1 hồi sức 0", placed) == Send(c.SetBeds(hospital="H1", kind="icu", free=0))
    assert said("beds H1 4", placed) == Send(c.SetBeds(hospital="H1", kind="emergency", free=4))
    assert said("nn H1 30 kín giường", placed) == Send(
        c.SetDivert(hospital="H1", on=True, reason="kín giường", minutes=30)
    )
    assert said("ngưng nhận H1 kín", placed) == Send(c.SetDivert(hospital="H1", on=True, reason="kín"))
    place = placed.state.incidents[FIRE].location
    assert place is not None
    written = said("dd gas 50m kho hoá chất den:2026-12-31", placed)
    assert isinstance(written, Send) and isinstance(written.body, c.WritePremise)
    assert (written.body.kind, written.body.radius_m, written.body.text, written.body.until) == (
        "gas", 50.0, "kho hoá chất", 1_798_736_400_000,
    )  # fmt: skip
    anew = said("dd p1 dọn rồi", placed)
    assert isinstance(anew, Send) and isinstance(anew.body, c.WritePremise)
    assert (anew.body.premise, anew.body.kind, anew.body.text) == ("P1", "gas", "dọn rồi")
    assert said("dd- p1", placed) == Send(c.RemovePremise(premise="P1"))
    assert said("dd= P1", placed) == Send(c.UndoPremise(premise="P1"))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("bv X99", "unit"), ("bv A1 nowhere", "hospital"), ("bv A1 bệnh viện", "hospital"), ("giuong H1", "usage"),
        ("giuong H9 2", "hospital"), ("giuong H1 sofa 2", "bed_kind"), ("nn", "usage"),
        ("nn H9 kín", "hospital"),
        ("nn H1 60", "reason"), ("nn-", "usage"), ("nn- H9", "hospital"), ("dd", "usage"),
        ("dd rồng x", "premise_kind"),
        ("dd gas", "usage"), ("dd gas 50", "usage"), ("dd P9 x", "premise"), ("dd P1", "usage"), ("dd-", "usage"),
        ("dd=", "usage"), ("dd gas x den:mai", "until_date"), ("dd gas x #99", "incident"), ("dct A1", "usage"),
        ("dct X9 CC-TT", "unit"), ("dct A1 nowhere", "station"), ("dct-", "usage"), ("dct- X9", "unit"),
    ],
)  # fmt: skip
def test_mistakes_about_places(placed: Night, line: str, code: str) -> None:
    outcome = said(line, placed)
    assert isinstance(outcome, Wrong) and outcome.code == code, outcome
    assert outcome.sentence("vi") != outcome.sentence("en")
