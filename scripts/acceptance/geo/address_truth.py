"""What is true of the city's addresses, read from its sources by this script's own hand: OpenStreetMap (streets, house
numbers, crossings, places), the published outlines of the present wards, and the mapping of former wards. Nothing of
the search that is judged is used here; of the product, the table of wards alone.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import cos, hypot, radians
from pathlib import Path

import osmium
import pyogrio
import shapely

from gis.addresses.wards import DISTRICTS_OF_2020, FormerWard, Ward, former_wards, present_wards

STREETS = "hcmc_core_20230824.osm.pbf"
WARDS = "hcmc_wards_2025_raw.gpkg"
ROOT = Path(__file__).resolve().parents[3]

Point = tuple[float, float]  # lat, lon
EVERY_M = 30.0
"""Between two points of a street."""

NEAR_ITS_STREET_M = 400.0
"""A house number farther than this from the street it names is a mistake of the data and judges nobody."""

APART_M = 300.0
"""Places of one name farther apart than this are several: such a name alone has no truth."""

_ALLEY = re.compile(r"(?:hẻm|hem|ngõ|kiệt)\s+(\d[\w/]*)\s+(?:đường\s+)?(.+)", re.IGNORECASE)
_STREET_WORD = re.compile(r"đường\s+(?=[^\W\d_])(?!số\b|hầm\b|trong\b|[A-Z]\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+ ?(?:[A-Z]|bis|ter)?(?:[/-]\w+| - \d+)*", re.IGNORECASE)
_ENGLISH = re.compile(r"\s+(?:street|boulevard|st\.?)$", re.IGNORECASE)
NO_STREET = ("cau ", "ham ", "nga ", "vong ", "duong ham ", "duong trong ")


def plain(text: str) -> str:
    """Lower case, without diacritics, single spaces."""
    strokes = text.replace("Ð", "d").replace("ð", "d").replace("Đ", "d").replace("đ", "d")
    letters = (c for c in unicodedata.normalize("NFKD", strokes.lower()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or c == "/" else " " for c in letters).split())


def metres(a: Point, b: Point) -> float:
    """On a sphere, flat: good to a part in a thousand within a city."""
    return 111_195.0 * hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians((a[0] + b[0]) / 2)))


@dataclass
class Street:
    """All ways of one name. ``alley``: ``220/9`` for Hẻm 220/9 Xô Viết Nghệ Tĩnh; ``name`` is then the street's."""

    name: str
    alley: str = ""
    points: list[Point] = field(default_factory=list)
    nodes: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class House:
    number: str
    street: str
    at: Point
    former: FormerWard | None


@dataclass
class Landmark:
    name: str
    points: list[Point] = field(default_factory=list)


