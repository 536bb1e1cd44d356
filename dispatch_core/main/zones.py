"""``dispatch zones``: a zone file goes through the gate, is published for a moment, taken back, compared with the past.

Nothing is half imported: the gate refuses with its report, or the whole set is stored as the next version. A version
serves only after it was read back and built. A running core notices by itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from db.schema import upgrade
from db.zone_store import EMBEDDED, Publication, StoredZoneSet, ZoneStore, before, served
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.main.configuration import offset_minutes
from dispatch_core.main.site_lists import stations_in_force
from dispatch_core.main.zone_import import add_file_options, built, import_file, services_of, who
from dispatch_core.main.zone_sets import zone_rules
from dispatch_core.main.zone_what_if import what_if
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import Settings, read_settings
from gis.geodesy import check_place
from gis.zones.defaults import default_zone_set
from gis.zones.geojson import read
from gis.zones.zone_set import ZoneSet
from telephony.trunk.site import Site, load_site

EMBEDDED_NAME = "gần đúng, để minh họa / approximate, for demonstration"
FORMAT = "%Y-%m-%d %H:%M"


def add_parser(commands: Any) -> None:
    words = "import,list,show,publish,rollback,withdraw,what-if,at"
    parser = commands.add_parser("zones", help=f"zone sets: {words.replace(',', ', ')}")
    actions = parser.add_subparsers(dest="action", required=True, metavar="{" + words + "}")
    take = actions.add_parser("import", help="import a GeoPackage, GeoJSON or Shapefile (.shp, .zip) and publish it")
    add_file_options(take)
    take.add_argument("--service", required=True, help="code of the service that the zones are for, or 'all'")
    take.add_argument("--from", dest="since", metavar="TIME", help="serve from then on (2026-12-01T00:00), not at once")
    take.add_argument("--keep", action="store_true", help="store the set and publish it later")
    take.add_argument("--check", action="store_true", help="only report, store nothing")
    take.set_defaults(run=_import)
    actions.add_parser("list", help="what is stored, what serves, what is planned").set_defaults(run=list_sets)
    show = actions.add_parser("show", help="one version: dates, who, the gate's report")
    show.add_argument("service")
    show.add_argument("version", type=int, nargs="?", help="default: the one that serves")
    show.set_defaults(run=show_set)
    publish = actions.add_parser("publish", help="let a stored version serve, at once or from a moment on")
    publish.add_argument("service")
    publish.add_argument("version", type=int, nargs="?", help="default: the newest")
    publish.add_argument("--from", dest="since", metavar="TIME", help="from then on (2026-12-01T00:00), site's time")
    publish.set_defaults(run=publish_set)
    back = actions.add_parser("rollback", help="let the version serve that did before")
    back.add_argument("service")
    back.add_argument("--to", type=int, metavar="VERSION", help="this one (0: the approximate demonstration)")
    back.set_defaults(run=roll_back)
    withdraw = actions.add_parser("withdraw", help="take a planned version back before its moment")
    withdraw.add_argument("service")
    withdraw.add_argument("version", type=int)
    withdraw.set_defaults(run=withdraw_set)
    other = actions.add_parser("what-if", help="replay past incidents on another set: what would have gone elsewhere")
    add_file_options(other, optional=True)
    other.add_argument("--service", required=True)
    other.add_argument("--version", type=int, help="a stored version in place of a file")
    other.add_argument("--since", metavar="DATE", help="incidents from then on (2026-11-01; default: all)")
    other.add_argument("--until", metavar="DATE", help="and before then")
    other.add_argument("--csv", type=Path, metavar="FILE", help="the whole list as CSV")
    other.set_defaults(run=lambda asked: what_if(asked, moment))
    at = actions.add_parser("at", help="who serves a place now, with the reasons")
    at.add_argument("lat", type=float)
    at.add_argument("lon", type=float)
    at.add_argument("--service", default="all")
    at.add_argument("--uncertainty", type=float, default=0.0, metavar="METRES")
    at.set_defaults(run=show_place)


# --- moments ----------------------------------------------------------------------------------------------------------


def moment(text: str, site: Site) -> Instant:
    """``2026-12-01T00:00`` or ``2026-12-01`` as the site's clocks show it, or with an offset of its own."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise DispatchError(
            "zones_moment",
            f"“{text}” không phải thời điểm; hãy ghi như 2026-12-01T00:00.",
            f"“{text}” is no moment; write it like 2026-12-01T00:00.",
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone(timedelta(minutes=offset_minutes(site.site.timezone))))
    return round(found.timestamp() * 1000)


