"""Under an address stands the ward with what people still call it; nobody is asked to say coordinates."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication

from console_gui.call_taking.place_words import once
from console_gui.models.incidents import WHAT
from console_gui.translations import sentences
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Location, LocationSource
from tests.console.conftest import OpenWindow
from tests.console.scenario import Night

CRASH = "20261123-00001"
PIN = Location(label="10.77900, 106.70200", source=LocationSource.MAP_PIN, lat=10.779, lon=106.702)


def pinned(night: Night, *, routed: bool) -> None:
    seen = night.state.incidents[CRASH].location_version
    night.must(night.person("lan"), c.Locate(incident=CRASH, location=PIN, seen=seen))
    if routed:
        night.route(CRASH)


def test_former_wards_are_told_by_their_district() -> None:
    assert once(["Phường 19, Quận Bình Thạnh", "Phường 22, Quận Bình Thạnh"]) == "P. 19, 22 Q. Bình Thạnh"
    assert once(["Phường Bến Nghé, Quận 1", "Xã An Phú, Huyện Củ Chi"]) == "P. Bến Nghé Q. 1; Xã An Phú H. Củ Chi"
    assert once([f"Phường {n}, Quận 4" for n in range(1, 9)]) == "P. 1, 2, 3, 4 … Q. 4"
    assert once([]) == ""


def test_the_ward_stands_under_the_address_and_coordinates_in_the_tool_tip(open_window: OpenWindow) -> None:
    local, window = open_window("lan", "vi")
    local.desk.show(CRASH)
    place = window.panels.form.fields.place
    assert place.text().startswith("P. Thạnh Mỹ Tây, cũ: P. 19, 22, 25 Q. Bình Thạnh   ±31 m")
    assert "10.8" not in place.text() and "10.80160, 106.71130" in place.toolTip()
    window.bar.run("toado")
    assert QGuiApplication.clipboard().text() == "10.80160, 106.71130"


def test_while_the_core_has_not_answered_the_zone_of_the_legs_is_told(open_window: OpenWindow) -> None:
    local, window = open_window("lan", "vi")
    local.questions.holding = True
    local.happen(lambda night: pinned(night, routed=True))
    local.desk.show(CRASH)
    place = window.panels.form.fields.place
    assert place.text().startswith("phường Thạnh Mỹ Tây")
    local.questions.holding = False
    local.questions.let_go()
    assert place.text().startswith("P. Thạnh Mỹ Tây, cũ:")


def test_a_place_without_words_is_told_by_its_ward_on_the_board_and_in_the_form(
    open_window: OpenWindow, night: Night
) -> None:
    pinned(night, routed=False)
    incident = night.state.incidents[CRASH]
    assert sentences.place(incident, "vi") == "vị trí ghim trên bản đồ"
    assert sentences.place(incident, "en") == "a place pinned on the map"
    night.route(CRASH)
    local, window = open_window("lan", "vi")
    local.desk.show(CRASH)
    table: Any = window.panels.incidents.table
    assert table.cell(CRASH, table.value(CRASH), WHAT).text.startswith("ghim ở phường Thạnh Mỹ Tây · Tai nạn")
    assert window.panels.form.address_field.field.text() == "ghim ở phường Thạnh Mỹ Tây"
    local.happen(lambda night: night.must(night.person("lan"), c.CloseIncident(incident=CRASH, disposition="resolved")))
    assert "10.77" not in table.cell(CRASH, table.value(CRASH), WHAT).text


def test_a_street_number_is_no_coordinate(night: Night) -> None:
    """Words with figures stay as they were told."""
    for label in ("214/28/6 Nguyễn Trãi", "Quốc lộ 1, 10.5 km", "10.5, 106.5"):
        told = Location(label=label, source=LocationSource.SPOKEN)
        seen = night.state.incidents[CRASH].location_version
        night.must(night.person("lan"), c.Locate(incident=CRASH, location=told, seen=seen))
        assert sentences.place(night.state.incidents[CRASH], "vi") == label
