"""``dispatch stations|units|hospitals|premises``: import a list through the gate, see what would change, take it back.

Nothing is half imported: the gate refuses with every fault, or the list is stored whole as the next version and serves.
A running core takes it within seconds; units at work keep their work.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from db.place_store import NewList, PlaceStore
from db.queries import Queries
from db.schema import upgrade
from db.zone_store import ZoneStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import PlaceRules
from dispatch_core.main.configuration import site_command
from dispatch_core.main.site_lists import HOSPITALS, PREMISES, STATIONS, UNITS, SiteLists, place_rules
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import Settings, read_settings
from gis.lists.changes import Changed, compare
from gis.lists.gate import read_hospital_list, read_premise_list, read_station_list, read_unit_list
from gis.lists.where import Where
from gis.zones.geojson import read as read_zones
from gis.zones.zone_set import ZoneSet
from telephony.trunk.site import load_site

PURPOSES = {
    STATIONS: "stations: import, list, rollback",
    UNITS: "units: import, list, rollback",
    HOSPITALS: "hospitals: import, list, rollback",
    "premises": "premise notes from files (hydrants, hazards): import, list, rollback",
}


def add_parser(commands: Any) -> None:
    for word, purpose in PURPOSES.items():
        parser = commands.add_parser(word, help=purpose)
        actions = parser.add_subparsers(dest="action", required=True, metavar="{import,list,rollback}")
        take = actions.add_parser("import", help="import a CSV file (of premises also GeoJSON) and let it serve")
        take.add_argument("file", type=Path)
        take.add_argument("--check", action="store_true", help="only say what would change, store nothing")
        take.add_argument("--outside", action="store_true", help="places outside the city are meant (mutual aid)")
        back = actions.add_parser("rollback", help="the list before this one serves again")
        if word == STATIONS:
            take.add_argument("--units", type=Path, metavar="FILE", help="the units of these stations, in one step")
        if word == "premises":
            take.add_argument("--set", required=True, metavar="NAME", help="the set of notes that this file replaces")
            take.add_argument("--kind", default="", help="kind of the notes that name none, such as hydrant")
            back.add_argument("--set", required=True, metavar="NAME")
        take.set_defaults(run=take_file, word=word)
        back.set_defaults(run=roll_back, word=word)
        actions.add_parser("list", help="versions, and which one serves").set_defaults(run=show, word=word)


class _Site:
    """What the gate judges by: the site's services, its rules, the lists in force."""

    def __init__(self, settings: Settings) -> None:
        upgrade(settings.database)
        self.settings = settings
        self.site = site_command(load_site(settings.path(settings.site))).site
        self.services = tuple(self.site.services)
        self.rules: PlaceRules = place_rules(settings, self.services)
        self.store = PlaceStore(settings.database)
        self.serving = self.store.serving()
        self.lists = SiteLists(settings, self.store, self.rules)
        self.at_work = {it.unit for it in Queries(settings.database).live_assignments()}

    def where(self, *, anywhere: bool) -> Where:
        zones = ZoneStore(self.settings.database)
        sets = []
        for service, versions in zones.in_force(SystemClock().now()).items():
            version = versions[0]
            stored = zones.load(service, version)
            found = read_zones(stored.geojson)
            sets.append(ZoneSet(service, stored.name, version, found.zones, approximate=found.approximate))
            break  # one is enough: all of them are of this city
        return Where(self.site.area, sets, anywhere=anywhere)


def take_file(asked: argparse.Namespace) -> int:
    site = _Site(read_settings(asked.settings))
    where = site.where(anywhere=asked.outside)
    new = {
        STATIONS: _stations, UNITS: _units, HOSPITALS: _hospitals, "premises": _premises,
    }[asked.word](asked, site, where)  # fmt: skip
    changes = any(changed for _, changed in new)
    for made, changed in new:
        for language in ("vi", "en"):
            print(f"{made.kind}: " + "; ".join(changed.lines(language)))
    if asked.check:
        print("chỉ kiểm tra, chưa nhập / only checked, nothing imported")
        return 0
    if not changes:
        print("đã đúng như vậy rồi / it is so already")
        return 0
    versions = site.store.publish([made for made, _ in new], at=SystemClock().now())
    for made, _ in new:
        print(f"{made.kind}: {made.name} v{versions[made.kind]}, {made.entries} dòng / rows")
    return 0


Made = list[tuple[NewList, Changed]]


