"""The gate's report as one self-contained page: the whole file with every place marked, and each place enlarged.

No script, no network: it is sent by mail, printed, kept beside the file. Zones are drawn as they came; an invalid one
too, or nobody would see what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import shapely

from gis.geodesy import in_viet_nam, metres_per_degree
from gis.zones.file import RawZone, RawZones
from gis.zones.report import AreaChange, Gap, GateReport, Overlap

WIDTH, TALLEST = 1100.0, 1400.0  # px of the whole
INSET = 260.0  # px of an enlargement
INSETS = 120
LEAST_WINDOW_M = 12.0
MARGIN = 1.5  # of a find's size, around it
THIN_PX = 0.4  # of the whole: details below are left out
TINTS = ("#7aa6c2", "#c2a67a", "#8fbf8f", "#b38fbf", "#bf8f8f", "#8fb3b3")
_AT = re.compile(r"\[(-?[\d.eE+]+) (-?[\d.eE+-]+)\]")

STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#222;background:#fff;margin:24px;max-width:1160px}
h1{font-size:20px}h2{font-size:16px;margin-top:28px}svg{background:#f7f9fa;border:1px solid #cdd5da}
.grid{display:flex;flex-wrap:wrap;gap:14px}figure{margin:0;width:262px}figcaption{font-size:12px}
table{border-collapse:collapse}td,th{padding:2px 10px 2px 0;text-align:left;border-bottom:1px solid #e3e8eb}
td.n{text-align:right;font-variant-numeric:tabular-nums}.en{color:#667}.bad{color:#a01818}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One find to be drawn; ``shape`` in degrees, or a point."""

    number: int
    vi: str
    en: str
    colour: str
    shape: Any
    lat: float
    lon: float


class Frame:
    """Degrees to px: a plane true to scale around its middle, north up."""

    def __init__(self, bounds: Sequence[float], width: float, tallest: float) -> None:
        west, south, east, north = bounds
        per_lat, per_lon = metres_per_degree((south + north) / 2.0)
        wide, high = max((east - west) * per_lon, 1e-3), max((north - south) * per_lat, 1e-3)
        scale = min(width / wide, tallest / high)
        self.metres = 1.0 / scale  # of one px
        self.width, self.height = wide * scale, high * scale
        self._west, self._north = west, north
        self._x, self._y = per_lon * scale, per_lat * scale

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self._west) * self._x, (self._north - lat) * self._y

    def path(self, geometry: Any) -> str:
        """SVG path data; every ring and line of it."""
        steps = []
        for line in _lines(geometry):
            coords = shapely.get_coordinates(line)
            x, y = (coords[:, 0] - self._west) * self._x, (self._north - coords[:, 1]) * self._y
            points = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
            steps.append(f"M{points}" + ("Z" if line.geom_type == "LinearRing" else ""))
        return "".join(steps)


def draw(raw: RawZones, report: GateReport) -> str:
    """The page, UTF-8."""
    places = list(_places(raw, report))
    parts = [
        "<!doctype html><html lang=vi><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{escape(raw.path.name)}</title><style>{STYLE}</style>",
        f"<h1>{escape(raw.path.name)}</h1>",
        f"<p>{escape(report.summary_vi())}<br><span class=en>{escape(report.summary_en())}</span></p>",
    ]
    for problem in report.problems:
        parts.append(f"<p class=bad>{escape(problem.vi)}<br><span class=en>{escape(problem.en)}</span></p>")
    if report.way:
        parts.append(f"<p class=en>{escape(report.way)}</p>")
    drawable = [z for z in raw.zones if not z.geometry.is_empty]
    if drawable:
        parts += [_whole(drawable, places), _legend(report)]
        near = shapely.STRtree(np.asarray([z.geometry for z in drawable], dtype=object))
        if places:
            parts.append("<h2>Từng chỗ, phóng to <span class=en>/ each place, enlarged</span></h2><div class=grid>")
            parts += [_enlarged(place, drawable, near) for place in places[:INSETS]]
            parts.append("</div>")
        if len(places) > INSETS:
            parts.append(f"<p>… {len(places) - INSETS} chỗ nữa / more</p>")
    parts += _changes(report.changes, "Đã làm sạch / cleaned")
    parts += _changes(report.offered, "Nếu nhập với --clean / what --clean would change")
    return "\n".join(parts) + "\n"


def _places(raw: RawZones, report: GateReport) -> Iterator[Place]:
    number = 0
    for zone in raw.zones:
        if not zone.geometry.is_empty and not shapely.is_valid(zone.geometry):
            reason = str(shapely.is_valid_reason(zone.geometry))
            at = _AT.search(reason)
            middle = (float(at[1]), float(at[2])) if at else zone.geometry.centroid.coords[0]
            number += 1
            words = f"{zone.code} ({zone.label}): {reason.partition('[')[0]}"
            yield Place(number, f"hình sai {words}", f"invalid {words}", "#a01818", shapely.Point(middle),
                        middle[1], middle[0])  # fmt: skip
    for it in report.overlaps:
        number += 1
        yield _overlap(number, it)
    for kind, gaps in (("khe hở / sliver", report.slivers), ("lỗ trống / gap", report.gaps)):
        for gap in gaps:
            number += 1
            yield _gap(number, kind, gap)


def _overlap(number: int, it: Overlap) -> Place:
    words = f"{it.first} / {it.second}: {it.area_m2:.2f} m²"
    return Place(number, f"chồng lấn {words}", f"overlap {words}", "#d0312d", it.shape, it.lat, it.lon)


def _gap(number: int, kind: str, it: Gap) -> Place:
    vi, en = kind.split(" / ")
    words = f"{it.area_m2:.2f} m², {it.width_m:.2f} m"
    return Place(number, f"{vi} {words}", f"{en} {words}", "#e08a00", it.shape, it.lat, it.lon)


