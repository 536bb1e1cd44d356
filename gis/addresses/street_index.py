"""The address index of an imported map, read from its file: names by trigrams, and what bears them.

Read only, a connection for each thread, nothing of the file held in memory but the page cache of SQLite
(``CACHE_KIB`` a connection), the trigrams' counts and the words that occur.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import local

from gis.addresses.build import FILE, FORMAT
from gis.addresses.grams import counts, match
from gis.errors import GazetteerError

CACHE_KIB = 16 * 1024
CANDIDATES = 60
MAX_SPOTS = 4_000
MAX_WORDS_KNOWN = 200_000


@dataclass(frozen=True, slots=True)
class Name:
    """``text`` is folded, ``written`` as people write it."""

    id: int
    text: str
    written: str
    kind: str  # street, initials (of three words and more), letters (of two), place
    cost: float
    tag: str


@dataclass(frozen=True, slots=True)
class Thing:
    id: int
    kind: str  # street, alley, place
    label: str
    what: str
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class House:
    key: str
    low: int
    high: int
    lat: float
    lon: float
    name: str


Point = tuple[float, float]


class StreetIndex:
    """Opened for reading; ``folder`` holds the file. Raises ``GazetteerError`` where there is none of this form."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._threads = local()
        try:
            rows = self._rows("SELECT value FROM meta WHERE key = 'format'")
            if rows != [(str(FORMAT),)]:
                raise GazetteerError.of(self._path, f"format {rows}")
            self._grams = counts(self._db(), "search")
            texts = self._rows("SELECT text FROM names")
        except sqlite3.Error as error:
            raise GazetteerError.of(self._path, str(error)) from error
        self.words = frozenset(list({word for (text,) in texts for word in text.split()})[:MAX_WORDS_KNOWN])
        self.names = lru_cache(maxsize=4_000)(self._names)
        self.by_initials = lru_cache(maxsize=1_000)(self._by_initials)
        self.spots = lru_cache(maxsize=2_000)(self._spots)
        self.bearers = lru_cache(maxsize=20_000)(self._bearers)
        self.houses = lru_cache(maxsize=500)(self._houses)

    def _names(self, text: str) -> list[Name]:
        """Names that share trigrams with a folded text, the best by number first, at most ``CANDIDATES``."""
        if len(text) < 3:
            rows = self._rows(
                "SELECT id, text, written, kind, cost, tag FROM names"
                " WHERE text = ? OR (text > ? AND text < ?) ORDER BY text, id LIMIT ?",
                (text, text, text + "\uffff", CANDIDATES),
            )
            return [Name(*row) for row in rows]
        wanted = match(text, self._grams)
        if not wanted:
            return []
        ids = [row[0] for row in self._rows(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?", (wanted, CANDIDATES)
        )]  # fmt: skip
        marks = ",".join("?" * len(ids))
        rows = self._rows(
            f"SELECT id, text, written, kind, cost, tag FROM names WHERE id IN ({marks}) ORDER BY id", tuple(ids)
        )
        return [Name(*row) for row in rows]

    def _by_initials(self, letters: str) -> list[Name]:
        """Names of the streets whose words begin with these letters."""
        rows = self._rows(
            "SELECT DISTINCT n.id, n.text, n.written, n.kind, n.cost, n.tag FROM names short"
            " JOIN bears mine ON mine.name = short.id JOIN bears b ON b.thing = mine.thing"
            " JOIN names n ON n.id = b.name"
            " WHERE short.text = ? AND short.kind IN ('initials', 'letters') AND n.kind = 'street'"
            " ORDER BY n.id LIMIT ?",
            (letters, CANDIDATES),
        )
        return [Name(*row) for row in rows]

    def _bearers(self, name: int) -> tuple[Thing, ...]:
        rows = self._rows(
            "SELECT t.id, t.kind, t.label, t.what, t.lat, t.lon, t.radius_m FROM bears b"
            " JOIN things t ON t.id = b.thing WHERE b.name = ? ORDER BY t.id LIMIT 200",
            (name,),
        )
        return tuple(Thing(*row) for row in rows)

    def thing(self, number: int) -> Thing:
        [row] = self._rows("SELECT id, kind, label, what, lat, lon, radius_m FROM things WHERE id = ?", (number,))
        return Thing(*row)

    def _spots(self, thing: int) -> tuple[Point, ...]:
        return tuple(self._rows("SELECT lat, lon FROM spots WHERE thing = ? ORDER BY n LIMIT ?", (thing, MAX_SPOTS)))

    def _houses(self, street: int) -> tuple[House, ...]:
        rows = self._rows(
            "SELECT key, low, high, lat, lon, name FROM houses WHERE street = ? ORDER BY low, key, lat LIMIT 20000",
            (street,),
        )
        return tuple(House(*row) for row in rows)

    def alleys(self, street: int, paths: Sequence[str]) -> dict[str, int]:
        """The alleys of a street among ``paths``: path -> thing."""
        marks = ",".join("?" * len(paths))
        return dict(self._rows(
            f"SELECT path, thing FROM alleys WHERE street = ? AND path IN ({marks}) ORDER BY thing DESC",
            (street, *paths),
        ))  # fmt: skip

    def crossings(self, one: int, other: int) -> list[Point]:
        low, high = min(one, other), max(one, other)
        return self._rows("SELECT lat, lon FROM crossings WHERE one = ? AND other = ? LIMIT 20", (low, high))

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        return self._db().execute(sql, tuple(values)).fetchall()

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._threads, "db", None)
        if db is None:
            # immutable: a version's files never change; one that is replaced is another folder
            db = sqlite3.connect(
                f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            self._threads.db = db
        return db
