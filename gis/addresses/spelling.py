"""How one Vietnamese word may be written: with diacritics, without, half of them, or in raw Telex.

``fold`` gives the plain letters that all spellings share. ``marks`` keeps what folding drops, as a set, so that hoà
and hòa agree and Thanh and Thạnh do not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# NFD takes no stroke off: đ (U+0111) and ð (U+00F0), which map data use for it, are folded by hand.
_STROKES = str.maketrans({"đ": "d", "ð": "d"})
_STROKE = "đ"

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VOWELS = frozenset("aeiouy")
_PLAIN = re.compile(r"[a-z]+\Z")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as its plain letters and the set of marks on them; no marks may mean that none were typed."""

    plain: str
    marks: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Lower case, no diacritics, runs of anything but letters and digits as one space."""
    return " ".join(word.plain for word in spell(text))


def spell(text: str) -> list[Spelling]:
    """The words of a text with their marks."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    kept = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in lower)
    return [word for word in map(_spell_word, kept.split()) if word.plain]


def _spell_word(word: str) -> Spelling:
    marks = {c for c in word if unicodedata.combining(c)}
    if "đ" in word or "ð" in word:
        marks.add(_STROKE)
    plain = "".join(c for c in word.translate(_STROKES) if not unicodedata.combining(c))
    return Spelling(plain, frozenset(marks))


def from_telex(text: str) -> list[Spelling] | None:
    """The words as someone meant them who typed Telex with the input method off; None where nothing would differ."""
    plain = [word.plain for word in spell(text)]
    decoded = [telex_word(word) if _PLAIN.match(word) else Spelling(word) for word in plain]
    return decoded if any(d.marks for d in decoded) else None


def telex_word(word: str) -> Spelling:
    """One word, key by key: aa ee oo and dd, w after a o u or alone, tones s f r x j, z takes the tone back."""
    letters: list[str] = []
    marks: set[str] = set()
    tone = ""
    for key in word:
        vowels = [c for i, c in enumerate(letters) if c in _VOWELS and letters[:i] != ["q"]]  # u after q is none
        if key in _TONES and vowels:
            tone = _TONES[key]
        elif key == "z" and tone:
            tone = ""
        elif key == "w":
            if vowels and vowels[-1] in "aou":
                marks.add(_BREVE if vowels[-1] == "a" and vowels[-2:-1] != ["u"] else _HORN)
            else:
                letters.append("u")
                marks.add(_HORN)
        elif key in "aeo" and vowels and vowels[-1] == key:
            marks.add(_HAT)
        elif key == "d" and letters[:1] == ["d"] and _STROKE not in marks:
            marks.add(_STROKE)
        else:
            letters.append(key)
    return Spelling("".join(letters), frozenset({*marks, tone} - {""}))


_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_SHAPES = {"6": (_HAT, "aeo"), "7": (_HORN, "ou"), "8": (_BREVE, "a"), "9": (_STROKE, "d")}


def vni_word(word: str) -> Spelling:
    """One word typed with VNI's digits and the input method off (``d9inh``, ``tie6n``); as it stands where a digit has
    no letter to change, for then it is a number (``d5``, ``cmt8``)."""
    letters, marks, tones = "", set(), set()
    for key in word:
        if not key.isdigit():
            letters += key
        elif key in _VNI_TONES and _VOWELS & set(letters):
            tones.add(_VNI_TONES[key])
        elif key in _VNI_SHAPES and set(_VNI_SHAPES[key][1]) & set(letters):
            marks.add(_VNI_SHAPES[key][0])
        else:
            return Spelling(word)
    return Spelling(word) if len(tones) > 1 else Spelling(letters, frozenset(marks | tones))


def from_vni(text: str) -> list[Spelling] | None:
    """The words as someone meant them who typed VNI with the input method off; None where nothing would differ."""
    plain = spell(text)
    decoded = [vni_word(word.plain) if not word.marks else word for word in plain]
    return decoded if decoded != plain else None
