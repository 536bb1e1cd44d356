"""Makes the address index of a map: streets in connected pieces, alleys, house numbers, crossings and places.

One SQLite file, ``gazetteer.sqlite``, written once and from then on only read (``street_index``).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from gis.addresses.names import initials, place_form, street_form, without_title
from gis.addresses.numbers import span
from gis.addresses.osm import Found, Named, PlaceFound, Point, metres, read_osm
from gis.addresses.pieces import central, clusters, pieces
from gis.addresses.spelling import spell

FILE = "gazetteer.sqlite"
FORMAT = 1

NUMBER_MOST = 1_000_000  # a slip of the pen on the map is no house's number, and no reason to refuse the city
ONE_CROSSING_M = 80.0
ONE_PLACE_M = 150.0
ITS_STREET_M = 2_000.0  # a house or alley farther from the street it names than this has another one of that name

# Points out of 100 that a name is less sure than the one on the sign.
COSTS = {"name": 0.0, "name:vi": 0.0, "official_name": 0.5, "alt_name": 1.0, "short_name": 1.0, "loc_name": 1.0,
         "name:en": 1.5, "int_name": 1.5, "addr:housename": 1.0, "old_name": 2.5}  # fmt: skip
PLAINLY = 2.0
BY_INITIALS = 9.0
MINOR = ("highway=bus_stop", "public_transport", "building=house", "natural", "landuse=construction")
MINOR_COST = 2.0

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE things (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, what TEXT NOT NULL,
  lat REAL NOT NULL, lon REAL NOT NULL, radius_m REAL NOT NULL);
CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL, written TEXT NOT NULL, kind TEXT NOT NULL,
  cost REAL NOT NULL,
  tag TEXT NOT NULL);
CREATE TABLE bears (name INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (name, thing)) WITHOUT ROWID;
CREATE TABLE spots (thing INTEGER NOT NULL, n INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
  PRIMARY KEY (thing, n)) WITHOUT ROWID;
CREATE TABLE houses (street INTEGER NOT NULL, key TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  lat REAL NOT NULL, lon REAL NOT NULL, name TEXT NOT NULL);
CREATE TABLE alleys (street INTEGER NOT NULL, path TEXT NOT NULL, thing INTEGER NOT NULL,
  PRIMARY KEY (street, path, thing)) WITHOUT ROWID;
CREATE TABLE crossings (one INTEGER NOT NULL, other INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(text, content='', tokenize='trigram');
"""
_INDEXES = """
CREATE INDEX names_text ON names(text);
CREATE INDEX bears_thing ON bears(thing, name);
CREATE INDEX houses_key ON houses(street, key);
CREATE INDEX houses_low ON houses(street, low);
CREATE INDEX crossings_one ON crossings(one, other);
CREATE INDEX crossings_other ON crossings(other, one);
INSERT INTO search(search) VALUES ('optimize');
ANALYZE;
"""


def build(source: Path, into: Path, say: Callable[[str], None]) -> Mapping[str, int]:
    """Read the OSM file ``source`` and write ``gazetteer.sqlite`` into the folder ``into``; what it holds, counted."""
    found = read_osm(source)
    say(f"{len(found.streets)} street names, {len(found.alleys)} alleys, {len(found.houses)} house numbers")
    with closing(sqlite3.connect(into / FILE)) as db:
        db.executescript(_SCHEMA)
        counts = _Builder(db, found).run()
        db.executemany(
            "INSERT INTO meta VALUES (?, ?)", [("format", str(FORMAT)), *((k, str(v)) for k, v in counts.items())]
        )
        db.executescript(_INDEXES)
        db.commit()
    return counts


@dataclass(slots=True)
class _Piece:
    """A street's connected piece."""

    id: int
    points: list[Point]
    nodes: set[int] = field(default_factory=set)


