"""Recommendations on the screen: the lines under a leg, the keys that send them, levels, reasons, crews."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console_gui.command_line.outcomes import Context, Send, Wrong
from console_gui.command_line.parsing import parse
from console_gui.command_line.verbs_dispatching import because, next_level
from console_gui.models.leg_ranking import ranking_cell
from console_gui.models.lines import LegLine, Part, leg_lines
from console_gui.translations import dispatching as said
from console_gui.translations.tables import WORDS
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Leg, Note, State
from dispatch_core.domain.vocabulary import (
    Capability,
    Crew,
    CrewState,
    Measured,
    Need,
    Override,
    Passed,
    Reach,
    Role,
    UnitStatus,
)
from tests.console.scenario import Night, busy_night

NIGHT = busy_night()
CRASH, FIRE = "20261123-00001", "20261123-00002"
HERE = Context(NIGHT.state, "lan", Role.DISPATCHER, CRASH, NIGHT.now)


def texts(night: Night, incident: str, opened: tuple[str, ...] = (), language: str = "vi") -> dict[str, str]:
    lines = leg_lines(night.state.incidents[incident], night.state, night.now, opened)
    return {
        ident: ranking_cell(night.state, language, night.now, line, 1).text
        for ident, line in lines.items()
        if line.part not in (Part.LEG, Part.ZONE, Part.UNIT)
    }


# --- what is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("d A1 #1 vì đường kẹt", c.AssignUnits(incident=CRASH, units=("A1",), reason="đường kẹt")),
        ("d A1, A3 vif kẹt #2", c.AssignUnits(incident=CRASH, units=("A1", "A3"), reason="kẹt #2")),
        ("d A1 #2 because of the flood", c.AssignUnits(incident=FIRE, units=("A1",), reason="of the flood")),
        ("cap 2", c.RaiseAlarmLevel(incident=CRASH, level=2, seen=1)),
        ("level 3 #2 it spreads", c.RaiseAlarmLevel(incident=FIRE, level=3, seen=1, reason="it spreads")),
        ("báo động 2 cháy lan #2", c.RaiseAlarmLevel(incident=FIRE, level=2, seen=1, reason="cháy lan")),
        ("cap 2 vì cháy lan", c.RaiseAlarmLevel(incident=CRASH, level=2, seen=1, reason="cháy lan")),
        ("dolai", c.RankAgain(incident=CRASH)),
        ("rank 114 #2", c.RankAgain(incident=FIRE, service="fire")),
        ("kip A1 nghi 30", c.SetCrew(unit="A1", crew=CrewState.RESTING, rest_min=30)),
        ("kíp a1 không", c.SetCrew(unit="A1", crew=CrewState.UNSTAFFED)),
        ("crew A1 on", c.SetCrew(unit="A1", crew=CrewState.STAFFED)),
        ("vi A1 gần hơn #2", c.ExplainOverride(incident=FIRE, unit="A1", reason="gần hơn")),
        ("vi A1 gần hơn", c.ExplainOverride(incident=CRASH, unit="A1", reason="gần hơn")),
        ("why A6 road blocked", c.ExplainOverride(incident=FIRE, unit="A6", reason="road blocked")),
    ],
)
def test_what_a_line_asks(typed: str, body: c.Command) -> None:
    outcome = parse(typed, HERE)
    assert isinstance(outcome, Send) and outcome.body == body, outcome


def test_a_level_below_is_taken_back() -> None:
    night = busy_night()
    night.must(night.person("lan"), c.RaiseAlarmLevel(incident=CRASH, level=3, seen=1))
    here = Context(night.state, "lan", Role.DISPATCHER, CRASH, night.now)
    outcome = parse("cap 1 nhầm", here)
    assert isinstance(outcome, Send)
    assert outcome.body == c.LowerAlarmLevel(incident=CRASH, level=1, seen=3, reason="nhầm")
    assert (next_level(here), next_level(Context(night.state, "lan", Role.DISPATCHER))) == ("cap 4 ", "cap 2 #")


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("cap", "level", "cap 2 #42"),
        ("cap 7", "level", "từ 1 đến 5"),
        ("cap hai", "level", "cap 2 #42"),
        ("cap 2 #999", "incident", "#999"),
        ("dx 117", "service", "117"),
        ("dx #999", "incident", "#999"),
        ("dx #2", "nothing_proposed", "#2"),
        ("dolai 117", "service", "117"),
        ("rank #999", "incident", "#999"),
        ("vi", "usage", "vi A12"),
        ("vi A1", "usage", "vi A12"),
        ("vi Z9 x", "unit", "Z9"),
        ("vi A1 x #999", "incident", "#999"),
        ("kip", "usage", "kip A12"),
        ("kip A1", "usage", "kip A12"),
        ("kip Z9 co", "unit", "Z9"),
        ("kip A1 ngu", "crew", "ngu"),
        ("kip A1 nghi lau", "crew", "nghi lau"),
        ("kip A1 nghi ٣", "crew", "nghi"),
        ("d vì kẹt", "unit", "vì"),
    ],
)
def test_a_mistake_says_what_to_write(typed: str, code: str, words: str) -> None:
    outcome = parse(typed, HERE)
    assert isinstance(outcome, Wrong) and outcome.code == code, outcome
    assert words in outcome.sentence("vi")


def test_the_word_before_a_reason() -> None:
    assert because("A12 #42 vì kẹt xe") == ("A12 #42", "kẹt xe")
    assert because("A12 VIF kẹt xe") == ("A12", "kẹt xe")
    assert because("vì kẹt xe") == ("vì kẹt xe", "")
    assert because("A12 FE3") == ("A12 FE3", "")


def trapped() -> tuple[Night, str]:
    """An incident of which no unit is sent yet."""
    night = busy_night()
    incident = "20261123-00007"
    night.must(night.person("lan"), c.SetType(incident=incident, type="traffic_trapped", seen=""))
    night.place("lan", incident, 1)
    return night, incident


def test_one_line_sends_the_set_of_every_leg_or_of_one() -> None:
    night, incident = trapped()
    here = Context(night.state, "lan", Role.DISPATCHER, incident, night.now)
    every, one = parse("dx", here), parse("dx 114", here)
    assert isinstance(every, Send) and isinstance(one, Send)
    assert isinstance(every.body, c.AssignUnits) and isinstance(one.body, c.AssignUnits)
    services = [night.state.units[it].service for it in every.body.units]
    assert sorted(services) == ["ambulance", "fire", "police"]
    assert [night.state.units[it].service for it in one.body.units] == ["fire"]
    night.must(night.person("lan"), every.body)
    after = night.state.incidents[incident]
    assert not any(leg.overrides for leg in after.legs.values()), "who follows the proposal owes no reason"


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_set_stands_before_the_others_with_minutes_and_metres() -> None:
    night, incident = trapped()
    told = texts(night, incident)
    assert told["fire!"] == "1\u00a0FE1\u00a0≈1\u00a0phút\u00a0420\u00a0m"
    assert told["fire?"].startswith("2\u00a0FE2\u00a0≈2,5\u00a0phút\u00a01,1\u00a0km     3\u00a0FE4")
    assert "fire<" not in told
    night.must(night.person("lan"), c.SetCrew(unit="FE1", crew=CrewState.RESTING, rest_min=30))
    told = texts(night, incident, ("fire",))
    assert told["fire!"].startswith("1\u00a0FE2")
    assert "kíp nghỉ đến" in told["fire>FE1"] and told["fire>FE1"].startswith("≈1\u00a0phút")
    assert told["fire>"].endswith("đơn vị khác không đề xuất: Enter xem vì sao")


def test_what_is_lacking_is_said_and_old_times_are_too() -> None:
    night, incident = trapped()
    for unit in [it for it in night.state.units.values() if it.service == "fire" and it.assignment is None]:
        night.must(night.person("lan"), c.SetCrew(unit=unit.call_sign, crew=CrewState.UNSTAFFED))
    told = texts(night, incident)
    assert told["fire<"] == "THIẾU 1 đơn vị" and told["fire?"] == "không còn đơn vị sẵn sàng"
    assert texts(night, incident, language="en")["fire<"] == "LACKING 1 unit"
    night.now += 400_000
    assert "đo 6 phút trước; Alt+R đo lại" in texts(night, incident)["fire>"]


def test_an_override_asks_for_its_reason_until_there_is_one() -> None:
    night = busy_night()
    before = texts(night, FIRE)
    assert before["ambulance~A6"].endswith("gõ vi A6 LÝ DO")
    night.must(night.person("lan"), c.ExplainOverride(incident=FIRE, unit="A6", reason="kíp quen địa bàn"))
    after = texts(night, FIRE)
    assert after["ambulance~A6"] == "A6 thay vì A1, đến sớm hơn 4,5 phút: kíp quen địa bàn"
    incident = night.state.incidents[FIRE]
    assert "A6" not in said.unexplained(incident)
    notes = [note for note in incident.notes if note.kind in ("overridden", "override_explained")]
    assert any("CHƯA GHI LÝ DO" in said.override_note(night.state, it, "vi") for it in notes if it.kind == "overridden")
    assert said.explained_note(notes[-1], "vi") == "Lý do điều A6 thay vì A1: kíp quen địa bàn"


REASONS = (
    ("at_work", ("20261123-00042",), "đang đi vụ #42", "on #42"),
    ("out_of_service", ("0",), "ngưng trực", "out of service"),
    ("returning", (str(NIGHT.now),), "đang về từ ", "returning since "),
    ("not_staffed", (str(NIGHT.now),), "không có kíp từ ", "no crew since "),
    ("resting", ("0",), "kíp nghỉ", "crew rests"),
    ("resting", (str(NIGHT.now),), "kíp nghỉ đến ", "crew rests until "),
    ("exhausted", ("runs", "8"), "đã đi 8 vụ trong ca", "8 runs in this shift"),
    ("exhausted", ("work", "36000000"), "đã làm 10 giờ trong ca", "10 h at work in this shift"),
    ("position_stale", ("900000",), "vị trí báo từ 15 phút trước", "its position is of 15 min ago"),
    ("out_of_radius", ("25",), "ngoài bán kính 25 km", "beyond 25 km"),
    ("declined", (), "đã từ chối", "declined"),
    ("not_capable", ("ladder", ""), "không có xe thang", "has no aerial ladder"),
    ("unreachable", (), "không có đường tới", "no way there"),
    ("of_tomorrow", (), "of_tomorrow", "of_tomorrow"),
    ("exhausted", ("work", "x"), "đã làm 0 s trong ca", "0 s at work in this shift"),
)


@pytest.mark.parametrize(("why", "about", "vi", "en"), REASONS)
def test_why_a_unit_is_passed_over(why: str, about: tuple[str, ...], vi: str, en: str) -> None:
    ladder = Capability(code="ladder", service="fire", vi="xe thang", en="aerial ladder")
    state = replace(NIGHT.state, capabilities={"ladder": ladder})
    it = Passed(unit="FE1", why=why, about=about)
    assert said.passed(state, it, "vi").startswith(vi)
    assert said.passed(state, it, "en").startswith(en)


def test_every_reason_of_the_rules_has_words() -> None:
    plain = ("at_work", "not_staffed", "resting", "position_stale", "out_of_radius", "declined", "not_capable")
    for why in (*plain, "unreachable"):
        assert f"passed.{why}" in WORDS


def test_times_and_distances() -> None:
    assert [said.travel(it, "vi") for it in (0, 59, 90, 570, 1_000, 7_200)] == [
        "0 s", "59 s", "1,5 phút", "9,5 phút", "17 phút", "2 giờ",
    ]  # fmt: skip
    road = Reach(unit="A", seconds=60, metres=900, measured=Measured.ROAD, age_ms=90_000)
    assert said.how_far(road, "en") == "1\u00a0min\u00a0900\u00a0m\u00a0(90\u00a0s\u00a0ago)"
    assert said.how_far(replace(road, age_ms=59_999), "en") == "1\u00a0min\u00a0900\u00a0m"
    assert said.need(State(), Need(service="fire", capability="boat", count=2), "vi") == "2 boat"


def test_levels_in_the_narrative() -> None:
    up = Note(at=1, by="person:lan", kind="alarm_level", about=("2", "1"), text="cháy lan")
    assert said.level_note(up, "vi") == "Nâng từ cấp 1 lên BÁO ĐỘNG CẤP 2. Lý do: cháy lan"
    assert said.level_note(replace(up, about=("1", "2"), text=""), "en") == "Lowered from level 2 to alarm level 1"


def test_what_an_override_lacks_is_said() -> None:
    it = Override(unit="A2", instead="A1", lacks=("als",))
    assert said.override(State(), it, "en") == "A2 went, not A1; A2 has no als: type why A2 REASON"


def test_a_crew_on_the_board() -> None:
    unit = NIGHT.state.units["A1"]
    assert said.crew(NIGHT.state, unit, "vi") == ""
    resting = replace(unit, crew=Crew(state=CrewState.RESTING))
    assert said.crew(NIGHT.state, resting, "vi") == "kíp nghỉ"
    assert said.crew(NIGHT.state, replace(unit, crew=Crew(state=CrewState.UNSTAFFED)), "en") == "no crew"
    until = replace(unit, crew=Crew(state=CrewState.RESTING, until=NIGHT.now))
    assert said.crew(NIGHT.state, until, "vi").startswith("nghỉ đến ")


def test_a_line_without_its_thing_is_blank() -> None:
    line = LegLine(Part.OVERRIDE, (0, 0, 0), Leg(service="fire"))
    assert ranking_cell(NIGHT.state, "vi", 0, line, 2).text == ""


# --- keys -------------------------------------------------------------------------------------------------------------


def test_keys_and_buttons_of_the_form(open_window: Any) -> None:
    local, window = open_window("lan")
    incident = "20261123-00007"
    local.happen(
        lambda night: night.must(night.person("lan"), c.SetType(incident=incident, type="traffic_trapped", seen=""))
    )
    local.happen(lambda night: night.place("lan", incident, 1))
    local.desk.show(incident)
    form = window.panels.form
    form.legs.choose("fire!")
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert local.link.orders[-1].body == c.AssignUnits(incident=incident, units=("FE1",))
    form.legs.choose("police>")
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert any(it.startswith("police>B") for it in form.legs.legs.idents())
    form.legs.choose("police>B10")
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert window.bar.line.text() == "d B10 #7 vì "
    form.legs.choose("police>")
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert not any(it.startswith("police>B") for it in form.legs.legs.idents())
    form.dispatching.buttons["send_all"].click()
    assert isinstance(local.link.orders[-1].body, c.AssignUnits)
    assert {local.night.state.units[it].service for it in local.link.orders[-1].body.units} == {"ambulance", "police"}
    assert not form.dispatching.buttons["send_all"].isEnabled()
    form.dispatching.buttons["raise"].click()
    assert window.bar.line.text() == "cap 2 "
    QTest.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert local.night.state.incidents[incident].level == 2
    assert form.head.level.text() == "BÁO ĐỘNG 2"
    assert form.dispatching.buttons["explain"].isHidden()


def test_the_reason_that_is_owed_is_one_press_away(open_window: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(FIRE)
    form = window.panels.form
    assert not form.dispatching.buttons["explain"].isHidden()
    form.dispatching.buttons["explain"].click()
    assert window.bar.line.text().startswith("vi ")
    form.legs.choose("ambulance~A6")
    QTest.keyClick(form.legs, Qt.Key.Key_Return)
    assert window.bar.line.text() == "vi A6 "
    form.legs.choose("fire/FE3")
    assert local.night.state.units["FE3"].status is not UnitStatus.AVAILABLE
