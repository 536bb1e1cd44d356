"""The short words that Saigon writes in addresses (CMT8, XVNT, BV, 3/2), out of a table, and what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import as_file, files

from gis.addresses.spelling import spell
from gis.addresses.tokens import Word
from gis.table import read_rows

MAX_VARIANTS = 4
EXPANDED = 0.5  # points out of 100 that it costs to read a short word as a long one


@dataclass(frozen=True, slots=True)
class Variant:
    words: list[Word]
    cost: float = 0.0


def expanded(words: list[Word]) -> list[Variant]:
    """The words with their short ones written out, each way that the table knows, and as they stand."""
    ways: list[Variant] = [Variant(words)]
    for i in range(len(words) - 1, -1, -1):
        for short, long, title in _table().get(words[i].plain, ()):
            if [w.plain for w in words[i : i + len(short)]] != list(short) or any(
                w.joint for w in words[i : i + len(short)]
            ):
                continue
            if title and (i + len(short) >= len(words) or not _begins(words, i)):
                continue
            if _is_house(words, i, short):
                continue
            ways += [_with(it, words[i], words[i + len(short) - 1], long) for it in ways if words[i] in it.words]
        ways = ways[:MAX_VARIANTS]
    return ways


def _begins(words: Sequence[Word], i: int) -> bool:
    """A title stands at the beginning, after a comma or after words that lead to it; never inside a name."""
    return i < 3 or words[i].after_comma


def _is_house(words: Sequence[Word], i: int, short: Sequence[str]) -> bool:
    """3/2 before a name is a house in an alley: «3/2 Lê Lợi»; the street stands after «đường», a number, or alone."""
    if not short[0][0].isdigit():
        return False
    alone = i + 1 >= len(words) or words[i + 1].after_comma or words[i + 1].joint or words[i + 1].plain[0] in "pqf"
    led = i > 0 and (words[i - 1].plain == "duong" or words[i - 1].is_number)
    return not (alone or led)


def _with(variant: Variant, first: Word, last: Word, long: Sequence[tuple[str, frozenset[str]]]) -> Variant:
    at, until = variant.words.index(first), variant.words.index(last)
    new = [
        replace(first, plain=plain, marks=marks, end=last.end, after_comma=first.after_comma and n == 0, joint=False)
        for n, (plain, marks) in enumerate(long)
    ]
    return Variant([*variant.words[:at], *new, *variant.words[until + 1 :]], variant.cost + EXPANDED)


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...], bool]]]:
    """By the first folded word: all folded words, what they stand for, whether that is a title."""
    out: dict[str, list[tuple[tuple[str, ...], tuple[tuple[str, frozenset[str]], ...], bool]]] = {}
    with as_file(files("gis.data") / "abbreviations.csv") as path:
        rows = read_rows(path, ("short", "long", "kind"))
    for row in rows:
        raw = row.text("short")
        short = (raw,) if raw[0].isdigit() else tuple(s.plain for s in spell(raw))
        long = tuple((s.plain, s.marks) for s in spell(row.text("long")))
        entry = (short, long, row.one_of("kind", ("street", "title")) == "title")
        if entry not in out.setdefault(short[0], []):
            out[short[0]].append(entry)
    return out