def _stations(asked: argparse.Namespace, site: _Site, where: Where) -> Made:
    """With the units of these stations in one step, or the units in force must all still have a station."""
    stations = {it.id: it for it in read_station_list(asked.file, site.services, where)}
    now = site.lists.resources(site.serving)
    made = [(_new(STATIONS, asked.file, tuple(stations.values())), compare(now.stations, stations))]
    if asked.units is not None:
        units = {it.call_sign: it for it in read_unit_list(asked.units, stations, site.services)}
        before = {it.call_sign: it for it in now.units}
        made.append((_new(UNITS, asked.units, tuple(units.values())), compare(before, units, site.at_work)))
        return made
    homeless = [
        it for it in now.units if it.station not in stations or stations[it.station].service != it.service
    ]
    if homeless:
        named = ", ".join(f"{it.call_sign} ({it.station})" for it in homeless[:10])
        raise DispatchError(
            "homeless_units",
            f"{len(homeless)} đơn vị sẽ không còn trạm: {named}…; nhập kèm danh sách đơn vị: "
            f"dispatch stations import {asked.file} --units TỆP.csv.",
            f"{len(homeless)} units would have no station: {named}…; import the units with them: "
            f"dispatch stations import {asked.file} --units FILE.csv.",
        )
    return made


def _units(asked: argparse.Namespace, site: _Site, _: Where) -> Made:
    now = site.lists.resources(site.serving)
    units = {it.call_sign: it for it in read_unit_list(asked.file, now.stations, site.services)}
    before = {it.call_sign: it for it in now.units}
    return [(_new(UNITS, asked.file, tuple(units.values())), compare(before, units, site.at_work))]


def _hospitals(asked: argparse.Namespace, site: _Site, where: Where) -> Made:
    hospitals = {it.id: it for it in read_hospital_list(asked.file, site.rules, where)}
    now = site.lists.hospitals(site.serving).hospitals
    return [(_new(HOSPITALS, asked.file, tuple(hospitals.values())), compare(now, hospitals))]


def _premises(asked: argparse.Namespace, site: _Site, where: Where) -> Made:
    kind = _set_kind(asked)
    notes = read_premise_list(
        asked.file, site.rules, where, kind=asked.kind, utc_offset_min=site.site.utc_offset_min
    )
    name = asked.set
    after = {f"{name}:{it.id}": msgspec.structs.replace(it, id=f"{name}:{it.id}", by=f"file:{name}") for it in notes}
    now = {it.id: it for it in site.lists.premise_set(kind, site.serving)}
    return [(_new(kind, asked.file, notes), compare(now, after))]


def _set_kind(asked: argparse.Namespace) -> str:
    if not asked.set.isidentifier() or len(asked.set) > 30:
        raise DispatchError(
            "bad_set_name",
            f"Tên bộ “{asked.set[:40]}”: dùng chữ, số, gạch dưới, tối đa 30 ký tự, ví dụ hydrants.",
            f"The set's name “{asked.set[:40]}”: letters, digits, underscore, 30 at most, such as hydrants.",
        )
    return f"{PREMISES}{asked.set}"


def _new(kind: str, file: Path, entries: Sequence[Any]) -> NewList:
    return NewList(kind, file.name[:120], len(entries), msgspec.json.encode(entries))


# --- back, and what there is ------------------------------------------------------------------------------------------


def roll_back(asked: argparse.Namespace) -> int:
    """Taking stations back takes the units that came with them back too, where they would have no station else."""
    site = _Site(read_settings(asked.settings))
    kinds = [_set_kind(asked)] if asked.word == "premises" else [asked.word]
    if asked.word == STATIONS and UNITS in site.serving and _together(site):
        kinds.append(UNITS)
    before = _summary(site, kinds)
    site.store.take_back(kinds)
    site.serving = site.store.serving()
    for kind in kinds:
        version = site.serving.get(kind)
        now = f"v{version}" if version else "tệp của hệ thống / the site's own file"
        print(f"{kind}: {before[kind]} → {now}")
    return 0


def _together(site: _Site) -> bool:
    """Whether the serving stations and units were let in by one step."""
    at = {it.kind: it.kept_at for it in site.store.list() if site.serving.get(it.kind) == it.version}
    return at.get(STATIONS) == at.get(UNITS)


def _summary(site: _Site, kinds: Sequence[str]) -> Mapping[str, str]:
    return {kind: f"v{site.serving[kind]}" if kind in site.serving else "—" for kind in kinds}


def show(asked: argparse.Namespace) -> int:
    site = _Site(read_settings(asked.settings))
    wanted = (lambda kind: kind.startswith(PREMISES)) if asked.word == "premises" else asked.word.__eq__
    for it in site.store.list():
        if wanted(it.kind):
            mark = "*" if site.serving.get(it.kind) == it.version else " "
            when = datetime.fromtimestamp(it.kept_at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
            print(f"{mark} {it.kind:<20} v{it.version:<4} {it.entries:>6} {when}Z {it.name}")
    if asked.word != "premises" and asked.word not in site.serving:
        print(f"* {asked.word:<20} v0      tệp của hệ thống / the site's own file")
    return 0
