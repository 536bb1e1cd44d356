"""A leg whose place lies in two zones, or in none of ours: said on its line and in the story, in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from console_gui.models.lines import LegsTable, StoryTable
from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import HandOver, ZoneAnswer, ZoneShare
from tests.console.local_desk import LocalDesk
from tests.console.scenario import CORE, STATIONS, Night

PICTURES = os.environ.get("DISPATCH_PICTURES", "")
CRASH = "20261123-00001"
HOME, OTHER = [it for it in STATIONS if it[1] == "ambulance"][:2]
PROVINCE = HandOver(kind="province", code="75", vi="Đồng Nai", en="Dong Nai", contact="0251 115", sample=True)
SEA = HandOver(kind="sea", code="sea", vi="Cứu nạn hàng hải", en="Maritime rescue", contact="0254 3850950")


def answered(night: Night, **changes: object) -> None:
    known = night.state.incidents[CRASH]
    zone = known.legs["ambulance"].zone
    assert zone is not None
    answer: ZoneAnswer = replace(zone, **changes)
    night.must(
        CORE,
        c.RouteFound(
            incident=CRASH, location_version=known.location_version, answers={"ambulance": answer}, reaches={}
        ),
    )


def between(night: Night) -> None:
    shares = (
        ZoneShare(zone="26956", zone_name="Phường Thạnh Mỹ Tây", station=HOME[0], share=0.58),
        ZoneShare(zone="26959", zone_name="Phường Bình Thạnh", station=OTHER[0], share=0.42),
    )
    answered(night, shares=shares, also=(OTHER[0],))


def lines(night: Night, language: str) -> tuple[str, list[str]]:
    local = LocalDesk(night, "lan", language).begin()
    legs, story = LegsTable(local.desk), StoryTable(local.desk)
    legs.show(local.desk.state.incidents[CRASH])
    story.show(local.desk.state.incidents[CRASH])
    zone = local.desk.state.incidents[CRASH].legs["ambulance"]
    told = [story.value(it) for it in story.idents()]
    return legs.zone_words(zone), [story.cell("", it, 1).text for it in told if it is not None]


@pytest.mark.parametrize(
    ("language", "on_the_leg", "in_the_story"),
    [
        ("vi", f"báo cả {OTHER[2]} (42%)", f"vị trí nằm ở nhiều địa bàn, báo {HOME[2]} và {OTHER[2]}"),
        ("en", f"also alerted: {OTHER[2]} (42%)", f"in several zones, {HOME[2]} and {OTHER[2]} are alerted"),
    ],
)
def test_between_two_zones(
    language: str, on_the_leg: str, in_the_story: str, night: Night, look: object
) -> None:
    between(night)
    leg, story = lines(night, language)
    assert on_the_leg in leg
    assert any(in_the_story in it for it in story)


@pytest.mark.parametrize(
    ("language", "beyond", "outside", "words"),
    [
        ("vi", PROVINCE, True, "thuộc Đồng Nai: chuyển 0251 115 (số mẫu)"),
        ("en", PROVINCE, True, "belongs to Dong Nai: hand over, 0251 115 (sample)"),
        ("vi", PROVINCE, False, "có thể thuộc Đồng Nai: 0251 115 (số mẫu)"),
        ("vi", SEA, True, "ngoài biển: báo Cứu nạn hàng hải 0254 3850950"),
        ("en", replace(SEA, contact=""), True, "at sea: tell Maritime rescue no number known"),
        ("vi", HandOver(kind="far", code="", vi="", en=""), True, "ngoài các tỉnh đã biết"),
    ],
)
def test_beyond_the_border(
    language: str, beyond: HandOver, outside: bool, words: str, night: Night, look: object
) -> None:
    answered(night, outside=outside, outside_m=2_300.0 if outside else 0.0, hand_over=beyond)
    leg, story = lines(night, language)
    assert words in leg
    assert ("ngoài mọi địa bàn" in leg or "outside every zone" in leg) == outside
    assert any("ngoài địa bàn" in it or "beyond our zones" in it for it in story)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_form_shows_it(language: str, night: Night, open_window) -> None:  # type: ignore[no-untyped-def]
    between(night)
    answered(night, outside=True, outside_m=2_300.0, hand_over=PROVINCE, also=(), shares=())
    local, window = open_window("lan", language, night)
    window.resize(1600, 900)
    local.desk.show(CRASH)
    for _ in range(20):  # until every layout has settled
        QApplication.processEvents()
    if PICTURES:
        window.grab().save(str(Path(PICTURES, f"zones-{language}.png")))
    assert window.isVisible()
