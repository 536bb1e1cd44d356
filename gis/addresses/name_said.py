"""Which words of an address are its name, or the two names of a crossing, in the ways in which they may be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gis.addresses import reading as costs
from gis.addresses.phrases import ARMS, ASIDES, BETWEEN, HOUSE_WORDS, LEADS, WEAK_LEADS
from gis.addresses.said import Said

MAX_SPLITS = 5
_GRAVE = "\u0300"

Names = tuple[tuple[tuple[int, ...], ...], bool, float]
"""One name or two, whether they cross, what it costs."""


def names_said(said: Said, rest: list[int]) -> Iterator[Names]:
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
    road = next((n for n in range(1, len(plain) - 1) if _is_road(said, plain, n)), 0)
    if road:  # speech that nobody knows, then «đường …»
        yield (plain[road:],), False, costs.CUT_OPEN
    for n in _asides(said, plain):
        yield (plain[:n],), False, costs.ASIDE
    starts = [n for n, i in enumerate(name) if n and (words[i].after_comma or _after_number(said, name, n))]
    for a, b in zip((0, *starts), (*starts, len(name)), strict=True) if starts else ():
        piece = tuple(i for i in _trimmed(said, name[a:b]) if not words[i].joint)
        numbered = bool(piece) and piece[0] > 0 and words[piece[0] - 1].is_number
        if piece:
            yield (piece,), False, (costs.ASIDE if numbered and a else costs.ONE_SEGMENT) + a * 0.1


def _after_number(said: Said, name: Sequence[int], n: int) -> bool:
    """A part that began with the house number, which is not among these words."""
    before = name[n] - 1
    return before > name[n - 1] and said.words[before].is_number and said.words[before].after_comma


def _is_road(said: Said, plain: Sequence[int], n: int) -> bool:
    """«đường» before a street's name: not the Dương of one, nor behind its house number, which would be lost."""
    word = said.words[plain[n]]
    own = _GRAVE in word.marks or not said.has_marks
    road = word.plain == "duong" or said.nearly(plain[n], "duong")
    return road and own and plain[n - 1] == plain[n] - 1 and not said.words[plain[n - 1]].is_number


def _asides(said: Said, plain: Sequence[int]) -> Iterator[int]:
    """Where «gần …», «đối diện …» begins within a name: what stands before it is the address itself."""
    for n in range(1, len(plain) - 1):
        if said.phrase_at(plain[n], ASIDES) and not said.is_syllable(plain[n], said.phrase_at(plain[n], ASIDES)):
            yield n
            return


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
    while lead and len(inner) > 1 and (words[inner[0]].plain == "duong" or words[inner[0]].joint):
        inner = inner[1:]
    weak = bool(lead) and words[name[0]].plain in WEAK_LEADS
    splits = 0
    for n in range(1, len(inner) - 1):
        length = _between(said, inner, n)
        one, other = _trimmed(said, inner[:n]), _trimmed(said, inner[n + length :])
        if length and one and other and splits < MAX_SPLITS:
            splits += 1
            sure = (lead and not weak) or words[inner[n]].joint or length > 1
            yield (tuple(one), tuple(other)), True, 0.0 if sure else costs.ONE_WORD_BETWEEN
    if lead and not weak and not splits:
        for n in range(1, len(inner)):
            uneven = abs(2 * n - len(inner)) * 0.05
            yield (tuple(inner[:n]), tuple(inner[n:])), True, costs.UNSAID_CROSSING + uneven


def _lead(said: Said, name: list[int]) -> int:
    """How many words say that a crossing follows."""
    plain = [said.words[i].plain for i in name]
    if len(name) > 2 and plain[0] == "nga" and plain[1] in ARMS:
        return 2
    for lead in LEADS:
        words = lead.split()
        if len(name) > len(words) + 1 and plain[: len(words)] == words:
            return len(words)
    return 0


def _between(said: Said, inner: list[int], n: int) -> int:
    """How many words stand between two streets here."""
    words = said.words
    if words[inner[n]].joint:
        return 1
    if words[inner[n]].plain != "giao" and sorted(words[inner[n]].plain) == sorted("giao"):  # gioa; the Gia of a name
        return 1  # is not meant
    if words[inner[n]].plain == "nga" and n + 2 < len(inner) and words[inner[n + 1]].plain in ARMS:
        return 2
    for phrase in BETWEEN:
        if n + len(phrase) < len(inner) and said.plain(inner[n : n + len(phrase)]) == " ".join(phrase):
            return len(phrase)
    return 0
