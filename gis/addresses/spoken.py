"""Numbers said in words where an address has one: «quận nhất», «phường hai mươi lăm», «hẻm ba trăm mười tám»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis.addresses.spelling import spell
from gis.addresses.tokens import Word
from gis.addresses.units import units

_DIGITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
           "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}  # fmt: skip
_FIRST = {"nhất": 1, "nhứt": 1}
_BETWEEN = ("lẻ", "linh")
_HUNDRED, _TENS = "tram", "muoi"
MAX_RUN = 7

_VALUES = {spell(text)[0].plain: value for text, value in (_DIGITS | _FIRST).items()}
_SAID = frozenset(
    spell(text)[0] for text in (*_DIGITS, *_FIRST, *_BETWEEN, "trăm", "mười", "mươi")
)  # with the marks that make a word a number
_PLAIN = frozenset(it.plain for it in _SAID)

_UNITS = {"quan": "\u0323", "phuong": "\u0300"}  # the mark by which it is none of the words that look like it
_LEADS = frozenset(("so", "hem", "ngo", "ngach", "kiet", "q", "p", "f"))
_AFTER = frozenset(("quan", "q", "phuong", "p", "f", "tp", "thanh", "huyen"))


def spoken_numbers(words: Sequence[Word]) -> list[Word]:
    """The words with those numbers as digits; no other word is changed, for the names of streets have numbers too."""
    marked = any(word.marks for word in words)
    out: list[Word] = []
    i = 0
    while i < len(words):
        out.append(words[i])
        i += 1
        length = _run(words, i, marked) if _leads(words[i - 1], marked) else 0
        unit = words[i - 1].plain in _UNITS or words[i - 1].plain in "qpf"
        if length and unit and not _ends_unit(words, i, length, marked):
            length = 0
        while length and not number([it.plain for it in words[i : i + length]]):
            length -= 1  # «một trăm chín mươi ba Hai Bà Trưng»
        value = number([it.plain for it in words[i : i + length]])
        if value:
            out.append(replace(words[i], plain=value, marks=frozenset(), end=words[i + length - 1].end))
            i += length
    return out


def number(said: Sequence[str]) -> str:
    """The digits of a number's plain words, also where it is said digit by digit; "" for what is none."""
    if not said or any(it not in _PLAIN for it in said):
        return ""
    if _HUNDRED not in said and _TENS not in said:
        digits = [it for it in said if it not in ("le", "linh")]
        return "".join(str(_VALUES[it]) for it in digits).lstrip("0") if digits == list(said) else ""
    total, rest = 0, list(said)
    if _HUNDRED in rest:
        at = rest.index(_HUNDRED)
        if at != 1 or rest[0] not in _VALUES:
            return ""
        total, rest = 100 * _VALUES[rest[0]], [it for it in rest[2:] if it not in ("le", "linh")]
    if _TENS in rest:
        at = rest.index(_TENS)
        if at > 1 or (at and rest[0] not in _VALUES):
            return ""
        total, rest = total + 10 * (_VALUES[rest[0]] if at else 1), rest[at + 1 :]
    if len(rest) > 1 or any(it not in _VALUES for it in rest):
        return ""
    return str(total + (_VALUES[rest[0]] if rest else 0))


def _leads(word: Word, marked: bool) -> bool:
    own = _UNITS.get(word.plain)
    if own is not None:
        return own in word.marks or not marked
    return word.plain in _LEADS


def _run(words: Sequence[Word], i: int, marked: bool) -> int:
    length = 0
    while (
        length < MAX_RUN
        and i + length < len(words)
        and not (words[i + length].after_comma or words[i + length].joint)
        and (words[i + length].spelling in _SAID if marked else words[i + length].plain in _PLAIN)
    ):
        length += 1
    return length


def _ends_unit(words: Sequence[Word], i: int, length: int, marked: bool) -> bool:
    """Not the Tam of Phường Tam Bình; without marks, only where nothing follows that may go on with a name."""
    following = words[i : i + length + 3]
    for more in range(len(following), 1, -1):
        if units().is_ward(" ".join(it.plain for it in following[:more])):
            return False
    if marked or i + length >= len(words):
        return True
    after = words[i + length]
    return after.after_comma or after.joint or after.is_number or after.plain[:1] == "q" or after.plain in _AFTER
