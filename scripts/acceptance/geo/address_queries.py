"""Labelled address queries, made by a seed from OpenStreetMap and the ward mapping, and the rule by which an answer is
right. Written before the search that it judges; the queries themselves are never stored.

A query is right at the first answer where that lies within ``within_m`` of one of the true points. Where a ward is
given in the text, the first answer must also name the present ward; that is scored on its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from gis.addresses.wards import former_wards, present_wards
from scripts.acceptance.geo.address_truth import NO_STREET, City, House, Landmark, Point, Street, metres, plain
from scripts.acceptance.geo.address_writing import SHORT, TITLES, bare, mistyped, telex

SEED = 20_250_701
HELD_OUT_SEED = 19_940_410
"""Another draw of the same kinds: looked at, never worked on."""

HOUSE_M, ALLEY_M, STREET_M, CROSSING_M, LANDMARK_M = 60.0, 80.0, 100.0, 60.0, 200.0

UNMEASURED = {
    "house not in the map, placed between its neighbours": "the extract has 258 house numbers; where others stand"
    " nobody has recorded",
    "extent of a former ward or district": "their outlines are in neither source: only the present wards are outlined",
    "streets outside the extract": "the list of 2019 names 8,345 streets by district, without coordinates",
    "khu phố, tổ, ấp": "in neither source",
    "floor and flat of a block (chung cư, lô, tầng)": "OpenStreetMap has the blocks, not their flats",
    "landmarks by nickname": "no source says what a place is called in the street",
    "kilometre stones and lamp posts": "in neither source",
}


@dataclass(frozen=True)
class Query:
    """``points``: where the answer may lie (empty: only the ward is known). ``wards``: codes of the present ward that
    the text's own ward means. ``placed``: it has street and district, so it counts for the goal of the first answer."""

    kind: str
    text: str
    source: str
    points: tuple[Point, ...] = ()
    within_m: float = 0.0
    wards: tuple[str, ...] = ()
    street: str = ""
    district: str = ""
    placed: bool = False


def is_right(query: Query, lat: float, lon: float) -> bool:
    """Whether an answer there is right; without points nothing is judged by place."""
    return any(metres((lat, lon), at) <= query.within_m for at in query.points)


def queries(folder: Path, seed: int = SEED) -> list[Query]:
    """At least 300, in the order of their kinds; the same seed and data give the same queries."""
    made = _Making(City(folder), Random(seed))
    out = [*made.plainly()]
    out += made.written_otherwise(out)
    return out


