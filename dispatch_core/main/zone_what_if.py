"""``dispatch zones what-if``: which past incidents another set would have sent elsewhere. Changes nothing."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from db.past_places import PastPlaces
from db.queries import FOR_EVER
from db.schema import upgrade
from db.zone_store import ZoneStore
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.main.site_lists import stations_in_force
from dispatch_core.main.zone_import import read_draft, services_of, zones_for
from dispatch_core.settings import Settings, read_settings
from gis.zones.geojson import read
from gis.zones.what_if import Elsewhere, Past, Tally, replay
from gis.zones.zone import with_nearest_stations
from gis.zones.zone_set import ZoneSet
from telephony.trunk.site import Site, load_site

LISTED = 200
SAY_EVERY_S = 2.0
MOVES = 20

COLUMNS = (
    "incident", "place", "lat", "lon", "zone_set", "zone", "zone_name", "station", "new_zone", "new_zone_name",
    "new_station", "border_m", "outside",
)  # fmt: skip


def what_if(asked: argparse.Namespace, moment: Callable[[str, Site], Instant]) -> int:
    settings = read_settings(asked.settings)
    site = load_site(settings.path(settings.site))
    service = asked.service
    if service not in services_of(service, site):
        services_of("", site)  # one at a time: "all" is none
    since = moment(asked.since, site) if asked.since else 0
    until = moment(asked.until, site) if asked.until else FOR_EVER
    upgrade(settings.database)
    candidate = _candidate(asked, settings, service)
    places = PastPlaces(settings.database, service, since, until)
    tally, found = Tally(), list[Elsewhere]()
    for it in replay(_past(places), candidate, tally):
        found.append(it)
        if len(found) <= LISTED:
            print(_line(it))
    if len(found) > LISTED:
        print(f"… {len(found) - LISTED} vụ nữa, xem --csv / more, see --csv")
    if asked.csv is not None:
        _write(asked.csv, found)
    _tell(tally, candidate)
    return 0


def _candidate(asked: argparse.Namespace, settings: Settings, service: str) -> ZoneSet:
    stations = stations_in_force(settings)
    if (asked.file is None) == (asked.version is None):
        raise DispatchError(
            "what_if_of_what",
            "Hãy nêu một tệp địa bàn, hoặc --version của một bộ đã lưu.",
            "Name a zone file, or the --version of a stored set.",
        )
    if asked.version is not None:
        stored = ZoneStore(settings.database).load(service, asked.version)
        zones, name, version = read(stored.geojson).zones, stored.name, stored.version
    else:
        draft = read_draft(asked, settings, service)
        zones, name, version = zones_for(asked, settings, draft, service), draft.name, 0
    return ZoneSet(service, name, version, with_nearest_stations(zones, service, stations))


def _past(places: PastPlaces) -> Iterator[Past]:
    """With a word of how far it is, for who waits."""
    total, done, said = places.count(), 0, time.monotonic()
    for page in places.pages():
        for it in page:
            yield Past(it.incident, it.label, it.lat, it.lon, it.zone, it.zone_name, it.station, it.zone_set)
        done += len(page)
        if time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            print(f"{done} / {total}", file=sys.stderr, flush=True)


def _line(it: Elsewhere) -> str:
    then = f"{it.past.zone} {it.past.zone_name} [{it.past.station or '-'}]"
    now = f"{it.zone} {it.zone_name} [{it.station or '-'}]"
    outside = " ngoài địa bàn / outside" if it.outside else ""
    return f"{it.past.incident} {it.past.place or '-'}: {then} → {now}, {it.border_m:.0f} m{outside}"


def _tell(tally: Tally, candidate: ZoneSet) -> None:
    print(
        f"{tally.asked} nhánh đã hỏi / legs asked of {candidate.label}: {tally.same} như cũ / as they were,"
        f" {tally.other_zone} khác địa bàn, cùng trạm / other zone, same station,"
        f" {tally.other_station} khác trạm / other station; {tally.outside} ngoài địa bàn / outside every zone,"
        f" {tally.without_zone} chưa từng có địa bàn / never routed, {tally.bad_place} sai tọa độ / no place"
    )
    for (then, now), count in tally.moves.most_common(MOVES):
        print(f"  {then or '-'} → {now or '-'}: {count}")


def _write(file: Path, found: list[Elsewhere]) -> None:
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            table: Any = csv.writer(out)
            table.writerow(COLUMNS)
            for it in found:
                past = it.past
                table.writerow((
                    past.incident, _safe(past.place), past.lat, past.lon, past.zone_set, past.zone, past.zone_name,
                    past.station, it.zone, it.zone_name, it.station, f"{it.border_m:.1f}", int(it.outside),
                ))  # fmt: skip
    except OSError as problem:
        raise DispatchError(
            "what_if_csv", f"Không ghi được {file}: {problem.strerror}.", f"Cannot write {file}: {problem.strerror}."
        ) from None


def _safe(text: str) -> str:
    """A caller's words never become a formula in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
