"""``dispatch zones``: import a zone file through the gate and publish it; list what serves.

Nothing is half imported: the gate refuses with its report, or the whole set is stored as the next version. A running
core notices the new version by itself.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from db.schema import upgrade
from db.zone_store import ZoneStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import read_settings
from gis.zones.file import ZoneFileOptions, read_zone_file
from gis.zones.gate import ZoneGateRefusal, admit
from gis.zones.geojson import write
from gis.zones.report import GateReport
from telephony.trunk.site import load_site


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("zones", help="zone sets: import, list")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{import,list}")
    take = actions.add_parser("import", help="import a GeoJSON or GeoPackage file and publish it")
    take.add_argument("file", type=Path)
    take.add_argument("--service", required=True, help="code of the service that the zones are for, or 'all'")
    take.add_argument("--name", default="", help="name of the zone set (default: the file's name)")
    take.add_argument("--clean", action="store_true", help="repair overlaps and slivers, and say what changed")
    take.add_argument("--simplify", type=float, default=0.0, metavar="METRES", help="thin the borders while cleaning")
    take.add_argument("--allow-gaps", action="store_true", help="take holes between zones as meant")
    take.add_argument("--code-field", help="field that holds the zone's code")
    take.add_argument("--name-field", help="field that holds the zone's name")
    take.add_argument("--station-field", help="field that holds the station's id")
    take.add_argument("--layer", help="layer of a GeoPackage")
    take.add_argument("--crs", help="coordinate system where the file names none, such as EPSG:4326")
    take.add_argument("--check", action="store_true", help="only report, store nothing")
    take.set_defaults(run=import_file)
    actions.add_parser("list", help="what is stored and what serves").set_defaults(run=list_sets)


def _print_report(report: GateReport, out: Any) -> None:
    for line in (*report.lines_vi(), "", *report.lines_en()):
        print(line, file=out)


def import_file(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    known = [service.code for service in site.services]
    services = known if asked.service == "all" else [asked.service]
    for service in services:
        if service not in known:
            raise DispatchError(
                "unknown_service",
                f"Không có lực lượng “{service}”; dùng một trong: {', '.join(known)} hoặc all.",
                f"There is no service “{service}”; use one of: {', '.join(known)}, or all.",
            )
    options = ZoneFileOptions(
        code_field=asked.code_field,
        name_field=asked.name_field,
        station_field=asked.station_field,
        layer=asked.layer,
        crs=asked.crs,
    )
    print(f"đọc / reading {asked.file}", flush=True)
    raw = read_zone_file(asked.file, options)
    name = asked.name or asked.file.stem
    print("kiểm tra / checking", flush=True)
    try:
        draft = admit(
            raw,
            service=services[0],
            name=name,
            clean=asked.clean,
            simplify_m=asked.simplify,
            allow_gaps=asked.allow_gaps,
        )
    except ZoneGateRefusal as refusal:
        _print_report(refusal.report, sys.stderr)
        raise
    _print_report(draft.report, sys.stdout)
    if asked.check:
        return 0
    upgrade(settings.database)
    store = ZoneStore(settings.database)
    data = write(draft.zones)
    report = "\n".join(draft.report.lines_en())
    for service in services:
        version = store.publish(
            service=service, name=name, geojson=data, zones=len(draft.zones), report=report, at=SystemClock().now()
        )
        print(f"{service}: {name} v{version}, {len(draft.zones)} địa bàn / zones")
    return 0


def list_sets(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    upgrade(settings.database)
    newest = ZoneStore(settings.database).newest_versions()
    for stored in ZoneStore(settings.database).list():
        mark = "*" if newest.get(stored.service) == stored.version else " "
        print(f"{mark} {stored.service:<12} v{stored.version:<4} {stored.zones:>4} {stored.name}")
    for service in load_site(settings.path(settings.site)).services:
        if service.code not in newest:
            print(f"* {service.code:<12} v0      gần đúng, để minh họa / approximate, for demonstration")
    return 0
