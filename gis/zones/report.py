"""What the gate found in a zone file, in figures and in sentences. Areas are square metres, widths metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# An overlap smaller than this is counted in the total but not listed one by one: digitising leaves many crumbs.
LISTED_OVERLAP_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why the file is refused. ``code`` is stable; the sentences say where and what to do."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two zones over the same ground; ``lat``/``lon`` lie inside the overlap; ``shape`` is that ground in degrees."""

    first: str
    second: str
    area_m2: float
    lat: float
    lon: float
    shape: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole that zones surround; ``width_m`` is the diameter of the largest circle inside it."""

    area_m2: float
    width_m: float
    lat: float
    lon: float
    shape: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AreaChange:
    """What cleaning did to one zone, or would do."""

    code: str
    name: str
    before_m2: float
    after_m2: float

    @property
    def change_m2(self) -> float:
        return self.after_m2 - self.before_m2


@dataclass(frozen=True, slots=True)
class GateReport:
    """``overlaps``, ``slivers``, ``gaps`` and ``unmatched`` describe the file as it came, also after cleaning."""

    file: str
    zones: int
    vertices: int
    overlaps: tuple[Overlap, ...] = ()  # largest first
    slivers: tuple[Gap, ...] = ()  # largest first; narrow enough to be closed by cleaning
    gaps: tuple[Gap, ...] = ()  # largest first; too wide to be an accident of drawing
    unmatched: tuple[str, ...] = ()  # codes of zones with a border that is not the neighbour's, vertex by vertex
    problems: tuple[Problem, ...] = ()
    cleaned: bool = False
    simplified_m: float = 0.0
    vertices_after: int = 0
    changes: tuple[AreaChange, ...] = ()  # largest first
    offered: tuple[AreaChange, ...] = ()  # what cleaning would change, where the file was refused for want of it
    way: str = ""  # how the coordinates were brought to WGS84

    @property
    def listed_overlaps(self) -> tuple[Overlap, ...]:
        return tuple(o for o in self.overlaps if o.area_m2 >= LISTED_OVERLAP_M2)

    @property
    def overlap_m2(self) -> float:
        return sum(o.area_m2 for o in self.overlaps)

    @property
    def sliver_m2(self) -> float:
        return sum(s.area_m2 for s in self.slivers)

    def summary_en(self) -> str:
        return (
            f"{self.zones} zones: {len(self.listed_overlaps)} overlaps of {LISTED_OVERLAP_M2:g} m2 or more"
            f" ({len(self.overlaps)} overlaps of {self.overlap_m2:.1f} m2 in all),"
            f" {len(self.slivers)} slivers of {self.sliver_m2:.1f} m2, {len(self.gaps)} gaps,"
            f" {len(self.unmatched)} zones with unmatched borders"
        )

    def summary_vi(self) -> str:
        return (
            f"{self.zones} địa bàn: {len(self.listed_overlaps)} chỗ chồng lấn từ {LISTED_OVERLAP_M2:g} m2"
            f" (tất cả {len(self.overlaps)} chỗ, {self.overlap_m2:.1f} m2),"
            f" {len(self.slivers)} khe hở hẹp {self.sliver_m2:.1f} m2, {len(self.gaps)} lỗ trống,"
            f" {len(self.unmatched)} địa bàn có ranh không khớp"
        )

    def lines_en(self) -> list[str]:
        """The whole report for a terminal: the summary, what is wrong, then each find and each change."""
        lines = [self.summary_en(), *(p.en for p in self.problems)]
        lines += [f"coordinates: {self.way}"] if self.way else []
        lines += [f"overlap {o.first} / {o.second}: {o.area_m2:.2f} m2 at {_at(o)}" for o in self.listed_overlaps]
        lines += [f"sliver {s.area_m2:.2f} m2, {s.width_m:.2f} m wide, at {_at(s)}" for s in self.slivers]
        lines += [f"gap {g.area_m2:.0f} m2, {g.width_m:.0f} m wide, at {_at(g)}" for g in self.gaps]
        if self.cleaned:
            thinned = f", simplified by {self.simplified_m:g} m" if self.simplified_m else ""
            counts = f"{self.vertices} vertices became {self.vertices_after}"
            lines.append(f"cleaned: {len(self.changes)} zones changed, {counts}{thinned}")
        if self.offered:
            moved = sum(abs(c.change_m2) for c in self.offered)
            lines.append(f"--clean would change {len(self.offered)} zones by {moved:.1f} m2 in all:")
        lines += [
            f"{c.code} {c.name}: {c.change_m2:+.2f} m2 ({c.before_m2:.0f} became {c.after_m2:.0f})"
            for c in (*self.changes, *self.offered)
        ]
        return lines

    def lines_vi(self) -> list[str]:
        """The same in Vietnamese."""
        lines = [self.summary_vi(), *(p.vi for p in self.problems)]
        lines += [f"tọa độ: {self.way}"] if self.way else []
        lines += [f"chồng lấn {o.first} / {o.second}: {o.area_m2:.2f} m2 tại {_at(o)}" for o in self.listed_overlaps]
        lines += [f"khe hở {s.area_m2:.2f} m2, rộng {s.width_m:.2f} m, tại {_at(s)}" for s in self.slivers]
        lines += [f"lỗ trống {g.area_m2:.0f} m2, rộng {g.width_m:.0f} m, tại {_at(g)}" for g in self.gaps]
        if self.cleaned:
            thinned = f", giản lược {self.simplified_m:g} m" if self.simplified_m else ""
            counts = f"{self.vertices} đỉnh còn {self.vertices_after}"
            lines.append(f"đã làm sạch: {len(self.changes)} địa bàn thay đổi, {counts}{thinned}")
        if self.offered:
            moved = sum(abs(c.change_m2) for c in self.offered)
            lines.append(f"--clean sẽ thay đổi {len(self.offered)} địa bàn, cộng lại {moved:.1f} m2:")
        lines += [
            f"{c.code} {c.name}: {c.change_m2:+.2f} m2 (từ {c.before_m2:.0f} thành {c.after_m2:.0f})"
            for c in (*self.changes, *self.offered)
        ]
        return lines


def _at(find: Overlap | Gap) -> str:
    return f"{find.lat:.6f}, {find.lon:.6f}"
