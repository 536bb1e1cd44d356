"""A zone file through the gate, with what the site knows besides: its stations, and the zones that serve already."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.errors import DatabaseError
from db.schema import upgrade
from db.zone_store import EMBEDDED, NewZoneSet, ZoneStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant, Station
from dispatch_core.main.site_lists import stations_in_force
from dispatch_core.main.zone_sets import zone_rules
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import Settings
from gis.resources import read_stations
from gis.zones.defaults import default_zone_set
from gis.zones.drawing import draw
from gis.zones.file import RawZones, ZoneFileOptions, read_zone_file
from gis.zones.gate import MAX_SIMPLIFY_M, ZoneGateRefusal, admit
from gis.zones.geojson import StoredZones, read, write
from gis.zones.ground import judge_ground, judge_wards
from gis.zones.reference import shifted
from gis.zones.report import GateReport
from gis.zones.rules import ZoneRules
from gis.zones.station_table import check_stations, with_station_table
from gis.zones.zone import Zone, ZoneSetDraft, with_nearest_stations
from gis.zones.zone_set import ZoneSet
from telephony.trunk.site import Site

NAME_MOST = 80


def add_file_options(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """What tells how a zone file is to be read."""
    parser.add_argument("file", type=Path, nargs="?" if optional else None)
    parser.add_argument("--name", default="", help="name of the zone set (default: the file's name)")
    parser.add_argument("--clean", action="store_true", help="repair overlaps and slivers, and say what changed")
    parser.add_argument("--simplify", type=float, default=0.0, metavar="METRES", help="thin the borders while cleaning")
    parser.add_argument("--allow-gaps", action="store_true", help="take holes between zones as meant")
    parser.add_argument("--code-field", help="field that holds the zone's code")
    parser.add_argument("--name-field", help="field that holds the zone's name")
    parser.add_argument("--station-field", help="field that holds the station's id")
    parser.add_argument("--stations-table", type=Path, metavar="CSV", help="columns zone, station, backups, mutual_aid")
    parser.add_argument("--layer", help="layer of a GeoPackage or of a zip")
    parser.add_argument("--crs", help="coordinate system in place of the file's, such as EPSG:9210 (VN-2000, TP.HCM)")
    parser.add_argument("--trust-crs", action="store_true", help="take the coordinate system although it looks wrong")
    parser.add_argument("--other-ground", action="store_true", help="also of another city, or less than what is served")
    parser.add_argument("--encoding", help="of a Shapefile's texts: utf-8, cp1258, tcvn3 (default: what its .cpg says)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="draw what was found as a page (.html)")


def services_of(word: str, site: Site) -> list[str]:
    """The service of this code, or every one of the site for ``all``. Raises DispatchError."""
    known = [service.code for service in site.services]
    if word == "all":
        return known
    if word not in known:
        raise DispatchError(
            "unknown_service",
            f"Không có lực lượng “{word}”; dùng một trong: {', '.join(known)} hoặc all.",
            f"There is no service “{word}”; use one of: {', '.join(known)}, or all.",
        )
    return [word]


def import_file(
    asked: argparse.Namespace, settings: Settings, site: Site, valid_from: Instant | None, when: str
) -> None:
    """For every service that was asked for, or for none of them. Each set is built as a core would answer from it
    before any is stored: what cannot be read back never comes into force."""
    services = services_of(asked.service, site)
    draft = read_draft(asked, settings, services[0])
    _print_report(draft.report, sys.stdout)
    by_service = {service: zones_for(asked, settings, draft, service) for service in services}
    if asked.check:
        return
    upgrade(settings.database)
    stations, rules, report = stations_in_force(settings), zone_rules(settings), "\n".join(draft.report.lines_en())
    new = []
    for service, zones in by_service.items():
        data = write(zones)
        built(service, draft.name, EMBEDDED, read(data), stations, rules)
        new.append(NewZoneSet(service=service, name=draft.name, geojson=data, zones=len(zones), report=report))
    versions = ZoneStore(settings.database).take(
        new, at=SystemClock().now(), by=who(), publish=not asked.keep, valid_from=valid_from
    )
    for it in new:
        told = "để sau / kept for later" if asked.keep else when
        print(f"{it.service}: {it.name} v{versions[it.service]}, {it.zones} địa bàn / zones, {told}")


def built(
    service: str, name: str, version: int, stored: StoredZones, stations: Sequence[Station], rules: ZoneRules
) -> ZoneSet:
    """The set as a core would answer from it. Raises where it cannot."""
    zones = with_nearest_stations(stored.zones, service, stations)
    return ZoneSet(service, name, version, zones, approximate=stored.approximate, rules=rules)


def read_draft(asked: argparse.Namespace, settings: Settings, service: str) -> ZoneSetDraft:
    """The file through the gate; the report is drawn if it was asked for, also of a refused one."""
    if asked.simplify and not (asked.clean and 0.0 < asked.simplify <= MAX_SIMPLIFY_M):
        raise DispatchError(
            "zones_simplify",
            f"--simplify từ 0 đến {MAX_SIMPLIFY_M:g} mét và chỉ đi cùng --clean; bạn ghi {asked.simplify:g}.",
            f"--simplify goes from 0 to {MAX_SIMPLIFY_M:g} metres, with --clean alone; you wrote {asked.simplify:g}.",
        )
    name = " ".join((asked.name or asked.file.stem).split())
    if not name.isprintable() or not 0 < len(name) <= NAME_MOST:
        raise DispatchError(
            "zones_name",
            f"Tên bộ địa bàn cần từ 1 đến {NAME_MOST} ký tự in được; ghi bằng --name.",
            f"The name of a zone set has 1 to {NAME_MOST} printable characters; say it with --name.",
        )
    options = ZoneFileOptions(
        code_field=asked.code_field,
        name_field=asked.name_field,
        station_field=asked.station_field,
        layer=asked.layer,
        crs=asked.crs,
        encoding=asked.encoding,
    )
    print(f"đọc / reading {asked.file}", flush=True)
    raw = _doubted(read_zone_file(asked.file, options), asked, settings, service)
    print("kiểm tra / checking", flush=True)
    try:
        draft = admit(
            raw,
            service=service,
            name=name,
            clean=asked.clean,
            simplify_m=asked.simplify,
            allow_gaps=asked.allow_gaps,
            trust_crs=asked.trust_crs,
        )
    except ZoneGateRefusal as refusal:
        _draw(asked.report, raw, refusal.report)
        _print_report(refusal.report, sys.stderr)
        raise
    _draw(asked.report, raw, draft.report)
    return draft


def zones_for(asked: argparse.Namespace, settings: Settings, draft: ZoneSetDraft, service: str) -> tuple[Zone, ...]:
    """The draft's zones with the stations that serve them for one service."""
    zones = draft.zones
    if asked.stations_table is not None:
        zones = with_station_table(zones, asked.stations_table, service)
    stations = _stations(asked, settings)
    check_stations(
        asked.stations_table or asked.file, zones, service, {it.id for it in stations if it.service == service}
    )
    return zones


