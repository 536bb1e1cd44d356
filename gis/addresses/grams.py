"""Which trigrams of a question are worth asking for: the rarest, for the common ones bring what those bring and
everything else besides.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

GRAMS = 10  # with one typing error three of them are lost


def counts(db: sqlite3.Connection, table: str) -> dict[str, int]:
    """How many rows of an FTS5 table with the trigram tokenizer hold each trigram."""
    db.execute(f"CREATE VIRTUAL TABLE temp.{table}_grams USING fts5vocab(main, {table}, 'row')")
    return dict(db.execute(f"SELECT term, doc FROM temp.{table}_grams"))


def match(text: str, known: Mapping[str, int]) -> str:
    """The MATCH of a folded text; "" where none of its trigrams occurs."""
    grams = {gram for i in range(len(text) - 2) if (gram := text[i : i + 3]) in known}
    return " OR ".join(f'"{gram}"' for gram in sorted(grams, key=lambda it: (known[it], it))[:GRAMS])
