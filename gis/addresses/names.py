"""One form for a name however it is written, on both sides of the search: in the index and in the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gis.addresses.spelling import Spelling

TITLES = (
    "benh vien da khoa", "benh vien", "phong kham da khoa", "phong kham", "tram y te", "trung tam thuong mai",
    "toa an nhan dan", "toa an", "vien kiem sat nhan dan", "vien kiem sat",
    "trung tam y te", "trung tam", "truong tieu hoc", "truong trung hoc co so", "truong trung hoc pho thong",
    "truong thcs", "truong thpt", "truong mam non", "truong dai hoc", "truong cao dang", "truong", "dai hoc",
    "cao dang", "hoc vien", "vien", "khach san", "nha khach", "nha nghi", "nha hang", "quan", "cafe", "ca phe",
    "nha tho giao xu", "nha tho", "giao xu", "chua", "dinh", "den", "mieu", "bao tang", "thu vien", "nha hat",
    "nha van hoa", "cong vien", "san van dong", "san bay", "toa nha", "cao oc", "chung cu", "cu xa", "khu chung cu",
    "khu do thi", "khu dan cu", "khu cong nghiep", "khu che xuat", "khu du lich", "ben xe", "ben pha", "ben",
    "ga metro", "ga", "nha ga", "tram xe buyt", "tram trung chuyen", "tram", "cho dau moi", "cho", "sieu thi",
    "cua hang", "ngan hang", "buu dien", "cong an", "uy ban nhan dan", "tong lanh su quan", "lanh su quan", "so",
    "cuc", "chi cuc", "cong ty co phan", "cong ty", "tong cong ty", "van phong", "ky tuc xa", "cau vuot", "cau",
    "ham chui", "ham", "vong xoay", "bung binh", "rach", "song", "kenh", "cong truong",
)  # fmt: skip
_BY_LENGTH = tuple(sorted(TITLES, key=lambda it: -len(it)))
_CITY = re.compile(r"\b(?:thanh pho |tp )(?:ho chi minh|hcm)\b|\bho chi minh city\b|\bhcmc\b")
_SAME = tuple(
    (re.compile(rf"\b{short}\b"), long)
    for short, long in (
        ("xe bus", "xe buyt"), ("bus", "xe buyt"), ("ubnd", "uy ban nhan dan"), ("bvdk", "benh vien da khoa"),
        ("bv", "benh vien"), ("ks", "khach san"), ("hotel", "khach san"), ("tttm", "trung tam thuong mai"),
        ("truong trung hoc pho thong", "truong thpt"), ("truong trung hoc co so", "truong thcs"),
    )
)  # fmt: skip
_ENGLISH = re.compile(r" (?:street|boulevard|blvd|st|road|avenue|ave|alley)$")


def street_form(words: Sequence[Spelling]) -> tuple[str, tuple[Spelling, ...]]:
    """A street's folded name and its words, without the word for street, unless a number or letter needs it."""
    kept = list(words)
    while len(kept) > 2 and kept[-1].plain in ("street", "st", "road", "boulevard"):
        kept = kept[:-1]
    while len(kept) > 1 and kept[0].plain in ("duong", "dg", "d"):
        kept = kept[1:]
    plain = [it.plain for it in kept]
    short = len(kept) == 1 and (any(c.isdigit() for c in plain[0]) or len(plain[0]) < 3)
    if short or (plain[:1] == ["so"] and len(kept) > 1):
        kept = [Spelling("duong", frozenset({"\u031b", "\u0300", "đ"})), *kept]
    text = _ENGLISH.sub("", _flat(" ".join(it.plain for it in kept)))
    return text, tuple(kept)


def place_form(folded: str) -> str:
    """A place's folded name with its common words in one form."""
    text = _CITY.sub("tphcm", _flat(folded))
    for pattern, word in _SAME:
        text = pattern.sub(word, text)
    return text


def _flat(text: str) -> str:
    """86/1 and 86-1 as the index has them: 86 1."""
    return " ".join(re.sub(r"[/&-]", " ", text).split())


def without_title(text: str) -> str:
    """Bến Thành of Chợ Bến Thành; the text itself where nothing that tells anything would be left."""
    for title in _BY_LENGTH:
        if text.startswith(title + " "):
            rest = text[len(title) + 1 :]
            return rest if len(rest) >= 3 and not rest.isdigit() else text
    return text


def initials(words: Sequence[Spelling]) -> str:
    """XVNT of Xô Viết Nghệ Tĩnh; "" for names of fewer than three words."""
    plain = [it.plain for it in words]
    return "".join(it[0] for it in plain) if len(plain) >= 3 and all(it.isalpha() for it in plain) else ""