class _Builder:
    def __init__(self, db: sqlite3.Connection, found: Found) -> None:
        self.db, self.found = db, found
        self.pieces: dict[str, list[_Piece]] = defaultdict(list)
        self.things = 0
        self.names: dict[tuple[str, str, float, str], int] = {}
        self.bears: set[tuple[int, int]] = set()

    def run(self) -> dict[str, int]:
        for text in sorted(self.found.streets):
            self._street(self.found.streets[text])
        streets = self.things
        self._streets_by_hearsay()
        alleys = self._alleys()
        houses = self._houses()
        crossings = self._crossings()
        places = self._places()
        self.db.executemany("INSERT INTO bears VALUES (?, ?)", sorted(self.bears))
        return {
            "named_streets": streets, "alleys": alleys, "houses": houses, "crossings": crossings, "places": places,
            "houses_without_street": self.found.unplaced,
        }  # fmt: skip

    # --- streets ------------------------------------------------------------------------------------------------------

    def _street(self, named: Named) -> None:
        for points, nodes in pieces(named):
            piece = _Piece(self._thing("street", named.label, "", points), points, nodes)
            self.pieces[named.text].append(piece)
            for key, name in named.names.items():
                self._call(piece.id, name, "street", COSTS[key.split(" ")[0]], key.split(" ")[0])

    def _streets_by_hearsay(self) -> None:
        """Streets that only their alleys and houses name: they stand where those stand."""
        heard: dict[str, list[tuple[str, Point]]] = defaultdict(list)
        for (text, _), named in self.found.alleys.items():
            heard[text] += [(named.label, path[0]) for _, path in named.ways]
        for house in self.found.houses:
            heard[house.street].append((house.label, house.at))
        for text, places in sorted(heard.items()):
            unknown = [it for it in places if self._nearest(text, it[1]) is None]
            if unknown:
                named = Named(text, unknown[0][0], "", {f"name {unknown[0][0]}": unknown[0][0]})
                named.ways = [((), (at, at)) for _, at in unknown]
                self._street(named)

    def _nearest(self, text: str, at: Point) -> int | None:
        best: tuple[float, int] | None = None
        for piece in self.pieces.get(text, ()):
            away = min(metres(at, it) for it in piece.points)
            if away <= ITS_STREET_M and (best is None or (away, piece.id) < best):
                best = (away, piece.id)
        return None if best is None else best[1]

    def _alleys(self) -> int:
        made = 0
        for (text, path), named in sorted(self.found.alleys.items()):
            for points, _ in pieces(named):
                street = self._nearest(text, points[0])
                if street is not None:
                    thing = self._thing("alley", f"Hẻm {_shown(path)} {named.label}", "", points)
                    self.db.execute("INSERT INTO alleys VALUES (?, ?, ?)", (street, path, thing))
                    made += 1
        return made

    def _houses(self) -> int:
        seen: set[tuple[int, str, int, int]] = set()
        for house in self.found.houses:
            street = self._nearest(house.street, house.at)
            place = (street or 0, house.key, round(house.at[0] * 2e4), round(house.at[1] * 2e4))
            if street is None or place in seen:
                continue
            seen.add(place)
            low, high = (min(it, NUMBER_MOST) for it in span(house.key))
            self.db.execute(
                "INSERT INTO houses VALUES (?, ?, ?, ?, ?, ?, ?)", (street, house.key, low, high, *house.at, house.name)
            )
        return len(seen)

    def _crossings(self) -> int:
        at_node: dict[int, list[int]] = defaultdict(list)
        for same in self.pieces.values():
            for piece in same:
                for node in piece.nodes:
                    at_node[node].append(piece.id)
        places = {
            ref: at for named in self.found.streets.values() for refs, path in named.ways
            for ref, at in zip(refs, path, strict=False) if len(at_node[ref]) > 1
        }  # fmt: skip
        pairs: dict[tuple[int, int], list[Point]] = defaultdict(list)
        for node, at in sorted(places.items()):
            ids = sorted(at_node[node])
            for i, one in enumerate(ids):
                for other in ids[i + 1 :]:
                    pairs[(one, other)].append(at)
        made = 0
        for (one, other), points in sorted(pairs.items()):
            for cluster in clusters(points, ONE_CROSSING_M):
                lat = sum(points[i][0] for i in cluster) / len(cluster)
                lon = sum(points[i][1] for i in cluster) / len(cluster)
                self.db.execute("INSERT INTO crossings VALUES (?, ?, ?, ?)", (one, other, lat, lon))
                made += 1
        return made

    # --- places -------------------------------------------------------------------------------------------------------

    def _places(self) -> int:
        by_name: dict[str, list[PlaceFound]] = defaultdict(list)
        for place in self.found.places:
            by_name[place_form(" ".join(s.plain for s in spell(place.label)))].append(place)
        made = 0
        for text, same in sorted(by_name.items()):
            if not text:
                continue
            for cluster in clusters([it.at for it in same], ONE_PLACE_M):
                them = [same[i] for i in cluster]
                best = max(them, key=lambda it: (not _minor(it.what), it.radius_m))
                thing = self._thing("place", best.label, best.what, [best.at], best.radius_m)
                made += 1
                cost = MINOR_COST if _minor(best.what) else 0.0
                for tag, name in dict.fromkeys(pair for it in them for pair in (("name", it.label), *it.names)):
                    self._call(thing, name, "place", COSTS[tag] + cost, tag)
        return made

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _thing(self, kind: str, label: str, what: str, points: Sequence[Point], radius_m: float = 0.0) -> int:
        self.things += 1
        lat, lon = central(points)
        radius = max(radius_m, max(metres((lat, lon), it) for it in points))
        self.db.execute(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.things, kind, label, what, lat, lon, round(radius, 1)),
        )
        if kind != "place":
            self.db.executemany(
                "INSERT INTO spots VALUES (?, ?, ?, ?)", ((self.things, n, *at) for n, at in enumerate(points))
            )
        return self.things

    def _call(self, thing: int, name: str, kind: str, cost: float, tag: str) -> None:
        """One more way to call a thing, and the shorter ways that follow from it."""
        words = spell(name)
        if kind == "street":
            text, kept = street_form(words)
            self._name(thing, text, " ".join(_typed(name, len(words), len(kept))), kind, cost, tag)
            if text.startswith("duong so "):
                self._name(thing, "duong " + text.removeprefix("duong so "), name, kind, cost + 0.5, tag)
            if short := initials(kept):
                self._name(thing, short, short, "initials", BY_INITIALS + cost, tag)
            elif len(kept) == 2:
                self._name(thing, kept[0].plain[0] + kept[1].plain[0], text, "letters", cost, tag)
            return
        text = place_form(" ".join(it.plain for it in words))
        self._name(thing, text, name, kind, cost, tag)
        plainly = without_title(text)
        if plainly != text:
            self._name(thing, plainly, name, kind, cost + PLAINLY, tag)

    def _name(self, thing: int, text: str, written: str, kind: str, cost: float, tag: str) -> None:
        if len(text) < 2:
            return
        key = (f"{text}|{written}", kind, cost, tag)
        if key not in self.names:
            number = self.names[key] = len(self.names) + 1
            self.db.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)", (number, text, written, kind, cost, tag))
            self.db.execute("INSERT INTO search(rowid, text) VALUES (?, ?)", (number, text))
        self.bears.add((self.names[key], thing))


def _typed(name: str, words: int, kept: int) -> list[str]:
    pieces = name.split()
    return pieces[words - kept :] if kept < words == len(pieces) else pieces


def _minor(what: str) -> bool:
    return what.startswith(MINOR)


def _shown(path: str) -> str:
    return path.upper()
