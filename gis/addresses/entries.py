"""What the embedded search knows: present wards, the names that they replaced, and a sample of well-known places.

A former ward or district has no coordinates of its own here: it answers with the centre of what it became.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from math import hypot

from gis.addresses.wards import FormerDistrict, Ward, former_districts, former_wards, present_wards
from gis.geodesy import metres_per_degree
from gis.table import Row, read_rows, unique

MAX_UNCERTAINTY_M = 100_000.0
LESSER_PART = 1.2  # more than what the size of a ward may weigh
_WARD_TITLES = ("Phường ", "Xã ", "Đặc khu ", "Thị trấn ")
_DISTRICT_TITLES = ("Quận ", "Huyện ", "Thành phố ", "Thị xã ")
_PLACE_TITLES = ("Chợ đầu mối ", "Chợ ", "Bệnh viện Đa khoa ", "Bệnh viện ", "Ga metro ", "Sân bay ", "Khu du lịch ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to find. ``names`` are all ways to call it, the best first; ``plainly`` those without their title.
    ``cost``: points out of 100 that it is less likely than its twins (the lesser parts of a divided ward)."""

    label: str
    names: tuple[str, ...]
    plainly: tuple[str, ...]
    lat: float
    lon: float
    kind: str
    ward: str
    uncertainty_m: float
    cost: float = 0.0


def all_entries() -> tuple[Entry, ...]:
    """Everything embedded, in a fixed order."""
    return (*_present(), *_former_wards(), *_former_districts(), *_places())


def _present() -> Iterator[Entry]:
    for ward in present_wards():
        short = _without(ward.name, _WARD_TITLES)
        yield Entry(ward.name, (ward.name,), (short,), ward.lat, ward.lon, "ward", ward.name, ward.radius_m)


def _former_wards() -> Iterator[Entry]:
    for former in former_wards():
        if not former.name:
            continue  # an island district without wards: found as a district
        label = f"{former.name}, {former.district}"
        names = [label, *([f"{former.name}, {former.district_of_2020}"] if former.district_of_2020 else [])]
        short = _without(former.name, _WARD_TITLES)
        for part, ward in enumerate(former.became):
            plainly = () if short.isdecimal() else (f"{short}, {_without(former.district, _DISTRICT_TITLES)}",)
            yield _old(label, tuple(names), plainly, ward, part)
            for number in former.merged:
                merged = f"Phường {number}, {former.district}"
                yield _old(merged, (merged,), (), ward, part)


def _old(label: str, names: tuple[str, ...], plainly: tuple[str, ...], ward: Ward, part: int) -> Entry:
    text = f"{label} (cũ) → {ward.name}"
    cost = LESSER_PART * min(part, 3)
    return Entry(text, names, plainly, ward.lat, ward.lon, "former_ward", ward.name, ward.radius_m, cost)


def _former_districts() -> Iterator[Entry]:
    for district in former_districts():
        lat = sum(w.lat for w in district.became) / len(district.became)
        lon = sum(w.lon for w in district.became) / len(district.became)
        short = _without(district.name, _DISTRICT_TITLES)
        plainly = () if short.isdecimal() else (short,)  # «5» alone is no district
        ward = district.became[0].name if len(district.became) == 1 else ""
        label = f"{district.name} (cũ)"
        yield Entry(label, (district.name,), plainly, lat, lon, "former_district", ward, _reach(district, lat, lon))


def _reach(district: FormerDistrict, lat: float, lon: float) -> float:
    """Metres from the middle to the far side of the farthest ward."""
    north, east = metres_per_degree(lat)
    return max(hypot((w.lat - lat) * north, (w.lon - lon) * east) + w.radius_m for w in district.became)


def _places() -> Iterable[Entry]:
    columns = ("name", "kind", "lat", "lon", "uncertainty_m", "aliases")
    with as_file(files("gis.data") / "places.csv") as path:
        rows = read_rows(path, columns)

    def place(row: Row) -> Entry:
        lat, lon = row.place()
        name = row.text("name")
        short = _without(name, _PLACE_TITLES)
        aliases = tuple(a.strip() for a in row.values["aliases"].split(";") if a.strip())
        plainly = () if short == name else (short,)
        metres = row.number("uncertainty_m", 1.0, MAX_UNCERTAINTY_M)
        return Entry(name, (name, *aliases), plainly, lat, lon, row.text("kind"), "", metres)

    return unique(rows, "name", place)


def _without(name: str, titles: tuple[str, ...]) -> str:
    for title in titles:
        if name.startswith(title):
            return name[len(title) :]
    return name