def _stations(asked: argparse.Namespace, settings: Settings) -> tuple[Station, ...]:
    """Those in force; without a database a check makes do with the site's own file."""
    try:
        return stations_in_force(settings)
    except DatabaseError:
        if not getattr(asked, "check", False):
            raise
        return read_stations(settings.path(settings.stations))


def _doubted(raw: RawZones, asked: argparse.Namespace, settings: Settings, service: str) -> RawZones:
    """With a word where the whole file lies beside the zones that serve, or is about other or less ground: a sound file
    in the wrong reference system, of another city, of half of this one."""
    polygons = {it.code: it.geometry for it in raw.zones}
    wards = () if raw.doubts else judge_wards(tuple(polygons), tuple(polygons.values()))
    serving = _serving(asked, settings, service)
    zones = default_zone_set(service).zones if serving is None else serving
    ground = [] if asked.other_ground or raw.doubts or wards else judge_ground(
        [it.geometry for it in raw.zones], zones, approximate=serving is None
    )
    beside = shifted(polygons, {it.code: it.geometry for it in serving or ()}, raw.crs)
    return replace(raw, doubts=(*raw.doubts, *wards, *beside), ground=tuple(ground))


def _serving(asked: argparse.Namespace, settings: Settings, service: str) -> tuple[Zone, ...] | None:
    """The zones that serve now; None where they are the approximate ones, and for a check without a database."""
    store = ZoneStore(settings.database)
    try:
        upgrade(settings.database)
        version = store.in_force(SystemClock().now()).get(service, (EMBEDDED,))[0]
    except DatabaseError:
        if not getattr(asked, "check", False):
            raise
        print("không so được với bộ đang dùng / not compared with the zones that serve: no database", flush=True)
        return None
    return None if version == EMBEDDED else read(store.load(service, version).geojson).zones


def _draw(file: Path | None, raw: RawZones, report: GateReport) -> None:
    if file is None:
        return
    try:
        file.write_text(draw(raw, report), encoding="utf-8")
    except OSError as problem:
        raise DispatchError(
            "zones_report",
            f"Không ghi được {file}: {problem.strerror}.",
            f"Cannot write {file}: {problem.strerror}.",
        ) from None
    print(f"đã vẽ / drawn: {file}", flush=True)


def _print_report(report: GateReport, out: Any) -> None:
    for line in (*report.lines_vi(), "", *report.lines_en()):
        print(line, file=out)


def who() -> str:
    """The account of the machine under which this runs."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
