"""What a text may mean as an address of the city: its parts, in several readings where it is not plain.

Pure. A reading says which words are the house or alley number, the name or the two streets of a crossing, the ward and
the district; which words were passed over; and what it costs to read it so. Nothing is looked up here but the names of
wards and districts and the short words of ``abbreviations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gis.addresses import reading as costs
from gis.addresses.abbreviations import expanded
from gis.addresses.house_said import numbers_said
from gis.addresses.joined import joined_numbers
from gis.addresses.name_said import names_said
from gis.addresses.names import TITLES
from gis.addresses.reading import Reading
from gis.addresses.said import Said
from gis.addresses.tokens import Word

MAX_READINGS = 14
MAX_UNITS = 6


def readings(words: Sequence[Word]) -> list[Reading]:
    """The ways to take the words, the likeliest first, at most ``MAX_READINGS``; none for no words."""
    found: dict[tuple[object, ...], Reading] = {}
    for variant in expanded(joined_numbers(words)):
        for one in _all(Said(variant.words)):
            made = replace(one, cost=one.cost + variant.cost)
            names = tuple(" ".join(w.plain for w in name) for name in made.names)
            key = (names, made.crossing, made.house, made.alley, made.ward, made.district)
            if key not in found or found[key].cost > made.cost:
                found[key] = made
    return sorted(found.values(), key=lambda it: it.cost)[:MAX_READINGS]


def _all(said: Said) -> Iterator[Reading]:
    for left, ward, district, unit_cost in _units(said) if said.words else ():
        for house, alley, number_words, number_cost in numbers_said(said, left):
            rest = [i for i in left if i not in number_words]
            for names, crossing, name_cost in names_said(said, rest):
                yield Reading(
                    names=tuple(tuple(said.words[i] for i in name) for name in names),
                    crossing=crossing, house=house, alley=alley, ward=ward, district=district,
                    unknown_ward=said.unknown_ward, present=said.present, near=said.near,
                    cost=unit_cost + number_cost + name_cost,
                    parts=said.parts(_roles(said, names, number_words, left, alley)),
                )  # fmt: skip


def _roles(
    said: Said, names: Sequence[Sequence[int]], numbers: frozenset[int], left: Sequence[int], alley: bool
) -> list[str]:
    named = {i for name in names for i in name}
    out = list(said.role)
    for i in named:
        out[i] = "name"
    for i in said.free():
        if i in named:
            continue
        if i in numbers:
            out[i] = "alley" if alley else "house"
        elif i not in left:
            out[i] = "unit"
    return out


# --- wards and districts without their words --------------------------------------------------------------------------

Units = tuple[list[int], str, str, float]
"""Words left, ward, district, what it costs."""


def _units(said: Said) -> list[Units]:
    """The words as they stand, and with a ward or district taken off the end or the beginning."""
    base = said.free()
    options: list[Units] = [(base, said.ward, said.district, 0.0)]
    last = max((i for i, role in enumerate(said.role) if role in ("ward", "district")), default=-1)
    if said.guessed_ward:  # «P. Văn Hân» is Phan Văn Hân, and no ward with a slip of the hand
        whole = [i for i, role in enumerate(said.role) if role in ("", "ward")]
        options.append((whole, "", said.district, costs.MISTYPED_WARD))
    if base and said.phrase_at(base[0], TITLES) and last > base[0]:  # «Công an Phường 19»: the unit is of the name
        whole = [i for i, role in enumerate(said.role) if i >= base[0] and role in ("", "ward", "district")]
        options.append((whole, "", "", costs.UNIT_OF_NAME))
    if base and base[0] < last < base[-1] and not said.words[last + 1].after_comma:
        options.append(([i for i in base if i < last], said.ward, said.district, costs.LEFT_OUT))
    for option in _off_end(said, options[0]):
        options += [option, *_off_end(said, option)]
    if not said.ward or not said.district:
        options += _off_start(said, base)
    if any(cost == 0.0 for *_, cost in options[1:]):  # plainly said between commas: less likely to be of the name
        options = [*options[1:], (*options[0][:3], costs.UNSAID_UNIT)]
    return options[:MAX_UNITS]


def _off_end(said: Said, option: Units) -> Iterator[Units]:
    base, ward, district, cost = option
    for length in range(min(4, len(base)), 0, -1):
        tail = base[-length:]
        if tail != list(range(tail[0], tail[0] + length)) or any(said.words[j].after_comma for j in tail[1:]):
            continue
        text = said.plain(tail)
        if len(text) < 5 or (len(base) == length and not ward and not district):
            continue
        apart = cost if said.words[tail[0]].after_comma else cost + costs.UNSAID_UNIT
        key = "" if district else said.units.district(text)
        if key and not key.isdigit():
            yield base[:-length], ward, key, apart + (0.0 if key == text else costs.MISTYPED_DISTRICT)
        name = "" if ward else said.units.ward_name(text)
        if name:
            wrong = 0.0 if name == text else costs.MISTYPED_WARD
            yield base[:-length], name, district, apart + wrong + (0.0 if district else 0.5)


def _off_start(said: Said, base: list[int]) -> Iterator[Units]:
    stop = next((n for n, i in enumerate(base) if n and said.words[i].after_comma), 0)
    for length in (stop,) if stop else range(min(4, len(base) - 1), 1, -1):
        text = said.plain(base[:length])
        key, name = said.units.district(text), said.units.ward_name(text)
        if length > 4 or (not stop and text not in (key, name)):
            continue
        cost = 0.0 if stop else costs.UNSAID_BEFORE
        if not said.district and key and not key.isdigit():
            yield base[length:], said.ward, key, cost
        if not said.ward and name and not name.isdigit():
            yield base[length:], name, said.district, cost + 0.5