class _Making:
    def __init__(self, city: City, rng: Random) -> None:
        self.city, self.rng = city, rng
        self.at_number: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for house in city.houses:
            self.at_number[(plain(house.number), house.street)].append(house.at)

    def some(self, things: Sequence[object], count: int) -> list:  # type: ignore[type-arg]
        return self.rng.sample(list(things), min(count, len(things)))

    def plainly(self) -> Iterator[Query]:
        yield from self.houses()
        yield from self.streets()
        yield from self.alleys()
        yield from self.crossings()
        yield from self.landmarks()
        yield from self.wards()

    # --- houses -------------------------------------------------------------------------------------------------------

    def house(self, house: House, kind: str, text: str, wards: tuple[str, ...] = ()) -> Query:
        points = tuple(self.at_number[(plain(house.number), house.street)])
        district = self.city.district_at(house.at)
        return Query(kind, text, "osm addr:housenumber", points, HOUSE_M, wards, house.street, district, True)

    def houses(self) -> Iterator[Query]:
        city, rng = self.city, self.rng
        sure = [it for it in city.houses if city.district_at(it.at)]
        whole = [it for it in sure if it.number.isdigit()]
        broken = [it for it in sure if not it.number.isdigit()]
        for it in self.some(whole, 60):
            road = rng.choice(("", "", "đường "))
            yield self.house(it, "house, district", f"{it.number} {road}{it.street}, {self.district(it.at)}")
        for it in self.some(broken, 50):
            yield self.house(it, "house with alley or letter", f"{it.number} {it.street}, {self.district(it.at)}")
        for it in self.some([it for it in broken if "/" in it.number], 12):
            said = f" {rng.choice(('xẹt', 'xuyệt', 'trên'))} ".join(it.number.split("/"))
            yield self.house(it, "house with spoken slashes", f"{said} {it.street} {self.district(it.at)}")
        for it in self.some([it for it in sure if it.former is not None], 45):
            ward, district = self.short(it.former.name, it.former.district)
            joint = rng.choice((", ", " ", ", "))
            text = f"{it.number} {it.street}{joint}{ward}{joint}{district}"
            yield self.house(it, "house, former ward", text, self.ward_codes(it.at))
        for it in self.some(sure, 40):
            ward = city.ward_at(it.at)
            if ward is not None:
                text = f"{it.number} {it.street}, {self.ward_word(ward.name)}"
                yield self.house(it, "house, present ward", text, (ward.code,))
        for it in self.some(sure, 25):
            district = self.district(it.at)
            order = rng.choice(("{d}, {s} {n}", "{d}, {n} {s}", "{s} {n} {d}", "{s} số {n}, {d}"))
            text = order.format(d=district, s=it.street, n=it.number)
            yield self.house(it, "house, other word order", text)
        for it in self.some(sure, 20):
            frame = rng.choice(("số {n} đường {s} {d} TP.HCM", "nhà số {n} đường {s}, {d}, thành phố Hồ Chí Minh",
                                "ở {n} {s} {d} nha", "địa chỉ {n} {s} {d}", "tôi ở {n} {s}, {d}"))  # fmt: skip
            yield self.house(it, "house, as spoken", frame.format(n=it.number, s=it.street, d=self.district(it.at)))
        for it in self.some(sure, 20):
            frame = rng.choice(("đối diện {n} {s}, {d}", "gần {n} {s}, {d}", "kế bên số {n} {s} {d}",
                                "trước nhà {n} {s}, {d}", "sát bên {n} {s} {d}"))  # fmt: skip
            text = frame.format(n=it.number, s=it.street, d=self.district(it.at))
            yield self.house(it, "house, near or opposite", text)

    # --- streets ------------------------------------------------------------------------------------------------------

    def streets(self) -> Iterator[Query]:
        city, rng = self.city, self.rng
        parts = [(it, name, points) for it in city.streets.values() for name, points in sorted(city.parts(it).items())]
        parts = [it for it in parts if len(it[2]) >= 3 and not plain(it[0].name).startswith(NO_STREET)]
        for street, name, points in self.some(parts, 60):
            itself = plain(street.name).startswith(("duong", "cong truong"))
            road = "" if itself else rng.choice(("", "", "đường ", "Đ. "))
            text = f"{road}{street.name}{rng.choice((', ', ' '))}{self.district(points[0])}"
            yield self.street(street, "street, former district", text, points, name)
        of_ward: list[tuple[Street, str, list[Point]]] = []
        for street, _, points in parts:
            by_ward: dict[str, list[Point]] = defaultdict(list)
            for at in points:
                ward = city.ward_at(at)
                if ward is not None:
                    by_ward[ward.code].append(at)
            of_ward += [(street, code, there) for code, there in sorted(by_ward.items()) if len(there) >= 3]
        for street, code, points in self.some(of_ward, 40):
            text = f"{street.name}, {self.ward_word(city.wards[code].name)}"
            made = self.street(street, "street, present ward", text, points, city.district_at(points[0]))
            yield replace(made, wards=(code,))
        told = {(it.street, it.former.name, it.former.district): it for it in city.houses if it.former is not None}
        for (name, ward_name, _), house in self.some(sorted(told.items(), key=lambda it: it[0]), 30):
            ward, district = self.short(ward_name, house.former.district)
            street = city.streets[plain(f" {name}")]
            there = [at for at in street.points if city.ward_at(at) in house.former.became]
            made = self.street(street, "street, former ward", f"{name} {ward} {district}", there, house.former.district)
            yield replace(made, wards=self.ward_codes(house.at), source="osm addr:subdistrict, ward mapping")
        initials: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for street, name, points in parts:
            words = street.name.split()
            if len(words) >= 3 and all(word.isalpha() for word in words):
                initials[("".join(word[0] for word in words).upper(), name)] += points
        for (letters, name), points in self.some(sorted(initials.items()), 25):
            text = f"{rng.choice((letters, letters.lower(), bare(letters)))} {self.district(points[0])}"
            yield Query("street by its initials", text, "osm highway", tuple(points), STREET_M, (), letters, name, True)

    def street(self, street: Street, kind: str, text: str, points: Sequence[Point], district: str) -> Query:
        return Query(kind, text, "osm highway", tuple(points), STREET_M, (), street.name, district, True)

    def alleys(self) -> Iterator[Query]:
        rng = self.rng
        sure = [it for it in self.city.alleys.values() if self.city.district_at(it.points[0]) and it.alley[0].isdigit()]
        for it in self.some(sure, 40):
            word = rng.choice(("hẻm", "Hẻm", "hẻm", "ngõ", "kiệt", "hem"))
            road = rng.choice((" ", " ", " đường "))
            yield self.alley(it, "alley, district", f"{word} {it.alley}{road}{it.name}, {self.district(it.points[0])}")
        taken = {plain(f"{it.alley} {it.name}") for it in sure}
        taken |= {plain(f"{it.number} {it.street}") for it in self.city.houses}
        for it in self.some(sure, 40):
            free = (n for n in iter(lambda: rng.randrange(1, 60), 0) if plain(f"{it.alley}/{n} {it.name}") not in taken)
            number = f"{it.alley}/{next(free)}"
            text = f"{number} {it.name}, {self.district(it.points[0])}"
            yield self.alley(it, "house in an alley of the map", text)

    def alley(self, alley: Street, kind: str, text: str) -> Query:
        district = self.city.district_at(alley.points[0])
        return Query(kind, text, "osm highway", tuple(alley.points), ALLEY_M, (), alley.name, district, True)

    def crossings(self) -> Iterator[Query]:
        frames = ("ngã tư {a} - {b}", "ngã tư {a} {b}", "{a} giao {b}", "góc {a} và {b}", "{a} cắt {b}", "{a} - {b}",
                  "{a} x {b}", "ngã ba {a} với {b}", "giao lộ {a} {b}", "{a} & {b}", "góc {a} {b}",
                  "{a} ngã tư {b}")  # fmt: skip
        for a, b, points in self.some(self.city.crossings(), 60):
            if self.rng.random() < 0.5:
                a, b = b, a
            text = self.rng.choice(frames).format(a=a, b=b)
            given = self.rng.random() < 0.5 and self.city.district_at(points[0]) != ""
            text += f", {self.district(points[0])}" if given else ""
            district = self.city.district_at(points[0]) if given else ""
            yield Query("crossing", text, "osm nodes that ways share", tuple(points), CROSSING_M, (), f"{a} × {b}",
                        district, given)  # fmt: skip

    # --- landmarks ----------------------------------------------------------------------------------------------------

    def landmarks(self) -> Iterator[Query]:
        units = [*(it.name for it in former_wards()), *(it.district for it in former_wards())]
        units += [it.name for it in self.city.wards.values()]
        known = {key.strip() for key in (*self.city.streets, *self.city.alleys)}
        known |= {plain(it) for it in units} | {plain(it.split(" ", 1)[-1]) for it in units}
        sure: list[tuple[Landmark, str]] = []
        for key, it in sorted(self.city.landmarks.items()):
            title = next((t for t in TITLES if key.startswith(plain(t) + " ")), "")
            if key in known or key[0].isdigit() or len(key) < 9 or " " not in key:
                continue
            if not self.city.alone(it.points):
                continue
            sure.append((it, title))
        titled = [it for it in sure if it[1] and not plain(it[0].name).startswith("tram xe bus")]
        for it, _ in self.some(titled, 40):
            yield self.landmark(it, "landmark with its title", it.name)
        rests: dict[str, list[Point]] = defaultdict(list)
        for key, it in self.city.landmarks.items():
            title = next((t for t in TITLES if key.startswith(plain(t) + " ")), "")
            rests[key.removeprefix(plain(title) + " ")] += it.points
        plainer = []
        for it, title in titled:
            rest = it.name[len(title) :].strip(" -")
            alone = self.city.alone(rests[plain(rest)])
            if " " in rest and len(rest) >= 7 and plain(rest) not in known and alone and not rest[0].isdigit():
                plainer.append((it, rest))
        for it, rest in self.some(plainer, 30):
            yield self.landmark(it, "landmark without its title", rest)
        for it, title in self.some([it for it in titled if it[1] in SHORT], 15):
            yield self.landmark(it, "landmark, short title", SHORT[title] + it.name[len(title) :])
        for it, _ in self.some([it for it in sure if not it[1]], 25):
            yield self.landmark(it, "landmark, no Vietnamese title", it.name)
        for it, _ in self.some([it for it in sure if plain(it[0].name).startswith("tram xe bus")], 10):
            yield self.landmark(it, "bus stop", it.name)
        for it, _ in self.some(titled, 20):
            frame = self.rng.choice(("gần {}", "đối diện {}", "trước {}", "trước cổng {}", "sau lưng {}", "kế bên {}",
                                     "bên cạnh {}", "cách {} 50m", "ngay {}"))  # fmt: skip
            yield self.landmark(it, "near or opposite a landmark", frame.format(it.name))

    def landmark(self, it: Landmark, kind: str, text: str) -> Query:
        return Query(kind, text, "osm name", tuple(it.points), LANDMARK_M)

    # --- wards alone --------------------------------------------------------------------------------------------------

    def wards(self) -> Iterator[Query]:
        for ward in self.some(present_wards(), 45):
            yield Query("present ward", self.ward_word(ward.name), "ward table", wards=(ward.code,))
        former = [it for it in former_wards() if it.name]
        numbered = [it for it in former if re.fullmatch(r"Phường \d+", it.name)]
        named = [it for it in former if it not in numbered]
        for it in self.some(numbered, 50):
            ward, district = self.short(it.name, it.district)
            text = self.rng.choice((f"{ward} {district}", f"{ward}, {district}", f"{district}, {ward}"))
            yield Query("former ward by number", text, "ward mapping", wards=(it.became[0].code,))
        for it in self.some(named, 50):
            district = self.rng.choice((it.district_of_2020 or it.district, it.district))
            text = f"{self.rng.choice((it.name, it.name.split(' ', 1)[1]))}, {district}"
            yield Query("former ward by name", text, "ward mapping", wards=(it.became[0].code,))
        older = [(it, number) for it in former for number in it.merged]
        for it, number in self.some(older, 15):
            ward, district = self.short(f"Phường {number}", it.district)
            yield Query("older ward by number", f"{ward} {district}", "ward mapping", wards=(it.became[0].code,))

    # --- the same, written otherwise ----------------------------------------------------------------------------------

    def written_otherwise(self, plainly: Sequence[Query]) -> Iterator[Query]:
        with_place = [it for it in plainly if it.points and not it.kind.startswith(("street by", "house with spoken"))]
        marked = [it for it in with_place if bare(it.text) != it.text]
        stroke = [it for it in with_place if "Đ" in it.text]
        ways: list[tuple[str, Sequence[Query], int, Callable[[str], str]]] = [
            ("no diacritics", marked, 60, lambda text: bare(text).lower()),
            ("raw Telex", marked, 60, lambda text: telex(text, self.rng)),
            ("one typing error", with_place, 60, lambda text: mistyped(text, 1, self.rng)),
            ("one typing error, no diacritics", with_place, 30, lambda text: mistyped(bare(text).lower(), 1, self.rng)),
            ("two typing errors", with_place, 40, lambda text: mistyped(text, 2, self.rng)),
            ("Ð for Đ", stroke, 20, lambda text: text.replace("Đ", "Ð")),
            ("capitals", with_place, 20, str.upper),
            ("no commas, lower case", with_place, 20, lambda text: text.replace(",", "").lower()),
        ]
        for kind, among, count, way in ways:
            for it in self.some(among, count):
                text = way(it.text)
                if text:
                    yield replace(it, kind=kind, text=text, source=f"{it.source} ({it.kind})")

    # --- words --------------------------------------------------------------------------------------------------------

    def district(self, at: Point) -> str:
        return self._district_word(self.city.district_at(at))

    def _district_word(self, name: str) -> str:
        title, _, rest = name.partition(" ")
        if title == "Quận" and rest.isdigit():
            return self.rng.choice((name, f"Q.{rest}", f"Q{rest}", f"quận {rest}", f"q {rest}"))
        if title == "Quận":
            return self.rng.choice((name, f"Q. {rest}", rest, f"quận {rest}", f"Q.{rest}"))
        return name

    def short(self, ward: str, district: str) -> tuple[str, str]:
        """As people shorten them: P.7 Q.5, F14, p7 bình thạnh."""
        number = ward.removeprefix("Phường ")
        if number.isdigit():
            word = self.rng.choice((f"P.{number}", f"F{number}", f"P{number}", f"phường {number}", f"f.{number}",
                                    f"p {number}", f"P.{int(number):02}"))  # fmt: skip
        else:
            word = self.ward_word(ward)
        return word, self._district_word(district)

    def ward_word(self, name: str) -> str:
        title, _, rest = name.partition(" ")
        if title == "Phường":
            return self.rng.choice((name, f"P. {rest}", f"phường {rest}", f"P.{rest}", name))
        return name

    def ward_codes(self, at: Point) -> tuple[str, ...]:
        ward = self.city.ward_at(at)
        return (ward.code,) if ward is not None else ()