def _whole(zones: Sequence[RawZone], places: Sequence[Place]) -> str:
    shapes = np.asarray([z.geometry for z in zones], dtype=object)
    bounds = shapely.total_bounds(shapes).tolist()
    if not (in_viet_nam(bounds[1], bounds[0]) and in_viet_nam(bounds[3], bounds[2])):
        return "<p>(không vẽ được: tọa độ ngoài Việt Nam / not drawn: outside Viet Nam)</p>"
    frame = Frame(bounds, WIDTH, TALLEST)
    thin = THIN_PX * frame.metres / metres_per_degree(bounds[1])[0]
    thinned = shapely.simplify(shapes, thin, preserve_topology=False)
    parts = [_svg(frame)]
    for k, (zone, shape) in enumerate(zip(zones, thinned.tolist(), strict=True)):
        parts.append(f'<path d="{frame.path(shape)}" fill="{TINTS[k % len(TINTS)]}" fill-opacity=".35" '
                     f'stroke="#567" stroke-width=".5"><title>{escape(zone.code)} {escape(zone.name)}</title></path>')
    for place in places:
        x, y = frame.at(place.lon, place.lat)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="{place.colour}" stroke-width="2"/>'
                     f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" font-size="11" fill="{place.colour}">{place.number}'
                     "</text>")
    return "".join(parts) + "</svg>"


def _legend(report: GateReport) -> str:
    unmatched = ", ".join(report.unmatched[:40]) + (", …" if len(report.unmatched) > 40 else "")
    words = "<p><b style='color:#d0312d'>○</b> chồng lấn / overlap · <b style='color:#e08a00'>○</b> khe hở, lỗ trống /"
    words += " sliver, gap"
    return words + (f"<br>ranh không khớp / unmatched borders: {escape(unmatched)}</p>" if unmatched else "</p>")


def _enlarged(place: Place, zones: Sequence[RawZone], near: shapely.STRtree) -> str:
    """A square window around the find: the zones that touch it, the find over them, and a bar for the scale."""
    per_lat, per_lon = metres_per_degree(place.lat)
    west, south, east, north = shapely.bounds(place.shape).tolist()
    side = max((east - west) * per_lon, (north - south) * per_lat) * MARGIN
    half = max(side, LEAST_WINDOW_M) / 2.0
    lon, lat = (west + east) / 2.0, (south + north) / 2.0
    box = (lon - half / per_lon, lat - half / per_lat, lon + half / per_lon, lat + half / per_lat)
    frame = Frame(box, INSET, INSET)
    parts = [_svg(frame)]
    names: list[str] = []
    for k in np.sort(near.query(shapely.box(*box))).tolist():
        shape = _clipped(zones[k].geometry, box)
        if shape.is_empty:
            continue
        tint = TINTS[len(names) % len(TINTS)]
        names.append(f"<b style='color:{tint}'>■</b> {escape(zones[k].code)} {escape(zones[k].name)}")
        parts.append(f'<path d="{frame.path(shape)}" fill="{tint}" fill-opacity=".45" stroke="#345" stroke-width="1"/>')
    if place.shape.geom_type == "Point":
        x, y = frame.at(place.lon, place.lat)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="{place.colour}" stroke-width="2"/>')
    else:
        parts.append(f'<path d="{frame.path(place.shape)}" fill="{place.colour}" fill-opacity=".75" '
                     f'stroke="{place.colour}" stroke-width="1.5"/>')
    parts.append(_bar(frame) + "</svg>")
    caption = f"<b>{place.number}</b> {escape(place.vi)}<br><span class=en>{escape(place.en)}</span><br>"
    caption += f"{place.lat:.6f}, {place.lon:.6f}<br>" + "<br>".join(names)
    return f"<figure>{''.join(parts)}<figcaption>{caption}</figcaption></figure>"


def _clipped(shape: Any, box: tuple[float, float, float, float]) -> Any:
    """What of a zone is in the window; of an invalid one its lines, whole."""
    try:
        return shapely.clip_by_rect(shape, *box)
    except shapely.errors.GEOSException:
        return shapely.clip_by_rect(shapely.boundary(shape), *box)


def _bar(frame: Frame) -> str:
    metres = next(m for m in (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0)
                  if m / frame.metres <= frame.width * 0.4)
    px, y = metres / frame.metres, frame.height - 8
    return (f'<path d="M8,{y:.1f} h{px:.1f}" stroke="#000" stroke-width="2"/>'
            f'<text x="8" y="{y - 4:.1f}" font-size="11">{metres} m</text>')


def _svg(frame: Frame) -> str:
    size = f'width="{frame.width:.0f}" height="{frame.height:.0f}" viewBox="0 0 {frame.width:.1f} {frame.height:.1f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'


def _changes(changes: Sequence[AreaChange], title: str) -> list[str]:
    if not changes:
        return []
    rows = "".join(
        f"<tr><td>{escape(c.code)}<td>{escape(c.name)}<td class=n>{c.change_m2:+.2f}<td class=n>{c.before_m2:.0f}"
        f"<td class=n>{c.after_m2:.0f}"
        for c in changes
    )
    head = "<tr><th>mã / code<th>tên / name<th>± m²<th>trước / before<th>sau / after"
    return [f"<h2>{escape(title)}: {len(changes)}</h2><table>{head}{rows}</table>"]


def _lines(geometry: Any) -> Iterator[Any]:
    """Rings and lines of any geometry."""
    for part in shapely.get_parts(geometry).tolist():
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            yield from (part.exterior, *part.interiors)
        elif part.geom_type == "GeometryCollection" or part.geom_type.startswith("Multi"):
            yield from _lines(part)
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part
