"""The embedded address search: trigram candidates out of SQLite FTS5, ranked by rapidfuzz and by what a person meant.

Everything lives in memory; one lock, because worker threads share the database connection. The same question gives
the same answer. Limits: ``MAX_TEXT`` characters a question, ``MAX_SUGGESTIONS`` answers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from threading import Lock

from rapidfuzz import fuzz

from dispatch_core.domain.vocabulary import Suggestion
from gis.addresses.entries import Entry
from gis.addresses.grams import counts, match
from gis.addresses.spelling import Spelling, from_telex, from_vni, spell
from gis.addresses.words import in_full, numbers
from gis.travel.straight import metres_between

MAX_TEXT = 200
MAX_SUGGESTIONS = 50
CANDIDATES = 80  # of 1,634 names; with one typing error the right one is among them for 99.6 % of the names
MIN_SCORE = 58.0

# Points out of 100, set on the spellings of the tests: what is said counts, the rest breaks ties.
PLAINLY = 2.0  # the name without its title (Bến Thành) is a little less sure than with it (Chợ Bến Thành)
GUESSED_TELEX = 1.0
WRONG_NUMBER = 35.0  # Phường 7 is not Phường 17, however alike they look
NO_NUMBER = 8.0  # Phường 4 of Gò Vấp is not Phường Gò Vấp; a house number costs nothing
WRONG_MARKS = 6.0  # Thanh An is not Thạnh An, for someone who typed the marks
UNSAID_MARKS = 2.0  # someone who types marks and leaves them off a word probably means a word without
FAR_AWAY = 8.0  # at FAR_M or more from ``near``, growing with the root of the distance: 1 km tells more than the 30th
FAR_M = 40_000.0


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to call an entry. ``text`` is folded and in full."""

    entry: int
    text: str
    numbers: dict[str, frozenset[str]]
    words: dict[str, frozenset[frozenset[str]]]  # plain word -> the sets of marks that it is written with
    cost: float


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    numbers: dict[str, frozenset[str]]
    words: tuple[Spelling, ...]
    marked: bool
    cost: float


class Gazetteer:
    """Immutable after construction; ``entries`` are what it was made of."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._names = [_name(i, text, cost) for i, e in enumerate(self.entries) for text, cost in _ways(e)]
        self._lock = Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("CREATE VIRTUAL TABLE names USING fts5(text, content='', tokenize='trigram')")
        self._db.executemany(
            "INSERT INTO names(rowid, text) VALUES (?, ?)", ((i, n.text) for i, n in enumerate(self._names))
        )
        self._grams = counts(self._db, "names")

    def suggest(self, text: str, near: tuple[float, float] | None = None, limit: int = 8) -> list[Suggestion]:
        """The best answers first, at most ``limit``; none for an empty or hopeless text.

        ``near`` (lat, lon) favours what is close. Raises ``PlaceError`` where it is no place.
        """
        best: dict[int, float] = {}
        for question in _questions(text[:MAX_TEXT]):
            for number in self._candidates(question.text):
                name = self._names[number]
                score = _score(question, name)
                if score > best.get(name.entry, 0.0):
                    best[name.entry] = score
        ranked = self._settle(best, near)
        return [
            Suggestion(
                label=e.label, lat=e.lat, lon=e.lon, kind=e.kind, ward=e.ward,
                uncertainty_m=round(e.uncertainty_m), score=round(score, 1),
            )
            for score, e in ranked[: max(0, min(limit, MAX_SUGGESTIONS))]
        ]  # fmt: skip

    def _candidates(self, text: str) -> list[int]:
        if len(text) < 3:  # too short for a trigram
            return [i for i, n in enumerate(self._names) if any(w.startswith(text) for w in n.text.split())]
        wanted = match(text, self._grams)
        if not wanted:
            return []
        with self._lock:
            rows = self._db.execute(
                "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?", (wanted, CANDIDATES)
            ).fetchall()
        return [row[0] for row in rows]

    def _settle(self, best: dict[int, float], near: tuple[float, float] | None) -> list[tuple[float, Entry]]:
        found = [n for n, score in best.items() if score >= MIN_SCORE]
        metres = [0.0] * len(found)
        if near is not None:
            metres = metres_between(*near, [(self.entries[n].lat, self.entries[n].lon) for n in found])
        settled = []
        for n, away in zip(found, metres, strict=True):
            entry = self.entries[n]
            vague = max(0.0, log10(max(entry.uncertainty_m, 1.0) / 100.0))  # 100 m: 0, 10 km: 2
            score = best[n] - vague - entry.cost - FAR_AWAY * min(1.0, away / FAR_M) ** 0.5
            settled.append((max(score, 0.0), n))
        settled.sort(key=lambda it: (-it[0], it[1]))
        return [(score, self.entries[n]) for score, n in settled]


def _ways(entry: Entry) -> list[tuple[str, float]]:
    return [*((name, 0.0) for name in entry.names), *((name, PLAINLY) for name in entry.plainly)]


def _name(entry: int, text: str, cost: float) -> _Name:
    spellings = spell(text)
    full = in_full(" ".join(s.plain for s in spellings))
    words = {s.plain: frozenset(t.marks for t in spellings if t.plain == s.plain) for s in spellings}
    return _Name(entry, full, numbers(full), words, cost)


def _questions(text: str) -> list[_Question]:
    """What may have been meant: the text as it stands, and read as raw Telex and VNI."""
    readings: Sequence[tuple[list[Spelling] | None, float]] = (
        (spell(text), 0.0), (from_telex(text), GUESSED_TELEX), (from_vni(text), GUESSED_TELEX)
    )  # fmt: skip
    questions = []
    for words, cost in readings:
        full = in_full(" ".join(w.plain for w in words)) if words else ""
        if words and full:
            marked = any(w.marks for w in words)
            questions.append(_Question(full, numbers(full), tuple(words), marked, cost))
    return questions


def _score(question: _Question, name: _Name) -> float:
    """0 to 100: how well the question's letters, numbers and marks agree with one name."""
    asked, text = question.text, name.text
    score = 0.55 * fuzz.token_set_ratio(asked, text) + 0.45 * fuzz.ratio(asked, text)
    if f" {text}".find(f" {asked}") >= 0:  # typed so far, from the start of a word
        score = max(score, 88.0 + 12.0 * len(asked) / len(text))
    for what, asked_numbers in question.numbers.items():
        if what in name.numbers and not asked_numbers & name.numbers[what]:
            score -= WRONG_NUMBER
        elif what and what not in name.numbers:
            score -= NO_NUMBER
    for word in question.words if question.marked else ():
        if word.plain in name.words and word.marks not in name.words[word.plain]:
            score -= WRONG_MARKS if word.marks else UNSAID_MARKS
    return score - question.cost - name.cost
