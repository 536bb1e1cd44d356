"""The gate of zone files: a file passes whole or not at all.

Invariants of a draft that it lets through: at least one zone; every code once; valid polygons inside Viet Nam; no
overlaps, no slivers, borders matched vertex by vertex; no gaps unless they were allowed. The refusal counts and lists
everything that was found, so that one look at it is enough to repair the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gis.errors import ZoneFileError
from gis.geodesy import in_viet_nam
from gis.zones import coverage
from gis.zones.file import RawZone, RawZones
from gis.zones.reference import likely
from gis.zones.report import AreaChange, GateReport, Problem
from gis.zones.zone import Zone, ZoneSetDraft

# Who serves a hectare that two zones claim is for people to say, not for a repair.
MAX_REPAIRED_OVERLAP_M2 = 10_000.0
MIN_CHANGE_M2 = 0.005
MAX_SIMPLIFY_M = 50.0
LISTED = 5  # examples in a sentence


class ZoneGateRefusal(ZoneFileError):
    """The file was refused; ``report`` has everything that was found."""

    def __init__(self, report: GateReport) -> None:
        super().__init__(
            "zone_gate.refused",
            f"Không nhận tệp {report.file}. {report.summary_vi()}. " + " ".join(p.vi for p in report.problems),
            f"{report.file} is refused. {report.summary_en()}. " + " ".join(p.en for p in report.problems),
            file=report.file,
            problems=len(report.problems),
        )
        self.report = report


def admit(
    raw: RawZones, *, service: str, name: str, clean: bool = False, simplify_m: float = 0.0, allow_gaps: bool = False,
    trust_crs: bool = False,
) -> ZoneSetDraft:  # fmt: skip
    """Let the file through as a draft, repaired if ``clean``, or raise ``ZoneGateRefusal``.

    ``simplify_m`` (0 to 50) thins the borders while cleaning; ``allow_gaps`` takes holes wider than a sliver as meant;
    ``trust_crs`` lets doubts about the reference system pass.
    """
    if not 0.0 <= simplify_m <= MAX_SIMPLIFY_M:
        raise ValueError(f"simplify_m is {simplify_m}, it must lie between 0 and {MAX_SIMPLIFY_M}")
    if simplify_m and not clean:
        raise ValueError("simplify_m changes the borders: it goes with clean=True alone")
    zones = sorted(raw.zones, key=lambda z: z.code)
    polygons = np.asarray([z.geometry for z in zones], dtype=object)
    found = _inspect(raw, zones, polygons)
    if not found.problems:
        found = _with(found, _coverage_problems(found, clean=clean, allow_gaps=allow_gaps))
        found = _offered(zones, polygons, found)
    if raw.doubts and not trust_crs:
        found = _with(found, raw.doubts)
    if not found.problems:  # what is wrong with the file itself explains other ground
        found = _with(found, raw.ground)
    if found.problems:
        raise ZoneGateRefusal(found)
    if clean:
        polygons, found = _cleaned(zones, polygons, found, simplify_m)
    return ZoneSetDraft(
        service=service,
        name=name,
        zones=tuple(
            Zone(z.code, z.name, g, z.station, z.backups, z.mutual_aid) for z, g in zip(zones, polygons, strict=True)
        ),
        report=found,
    )


def _inspect(raw: RawZones, zones: Sequence[RawZone], polygons: Any) -> GateReport:
    """Each zone for itself first; the coverage only where every zone is sound, or its figures would be nonsense."""
    vertices = int(shapely.get_num_coordinates(polygons).sum())
    problems = [*_empty(raw), *_duplicates(zones), *_misplaced(zones, polygons), *_invalid(zones, polygons)]
    if problems:
        return GateReport(str(raw.path), len(zones), vertices, problems=tuple(problems), way=raw.way)
    codes = [z.code for z in zones]
    slivers, gaps = coverage.holes(polygons)
    return GateReport(
        str(raw.path), len(zones), vertices,
        overlaps=coverage.overlaps(codes, polygons),
        slivers=slivers,
        gaps=gaps,
        unmatched=coverage.unmatched(codes, polygons),
        vertices_after=vertices,
        way=raw.way,
    )


def _offered(zones: Sequence[RawZone], polygons: Any, found: GateReport) -> GateReport:
    """With the file refused for want of cleaning alone: what cleaning would do to each zone."""
    if [it.code for it in found.problems] != ["not_a_coverage"]:
        return found
    try:
        _, cleaned = _cleaned(zones, polygons, replace(found, problems=()), 0.0)
    except ZoneGateRefusal:
        return found
    return replace(found, offered=cleaned.changes)


def _empty(raw: RawZones) -> list[Problem]:
    if raw.zones:
        return []
    return [Problem("empty", "Tệp không có địa bàn nào; hãy kiểm tra lại lớp đã xuất.",
                    "The file has no zones; check which layer was exported.")]


def _duplicates(zones: Sequence[RawZone]) -> list[Problem]:
    """Codes that differ in large and small letters alone are one to who reads them out."""
    by_code: dict[str, list[str]] = defaultdict(list)
    first: dict[str, str] = {}
    for zone in zones:
        by_code[first.setdefault(zone.code.casefold(), zone.code)].append(zone.label)
    return [
        Problem(
            "duplicate_code",
            f"Mã {code} có ở {len(labels)} bản ghi ({', '.join(labels[:LISTED])}); mỗi địa bàn một mã riêng.",
            f"The code {code} is on {len(labels)} records ({', '.join(labels[:LISTED])}); give every zone its own.",
        )
        for code, labels in by_code.items()
        if len(labels) > 1
    ]


def _misplaced(zones: Sequence[RawZone], polygons: Any) -> list[Problem]:
    """Outside Viet Nam, with the likely reason: latitude first, or metres taken for degrees."""
    if not len(polygons):
        return []
    bounds = shapely.bounds(polygons)  # west, south, east, north
    swapped, projected, elsewhere = [], [], []
    middle = (0.0, 0.0)
    for zone, (west, south, east, north) in zip(zones, bounds.tolist(), strict=True):
        if in_viet_nam(south, west) and in_viet_nam(north, east):
            continue
        if in_viet_nam(west, south) and in_viet_nam(east, north):
            swapped.append(zone)
        elif max(abs(west), abs(east)) > 180.0 or max(abs(south), abs(north)) > 90.0:
            projected.append(zone)
            middle = (west + east) / 2.0, (south + north) / 2.0
        else:
            elsewhere.append(zone)
    problems = []
    if swapped:
        problems.append(Problem(
            "swapped_axes",
            f"{len(swapped)} địa bàn có vĩ độ và kinh độ đảo chỗ ({_some(swapped)}); hãy ghi kinh độ trước (x),"
            " vĩ độ sau (y).",
            f"{len(swapped)} zones have latitude and longitude swapped ({_some(swapped)}); write longitude (x) first,"
            " then latitude (y).",
        ))
    if projected:
        fits = ", ".join(likely(*middle))
        problems.append(Problem(
            "projected",
            f"{len(projected)} địa bàn có tọa độ không phải độ ({_some(projected)}); tệp có lẽ theo VN-2000 hay UTM:"
            " hãy ghi đúng hệ tọa độ (--crs)." + (f" Số liệu hợp với: {fits}." if fits else ""),
            f"{len(projected)} zones have coordinates that are not degrees ({_some(projected)}); the file is probably"
            " in VN-2000 or UTM: say its reference system (--crs)." + (f" The figures fit: {fits}." if fits else ""),
        ))
    if elsewhere:
        problems.append(Problem(
            "outside_viet_nam",
            f"{len(elsewhere)} địa bàn nằm ngoài Việt Nam ({_some(elsewhere)}); hãy kiểm tra hệ tọa độ của tệp.",
            f"{len(elsewhere)} zones lie outside Viet Nam ({_some(elsewhere)}); check the file's reference system.",
        ))
    return problems


def _invalid(zones: Sequence[RawZone], polygons: Any) -> list[Problem]:
    if not len(polygons):
        return []
    bad = np.flatnonzero(~shapely.is_valid(polygons)).tolist()
    return [
        Problem(
            "invalid_polygon",
            f"Địa bàn {zones[k].code} ({zones[k].label}) có hình sai: {shapely.is_valid_reason(polygons[k])};"
            " hãy sửa hình trong phần mềm bản đồ.",
            f"Zone {zones[k].code} ({zones[k].label}) is not a valid polygon: {shapely.is_valid_reason(polygons[k])};"
            " repair it in the map software.",
        )
        for k in bad
    ]


def _coverage_problems(found: GateReport, *, clean: bool, allow_gaps: bool) -> list[Problem]:
    problems = []
    if (found.overlaps or found.slivers or found.unmatched) and not clean:
        problems.append(Problem(
            "not_a_coverage",
            "Ranh các địa bàn không khớp nhau; hãy sửa tệp, hoặc nhập với --clean để hệ thống khớp ranh.",
            "The zones do not fit together; repair the file, or import it with --clean to have the borders fitted.",
        ))
    large = [o for o in found.overlaps if o.area_m2 > MAX_REPAIRED_OVERLAP_M2]
    if large and clean:
        pairs = ", ".join(f"{o.first}/{o.second}: {o.area_m2:.0f} m2" for o in large[:LISTED])
        problems.append(Problem(
            "overlap_too_large",
            f"Chồng lấn quá lớn để tự sửa ({pairs}); hãy định rõ phần đất đó thuộc địa bàn nào.",
            f"Overlaps too large to be repaired ({pairs}); decide which zone that ground belongs to.",
        ))
    if found.gaps and not allow_gaps:
        widest = found.gaps[0]
        problems.append(Problem(
            "gaps",
            f"Có {len(found.gaps)} lỗ trống không thuộc địa bàn nào, lớn nhất {widest.area_m2:.0f} m2 tại"
            f" {widest.lat:.5f}, {widest.lon:.5f}; hãy lấp, hoặc nhập với --allow-gaps nếu đúng là như vậy.",
            f"{len(found.gaps)} gaps belong to no zone, the largest of {widest.area_m2:.0f} m2 at"
            f" {widest.lat:.5f}, {widest.lon:.5f}; fill them, or import with --allow-gaps if they are meant.",
        ))
    return problems


def _cleaned(
    zones: Sequence[RawZone], polygons: Any, found: GateReport, simplify_m: float
) -> tuple[Any, GateReport]:
    after = coverage.clean(polygons, simplify_m)
    codes = [z.code for z in zones]
    left = coverage.overlaps(codes, after) if coverage.is_whole(after) else None
    if left is None or left or coverage.holes(after)[0]:
        lost = [z for z, g in zip(zones, after, strict=True) if g.is_empty]
        raise ZoneGateRefusal(_with(found, [Problem(
            "not_cleaned",
            f"Không làm sạch được ({_some(lost) if lost else 'ranh vẫn không khớp'}); hãy sửa tệp.",
            f"Cleaning failed ({_some(lost) if lost else 'borders still do not fit'}); repair the file.",
        )]))
    before_m2, after_m2 = coverage.areas_m2(polygons), coverage.areas_m2(after)
    changes = [
        AreaChange(z.code, z.name, b, a)
        for z, b, a in zip(zones, before_m2, after_m2, strict=True)
        if abs(a - b) >= MIN_CHANGE_M2
    ]
    changes.sort(key=lambda c: (-abs(c.change_m2), c.code))
    return after, _with(
        found, [], cleaned=True, simplified_m=simplify_m, changes=tuple(changes),
        vertices_after=int(shapely.get_num_coordinates(after).sum()),
    )


def _with(found: GateReport, problems: Sequence[Problem], **changed: Any) -> GateReport:
    return replace(found, problems=(*found.problems, *problems), **changed)


def _some(zones: Sequence[RawZone]) -> str:
    names = ", ".join(f"{z.code} {z.label}" for z in zones[:LISTED])
    return names + (", …" if len(zones) > LISTED else "")
