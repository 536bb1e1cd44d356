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
from gis.addresses.joined import joined_numbers
from gis.addresses.numbers import number_key
from gis.addresses.phrases import ALLEYS, ALLEYS_IN_NAMES, ARMS, BETWEEN, HOUSE_WORDS
from gis.addresses.reading import Reading
from gis.addresses.said import Said
from gis.addresses.tokens import Word

MAX_READINGS = 14
MAX_SPLITS = 5
MAX_UNITS = 6
MAX_NUMBERS = 3

Number = tuple[str, bool, frozenset[int], float]
"""Key, whether it is an alley's, the words that say it, what it costs."""

Names = tuple[tuple[tuple[int, ...], ...], bool, float]
"""One name or two, whether they cross, what it costs."""

NOBODY: Number = ("", False, frozenset(), 0.0)


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
        for house, alley, number_words, number_cost in _numbers(said, left):
            rest = [i for i in left if i not in number_words]
            for names, crossing, name_cost in _names(said, rest):
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
    for i in said.free():
        if i in named:
            out[i] = "name"
        elif i in numbers:
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


# --- house and alley numbers ------------------------------------------------------------------------------------------


def _numbers(said: Said, left: list[int]) -> Iterator[Number]:
    """The number of the house or alley; the ways in which it might be none come after."""
    alley = _alley(said, left)
    if alley is not None:
        yield alley
        if len(alley[2]) == len(left):
            yield NOBODY  # an alley that is a name by itself
        return
    found = False
    words = said.words
    numbers = [i for i in left if words[i].is_number and number_key(words[i].plain)]
    for n, i in enumerate(numbers[:MAX_NUMBERS]):
        place = left.index(i)
        if _names_a_street(said, i, left):
            continue
        led = said.before(i) in HOUSE_WORDS and i - 1 in left
        if place == 0 or words[i].after_comma or led:
            cost = 0.0
        elif place == len(left) - 1 or words[left[place + 1]].after_comma:
            cost = 0.5 + n
        elif place + 2 < len(left) and not words[i - 1].joint:  # a building, then its number and street
            yield number_key(words[i].plain), False, frozenset(left[: place + 1]), costs.ONE_SEGMENT
            continue
        else:
            continue
        yield number_key(words[i].plain), False, frozenset({i, i - 1} if led else {i}), cost
        found = True
    yield (*NOBODY[:3], costs.NAMELESS_NUMBER if found else 0.0)


def _names_a_street(said: Said, i: int, left: list[int]) -> bool:
    """«đường số 26», «đường 49B», «đường 3/2»: this number is the name."""
    before = [said.words[j].plain for j in range(max(0, i - 2), i)]
    named = before[-1:] == ["duong"] or before == ["duong", "so"]
    place = left.index(i) + 1
    more = place < len(left) and not said.words[left[place]].after_comma and not said.words[left[place]].joint
    return named and not (more and "/" in said.words[i].plain)


def _alley(said: Said, left: list[int]) -> Number | None:
    """«hẻm 220/9», «43 hẻm 220/9», «số 5 ngách 3 ngõ 12»: one path from the street inwards."""
    paths: list[str] = []
    used: set[int] = set()
    for i in left:
        word = said.words[i]
        if word.plain not in ALLEYS or i + 1 not in left or not said.words[i + 1].is_number:
            continue
        key = number_key(said.words[i + 1].plain)
        if key and not (word.plain in ALLEYS_IN_NAMES and _inside_a_name(said, i, left)):
            paths.append(key)
            used |= {i, i + 1}
    if not paths:
        return None
    if said.words[min(used)].plain == "ngach":
        paths.reverse()  # said from the inside out
    path = "/".join(paths)
    before = [i for i in left if i < min(used) and number_key(said.words[i].plain)]
    if not before:
        return path, True, frozenset(used), 0.0
    house = number_key(said.words[before[-1]].plain)
    used.add(before[-1])
    if said.before(before[-1]) in HOUSE_WORDS and before[-1] - 1 in left:
        used.add(before[-1] - 1)
    return (house if house.startswith(path + "/") else f"{path}/{house}"), False, frozenset(used), 0.0


