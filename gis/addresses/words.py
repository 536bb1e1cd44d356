"""The short words of addresses in one long form, so that ``P.7 Q.5``, ``f7 q5`` and ``Phường 07, Quận 5`` are one text.

Works on folded text (``gis.spelling.fold``). A ward or district with a number becomes one word, ``phuong7``: ward 7 of
district 5 and ward 5 of district 7 would otherwise be the same bag of words.
"""

from __future__ import annotations

import re

_WORDS = {
    "tt": "thi tran",
    "tx": "thi xa",
    "tp": "thanh pho",
    "bv": "benh vien",
    "dh": "dai hoc",
    "sb": "san bay",
    "bx": "ben xe",
    "cv": "cong vien",
    "vx": "vong xoay",
    "kcn": "khu cong nghiep",
    "kcx": "khu che xuat",
    "ubnd": "uy ban nhan dan",
    "svd": "san van dong",
    "metro": "ga metro",
    "bvdk": "benh vien da khoa",
}
_ARMS = {"3": "ba", "4": "tu", "5": "nam", "6": "sau", "7": "bay"}
_CITY = re.compile(r"\b(?:thanh pho|tp)? ?(?:ho chi minh|hcm)\b|\btphcm\b|\bviet nam\b")
_WARD = re.compile(r"\b(?:phuong|ward|p|f) ?0*(\d{1,2})\b")
_DISTRICT = re.compile(r"\b(?:quan|district|q) ?0*(\d{1,2})\b")
_CROSSING = re.compile(r"\bnga ([3-7])\b")
_NAMED = re.compile(r"\b([pqhx]) (?=[a-z])")
_NAMED_LONG = {"p": "phuong ", "q": "quan ", "h": "huyen ", "x": "xa "}
_NUMBERED = re.compile(r"\b([a-z]*)(\d+)\b")


def in_full(folded: str) -> str:
    """The folded text with short words written out, numbers of wards and districts joined to them, the city gone."""
    text = _CITY.sub(" ", folded)
    text = _WARD.sub(r"phuong\1", text)
    text = _DISTRICT.sub(r"quan\1", text)
    text = _CROSSING.sub(lambda m: "nga " + _ARMS[m.group(1)], text)
    text = _NAMED.sub(lambda m: _NAMED_LONG[m.group(1)], text)
    words = text.replace("ga metro", "metro").split()
    return " ".join(_WORDS.get(word, word) for word in words)


def numbers(text: str) -> dict[str, frozenset[str]]:
    """The numbers of a text by what they number: ``{"phuong": {"7"}, "quan": {"5"}, "": {"220", "9"}}``."""
    found: dict[str, set[str]] = {}
    for what, number in _NUMBERED.findall(text):
        found.setdefault(what, set()).add(number)
    return {what: frozenset(values) for what, values in found.items()}
