"""The gate's report as a page: every find marked and enlarged, whatever is wrong with the file."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import shapely
from zone_samples import raw, square

from gis.zones.drawing import draw
from gis.zones.file import RawZones
from gis.zones.gate import ZoneGateRefusal, admit

HAIR = 2e-5


def refused(zones: RawZones) -> str:
    with pytest.raises(ZoneGateRefusal) as caught:
        admit(zones, service="fire", name="x")
    return draw(zones, caught.value.report)


def pictures(page: str) -> list[str]:
    found = re.findall(r"<svg.*?</svg>", page, re.S)
    for it in found:
        ElementTree.fromstring(it)
    return found


def test_overlap_and_sliver_are_marked_and_enlarged() -> None:
    over = shapely.union(square(1, 0), shapely.box(106.61 - HAIR, 10.70, 106.61, 10.71))
    ring = [square(c, r) for c in range(3) for r in range(1, 4) if (c, r) != (1, 2)]
    page = refused(raw(square(0, 0), over, square(2, 0), *ring))
    whole, *enlarged = pictures(page)
    assert len(enlarged) == 2 and whole.count("<circle") == 2
    assert "chồng lấn Z00 / Z01" in page and "gap " in page
    assert "nếu đúng là như vậy" in page and "if they are meant" in page


def test_an_invalid_zone_is_drawn_where_it_crosses_itself() -> None:
    bow = shapely.Polygon([(106.60, 10.70), (106.61, 10.71), (106.61, 10.70), (106.60, 10.71)])
    page = refused(raw(bow, square(2, 0)))
    assert len(pictures(page)) == 2 and "10.705000, 106.605000" in page and "Self-intersection" in page


def test_names_cannot_write_into_the_page() -> None:
    zones = raw(square(0, 0), square(0, 0), codes=["<script>", "b"])
    zones = replace(zones, zones=tuple(replace(z, name="<img onerror=x>") for z in zones.zones))
    page = refused(zones)
    assert "<script" not in page and "<img" not in page


def test_what_cannot_be_drawn_is_said() -> None:
    far = shapely.transform(square(0, 0), lambda c: c[:, ::-1])
    page = refused(raw(far))
    assert "outside Viet Nam" in page and pictures(page) == []
    assert "no zones" in refused(raw())


def test_many_finds_are_bounded() -> None:
    comb = [shapely.box(106.60, 10.70 + k * 1e-3, 106.61, 10.7011 + k * 1e-3) for k in range(150)]
    page = refused(raw(*comb))
    assert len(pictures(page)) == 121 and "29 chỗ nữa / more" in page
