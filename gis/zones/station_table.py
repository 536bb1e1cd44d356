"""Which station serves which zone, its backups and who may be asked for help, from a CSV beside the zone file.

Columns zone, station, and as the site likes backups, mutual_aid (``a; b``) and service. Every zone of the table must be
in the file; a zone that the table leaves out keeps what its file says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from gis.errors import ZoneFileError
from gis.table import Row, read_rows
from gis.zones.file import split
from gis.zones.zone import Zone

LISTED = 5


def with_station_table(zones: Sequence[Zone], table: Path, service: str) -> tuple[Zone, ...]:
    """The zones with what the table's lines for ``service`` say. Raises ``DemoDataError`` naming file and line."""
    known = {zone.code for zone in zones}
    told: dict[str, Row] = {}
    for row in read_rows(table, ("zone", "station"), ("backups", "mutual_aid", "service")):
        if row.values["service"] not in ("", service):
            continue
        code = row.text("zone")
        if code not in known:
            raise row.wrong("zone", "mã một địa bàn có trong tệp địa bàn", "the code of a zone of the zone file")
        if code in told:
            line = told[code].line
            raise row.wrong("zone", f"địa bàn chưa có ở dòng {line}", f"a zone not on line {line}")
        told[code] = row
    return tuple(_told(zone, told[zone.code]) if zone.code in told else zone for zone in zones)


def _told(zone: Zone, row: Row) -> Zone:
    return replace(
        zone,
        station=row.text("station"),
        backups=split(row.values["backups"]) or zone.backups,
        mutual_aid=split(row.values["mutual_aid"]) or zone.mutual_aid,
    )


def check_stations(file: Path, zones: Sequence[Zone], service: str, known: Collection[str]) -> None:
    """Raise ``ZoneFileError`` where a zone names a station or backup that the service does not have."""
    wrong = [
        f"{zone.code}: {station}"
        for zone in zones
        for station in (zone.station, *zone.backups)
        if station and station not in known
    ]
    if not wrong:
        return
    some = ", ".join(wrong[:LISTED]) + (", …" if len(wrong) > LISTED else "")
    raise ZoneFileError(
        "zone_file.station",
        f"Tệp {file}: {len(wrong)} trạm không có trong danh sách trạm của {service} ({some}); hãy sửa mã trạm, hoặc"
        " nhập danh sách trạm trước.",
        f"{file}: {len(wrong)} stations are not among those of {service} ({some}); mend their ids, or bring the"
        " stations in first.",
        file=str(file),
        field="station",
    )
