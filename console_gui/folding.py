"""Vietnamese without its marks: ``chay nha`` finds ``cháy nhà``. Đ has no decomposition and is folded by hand."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Lower case, no diacritics, single spaces."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return " ".join(kept.casefold().split())


def words_of(text: str) -> list[str]:
    """The folded words of ``text``, punctuation left out."""
    return _WORD.findall(fold(text))
