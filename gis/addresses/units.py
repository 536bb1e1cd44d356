"""Wards and districts as they are said: by name or number, present or former, and the present wards that are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process

from gis.addresses.spelling import fold
from gis.addresses.wards import former_districts, former_wards, present_wards

# A name of a ward or district with a slip of the hand is still that name; two letters off of eight are too many.
ALIKE = 80.0
MIN_MISTYPED = 5
SURE_LETTERS = 9  # in a shorter name nobody mistypes the first letter: «n thach» is no An Thạnh
_LETTERS = {"bt": "binh thanh", "tb": "tan binh", "tp": "tan phu", "bc": "binh chanh", "td": "thu duc", "cc": "cu chi",
            "nb": "nha be"}  # fmt: skip
"""Of two districts with the same letters, the one that is meant by them."""
_WARD_TITLES = ("phuong ", "xa ", "thi tran ", "dac khu ")
_DISTRICT_TITLES = ("quan ", "huyen ", "thanh pho ", "thi xa ")


@dataclass(frozen=True, slots=True)
class District:
    """A district of before. ``codes``: the present wards on its ground."""

    label: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class WardMeant:
    """What a ward's name may mean. ``codes``: present wards in the order in which they are likely; ``old``: the former
    ward in full ("" where the present one is meant)."""

    codes: tuple[str, ...]
    old: str = ""
    by_marks: bool = False  # Thanh An and Thạnh An: only the marks tell which


@dataclass(frozen=True, slots=True)
class _Former:
    label: str
    districts: tuple[str, ...]  # folded, without their titles
    codes: tuple[str, ...]


@dataclass(slots=True)
class Units:
    """The tables; made once, never changed."""

    districts: dict[str, District] = field(default_factory=dict)  # by the folded name without its title
    present: dict[str, tuple[str, ...]] = field(default_factory=dict)  # folded, without its title -> codes
    former: dict[str, list[_Former]] = field(default_factory=dict)  # likewise; numbers as "7"
    names: dict[str, str] = field(default_factory=dict)  # code -> name in full
    communes: frozenset[str] = frozenset()  # names that some xã has or had
    longest: int = 1  # words in a name
    ward_names: tuple[str, ...] = ()  # without the numbers
    district_names: tuple[str, ...] = ()
    short_districts: dict[str, str] = field(default_factory=dict)  # bt, bthanh -> binh thanh

    def district(self, name: str) -> str:
        """The key of a district by folded name or number, also slightly mistyped; "" for none."""
        if name in self.districts:
            return name
        if name in self.short_districts:
            return self.short_districts[name]
        close = "" if name.isdigit() else _closest(name, False)
        return self.short_districts.get(close, close)

    def is_ward(self, name: str) -> bool:
        return name in self.present or name in self.former

    def ward_name(self, name: str) -> str:
        """The folded ward name that is meant, also slightly mistyped; "" for none."""
        if self.is_ward(name) or name.isdigit():
            return name if self.is_ward(name) else ""
        return _closest(name, True)

    def ward(self, name: str, district: str) -> WardMeant | None:
        """``name``: a folded ward name or number, ``district``: a key of ``districts`` or "". None: no such ward there.

        Who names a district speaks of the wards of before; without one the present ward comes first.
        """
        former = [it for it in self.former.get(name, ()) if not district or district in it.districts]
        present = self.present.get(name, ())
        if district:
            present = tuple(it for it in present if it in self.districts[district].codes)
        if former and (district or not present):
            codes = tuple(dict.fromkeys(code for it in former for code in it.codes))
            old = former[0].label if len(former) == 1 else ""
            return WardMeant(tuple(dict.fromkeys((*codes, *present))), old)
        if present:
            rest = (code for it in former for code in it.codes)
            return WardMeant(tuple(dict.fromkeys((*present, *rest))), "", len(present) > 1)
        return None


@lru_cache(maxsize=1)
def units() -> Units:
    """The city's. Raises ``WardDataError`` where the table of wards is not as expected."""
    made = Units(names={it.code: it.name for it in present_wards()})
    for ward in present_wards():
        key = _short(ward.name, _WARD_TITLES)
        made.present[key] = (*made.present.get(key, ()), ward.code)
    ground: dict[str, set[str]] = {}
    for former in former_wards():
        codes = tuple(it.code for it in former.became)
        districts = tuple(_short(d, _DISTRICT_TITLES) for d in (former.district, former.district_of_2020) if d)
        for district in districts:
            ground.setdefault(district, set()).update(codes)
        for name in _names(former.name, former.merged):
            label = f"{former.name}, {former.district}" if not name.isdigit() else f"Phường {name}, {former.district}"
            made.former.setdefault(name, []).append(_Former(label, districts, codes))
    for whole in former_districts():
        key = _short(whole.name, _DISTRICT_TITLES)
        codes_there = ground.get(key, set()) | {it.code for it in whole.became}
        made.districts.setdefault(key, District(whole.name, frozenset(codes_there)))
    made.ward_names = tuple(sorted({*made.present, *(it for it in made.former if not it.isdigit())}))
    named = sorted(it for it in made.districts if not it.isdigit())
    titled = (*(it.name for it in present_wards()), *(it.name for it in former_wards()))
    made.communes = frozenset(_short(it, _WARD_TITLES) for it in titled if it.startswith("Xã "))
    made.short_districts = _short_districts(named)
    made.district_names = (*named, *sorted(it for it in made.short_districts if len(it) >= MIN_MISTYPED))
    made.longest = max(len(name.split()) for name in (*made.present, *made.former, *made.districts))
    return made


def _names(name: str, merged: Iterable[int]) -> list[str]:
    own = [_short(name, _WARD_TITLES)] if name else []
    return [str(int(it)) if it.isdigit() else it for it in own] + [str(it) for it in merged]


def _short_districts(names: Iterable[str]) -> dict[str, str]:
    """BThạnh, B. Thạnh and, where no other district has them, the letters BT."""
    by_letters: dict[str, list[str]] = {}
    out: dict[str, str] = {}
    for name in names:
        first, *rest = name.split()
        by_letters.setdefault("".join(it[0] for it in name.split()), []).append(name)
        if len(rest) == 1 and len(rest[0]) > 2:
            out |= {f"{first[0]}{rest[0]}": name, f"{first[0]} {rest[0]}": name}
    table = {short: name for short, name in _LETTERS.items() if name in names}
    return out | {short: several[0] for short, several in by_letters.items() if len(several) == 1} | table


def _short(name: str, titles: tuple[str, ...]) -> str:
    folded = fold(name)
    for title in titles:
        if folded.startswith(title):
            return folded[len(title) :]
    return folded


@lru_cache(maxsize=20_000)
def _closest(name: str, wards: bool) -> str:
    """The name that is meant by one with a slip of the hand; "" for none, and for words too short to tell."""
    among = units().ward_names if wards else units().district_names
    found = process.extractOne(name, among, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if found is None or len(name) < MIN_MISTYPED or (len(name) < SURE_LETTERS and found[0][0] != name[0]):
        return ""
    return found[0]
