"""Beyond the border: the neighbouring province with its number, who rescues at sea, or nobody we know."""

from __future__ import annotations

from pathlib import Path

import pytest
from zone_samples import square

from gis.errors import ZoneRulesError
from gis.zones.beyond import hand_over
from gis.zones.rules import USUAL, read_rules
from gis.zones.zone import Zone
from gis.zones.zone_set import ZoneSet

PLACES = {  # well-known towns beyond the border
    "Biên Hòa": (10.945, 106.824, "75", "Đồng Nai"),
    "Long Thành": (10.783, 106.950, "75", "Đồng Nai"),
    "Trảng Bàng": (11.030, 106.360, "80", "Tây Ninh"),
    "Bến Lức": (10.637, 106.487, "80", "Tây Ninh"),
    "Đồng Xoài": (11.535, 106.890, "75", "Đồng Nai"),
    "Hàm Tân": (10.690, 107.760, "68", "Lâm Đồng"),
    "Gò Công": (10.365, 106.665, "82", "Đồng Tháp"),
    "Mỹ Tho": (10.360, 106.360, "82", "Đồng Tháp"),
    "Bến Tre": (10.240, 106.375, "86", "Vĩnh Long"),
}


@pytest.mark.parametrize("town", PLACES)
def test_a_town_beyond_the_border_is_its_provinces(town: str, demo_data: Path) -> None:
    lat, lon, code, name = PLACES[town]
    found = hand_over(lat, lon, "fire", read_rules(demo_data / "zone_rules.toml"))
    assert (found.kind, found.code, found.vi) == ("province", code, name)
    assert found.contact.endswith(" 114") and found.sample


def test_a_province_that_the_site_does_not_list_is_named_all_the_same() -> None:
    found = hand_over(10.945, 106.824, "police", USUAL)
    assert (found.kind, found.vi, found.contact) == ("province", "Đồng Nai", "")
    assert hand_over(21.03, 105.85, "police", USUAL).vi == "Hà Nội"


@pytest.mark.parametrize(("lat", "lon"), [(10.20, 107.10), (9.5, 106.9), (10.30, 107.5), (8.9, 107.2)])
def test_at_sea(lat: float, lon: float, demo_data: Path) -> None:
    found = hand_over(lat, lon, "ambulance", read_rules(demo_data / "zone_rules.toml"))
    assert found.kind == "sea" and found.contact == "0254 3850950"


def test_far_from_every_commune_is_nobodys() -> None:
    assert hand_over(12.5, 104.5, "police", USUAL).kind == "far"  # Cambodia


def test_the_answer_names_it_only_outside() -> None:
    zone_set = ZoneSet("fire", "one", 1, [Zone("1", "Một", square(0, 0))])
    inside, outside = zone_set.answer(10.705, 106.605), zone_set.answer(10.945, 106.824)
    assert inside.hand_over is None
    assert outside.hand_over is not None and outside.outside and outside.zone == "1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("also_from = 0", "also_from"),
        ("also_from = nan", "also_from"),
        ("also_most = 99", "also_most"),
        ("far = 1", "far"),
        ('[[neighbours]]\ncode = "80"\nvi = "a"', "en"),
        ('[[neighbours]]\ncode="80"\nvi="a"\nen="a"\n[[neighbours]]\ncode="80"\nvi="b"\nen="b"', "80"),
        ("also_from = ", "Invalid value"),
    ],
)
def test_bad_rules_are_refused_with_the_key(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "zone_rules.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ZoneRulesError) as caught:
        read_rules(file)
    assert words in caught.value.en and str(file) in caught.value.vi


def test_no_rules_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ZoneRulesError):
        read_rules(tmp_path / "none.toml")
