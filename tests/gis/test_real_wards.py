"""The official wards of 2025 as published: refused raw with everything counted, taken clean, looked up right."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gis.addresses.wards import present_wards
from gis.zones.coverage import holes, is_whole, overlaps
from gis.zones.file import RawZones
from gis.zones.gate import ZoneGateRefusal, admit
from gis.zones.geojson import read, write, write_for_map
from gis.zones.zone import ZoneSetDraft
from gis.zones.zone_set import ZoneSet

POINTS = 40_000


@pytest.fixture(scope="module")
def cleaned(real_wards: RawZones) -> ZoneSetDraft:
    return admit(real_wards, service="police", name="wards-2025", clean=True)


def test_raw_is_refused_with_every_find(real_wards: RawZones) -> None:
    with pytest.raises(ZoneGateRefusal) as caught:
        admit(real_wards, service="police", name="wards-2025")
    report = caught.value.report
    assert (report.zones, report.vertices) == (168, 217_352)
    assert len(report.listed_overlaps) == 11  # of 1 m2 or more
    assert (len(report.overlaps), round(report.overlap_m2, 1)) == (28, 70.9)
    assert (len(report.slivers), round(report.sliver_m2, 1)) == (41, 110.7)
    assert (len(report.gaps), len(report.unmatched)) == (0, 42)
    assert [p.code for p in report.problems] == ["not_a_coverage"]
    assert "11 overlaps" in caught.value.en and "41 slivers" in caught.value.en
    assert "11 chỗ chồng lấn" in caught.value.vi and "41 khe hở" in caught.value.vi
    assert sum(line.startswith("overlap ") for line in report.lines_en()) == 11
    assert sum(line.startswith("sliver ") for line in report.lines_en()) == 41


def test_clean_is_taken_and_says_what_it_changed(cleaned: ZoneSetDraft) -> None:
    polygons = np.asarray([z.geometry for z in cleaned.zones], dtype=object)
    assert is_whole(polygons) and holes(polygons) == ((), ())
    assert overlaps([z.code for z in cleaned.zones], polygons) == ()
    assert {z.code for z in cleaned.zones} == {w.code for w in present_wards()}
    assert len(cleaned.report.changes) == 47
    assert max(abs(c.change_m2) for c in cleaned.report.changes) == pytest.approx(26.96, abs=0.05)
    # what was doubled goes once, what was missing comes in
    assert sum(c.change_m2 for c in cleaned.report.changes) == pytest.approx(110.7 - 70.9, abs=1.0)


def test_simplified_by_a_metre(real_wards: RawZones, cleaned: ZoneSetDraft) -> None:
    thin = admit(real_wards, service="police", name="wards-2025", clean=True, simplify_m=1.0)
    assert thin.report.vertices_after < 0.75 * cleaned.report.vertices_after
    assert is_whole(np.asarray([z.geometry for z in thin.zones], dtype=object))


def test_lookup_agrees_with_a_search_tree(cleaned: ZoneSetDraft) -> None:
    zone_set = ZoneSet("police", cleaned.name, 1, cleaned.zones)
    polygons = [z.geometry for z in zone_set.zones]
    rng = np.random.default_rng(20250701)
    lon, lat = rng.uniform(106.3, 107.6, POINTS), rng.uniform(10.3, 11.5, POINTS)
    vertices = shapely.get_coordinates(polygons)
    some = vertices[rng.integers(0, len(vertices), POINTS // 4)]
    lon, lat = np.concatenate([lon, some[:, 0]]), np.concatenate([lat, some[:, 1]])
    expected = np.full(len(lon), len(polygons))
    point, polygon = shapely.STRtree(polygons).query(shapely.points(lon, lat), predicate="intersects")
    np.minimum.at(expected, point, polygon)
    code_at = {z.code: i for i, z in enumerate(zone_set.zones)}
    found = [zone_set.zone_at(y, x) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    got = np.asarray([len(polygons) if z is None else code_at[z.code] for z in found])
    assert (got == expected).all()
    assert (expected[POINTS:] < len(polygons)).all() and 5_000 < (expected[:POINTS] < len(polygons)).sum() < 35_000


def test_stored_bytes_bring_back_the_same_zones(cleaned: ZoneSetDraft) -> None:
    stored = read(write(cleaned.zones))
    assert all(
        a.code == b.code and a.name == b.name and a.geometry.equals_exact(b.geometry, 0.0)
        for a, b in zip(stored.zones, cleaned.zones, strict=True)
    )
    assert len(write_for_map(cleaned.zones)) < 2_500_000
