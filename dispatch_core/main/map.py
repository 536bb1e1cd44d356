"""``dispatch map``: make streets, addresses and the drawn map out of an OpenStreetMap file; list, go back, check.

Nothing is half imported: the whole new version is in force, or the one before. A running core notices by itself.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import read_settings
from gis.map_import.importing import import_map
from gis.map_import.versions import MapVersion, MapVersions, damaged


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("map", help="the map: import, list, rollback, check")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{import,list,rollback,check}")
    take = actions.add_parser("import", help="make a new version of the map out of FILE.osm.pbf and put it in force")
    take.add_argument("file", type=Path)
    take.add_argument("--name", default="", help="name of the version (default: the file's name)")
    take.add_argument("--anyway", action="store_true", help="also another city's, a smaller or older one than in force")
    take.set_defaults(run=take_file)
    actions.add_parser("list", help="versions that are there; * is in force").set_defaults(run=list_versions)
    back = actions.add_parser("rollback", help="put an older version in force")
    back.add_argument("version", type=int, nargs="?", default=0, help="default: the one before")
    back.set_defaults(run=go_back)
    actions.add_parser("check", help="are the files of the version in force what was built?").set_defaults(run=check)


def _versions(asked: argparse.Namespace) -> MapVersions:
    settings = read_settings(asked.settings)
    return MapVersions(settings.path(settings.map_dir))


def _line(version: MapVersion) -> str:
    it = version.manifest
    dated = datetime.fromtimestamp(it.dated / 1000, UTC).strftime("%Y-%m-%d") if it.dated else "?"
    counts = ", ".join(f"{name} {count}" for name, count in sorted(it.counts.items()))
    return f"v{it.version} {it.name}, dữ liệu ngày / data of {dated}: {counts}"


def _say(line: str) -> None:
    print(line, flush=True)


def take_file(asked: argparse.Namespace) -> int:
    version = import_map(asked.file, _versions(asked), _say, SystemClock().now(), asked.name, anyway=asked.anyway)
    _say(f"đang dùng / in force: {_line(version)}")
    return 0


def list_versions(asked: argparse.Namespace) -> int:
    versions = _versions(asked)
    current = versions.current()
    for number in versions.numbers():
        _say(f"{'*' if number == current else ' '} {_line(versions.load(number))}")
    if not current:
        _say("chưa có bản đồ / no map yet: dispatch map import FILE.osm.pbf")
    return 0


def go_back(asked: argparse.Namespace) -> int:
    versions = _versions(asked)
    with versions.alone():
        _say(f"đang dùng / in force: {_line(versions.go_back(asked.version))}")
    return 0


def check(asked: argparse.Namespace) -> int:
    versions = _versions(asked)
    current = versions.current()
    if not current:
        return list_versions(asked)
    version = versions.load(current)
    faults = versions.faults(version)
    if faults:
        raise damaged(version, faults)
    _say(f"nguyên vẹn / intact: {_line(version)}")
    return 0