def _inside_a_name(said: Said, i: int, left: list[int]) -> bool:
    if i - 1 not in left or said.words[i].after_comma:
        return False
    return not said.words[i - 1].is_number and not said.words[i - 1].joint


# --- names ------------------------------------------------------------------------------------------------------------


def _names(said: Said, rest: list[int]) -> Iterator[Names]:
    """The name, or the two of a crossing."""
    words, name = said.words, _trimmed(said, rest)
    if not name:
        yield (), False, 0.0
        return
    crossings = list(_crossings(said, name))
    yield from crossings
    plain = tuple(i for i in name if not words[i].joint)
    if plain:
        yield (plain,), False, costs.WHOLE_NAME if crossings else 0.0
    if len(plain) > 1 and said.nearly(plain[0], "duong"):
        yield (plain[1:],), False, costs.MISTYPED_WORD
    starts = [n for n, i in enumerate(name) if n and words[i].after_comma]
    for a, b in zip((0, *starts), (*starts, len(name)), strict=True) if starts else ():
        piece = tuple(i for i in _trimmed(said, name[a:b]) if not words[i].joint)
        if piece:
            yield (piece,), False, costs.ONE_SEGMENT + a * 0.1


def _trimmed(said: Said, rest: Sequence[int]) -> list[int]:
    """Without signs at the edges, and without «số» or «nhà» before «đường»."""
    out = list(rest)
    while out and said.words[out[0]].joint:
        out = out[1:]
    while out and said.words[out[-1]].joint:
        out = out[:-1]
    while len(out) > 1 and said.words[out[0]].plain in HOUSE_WORDS and said.words[out[1]].plain == "duong":
        out = out[1:]
    return out


def _crossings(said: Said, name: list[int]) -> Iterator[Names]:
    """«ngã tư X - Y», «X giao Y», «góc X và Y», and «ngã tư X Y», where every place to part them is tried."""
    words = said.words
    lead = _lead(said, name)
    inner = name[lead:]
    if lead and len(inner) > 1 and words[inner[0]].plain == "duong":
        inner = inner[1:]
    splits = 0
    for n in range(1, len(inner) - 1):
        length = _between(said, inner, n)
        one, other = _trimmed(said, inner[:n]), _trimmed(said, inner[n + length :])
        if length and one and other and splits < MAX_SPLITS:
            splits += 1
            sure = lead or words[inner[n]].joint or length > 1
            yield (tuple(one), tuple(other)), True, 0.0 if sure else costs.ONE_WORD_BETWEEN
    if lead and not splits:
        for n in range(1, len(inner)):
            uneven = abs(2 * n - len(inner)) * 0.05
            yield (tuple(inner[:n]), tuple(inner[n:])), True, costs.UNSAID_CROSSING + uneven


def _lead(said: Said, name: list[int]) -> int:
    """How many words say that a crossing follows."""
    first, *others = [said.words[i].plain for i in name[:2]]
    if len(name) > 2 and others and ((first == "nga" and others[0] in ARMS) or (first, others[0]) == ("giao", "lo")):
        return 2
    return 1 if len(name) > 2 and first in ("goc", "ngatu", "ngaba") else 0


def _between(said: Said, inner: list[int], n: int) -> int:
    """How many words stand between two streets here."""
    words = said.words
    if words[inner[n]].joint:
        return 1
    if words[inner[n]].plain == "nga" and n + 2 < len(inner) and words[inner[n + 1]].plain in ARMS:
        return 2
    for phrase in BETWEEN:
        if n + len(phrase) < len(inner) and said.plain(inner[n : n + len(phrase)]) == " ".join(phrase):
            return len(phrase)
    return 0
