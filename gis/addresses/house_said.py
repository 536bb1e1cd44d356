"""Which words of an address say the house or alley number, in the ways in which they may be taken."""

from __future__ import annotations

from collections.abc import Iterator

from gis.addresses import reading as costs
from gis.addresses.numbers import number_key
from gis.addresses.phrases import ALLEY_FILLERS, ALLEYS, ALLEYS_IN_NAMES, HOUSE_WORDS
from gis.addresses.said import Said

MAX_NUMBERS = 3

Number = tuple[str, bool, frozenset[int], float]
"""Key, whether it is an alley's, the words that say it, what it costs."""

NOBODY: Number = ("", False, frozenset(), 0.0)


def numbers_said(said: Said, left: list[int]) -> Iterator[Number]:
    """The number of the house or alley; the ways in which it might be none come after."""
    alley = _alley(said, left)
    if alley is not None:
        yield alley
        if left[0] < min(alley[2]) and left[-1] > max(alley[2]):  # speech that nobody knows, then the alley
            yield (*alley[:2], alley[2] | {i for i in left if i < min(alley[2])}, costs.CUT_OPEN)
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
            road = words[left[place + 1]].plain == "duong"
            cost = costs.CUT_OPEN if road else costs.ONE_SEGMENT
            yield number_key(words[i].plain), False, frozenset(left[: place + 1]), cost
            continue
        else:
            continue
        yield number_key(words[i].plain), False, frozenset({i, i - 1} if led else {i}), cost
        if led and place > 1 and place + 1 < len(left) and not words[i].after_comma:
            yield number_key(words[i].plain), False, frozenset(left[: place + 1]), costs.CUT_OPEN
        found = True
    yield (*NOBODY[:3], costs.NAMELESS_NUMBER if found else 0.0)


def _names_a_street(said: Said, i: int, left: list[int]) -> bool:
    """«đường số 26», «đường 49B», «đường 3/2»: this number is the name."""
    before = [said.words[j].plain for j in range(max(0, i - 2), i) if j in left]
    named = before[-1:] == ["duong"] or before == ["duong", "so"]
    place = left.index(i) + 1
    more = place < len(left) and not said.words[left[place]].after_comma and not said.words[left[place]].joint
    return named and not (more and "/" in said.words[i].plain)


def _alley(said: Said, left: list[int]) -> Number | None:
    """«hẻm 220/9», «43 hẻm 220/9», «hẻm 220/9 nhà số 43», «số 5 ngách 3 ngõ 12»: one path from the street inwards."""
    paths: list[str] = []
    used: set[int] = set()
    for i in left:
        if said.words[i].plain not in ALLEYS or i in used:
            continue
        at = i + 1
        while at in left and said.words[at].plain in ALLEY_FILLERS:
            at += 1
        key = number_key(said.words[at].plain) if at in left else ""
        if key and not (said.words[i].plain in ALLEYS_IN_NAMES and _inside_a_name(said, i, left)):
            paths.append(key)
            used |= set(range(i, at + 1))
    if not paths:
        return None
    if said.words[min(used)].plain == "ngach":
        paths.reverse()  # said from the inside out
    path = "/".join(paths)
    house = _before_alley(said, left, min(used)) or _after_alley(said, left, max(used))
    if not house:
        return path, True, frozenset(used), 0.0
    used |= house
    number = next(key for i in sorted(house) if (key := number_key(said.words[i].plain)))
    return (number if number.startswith(path + "/") else f"{path}/{number}"), False, frozenset(used), 0.0


def _before_alley(said: Said, left: list[int], alley: int) -> set[int]:
    """The words of the house number that was said before its alley."""
    before = [i for i in left if i < alley and number_key(said.words[i].plain) and said.before(i) != "thang"]
    if not before:
        return set()
    led = said.before(before[-1]) in HOUSE_WORDS and before[-1] - 1 in left
    return {before[-1], before[-1] - 1} if led else {before[-1]}


def _after_alley(said: Said, left: list[int], alley: int) -> set[int]:
    """Likewise after it, where a word for house leads to it: «hẻm 220 đường X nhà số 43»."""
    for i in left:
        if i <= alley or not number_key(said.words[i].plain) or said.before(i) not in HOUSE_WORDS:
            continue
        if i - 2 in left and said.words[i - 2].plain == "duong":  # «đường số 26» is a street
            continue
        return {j for j in (i, i - 1, i - 2) if j == i or (j in left and said.words[j].plain in HOUSE_WORDS)}
    return set()


def _inside_a_name(said: Said, i: int, left: list[int]) -> bool:
    if i - 1 not in left or said.words[i].after_comma:
        return False
    return not said.words[i - 1].is_number and not said.words[i - 1].joint