class City:
    """``ward_at`` and ``district_of`` answer from the outlines and the mapping."""

    def __init__(self, folder: Path) -> None:
        self.wards = {it.code: it for it in present_wards()}
        _, _, shapes, (codes, *_) = pyogrio.raw.read(folder / WARDS, columns=["code"])
        self._tree = shapely.STRtree(shapely.from_wkb(shapes))
        self._codes = [str(code) for code in codes]
        districts: dict[str, set[str]] = defaultdict(set)
        for former in former_wards():
            for ward in former.became:
                districts[ward.code].add(former.district)
        self._districts = {code: next(iter(names)) for code, names in districts.items() if len(names) == 1}
        self._of_2020 = {code: name for name, several in DISTRICTS_OF_2020.items() for code in several}
        self.streets: dict[str, Street] = {}
        self.alleys: dict[str, Street] = {}
        self.landmarks: dict[str, Landmark] = {}
        self.houses: list[House] = []
        self.dropped = 0
        """House numbers of the data that contradict it or themselves."""
        self._read(folder / STREETS)

    # --- wards and districts ------------------------------------------------------------------------------------------

    def ward_at(self, at: Point) -> Ward | None:
        found = self._tree.query(shapely.Point(at[1], at[0]), predicate="intersects")
        return self.wards[self._codes[int(found[0])]] if len(found) else None

    def district_at(self, at: Point) -> str:
        """The former district, "" where the mapping does not tell one alone; Quận 2 and Quận 9 by their older names."""
        ward = self.ward_at(at)
        if ward is None:
            return ""
        return self._of_2020.get(ward.code, self._districts.get(ward.code, ""))

    def parts(self, street: Street) -> dict[str, list[Point]]:
        """The street's points by the former district in which they lie."""
        parts: dict[str, list[Point]] = defaultdict(list)
        for at in street.points:
            if name := self.district_at(at):
                parts[name].append(at)
        return dict(parts)

    def crossings(self) -> list[tuple[str, str, list[Point]]]:
        """Pairs of streets that share nodes, and where."""
        streets = sorted(
            (it for it in self.streets.values() if not plain(it.name).startswith(NO_STREET)), key=lambda it: it.name
        )
        pairs = []
        for i, one in enumerate(streets):
            for other in streets[i + 1 :]:
                shared = one.nodes & other.nodes
                if shared:
                    pairs.append((one.name, other.name, [self._places[node] for node in sorted(shared)]))
        return pairs

    # --- OpenStreetMap ------------------------------------------------------------------------------------------------

    def _read(self, file: Path) -> None:
        self._places: dict[int, Point] = {}
        addressed: list[tuple[dict[str, str], Point]] = []
        for thing in osmium.FileProcessor(str(file)).with_areas():
            tags = {tag.k: tag.v for tag in thing.tags}
            if thing.is_node():
                at = (thing.location.lat, thing.location.lon)
                self._places[thing.id] = at
                self._place(tags, at, addressed)
            elif thing.is_way():
                path = [(ref.ref, self._places[ref.ref]) for ref in thing.nodes if ref.ref in self._places]
                if "highway" in tags and "name" in tags and path:
                    self._way(tags["name"], path)
                elif path and not thing.is_closed():
                    self._place(tags, path[len(path) // 2][1], addressed)
            elif thing.is_area() and "highway" not in tags:
                ring = [(ref.lat, ref.lon) for outer in thing.outer_rings() for ref in outer]
                if ring:
                    middle = (sum(it[0] for it in ring) / len(ring), sum(it[1] for it in ring) / len(ring))
                    self._place(tags, middle, addressed)
        for tags, at in addressed:
            house = self._house(tags, at)
            if house is None:
                self.dropped += 1
            else:
                self.houses.append(house)

    def _way(self, name: str, path: list[tuple[int, Point]]) -> None:
        alley, street = split_alley(name)
        among = self.alleys if alley else self.streets
        key = plain(f"{alley} {street}")
        kept = among.setdefault(key, Street(street, alley))
        kept.points.extend(_dense([at for _, at in path]))
        kept.nodes.update(node for node, _ in path)

    def _place(self, tags: dict[str, str], at: Point, addressed: list[tuple[dict[str, str], Point]]) -> None:
        if "addr:housenumber" in tags and "addr:street" in tags:
            addressed.append((tags, at))
        name = " ".join(tags.get("name", "").replace("Ð", "Đ").split())
        if name:
            self.landmarks.setdefault(plain(name), Landmark(name)).points.append(at)

    def _house(self, tags: dict[str, str], at: Point) -> House | None:
        number = " ".join(tags["addr:housenumber"].split())
        alley, name = split_alley(tags["addr:street"])
        street = self.streets.get(plain(f" {name}"))
        if street is None or not _NUMBER.fullmatch(number) or "," in tags["addr:street"]:
            return None
        if min(metres(at, it) for it in street.points) > NEAR_ITS_STREET_M:
            return None
        if alley and "/" not in number:
            number = f"{alley}/{number}"
        former = self._former(tags)
        ward = self.ward_at(at)
        if former is not None and (ward is None or ward not in former.became):
            return None  # the tag names a ward that the ground is not in
        return House(number, street.name, at, former)

    def _former(self, tags: dict[str, str]) -> FormerWard | None:
        ward = plain(tags.get("addr:subdistrict", tags.get("addr:suburb", "")))
        district = re.sub(r"^(quan|district|d) ?", "", plain(tags.get("addr:district", "")))
        ward = re.sub(r"^(phuong|ward) ", "", ward).replace("dakao", "da kao")
        for former in former_wards():
            if (
                ward
                and plain(former.name).removeprefix("phuong ") == ward
                and plain(former.district).removeprefix("quan ") == district
            ):
                return former
        return None

    def alone(self, points: Iterable[Point]) -> bool:
        """Whether these are one place."""
        first, *others = points
        return all(metres(first, it) <= APART_M for it in others)


def split_alley(name: str) -> tuple[str, str]:
    """``Hẻm 220/9 Đường Xô Viết Nghệ Tĩnh`` as ``("220/9", "Xô Viết Nghệ Tĩnh")``; no alley is ``""``."""
    text = _ENGLISH.sub("", " ".join(name.replace("Ð", "Đ").split()))
    if found := _ALLEY.fullmatch(text):
        return found.group(1), _STREET_WORD.sub("", found.group(2), count=1)
    return "", _STREET_WORD.sub("", text, count=1) if _STREET_WORD.match(text) else text


def _dense(path: list[Point]) -> Iterator[Point]:
    for a, b in zip(path, path[1:], strict=False):
        steps = max(1, int(metres(a, b) / EVERY_M))
        for i in range(steps):
            yield a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps
    yield path[-1]


def shared_data() -> Path:
    """Where the city's data lies; it is no part of the product."""
    return Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data"))