def _shown(at: Instant, site: Site) -> str:
    zone = timezone(timedelta(minutes=offset_minutes(site.site.timezone)))
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)).astimezone(zone).strftime(FORMAT)


# --- what is done -----------------------------------------------------------------------------------------------------


def _import(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    valid_from = moment(asked.since, site) if asked.since else None
    import_file(asked, settings, site, valid_from, _when(valid_from, site))
    return 0


def publish_set(asked: argparse.Namespace) -> int:
    settings, site, store = _opened(asked, asked.service)
    versions = [it.version for it in store.list() if it.service == asked.service]
    version = asked.version if asked.version is not None else max(versions, default=EMBEDDED)
    _publish(settings, site, asked.service, version, asked.since)
    return 0


def _publish(
    settings: Settings, site: Site, service: str, version: int, since: str | None, *, rollback: bool = False
) -> None:
    """Built once before it serves: what cannot be read never comes into force."""
    store, now = ZoneStore(settings.database), SystemClock().now()
    valid_from = moment(since, site) if since else None
    zone_set = _built(settings, store, service, version)
    store.publish(service, version, at=now, by=who(), valid_from=valid_from, rollback=rollback)
    print(f"{service}: {zone_set.label}, {len(zone_set.zones)} địa bàn / zones, {_when(valid_from, site)}")


def _when(valid_from: Instant | None, site: Site) -> str:
    return f"từ / from {_shown(valid_from, site)}" if valid_from is not None else "ngay / at once"


def roll_back(asked: argparse.Namespace) -> int:
    settings, site, store = _opened(asked, asked.service)
    now = SystemClock().now()
    publications = store.publications(asked.service)
    to = asked.to if asked.to is not None else before(publications, now)
    serving = served(publications, now)
    current = serving[-1].version if serving else EMBEDDED
    if to is None or to == current:
        raise DispatchError(
            "no_way_back",
            f"{asked.service} v{current} không có bộ nào trước nó; --to N chọn bộ khác, --to 0 là bộ gần đúng.",
            f"There is no set before {asked.service} v{current}; --to N names another, --to 0 the approximate one.",
        )
    _publish(settings, site, asked.service, to, None, rollback=True)
    print(f"  thay cho / in place of v{current}")
    for it in publications:
        if it.valid_from > now and not it.withdrawn_at:
            print(f"  vẫn theo lịch / still planned: v{it.version} {_shown(it.valid_from, site)} (zones withdraw)")
    return 0


def withdraw_set(asked: argparse.Namespace) -> int:
    _, _, store = _opened(asked, asked.service)
    store.withdraw(asked.service, asked.version, at=SystemClock().now(), by=who())
    print(f"{asked.service} v{asked.version}: đã bỏ lịch / withdrawn")
    return 0


# --- what is shown ----------------------------------------------------------------------------------------------------


def list_sets(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    upgrade(settings.database)
    store, now = ZoneStore(settings.database), SystemClock().now()
    stored = store.list()
    for service in (it.code for it in site.services):
        publications = store.publications(service)
        serving = served(publications, now)
        current = serving[-1].version if serving else EMBEDDED
        for it in (it for it in stored if it.service == service):
            mark = "*" if it.version == current else " "
            dates = _dates(publications, it.version, now, site)
            print(f"{mark} {service:<12} v{it.version:<4} {it.zones:>4} {it.name}{dates}")
        if current == EMBEDDED or any(it.version == EMBEDDED for it in publications):
            mark = "*" if current == EMBEDDED else " "
            print(f"{mark} {service:<12} v0      {EMBEDDED_NAME}{_dates(publications, EMBEDDED, now, site)}")
    return 0


def _dates(publications: Sequence[Publication], version: int, now: Instant, site: Site) -> str:
    told = []
    for it in publications:
        if it.version != version:
            continue
        word = "bỏ / withdrawn" if it.withdrawn_at else "sẽ / planned" if it.valid_from > now else "từ / from"
        back = " (rollback)" if it.rollback else ""
        told.append(f"{word} {_shown(it.valid_from, site)}{back} {it.published_by}".rstrip())
    return "".join(f" · {it}" for it in told)


def show_set(asked: argparse.Namespace) -> int:
    settings, site, store = _opened(asked, asked.service)
    now = SystemClock().now()
    publications = store.publications(asked.service)
    serving = served(publications, now)
    version = asked.version if asked.version is not None else serving[-1].version if serving else EMBEDDED
    if version == EMBEDDED:
        print(f"{asked.service} v0 {EMBEDDED_NAME}{_dates(publications, 0, now, site)}")
        return 0
    found = store.load(asked.service, version)
    _print_head(found, site)
    print(_dates(publications, version, now, site).removeprefix(" · "))
    print(found.report)
    for zone in read(found.geojson).zones:
        more = [f"dự phòng / backups {', '.join(zone.backups)}"] if zone.backups else []
        more += [f"chi viện / aid {', '.join(zone.mutual_aid)}"] if zone.mutual_aid else []
        print(" · ".join([f"{zone.code} {zone.name}", zone.station or "(trạm gần nhất / nearest station)", *more]))
    return 0


def _print_head(found: StoredZoneSet, site: Site) -> None:
    by = f", {found.kept_by}" if found.kept_by else ""
    print(f"{found.service} v{found.version} {found.name}: {found.zones} địa bàn / zones")
    print(f"nhập / imported {_shown(found.kept_at, site)}{by}")


def show_place(asked: argparse.Namespace) -> int:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    check_place(asked.lat, asked.lon)
    upgrade(settings.database)
    store = ZoneStore(settings.database)
    in_force = store.in_force(SystemClock().now())
    for service in services_of(asked.service, site):
        answer = _built(settings, store, service, in_force.get(service, (EMBEDDED,))[0]).answer(
            asked.lat, asked.lon, asked.uncertainty
        )
        print(f"{service}: {answer.zone} {answer.zone_name} · {answer.station} · {answer.zone_set}")
        print(f"  ranh / border {answer.border_m:.1f} m · kế / next {answer.runner_up_name or '-'}")
        if answer.backups or answer.mutual_aid:
            print(f"  dự phòng / backups {', '.join(answer.backups)} · chi viện / aid {', '.join(answer.mutual_aid)}")
        for share in answer.shares:
            print(f"  {share.share:6.1%} {share.zone} {share.zone_name} · {share.station}")
        if answer.also:
            print(f"  báo cả / alerted too: {', '.join(answer.also)}")
        if answer.outside:
            print(f"  ngoài mọi địa bàn {answer.outside_m:.0f} m / outside every zone")
        beyond = answer.hand_over
        if beyond is not None:
            sample = " (mẫu / sample)" if beyond.sample else ""
            print(f"  chuyển / hand over: {beyond.kind} {beyond.vi} / {beyond.en} {beyond.contact}{sample}")
    return 0


# --- within -----------------------------------------------------------------------------------------------------------


def _opened(asked: argparse.Namespace, service: str) -> tuple[Settings, Site, ZoneStore]:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    services_of(service, site)
    upgrade(settings.database)
    return settings, site, ZoneStore(settings.database)


def _built(settings: Settings, store: ZoneStore, service: str, version: int) -> ZoneSet:
    """The set as a core would answer from it. Raises where it cannot."""
    stations, rules = stations_in_force(settings), zone_rules(settings)
    if version == EMBEDDED:
        draft = default_zone_set(service, stations)
        return ZoneSet(service, draft.name, version, draft.zones, approximate=True, rules=rules)
    stored = store.load(service, version)
    found = read(stored.geojson)
    return built(service, stored.name, version, found, stations, rules)
