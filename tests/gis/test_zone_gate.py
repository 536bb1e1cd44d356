"""The gate: sound files pass as they are, each kind of damage is found and named, repair changes what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.affinity import translate
from zone_samples import raw, square

from gis.geodesy import from_metric, to_metric
from gis.zones.coverage import areas_m2, is_whole
from gis.zones.file import RawZones
from gis.zones.gate import ZoneGateRefusal, admit
from gis.zones.report import GateReport
from gis.zones.zone import ZoneSetDraft


def draft(zones: RawZones, **options: Any) -> ZoneSetDraft:
    return admit(zones, service="police", name="sample", **options)


def refused(zones: RawZones, *codes: str, **options: Any) -> GateReport:
    with pytest.raises(ZoneGateRefusal) as caught:
        draft(zones, **options)
    report = caught.value.report
    assert [p.code for p in report.problems] == list(codes)
    assert all(p.vi in caught.value.vi and p.en in caught.value.en for p in report.problems)
    return report


def shifted(geometry: Any, metres_east: float) -> Any:
    return from_metric(translate(to_metric(geometry), xoff=metres_east))


def test_a_sheet_passes_unchanged_and_sorted() -> None:
    squares = [square(c, r) for c in range(4) for r in range(3)]
    codes = [f"Z{i:02d}" for i in range(12)][::-1]
    passed = draft(raw(*squares, codes=codes))
    assert [z.code for z in passed.zones] == sorted(codes)
    assert {z.code: z.geometry for z in passed.zones} == dict(zip(codes, squares, strict=True))
    assert (passed.service, passed.name, passed.approximate) == ("police", "sample", False)
    assert passed.report.overlaps == passed.report.slivers == passed.report.changes == ()
    assert draft(raw(*squares, codes=codes), clean=True).report.changes == ()


def test_islands_are_no_problem() -> None:
    assert len(draft(raw(square(0, 0), square(50, 50))).zones) == 2


def test_empty() -> None:
    refused(raw(), "empty")


def test_duplicate_codes_are_named_with_their_records() -> None:
    report = refused(raw(square(0, 0), square(1, 0), square(2, 0), codes=["A", "B", "A"]), "duplicate_code")
    assert "A" in report.problems[0].en and "feature 0, feature 2" in report.problems[0].en


def test_swapped_axes_are_recognised() -> None:
    swap = [shapely.transform(square(c, 0), lambda xy: xy[:, ::-1]) for c in range(2)]
    report = refused(raw(*swap), "swapped_axes")
    assert "2 zones" in report.problems[0].en and "Z00 feature 0" in report.problems[0].en


def test_metres_taken_for_degrees() -> None:
    refused(raw(to_metric(square(0, 0))), "projected")


def test_elsewhere_on_earth() -> None:
    refused(raw(translate(square(0, 0), xoff=-100.0)), "outside_viet_nam")


def test_self_crossing() -> None:
    bow = shapely.Polygon([(106.6, 10.7), (106.61, 10.71), (106.61, 10.7), (106.6, 10.71)])
    report = refused(raw(bow, square(3, 3)), "invalid_polygon")
    assert "Self-intersection" in report.problems[0].en and "Z00 (feature 0)" in report.problems[0].en
    refused(raw(bow, square(3, 3)), "invalid_polygon", clean=True)


def test_everything_wrong_is_said_at_once() -> None:
    bow = shapely.Polygon([(106.6, 10.7), (106.61, 10.71), (106.61, 10.7), (106.6, 10.71)])
    swapped = shapely.transform(square(0, 0), lambda xy: xy[:, ::-1])
    refused(raw(bow, swapped, codes=["A", "A"]), "duplicate_code", "swapped_axes", "invalid_polygon")


def test_overlap_is_measured_and_repaired() -> None:
    wide = shapely.union(square(0, 0), shifted(square(0, 0), 0.5))  # half a metre over its neighbour's 1.1 km
    report = refused(raw(wide, square(1, 0)), "not_a_coverage")
    [overlap] = report.overlaps
    assert (overlap.first, overlap.second) == ("Z00", "Z01")
    assert overlap.area_m2 == pytest.approx(553.0, abs=3.0)
    assert shapely.intersects_xy(square(1, 0), overlap.lon, overlap.lat)
    passed = draft(raw(wide, square(1, 0)), clean=True)
    assert is_whole(np.asarray([z.geometry for z in passed.zones], dtype=object))
    [change] = passed.report.changes
    assert abs(change.change_m2) == pytest.approx(overlap.area_m2, abs=8.0)  # a rounding of 1 cm along 1.1 km
    assert passed.report.cleaned and len(passed.report.overlaps) == 1  # what was found stays told


def test_crumbs_are_counted_and_not_listed() -> None:
    wide = shapely.union(square(0, 0), shifted(square(0, 0), 0.0005))
    report = refused(raw(wide, square(1, 0)), "not_a_coverage")
    assert len(report.overlaps) == 1 and report.listed_overlaps == ()
    assert 0.0 < report.overlap_m2 < 1.0


def test_sliver_is_measured_and_closed() -> None:
    hole = from_metric(shapely.buffer(to_metric(shapely.Point(106.61, 10.705)), 1.0))
    left, right = shapely.difference(square(0, 0), hole), shapely.difference(square(1, 0), hole)
    report = refused(raw(left, right), "not_a_coverage")
    [sliver] = report.slivers
    assert sliver.area_m2 == pytest.approx(3.1, abs=0.3) and sliver.width_m == pytest.approx(2.0, abs=0.1)
    passed = draft(raw(left, right), clean=True)
    assert sum(c.change_m2 for c in passed.report.changes) == pytest.approx(sliver.area_m2, abs=0.2)


def test_gap_is_told_from_a_sliver_and_never_closed_by_itself() -> None:
    ring = [square(c, r) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    report = refused(raw(*ring), "gaps")
    [gap] = report.gaps
    assert gap.area_m2 == pytest.approx(1.21e6, rel=0.01) and gap.width_m > 1000.0
    assert shapely.intersects_xy(square(1, 1), gap.lon, gap.lat)
    refused(raw(*ring), "gaps", clean=True)
    assert len(draft(raw(*ring), allow_gaps=True).zones) == 8
    assert len(draft(raw(*ring), allow_gaps=True, clean=True).zones) == 8


def test_a_zone_inside_another_is_no_gap() -> None:
    ring = shapely.difference(shapely.union_all([square(c, r) for c in range(3) for r in range(3)]), square(1, 1))
    assert len(draft(raw(ring, square(1, 1))).zones) == 2


def test_unmatched_vertex_is_found_and_matched() -> None:
    split = shapely.segmentize(square(0, 0), 0.006)
    report = refused(raw(split, square(1, 0)), "not_a_coverage")
    assert report.unmatched == ("Z00", "Z01") and not report.overlaps and not report.slivers
    assert draft(raw(split, square(1, 0)), clean=True).report.changes == ()


def test_a_long_straight_border_with_a_vertex_more_is_no_overlap() -> None:
    """Projected, 22 km would bend by two metres and the two sides would seem to share 30,000 m2."""
    split = shapely.segmentize(square(0, 0, 0.2), 0.11)
    zones = raw(split, square(0, 1, 0.2))
    assert refused(zones, "not_a_coverage").overlaps == ()
    assert draft(zones, clean=True).report.changes == ()


def test_areas_are_those_of_the_ellipsoid() -> None:
    for side in (0.0001, 0.01, 0.2):
        shape = square(0, 0, side)
        true, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(shape, side / 200))
        assert areas_m2([shape])[0] == pytest.approx(true, rel=2e-5)


def test_large_overlap_is_not_for_a_repair() -> None:
    zones = raw(square(0, 0), translate(square(0, 0), xoff=0.005))
    refused(zones, "not_a_coverage")
    report = refused(zones, "overlap_too_large", clean=True)
    assert "Z00/Z01" in report.problems[0].en


def test_zone_that_a_repair_would_swallow() -> None:
    tiny = from_metric(shapely.buffer(to_metric(shapely.Point(106.605, 10.705)), 20.0))
    report = refused(raw(square(0, 0), tiny), "not_cleaned", clean=True)
    assert "Z01 feature 1" in report.problems[0].en


def test_simplifying_goes_with_cleaning() -> None:
    fine = shapely.segmentize(square(0, 0), 0.0001)
    zones = raw(fine, shapely.segmentize(square(1, 0), 0.0001))
    passed = draft(zones, clean=True, simplify_m=1.0)
    assert passed.report.vertices_after < passed.report.vertices / 10
    assert passed.report.simplified_m == 1.0
    with pytest.raises(ValueError, match="clean"):
        draft(zones, simplify_m=1.0)
    with pytest.raises(ValueError, match="between"):
        draft(zones, clean=True, simplify_m=51.0)


def test_report_lines_say_the_finds_in_both_languages() -> None:
    wide = shapely.union(square(0, 0), shifted(square(0, 0), 0.5))
    passed = draft(raw(wide, square(1, 0)), clean=True)
    for lines, words in (
        (passed.report.lines_en(), ("2 zones", "overlap Z00 / Z01", "cleaned: 1 zones changed", "became")),
        (passed.report.lines_vi(), ("2 địa bàn", "chồng lấn Z00 / Z01", "đã làm sạch: 1 địa bàn", "thành")),
    ):
        text = "\n".join(lines)
        assert all(word in text for word in words)


@tries(60, 2_000)
@given(st.lists(st.floats(-3.0, 3.0), min_size=2, max_size=6), st.booleans())
def test_whatever_passes_is_a_coverage(shifts: list[float], clean: bool) -> None:
    zones = raw(*(shifted(square(i, 0), metres) for i, metres in enumerate(shifts)))
    try:
        passed = draft(zones, clean=clean)
    except ZoneGateRefusal as refusal:
        assert refusal.report.problems
        return
    polygons = np.asarray([z.geometry for z in passed.zones], dtype=object)
    assert is_whole(polygons) and len(polygons) == len(shifts)
    assert shapely.area(to_metric(shapely.union_all(polygons))) == pytest.approx(
        float(shapely.area(to_metric(polygons)).sum()), abs=0.5
    )


def test_codes_that_sound_alike_are_two_with_one_code() -> None:
    with pytest.raises(ZoneGateRefusal) as refused:
        admit(raw(square(0, 0), square(1, 0), codes=["a1", "A1"]), service="fire", name="x")
    assert [it.code for it in refused.value.report.problems] == ["duplicate_code"]
